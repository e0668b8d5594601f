### Riskernas och planernas texter.
## Ord i registret
year = År
yes = Ja
number = Nr
plan = Plan
goal = Mål
goal-none = Utan mål
local-goal = Lokalt mål
level = Nivå
score = Riskvärde
score-is = { $down-in } { $likelihood } × { $across-in } { $consequence }
score-said-in = Riskvärde { $score }: { $level }. Risken ingår i planen.
score-said-out = Riskvärde { $score }: { $level }. Riskvärdet når inte över gränsen; risken ingår inte i planen.
likelihood = Sannolikhet
consequence = Konsekvens
category = Kategori
reference = Referens
reason = Skäl
change = Förändring
description = Beskrivning
risk-owner = Riskägare
responsible = Ansvarig
mandatory = Obligatorisk
mandatory-yes = Obligatoriska
mandatory-no = Övriga
in-plan = I planen
in-plan-yes = I planen
in-plan-no = Inte i planen
assessment = Bedömning
confirmed-yes = Bekräftad
confirmed-no = Bedömningen är inte bekräftad
not-assessed = Inte bedömd
control = Kontroll
controls = Kontroller
controls-none = Risken har inga kontroller.
action = Åtgärd
actions = Åtgärder
actions-none = Risken har inga åtgärder.
added-after = Tillagd efter fastställandet, { $date }
added = Tillkomst
added-outside = Den står utanför planen tills en revidering tar in den.
adding-risk = Planen är fastställd. Risken läggs till i registret och står utanför planen tills en revidering tar in den.
adding-control = Planen är fastställd. Kontrollen följs upp från den period som kommer efter i dag.
adding-action = Planen är fastställd. Åtgärden följs upp från den period som kommer efter i dag.
status-missing = Rapport saknas
revision = Version
decision = Beslut
document = Dokument
documents = Dokument
version-full = Fullständig
version-public = Offentlig version
documents-for-systems = Filer för andra system
crumbs = Var du är

## Listor
filter = Sök och filtrera
filter-show = Visa
filter-clear = Rensa filter
search-risks = Sök i namn och referens
pages = Sidor
pages-previous = Föregående sida
pages-next = Nästa sida
pages-at = Sida { $page } av { $last }
owners-many = Alla (välj organisation för att se namnen)
owner-unseen = Någon annan
risks-mine = Mina risker
risks-everyones = Allas risker
lists-label = Registrets listor
list-as-file = Hämta listan:
register-whole = Hämta hela registret (Excel)
search-controls = Sök i kontrollens namn
search-actions = Sök i åtgärdens namn
period-open-now = Den öppna perioden
controls-mine = Mina kontroller
controls-everyones = Allas kontroller
actions-mine = Mina åtgärder
actions-everyones = Allas åtgärder

