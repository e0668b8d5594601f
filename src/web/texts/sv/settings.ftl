### Inställningarnas texter.
## Det regionen bestämmer
mandatory-title = Obligatoriska risker
mandatory-none = Inga obligatoriska risker är beslutade för året.
mandatory-kind = Typ
mandatory-withdrawn = Återkallad
mandatory-issue = Besluta om en obligatorisk risk
mandatory-issue-about = Den läggs genast in i varje nämnds och bolags plan för året. Planer som är överlämnade för beslut återgår till utkast.
mandatory-continues = Fortsätter förra årets
mandatory-continues-hint = Då följer nämndernas risker med när planerna förs över.
mandatory-change = Ändra lydelsen
mandatory-withdraw = Återkalla
mandatory-withdraw-about = Risken är inte längre obligatorisk. I utkasten står den kvar som en vanlig risk, att bedöma, välja bort eller ta bort. Fastställda planer ändras inte.
coverage-title = Täckning hos nämnder och bolag
coverage-present = Finns i planen
coverage-assessed = Bedömd
coverage-controlled = Har kontroll
deadline-of = Sista dag att rapportera, { $period }
deadline-save = Spara dagarna för { $period }
deadlines-title = { $Region-of } sista dag att rapportera
deadline-asked-from = Efterfrågas från
deadline-asked-from-hint = Från den dagen påminns de som ska rapportera. Tomt betyder fjorton dagar före periodens sista dag.
deadline-asked-from-day = efterfrågas från { $date }
policies-title = Skalor
policy-threshold = En risk är med i planen när riskvärdet är högre än { $threshold }.
policy-levels = Vad nivåerna kräver

## Skalorna
policy-as-it-is = Skalan
policy-versions = Versioner
policy-versions-about = En version ändras aldrig. En plan följer den version som gällde när planen skapades, om inte samordnaren byter i utkastet.
policy-version-link = Version { $number }
policy-rename = Byt namn på skalan
policy-new = Ändra skalan
policy-new-from = Skapa en ny version från den här
policy-new-about = Ändringen sparas som en ny version, sedan du har sett vad den skulle påverka.
policy-try = Pröva en ändring
policy-try-from = Pröva en ändring från den här versionen
policy-try-about = Se vad en annan skala skulle påverka i planerna som du ser. Skalan ändras inte.
policy-from = Utgår från { $name }, version { $number }.
policy-newest-about = Det här är den senaste versionen. Nya planer följer den, utom hos en nämnd eller ett bolag med egen skala.
policy-newest-own = Det här är den senaste versionen. Nya planer följer den.
policy-followed = Planer som följer versionen
policy-followed-none = Ingen öppen plan som du ser följer versionen.
policy-tried = Inget är sparat än. Här står vad ändringen skulle påverka.
policy-reshaped = Formuläret har fått de rader du valde. Inget är sparat än.
policy-levels-form = Nivåer
policy-would-be = Så skulle skalan se ut
policy-go-on = Ändra mer
policy-save-title = Spara som ny version
policy-save-about = Det som prövades sparas. Nya planer följer den nya versionen. Ett utkast byter först när samordnaren väljer det, och en fastställd plan behåller sin skala.
policy-save-about-other = Det som prövades sparas. Organisationen har en annan skala som nya planer följer, så den här versionen används av de utkast där samordnaren väljer den.
policy-save = Spara ny version
policy-own = Spara som en egen skala
policy-own-about = För den som inte ska följa skalan ovan. Nya planer hos { $the-body } följer dess egen skala.
policy-own-of = För
policy-own-name = Skalans namn
policy-own-save = Spara egen skala
policy-limit = Gräns för att stå i planen
policy-limit-hint = En risk är med när riskvärdet är högre än det här talet.
policy-down-name = Namn på sannolikheten
policy-across-name = Namn på konsekvensen
policy-axis-hint = Det som er skala kallar den, till exempel väsentlighet. Tomt betyder det vanliga namnet. Namnet står överallt där skalan visas, också i dokumenten.
policy-cells = Riskvärde och nivå
policy-cells-about = En ruta för varje { $down-in } och { $across-in }: överst riskvärdet, under det nivån.
policy-show-moves = Visa vad ändringen påverkar
policy-shape = Fler eller färre steg och nivåer
policy-shape-about = Formuläret visas igen med så många rader. Det du har skrivit i de rader som blir kvar står kvar.
policy-shape-likelihoods = Antal steg av { $down-in }
policy-shape-consequences = Antal steg av { $across-in }
policy-shape-levels = Nivåer som skalan har
policy-shape-send = Visa formuläret så
level-label = Nivåns namn
level-colour = Färg
level-demand = Vad nivån kräver
level-action = Åtgärd krävs
level-action-hint = Annars ska planen motivera varför ingen åtgärd finns.
level-justification = Motivering krävs om risken accepteras
level-justification-hint = Gäller en risk utan kontroller och åtgärder, eller en som bara accepteras.
level-monitored = Risken ska bevakas
level-monitored-hint = Av en kontroll, eller av en bedömning som bekräftats under året.
step-label = Stegets namn
step-description = När det ska väljas
colour-light-green = Ljusgrön
colour-green = Grön
colour-yellow = Gul
colour-orange = Orange
colour-red = Röd
row-likelihood = { $down } { $n }
row-consequence = { $across } { $n }
row-cell = { $down } { $n }, { $across-in } { $m }
row-level = Nivå { $n }

