### The texts of settings.
## What the region decides
mandatory-title = Mandatory risks
mandatory-none = Nothing is made mandatory that year.
mandatory-kind = Kind
mandatory-withdrawn = Withdrawn
mandatory-issue = Make a risk mandatory
mandatory-issue-about = It is put into every body's plan of the year at once. Proposed plans return to draft.
mandatory-continues = Continues last year's
mandatory-continues-hint = The bodies' risks then come along when plans are carried over.
mandatory-change = Change the wording
mandatory-withdraw = Withdraw
mandatory-withdraw-about = The risk is no longer mandatory. It stays in the plans where its score is above the threshold.
coverage-title = How it is answered
coverage-present = Is in the plan
coverage-assessed = Assessed
coverage-controlled = Has a control
deadlines-title = The region's last day to report
policies-title = Scales
policy-threshold = A risk is in the plan when its score is above { $threshold }.
policy-levels = What the levels demand

## Users and roles
users-title = Users and roles
users-search = Search in name and e-mail address
user-new = New user
user-change = Change the details
user-active = Active
user-active-hint = Who is not active cannot sign in, and is signed out at once.
user-language = Language
user-subject = Id at the region's sign-in
user-subject-hint = Filled in if the person signs in with the region's common sign-in.
user-password = Give a new one-time password
user-password-about = The present password stops working. The one-time password is shown once, here.
user-password-made = The one-time password is { $told } – it is shown only now.
roles-none = No roles.
role = Role
role-from = Holds at and below
role-drafts = The reader sees drafts, too
role-give = Give a role
role-back = Take back the role { $role }, { $at }
hand-over = Hand everything over to somebody else
hand-over-about = Risks, controls, actions and open recommendations change owner.
hand-over-to = To

## What was just done
done-createUser = The user is added. Give a one-time password and a role.
done-giveRole = The role is given.
done-takeRoleBack = The role is taken back.
done-handOver = Everything is handed over.
done-issueMandatoryRisk = The risk is mandatory.
done-withdrawMandatoryRisk = The risk is withdrawn.

## Counts
users-count = { $count ->
    [one] One user
   *[other] { $count } users
}
