### Uppföljningens texter.
## Ord i uppföljningen
period = Period
due = Att rapportera
reported = Rapporterade
missing = Saknas
report = Rapport
report-none = Ingen rapport är skapad.
file = Fil
effects = Effekter
overdue = Försenad
late-to-start = Försenad start
control-or-action = Kontroll eller åtgärd
count-green = { $count ->
    [one] grön
   *[other] gröna
 }
count-yellow = { $count ->
    [one] gul
   *[other] gula
 }
count-red = { $count ->
    [one] röd
   *[other] röda
 }
count-dash-actions = { $word } eller ej aktuell
follow-up-besides = { $count ->
    [one] Dessutom en som inte behöver rapporteras i perioden.
   *[other] Dessutom { $count } som inte behöver rapporteras i perioden.
}
follow-up-ended = Planen är avslutad utan uppföljning.
region-only = Urval
region-late-plan = Saknar fastställd plan
count-missing = { $count ->
    [one] saknas
   *[other] saknas
 }
correction = Rättelse

## Alla nämnder och bolag
region-title = Uppföljning, { $period } { $year }
region-bodies = nämnder och bolag
region-complete = har rapporterat allt
region-decided = har en beslutad rapport
region-late = { $count ->
    [one] är försenad
   *[other] är försenade
}
region-undelivered = har något kvar att lämna in till { $region }
region-not-reported = Inte rapporterad
region-unadopted = saknar fastställd plan
region-only-missing = Inte klara
region-only-late = Försenade
region-only-undecided = Utan beslutad rapport
region-only-undelivered = Har inte lämnat in till { $region }
region-none = Inget att visa.
region-mandatory = Obligatoriska risker
region-covered = { $present } av { $issued } i planen
region-matrix = Årets riskmatris för alla tillsammans
compiled = Samlad rapport
compiled-about = Den samlade rapporten berättar hur varje nämnd och bolag står i perioden. Den skapas som ett utkast.
compile = Skapa samlad rapport
compiled-title = Samlad uppföljning, { $period } { $year }
compiled-bodies = Nämnder och bolag
compiled-adopted = Fastställd { $date }
compiled-unadopted = Ingen fastställd plan
compiled-live = Siffrorna följer uppföljningen tills rapporten är slutlig:
compiled-final-on = Gjord slutlig
compiled-preview-about = Tills rapporten är slutlig är dokumenten en förhandsvisning av hur det står nu.
compiled-finalize = Gör den samlade rapporten slutlig
compiled-finalize-about = Siffrorna fryses så som de är nu, och rapporten förseglas i varje format. Därefter ändras den aldrig.
compiled-discard-about = Texterna i utkastet försvinner. Nämndernas och bolagens rapporter påverkas inte.
compiled-again-about = Den slutliga rapporten står kvar. Den nya versionen säger vilken den ersätter.
plan-none = Ingen plan

## En plans perioder
period-not-asked = Följs inte upp
not-adopted-not-followed = Planen är inte fastställd än. Den följs upp när { $board } har fastställt den.
period-deadline = sista dag att rapportera { $date }
period-closed-on = stängd { $date }
period-reopened = Öppnades igen:
period-all = Alla statusar
follow-up-periods = Perioderna
follow-up-more = Mer om perioden
period-change = Ändra sista dag
period-own-deadline = Egen sista dag att rapportera
period-own-deadline-hint = Senast { $region-of } dag. Tomt betyder { $region-of } dag.
period-required = Följs upp fastän perioden tog slut innan planen fastställdes
close-period = Stäng perioden
close-period-about = När perioden är stängd kan ingen rapportera i den. Allt som ska rapporteras måste finnas.
close-early = Stäng perioden i förtid
close-early-reason = Skäl till att perioden stängs i förtid
close-early-hint = Periodens sista dag är { $date }. Skälet skrivs ut i rapporten.
period-closed-early = Stängdes före sin sista dag:
period-closed-early-short = Perioden stängdes i förtid
reopen-period = Öppna perioden igen
reopen-period-about = En slutlig rapport för perioden blir ett utkast igen.
statuses-title = Statusar, { $period }
statuses-due = Att rapportera
statuses-missing = Saknas
statuses-none = Inget att visa.
status-not-due = Den är inte planerad att rapporteras i perioden.
status-cannot = Perioden tar inte emot fler rapporter, eller så är det någon annan som rapporterar den här.
status-report = Rapportera status
status-report-again = Rapportera på nytt
references-about = Ange var underlaget finns, om det inte lämnas som en fil.
reference-number = Underlag { $number }
reference-address-hint = Börjar med https://
status-versions = Allt som rapporterats
correction-because = Rättat därför att:
correction-make = Rätta efter beslutet
correction-about = Det som { $board } beslutade om står kvar. Rättelsen ställs bredvid.
remind-summary = Påminn dem som inte har rapporterat
remind-about = Ett brev går till var och en som har något kvar att rapportera, högst ett om dagen.
remind-text = Några egna ord
remind-send = Skicka påminnelser

