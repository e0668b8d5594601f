### The texts of risks and plans.
## Words of the register
year = Year
yes = Yes
number = No.
plan = Plan
goal = Goal
goal-none = Without a goal
local-goal = Local goal
level = Level
score = Score
score-is = { $down-in } { $likelihood } × { $across-in } { $consequence }
score-said-in = Score { $score }: { $level }. The risk is in the plan.
score-said-out = Score { $score }: { $level }. The score does not bring the risk into the plan.
likelihood = Likelihood
consequence = Consequence
category = Category
reference = Reference
reason = Reason
change = Change
description = Description
risk-owner = Risk owner
responsible = Responsible
mandatory = Mandatory
mandatory-yes = Mandatory
mandatory-no = Others
in-plan = In the plan
in-plan-yes = In the plan
in-plan-no = Not in the plan
assessment = Assessment
confirmed-yes = Confirmed
confirmed-no = Assessment not confirmed
not-assessed = Not assessed
control = Control
controls = Controls
controls-none = The risk has no controls.
action = Action
actions = Actions
actions-none = The risk has no actions.
added-after = Added after adoption, { $date }
added = Origin
added-outside = It stands outside the plan until a revision takes it in.
adding-risk = The plan is adopted. The risk is added to the register, and stands outside the plan until a revision takes it in.
adding-control = The plan is adopted. The control is followed up from the period that comes after today.
adding-action = The plan is adopted. The action is followed up from the period that comes after today.
status-missing = Report missing
revision = Version
decision = Decision
document = Document
documents = Documents
version-full = Complete
version-public = Public version
documents-for-systems = Files for other systems
crumbs = Where you are

## Lists
filter = Search and filter
filter-show = Show
filter-clear = Clear filters
search-risks = Search in name and reference
pages = Pages
pages-previous = Previous page
pages-next = Next page
pages-at = Page { $page } of { $last }
owners-many = All (choose an organisation to see the names)
owner-unseen = Somebody else
risks-mine = My risks
risks-everyones = Everyone's risks
lists-label = Lists of the register
list-as-file = Download the list:
register-whole = Download the whole register (Excel)
search-controls = Search in the name of the control
search-actions = Search in the name of the action
period-open-now = The open period
controls-mine = My controls
controls-everyones = Everyone's controls
actions-mine = My actions
actions-everyones = Everyone's actions

## A risk
risk-new = New risk
risk-change = Change the risk
risk-name = Name of the risk
risk-name-hint = What may happen, in a sentence.
risk-gone = The risk has been retired from the plan and stays as it was.
risk-owner-only = The plan is adopted. Only the risk owner can be changed here.
area-hint = When the risk answers a mandatory area that { $region } has issued.
risk-organisation-hint = The part of the organisation where the risk is.
reference-hint = Set by the register if you leave it empty. It does not change once the plan is adopted.
risk-needs-revision = The plan says otherwise of this risk than today's assessment. The plan is in need of revision.
risk-decisions = Decisions on the risk
risk-history = The whole history of the risk
other-years = The risk year by year
other-years-chart = The score in the plan of each year
other-years-scale = The plans do not have the same risk matrix, so the scores cannot be compared as they are.
response = Response
response-hint = If the risk is accepted, give the reason below.
target-level = Target level
target-level-is = to reach { $level }
justification = Justification
justification-hint = Why the risk is accepted, or why no actions are needed.
irregularity = Concerns irregularities
irregularity-hint = Marked for risks of bribes, conflicts of interest, improper secondary occupations and the like.
secrecy = Secrecy
secrecy-marked = Marked as secret
secrecy-about = What is marked as secret is masked in the public version of documents. Leave empty if it does not apply.
secrecy-provision = Provision
secrecy-date = Date of the marking
secrecy-authority = Authority that marked it
taken-in = Taken in by decision
set-aside = Set aside
retired = Retired
include-summary = Take the risk in by decision
include-about = For a risk below the threshold that is to be in the plan all the same.
include-send = Take the risk in
unclude-send = Take the decision back
aside-summary = Set the risk aside (with a reason)
aside-about = For a risk that was considered and is not to be in this year's plan. Mandatory risks cannot be set aside.
aside-send = Set the risk aside
take-up-send = Take the risk up again
retire-summary = Retire the risk
retire-about = For a risk that is no more. It stays in the history with its reason.
retire-send = Retire the risk
delete-risk = Delete the risk
delete-risk-about = Only a risk that never stood in an adopted plan can be deleted.
assess-first = Assess the risk
assess-again = Assess anew or confirm
assess-later = Can be assessed later, too.
assess-reason = Reason for the assessment
assess-reason-hint = What has changed since last time, or why the assessment stands.
assess-send = Save the assessment
assessed-first = { $down } { $likelihood }, { $across-in } { $consequence }.
assessed-first-score = Score { $score }.
assessed-same = The assessment stands.
assessed-likelihood = { $down } { $from } → { $to }.
assessed-consequence = { $across } { $from } → { $to }.
assessed-score = Score { $from } → { $to }.
assessed-by-register = Copied from last year's plan
scale-table = What { $down-in } and { $across-in } come to together

