### Sidornas texter på svenska. Nycklarna står i samma ordning i en.ftl.

## Runt varje sida
skip = Hoppa till innehållet
nav-label = Huvudmeny
nav-home = Översikt
nav-menu = Meny
nav-tasks = Mina uppgifter
nav-risks = Risker
nav-matrix = Riskmatris
nav-plans = Planer
nav-follow-up = Uppföljning
nav-deficiencies = Brister
nav-audit = Revision
nav-history = Historik
nav-settings = Inställningar
nav-help = Hjälp
nav-accessibility = Tillgänglighetsredogörelse
nav-api = API för andra system
sign-out = Logga ut
demo-note = Demonstration: bedömningar, ägare och kategorier är påhittade.
as-of-banner = Registret som det var { $time }. Här kan inget ändras.
as-of-banner-day = Registret som det stod när { $date } var slut. Här kan inget ändras.
as-of-before = Registret började föras { $date }. Den dag som du har valt ligger före det, så det finns inte något från den att visa.
as-of-today = Till registret i dag
as-of-ask = Visa registret som det stod den
as-of-ask-label = En annan dag
as-of-show = Visa dagen
as-of-not-there = Fanns inte den dagen
as-of-not-there-about = Det som du söker fanns inte i registret då, eller så har du inte behörighet att se det.
past-stays = Det som har varit kan inte ändras.

## Att logga in
sign-in = Logga in
sign-in-email = E-postadress
sign-in-password = Lösenord
sign-in-empty = Skriv både e-postadress och lösenord.
sign-in-ended = Din session har avslutats. Logga in igen, så finns det du skrev kvar.
sign-in-back = Du är inloggad igen. Det du skrev är inte sparat än: kontrollera det och skicka in det.
sign-in-emergency = Logga in med nödkontot
sign-in-emergency-about = Till för dagar då den vanliga inloggningen inte fungerar. Alla får veta att det användes.
emergency-used = Nödkontot användes för att logga in { $time }. Det är till för dagar då den vanliga inloggningen inte fungerar.
forgotten-elsewhere = Här har ingen något eget lösenord. Logga in via organisationen.
signed-out = Du är utloggad här
signed-out-about = Nu loggas du ut ur organisationens inloggning också, så att nästa person vid datorn inte kommer rakt in.
signed-out-go = Logga ut där också
sign-in-issuer = Logga in med organisationens inloggning
sign-in-issuer-beside = Loggar du in med organisationens inloggning? Gör det i ett nytt fönster, kom sedan tillbaka hit och fortsätt med det du skrev.
sign-in-issuer-window = Logga in i ett nytt fönster
sign-in-issuer-again = Fortsätt med det jag skrev
sign-in-issuer-away = Organisationens inloggning svarar inte just nu. Försök igen om en stund.
sign-in-issuer-broken = Inloggningen blev inte klar. Försök igen.
sign-in-about = Riskregister är { $region-of } register över risker i den interna kontrollen: hur de bedöms, kontrolleras och åtgärdas, planen som { $board } beslutar om, och hur det går under året.
sign-in-behind = Om registret
sign-in-operator = { $name } står bakom registret.
sign-in-ask = Kommer du inte in, eller undrar du något? Vänd dig till din samordnare för intern kontroll eller registrets administratör.
sign-in-ask-contact = Kommer du inte in, eller undrar du något? Vänd dig till
sign-in-help = Så används registret
forgotten = Glömt lösenordet?
forgotten-about = Skriv din e-postadress, så skickar vi ett brev med en länk. Med den väljer du ett nytt lösenord.
forgotten-send = Skicka länken
forgotten-empty = Skriv din e-postadress.
forgotten-sent = Se efter i din e-post
forgotten-asked = Om adressen hör till ett konto med lösenord kommer det strax ett brev dit. Länken i brevet fungerar en gång, i en timme.
forgotten-nothing-came = Kommer det inget brev? Se efter bland skräpposten och att adressen är den du loggar in med. Loggar du in med organisationens inloggning byter du lösenord där. Annars kan din samordnare för intern kontroll eller registrets administratör hjälpa dig.
forgotten-off = Det här registret skickar inga brev. Din samordnare för intern kontroll eller registrets administratör kan ge dig ett nytt lösenord.
forgotten-back = Till sidan där man loggar in
choose-password = Välj ett lösenord
choose-whose = Lösenordet gäller kontot med adressen { $email }.
choose-send = Välj lösenordet
choose-over = Länken gäller inte
choose-over-about = Länken har redan använts, är för gammal eller är inte hel. Lösenordet är detsamma som innan.
choose-anew = Be om en ny länk
done-completePasswordReset = Lösenordet är valt. Logga in med det.