## Vad en skala flyttar
moves-title = Vad ändringen påverkar
moves-others = Vad versionen skulle påverka i andra planer
moves-of = Risker som påverkas i { $plan }
moves-no-plans = Ingen annan öppen plan som du ser följer skalan.
moves-no-risks = inga risker.
moves-truncated = Alla planer eller risker får inte plats här. De nyaste åren visas.
policy-remarks = Det här är tillåtet. Kontrollera att det är meningen:
moves-keeps = Planen behåller sin skala. Så skulle nästa års plan börja.
moves-still = Inget påverkas i:
moves-anew = Ska bedömas på nytt
moves-score-before = Riskvärde nu
moves-score-after = Riskvärde efter
moves-level-before = Nivå nu
moves-level-after = Nivå efter
moves-in-before = I planen nu
moves-in-after = I planen efter
follow-summary = Låt planen följa den här versionen
follow-about = Riskernas värden, nivåer och nummer räknas om enligt listan. Bedömningar som inte får plats i skalan ska göras på nytt.
follow-send = Byt version i planen

## Organisationen
organisations-title = Organisationer
organisations-lead = { $Region } med sina nämnder och bolag, och deras delar. Den som har en roll i en organisation har den också i allt som ligger under.
organisations-with-ended = Visa också organisationer som har upphört
organisations-without-ended = Visa bara organisationer som finns i dag
organisation-kind = Typ av organisation
organisation-abbreviation = Förkortning
organisation-from = Första dagen
organisation-to = Sista dagen
organisation-ended = upphörd
organisation-plans = Ska ha en plan varje år
organisation-plans-hint = Gäller bara nämnder och bolag.
organisation-auditors = Vad revisorerna kallas
organisation-auditors-hint = Till exempel stadsrevisionen. Tomt betyder det vanliga namnet.
organisation-root-hint = Av den följer vad allt heter: huvudmannen själv, ledningskontoret och revisorerna.
organisation-plans-short = ska ha egen plan
organisation-under = Ligger under
organisation-successor = Går upp i
organisation-successor-hint = Om uppgifterna går över till en annan organisation.
organisation-below = Underliggande organisationer
organisation-below-none = Inga organisationer ligger under den här.
organisation-changes = Ändra organisationen
organisation-change = Byt namn eller andra uppgifter
organisation-new = Ny organisation
organisation-new-below = Ny organisation under den här
organisation-add = Lägg till organisationen
organisation-move = Flytta organisationen
organisation-move-about = Allt som ligger under följer med. De som har roller på det nya stället får dem också här, och de som har roller på det gamla förlorar dem här.
organisation-move-send = Flytta
organisation-end = Avsluta organisationen
organisation-end-about = Organisationen tas inte bort: planer och historik finns kvar.
organisation-open = Innan den upphör finns det här att ta hand om:
organisation-open-plan = Planen för { $year } är inte avslutad
organisation-open-none = Inget är öppet hos organisationen.
done-createOrganisation = Organisationen är tillagd.
done-changeOrganisation = Organisationen är ändrad.

