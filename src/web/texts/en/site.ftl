### The texts of the pages in English. The keys stand in the same order as in sv.ftl.

## Around every page
skip = Skip to the content
nav-label = Main menu
nav-home = Overview
nav-menu = Menu
nav-tasks = My tasks
nav-risks = Risks
nav-matrix = Risk matrix
nav-plans = Plans
nav-follow-up = Follow-up
nav-deficiencies = Deficiencies
nav-audit = Audit
nav-history = History
nav-settings = Settings
nav-help = Help
nav-accessibility = Accessibility statement
nav-api = API for other systems
sign-out = Sign out
demo-note = Demonstration: assessments, owners and categories are made up.
as-of-banner = The register as it was on { $time }. Nothing can be changed here.
as-of-banner-day = The register as it stood when { $date } had ended. Nothing can be changed here.
as-of-before = The register began on { $date }. The day that you have chosen lies before that, so there is nothing of it to show.
as-of-today = To the register today
as-of-ask = Show the register as it stood on
as-of-ask-label = Another day
as-of-show = Show the day
as-of-not-there = Not there on that day
as-of-not-there-about = What you look for was not in the register then, or you may not see it.
past-stays = What has been cannot be changed.

## Signing in
sign-in = Sign in
sign-in-email = E-mail address
sign-in-password = Password
sign-in-empty = Write both e-mail address and password.
sign-in-ended = Your session has ended. Sign in again, and what you wrote is still there.
sign-in-back = You are signed in again. What you wrote is not saved yet: check it and send it.
sign-in-emergency = Sign in by the account for emergencies
sign-in-emergency-about = For days when the usual sign-in does not work. Everybody is told that it was used.
emergency-used = The account for emergencies was used to sign in { $time }. It is for days when the usual sign-in does not work.
forgotten-elsewhere = Nobody has a password here. Sign in through the organisation.
signed-out = You are signed out here
signed-out-about = Now you are signed out of the organisation’s sign-in too, so that the next person at this computer does not come straight in.
signed-out-go = Sign out there too
sign-in-issuer = Sign in with the organisation's sign-in
sign-in-issuer-beside = Do you sign in with the organisation's sign-in? Do so in a new window, then come back here and go on with what you wrote.
sign-in-issuer-window = Sign in in a new window
sign-in-issuer-again = Go on with what I wrote
sign-in-issuer-away = The organisation's sign-in does not answer just now. Try again in a while.
sign-in-issuer-broken = The sign-in was not completed. Try again.
sign-in-about = Riskregister is { $region-of } register of risks in internal control: how they are assessed, controlled and acted on, the plan that { $board } decides on, and how it goes during the year.
sign-in-behind = About the register
sign-in-operator = { $name } is behind the register.
sign-in-ask = Can you not get in, or do you have a question? Turn to your internal-control coordinator, or the register's administrator.
sign-in-ask-contact = Can you not get in, or do you have a question? Turn to
sign-in-help = How the register is used
forgotten = Forgotten your password?
forgotten-about = Write your e-mail address, and we send a letter with a link. By it you choose a new password.
forgotten-send = Send the link
forgotten-empty = Write your e-mail address.
forgotten-sent = Look in your e-mail
forgotten-asked = If the address belongs to an account with a password, a letter will soon come there. The link in it works once, for an hour.
forgotten-nothing-came = Does no letter come? Look among the spam, and see that the address is the one that you sign in with. If you sign in as your organisation signs in, you change your password there. Otherwise your internal-control coordinator or the register's administrator can help you.
forgotten-off = This register sends no letters. Your internal-control coordinator or the register's administrator can give you a new password.
forgotten-back = To the page for signing in
choose-password = Choose a password
choose-whose = The password is for the account with the address { $email }.
choose-send = Choose the password
choose-over = The link does not hold
choose-over-about = The link has been used already, is too old, or is not whole. The password is the same as before.
choose-anew = Ask for a new link
done-completePasswordReset = The password is chosen. Sign in with it.

