### The texts of settings.
## What the region decides
mandatory-title = Mandatory risks
mandatory-none = No mandatory risks are issued for the year.
mandatory-kind = Kind
mandatory-withdrawn = Withdrawn
mandatory-issue = Issue a mandatory risk
mandatory-issue-about = It is put into every body's plan of the year at once. Proposed plans return to draft.
mandatory-continues = Continues last year's
mandatory-continues-hint = The bodies' risks then come along when plans are carried over.
mandatory-change = Change the wording
mandatory-withdraw = Withdraw
mandatory-withdraw-about = The risk is no longer mandatory. In drafts it stays as a risk like others, to be assessed, set aside or removed. Adopted plans do not change.
coverage-title = Coverage at boards and companies
coverage-present = Is in the plan
coverage-assessed = Assessed
coverage-controlled = Has a control
deadline-of = Last day to report, { $period }
deadline-save = Save the days of { $period }
deadlines-title = { $Region-of } last day to report
deadline-asked-from = Asked for from
deadline-asked-from-hint = From that day those who are to report are reminded. Empty means fourteen days before the last day of the period.
deadline-asked-from-day = asked for from { $date }
policies-title = Scales
policy-threshold = A risk is in the plan when its score is above { $threshold }.
policy-levels = What the levels demand

## The scales
policy-as-it-is = The scale
policy-versions = Versions
policy-versions-about = A version never changes. A plan follows the version that held when it was made, unless the controller changes it in the draft.
policy-version-link = Version { $number }
policy-rename = Rename the scale
policy-new = Change the scale
policy-new-from = Make a new version from this one
policy-new-about = The change is saved as a new version, once you have seen what it would move.
policy-try = Try a change
policy-try-from = Try a change from this version
policy-try-about = See what another scale would move in the plans that you see. The scale does not change.
policy-from = Begins from { $name }, version { $number }.
policy-newest-about = This is the newest version. New plans follow it, but for those of a board or company with a scale of its own.
policy-newest-own = This is the newest version. New plans follow it.
policy-followed = Plans that follow the version
policy-followed-none = No open plan that you see follows the version.
policy-tried = Nothing is saved yet. Here stands what the change would move.
policy-reshaped = The form has the rows that you chose. Nothing is saved yet.
policy-levels-form = Levels
policy-would-be = What the scale would be
policy-go-on = Change more
policy-save-title = Save as a new version
policy-save-about = What was tried is saved. New plans follow the new version. A draft changes only when the controller chooses so, and an adopted plan keeps its scale.
policy-save-about-other = What was tried is saved. The organisation has another scale that new plans follow, so this version is used by the drafts whose controller chooses it.
policy-save = Save new version
policy-own = Save as a scale of one's own
policy-own-about = For who is not to follow the scale above. New plans of the board or company follow its own scale.
policy-own-of = For
policy-own-name = The scale's name
policy-own-save = Save own scale
policy-limit = Limit for being in the plan
policy-limit-hint = A risk is in the plan when its score is above this number.
policy-down-name = Name of the likelihood
policy-across-name = Name of the consequence
policy-axis-hint = What your scale calls it, as materiality. Empty means the usual name. It stands wherever the scale is shown, in documents too.
policy-cells = Score and level
policy-cells-about = A cell for each { $down-in } and { $across-in }: the score on top, the level below it.
policy-show-moves = Show what the change moves
policy-shape = More or fewer steps and levels
policy-shape-about = The form is shown again with that many rows. What you have written in the rows that remain stays.
policy-shape-likelihoods = Number of steps of { $down-in }
policy-shape-consequences = Number of steps of { $across-in }
policy-shape-levels = Levels that the scale has
policy-shape-send = Show the form so
level-label = The level's name
level-colour = Colour
level-demand = What the level demands
level-action = Action required
level-action-hint = Else the plan must justify why there is none.
level-justification = Justification required if the risk is accepted
level-justification-hint = For a risk without controls and actions, or one that is only accepted.
level-monitored = The risk must be monitored
level-monitored-hint = By a control, or by an assessment confirmed during the year.
step-label = The step's name
step-description = When to choose it
colour-light-green = Light green
colour-green = Green
colour-yellow = Yellow
colour-orange = Orange
colour-red = Red
row-likelihood = { $down } { $n }
row-consequence = { $across } { $n }
row-cell = { $down } { $n }, { $across-in } { $m }
row-level = Level { $n }