## A control
control-add = New control
control-name = Name of the control
control-name-hint = What is controlled.
frequency = Frequency
frequency-hint = In your own words, as it is to stand in the plan.
recurrences = When it is to be reported
recurrences-hint = Choose all that apply.
due-period = Period of an annual control
due-period-hint = The year's last one, if nothing else is chosen.
due-date = Day of a one-off control
due-date-hint = The control is reported in the period of that day.
control-little = The plan is adopted. Only who is responsible can be changed here.
control-delete = Delete the control
control-delete-about = What was reported of it stays in the history.

## An action
action-add = New action
action-name = Name of the action
start-date = Starts
end-date = Ends
start-end = Start – end
end-date-reason = Reason for a moved end date
end-date-reason-hint = Required when the end date is changed in an adopted plan.
from-control = Born from the control
from-control-hint = If the action comes from what a control found.
money = Financial effect
money-about = Millions of kronor with one decimal. Minus is a cost.
money-full = A full year, fully carried out
money-plan = The plan's year
money-next = Next year
money-after = The year after
money-realised = Effect realised so far this year
money-realised-hint = What the measure has meant for the economy from the beginning of the year to the end of the period. Millions of kronor with one decimal. Minus is a cost.
effects-title = Financial effects
effects-about = What the actions of the plan's risks are expected to mean for the economy, goal by goal, and what has come of it so far.
effects-none = No action of the plan has a financial effect.
effects-planned = Planned effects
effects-count = Number of actions
effects-of-goals = All goals
effects-sum = Sum
action-little = The plan is adopted. Only the end date and who is responsible can be changed here.
action-delete = Delete the action
action-delete-about = What was reported of it stays in the history.

## The risk matrix
matrix-caption = Risks by { $down-in } (rows) and { $across-in } (columns)
matrix-all = All plans together
matrix-none = There are no plans to show for the year.
matrix-total = Assessed risks in the plan
matrix-unassessed = Not assessed yet:

## Plans
plan-title = { $Plan-name } { $year }, { $body }
plan-new = New plan
plan-body = Board or company
plan-status = The plan's status
plan-from = Carry over from
plan-from-none = Begin without risks
plan-from-hint = Risks, controls and actions come along. Each assessment is then to be confirmed.
plan-make = Create the plan
diary-numbers = Diary numbers
diary-numbers-hint = One on each line, your own first.
decision-clauses = Clauses of the decision
decision-clauses-hint = One on each line, in order. They are printed in the document.
decision-sent-to = Sent to
decision-sent-to-hint = One receiver on each line.
decision-board-change = Change made at the meeting
decision-board-change-hint = What the board itself changed. Printed in the document.
by-board = The board itself made a change at the meeting
by-board-hint = Say above what was changed. It is then no return: make the change, propose again and record the decision.
board-changed = Changed at the meeting, and to be made before the decision is recorded:
diary-add-summary = Add a diary number
diary-add-about = The number is shown here. What was sealed at the decision does not change.
diary-add-send = Add
plan-compare = Compare with last year
plan-scale = Scale
plan-scale-made = added { $date }
plan-missing = What is missing
score-adopted = Score in the adopted plan
dateless-title = Actions carried over without dates
dateless-about = The actions were carried over from an earlier plan. Their dates were of that year. Give them new ones, or the same days of the year of the plan.
dateless-take = The same days: { $start } – { $end }
dateless-take-all = Give all the dates that are offered
plan-complete = Nothing is missing. The plan can be proposed to the board.
plan-complete-proposed = Nothing is missing. The plan is before the board.
plan-next = Next step
plan-outside = Risks that are not in the plan
plan-outside-about = Their score is not above the threshold, or they are not assessed.
plan-sections-unwritten = These texts are not written:
plan-read = Read the plan as PDF
plan-as-list = The risks as a list
contents = Contents
contents-show = Show the contents
plan-now-score = Score today: { $score }, { $level }
plan-now-owner = Risk owner today: { $name }
plan-now-control = Control added after adoption: { $name }
plan-now-action = Action added after adoption: { $name }
plan-now-responsible = Responsible today for { $what }: { $name }
plan-now-end = End date today of { $what }: { $date }
plan-sections = The plan's texts
plan-about = About the plan
plan-proof = Prove that the plan is what the board decided
plan-needs-revision = The plan is in need of revision.
plan-returned = The plan was returned:
plan-revision = version { $number }
document-draft = Draft, as the plan stands now
document-proposed = Proposed to the board
document-now = Current
document-closed = Closed plan
decided-on = Date of the decision
deciding-board = Deciding board
paragraph = Paragraph of the minutes
paragraph-hint = Without the sign.
delivered-on = Delivered to { $region }
delivered-not = Not delivered to { $region }
delivered-not-newest = The newest version is not delivered.
delivered-short = delivered { $date }
propose-about = Once proposed the plan cannot be changed until the board has decided or returned it.
propose-send = Propose the plan
adopt-summary = Record the board's decision
adopt-about = The plan is sealed exactly as the board saw it, and the risks' numbers are fixed.
adopt-send = Adopt the plan
return-summary = Return the plan
return-send = Return
revise-summary = Begin the revision
revise-about = The adopted plan holds until the board has adopted the revision.
revise-reason = Reason for the revision
revise-reason-hint = It stands first in the revised plan.
revise-send = Begin the revision
abandon-summary = Abandon the revision
abandon-about = The plan becomes exactly what was adopted again. What was added in the draft is deleted, and what was changed or deleted comes back. Assessments, reported statuses, owners and those responsible stay as they are now.
abandon-send = Abandon the revision
deliver-summary = Record that the plan was delivered to { $region }
deliver-again-summary = Change the day of delivery to { $region }
deliver-again-reason = Reason for changing the day
deliver-report-summary = Record that the report is delivered to { $region }
deliver-send = Record
close-summary = Close the plan
close-about = The year is over and the plan is no longer followed up.
closing-reason = Closed without follow-up
close-reason-hint = Why the plan is closed although it was not followed up here. The follow-up of { $region } shows it.
close-send = Close the plan
delete-plan-summary = Delete the plan
delete-plan-about = The plan was never adopted and can be deleted with all that stands in it. The history stays, and the body still has to have a plan for the year.
delete-plan-send = Delete the plan
section-text = Text
section-hint = Paragraphs are parted by an empty line. A line that begins with "- " is an item of a list.
section-write = Write the text on { $name }
carried-texts = Texts from an earlier plan
carried-texts-about = They came along when the plan was carried over. Read each, and confirm it for this year or rewrite it.
carried-text-from = from the plan for { $year }
carried-text-confirm = Confirm the text on { $name }
carried-texts-confirm-all = Confirm all texts as they are
carried-text-write = The text is from the plan for { $year }. Once you save, it is confirmed for this year.
take-over = Risks to take over
take-over-about = A board or company goes on in this one. The risks of its plan can come into the draft, with reference and history. Risks that are here already are not touched, and each assessment is then to be confirmed.
take-over-from = Plan to take risks over from
take-over-send = Take the risks over
compare-lead = The plan for { $year } compared with { $other }.
compare-none = There is no earlier adopted plan to compare with.
compare-not = The scales differ, so the scores cannot be compared.
compare-gone = Risks that are gone
compare-changed = What has changed
compare-unchanged = Unchanged
compare-new = { $count ->
    [one] one new risk
   *[other] { $count } new risks
}
compare-raised = { $count ->
    [one] one risk has a higher score
   *[other] { $count } risks have a higher score
}
compare-lowered = { $count ->
    [one] one risk has a lower score
   *[other] { $count } risks have a lower score
}
compare-otherwise = { $count ->
    [one] one risk has changed otherwise
   *[other] { $count } risks have changed otherwise
}
compare-same = { $count ->
    [one] one risk is unchanged
   *[other] { $count } risks are unchanged
}
compare-left = { $count ->
    [one] one risk is no longer there
   *[other] { $count } risks are no longer there
}