## Forms
form-title-faults = Error:
form-faults = { $count ->
    [one] One thing needs mending
   *[other] { $count } things need mending
}
form-stale = Somebody else has changed the same thing while you wrote
form-stale-own = You have changed the same thing yourself since the page was opened, perhaps in another tab
form-stale-since = This has changed since the page was opened
form-stale-about = What you propose is still in the fields, and where it differs, what is saved now is shown. Choose which is to hold and save again.
form-saved-now = Saved now:
draft-here = In the fields is a draft that you wrote on { $time } and have not saved. Only you see it.
draft-kept = The draft was kept at { $clock }, but is not saved yet.
draft-discard = Throw the draft away
earlier-adopted = The text in version { $number } of the plan
earlier-plan = The text in the plan for { $year }
earlier-period = The text from { $period } { $year }
earlier-same = the same text as here.
earlier-start = Start with this text
earlier-changed = Changed since then
earlier-removed = removed:
earlier-added = added:
earlier-end = end
form-marked = Fields with * must be filled in.
form-gone = This can no longer be done
form-old = The page had been open for too long. What you wrote is still there: check it and send it again.
choose-none = – choose –
choose-as-now = (unchanged)
choose-nobody = – nobody –
assign-unchanged = – leave as it is –
choose-all = All
grant-role = Give the person the role in the same step
grant-role-hint = Risk owner for a risk, performer for a control or an action. The role can be taken back on the page of the person.
empty-fill = Fill in { $label }.
empty-choose = Choose { $label }.
empty-missing = This is required.
did-to = See or change:
save = Save
error-kept = What you wrote
error-kept-about = It could not be saved. Copy it from here if you need it.
error-home = To the first page
error-back = To what it was about

## Before what locks or seals
check-thing = It is about
check-who = Done by
check-right = See that everything is right.
check-undone = See that everything is right. This cannot be undone.
check-making = When you answer yes the documents are written. That takes some seconds, and this page stays meanwhile. When it is done, you see what was done.
check-making-now = The documents are being written. Do not close the page: it changes when that is done.
check-change = Back, to change it
check-nothing-done = Nothing is done yet. Change what you like and send it again.
check-propose = Check before the plan is handed over for decision
check-propose-about = The plan is locked as it stands, and is what { $board } decides on. Read the document: it is the very one that is handed over.
check-propose-yes = Yes, hand the plan over
check-adopt = Check before the plan is adopted
check-adopt-about = The plan is sealed with the decision below. The document is the one that { $board } was given, with the decision in place of the mark UTKAST.
check-adopt-yes = Yes, adopt the plan
check-finalize = Check before the report becomes final
check-finalize-about = The report is locked as it stands, and is what { $board } decides on. Read the document: it is the very one that is handed over.
check-finalize-yes = Yes, make the report final
check-decide = Check before the decision is recorded
check-decide-about = The report is sealed with the decision below. The document is the one that { $board } was given, with the decision in place of the mark UTKAST.
check-decide-yes = Yes, record the decision
check-compile = Check before the compiled report becomes final
check-compile-about = Everyone's figures are sealed as they stand now. Read the document: it is the very one that becomes final.
check-compile-yes = Yes, make the compiled report final

## Words that come back
name = Name
organisation = Organisation
risk = Risk
status = Status
effect = Effect
comment = Comment
comment-hint = Required with yellow and red status. Write no personal data.
completed-on = Completed on
completed-on-hint = Filled in when the action is completed. Then it need not be reported again.
late = Late

## My tasks
tasks-title = My tasks
tasks-none = You have no tasks just now.
tasks-count = { $count ->
    [one] One task is waiting for you.
   *[other] { $count } tasks are waiting for you.
}
tasks-late = { $count ->
    [one] One of them is late.
   *[other] { $count } of them are late.
}
tasks-by = by { $date }
tasks-was-due = was due { $date }
tasks-before = { $period }:
tasks-effect-and-end = Effect and completion
tasks-send = Report it
tasks-more-fields = Report with references, secrecy or more
tasks-assess = Assess the risk
tasks-open-action = Open the action
action-late = The action was to be completed by { $date }.
tasks-report-completed = Report that it is completed
tasks-open-deficiency = Open the deficiency
tasks-open-recommendation = Open the recommendation
tasks-go-complete = Complete the plan
tasks-go-plan = Open the plan
tasks-go-decision = Record the decision
tasks-go-delivery = Record the delivery
tasks-go-close = Open the follow-up
tasks-go-report = Open the report
tasks-go-outcomes = Report outcomes
tasks-go-goals = Add the year’s goals first
tasks-go = Go to the page
done-reportControl = The status is reported.
done-reportAction = The status is reported.

