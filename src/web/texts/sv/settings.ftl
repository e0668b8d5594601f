### Inställningarnas texter.
## Det regionen bestämmer
mandatory-title = Obligatoriska risker
mandatory-none = Inget är gjort obligatoriskt det året.
mandatory-kind = Slag
mandatory-withdrawn = Återkallad
mandatory-issue = Gör en risk obligatorisk
mandatory-issue-about = Den läggs genast in i varje nämnds och bolags plan för året. Framlagda planer återgår till utkast.
mandatory-continues = Fortsätter förra årets
mandatory-continues-hint = Då följer nämndernas risker med när planerna förs över.
mandatory-change = Ändra lydelsen
mandatory-withdraw = Återkalla
mandatory-withdraw-about = Risken är inte längre obligatorisk. Den finns kvar i planerna där den når över gränsen.
coverage-title = Hur den är besvarad
coverage-present = Finns i planen
coverage-assessed = Bedömd
coverage-controlled = Har kontroll
deadlines-title = Regionens sista dag att rapportera
policies-title = Skalor
policy-threshold = En risk är med i planen när riskvärdet är högre än { $threshold }.
policy-levels = Vad nivåerna kräver

## Användare och roller
users-title = Användare och roller
users-search = Sök i namn och e-postadress
user-new = Ny användare
user-change = Ändra uppgifterna
user-active = Aktiv
user-active-hint = Den som inte är aktiv kan inte logga in, och loggas ut genast.
user-language = Språk
user-subject = Id hos regionens inloggning
user-subject-hint = Fylls i om personen loggar in med regionens gemensamma inloggning.
user-password = Ge ett nytt engångslösenord
user-password-about = Det nuvarande lösenordet slutar gälla. Engångslösenordet visas en gång, här.
user-password-made = Engångslösenordet är { $told } – det visas bara nu.
roles-none = Inga roller.
role = Roll
role-from = Gäller vid och under
role-drafts = Läsaren ser också utkast
role-give = Ge en roll
role-back = Ta tillbaka rollen { $role }, { $at }
hand-over = Lämna över allt till en annan
hand-over-about = Risker, kontroller, åtgärder och öppna rekommendationer byter ägare.
hand-over-to = Till

## Det som just gjorts
done-createUser = Användaren är tillagd. Ge ett engångslösenord och en roll.
done-giveRole = Rollen är given.
done-takeRoleBack = Rollen är tillbakatagen.
done-handOver = Allt är överlämnat.
done-issueMandatoryRisk = Risken är obligatorisk.
done-withdrawMandatoryRisk = Risken är återkallad.

## Antal
users-count = { $count ->
    [one] En användare
   *[other] { $count } användare
}