## What a scale moves
moves-title = What the change affects
moves-others = What the version would move in other plans
moves-of = Risks that move in { $plan }
moves-no-plans = No other open plan that you see follows the scale.
moves-no-risks = no risks.
moves-truncated = Not all plans or risks have room here. Those of the newest years are shown.
policy-remarks = This is allowed. See that it is meant:
moves-keeps = The plan keeps its scale. So next year's plan would begin.
moves-still = Nothing moves in:
moves-anew = To be assessed anew
moves-score-before = Score now
moves-score-after = Score after
moves-level-before = Level now
moves-level-after = Level after
moves-in-before = In the plan now
moves-in-after = In the plan after
follow-summary = Let the plan follow this version
follow-about = The risks' scores, levels and numbers are computed anew as listed. Assessments that have no place in the scale must be made anew.
follow-send = Change version in the plan

## The organisation
organisations-title = Organisations
organisations-lead = { $Region } with its boards and companies, and their parts. Who has a role in an organisation has it in all that lies below, too.
organisations-with-ended = Show organisations that have ended, too
organisations-without-ended = Show only organisations that exist today
organisation-kind = Kind of organisation
organisation-abbreviation = Abbreviation
organisation-from = First day
organisation-to = Its last day
organisation-ended = ended
organisation-plans = Is to have a plan each year
organisation-plans-hint = Concerns boards and companies alone.
organisation-auditors = What the auditors are called
organisation-auditors-hint = For example stadsrevisionen. Empty means the usual name.
organisation-root-hint = What everything is called follows from it: the office and the auditors, too.
organisation-plans-short = has plans
organisation-under = Lies under
organisation-successor = Goes on in
organisation-successor-hint = If its tasks go over to another organisation.
organisation-below = Organisations below
organisation-below-none = No organisations lie below this one.
organisation-changes = Change the organisation
organisation-change = Rename it, or change other details
organisation-new = New organisation
organisation-new-below = New organisation below this one
organisation-add = Add the organisation
organisation-move = Move the organisation
organisation-move-about = All that lies below comes along. Who has roles at the new place has them here too, and who has roles at the old one loses them here.
organisation-move-send = Move
organisation-end = End the organisation
organisation-end-about = The organisation is not removed: its plans and history stay.
organisation-open = Before it ends there is this to see to:
organisation-open-plan = The plan for { $year } is not closed
organisation-open-none = Nothing is open at the organisation.
done-createOrganisation = The organisation is added.
done-changeOrganisation = The organisation is changed.

## Users and roles
users-title = Users and roles
users-search = Search in name and e-mail address
user-new = New user
user-change = Change the details
user-active = Active
user-active-hint = Who is not active cannot sign in, and is signed out at once.
user-language = Language
user-subject = Id at the organisation's sign-in
user-subject-hint = Filled in if the person signs in with the organisation's common sign-in.
user-password = Give a new one-time password
user-password-about = The present password stops working. The one-time password is shown once, here. It holds for three days, and only for choosing a password of one’s own.
user-password-made = The one-time password is { $told } – it is shown only now.
roles-none = No roles.
role = Role
role-from = Holds at and below
role-drafts = The reader sees drafts, too
role-give = Give a role
role-back = Take back the role { $role }, { $at }
user-new-about = The new user gets their roles at once. A role holds for the organisation and all below it. Rows that are left empty do not count.
user-new-roles = Roles
user-new-send = Add the user
user-role-row = Role { $n }
user-role-reads = What a reader sees
user-role-reads-decided = What is adopted
user-role-reads-drafts = Drafts too
user-invite = Send an invitation
user-invite-hint = The person gets a letter about who has invited them, to which roles, and with a link to choose a password. The link works once, for three days. Whoever signs in as the organisation signs in gets a link there.
user-invite-off = The register sends no mail. When the user is added, give a one-time password on the person's page.
hand-over = Hand everything over to somebody else
hand-over-about = Risks, controls, actions and open recommendations change owner.
hand-over-to = To

