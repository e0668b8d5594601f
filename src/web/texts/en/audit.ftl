### The texts of deficiencies, audit and history.
## Deficiencies
deficiency = Deficiency
deficiencies-about = Deficiencies in the internal control: when they were found, when the board and the regional office were told, and what was done.
deficiencies-count = { $count ->
    [one] One deficiency
   *[other] { $count } deficiencies
}
deficiency-new = Report a deficiency
deficiency-report = Report
deficiency-of-control = The deficiency concerns the control “{ $name }”.
deficiency-title = The deficiency in short
deficiency-title-hint = One sentence on what does not work.
no-personal-data = Write no personal data.
severity = Severity
found-on = Found
found-on-hint = The time until the board is told is counted from this day.
found-by = Found by
found-by-hint = For example a spot check, an internal audit or a notification.
found-by-person = Person who found it
reported-by = Reported by
deficiency-risk = Risk that it concerns
deficiency-risk-hint = Leave empty if it belongs to no risk of the plan.
deficiency-from-control = Found in the control
deficiency-measures = What has been done
deficiency-clocks = Who has been told
deficiency-history = The whole history of the deficiency
deficiency-acts = Handle the deficiency
deficiency-change = Change the deficiency
deficiency-close = Close the deficiency
deficiency-reopen = Reopen the deficiency
search-title = Search in titles
date = Date
open-word = Open
open-yes = Open
open-no = Closed
closed-on-day = Closed { $date }
closure-reason = Reason for closing
board-told = Board told
board-told-yes = Told
board-told-no = Not told
region-told = Regional office told
region-told-yes = Told
region-told-no = Not told
told-not = Not yet
after-days = { $count ->
    [one] after one day
   *[other] after { $count } days
}
after-days-found = { $count ->
    [one] One day after it was found
   *[other] { $count } days after it was found
}
days-since-found = { $count ->
    [one] one day since it was found
   *[other] { $count } days since it was found
}
with-follow-up = With the follow-up { $period } { $year }
tell = Record who has been told
region-year = Year of the follow-up
region-period = Period of the follow-up
diary-number = Diary number
crime = Suspicion of crime
crime-yes = With suspicion
crime-no = Without suspicion
crime-hint = The head of the body is told at once, and the deficiency is shown to a few only. The mark cannot be taken back.
crime-unhandled = Not handled
crime-unhandled-about = Crime is suspected. The head of the body has not recorded what was done.
crime-handled-on = Handled { $date }
crime-handle = Record what was done about the suspicion
crime-handle-about = For example a report to the police, measures under labour law, or why no report is made. If more is done later, record it again.
crime-handling = What was done
crime-handled-day = Day
crime-send = Record
close-needs-handling = The deficiency can be closed when it has been recorded what was done about the suspicion of crime.
deficiency-in-plan = In the plan of { $body } { $year }
deficiency-carried-by = The deficiency is carried by the risk
deficiency-unanswered = The plan does not answer the deficiency yet. Give the risk of the plan that carries it, or the reason why none does.
answer-risk = Risk of the plan
answer-justification = Justification
answer-justification-hint = Required when no risk is chosen.
answer-send = Save the answer of the plan
unanswer-send = Take the answer back
to-the-plan = To the plan
done-reportDeficiency = The deficiency is reported.
done-changeDeficiency = The deficiency is changed.
done-handleCrime = What was done is recorded.
done-closeDeficiency = The deficiency is closed.
done-reopenDeficiency = The deficiency is open again.
done-answerDeficiency = The answer of the plan is saved.
done-unanswerDeficiency = The answer of the plan is taken back.