## En risk
risk-new = Ny risk
risk-change = Ändra risken
risk-name = Riskens namn
risk-name-hint = Vad som kan hända, i en mening.
risk-gone = Risken har utgått ur planen och står som den var.
risk-owner-only = Planen är fastställd. Här kan bara riskägaren ändras.
area-hint = När risken svarar mot ett obligatoriskt område som { $region } har beslutat om.
risk-organisation-hint = Den del av verksamheten som risken finns i.
reference-hint = Sätts av registret om du lämnar det tomt. Ändras inte när planen har fastställts.
risk-needs-revision = Planen säger något annat om risken än dagens bedömning. Planen behöver revideras.
risk-decisions = Beslut om risken
risk-history = Hela historiken för risken
other-years = Risken år för år
other-years-chart = Riskvärdet i varje års plan
other-years-scale = Planerna har inte samma riskmatris, så riskvärdena går inte att jämföra rakt av.
response = Hantering
response-hint = Accepteras risken ska skälet stå nedan.
target-level = Målnivå
target-level-is = målnivå { $level }
justification = Motivering
justification-hint = Varför risken accepteras, eller varför inga åtgärder behövs.
irregularity = Rör fel och oegentligheter
irregularity-hint = Markeras för risker för mutor, jäv, otillbörliga bisysslor och liknande.
secrecy = Sekretess
secrecy-marked = Sekretessmarkerad
secrecy-about = Det som är sekretessmarkerat maskas i den offentliga versionen av dokumenten. Lämna tomt om det inte gäller.
secrecy-provision = Bestämmelse
secrecy-date = Datum för markeringen
secrecy-authority = Myndighet som markerat
taken-in = Medtagen genom beslut
set-aside = Bortvald
retired = Utgått
include-summary = Ta med risken genom beslut
include-about = För en risk som inte når gränsen men ändå ska stå i planen.
include-send = Ta med risken
unclude-send = Återkalla beslutet
aside-summary = Välj bort risken (med skäl)
aside-about = För en risk som har prövats och inte ska ingå i planen i år. Obligatoriska risker kan inte väljas bort.
aside-send = Välj bort risken
take-up-send = Ta upp risken igen
retire-summary = Låt risken utgå
retire-about = För en risk som inte längre finns. Den står kvar i historiken med sitt skäl.
retire-send = Låt risken utgå
delete-risk = Ta bort risken
delete-risk-about = Bara en risk som aldrig stått i en fastställd plan kan tas bort.
assess-first = Bedöm risken
assess-again = Bedöm på nytt eller bekräfta
assess-later = Kan också bedömas senare.
assess-reason = Skäl för bedömningen
assess-reason-hint = Vad som har ändrats sedan sist, eller varför bedömningen står fast.
assess-send = Spara bedömningen
assessed-first = { $down } { $likelihood }, { $across-in } { $consequence }.
assessed-first-score = Riskvärde { $score }.
assessed-same = Bedömningen står fast.
assessed-likelihood = { $down } { $from } → { $to }.
assessed-consequence = { $across } { $from } → { $to }.
assessed-score = Riskvärde { $from } → { $to }.
assessed-by-register = Överförd från förra årets plan
scale-table = Vad { $down-in } och { $across-in } blir tillsammans

## En kontroll
control-add = Ny kontroll
control-name = Kontrollens namn
control-name-hint = Vad som kontrolleras.
frequency = Frekvens
frequency-hint = Hur ofta kontrollen görs, med egna ord, som det ska stå i planen.
recurrences = När den ska rapporteras
recurrences-hint = Välj allt som gäller.
due-period = Period för en årlig kontroll
due-period-hint = Året, om inget annat väljs.
due-date = Dag för en kontroll som görs en gång
due-date-hint = Kontrollen rapporteras i den period som dagen ligger i.
control-little = Planen är fastställd. Här kan bara ändras vem som är ansvarig.
control-delete = Ta bort kontrollen
control-delete-about = Det som rapporterats om den finns kvar i historiken.

## En åtgärd
action-add = Ny åtgärd
action-name = Åtgärdens namn
start-date = Börjar
end-date = Slutar
start-end = Start – slut
end-date-reason = Skäl till flyttat slutdatum
end-date-reason-hint = Krävs när slutdatum ändras i en fastställd plan.
from-control = Följer av kontrollen
from-control-hint = Om åtgärden beror på vad en kontroll visade.
money = Ekonomisk effekt
money-about = Miljoner kronor med en decimal. Minus är en kostnad.
money-full = Helår, fullt genomförd
money-plan = Planåret
money-next = Nästa år
money-after = Året därefter
money-realised = Realiserad effekt hittills i år
money-realised-hint = Vad åtgärden har gett i ekonomin från årets början till periodens slut. Miljoner kronor med en decimal. Minus är en kostnad.
effects-title = Ekonomiska effekter
effects-about = Vad åtgärderna under planens risker väntas betyda för ekonomin, mål för mål, och vad som hittills har gett utslag.
effects-none = Ingen åtgärd i planen har någon ekonomisk effekt angiven.
effects-planned = Planerade effekter
effects-count = Antal åtgärder
effects-of-goals = Alla mål
effects-sum = Summa
action-little = Planen är fastställd. Här kan bara slutdatum och vem som är ansvarig ändras.
action-delete = Ta bort åtgärden
action-delete-about = Det som rapporterats om den finns kvar i historiken.

## Riskmatrisen
matrix-caption = Risker efter { $down-in } (rader) och { $across-in } (kolumner)
matrix-all = Alla planer tillsammans
matrix-none = Det finns inga planer att visa för året.
matrix-total = Bedömda risker i planen
matrix-unassessed = Inte bedömda än:

## Planer
plan-title = { $Plan-name } { $year }, { $body }
plan-new = Ny plan
plan-body = { $A-body }
plan-status = Planens status
plan-from = För över från
plan-from-none = Börja utan risker
plan-from-hint = Risker, kontroller och åtgärder följer med. Varje bedömning ska sedan bekräftas.
plan-make = Skapa planen
diary-numbers = Diarienummer
diary-numbers-hint = Ett på varje rad, det egna först.
decision-clauses = Beslutssatser
decision-clauses-hint = En på varje rad, i ordning. De skrivs ut i dokumentet.
decision-sent-to = Skickas till
decision-sent-to-hint = En mottagare på varje rad.
decision-board-change = Ändring vid sammanträdet
decision-board-change-hint = Vad { $board } själv ändrade. Skrivs ut i dokumentet.
by-board = { $Board } ändrade själv vid sammanträdet
by-board-hint = Skriv ovan vad som ändrades. Det är då ingen återremiss: gör ändringen, lämna planen för beslut på nytt och registrera beslutet.
board-changed = Ändrades vid sammanträdet och ska göras i planen innan beslutet registreras:
diary-add-summary = Lägg till ett diarienummer
diary-add-about = Numret syns här. Det som förseglades vid beslutet ändras inte.
diary-add-send = Lägg till
plan-compare = Jämför med förra året
plan-scale = Skala
plan-scale-made = inlagd { $date }
plan-missing = Vad som saknas
score-adopted = Riskvärde i den fastställda planen
dateless-title = Överförda åtgärder utan datum
dateless-about = Åtgärderna är överförda från en tidigare plan. Deras datum gällde det året. Ge dem nya, eller samma dagar i planens år.
dateless-take = Samma dagar: { $start } – { $end }
dateless-take-all = Ge alla de föreslagna datumen
plan-complete = Inget saknas. Planen kan lämnas till { $board } för beslut.
plan-complete-proposed = Inget saknas. Planen är överlämnad för beslut.
plan-next = Nästa steg
plan-outside = Risker som inte står i planen
plan-outside-about = De har ett riskvärde som inte når över gränsen, eller är inte bedömda.
plan-sections-unwritten = De här texterna är inte skrivna:
plan-read = Läs planen som PDF
plan-as-list = Riskerna som lista
contents = Innehåll
contents-show = Visa innehållet
plan-now-score = Riskvärde i dag: { $score }, { $level }
plan-now-owner = Riskägare i dag: { $name }
plan-now-control = Kontroll som är tillagd efter fastställandet: { $name }
plan-now-action = Åtgärd som är tillagd efter fastställandet: { $name }
plan-now-responsible = Ansvarig i dag för { $what }: { $name }
plan-now-end = Slutdatum i dag för { $what }: { $date }
plan-sections = Planens texter
plan-about = Planens uppgifter
plan-proof = Bevisa att planen är den som { $board } beslutade
plan-needs-revision = Planen behöver revideras.
plan-returned = Planen har återremitterats:
plan-revision = version { $number }
document-draft = Utkast, som planen står nu
document-proposed = Förslag till beslut
document-now = Gällande
document-closed = Avslutad plan
decided-on = Beslutsdatum
deciding-board = Beslutande { $a-board }
paragraph = Paragraf i protokollet
paragraph-hint = Utan §-tecken.
delivered-on = Inlämnad till { $region }
delivered-not = Inte inlämnad till { $region }
delivered-not-newest = Den senaste versionen är inte inlämnad.
delivered-short = inlämnad { $date }
propose-about = När planen är överlämnad för beslut kan den inte ändras förrän { $board } har beslutat om den eller återremitterat den.
propose-send = Lämna till { $board } för beslut
adopt-summary = Registrera { $board-of } beslut
adopt-about = Planen förseglas precis som { $board } såg den, och riskernas nummer ligger fast.
adopt-send = Fastställ planen
return-summary = Återremittera planen
return-send = Återremittera
revise-summary = Påbörja revidering
revise-about = Den fastställda planen gäller tills { $board } har fastställt den reviderade.
revise-reason = Skäl till revideringen
revise-reason-hint = Det står först i den reviderade planen.
revise-send = Påbörja revidering
abandon-summary = Avbryt revideringen
abandon-about = Planen blir åter precis som den fastställdes. Det som har lagts till i utkastet tas bort, och det som har ändrats eller tagits bort kommer tillbaka. Bedömningar, rapporterade statusar, ägare och ansvariga står kvar som de är nu.
abandon-send = Avbryt revideringen
deliver-summary = Registrera att planen är inlämnad till { $region }
deliver-again-summary = Ändra dagen då den lämnades in till { $region }
deliver-again-reason = Skäl till att dagen ändras
deliver-report-summary = Registrera att rapporten är inlämnad till { $region }
deliver-send = Registrera
close-summary = Avsluta planen
close-about = Året är slut och planen följs inte längre upp.
closing-reason = Avslutad utan uppföljning
close-reason-hint = Varför planen avslutas fast den inte har följts upp här. { $Region-of } uppföljning visar det.
close-send = Avsluta planen
delete-plan-summary = Ta bort planen
delete-plan-about = Planen har aldrig fastställts och kan tas bort med allt som står i den. Historiken finns kvar, och { $the-body } ska fortfarande ha en plan för året.
delete-plan-send = Ta bort planen
section-text = Text
section-hint = Stycken skiljs åt av en tom rad. En rad som börjar med ”- ” blir en punkt i en lista.
section-write = Skriv texten om { $name }
carried-texts = Texter från en tidigare plan
carried-texts-about = De följde med när planen fördes över. Läs var och en, och bekräfta den som gäller i år eller skriv om den.
carried-text-from = från planen för { $year }
carried-text-confirm = Bekräfta texten om { $name }
carried-texts-confirm-all = Bekräfta alla texter som de står
carried-text-write = Texten är från planen för { $year }. När du sparar är den bekräftad för i år.
take-over = Risker att överta
take-over-about = En nämnd eller ett bolag har gått upp i den här. Riskerna i dess plan kan komma med i utkastet, med referens och historik. Risker som redan finns här påverkas inte, och varje bedömning ska sedan bekräftas.
take-over-from = Plan att överta risker från
take-over-send = Överta riskerna
compare-lead = Planen för { $year } jämförd med { $other }.
compare-none = Det finns ingen tidigare fastställd plan att jämföra med.
compare-not = Skalorna är olika, så riskvärdena kan inte jämföras.
compare-gone = Risker som inte är kvar
compare-changed = Det som har ändrats
compare-unchanged = Risker som är som förut
compare-new = { $count ->
    [one] en ny risk
   *[other] { $count } nya risker
}
compare-raised = { $count ->
    [one] en risk har fått högre riskvärde
   *[other] { $count } risker har fått högre riskvärde
}
compare-lowered = { $count ->
    [one] en risk har fått lägre riskvärde
   *[other] { $count } risker har fått lägre riskvärde
}
compare-otherwise = { $count ->
    [one] en risk har ändrats på annat sätt
   *[other] { $count } risker har ändrats på annat sätt
}
compare-same = { $count ->
    [one] en risk är som förut
   *[other] { $count } risker är som förut
}
compare-left = { $count ->
    [one] en risk är inte kvar
   *[other] { $count } risker är inte kvar
}