## Goals and texts
goals-title = Goals
goals-lead = { $Region-of } goals, and below them those of boards and companies. Risks in the year's plans are held against them.
goal-new = New goal
goal-owner = Organisation
goal-owner-hint = Whose goal it is.
goal-number-hint = As it stands in the budget, for example 3.3.1.
goal-above = Goal above
goal-continues = Continues last year's
goal-continues-hint = Then risks go along to this goal when plans are carried over.
goal-change = Change the goal
goal-delete = Delete the goal
goal-delete-about = Only a goal that nothing leans on can be deleted.
texts-title = Standing texts
texts-lead = The legal ground, the guideline and other texts that stand in every plan. A text holds from its year until a later year has a new one. One that has a day of its own, as a law has, is chosen by the day of the board's decision.
texts-check = The texts of law that come with the register are in words of its own, before and from 1 July 2025 (prop. 2024/25:80). Check them against the law:
texts-check-law = the Local Government Act (2017:725) at the Riksdag, in Swedish
text-new = New text
text-owner-hint = { $Region-of } text stands in everyone's plans, unless the board or company has one of its own.
text-from-year = Holds from the year
text-from-year-hint = The first plan year in which it stands.
text-from-day = Holds from the day
text-from-day-hint = Left empty for a text that holds for whole plan years. The day must lie in the year of the text.
text-key = Key
text-kind-ground = Legal ground of boards
text-kind-ground-company = Legal ground of companies
text-kind-guideline = The guideline
text-key-hint = Which text it is: legalGround for the legal ground, legalGroundCompany for companies, guideline for the guideline, or a word of your own of the letters a–z and digits, without spaces.
text-change-about = Plans that are adopted already keep the words that were decided on.
text-delete = Delete the text
text-delete-about = Plans that are adopted already keep it.

## What was just done
done-createGoal = The goal is added.
done-deleteGoal = The goal is deleted.
done-createStandingText = The text is added.
done-deleteStandingText = The text is deleted.
done-createUser = The user is added. Whoever has not been invited needs a one-time password to sign in.
done-grantRole = The role is given.
done-revokeRole = The role is taken back.
user-sign-out = Sign out everywhere
user-sign-out-about = Ends every sign-in of the person at once, for example when a computer is lost. They can sign in again; whoever may not is deactivated instead.
done-endUserSessions = The person is signed out everywhere.
done-handOver = Everything is handed over.
done-issueMandatoryRisk = The mandatory risk is issued.
done-withdrawMandatoryRisk = The risk is withdrawn.
done-createPolicyVersion = The new version is saved.
done-createScoringPolicy = The scale is saved.
done-changeScoringPolicy = The scale is renamed.