## Formulär
form-title-faults = Fel:
form-faults = { $count ->
    [one] En uppgift behöver rättas
   *[other] { $count } uppgifter behöver rättas
}
form-stale = Någon annan har ändrat samma sak medan du skrev
form-stale-own = Du har redan ändrat samma sak sedan sidan öppnades, kanske i en annan flik
form-stale-since = Det här har ändrats sedan sidan öppnades
form-stale-about = Ditt förslag står kvar i fälten, och där det skiljer sig visas vad som är sparat nu. Välj vilket som ska gälla och spara igen.
form-saved-now = Sparat nu:
draft-here = I fälten står ett utkast som du skrev { $time } och inte har sparat. Bara du ser det.
draft-kept = Utkastet är bevarat { $clock }, men inte sparat ännu.
draft-discard = Kasta utkastet
earlier-adopted = Texten i version { $number } av planen
earlier-plan = Texten i planen för { $year }
earlier-period = Texten från { $period } { $year }
earlier-same = samma text som här.
earlier-start = Börja med den här texten
earlier-changed = Ändrat sedan dess
earlier-removed = borttaget:
earlier-added = tillagt:
earlier-end = slut
form-marked = Fält med * måste fyllas i.
form-gone = Det går inte längre att göra
form-old = Sidan hade legat för länge. Det du skrev finns kvar: kontrollera det och skicka in det igen.
choose-none = – välj –
choose-as-now = (oförändrat)
choose-nobody = – ingen –
assign-unchanged = – ändra inte –
choose-all = Alla
grant-role = Ge personen rollen i samma steg
grant-role-hint = Riskägare för en risk, utförare för en kontroll eller åtgärd. Rollen kan återkallas på personens sida.
empty-fill = Fyll i { $label }.
empty-choose = Välj { $label }.
empty-missing = Uppgiften saknas.
did-to = Visa eller ändra:
save = Spara
error-kept = Det du skrev
error-kept-about = Det kunde inte sparas. Kopiera det härifrån om du behöver det.
error-home = Till startsidan
error-back = Till det som det gällde

## Innan något låses eller förseglas
check-thing = Det gäller
check-who = Görs av
check-right = Kontrollera att allt stämmer.
check-undone = Kontrollera att allt stämmer. Det här går inte att ångra.
check-making = När du svarar ja skrivs dokumenten. Det tar några sekunder, och sidan står kvar medan det pågår. När det är klart visas vad som är gjort.
check-making-now = Dokumenten skrivs. Stäng inte sidan: den byts när det är klart.
check-change = Tillbaka, för att ändra
check-nothing-done = Inget är gjort än. Ändra det du vill och skicka igen.
check-propose = Kontrollera innan planen lämnas för beslut
check-propose-about = Planen låses som den står, och är det som { $board } beslutar om. Läs dokumentet: det är just det som lämnas.
check-propose-yes = Ja, lämna planen för beslut
check-adopt = Kontrollera innan planen fastställs
check-adopt-about = Planen förseglas med beslutet nedan. Dokumentet är det som { $board } fick, och får beslutet i stället för märket UTKAST.
check-adopt-yes = Ja, fastställ planen
check-finalize = Kontrollera innan rapporten blir slutlig
check-finalize-about = Rapporten låses som den står, och är det som { $board } beslutar om. Läs dokumentet: det är just det som lämnas.
check-finalize-yes = Ja, gör rapporten slutlig
check-decide = Kontrollera innan beslutet registreras
check-decide-about = Rapporten förseglas med beslutet nedan. Dokumentet är det som { $board } fick, och får beslutet i stället för märket UTKAST.
check-decide-yes = Ja, registrera beslutet
check-compile = Kontrollera innan den samlade rapporten blir slutlig
check-compile-about = Allas siffror förseglas som de står nu. Läs dokumentet: det är just det som blir slutligt.
check-compile-yes = Ja, gör den samlade rapporten slutlig