## Det som just gjorts
done = Sparat.
done-createRisk = Risken är tillagd.
done-assessRisk = Bedömningen är sparad.
done-deleteRisk = Risken är borttagen.
done-retireRisk = Risken har utgått.
done-deleteControl = Kontrollen är borttagen.
done-deleteAction = Åtgärden är borttagen.
done-createPlan = Planen är skapad.
done-proposePlan = Planen är överlämnad för beslut.
done-adoptPlan = Beslutet är registrerat och planen förseglad.
done-returnPlan = Planen är återremitterad.
done-revisePlan = Revideringen är påbörjad.
done-setCarriedDates = Åtgärderna har fått datum.
done-confirmSections = Texterna är bekräftade.
done-takeOverRisks = Riskerna är övertagna. Bekräfta bedömningarna.
done-closePlan = Planen är avslutad.
done-abandonRevision = Revideringen är avbruten. Planen är som den fastställdes.
done-deletePlan = Planen är borttagen.

## Antal
risks-count = { $count ->
    [one] En risk
   *[other] { $count } risker
}
controls-count = { $count ->
    [one] En kontroll
   *[other] { $count } kontroller
}
actions-count = { $count ->
    [one] En åtgärd
   *[other] { $count } åtgärder
}
plans-count = { $count ->
    [one] En plan
   *[other] { $count } planer
}
matrix-plans = { $count ->
    [one] En plan
   *[other] { $count } planer tillsammans
}
plan-follow-up = Följ upp planen
plan-change = Ändra planen
missing-confirm = { $count ->
    [one] Bekräfta en bedömning
   *[other] Bekräfta { $count } bedömningar
}
missing-dates = { $count ->
    [one] Ge en åtgärd dagar
   *[other] Ge { $count } åtgärder dagar
}
missing-texts = { $count ->
    [one] Bekräfta en text
   *[other] Bekräfta { $count } texter
}
plans-unseen = Här visas bara de planer som du har behörighet att se. Risker vars kontroller eller åtgärder du ansvarar för står under Risker.
plan-missing-own = Planen och dess texter
plan-missing-count = { $count ->
    [one] En sak saknas innan planen kan lämnas för beslut.
   *[other] { $count } saker saknas innan planen kan lämnas för beslut.
}
lack-sections = { $count } avsnitt är inte skrivna
lack-sections-unconfirmed = { $count } texter från en tidigare plan är varken bekräftade eller omskrivna
lack-mandatory = { $count } obligatoriska risker saknas i planen
lack-areas = { $count } obligatoriska riskområden saknar en risk i planen
lack-deficiencies = { $count } öppna brister besvaras inte av planen
lack-targets = { $count } indikatorer har målvärden som varken är bekräftade eller omskrivna
lack-set-aside = { $count } obligatoriska risker är bortvalda
lack-assessment = { $count } risker är inte bedömda
lack-assessment-outside = { $count } risker måste bedömas på nytt, med planens matris
lack-assessment-unconfirmed = { $count } risker har en bedömning som inte är bekräftad
lack-goal = { $count } risker saknar mål
lack-goal-of-year = { $count } risker står under ett mål som inte gäller planens år
lack-owner = { $count } risker saknar riskägare
lack-owner-inactive = { $count } risker har en riskägare som inte längre är aktiv
lack-owner-role = { $count } risker har en riskägare utan någon roll att sköta dem
lack-category = { $count } risker saknar kategori
lack-response = { $count } risker saknar val av hantering
lack-control = { $count } obligatoriska risker saknar kontroll
lack-action = { $count } risker måste ha en åtgärd eller en motivering
lack-justification = { $count } risker måste motiveras
lack-target-level = { $count } risker har en målnivå som planens matris inte använder
lack-controls-inactive = { $count } kontroller har en ansvarig som inte längre är aktiv
lack-actions-inactive = { $count } åtgärder har en ansvarig som inte längre är aktiv
lack-controls-role = { $count } kontroller har en ansvarig utan någon roll att rapportera
lack-actions-role = { $count } åtgärder har en ansvarig utan någon roll att rapportera
lack-end = { $count } överförda åtgärder saknar slutdatum
lack-end-year = { $count } åtgärder slutar före planens år
lack-end-start = { $count } åtgärder slutar innan de börjar
lack-controls-status = { $count } kontroller saknar status
lack-actions-status = { $count } åtgärder saknar status
lack-judgements = { $count } bedömningar saknas
matrix-total-plans = Bedömda risker i planerna
matrix-no-plan = Det finns ingen plan för { $body } { $year } att visa.
plan-reports = Beslutade rapporter
plan-revision-holds = version { $number } gäller tills ändringen är beslutad
plan-revised-because = Planen revideras:
matrix-unassessed-count = { $count ->
    [one] Inte bedömd
   *[other] Inte bedömda
 }