## Användare och roller
users-title = Användare och roller
users-search = Sök i namn och e-postadress
user-new = Ny användare
user-change = Ändra uppgifterna
user-active = Aktiv
user-active-hint = Den som inte är aktiv kan inte logga in, och loggas ut genast.
user-language = Språk
user-subject = Id hos organisationens inloggning
user-subject-hint = Fylls i om personen loggar in med organisationens gemensamma inloggning.
user-password = Ge ett nytt engångslösenord
user-password-about = Det nuvarande lösenordet slutar gälla. Engångslösenordet visas en gång, här. Det gäller i tre dagar, och bara för att välja ett eget lösenord.
user-password-made = Engångslösenordet är { $told } – det visas bara nu.
roles-none = Inga roller.
role = Roll
role-from = Gäller vid och under
role-drafts = Läsaren ser också utkast
role-give = Ge en roll
role-back = Återkalla rollen { $role }, { $at }
user-new-about = Den nya användaren får sina roller på en gång. En roll gäller för organisationen och allt under den. Rader som lämnas tomma räknas inte.
user-new-roles = Roller
user-new-send = Lägg till användaren
user-role-row = Roll { $n }
user-role-reads = Vad en läsare ser
user-role-reads-decided = Det som är fastställt
user-role-reads-drafts = Utkast också
user-invite = Skicka en inbjudan
user-invite-hint = Personen får ett brev om vem som har bjudit in, till vilka roller, och med en länk för att välja ett lösenord. Länken fungerar en gång, i tre dagar. Den som loggar in med organisationens inloggning får en länk dit.
user-invite-off = Registret skickar ingen e-post. När användaren är tillagd ger du ett engångslösenord på personens sida.
hand-over = Lämna över allt till en annan
hand-over-about = Risker, kontroller, åtgärder och öppna rekommendationer byter ägare.
hand-over-to = Till

## Mål och texter
goals-title = Mål
goals-lead = { $Region-of } mål, och nämndernas och bolagens egna under dem. Risker i årets planer ställs mot dem.
goal-new = Nytt mål
goal-owner = Organisation
goal-owner-hint = Vars mål det är.
goal-number-hint = Som det står i budgeten, till exempel 3.3.1.
goal-above = Överordnat mål
goal-continues = Fortsätter förra årets
goal-continues-hint = Då följer riskerna med till målet när planer förs över.
goal-change = Ändra målet
goal-delete = Ta bort målet
goal-delete-about = Bara ett mål som inget hänger på kan tas bort.
texts-title = Standardtexter
texts-lead = Den rättsliga grunden, riktlinjen och andra texter som står i varje plan. En text gäller från sitt år till dess att ett senare år har en ny. Den som har en egen dag, som en lag, väljs efter dagen för { $board-of } beslut.
texts-check = De lagtexter som följer med registret är skrivna med egna ord, före och från den 1 juli 2025 (prop. 2024/25:80). Kontrollera dem mot lagen:
texts-check-law = kommunallagen (2017:725) hos riksdagen
text-new = Ny text
text-owner-hint = { $Region-of } text står i allas planer, om { $the-body } inte har en egen.
text-from-year = Gäller från året
text-from-year-hint = Första planåret den står i.
text-from-day = Gäller från dagen
text-from-day-hint = Lämnas tom för en text som gäller hela planår. Dagen ska ligga i textens år.
text-key = Nyckel
text-kind-ground = Rättslig grund för nämnder
text-kind-ground-company = Rättslig grund för bolag
text-kind-guideline = Riktlinjen
text-key-hint = Vilken text det är: legalGround för rättslig grund, legalGroundCompany för bolag, guideline för riktlinjen, eller ett eget ord av bokstäverna a–z och siffror, utan mellanslag.
text-change-about = Planer som redan är fastställda behåller de ord som beslutades.
text-delete = Ta bort texten
text-delete-about = Planer som redan är fastställda behåller den.

## Det som just gjorts
done-createGoal = Målet är tillagt.
done-deleteGoal = Målet är borttaget.
done-createStandingText = Texten är tillagd.
done-deleteStandingText = Texten är borttagen.
done-createUser = Användaren är tillagd. Den som inte har bjudits in behöver ett engångslösenord för att logga in.
done-grantRole = Rollen är given.
done-revokeRole = Rollen är återkallad.
user-sign-out = Logga ut överallt
user-sign-out-about = Avslutar personens alla inloggningar genast, till exempel när en dator är borta. Personen kan logga in igen; den som inte får det avaktiveras i stället.
done-endUserSessions = Personen är utloggad överallt.
done-handOver = Allt är överlämnat.
done-issueMandatoryRisk = Den obligatoriska risken är beslutad.
done-withdrawMandatoryRisk = Risken är återkallad.
done-createPolicyVersion = Den nya versionen är sparad.
done-createScoringPolicy = Skalan är sparad.
done-changeScoringPolicy = Namnet är bytt.