## Ord som återkommer
name = Namn
organisation = Organisation
risk = Risk
status = Status
effect = Effekt
comment = Kommentar
comment-hint = Krävs vid gul och röd status. Skriv inga personuppgifter.
completed-on = Slutförd den
completed-on-hint = Fylls i när åtgärden är slutförd. Då behöver den inte rapporteras mer.
late = Försenad

## Mina uppgifter
tasks-title = Mina uppgifter
tasks-none = Du har inga uppgifter just nu.
tasks-count = { $count ->
    [one] En uppgift väntar på dig.
   *[other] { $count } uppgifter väntar på dig.
}
tasks-late = { $count ->
    [one] En av dem är försenad.
   *[other] { $count } av dem är försenade.
}
tasks-by = senast { $date }
tasks-was-due = skulle vara klar { $date }
tasks-before = { $period }:
tasks-effect-and-end = Effekt och slutdatum
tasks-send = Rapportera
tasks-more-fields = Rapportera med underlag, sekretess eller mer
tasks-assess = Bedöm risken
tasks-open-action = Öppna åtgärden
action-late = Åtgärden skulle ha varit slutförd { $date }.
tasks-report-completed = Rapportera att den är klar
tasks-open-deficiency = Öppna bristen
tasks-open-recommendation = Öppna rekommendationen
tasks-go-complete = Komplettera planen
tasks-go-plan = Öppna planen
tasks-go-decision = Registrera beslutet
tasks-go-delivery = Registrera inlämningen
tasks-go-close = Öppna uppföljningen
tasks-go-report = Öppna rapporten
tasks-go-outcomes = Rapportera utfall
tasks-go-goals = Lägg in årets mål först
tasks-go = Gå till sidan
done-reportControl = Statusen är rapporterad.
done-reportAction = Statusen är rapporterad.

## Mitt konto
account-title = Mitt konto
account-roles = Roller
account-password = Byt lösenord
account-password-about = När lösenordet är bytt loggas du ut överallt och loggar in med det nya.
account-password-current = Nuvarande lösenord
account-password-new = Nytt lösenord
account-password-hint = Minst 12 tecken. Gärna en fras av flera ord.
account-password-send = Byt lösenord
account-sessions = Var du är inloggad
account-sessions-about = Känner du inte igen något här: avsluta det och byt lösenord.
account-session-unknown = Okänt program
account-session-since = inloggad { $time }
account-session-this = Det är här du är nu.
account-session-end = Avsluta { $device }, inloggad { $time }
done-endMySession = Inloggningen är avslutad.
account-everywhere = Logga ut överallt
account-everywhere-about = Avslutar alla dina sessioner, i alla webbläsare och program.
done-changePassword = Lösenordet är bytt. Logga in med det nya.

## Påminnelser och kalender
reminders-title = Påminnelser
reminders-weekly = Skicka mig ett mejl på måndagar när jag har något att göra
reminders-about = Gäller veckobrevet. Samordnarens påminnelser om en period skickas ändå.
calendar-title = Kalender
calendar-about = Få dina sista dagar i din vanliga kalender. Den som har adressen kan läsa dem, så dela den inte.
calendar-make = Skapa en ny kalenderadress
calendar-made = Adressen är { $told } – den visas bara nu. Lägg in den som prenumeration i din kalender.
calendar-revoke = Stäng av kalenderadressen
done-revokeMyCalendar = Kalenderadressen är avstängd.