## My account
account-title = My account
account-roles = Roles
account-password = Change password
account-password-about = When the password is changed you are signed out everywhere, and sign in with the new one.
account-password-current = Current password
account-password-new = New password
account-password-hint = At least 12 characters. A phrase of several words is good.
account-password-send = Change password
account-sessions = Where you are signed in
account-sessions-about = If you do not recognise something here: end it and change your password.
account-session-unknown = Unknown program
account-session-since = signed in { $time }
account-session-this = This is where you are now.
account-session-end = End { $device }, signed in { $time }
done-endMySession = The sign-in is ended.
account-everywhere = Sign out everywhere
account-everywhere-about = Ends all your sessions, in all browsers and programs.
done-changePassword = The password is changed. Sign in with the new one.

## Reminders and calendar
reminders-title = Reminders
reminders-weekly = Send me an e-mail on Mondays when I have something to do
reminders-about = About the weekly letter. The coordinator's reminders of a period are sent all the same.
calendar-title = Calendar
calendar-about = Get your last days in your usual calendar. Whoever has the address can read them, so do not share it.
calendar-make = Make a new calendar address
calendar-made = The address is { $told } – it is shown only now. Put it as a subscription into your calendar.
calendar-revoke = Turn the calendar address off
done-revokeMyCalendar = The calendar address is turned off.

## The meanings of the reading guide
guide-control-notPlanned = The control is not planned in the period, or planned in a later one.
guide-control-performed = The control has been performed without deviations.
guide-control-performedWithDeviations = The control has been performed and shows deviations. A comment tells which.
guide-control-notPerformed = The control should have been performed but has not been. A comment tells why.
guide-action-notStarted = Work on the action has not begun.
guide-action-onPlan = The action is carried out, or has been, according to plan.
guide-action-mostlyDone = Most is done but parts remain. A comment tells which.
guide-action-offPlan = The action is not carried out according to plan. A comment tells why.
guide-effect-notAssessed = The effect of the action is not assessed yet.
guide-effect-desired = The action is judged to give the desired effect.
guide-effect-uncertain = It is uncertain whether the desired effect is reached.
guide-effect-notDesired = The action is judged not to get the desired effect.