## What was just done
done = Saved.
done-createRisk = The risk is added.
done-assessRisk = The assessment is saved.
done-deleteRisk = The risk is deleted.
done-retireRisk = The risk is retired.
done-deleteControl = The control is deleted.
done-deleteAction = The action is deleted.
done-createPlan = The plan is created.
done-proposePlan = The plan is proposed to the board.
done-adoptPlan = The decision is recorded and the plan sealed.
done-returnPlan = The plan is returned.
done-revisePlan = The revision is begun.
done-setCarriedDates = The actions have got dates.
done-confirmSections = The texts are confirmed.
done-takeOverRisks = The risks are taken over. Confirm the assessments.
done-closePlan = The plan is closed.
done-abandonRevision = The revision is abandoned. The plan is as it was adopted.
done-deletePlan = The plan is deleted.

## Counts
risks-count = { $count ->
    [one] One risk
   *[other] { $count } risks
}
controls-count = { $count ->
    [one] One control
   *[other] { $count } controls
}
actions-count = { $count ->
    [one] One action
   *[other] { $count } actions
}
plans-count = { $count ->
    [one] One plan
   *[other] { $count } plans
}
matrix-plans = { $count ->
    [one] One plan
   *[other] { $count } plans together
}
plan-follow-up = Follow up the plan
plan-change = Change the plan
missing-confirm = { $count ->
    [one] Confirm one assessment
   *[other] Confirm { $count } assessments
}
missing-dates = { $count ->
    [one] Give one action days
   *[other] Give { $count } actions days
}
missing-texts = { $count ->
    [one] Confirm one text
   *[other] Confirm { $count } texts
}
plans-unseen = Only the plans that you may see are shown here. Risks whose controls or actions you are responsible for stand under Risks.
plan-missing-own = The plan and its texts
plan-missing-count = { $count ->
    [one] One thing is missing before the plan can be proposed.
   *[other] { $count } things are missing before the plan can be proposed.
}
lack-sections = { $count } sections are not written
lack-sections-unconfirmed = { $count } texts of an earlier plan are neither confirmed nor rewritten
lack-mandatory = { $count } mandatory risks are missing from the plan
lack-areas = { $count } mandatory risk areas have no risk in the plan
lack-deficiencies = { $count } open deficiencies are not answered by the plan
lack-targets = { $count } indicators have targets that are neither confirmed nor rewritten
lack-set-aside = { $count } mandatory risks are set aside
lack-assessment = { $count } risks are not assessed
lack-assessment-outside = { $count } risks must be assessed anew, by the plan's matrix
lack-assessment-unconfirmed = { $count } risks have an assessment that is not confirmed
lack-goal = { $count } risks have no goal
lack-goal-of-year = { $count } risks stand under a goal that does not hold for the year of the plan
lack-owner = { $count } risks have no owner
lack-owner-inactive = { $count } risks have an owner who is no longer active
lack-owner-role = { $count } risks have an owner with no role that lets them look after them
lack-category = { $count } risks have no category
lack-response = { $count } risks have no response
lack-control = { $count } mandatory risks have no control
lack-action = { $count } risks must have an action or a justification
lack-justification = { $count } risks must be justified
lack-target-level = { $count } risks have a target level that the plan's matrix does not use
lack-controls-inactive = { $count } controls have someone responsible who is no longer active
lack-actions-inactive = { $count } actions have someone responsible who is no longer active
lack-controls-role = { $count } controls have someone responsible with no role that lets them report
lack-actions-role = { $count } actions have someone responsible with no role that lets them report
lack-end = { $count } carried-over actions have no end date
lack-end-year = { $count } actions end before the year of the plan
lack-end-start = { $count } actions end before they start
lack-controls-status = { $count } controls have no status
lack-actions-status = { $count } actions have no status
lack-judgements = { $count } judgements are missing
matrix-total-plans = Assessed risks in the plans
matrix-no-plan = There is no plan of { $body } for { $year } to show.
plan-reports = Decided reports
plan-revision-holds = version { $number } holds until the change is decided
plan-revised-because = The plan is being revised:
matrix-unassessed-count = { $count ->
    [one] Not assessed
   *[other] Not assessed
 }
