### The texts of follow-up.
## Words of follow-up
period = Period
due = Due
reported = Reported
missing = Missing
report = Report
report-none = No report is made.
file = File
effects = Effects
overdue = Late
late-to-start = Late to start
control-or-action = Control or action
count-green = { $count ->
    [one] green
   *[other] green
 }
count-yellow = { $count ->
    [one] yellow
   *[other] yellow
 }
count-red = { $count ->
    [one] red
   *[other] red
 }
count-dash-actions = { $word } or not under way
follow-up-besides = { $count ->
    [one] One more, which need not be reported in the period.
   *[other] { $count } more, which need not be reported in the period.
}
follow-up-ended = The plan was closed without having been followed up.
region-only = Selection
region-late-plan = Has no adopted plan
count-missing = { $count ->
    [one] missing
   *[other] missing
 }
correction = Correction

## Every body
region-title = Follow-up, { $period } { $year }
region-bodies = bodies
region-complete = have reported everything
region-decided = have a decided report
region-late = { $count ->
    [one] are late
   *[other] are late
}
region-undelivered = have something left to deliver to { $region }
region-not-reported = Not reported
region-unadopted = have no adopted plan
region-only-missing = Not complete
region-only-late = Late
region-only-undecided = Without a decided report
region-only-undelivered = Have not delivered to { $region }
region-none = Nothing to show.
region-mandatory = Mandatory risks
region-covered = { $present } of { $issued } in the plan
region-matrix = The year's risk matrix for all together
compiled = Compiled report
compiled-about = The compiled report tells how every board and company stands in the period. It is created as a draft.
compile = Create a compiled report
compiled-title = Compiled follow-up, { $period } { $year }
compiled-bodies = Boards and companies
compiled-adopted = Adopted { $date }
compiled-unadopted = No adopted plan
compiled-live = The figures follow the follow-up until the report is final:
compiled-final-on = Made final
compiled-preview-about = Until the report is final the documents are a preview of how things stand now.
compiled-finalize = Make the compiled report final
compiled-finalize-about = The figures are frozen as they are now, and the report is sealed in every format. After that it never changes.
compiled-discard-about = The texts of the draft are lost. The reports of boards and companies are not affected.
compiled-again-about = The final report stays. The new version says which one it replaces.
plan-none = No plan

## The periods of a plan
period-not-asked = Not followed up
not-adopted-not-followed = The plan is not adopted yet. It is followed up once the board has adopted it.
period-deadline = last day to report { $date }
period-closed-on = closed { $date }
period-reopened = Was opened again:
period-all = All statuses
follow-up-periods = The periods
follow-up-more = More of the period
period-change = Change the last day
period-own-deadline = Your own last day to report
period-own-deadline-hint = No later than { $region-of }. Empty means { $region-of } day.
period-required = Followed up although the period ended before the plan was adopted
close-period = Close the period
close-period-about = When the period is closed nobody can report in it. Everything due must be there.
close-early = Close the period early
close-early-reason = Reason for closing the period early
close-early-hint = The last day of the period is { $date }. The reason is printed in the report.
period-closed-early = Closed before its last day:
period-closed-early-short = The period was closed early
reopen-period = Open the period again
reopen-period-about = A final report of the period becomes a draft again.
statuses-title = Statuses, { $period }
statuses-due = Due
statuses-missing = Missing
statuses-none = Nothing to show.
status-not-due = It is not planned to be reported in the period.
status-cannot = The period takes no more reports, or somebody else reports this one.
status-report = Report the status
status-report-again = Report anew
references-about = Say where the references are kept, unless they are left as files.
reference-number = Reference { $number }
reference-address-hint = Begins with https://
status-versions = Everything reported
correction-because = Corrected because:
correction-make = Correct after the decision
correction-about = What the board decided on stays. The correction stands beside it.
remind-summary = Remind those who have not reported
remind-about = A letter goes to each who has something left to report, at most one a day.
remind-text = A few words of your own
remind-send = Send reminders