unconfirmed-title = Överförda bedömningar att bekräfta
unconfirmed-which = Oförändrade bedömningar
unconfirmed-hint = Avmarkera de risker som ska bedömas på nytt.
unconfirmed-confirm = Bekräfta de markerade bedömningarna
done-confirmAssessments = Bedömningarna är bekräftade.

## Sökning
search-title-page = Sök i registret
search-everything = Sök i hela registret
search-words = Ord att söka efter
search-send = Sök
search-about = Söker i planer, rapporter, risker, kontroller, åtgärder, mål, indikatorer, brister, rekommendationer och personer som du får se: deras namn, texter och referenser, och för planer och rapporter år, period och vems de är. Varje ord ska finnas med.
search-every-kind = Visa träffar av varje slag
search-people = Personer
search-reports = Rapporter
search-count = { $count ->
    [one] En träff
   *[other] { $count } träffar
}
search-all-of = Visa { $count } träffar
search-none = Inget hittades.

assign-title = Fördela och komplettera flera på en gång
assign-about = Markera risker, kontroller och åtgärder och ange vad alla de markerade ska få. Det som lämnas tomt ändras inte.
assign-all = Visa alla, också dem som är kompletta
assign-lacking = Visa bara dem där något saknas
assign-none = Allt som kan anges här är angivet.
assign-what = Ange för de markerade
assign-owner-hint = Gäller de markerade riskerna.
assign-responsible-hint = Gäller de markerade kontrollerna och åtgärderna.
assign-send = Spara för de markerade
assign-each-title = Fördela var för sig
assign-each-about = Ange i varje rad vem som har risken, kontrollen eller åtgärden, och åtgärdens dagar. Raderna sparas tillsammans. En tömd ruta ändrar inte det som står.
assign-each-part = Risk, kontroll eller åtgärd
assign-each-who = Riskägare eller ansvarig
assign-each-send = Spara raderna
done-assignTogether = Ändringarna är sparade.
done-assignSeparately = Raderna är sparade.