## Läsanvisningens betydelser
guide-control-notPlanned = Kontrollen är inte planerad i perioden, eller planerad i en kommande period.
guide-control-performed = Kontrollen är genomförd utan avvikelser.
guide-control-performedWithDeviations = Kontrollen är genomförd och visar avvikelser. En kommentar förklarar vilka.
guide-control-notPerformed = Kontrollen skulle ha genomförts men är inte genomförd. En kommentar förklarar varför.
guide-action-notStarted = Arbetet med åtgärden har inte påbörjats.
guide-action-onPlan = Åtgärden genomförs eller är genomförd enligt plan.
guide-action-mostlyDone = Merparten är åtgärdat men delar kvarstår. En kommentar förklarar vilka.
guide-action-offPlan = Åtgärden genomförs inte enligt plan. En kommentar förklarar varför.
guide-effect-notAssessed = Effekten av åtgärden är ännu inte bedömd.
guide-effect-desired = Åtgärden bedöms ge önskad effekt.
guide-effect-uncertain = Det är osäkert om önskad effekt nås.
guide-effect-notDesired = Åtgärden bedöms inte få önskad effekt.

## Hjälp
help-lead = Riskregister håller { $board-of } { $plan-name }: risker, kontroller och åtgärder, och hur de går under året.
help-year = Så går ett år
help-year-plan = Samordnaren skapar årets plan, ny eller från förra årets. Riskägarna bedömer sina risker och beskriver kontroller och åtgärder.
help-year-decide = När inget saknas lämnas planen till { $board } för beslut. { $Board } fastställer den, och då förseglas just det som { $board } såg.
help-year-report = Tre gånger om året ({ $t1 }, { $interim }, { $annual }) rapporterar utförare och riskägare status för det som är aktuellt i perioden.
help-year-close = Samordnaren stänger perioden, skapar rapporten och registrerar { $board-of } beslut.
help-inclusion = Vilka risker som står i planen
help-inclusion-about = En risk står i planen när dess riskvärde är högre än gränsen i planens skala (8 om inget annat är bestämt), när { $region } har beslutat att den är obligatorisk, eller när { $board } har tagit med den genom beslut. Skälet visas vid varje risk.
help-scales = Skalorna
help-scales-about = Status visas alltid med ord, form och färg tillsammans. Gul och röd status ska förklaras med en kommentar.
help-scale-control = Kontrollens status
help-scale-action = Åtgärdens status
help-scale-effect = Åtgärdens effekt
help-meaning = Betydelse
help-roles = Rollerna
help-role-regionAdministrator = Sköter { $region-of } organisation, användare, skalor, obligatoriska risker och tidsgränser.
help-role-head = Ser allt i sin förvaltning eller sitt bolag, och får larm vid misstanke om brott.
help-role-controller = Tar fram planen och rapporterna, stänger perioder och registrerar { $board-of } beslut.
help-role-riskOwner = Bedömer sina risker och rapporterar deras kontroller och åtgärder.
help-role-performer = Rapporterar de kontroller och åtgärder som hon eller han utför.
help-role-reader = Läser det som är fastställt.
help-role-auditor = Läser allt, historiken också, och skriver rekommendationer och uttalanden.
help-own = Dina uppgifter steg för steg
help-jobs = Uppgifterna steg för steg
help-others = Andras uppgifter steg för steg
help-link = Hjälp: { $job }
help-here = Så gäller det för { $body } { $year }
help-choose = Visa för en annan organisation eller ett annat år
help-days = Periodernas dagar
help-covers = Omfattar
help-scale = Skalan
help-inclusion-besides = Den kan också stå i planen för att { $region } har beslutat att den är obligatorisk, eller för att { $board } har tagit med den genom beslut.
help-signed-in = När du har loggat in visas här också skalan, dagarna och reglerna för din organisation.
help-report-title = Rapportera status
help-report-lead = När en period går mot sitt slut berättar du hur det har gått med de kontroller och åtgärder som du ansvarar för.
help-report-1 = Öppna Mina uppgifter. Där står det du ska rapportera, med sista dag.
help-report-2 = Välj den status som stämmer. Vad varje status betyder står längre ner.
help-report-3 = För en åtgärd väljer du också effekt. Är åtgärden klar skriver du vilken dag den blev slutförd.
help-report-4 = Förklara gul och röd status med en kommentar. Skriv inga personuppgifter.
help-report-5 = Skicka in. Du kan rapportera igen tills perioden stängs. Det senaste räknas, och det tidigare finns kvar att läsa.
help-assess-title = Bedöma en risk
help-assess-lead = Bedömningen säger hur troligt det är att något händer, och hur illa det blir i så fall.
help-assess-1 = Öppna risken. Läs vad den gäller och vilka kontroller och åtgärder den har.
help-assess-2 = Välj ett steg på varje axel. Läs vad stegen betyder i skalan: de är till för att alla ska bedöma lika.
help-assess-3 = Skriv varför du bedömer så. Nästa år är det den texten man utgår från.
help-assess-4 = Riskvärdet visar om risken ska stå i planen.
help-assess-5 = Nivån visar vad som krävs, till exempel en åtgärd eller en motivering. Lägg till det som saknas på riskens sida.
help-plan-title = Göra årets plan
help-plan-lead = Planen växer fram under hösten och är färdig när den har det som krävs för ett beslut.
help-plan-1 = Skapa planen under Planer, ny eller från förra årets. Årets obligatoriska risker kommer med av sig själva.
help-plan-2 = Lägg till de risker som hör till era mål, och ge varje risk en ägare.
help-plan-3 = Be riskägarna bedöma sina risker och lägga in kontroller och åtgärder. Tilldela många på en gång under Vad som saknas.
help-plan-4 = Skriv planens texter. Förra årets är en bra början, men bekräfta dem var för sig.
help-plan-5 = Följ listan Vad som saknas. Varje rad leder dit där det läggs till.
help-plan-6 = Lämna planen för beslut när listan är tom. När { $board } har beslutat registrerar du beslutet, och då förseglas just det som { $board } såg.
help-follow-up-title = Följa upp och avge rapport
help-follow-up-lead = Tre gånger om året, { $t1 }, { $interim } och { $annual }, samlar du ihop hur det går och gör en rapport till { $board }.
help-follow-up-1 = Öppna Uppföljning och välj perioden. Där står vad som är rapporterat och vad som saknas.
help-follow-up-2 = Påminn dem som inte har rapporterat, eller rapportera åt dem. Det syns vem som har gjort det.
help-follow-up-3 = Se till att indikatorerna har utfall, och skriv er egen bedömning av den interna kontrollen.
help-follow-up-4 = Stäng perioden när det som ska rapporteras är rapporterat. Perioderna stängs i ordning.
help-follow-up-5 = Skapa rapporten, skriv dess texter och gör den slutlig. Då låses den som den står, och kan lämnas till { $board }.
help-follow-up-6 = Registrera { $board-of } beslut och lämna in rapporten till { $office }.
help-read-title = Läsa plan och rapport
help-read-lead = Som ledamot, eller i ledningen, läser du det som är fastställt och ser hur det går.
help-read-1 = Öppna Planer och välj årets plan. Dokumentet som { $board } beslutade om finns där i flera format.
help-read-2 = Se i Riskmatris var riskerna ligger. Välj en ruta för att läsa vilka risker som finns i den.
help-read-3 = Öppna en risk för att läsa varför den står i planen, hur den är bedömd och vad som görs åt den.
help-read-4 = Läs periodens rapport. Den visar vad som är gjort, vad som avviker och vad som har ändrats sedan den förra.
help-audit-title = Granska
help-audit-lead = Som revisor läser du det som finns i registret, också utkast och historik, och kan pröva att det är äkta.
help-audit-1 = Läs planen och uppföljningen, och i Historik vem som har ändrat vad, när och varför.
help-audit-2 = Välj en dag längst ner på en sida för att se registret som det stod då.
help-audit-3 = Öppna beviset från en fastställd plan. Där står hur du själv prövar att dokumentet är det som beslutades.
help-audit-4 = Skriv rekommendationer och uttalanden under Revision. De svarar där, och det är du som avslutar en rekommendation.
help-issue-title = Besluta om årets obligatoriska risker och dagar
help-issue-lead = Det som gäller för hela { $region } beslutas på ett ställe, och kommer med i varje plan för året.
help-issue-1 = Öppna Inställningar och välj år.
help-issue-2 = Besluta om de risker och områden som ska stå i varje plan. Det kräver att året har mål.
help-issue-3 = Sätt sista dag att rapportera för varje period, och från vilken dag det efterfrågas.
help-issue-4 = Se över skalan och standardtexterna. En plan som är fastställd behåller de ord som beslutades.
help-issue-5 = Se under Uppföljning vilka som har en fastställd plan och vilka som har lämnat in sin rapport.

