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

## Audit
audit-about = What the auditors and other reviewers have recommended, the answers of the bodies, and the opinions of the auditors year by year.
recommendation = Recommendation
recommendations = Recommendations
recommendations-count = { $count ->
    [one] One recommendation
   *[other] { $count } recommendations
}
search-recommendations = Search in reports and texts
recommendation-new = Add a recommendation
recommendation-make = Add the recommendation
recommendation-in = Recommendation in “{ $name }”
recommendation-to = Given to
recommendation-by = Added by
recommendation-responsible = Who answers for it
recommendation-actions = Actions that meet it
recommendation-actions-none = No actions are linked to the recommendation.
recommendation-actions-hint = Actions in the plans of the year of the recommendation and the two after it.
action-unseen = An action that you may not see
actions-unseen = { $count ->
    [one] One more action that you may not see.
   *[other] { $count } more actions that you may not see.
}
ends-on = to be done by { $date }
recommendation-acts = Handle the recommendation
recommendation-change = Change the recommendation
recommendation-meet = Say who answers for it and which actions meet it
recommendation-close = Close the recommendation
recommendation-reopen = Reopen the recommendation
recommendation-history = The whole history of the recommendation
source = Source
audit-report = Report
audit-report-hint = The name of the report.
dialogue = Dialogue
dialogue-none = Nothing has been written yet.
dialogue-write = Write for { $name }
dialogue-text = Text
dialogue-hint = What is written cannot be changed afterwards. Write no personal data.
dialogue-send = Add to the dialogue
opinions = Opinions of the auditors
opinions-count = { $count ->
    [one] One opinion
   *[other] { $count } opinions
}
opinion-new = Add the opinion of the auditors on a year
opinion-make = Add the opinion
opinion-of = Body and year
opinion-title = Opinion of the auditors on { $body } { $year }
opinion-year = Year of the opinion
opinion-acts = Handle the opinion
opinion-change = Change the opinion
opinion-delete = Delete the opinion
opinion-delete-about = For an opinion that was added by mistake. Its history stays.
opinion-history = The whole history of the opinion
judgement = Opinion on internal control
judgement-is = The internal control is
given-on = Given
done-createRecommendation = The recommendation is added.
done-changeRecommendation = The recommendation is changed.
done-addRecommendationEntry = What you wrote now stands in the dialogue.
done-closeRecommendation = The recommendation is closed.
done-reopenRecommendation = The recommendation is open again.
done-createAuditOpinion = The opinion is added.
done-changeAuditOpinion = The opinion is changed.
done-deleteAuditOpinion = The opinion is deleted.
