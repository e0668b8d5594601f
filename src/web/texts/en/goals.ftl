# Goals, indicators and outcomes.

indicators-title = Indicators
indicator-new = Create indicator
indicator-change = Change the indicator
indicator-delete = Delete the indicator
indicator-delete-about = An indicator can be deleted as long as it has no outcome and neither a control nor an indicator of a later year follows it.
indicator-owner = Owner
indicator-owner-hint = The organisation that decides on the indicator: the goal's own or one below it.
indicator-unit = Unit
indicator-unit-hint = For example %, days or SEK million.
indicator-comparator = Comparison
indicator-comparator-hint = How the outcome is held against the target. A target that begins with ≥, ≤, > or < says so itself.
indicator-decided-by = Decided by
indicator-council-target = Target of the council
indicator-board-target = Target of the board
indicator-target-hint = As it was decided, for example ≥ 80 %. For “increase by” and “decrease by”: an amount, or per cent of the baseline.
indicator-concerns = Concerns
indicator-concerns-hint = Tick the boards and companies that the indicator concerns. With none ticked it concerns all of the owner's.
indicator-concerns-each = All of the owner's
indicator-local-targets = Targets of their own
indicator-local-target = Target of { $name }
indicator-later-targets = Targets of later years
indicator-later-target = Target { $year }
indicator-baseline-year = Baseline year
indicator-baseline-year-hint = The year that the outcome is compared with. Without one it is compared with the year before.
indicator-baseline-value = Baseline value
indicator-baseline-value-hint = If it was decided. Otherwise the outcome of the baseline year is used.
indicator-responsible = Responsible for the outcomes
indicator-responsible-hint = Reports the outcomes, beside the controller.
indicator-continues = Continues
indicator-continued-by = Continued by
indicator-note = Note
indicator-of-year = { $name } ({ $year })
indicator-unconfirmed = The targets were taken over from { $year }, and are to be confirmed or rewritten before the plan is handed to the board for decision.
indicator-unconfirmed-short = targets to be confirmed
indicator-confirm = Confirm the targets
goals-tree-whose = Whose goals
goals-tree-each = The whole organisation
goals-take-over = Take over indicators from { $year }
goals-take-over-about = The indicators come under their goals of { $year }, with the target that was decided for that year. Where there is none the old target goes along and is to be confirmed.
goals-take-over-of = { $name }: take over { $count ->
    [one] one indicator
   *[other] { $count } indicators
}
goals-indicators-count = { $count ->
    [one] One indicator
   *[other] { $count } indicators
}
goal-indicators = Indicators of the goal
outcomes-title = Outcomes
outcomes-of = Outcomes of { $name }
outcomes-lead = Write what is known of the period and save the whole table at once. Rows that are left empty do not change.
outcomes-all-lead = How each has reported the outcomes of its indicators in the period.
outcomes-asked = Indicators
outcomes-given = Reported
outcomes-missing = Still to be reported
outcomes-value = Outcome
outcomes-forecast = Forecast
outcomes-judgement = Assessment
outcomes-cause = Cause
outcomes-last-period = Last period
outcomes-last-year = Last year
outcomes-as-proposed = The register’s proposal
outcomes-proposed = The register proposes: { $word }
outcomes-departs-hint = A judgement that departs from what the register proposes takes a cause.
outcomes-all-bodies = Who has reported
outcomes-over-years = Outcomes over the years
outcomes-of-whom = Organisation
outcomes-chart = Outcomes of { $name }, the values that stand in the table.
outcomes-closed = The outcomes cannot be changed. { $why }
outcomes-lacking-first = { $count } still to be reported, first in the table.
control-indicators = Indicators that the control follows
control-indicators-hint = Their outcomes are shown with the control and in the report.
row-outcome = Row { $n }
done-createIndicator = The indicator is added.
done-changeIndicator = The indicator is changed.
done-deleteIndicator = The indicator is deleted.
done-continueIndicators = The indicators are taken over.
done-writeOutcomes = The outcomes are saved.
indicator-own-target = { $name }’s own target
indicator-own-target-about = It holds instead of the target that the owner of the indicator has decided.
indicator-own-target-withdraw = Withdraw { $name }’s own target
outcomes-none-asked = There are not any indicators for { $year } here.
outcomes-link = Actions of the plan that the outcome of { $period } { $year } leads to
outcomes-link-hint = Mark the actions of the body's plan that are to make it reach its target.
outcomes-linked = { $count ->
    [0] Link to actions of the plan
    [one] Linked to one action of the plan
   *[other] Linked to { $count } actions of the plan
}
actions-linked-unseen = { $count ->
    [one] A linked action that you may not see
   *[other] { $count } linked actions that you may not see
}
outcomes-actions = { $count ->
    [0] Actions
    [one] One action
   *[other] { $count } actions
}
outcomes-action = Action { $n }, { $name }
outcomes-action-end = End date of action { $n }, { $name }
outcomes-action-completed = Action { $n } completed on, { $name }
completed-on-in = completed on
done-setLocalTarget = The target is saved.
done-withdrawLocalTarget = The target is withdrawn.
form-nothing = Fill in or change at least one row before you save.
