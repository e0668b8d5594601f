# Mål, indikatorer och utfall.

indicators-title = Indikatorer
indicator-new = Skapa indikator
indicator-change = Ändra indikatorn
indicator-delete = Ta bort indikatorn
indicator-delete-about = En indikator kan tas bort så länge den saknar utfall och följs av varken en kontroll eller ett senare års indikator.
indicator-owner = Ägare
indicator-owner-hint = Den organisation som bestämmer över indikatorn: målets egen eller en under den.
indicator-unit = Enhet
indicator-unit-hint = Till exempel %, dagar eller Mnkr.
indicator-comparator = Jämförelse
indicator-comparator-hint = Hur utfallet jämförs med målvärdet. Ett målvärde som börjar med ≥, ≤, > eller < säger det själv.
indicator-decided-by = Beslutad av
indicator-council-target = Fullmäktiges målvärde
indicator-board-target = { $Board-of } målvärde
indicator-target-hint = Som det är beslutat, till exempel ≥ 80 %. För ”öka med” och ”minska med”: ett belopp, eller procent av basvärdet.
indicator-concerns = Gäller för
indicator-concerns-hint = Markera de nämnder och bolag som indikatorn gäller. Utan markering gäller den samtliga hos ägaren.
indicator-concerns-each = Samtliga hos ägaren
indicator-local-targets = Målvärden per nämnd och bolag
indicator-local-target = Målvärde för { $name }
indicator-later-targets = Målvärden för senare år
indicator-later-target = Målvärde { $year }
indicator-baseline-year = Basår
indicator-baseline-year-hint = Det år som utfallet jämförs med. Utan basår jämförs det med året före.
indicator-baseline-value = Basvärde
indicator-baseline-value-hint = Om det är beslutat. Annars används årets utfall för basåret.
indicator-responsible = Ansvarig för utfallen
indicator-responsible-hint = Rapporterar utfallen, vid sidan av samordnaren.
indicator-continues = Fortsätter
indicator-continued-by = Fortsätts av
indicator-note = Anteckning
indicator-of-year = { $name } ({ $year })
indicator-unconfirmed = Målvärdena är överförda från { $year } och ska bekräftas eller skrivas om innan planen lämnas till { $board } för beslut.
indicator-unconfirmed-short = målvärdena ska bekräftas
indicator-confirm = Bekräfta målvärdena
goals-tree-whose = Vems mål
goals-tree-each = Hela organisationen
goals-take-over = Ta över indikatorer från { $year }
goals-take-over-about = Indikatorerna får sina mål för { $year }, med målvärdet som beslutats för det året. Där det inte finns följer det gamla målvärdet med och ska bekräftas.
goals-take-over-of = { $name }: ta över { $count ->
    [one] en indikator
   *[other] { $count } indikatorer
}
goals-indicators-count = { $count ->
    [one] En indikator
   *[other] { $count } indikatorer
}
goal-indicators = Målets indikatorer
outcomes-title = Utfall
outcomes-of = Utfall för { $name }
outcomes-lead = Skriv det som är känt för perioden och spara hela tabellen på en gång. Rader som lämnas tomma ändras inte.
outcomes-all-lead = Så har var och en rapporterat utfallen av sina indikatorer i perioden.
outcomes-asked = Indikatorer
outcomes-given = Rapporterade
outcomes-missing = Återstår att rapportera
outcomes-value = Utfall
outcomes-forecast = Prognos
outcomes-judgement = Bedömning
outcomes-cause = Orsak
outcomes-last-period = Förra perioden
outcomes-last-year = Förra året
outcomes-as-proposed = Registrets förslag
outcomes-proposed = Registrets förslag: { $word }
outcomes-departs-hint = En bedömning som avviker från registrets förslag ska ha en orsak.
outcomes-all-bodies = Vem som har rapporterat
outcomes-over-years = Utfall period för period
outcomes-of-whom = Organisation
outcomes-chart = Utfall för { $name }, de värden som står i tabellen.
outcomes-closed = Utfallen kan inte ändras. { $why }
outcomes-lacking-first = { $count } återstår att rapportera, och står först.
control-indicators = Indikatorer som kontrollen följer
control-indicators-hint = Utfallen visas hos kontrollen och i rapporten.
row-outcome = Rad { $n }
done-createIndicator = Indikatorn är tillagd.
done-changeIndicator = Indikatorn är ändrad.
done-deleteIndicator = Indikatorn är borttagen.
done-continueIndicators = Indikatorerna är övertagna.
done-writeOutcomes = Utfallen är sparade.
indicator-own-target = Lokalt målvärde för { $name }
indicator-own-target-about = Gäller i stället för det målvärde som indikatorns ägare har beslutat.
indicator-own-target-withdraw = Återkalla målvärdet för { $name }
outcomes-none-asked = Här finns inte några indikatorer för { $year }.
outcomes-link = Åtgärder i planen som utfallet för { $period } { $year } leder till
outcomes-link-hint = Markera de åtgärder i { $board-of } plan som ska få målet att nås.
outcomes-linked = { $count ->
    [0] Koppla till åtgärder i planen
    [one] Kopplat till en åtgärd i planen
   *[other] Kopplat till { $count } åtgärder i planen
}
actions-linked-unseen = { $count ->
    [one] En kopplad åtgärd som du inte har behörighet att se
   *[other] { $count } kopplade åtgärder som du inte har behörighet att se
}
outcomes-actions = { $count ->
    [0] Åtgärder
    [one] En åtgärd
   *[other] { $count } åtgärder
}
outcomes-action = Åtgärd { $n }, { $name }
outcomes-action-end = Slutdatum för åtgärd { $n }, { $name }
outcomes-action-completed = Åtgärd { $n } slutförd den, { $name }
completed-on-in = slutförd den
done-setLocalTarget = Målvärdet är sparat.
done-withdrawLocalTarget = Målvärdet är återkallat.
form-nothing = Fyll i eller ändra minst en rad innan du sparar.
