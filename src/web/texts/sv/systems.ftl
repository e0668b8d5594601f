### Andra system, utskick och loggens bevis.

## Tjänstekonton
accounts-title = Tjänstekonton
accounts-lead = Andra system läser registret och skriver utfall genom ett tjänstekonto, med de rättigheter som kontot har. Varje konto har ett slutdatum.
accounts-search = Sök i namn
accounts-none = Här finns inga tjänstekonton att visa.
account-new = Nytt tjänstekonto
account-add = Lägg till kontot
account-new-about = Kontot kan användas när det har fått en hemlighet. Den skapar du på kontots sida.
account-name-hint = Det system som kontot är till för.
account-reach = Gäller vid och under
account-reach-hint = Kontot når den här organisationen och det som ligger under. Det går inte att ändra sedan.
account-scopes = Rättigheter
account-scopes-hint = Att läsa är att läsa det som en revisor läser.
account-scopes-taken = En rättighet som tas bort upphör genast, också för den som är inloggad.
account-expires = Upphör
account-expires-hint = Högst tre år framåt. Tiden gäller i Sverige.
account-lives = gäller till { $time }
account-expired = upphörde { $time }
account-ended = avslutat
account-client = Klient-id
account-changes = Ändra kontot
account-change = Ändra namn, rättigheter eller slutdatum
account-end = Avsluta kontot
account-end-about = Kontots hemligheter återkallas, och systemet kommer inte in från och med nästa anrop. Historiken finns kvar.
account-reopen = Öppna kontot igen
account-reopen-about = Kontot behöver en ny hemlighet innan systemet kommer in. De gamla gäller inte igen.
secrets-title = Hemligheter
secrets-about = En hemlighet visas en gång, när den skapas, och sparas ingenstans.
secrets-none = Kontot har ingen hemlighet och kan inte användas än.
secret-made-at = Skapad { $time }
secret-holds = Gäller.
secret-holds-until = Gäller till { $time }.
secret-over = Slutade gälla { $time }.
secret-revoked = Återkallad { $time }.
secret-revoke = Återkalla hemligheten
secret-revoke-about = Hemligheten slutar gälla genast, och det som systemet har hämtat med den likaså.
secret-new = Skapa en hemlighet
secret-new-about = Hemligheten visas bara en gång, här. Lägg in den i systemet, tillsammans med klient-id.
secret-earlier = Tidigare hemligheter gäller till
secret-earlier-hint = Tomt betyder sju dagar, så att systemet hinner byta. Högst trettio dagar.
secret-made = Hemligheten är { $told } – den visas bara nu.
secret-not-now = Kontot kan inte få en hemlighet förrän det är öppet och dess slutdatum inte har passerat.
done-createServiceAccount = Tjänstekontot är tillagt. Skapa en hemlighet, så kan det användas.
done-changeServiceAccount = Tjänstekontot är ändrat.
done-revokeServiceCredential = Hemligheten är återkallad.

## Webhookar
webhooks-title = Webhookar
webhooks-lead = Ett annat system kan få veta vad som händer här, när det händer. Det som skickas är vilken händelse det är och vad den gäller, aldrig några texter.
webhooks-none = Här finns inga webhookar att visa.
webhook-new = Ny webhook
webhook-add = Lägg till webhooken
webhook-new-about = Systemet får veta det som händer från och med nu. Hemligheten som meddelandena undertecknas med visas en gång, när webhooken är tillagd.
webhook-of = Händelser hos
webhook-of-hint = Organisationen och det som ligger under. Det går inte att ändra sedan.
webhook-url = Adress
webhook-url-hint = Börjar med https:// och leder till det andra systemet.
webhook-kinds = Typer av händelser
webhook-kinds-hint = Med rutorna tomma skickas varje händelse.
webhook-every-kind = Varje händelse
webhook-active = Skicka
webhook-active-hint = Medan det inte är ikryssat väntar händelserna, och skickas sedan.
webhook-on = skickas
webhook-off = avstängd, händelserna väntar
webhook-paused = pausad av registret: { $reason }
webhook-failing = går inte fram sedan { $time }
webhook-changes = Ändra webhooken
webhook-change = Byt namn, adress eller händelser
webhook-replay = Skicka igen
webhook-replay-about = Händelserna skickas en gång till, i ordning och under samma namn som förra gången, före det som är nytt.
webhook-replay-from = Från och med den tiden
webhook-secret = Byt hemlighet
webhook-secret-about = Den nya hemligheten visas en gång, här. I ett dygn undertecknas meddelandena med den gamla också.
webhook-made = Webhooken är tillagd. Dess hemlighet är { $told } – den visas bara nu.
webhook-secret-made = Den nya hemligheten är { $told } – den visas bara nu.
webhook-delete = Ta bort webhooken
webhook-delete-about = Inget mer skickas, och listan över leveranser försvinner. Historiken finns kvar.
done-changeWebhook = Webhooken är ändrad.
done-deleteWebhook = Webhooken är borttagen.
told-replayed = { $count ->
    [0] Ingen händelse skickas igen: det som systemet inte har fått står redan på tur.
    [one] En händelse skickas igen.
   *[other] { $count } händelser skickas igen.
}
deliveries-title = Leveranser
deliveries-about = Försöken de senaste trettio dagarna, det senaste först.
deliveries-count = { $count ->
    [one] Ett försök
   *[other] { $count } försök
}
delivery-attempt = Försök nummer
delivery-outcome = Resultat
delivery-next = Nästa försök

## Utskick
letters-title = Utskick
letters-lead = Brev från registret de senaste nittio dagarna, och vad som blev av dem. Vad som stod i dem sparas inte.
letters-no-mail = Registret skickar inte e-post: driften har inte angett någon e-postserver.
letters-mine = Brev till mig, och vad som blev av dem
letters-count = { $count ->
    [one] Ett brev
   *[other] { $count } brev
}
letter-made = Bestämt
letter-to = Till
letter-kind = Sort
letter-status = Vad som blev av det
letter-next = { $attempts } försök hittills, nästa { $time }

## Att loggen bara har vuxit
growth-title = Bevis att loggen bara har vuxit
growth-about = Mellan två kontrollpunkter får händelser bara komma till: ingen får ändras, flyttas eller försvinna. Här görs beviset för det.
growth-choose = Välj två storlekar
growth-from = Från så många händelser
growth-to = Till så många händelser
growth-send = Visa beviset
growth-proof = Från { $from } till { $to } händelser
growth-proof-about = Roten vid den första storleken ska vara den som står på tredje raden i den kontrollpunkt som du har sparat. Beviset visar sedan, enligt RFC 6962, att loggen vid den andra storleken fortsätter från den första.
growth-root = Rot vid { $size } händelser
growth-hashes = Bevisets hashvärden
growth-hashes-none = Inga behövs: loggen är densamma.
growth-get = Hämta beviset
growth-file = vaxtbevis
growth-since = Fram till den senaste
growth-open = Kontrollpunkter, och bevis att loggen bara har vuxit
checkpoint = Kontrollpunkt