## Help
help-lead = Riskregister holds the board's { $plan-name }: risks, controls and actions, and how they go during the year.
help-year = How a year goes
help-year-plan = The coordinator makes the year's plan, new or from last year's. The risk owners assess their risks and describe controls and actions.
help-year-decide = When nothing is missing the plan is proposed. The board adopts it, and exactly what the board saw is sealed.
help-year-report = Three times a year ({ $t1 }, { $interim }, { $annual }) performers and risk owners report the status of what is due in the period.
help-year-close = The coordinator closes the period, makes the report and records the board's decision.
help-inclusion = Which risks are in the plan
help-inclusion-about = A risk is in the plan when its score is above the threshold of the plan's scale (8 unless something else is decided), when { $region } has made it mandatory, or when the board has taken it in by decision. The reason stands beside each risk.
help-scales = The scales
help-scales-about = A status is always shown as word, shape and colour together. Yellow and red are explained by a comment.
help-scale-control = Status of a control
help-scale-action = Status of an action
help-scale-effect = Effect of an action
help-meaning = Meaning
help-roles = The roles
help-role-regionAdministrator = Looks after { $region-of } organisation, users, scales, mandatory risks and deadlines.
help-role-head = Sees everything in their body, and is alerted when crime is suspected.
help-role-controller = Makes the plan and the reports, closes periods and records the board's decisions.
help-role-riskOwner = Assesses their risks and reports their controls and actions.
help-role-performer = Reports the controls and actions that they carry out.
help-role-reader = Reads what is adopted.
help-role-auditor = Reads everything, the history too, and writes recommendations and opinions.
help-own = Your jobs step by step
help-jobs = The jobs step by step
help-others = The jobs of others step by step
help-link = Help: { $job }
help-here = So it is at { $body } { $year }
help-choose = Show for another organisation or another year
help-days = The days of the periods
help-covers = Covers
help-scale = The scale
help-inclusion-besides = It can also stand in the plan because { $region } has made it mandatory, or because { $board } has taken it in by a decision.
help-signed-in = When you have signed in, the scale, the days and the rules of your organisation are shown here too.
help-report-title = Report the status
help-report-lead = When a period draws to its end, you tell how the controls and actions have gone that you are responsible for.
help-report-1 = Open My tasks. There stands what you are to report, with the last day.
help-report-2 = Choose the status that is right. What each means is told further down.
help-report-3 = Of an action you choose an effect, too. If the action is done, you write on which day it was completed.
help-report-4 = Explain a yellow or red status with a comment. Write no personal data.
help-report-5 = Send it. You can report again until the period is closed. The last one counts, and the earlier ones can still be read.
help-assess-title = Assess a risk
help-assess-lead = An assessment says how likely it is that something happens, and how bad it would be.
help-assess-1 = Open the risk. Read what it is about, and which controls and actions it has.
help-assess-2 = Choose a step on each axis. Read what the steps mean in the scale: they are there so that everybody assesses alike.
help-assess-3 = Write why you assess it so. Next year that text is what one begins with.
help-assess-4 = The score shows whether the risk is to stand in the plan.
help-assess-5 = The level shows what is demanded, such as an action or a justification. Add what is missing on the risk's page.
help-plan-title = Make the year's plan
help-plan-lead = The plan takes form during the autumn, and is done when it has what a decision demands.
help-plan-1 = Create the plan under Plans, a new one or from last year's. The year's mandatory risks come along by themselves.
help-plan-2 = Add the risks that belong to your goals, and give each risk an owner.
help-plan-3 = Ask the risk owners to assess their risks and to add controls and actions. Assign many at once under What is missing.
help-plan-4 = Write the texts of the plan. Last year's are a good beginning, but confirm each of them.
help-plan-5 = Follow the list What is missing. Each line leads to where it is added.
help-plan-6 = Propose the plan when the list is empty. When { $board } has decided, you record the decision, and then the very thing that { $board } saw is sealed.
help-follow-up-title = Follow up and report
help-follow-up-lead = Three times a year, { $t1 }, { $interim } and { $annual }, you gather how it goes and make a report to { $board }.
help-follow-up-1 = Open Follow-up and choose the period. There stands what is reported and what is missing.
help-follow-up-2 = Remind those who have not reported, or report for them. It shows who has done so.
help-follow-up-3 = See to it that the indicators have outcomes, and write your own assessment of internal control.
help-follow-up-4 = Close the period when what is to be reported is reported. The periods are closed in order.
help-follow-up-5 = Make the report, write its texts and make it final. Then it is locked as it stands, and can be put before { $board }.
help-follow-up-6 = Record the decision of { $board } and deliver the report to { $office }.
help-read-title = Read plan and report
help-read-lead = As a member of a board, or in its management, you read what is adopted and see how it goes.
help-read-1 = Open Plans and choose the year's plan. The document that { $board } decided on is there in several formats.
help-read-2 = See in Risk matrix where the risks lie. Choose a cell to read which risks are in it.
help-read-3 = Open a risk to read why it stands in the plan, how it is assessed and what is done about it.
help-read-4 = Read the report of the period. It shows what is done, what deviates and what has changed since the last one.
help-audit-title = Do an audit
help-audit-lead = As an auditor you read what the register holds, drafts and history too, and can try whether it is genuine.
help-audit-1 = Read the plan and the follow-up, and in History who has changed what, when and why.
help-audit-2 = Choose a day at the end of a page to see the register as it stood then.
help-audit-3 = Open the proof from an adopted plan. It says how you try by yourself that the document is the one that was decided on.
help-audit-4 = Write recommendations and opinions under Audit. They answer there, and it is you who closes a recommendation.
help-issue-title = Issue the year's mandatory risks and days
help-issue-lead = What holds for the whole of { $region } is issued in one place, and comes into each plan of the year.
help-issue-1 = Open Settings and choose the year.
help-issue-2 = Issue the risks and areas that are to stand in each plan. It takes that the year has goals.
help-issue-3 = Set the last day to report for each period, and from which day it is asked for.
help-issue-4 = Look over the scale and the standing texts. A plan that is adopted keeps the words that were decided on.
help-issue-5 = See under Follow-up which have an adopted plan, and which have delivered their report.