## Counts
users-count = { $count ->
    [one] One user
   *[other] { $count } users
}
moves-plans = { $count ->
    [one] In one plan:
   *[other] In { $count } plans:
}
moves-entered = { $count ->
    [one] one risk comes into the plan
   *[other] { $count } risks come into the plan
}
moves-left = { $count ->
    [one] one risk leaves the plan
   *[other] { $count } risks leave the plan
}
moves-moved = { $count ->
    [one] one risk gets another score, level or reason
   *[other] { $count } risks get another score, level or reason
}
moves-unfit = { $count ->
    [one] one risk must be assessed anew
   *[other] { $count } risks must be assessed anew
}
moves-unchanged = { $count ->
    [one] one risk stays as it is
   *[other] { $count } risks stay as they are
}
goals-count = { $count ->
    [one] One goal
   *[other] { $count } goals
}
texts-count = { $count ->
    [one] One text
   *[other] { $count } texts
}
mandatory-needs-goal = A mandatory risk belongs to one of { $region-of } goals, and the year has no goals yet.
role-with-drafts = sees drafts too
user-answers-for = Responsibilities
user-answers-none = The person answers for nothing in plans that can be changed.
user-answers-leave = Hand the responsibilities over before the account is turned off: the tasks follow the person.
told-handed-risks = { $count ->
    [0] no risks
    [one] one risk
   *[other] { $count } risks
 }
told-handed-controls = { $count ->
    [0] no controls
    [one] one control
   *[other] { $count } controls
 }
told-handed-actions = { $count ->
    [0] no actions
    [one] one action
   *[other] { $count } actions
 }
told-handed-recommendations = { $count ->
    [0] no recommendations
    [one] one recommendation
   *[other] { $count } recommendations
 }
told-handed = Handed over: { $told }.
organisation-open-parts = { $count ->
    [one] One organisation below it goes on
   *[other] { $count } organisations below it go on
}
organisation-open-deficiencies = { $count ->
    [one] One deficiency is open
   *[other] { $count } deficiencies are open
}
organisation-open-recommendations = { $count ->
    [one] One recommendation is open
   *[other] { $count } recommendations are open
}
organisation-open-roles = { $count ->
    [one] One role holds there, of somebody active
   *[other] { $count } roles hold there, of people who are active
}
organisation-open-webhooks = { $count ->
    [one] One webhook tells of it
   *[other] { $count } webhooks tell of it
}

## Words of one's own
wordings-title = Own words
wordings-lead = What the plan, the reports, the periods and other things are called here. Words hold from their year until a later year has others, and for those below the organisation that have no word of their own for the same thing.
wordings-count = { $count ->
    [0] The register's words hold everywhere
    [one] One organisation and one year
   *[other] { $count } organisations and years
}
wording-new = New own words
wording-new-about = More words are written on the next page, where you see how they read.
wording-owner-hint = { $Region-of } words hold where there are no own ones.
wording-year-hint = The first plan year for which they hold. What is sealed keeps its words.
wording-plan = Name of the plan
wording-plan-hint = Stands before the year. Left empty for the usual one.
wording-report = Name of the report
wording-report-hint = Stands before the period and the year. Left empty for the usual one.
wording-periods = Periods
wording-responses = Response to the risk
wording-categories = Own categories
wording-categories-about = Each own category counts as one of the four when { $region } adds up. Where there are own categories, risks are put in those.
wording-category = Category { $number }
wording-category-as = Category { $number } counts as
wording-counted-as = counts as { $category }
wording-preview = How the words read
wording-preview-about = With what is inherited from organisations above.
wording-change = Change the words
wording-change-about = Leave a field empty to say what the organisation above says. What is sealed keeps its words.
wording-delete = Delete the words
wording-delete-about = Then the words of the year before hold, or those of the organisation above.
done-createWording = The words are added.
done-deleteWording = The words are deleted.
personal-data = What is held about me
personal-data-about = All that the register holds about you, in a file that programs can read (JSON): account, roles, sign-ins, letters, drafts, what you own, answer for and have written, and what you have done. Passwords and keys do not stand there.
personal-data-get = Get the file about me
personal-data-file = personal-data
personal-data-of-about = All that the register holds about the person, in a file that programs can read (JSON), for who asks for their data. Drafts, passwords and keys do not stand there, nor the content of what you do not see yourself.
personal-data-of-get = Get the file about the person
personal-data-of = What is held about the person