## Tillgänglighetsredogörelse
a11y-lead = Riskregister ska kunna användas av alla som behöver det i sitt arbete, också med skärmläsare, enbart tangentbord, stor förstoring eller liten skärm.
a11y-operator = { $name } står bakom den här webbplatsen.
a11y-operator-unsaid = Den organisation som driver registret står bakom den här webbplatsen.
a11y-covers = Redogörelsen gäller alla sidor i registret och de dokument som registret skriver.
a11y-how = Hur tillgänglig webbplatsen är
a11y-partly = Webbplatsen är delvis förenlig med lagen (2018:1937) om tillgänglighet till digital offentlig service. Det som brister står under Kända brister.
a11y-how-about = Sidorna är gjorda för att uppfylla WCAG 2.2 på nivå AA. Allt fungerar utan skript och med enbart tangentbord. Färg bär aldrig betydelse ensam. Fastställda dokument i PDF är taggade enligt PDF/UA.
a11y-lacks = Kända brister
a11y-lacks-why = Det här uppfyller inte kraven, eller är inte visat att det gör det:
a11y-lack-docx = Dokument i Word-format har riktiga rubriker och tabeller, men är inte prövade med alla skärmläsare.
a11y-lack-at = Sidorna är prövade med automatiska verktyg och tangentbord i Chromium, men ännu inte av en oberoende granskare.
a11y-lack-texts = Texter som människor skriver är på svenska och kan vara svåra att läsa. Registret rättar dem inte.
a11y-burden = Inget är undantaget för att det vore oskäligt betungande att anpassa.
a11y-outside = Innehåll som inte omfattas av lagen
a11y-outside-about = Handlingar som underlag länkar till ligger utanför registret, hos den som har dem.
a11y-tell = Rapportera brister i tillgängligheten
a11y-tell-about = Vänd dig till din organisations samordnare för intern kontroll. Du kan också be om innehållet i annat format.
a11y-tell-contact = Kontakta oss som driver tjänsten om något hindrar dig, eller om du behöver innehållet i ett annat format:
a11y-authority = Tillsyn
a11y-authority-about = Myndigheten för digital förvaltning (Digg) har tillsyn över lagen om tillgänglighet till digital offentlig service. Du kan anmäla brister till Digg.
a11y-authority-form = Anmäl till Digg
a11y-tested = Hur webbplatsen har prövats
a11y-tested-about = Varje sida prövas med axe-core i Chromium vid varje ändring av programmet, med och utan skript, ljust och mörkt och i 320 bildpunkters bredd.
a11y-assessed = Tillgängligheten bedömdes senast { $date }, genom egen granskning och automatiska verktyg.
a11y-assessed-unsaid = Den som driver tjänsten har inte angett när tillgängligheten senast bedömdes.
a11y-updated = Redogörelsen uppdaterades senast { $date }.
a11y-updated-unsaid = Det är inte angett när redogörelsen senast uppdaterades.
tasks-found = upptäckt { $date }
tasks-back = Till mina uppgifter
status-back = Till periodens alla statusar
tasks-late-one = Den är försenad.

home-title = Översikt
home-to-do = Att göra
home-all-tasks = { $count ->
    [one] Visa uppgiften
   *[other] Visa alla { $count } uppgifter
}
home-standing = Så långt har uppföljningen kommit
home-due = Ska rapporteras
home-reported = Rapporterade hittills
home-missing = Saknas
home-by = Sista dag
home-lacks = { $count ->
    [one] en sak saknas
   *[other] { $count } saker saknas
}
home-ahead = Dagar framåt
home-last-day = Sista dag att rapportera { $period }: { $body }
home-action-ends = Åtgärden ska vara klar: { $name }
home-deficiencies = { $count ->
    [one] En öppen brist
   *[other] { $count } öppna brister
}
home-recommendations = { $count ->
    [one] En öppen rekommendation
   *[other] { $count } öppna rekommendationer
}
home-at-risk = Indikatorer som riskerar att inte nå målet
home-since = Hänt sedan du loggade in { $time }
home-all-events = Visa hela historiken
home-highest = Högsta riskerna
home-own-risks = Dina risker
home-years = Riskvärde över åren
tasks-other = Övriga uppgifter