## The own assessment of internal control
coso-title = Own assessment of internal control
coso-about = A judgement of each of the five COSO components. The year's last report needs all five.
coso-judgement = Assessment
measures-title = Financial measures without a risk
measures-about = Measures for the economy that belong to no risk in the plan. The report of the period sums them with the plan's actions.
measures-from = The measures and their planned effect are those that were given for { $period }.
measures-rows = A measure that you empty is taken away. Save to get more empty rows.
measures-number = Measure { $number }
measures-none = No such measures have been given.

## The report
report-title = { $Report-name }, { $period } { $year }
report-make = Create the report of the period
report-version = version { $number }
report-versions = Versions
report-returned = The report was returned:
report-shown = Shown to the management group
report-preview-about = Before the decision the documents are a preview. A PDF opens in the browser, the others are downloaded. Making them may take a few seconds.
report-write-first = Write the report's texts
report-read = Read the report as PDF
report-plan = The plan
report-write = The report's texts
report-introduction = Introduction
report-conclusion = Conclusion
report-assurance = Assurance
report-assurance-hint = Required in the year's last report.
finalize = Make the report final
finalize-about = The content is frozen as the board is to get it. The period must be closed.
discard = Discard the draft
discard-about = The texts of the draft go. The statuses stay.
decide = Record the board's decision
decide-about = The report is sealed in every format and can never be changed after that. The year's last report closes the plan.
decide-early = Decision before the end of the period
decide-early-reason = Reason for deciding before the end of the period
decide-early-hint = Only where the decision was made on { $date }, the last day of the period, or before. The reason is printed in the report.
decided-early = Decided before the end of the period
report-return = Return the report
report-again = Create a new version
report-again-about = The decided report stays. The new version names the one it replaces.

## What was just done
done-closePeriod = The period is closed.
done-reopenPeriod = The period is open again.
done-createReport = The report is begun.
done-finalizeReport = The report is final.
done-returnReport = The report is returned.
done-discardReport = The draft is discarded.
done-decideReport = The decision is recorded and the report sealed.
done-createCompiledReport = The compiled report is begun.
done-finalizeCompiledReport = The compiled report is final and sealed.
done-writeSelfAssessment = The assessment is saved.
done-writeFinancialMeasures = The measures are saved.
done-correctControlReport = The correction is saved.
done-correctActionReport = The correction is saved.

## Counts
period-missing = { $count ->
    [one] Show the one that is missing
   *[other] Show the { $count } that are missing
}
told-reminded = { $count ->
    [0] No reminder was sent.
    [one] One reminder is on its way.
   *[other] { $count } reminders are on their way.
}
told-already-reminded = { $count ->
    [one] One person has had a reminder today already.
   *[other] { $count } people have had a reminder today already.
}
told-unreachable = { $count ->
    [one] No letter reaches one person.
   *[other] No letter reaches { $count } people.
}
told-without-responsible = { $count ->
    [one] Nobody is responsible for one control or action.
   *[other] Nobody is responsible for { $count } controls and actions.
}
report-documents-about = A PDF opens in the browser, the others are downloaded.
remind-no-mail = The register cannot remind those who are missing: the operator has named no mail server.
close-period-coso = The year's last report needs the assessment of the internal control. It can be written until the report is final:
many-title = Report statuses
many-mine = Report { $count } statuses in one table
many-lead = Set the status where it is known, and save the whole table at once. Rows that are left as they are do not change.
many-none = There are no statuses to report.
many-of = Control or action
many-all = { $count ->
    [one] One status is asked for.
   *[other] { $count } statuses are asked for.
}
many-lacking = { $lacking } of { $due } have no status, and are shown here.
many-show-all = Show all
many-show-lacking = { $count ->
    [one] Show the one that is missing alone
   *[other] Show the { $count } that are missing alone
}
many-closed = The period is closed. A status is corrected on its own page.
many-send = Report those filled in
many-title-read = Statuses
many-comments = Yellow and red take a comment. Write no personal data.
many-before = The period before
done-reportStatuses = The statuses are reported.