## Antal
users-count = { $count ->
    [one] En användare
   *[other] { $count } användare
}
moves-plans = { $count ->
    [one] I en plan:
   *[other] I { $count } planer:
}
moves-entered = { $count ->
    [one] en risk kommer med i planen
   *[other] { $count } risker kommer med i planen
}
moves-left = { $count ->
    [one] en risk lämnar planen
   *[other] { $count } risker lämnar planen
}
moves-moved = { $count ->
    [one] en risk får annat riskvärde, annan nivå eller annat skäl
   *[other] { $count } risker får annat riskvärde, annan nivå eller annat skäl
}
moves-unfit = { $count ->
    [one] en risk ska bedömas på nytt
   *[other] { $count } risker ska bedömas på nytt
}
moves-unchanged = { $count ->
    [one] en risk blir som den är
   *[other] { $count } risker blir som de är
}
goals-count = { $count ->
    [one] Ett mål
   *[other] { $count } mål
}
texts-count = { $count ->
    [one] En text
   *[other] { $count } texter
}
mandatory-needs-goal = En obligatorisk risk hör till ett av { $region-of } mål, och året har inga mål än.
role-with-drafts = ser också utkast
user-answers-for = Ansvar
user-answers-none = Personen ansvarar inte för något i planer som går att ändra.
user-answers-leave = Lämna över ansvaret innan kontot stängs av: uppgifterna följer personen.
told-handed-risks = { $count ->
    [0] inga risker
    [one] en risk
   *[other] { $count } risker
 }
told-handed-controls = { $count ->
    [0] inga kontroller
    [one] en kontroll
   *[other] { $count } kontroller
 }
told-handed-actions = { $count ->
    [0] inga åtgärder
    [one] en åtgärd
   *[other] { $count } åtgärder
 }
told-handed-recommendations = { $count ->
    [0] inga rekommendationer
    [one] en rekommendation
   *[other] { $count } rekommendationer
 }
told-handed = Överlämnat: { $told }.
organisation-open-parts = { $count ->
    [one] En organisation under den finns kvar
   *[other] { $count } organisationer under den finns kvar
}
organisation-open-deficiencies = { $count ->
    [one] En brist är öppen
   *[other] { $count } brister är öppna
}
organisation-open-recommendations = { $count ->
    [one] En rekommendation är öppen
   *[other] { $count } rekommendationer är öppna
}
organisation-open-roles = { $count ->
    [one] En roll gäller där, för en person som är aktiv
   *[other] { $count } roller gäller där, för personer som är aktiva
}
organisation-open-webhooks = { $count ->
    [one] En webhook berättar om den
   *[other] { $count } webhookar berättar om den
}

## Egna ord
wordings-title = Egna ord
wordings-lead = Vad planen, rapporterna, perioderna och annat heter här. Ord gäller från sitt år till dess att ett senare år har andra, och för dem under organisationen som saknar ett eget ord för samma sak.
wordings-count = { $count ->
    [0] Registrets ord gäller överallt
    [one] En organisation och ett år
   *[other] { $count } organisationer och år
}
wording-new = Nya egna ord
wording-new-about = Fler ord skrivs på nästa sida, där du ser hur de läses.
wording-owner-hint = { $Region-of } ord gäller där egna saknas.
wording-year-hint = Första planåret de gäller. Det som är förseglat behåller sina ord.
wording-plan = Planens namn
wording-plan-hint = Står före året, till exempel Internkontrollplan. Lämnas tomt för det vanliga.
wording-report = Rapportens namn
wording-report-hint = Står före perioden och året. Lämnas tomt för det vanliga.
wording-periods = Perioder
wording-responses = Hantering av risken
wording-categories = Egna kategorier
wording-categories-about = Varje egen kategori räknas som en av de fyra när { $region } summerar. Finns egna kategorier väljer man bland dem när en risk skrivs.
wording-category = Kategori { $number }
wording-category-as = Kategori { $number } räknas som
wording-counted-as = räknas som { $category }
wording-preview = Så läses orden
wording-preview-about = Med det som ärvs av organisationer ovanför.
wording-change = Ändra orden
wording-change-about = Lämna ett fält tomt för att säga som organisationen ovanför. Det som är förseglat behåller sina ord.
wording-delete = Ta bort orden
wording-delete-about = Då gäller de ord som gällde året före, eller de som organisationen ovanför har.
done-createWording = Orden är tillagda.
done-deleteWording = Orden är borttagna.
personal-data = Det som finns om mig
personal-data-about = Allt som registret håller om dig, i en fil som program kan läsa (JSON): konto, roller, inloggningar, brev, utkast, det som du äger, svarar för och har skrivit, och det som du har gjort. Lösenord och nycklar står inte där.
personal-data-get = Hämta filen om mig
personal-data-file = personuppgifter
personal-data-of-about = Allt som registret håller om personen, i en fil som program kan läsa (JSON), för den som begär ut sina uppgifter. Utkast, lösenord och nycklar står inte där, och inte innehållet i det som du inte själv ser.
personal-data-of-get = Hämta filen om personen
personal-data-of = Det som finns om personen