## Accessibility statement
a11y-lead = Riskregister is to be usable by everyone who needs it at work, also with a screen reader, the keyboard alone, high magnification or a small screen.
a11y-operator = { $name } is behind this website.
a11y-operator-unsaid = The organisation that runs the register is behind this website.
a11y-covers = The statement covers all pages of the register and the documents that the register writes.
a11y-how = How accessible the site is
a11y-partly = The website partly conforms to the Swedish act (2018:1937) on the accessibility of digital public services. What falls short stands under Known shortcomings.
a11y-how-about = The pages are made to meet WCAG 2.2 at level AA. Everything works without scripts and with the keyboard alone. Colour never carries meaning alone. Adopted documents in PDF are tagged according to PDF/UA.
a11y-lacks = Known shortcomings
a11y-lacks-why = This does not meet the requirements, or has not been shown to:
a11y-lack-docx = Documents in Word format have real headings and tables, but have not been tried with all screen readers.
a11y-lack-at = The pages have been tried with automatic tools and the keyboard in Chromium, but not yet by an independent reviewer.
a11y-lack-texts = Texts that people write are in Swedish and may be hard to read. The register does not mend them.
a11y-burden = Nothing is exempt because it would be a disproportionate burden to adapt it.
a11y-outside = Content that the act does not cover
a11y-outside-about = Records that evidence links to lie outside the register, with whoever holds them.
a11y-tell = Report deficiencies in accessibility
a11y-tell-about = Turn to your organisation's coordinator for internal control. You can also ask for the content in another format.
a11y-tell-contact = Contact us who run the service if something hinders you, or if you need the content in another format:
a11y-authority = Supervision
a11y-authority-about = The Agency for Digital Government (Digg) supervises the Swedish act on accessibility to digital public service. You can report shortcomings to Digg.
a11y-authority-form = Report to Digg
a11y-tested = How the site has been tested
a11y-tested-about = Every page is tested with axe-core in Chromium at each change of the program, with and without scripts, light and dark, and 320 pixels wide.
a11y-assessed = Accessibility was last assessed on { $date }, by our own review and automatic tools.
a11y-assessed-unsaid = Whoever runs the service has not said when accessibility was last assessed.
a11y-updated = The statement was last updated on { $date }.
a11y-updated-unsaid = It has not been said when the statement was last updated.
tasks-found = found { $date }
tasks-back = To my tasks
status-back = To all statuses of the period
tasks-late-one = It is late.

home-title = Overview
home-to-do = To do
home-all-tasks = { $count ->
    [one] Show the task
   *[other] Show all { $count } tasks
}
home-standing = How far the follow-up has come
home-due = To report
home-reported = Reported so far
home-missing = Missing
home-by = Last day
home-lacks = { $count ->
    [one] one thing is missing
   *[other] { $count } things are missing
}
home-ahead = Days ahead
home-last-day = Last day to report { $period }: { $body }
home-action-ends = The action is to be completed: { $name }
home-deficiencies = { $count ->
    [one] One open deficiency
   *[other] { $count } open deficiencies
}
home-recommendations = { $count ->
    [one] One open recommendation
   *[other] { $count } open recommendations
}
home-at-risk = Indicators that may not reach their target
home-since = What has happened since you signed in on { $time }
home-all-events = Show the whole history
home-highest = The highest risks
home-own-risks = Your risks
home-years = Score over the years
tasks-other = Other tasks