notes-title = Anteckningar
notes-about = Den som får se det här ser också anteckningen. Den sparas i historiken, kan inte ändras efteråt och står inte i några dokument.
note = Anteckning
note-hint = Skriv @ och hela namnet på den du vill säga till, till exempel @Anna Lind.
note-write = Skriv en anteckning
note-tell = Meddela
note-tell-hint = De får ett brev med en länk hit.
note-tell-no-mail = Registret skickar inte e-post: de ser anteckningen när de öppnar sidan.
note-tell-more = Andra än de här säger du till med @ och hela namnet i texten.
note-send = Spara anteckningen
note-told = Till: { $names }
done-writePlanNote = Anteckningen är sparad.
done-writeRiskNote = Anteckningen är sparad.
done-writeControlNote = Anteckningen är sparad.
done-writeActionNote = Anteckningen är sparad.

files-title = Filer
files-about = Filen blir underlag för det här. Den som ser sidan kan hämta den. Uppföljningsrapporten för perioden anger dess namn och kontrollsumma, och historiken visar vem som lämnade den.
file-label = Fil
file-add = Lämna en fil
file-send = Spara filen
file-hint = Högst 25 MiB, med någon av ändelserna { $endings }. Inga makron.
file-public-flag = Ange filen i offentliga dokument också
file-public-hint = Annars står den bara i de fullständiga. Namnet visar vad filen handlar om.
file-is-public = Anges i offentliga dokument också
file-public = Ange i offentliga dokument
file-not-public = Ange inte i offentliga dokument
done-changeFile = Valet är sparat.
file-remove = Ta bort filen
file-erased = Filens innehåll är gallrat
done-addControlFile = Filen är sparad.
done-addActionFile = Filen är sparad.
done-addDeficiencyFile = Filen är sparad.
done-removeFile = Filen är borttagen.