unconfirmed-title = Carried-over assessments to confirm
unconfirmed-which = Unchanged assessments
unconfirmed-hint = Clear the risks that are to be assessed anew.
unconfirmed-confirm = Confirm the marked assessments
done-confirmAssessments = The assessments are confirmed.

## Search
search-title-page = Search the register
search-everything = Search the whole register
search-words = Words to search for
search-send = Search
search-about = Searches plans, reports, risks, controls, actions, goals, indicators, deficiencies, recommendations and people that you may see: their names, texts and references, and of plans and reports the year, the period and whose they are. Every word must be there.
search-every-kind = Show every kind
search-people = People
search-reports = Reports
search-count = { $count ->
    [one] One hit
   *[other] { $count } hits
}
search-all-of = Show { $count } hits
search-none = Nothing was found.

assign-title = Assign and complete several at once
assign-about = Mark risks, controls and actions, and give what all that are marked are to have. What is left empty stays as it is.
assign-all = Show all, those that are complete too
assign-lacking = Show only those that lack something
assign-none = All that can be given here is given.
assign-what = Give those that are marked
assign-owner-hint = Concerns the risks that are marked.
assign-responsible-hint = Concerns the controls and actions that are marked.
assign-send = Save for those that are marked
assign-each-title = Assign one by one
assign-each-about = Give in each row who has the risk, the control or the action, and the days of the action. The rows are saved together. An emptied box does not change what stands.
assign-each-part = Risk, control or action
assign-each-who = Risk owner or responsible
assign-each-send = Save the rows
done-assignTogether = The changes are saved.
done-assignSeparately = The rows are saved.

notes-title = Notes
notes-about = Whoever may see this sees the note, too. It is kept in the history, cannot be changed afterwards and stands in no document.
note = Note
note-hint = Write @ and the whole name of whoever you want to tell, such as @Anna Lind.
note-write = Write a note
note-tell = Tell
note-tell-hint = They get a letter with a link to this page.
note-tell-no-mail = The register sends no mail: they see the note when they open the page.
note-tell-more = Others than these are told with @ and the whole name in the text.
note-send = Save the note
note-told = Told: { $names }
done-writePlanNote = The note is saved.
done-writeRiskNote = The note is saved.
done-writeControlNote = The note is saved.
done-writeActionNote = The note is saved.

files-title = Files
files-about = The file becomes evidence of this. Whoever sees the page can fetch it. The follow-up report of the period tells its name and checksum, and the history shows who left it.
file-label = File
file-add = Leave a file
file-send = Save the file
file-hint = 25 MiB at most, ending in one of { $endings }. No macros.
file-public-flag = Name the file in public documents too
file-public-hint = Otherwise it stands in the full ones alone. The name shows what the file is about.
file-is-public = Named in public documents too
file-public = Name in public documents
file-not-public = Do not name in public documents
done-changeFile = The choice is saved.
file-remove = Remove the file
file-erased = What the file held has been erased
done-addControlFile = The file is saved.
done-addActionFile = The file is saved.
done-addDeficiencyFile = The file is saved.
done-removeFile = The file is removed.

