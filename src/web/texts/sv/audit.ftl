### Bristernas, revisionens och historikens texter.
## Brister
deficiency = Brist
deficiencies-about = Brister i den interna kontrollen: när de upptäcktes, när nämnden och regionledningskontoret fick veta, och vad som gjordes.
deficiencies-count = { $count ->
    [one] En brist
   *[other] { $count } brister
}
deficiency-new = Rapportera en brist
deficiency-report = Rapportera
deficiency-of-control = Bristen gäller kontrollen ”{ $name }”.
deficiency-title = Bristen i korthet
deficiency-title-hint = En mening om vad som inte fungerar.
no-personal-data = Skriv inga personuppgifter.
severity = Allvarlighetsgrad
found-on = Upptäckt
found-on-hint = Tiden till dess att nämnden underrättas räknas från den här dagen.
found-by = Upptäckt genom
found-by-hint = Till exempel stickprov, internrevision eller anmälan.
found-by-person = Person som upptäckte bristen
reported-by = Rapporterad av
deficiency-risk = Risk som bristen gäller
deficiency-risk-hint = Lämna tomt om bristen inte hör till någon risk i planen.
deficiency-from-control = Upptäckt vid kontrollen
deficiency-measures = Vidtagna åtgärder
deficiency-clocks = Underrättelser
deficiency-history = Hela historiken för bristen
deficiency-acts = Hantera bristen
deficiency-change = Ändra uppgifterna
deficiency-close = Avsluta bristen
deficiency-reopen = Öppna bristen igen
search-title = Sök i rubriken
date = Datum
open-word = Öppen
open-yes = Öppna
open-no = Avslutade
closed-on-day = Avslutad { $date }
closure-reason = Skäl till att den avslutades
board-told = Nämnden underrättad
board-told-yes = Underrättad
board-told-no = Inte underrättad
region-told = Rapporterad till regionen
region-told-yes = Rapporterad
region-told-no = Inte rapporterad
told-not = Nej, inte än
after-days = { $count ->
    [one] efter en dag
   *[other] efter { $count } dagar
}
after-days-found = { $count ->
    [one] En dag efter upptäckten
   *[other] { $count } dagar efter upptäckten
}
days-since-found = { $count ->
    [one] en dag sedan upptäckten
   *[other] { $count } dagar sedan upptäckten
}
with-follow-up = Med uppföljningen { $period } { $year }
tell = För in vem som underrättats
region-year = Uppföljningens år
region-period = Uppföljningens period
diary-number = Diarienummer
crime = Misstanke om brott
crime-yes = Med misstanke
crime-no = Utan misstanke
crime-hint = Förvaltningschefen eller vd får larm genast, och bristen visas bara för några få. Markeringen kan inte tas bort.
crime-unhandled = Inte hanterad
crime-unhandled-about = Misstanke om brott. Förvaltningschefen eller vd har inte angett vad som gjorts.
crime-handled-on = Hanterad { $date }
crime-handle = Ange vad som gjorts med anledning av misstanken
crime-handle-about = Till exempel polisanmälan, arbetsrättsliga åtgärder eller varför ingen anmälan görs. Görs mer senare förs det in på nytt.
crime-handling = Vad som gjorts
crime-handled-day = Dag
crime-send = För in
close-needs-handling = Bristen kan avslutas när det är infört vad som gjorts med anledning av misstanken om brott.
deficiency-in-plan = I planen för { $body } { $year }
deficiency-carried-by = Bristen hanteras genom risken
deficiency-unanswered = Planen säger inget om bristen än. Ange vilken risk i planen som fångar upp den, eller motivera varför ingen gör det.
answer-risk = Risk i planen
answer-justification = Motivering
answer-justification-hint = Krävs om ingen risk väljs.
answer-send = Spara planens svar
unanswer-send = Ta tillbaka svaret
to-the-plan = Till planen
done-reportDeficiency = Bristen är rapporterad.
done-changeDeficiency = Bristen är ändrad.
done-handleCrime = Det som gjorts är infört.
done-closeDeficiency = Bristen är avslutad.
done-reopenDeficiency = Bristen är öppen igen.
done-answerDeficiency = Planens svar är sparat.
done-unanswerDeficiency = Planens svar är tillbakataget.

## Revision
audit-about = Vad regionrevisorerna och andra granskare har rekommenderat, nämndernas svar, och revisorernas bedömning av den interna kontrollen år för år.
recommendation = Rekommendation
recommendations = Rekommendationer
recommendations-count = { $count ->
    [one] En rekommendation
   *[other] { $count } rekommendationer
}
search-recommendations = Sök i rapport och text
recommendation-new = Lägg in en rekommendation
recommendation-make = Lägg in rekommendationen
recommendation-in = Rekommendation i ”{ $name }”
recommendation-to = Lämnad till
recommendation-by = Inlagd av
recommendation-responsible = Svarar för den
recommendation-actions = Åtgärder som möter den
recommendation-actions-none = Inga åtgärder är kopplade till rekommendationen.
recommendation-actions-hint = Åtgärder i planerna för det år då rekommendationen lämnades och de två följande.
action-unseen = En åtgärd som du inte har behörighet att se
actions-unseen = { $count ->
    [one] En åtgärd till, som du inte har behörighet att se.
   *[other] { $count } åtgärder till, som du inte har behörighet att se.
}
ends-on = ska vara klar { $date }
recommendation-acts = Hantera rekommendationen
recommendation-change = Ändra rekommendationen
recommendation-meet = Ange vem som svarar för den och vilka åtgärder som möter den
recommendation-close = Avsluta rekommendationen
recommendation-reopen = Öppna rekommendationen igen
recommendation-history = Hela historiken för rekommendationen
source = Källa
audit-report = Rapport
audit-report-hint = Rapportens namn.
dialogue = Dialog
dialogue-none = Inget har skrivits än.
dialogue-write = Skriv för { $name }
dialogue-text = Text
dialogue-hint = Det som skrivs kan inte ändras i efterhand. Skriv inga personuppgifter.
dialogue-send = Skriv i dialogen
opinions = Revisorernas bedömningar
opinions-count = { $count ->
    [one] En bedömning
   *[other] { $count } bedömningar
}
opinion-new = Lägg in revisorernas bedömning av ett år
opinion-make = Lägg in bedömningen
opinion-of = Nämnd eller bolag och år
opinion-title = Revisorernas bedömning av { $body } { $year }
opinion-year = År som bedömningen gäller
opinion-acts = Hantera bedömningen
opinion-change = Ändra bedömningen
opinion-delete = Ta bort bedömningen
opinion-delete-about = För en bedömning som lagts in av misstag. Historiken finns kvar.
opinion-history = Hela historiken för bedömningen
judgement = Bedömning av intern kontroll
judgement-is = Den interna kontrollen är
given-on = Lämnad
done-createRecommendation = Rekommendationen är inlagd.
done-changeRecommendation = Rekommendationen är ändrad.
done-addRecommendationEntry = Det du skrev står nu i dialogen.
done-closeRecommendation = Rekommendationen är avslutad.
done-reopenRecommendation = Rekommendationen är öppen igen.
done-createAuditOpinion = Bedömningen är inlagd.
done-changeAuditOpinion = Bedömningen är ändrad.
done-deleteAuditOpinion = Bedömningen är borttagen.