import-new = Läs in från Excel
import-title = Läs in risker ur en fil
import-lead = Ta in risker med kontroller och åtgärder ur en arbetsbok i planens utkast. Först ser du vad som känns igen och vad som skulle göras. Inget ändras förrän du säger till.
import-file = Fil
import-file-hint = Excel (.xlsx) eller CSV, högst 20 MiB, 1 000 risker och 5 000 kontroller och åtgärder.
import-upload = Läs in filen
import-not-draft = Bara ett utkast tar emot risker ur en fil.
import-how = Så matchas raderna
import-how-register = Organisationens hela register, som arbetsbok, är också en mall: listorna över risker, kontroller och åtgärder kan läsas in igen. Av flera år tas planens år in, annars det senaste. En tom cell ändrar ingenting.
import-how-about = En risk som har samma referens som en risk i planen ändrar den. Utan referens gäller namnet. Har organisationen haft risken i ett tidigare års plan fortsätter den. Samma fil två gånger ändrar ingenting.
import-of = Inläsning av { $name }
import-back = Hämta filen med anmärkningar (Excel)
import-sha = SHA-256
import-result = Vad som skulle göras
import-result-done = Vad som togs in
import-made = { $count ->
    [one] 1 risk är ny.
   *[other] { $count } risker är nya.
}
import-changed = { $count ->
    [one] 1 risk ändras.
   *[other] { $count } risker ändras.
}
import-left = { $count ->
    [one] 1 risk förblir som den är.
   *[other] { $count } risker förblir som de är.
}
import-columns = Kolumner
import-columns-about = Så har filen tolkats. Ändra det som är fel, svara på frågorna och pröva igen.
import-taken = Ta med raderna på bladet { $sheet }
import-rows = Rubrik på rad { $heading }, innehåll på rad { $rows }.
import-heading-row = Annan rubrikrad på bladet { $sheet }
import-heading-row-hint = Radens nummer i Excel. Kolumnerna tolkas då om.
import-skipped = { $count ->
    [one] 1 rad hoppas över
   *[other] { $count } rader hoppas över
}
import-take-rows = Ta ändå med på bladet { $sheet }
import-column = { $letters }: { $heading }
import-scoring = { $letters }: { $heading } hör till
import-into = { $letters }: lägg { $heading } i beskrivningen
import-examples = Till exempel: { $examples }
import-assessment = Vilken bedömning som gäller
import-assessment-hint = Finns det också en bedömning före kontroller och åtgärder blir den en äldre bedömning.
import-questions = Frågor
import-questions-about = Orden står i filen, och bara du vet vad de betyder. Svaren sparas till nästa gång. Väljer du att lämna tomt står orden kvar som ord.
import-leave = Lämna tomt, behåll orden
import-leave-kinds = Lämna tomt
import-answered = { $count ->
    [one] 1 fråga är obesvarad.
   *[other] { $count } frågor är obesvarade.
}
import-answer-hint = { $count ->
    [one] Står i 1 cell: { $cells }
   *[other] Står i { $count } celler: { $cells }
}
import-date-hint = Tomt datum lämnar orden som ord.
import-date-hint-kinds = Ange dagen, eller rätta den i filen och läs in filen igen.
import-grant = Ge de som pekas ut den roll som behövs
import-grant-hint = Gäller personer som ännu inte får äga risker eller ansvara för kontroller och åtgärder.
import-try = Spara och pröva igen
import-faults = Det som hindrar inläsningen
import-faults-about = Inget tas in så länge något av det här står kvar. Svara på frågorna, ändra tolkningen, eller rätta i filen och läs in den igen.
import-remarks = Bra att veta
import-place = Plats
import-what = Vad
import-execute = Genomför inläsningen
import-execute-about = Allt tas in, eller inget. Historiken nämner filens SHA-256.
import-hindered = Inläsningen kan inte genomföras än. Se vad som hindrar.
import-controls = Kontroller
import-actions = Åtgärder
import-parts-new = { $count ->
    [one] 1 ny
   *[other] { $count } nya
}
import-altered = { $count ->
    [one] 1 ändrad
   *[other] { $count } ändrade
}
import-beyond = De { $shown } första av { $all } visas. Resten finns i API:et.
import-kind = Vad filen innehåller
import-kinds-title = Läs in en fil
import-kind-title = Läs in { $kind }
import-kind-lead = Först ser du vad som känns igen och vad som skulle göras. Inget ändras förrän du säger till.
import-kinds-lead = Välj vad filen innehåller. Risker läses in från planens sida.
import-organisation-hint = Filen gäller den här organisationen och dem under den. En rad som inte nämner någon organisation räknas hit.
import-how-users = Namn, e-postadress och roller. Den som redan finns känns igen på adressen. Ingen får ett lösenord, och ingen blir av med en roll.
import-how-organisations = Namn, typ och överordnad, i vilken ordning som helst. Den som redan finns känns igen på namnet och på vad den ligger under. Den flyttas med registrets id.
import-how-goals = År, mål, indikator, enhet och målvärde. Mål som indikatorerna mäter läggs till om de saknas.
import-how-outcomes = År, period, indikator, organisation och utfall. Komma, mellanslag och procenttecken går bra.
import-how-own = Registrets egna listor, som Excel eller CSV, kan läsas in igen. Samma fil två gånger ändrar ingenting.
import-row = Rad
import-entity = Slag
import-questions-about-kinds = Orden står i filen, och bara du vet vad de betyder. Svaren sparas till nästa gång.
import-rows-made = { $count ->
    [one] 1 ny.
   *[other] { $count } nya.
}
import-rows-changed = { $count ->
    [one] 1 ändrad.
   *[other] { $count } ändrade.
}
import-rows-left = { $count ->
    [one] 1 som den är.
   *[other] { $count } som de är.
}
import-file-hint-kinds = Excel (.xlsx) eller CSV, högst 20 MiB och 1 000 rader.
done-createImport = Filen är läst. Inget är ändrat än.
done-changeImport = Tolkningen är sparad och prövad igen.
done-executeImport = Inläsningen är genomförd.