import-new = Take in from Excel
import-title = Take in risks from a file
import-lead = Take risks with controls and actions from a workbook into the draft of the plan. First you see what is recognised and what would be done. Nothing changes until you say so.
import-file = File
import-file-hint = Excel (.xlsx) or CSV, at most 20 MiB, 1,000 risks and 5,000 controls and actions.
import-upload = Upload the file
import-not-draft = Only a draft takes in risks from a file.
import-how = How rows are matched
import-how-register = The organisation’s whole register, as a workbook, is a template too: its lists of risks, controls and actions can be taken in again. Of several years the plan’s own is taken, or else the newest. An empty cell changes nothing.
import-how-about = A risk with the same reference as a risk of the plan changes it. Without a reference the name counts. A risk that the body had in an earlier year’s plan goes on. The same file twice changes nothing.
import-of = Import of { $name }
import-back = Get the file with remarks (Excel)
import-sha = SHA-256
import-result = What would be done
import-result-done = What was taken in
import-made = { $count ->
    [one] 1 risk is new.
   *[other] { $count } risks are new.
}
import-changed = { $count ->
    [one] 1 risk is changed.
   *[other] { $count } risks are changed.
}
import-left = { $count ->
    [one] 1 risk stays as it is.
   *[other] { $count } risks stay as they are.
}
import-columns = Columns
import-columns-about = This is how the file was understood. Change what is wrong, answer the questions and try again.
import-taken = Take the rows of the sheet { $sheet }
import-rows = Heading in row { $heading }, contents in rows { $rows }.
import-heading-row = Another heading row of the sheet { $sheet }
import-heading-row-hint = The row’s number in Excel. The columns are then recognised anew.
import-skipped = { $count ->
    [one] 1 row is passed over
   *[other] { $count } rows are passed over
}
import-take-rows = Take all the same of the sheet { $sheet }
import-column = { $letters }: { $heading }
import-scoring = { $letters }: { $heading } belongs to
import-into = { $letters }: put { $heading } into the description
import-examples = For example: { $examples }
import-assessment = Which assessment counts
import-assessment-hint = Where there is also one before controls and actions, it becomes an older assessment.
import-questions = Questions
import-questions-about = The words stand in the file, and only you know what they mean. Your answers are kept for the next time. What you leave empty stays as words.
import-leave = Leave empty, keep the words
import-leave-kinds = Leave empty
import-answered = { $count ->
    [one] 1 question is not answered.
   *[other] { $count } questions are not answered.
}
import-answer-hint = { $count ->
    [one] Stands in 1 cell: { $cells }
   *[other] Stands in { $count } cells: { $cells }
}
import-date-hint = An empty date leaves the words as words.
import-date-hint-kinds = Give the day, or mend it in the file and take the file in again.
import-grant = Give those who are named the role that it takes
import-grant-hint = For people who may not own risks or be responsible for controls and actions yet.
import-try = Save and try again
import-faults = What keeps the import from being executed
import-faults-about = Nothing is taken in as long as one of these stands. Answer the questions, change how the file is understood, or mend the file and upload it again.
import-remarks = Good to know
import-place = Place
import-what = What
import-execute = Execute the import
import-execute-about = All of it is taken in, or nothing. The history names the file’s SHA-256.
import-hindered = The import cannot be executed yet. See what keeps it.
import-controls = Controls
import-actions = Actions
import-parts-new = { $count ->
    [one] 1 new
   *[other] { $count } new
}
import-altered = { $count ->
    [one] 1 changed
   *[other] { $count } changed
}
import-beyond = The first { $shown } of { $all } are shown. The rest is in the API.
import-kind = What the file holds
import-kinds-title = Take in a file
import-kind-title = Take in { $kind }
import-kind-lead = First you see what is recognised and what would be done. Nothing changes until you say so.
import-kinds-lead = Choose what the file holds. Risks are taken in from the plan’s page.
import-organisation-hint = The file is about this organisation and those below it. A row that names no organisation belongs here.
import-how-users = Name, e-mail address and roles. Whoever is there already is known by the address. Nobody gets a password, and nobody loses a role.
import-how-organisations = Name, kind and what is above, in any order. One that is there already is known by its name and by what is above. It is moved by the register’s id.
import-how-goals = Year, goal, indicator, unit and target. Goals that the indicators measure are added where they are missing.
import-how-outcomes = Year, period, indicator, organisation and outcome. Commas, spaces and per cent signs are fine.
import-how-own = The register’s own lists, as Excel or CSV, can be taken in again. The same file twice changes nothing.
import-row = Row
import-entity = What it is
import-questions-about-kinds = The words stand in the file, and only you know what they mean. Your answers are kept for the next time.
import-rows-made = { $count ->
    [one] 1 new.
   *[other] { $count } new.
}
import-rows-changed = { $count ->
    [one] 1 changed.
   *[other] { $count } changed.
}
import-rows-left = { $count ->
    [one] 1 left as it is.
   *[other] { $count } left as they are.
}
import-file-hint-kinds = Excel (.xlsx) or CSV, at most 20 MiB and 1,000 rows.
done-createImport = The file is read. Nothing is changed yet.
done-changeImport = How the file is understood is saved, and tried again.
done-executeImport = The import is executed.