## Egen bedömning av den interna kontrollen
coso-title = Egen bedömning av den interna kontrollen
coso-about = En bedömning av var och en av de fem komponenterna i COSO. I årets sista rapport ska alla fem bedömas.
coso-judgement = Bedömning
measures-title = Ekonomiska åtgärder utan risk
measures-about = Åtgärder för ekonomin som inte hör till någon risk i planen. De summeras med planens åtgärder i periodens rapport.
measures-from = Åtgärderna och deras beräknade effekt är de som angavs för { $period }.
measures-rows = En åtgärd som du tömmer på allt tas bort. Spara för att få fler tomma rader.
measures-number = Åtgärd { $number }
measures-none = Inga sådana åtgärder har angetts.

## Rapporten
report-title = { $Report-name }, { $period } { $year }
report-make = Skapa periodens rapport
report-version = version { $number }
report-versions = Versioner
report-returned = Rapporten har återremitterats:
report-shown = Visad för ledningsgruppen
report-preview-about = Före beslutet är dokumenten en förhandsvisning. PDF öppnas i webbläsaren, de andra laddas ner. Det kan ta några sekunder att göra dem.
report-write-first = Skriv rapportens texter
report-read = Läs rapporten som PDF
report-plan = Planen
report-write = Rapportens texter
report-introduction = Inledning
report-conclusion = Avslutning
report-assurance = Försäkran
report-assurance-hint = Krävs i årets sista rapport.
finalize = Gör rapporten slutlig
finalize-about = Uppgifterna fryses så som { $board } ska få dem. Perioden måste vara stängd.
discard = Ta bort utkastet
discard-about = Texterna i utkastet försvinner. Statusarna finns kvar.
decide = Registrera { $board-of } beslut
decide-about = Rapporten förseglas i alla format och kan därefter aldrig ändras. Årets sista rapport avslutar planen.
decide-early = Beslut före periodens slut
decide-early-reason = Skäl till att beslutet fattades före periodens slut
decide-early-hint = Anges bara när beslutet fattades senast { $date }, periodens sista dag. Skälet skrivs ut i rapporten.
decided-early = Beslutad före periodens slut
report-return = Återremittera rapporten
report-again = Skapa en ny version
report-again-about = Den beslutade rapporten står kvar. Den nya versionen säger vilken den ersätter.

## Det som just gjorts
done-closePeriod = Perioden är stängd.
done-reopenPeriod = Perioden är öppen igen.
done-createReport = Rapporten är påbörjad.
done-finalizeReport = Rapporten är slutlig.
done-returnReport = Rapporten är återremitterad.
done-discardReport = Utkastet är borttaget.
done-decideReport = Beslutet är registrerat och rapporten förseglad.
done-createCompiledReport = Den samlade rapporten är påbörjad.
done-finalizeCompiledReport = Den samlade rapporten är slutlig och förseglad.
done-writeSelfAssessment = Bedömningen är sparad.
done-writeFinancialMeasures = Åtgärderna är sparade.
done-correctControlReport = Rättelsen är sparad.
done-correctActionReport = Rättelsen är sparad.

## Antal
period-missing = { $count ->
    [one] Visa den som saknas
   *[other] Visa de { $count } som saknas
}
told-reminded = { $count ->
    [0] Ingen påminnelse skickades.
    [one] En påminnelse är på väg.
   *[other] { $count } påminnelser är på väg.
}
told-already-reminded = { $count ->
    [one] En person har redan fått en påminnelse i dag.
   *[other] { $count } personer har redan fått en påminnelse i dag.
}
told-unreachable = { $count ->
    [one] En person nås inte av något brev.
   *[other] { $count } personer nås inte av något brev.
}
told-without-responsible = { $count ->
    [one] En kontroll eller åtgärd har ingen ansvarig.
   *[other] { $count } kontroller och åtgärder har ingen ansvarig.
}
report-documents-about = PDF öppnas i webbläsaren, de andra laddas ner.
remind-no-mail = Registret kan inte påminna dem som inte har rapporterat: driften har inte angett någon e-postserver.
close-period-coso = Årets sista rapport kräver bedömningen av den interna kontrollen. Den kan skrivas tills rapporten är slutlig:
many-title = Rapportera statusar
many-mine = Rapportera { $count } statusar i en tabell
many-lead = Sätt status där den är känd och spara hela tabellen på en gång. Rader som lämnas som de är ändras inte.
many-none = Det finns inga statusar att rapportera.
many-of = Kontroll eller åtgärd
many-all = { $count ->
    [one] En status efterfrågas.
   *[other] { $count } statusar efterfrågas.
}
many-lacking = { $lacking } av { $due } saknar status, och visas här.
many-show-all = Visa alla
many-show-lacking = { $count ->
    [one] Visa bara den som saknas
   *[other] Visa bara de { $count } som saknas
}
many-closed = Perioden är stängd. En status rättas på dess egen sida.
many-send = Rapportera de ifyllda
many-title-read = Statusar
many-comments = Kommentar krävs vid gul och röd status. Skriv inga personuppgifter.
many-before = Perioden före
done-reportStatuses = Statusarna är rapporterade.
