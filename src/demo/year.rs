//! The region in the middle of its year: SLSO's plan adopted, T1 and delår decided, år open, the plan of next year begun;
//! and the other bodies of 2024 at various stages. Everything that is reported is made up, and marked so.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::plan::{
    Made, People, act, act_new, adopt, day, decision, illustrative, indicator_ids, new_plan, write_others_sections,
};
use crate::app::contents::assessments;
use crate::app::contents::mandatory::{self, NewMandatoryForm};
use crate::app::contents::measures::{self, ActionForm, ControlForm};
use crate::app::contents::notes::{self, NoteForm};
use crate::app::contents::risks::{self, AssessmentForm, RiskForm};
use crate::app::documents::Rendered;
use crate::app::findings::deficiencies::{self, ClosureForm, DeficiencyChange, DeficiencyForm};
use crate::app::findings::outcomes::{self, OutcomeItem, OutcomesForm};
use crate::app::findings::recommendations::{self, EntryForm, OpinionForm, RecommendationForm};
use crate::app::follow_up::Followed;
use crate::app::people::organisations::{self, OrganisationForm};
use crate::app::people::setup;
use crate::app::plan::forms::DeliveryForm;
use crate::app::plan::year::mandatory_of;
use crate::app::plans::NewPlanForm;
use crate::app::plans::decisions::{self, MaybeReasonForm};
use crate::app::reporting::periods::{self, DeadlineForm, PeriodClosureForm};
use crate::app::reporting::reports::{self, NewReportForm, ReportForm};
use crate::app::reporting::self_assessments::{self, SelfAssessmentForm};
use crate::app::reporting::status_reports::{self, ActionReportForm, ControlReportForm};
use crate::app::sent::Nothing;
use crate::app::settings::goals::{self, GoalForm};
use crate::domain::coso::ComponentJudgement;
use crate::domain::values::{Counts, DiaryNumber};
use crate::domain::words::{
    ActionEffect, ActionStatus, Category, ControlStatus, MandatoryKind, OrganisationKind, OutcomeJudgement, Period,
    RecommendationSource, Recurrence, Response, Role, SectionKey, Severity, Sufficiency,
};
use crate::error::{Error, Result};
use crate::storage::records::{About, Goal, Organisation, Plan, Risk};
use crate::storage::{Id, Writing};

/// The boards, companies and federation of Region Stockholm in 2024, but for SLSO's board: the kind of each, and how far its
/// year has come in the demonstration. A plan is a board's, not its office's.
const BODIES: &[(&str, OrganisationKind, Stage)] = &[
    ("Ambulanssjukvården Storstockholm AB", OrganisationKind::Company, Stage::Closed),
    ("Danderyds sjukhus AB", OrganisationKind::Company, Stage::Reported),
    ("Fastighets- och servicenämnden", OrganisationKind::Board, Stage::Reported),
    ("Film Stockholm AB", OrganisationKind::Company, Stage::Adopted),
    ("FTV Stockholms län AB", OrganisationKind::Company, Stage::Decided),
    ("Hälso- och sjukvårdsnämnden", OrganisationKind::Board, Stage::Decided),
    ("Kulturnämnden", OrganisationKind::Board, Stage::Closed),
    ("Locum AB", OrganisationKind::Company, Stage::Adopted),
    ("MediCarrier AB", OrganisationKind::Company, Stage::Draft),
    ("Nämnden för Karolinska Universitetssjukhuset", OrganisationKind::Board, Stage::Reported),
    ("Nämnden för utbyggd tunnelbana", OrganisationKind::Board, Stage::Draft),
    ("Patientnämnden", OrganisationKind::Board, Stage::Proposed),
    ("Regionstyrelsen", OrganisationKind::Board, Stage::Adopted),
    ("S:t Eriks Ögonsjukhus AB", OrganisationKind::Company, Stage::Draft),
    ("Södersjukhuset AB", OrganisationKind::Company, Stage::Adopted),
    ("Södertälje Sjukhus AB", OrganisationKind::Company, Stage::Draft),
    ("Tiohundra", OrganisationKind::Federation, Stage::Proposed),
    ("Tobiasregistret AB", OrganisationKind::Company, Stage::Nothing),
    ("Trafiknämnden", OrganisationKind::Board, Stage::Closed),
];

/// They audit the others' plans, and owe none.
const AUDITORS: &str = "Regionrevisorerna";

/// A risk of a body's own.
pub(super) struct Own {
    pub(super) name: &'static str,
    pub(super) category: Category,
    pub(super) likelihood: i32,
    pub(super) consequence: i32,
    /// What is done about it, from the spring to the end of the year.
    pub(super) action: Option<&'static str>,
}

/// What every body of the region has, beside the mandatory risks.
const OWN: &[Own] = &[Own {
    name: "Brist på personal med rätt kompetens",
    category: Category::Operational,
    likelihood: 3,
    consequence: 4,
    action: None,
}];

/// How far a body has come. Each stage holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It has no plan.
    Nothing,
    Draft,
    Proposed,
    Adopted,
    /// T1 is reported in part.
    Reported,
    /// T1 is closed.
    Closed,
    /// The board has decided on T1.
    Decided,
}

/// Takes the register that plain `demo` has made on into the year.
pub fn go_on(w: &mut Writing, made: &Made) -> Result<()> {
    let Made { root, body, people, plan, year } = made;
    let earlier = w.plan_of(*body, year - 1)?.ok_or_else(|| Error::internal("the demo has no plan of last year"))?;
    let elsewhere =
        MaybeReasonForm { reason: Some("Planen följdes upp i det tidigare verktyget. (Illustrativt.)".into()) };
    act(w, people.controller, elsewhere, |w, c, sent| decisions::close(w, c, earlier.id, sent))?;
    propose_and_adopt(w, people, *plan, day(*year, 3, 12)?)?;
    let delivery = DeliveryForm { delivered_on: day(*year, 3, 19)?, reason: None };
    act(w, people.controller, delivery, |w, c, sent| decisions::deliver(w, c, *plan, sent))?;
    deadlines(w, people.administrator, *year)?;
    let deficiency = records(w, made)?;
    report(w, people, *plan, Period::T1, &[])?;
    decide(w, people, *plan, Period::T1, day(*year, 5, 28)?)?;
    // What came after the board's decision stands in no report of before it.
    let done = ClosureForm {
        reason: "Åtgärdad och kontrollerad. (Illustrativt.)".into(),
        closed_on: Some(day(*year, 6, 5)?),
    };
    act(w, people.controller, done, |w, c, sent| deficiencies::close(w, c, deficiency, sent))?;
    report(w, people, *plan, Period::Interim, &[])?;
    decide(w, people, *plan, Period::Interim, day(*year, 9, 24)?)?;
    // The year is not over in the demonstration: some have reported, the others owe it. So those who sign in as the owner of
    // risks and as the performer have something to report.
    let owner = people.owners.get("A").copied();
    report(w, people, *plan, Period::Annual, &[(owner, 2), (Some(people.performer), 1), (None, 4)])?;
    others(w, made)?;
    next_year(w, made, *root, *body)
}

/// The last days to report the year's periods.
pub(super) fn deadlines(w: &mut Writing, administrator: Id, year: i32) -> Result<()> {
    for (period, due_on) in
        [(Period::T1, day(year, 5, 17)?), (Period::Interim, day(year, 9, 13)?), (Period::Annual, day(year + 1, 2, 14)?)]
    {
        act_new(w, administrator, DeadlineForm { due_on, asked_from: None }, |w, c, sent| {
            periods::set_deadline(w, c, year, period, sent).map(|_| ())
        })?;
    }
    Ok(())
}

/// What else belongs to the year: outcomes of indicators, a deficiency, the auditors' recommendation and opinion, and the
/// judgement of the components as far as it has come. All of it is made up. The deficiency is answered and not closed yet.
fn records(w: &mut Writing, made: &Made) -> Result<Id> {
    let Made { body, people, plan, year, .. } = made;
    let auditor = w.user_by_email("revisor@demo.example")?.ok_or_else(|| Error::internal("the demo has no auditor"))?;
    let risks: HashMap<String, Id> = w.risks_of_plan(*plan)?.into_iter().map(|r| (r.reference, r.id)).collect();
    let risk = |reference: &str| {
        risks.get(reference).copied().ok_or_else(|| Error::internal(format!("there is no risk {reference}")))
    };
    let actions_of = |w: &mut Writing, risk: Id| -> Result<Vec<Id>> {
        Ok(w.actions_of_risk(risk)?.into_iter().map(|action| action.id).collect())
    };
    let staffing = actions_of(w, risk("11922")?)?;
    let fraud = actions_of(w, risk("107565")?)?;
    for (name, t1, interim, judgement, cause) in [
        (
            "Andel sjukfrånvaro",
            "6.4",
            "6.2",
            OutcomeJudgement::AtRisk,
            Some("Korttidsfrånvaron var hög i början av året. (Illustrativt värde.)"),
        ),
        ("Kvarstannandegrad", "86", "86.5", OutcomeJudgement::OnTarget, None),
        (
            "Andel väntande till behandling inom 90 dagar hos specialist",
            "71",
            "74",
            OutcomeJudgement::Missed,
            Some("Lediga tjänster vid två mottagningar. (Illustrativt värde.)"),
        ),
    ] {
        let linked = if judgement == OutcomeJudgement::AtRisk { staffing.as_slice() } else { &[] };
        for indicator in indicator_ids(w, &[name.to_owned()])? {
            for (period, value) in [(Period::T1, t1), (Period::Interim, interim)] {
                let item = OutcomeItem {
                    indicator_id: indicator,
                    organisation_id: *body,
                    period,
                    value: Some(value.into()),
                    forecast: Some(value.into()),
                    judgement: Some(judgement),
                    cause: cause.map(Into::into),
                    action_ids: linked.to_vec(),
                    own_actions: Vec::new(),
                    version: None,
                };
                let form = OutcomesForm { items: vec![item], accept_proposals: false };
                act(w, people.controller, form, outcomes::write_many)?;
            }
        }
    }
    let found = DeficiencyForm {
        description: Some("Två attestanter som hade slutat stod kvar i förteckningen. (Illustrativ brist.)".into()),
        found_by: Some("Stickprov i ekonomienheten".into()),
        measures: Some("Förteckningen är uppdaterad och gås igenom varje månad.".into()),
        ..as_found(*body, risk("107565")?, "Attestförteckningen var inte aktuell", Severity::Minor, day(*year, 3, 20)?)
    };
    let minor = act(w, people.controller, found, |w, c, sent| deficiencies::report(w, c, false, sent))?.deficiency;
    let told = DeficiencyChange {
        reported_to_board_on: Some(day(*year, 4, 23)?),
        reported_to_region_on: Some(day(*year, 5, 29)?),
        region_year: Some(*year),
        region_period: Some(Period::T1),
        ..DeficiencyChange::of(&minor)
    };
    act(w, people.controller, told, |w, c, sent| deficiencies::change(w, c, minor.id, false, sent))?;
    let title = "Uppföljningen av ekonomin saknar underlag";
    let found = DeficiencyForm {
        description: Some(
            "Två verksamheter har inte lämnat underlag till den månatliga uppföljningen. (Illustrativ brist.)".into(),
        ),
        ..as_found(*body, risk("11919")?, title, Severity::Serious, day(*year, 6, 11)?)
    };
    act(w, people.controller, found, |w, c, sent| deficiencies::report(w, c, false, sent))?;
    let report = format!("Årsrapport {} (illustrativ)", year - 1);
    let advice = RecommendationForm {
        organisation_id: *body,
        source: RecommendationSource::Auditors,
        report: report.clone(),
        diary_number: Some("RK (demo)".into()),
        year: year - 1,
        text: "Nämnden bör säkerställa att kontrollen av oegentligheter dokumenteras enhetligt.".into(),
        responsible_id: Some(people.head),
        action_ids: Vec::new(),
    };
    let advice = act(w, auditor.id, advice, recommendations::create)?;
    let linked = RecommendationForm { action_ids: fraud, ..RecommendationForm::of(&advice) };
    act(w, people.controller, linked, |w, c, sent| recommendations::change(w, c, advice.id, sent))?;
    let answer = EntryForm {
        text: "En gemensam mall för stickproven är beslutad. (Illustrativt svar.)".into(),
        dated_on: Some(day(*year, 4, 15)?),
    };
    act(w, people.head, answer, |w, c, sent| recommendations::add_entry(w, c, advice.id, sent))?;
    // One that the coordinator answers for, and has not answered.
    let second = RecommendationForm {
        organisation_id: *body,
        source: RecommendationSource::Auditors,
        report: format!("Granskning av uppföljningen {} (illustrativ)", year - 1),
        diary_number: Some("RK (demo)".into()),
        year: year - 1,
        text: "Nämnden bör följa upp att åtgärder som skjuts upp får en ny dag och ett skäl.".into(),
        responsible_id: Some(people.controller),
        action_ids: Vec::new(),
    };
    act(w, auditor.id, second, recommendations::create)?;
    let opinion = OpinionForm {
        organisation_id: *body,
        year: year - 1,
        judgement: Sufficiency::Sufficient,
        report,
        diary_number: None,
        given_on: day(*year, 3, 5)?,
        comment: None,
    };
    act(w, auditor.id, opinion, recommendations::create_opinion)?;
    let judged = |component, judgement| ComponentJudgement {
        component,
        judgement,
        reason: "Illustrativ bedömning för demonstrationen.".into(),
        principles: Vec::new(),
    };
    let components = SelfAssessmentForm {
        components: vec![
            judged(SectionKey::ControlEnvironment, Sufficiency::Sufficient),
            judged(SectionKey::RiskAssessment, Sufficiency::Sufficient),
            judged(SectionKey::ControlActivities, Sufficiency::Partly),
        ],
    };
    act_new(w, people.controller, components, |w, c, sent| self_assessments::write(w, c, *plan, Period::Annual, sent))?;
    talk(w, people, risk("11922")?)?;
    Ok(minor.id)
}

/// A question about a risk, and its answer.
fn talk(w: &mut Writing, people: &People, risk: Id) -> Result<()> {
    let owner = w.linked::<Risk>(risk)?.owner_id.ok_or_else(|| Error::internal("the demo's risks have owners"))?;
    for (by, to, text) in [
        (people.controller, owner, "Hinner handlingsplanen ge effekt före delåret? (Illustrativ anteckning.)"),
        (owner, people.controller, "Först i höst: rekryteringen tar längre tid än väntat. (Illustrativ anteckning.)"),
    ] {
        let form = NoteForm { text: text.into(), mentioned_ids: vec![to] };
        act(w, by, form, |w, c, sent| notes::write(w, c, About::Risk(risk), false, sent))?;
    }
    Ok(())
}

/// A deficiency of a risk, as it was found.
pub(super) fn as_found(body: Id, risk: Id, title: &str, severity: Severity, found_on: NaiveDate) -> DeficiencyForm {
    DeficiencyForm {
        organisation_id: body,
        plan_id: None,
        risk_id: Some(risk),
        control_id: None,
        from_control_id: None,
        title: title.into(),
        description: None,
        severity,
        found_on,
        found_by: None,
        found_by_id: None,
        suspected_crime: false,
        secrecy: None,
        measures: None,
    }
}

fn propose_and_adopt(w: &mut Writing, people: &People, plan: Id, day: NaiveDate) -> Result<()> {
    act(w, people.head, Nothing {}, |w, c, sent| decisions::propose(w, c, plan, sent))?;
    let board = board(w, plan)?;
    adopt(w, people, plan, board, day)
}

/// What the body's board is called.
fn board(w: &mut Writing, plan: Id) -> Result<String> {
    let plan: Plan = w.linked(plan)?;
    let body: Organisation = w.linked(plan.organisation_id)?;
    Ok(match body.kind {
        OrganisationKind::Company => format!("Styrelsen för {}", body.name),
        OrganisationKind::Federation => format!("Direktionen för {}", body.name),
        _ if ["nämnden", "styrelsen"].iter().any(|board| body.name.to_lowercase().contains(board)) => body.name,
        _ => format!("Nämnden för {}", body.name),
    })
}

/// Reports what is due in a period, but for what is `owed`: so many of somebody's, or so many of anybody's, the last ones.
fn report(w: &mut Writing, people: &People, plan: Id, period: Period, owed: &[(Option<Id>, usize)]) -> Result<()> {
    let plan: Plan = w.linked(plan)?;
    let followed = Followed::read(w, &plan)?;
    let contents = followed.now();
    let numbers: HashMap<Id, i32> = contents.risks.iter().filter_map(|r| Some((r.id, r.number?))).collect();
    let mut due: Vec<(bool, Id, i32, Option<Id>)> = Vec::new();
    for control in &contents.controls {
        if followed.control(control, period).due {
            let number = numbers.get(&control.risk_id).copied().unwrap_or(0);
            due.push((true, control.id, number, control.responsible_id));
        }
    }
    for action in &contents.actions {
        if followed.action(action, period).due {
            let number = numbers.get(&action.risk_id).copied().unwrap_or(0);
            due.push((false, action.id, number, action.responsible_id));
        }
    }
    due.sort_by_key(|(_, id, number, _)| (*number, *id));
    for (whose, count) in owed {
        for _ in 0..*count {
            let last = due.iter().rposition(|(.., responsible)| whose.is_none() || responsible == whose);
            last.map(|at| due.remove(at));
        }
    }
    for (is_control, id, number, _) in due {
        if is_control {
            act_new(w, people.controller, control_status(number, period), |w, c, sent| {
                status_reports::report_control(w, c, id, period, sent).map(|_| ())
            })?;
        } else {
            act_new(w, people.controller, action_status(number, period, plan.year)?, |w, c, sent| {
                status_reports::report_action(w, c, id, period, sent).map(|_| ())
            })?;
        }
    }
    Ok(())
}

/// A status for a control of the risk with this number: most go as they should.
fn control_status(number: i32, period: Period) -> ControlReportForm {
    let (status, comment) = match (number, period) {
        (3, Period::Interim) | (9, Period::T1) => (
            ControlStatus::PerformedWithDeviations,
            Some(
                "Kontrollen är genomförd. Två verksamheter lämnade sina underlag efter utsatt tid. (Illustrativ kommentar.)",
            ),
        ),
        (8, Period::Interim) => (
            ControlStatus::NotPerformed,
            Some(
                "Styrkortet lades om under våren och underlag saknas för perioden. Kontrollen görs i samband med årsuppföljningen. (Illustrativ kommentar.)",
            ),
        ),
        (5, _) => {
            (ControlStatus::Performed, Some("Stickproven har genomförts enligt anvisningen. (Illustrativ kommentar.)"))
        }
        _ => (ControlStatus::Performed, None),
    };
    let counts = (number == 5).then_some(Counts {
        samples: Some(40),
        faults: Some(1),
        reports_received: Some(2),
        reports_investigated: Some(2),
    });
    ControlReportForm { status, comment: comment.map(Into::into), counts, references: Vec::new(), secrecy: None }
}

/// A status for an action of the risk with this number.
fn action_status(number: i32, period: Period, year: i32) -> Result<ActionReportForm> {
    let (status, effect, comment) = match (number, period) {
        (6, Period::Interim) => {
            (ActionStatus::OnPlan, ActionEffect::Desired, Some("Utbildningen är genomförd. (Illustrativ kommentar.)"))
        }
        (7, _) => (
            ActionStatus::MostlyDone,
            ActionEffect::Uncertain,
            Some("Handlingsplanen är beslutad. Effekten på bemanningen syns först nästa år. (Illustrativ kommentar.)"),
        ),
        (4, Period::Interim | Period::Annual) => (
            ActionStatus::OffPlan,
            ActionEffect::Uncertain,
            Some("Åtgärdsplanen är försenad i två verksamheter. (Illustrativ kommentar.)"),
        ),
        (1, Period::T1) => (ActionStatus::OnPlan, ActionEffect::NotAssessed, None),
        _ => (ActionStatus::OnPlan, ActionEffect::Desired, None),
    };
    let done = (number, period) == (6, Period::Interim);
    Ok(ActionReportForm {
        status,
        effect,
        completed_on: done.then(|| day(year, 8, 30)).transpose()?,
        realised_effect: None,
        comment: comment.map(Into::into),
        references: Vec::new(),
        secrecy: None,
    })
}

/// Closes a period and takes its report to the board's decision.
fn decide(w: &mut Writing, people: &People, plan: Id, period: Period, day: NaiveDate) -> Result<()> {
    act(w, people.controller, PeriodClosureForm { reason: None }, |w, c, sent| {
        periods::close(w, c, plan, period, sent)
    })?;
    let new = NewReportForm { kind: period };
    let made = act(w, people.controller, new, |w, c, sent| reports::create(w, c, plan, sent))?;
    let words = ReportForm {
        introduction: Some("Kontroller och åtgärder i planen för intern kontroll har följts upp. Samtliga värden i rapporten är illustrativa.".into()),
        shown_to_management_on: Some(day),
        diary_numbers: vec![DiaryNumber(people.diary.into())],
        ..ReportForm::of(&made)
    };
    act(w, people.controller, words, |w, c, sent| reports::change(w, c, made.id, sent))?;
    act(w, people.head, Nothing {}, |w, c, sent| reports::finalize(w, c, made.id, sent))?;
    let decision = decision(board(w, plan)?, day);
    act(w, people.controller, decision, |w, c, sent| {
        let files = Rendered::of(reports::prepare_decision(w, c, made.id, sent)?)?;
        reports::decide(w, c, made.id, sent, &files)
    })?;
    Ok(())
}

/// The other bodies, each as far as its year has come.
fn others(w: &mut Writing, made: &Made) -> Result<()> {
    let Made { root, people, year, .. } = made;
    let somebody = |w: &mut Writing, role: Role, email: &str, name: &str| -> Result<Id> {
        let new = setup::NewUser { email, name, password_hash: "", one_time: false };
        let user = setup::add_user(w, *root, &new)?;
        setup::grant(w, user, role, *root)?;
        Ok(user)
    };
    // Nobody signs in as them: they stand for the coordinators and heads of twenty bodies.
    let others = People {
        administrator: people.administrator,
        head: somebody(w, Role::Head, "chefer@demo.example", "Övriga chefer (demo)")?,
        controller: somebody(w, Role::Controller, "samordnare@demo.example", "Övriga samordnare (demo)")?,
        performer: people.performer,
        owners: HashMap::new(),
        diary: people.diary,
    };
    let form = |kind, name: &str, plans| -> Result<OrganisationForm> {
        Ok(OrganisationForm {
            parent_id: Some(*root),
            kind,
            name: name.into(),
            abbreviation: None,
            valid_from: day(2004, 1, 1)?,
            valid_to: None,
            successor_id: None,
            auditors: None,
            plans,
        })
    };
    let auditors = form(OrganisationKind::Administration, AUDITORS, false)?;
    act(w, people.administrator, auditors, organisations::create)?;
    for (name, kind, stage) in BODIES {
        let body = act(w, people.administrator, form(*kind, name, true)?, organisations::create)?.id;
        if *stage >= Stage::Draft {
            one(w, &others, body, OWN, *stage, *year)?;
        }
    }
    Ok(())
}

/// The plan of another body: the mandatory risks, and its own.
pub(super) fn one(w: &mut Writing, people: &People, body: Id, own: &[Own], stage: Stage, year: i32) -> Result<Id> {
    let plan = illustrative(w, people, new_plan(body, year))?;
    for risk in own {
        let form = RiskForm {
            name: risk.name.into(),
            goal_id: w.risks_of_plan(plan)?.first().and_then(|risk| risk.goal_id),
            category: Some(risk.category),
            response: Some(Response::Limit),
            owner_id: Some(people.owner()),
            likelihood: Some(risk.likelihood),
            consequence: Some(risk.consequence),
            ..RiskForm::default()
        };
        let made = act(w, people.controller, form, |w, c, sent| risks::create(w, c, plan, sent))?.core.risk.id;
        if let Some(name) = risk.action {
            let form = ActionForm {
                name: name.into(),
                start_date: Some(day(year, 3, 1)?),
                end_date: Some(day(year, 12, 15)?),
                ..ActionForm::default()
            };
            act(w, people.controller, form, |w, c, sent| measures::create_action(w, c, made, sent))?;
        }
    }
    if stage == Stage::Draft {
        return Ok(plan);
    }
    write_others_sections(w, people, plan, year)?;
    for risk in w.risks_of_plan(plan)? {
        if risk.mandatory_id.is_some() {
            let form = RiskForm {
                category: Some(Category::Compliance),
                response: Some(Response::Limit),
                owner_id: Some(people.owner()),
                ..RiskForm::of(&risk)
            };
            act(w, people.controller, form, |w, c, sent| risks::change(w, c, risk.id, sent))?;
            let assessment = AssessmentForm { likelihood: 2, consequence: 3, reason: None };
            act(w, people.controller, assessment, |w, c, sent| assessments::assess(w, c, risk.id, sent))?;
        }
        let control = ControlForm {
            name: "Stickprov".into(),
            frequency: Some("Varje tertial".into()),
            recurrences: vec![Recurrence::Tertial],
            responsible_id: people.owners.get("A").map(|_| people.performer),
            ..ControlForm::default()
        };
        act(w, people.controller, control, |w, c, sent| measures::create_control(w, c, risk.id, sent))?;
    }
    if stage == Stage::Proposed {
        act(w, people.head, Nothing {}, |w, c, sent| decisions::propose(w, c, plan, sent))?;
        return Ok(plan);
    }
    propose_and_adopt(w, people, plan, day(year, 2, 20)?)?;
    if stage >= Stage::Reported {
        let owed = if stage == Stage::Reported { 2 } else { 0 };
        report(w, people, plan, Period::T1, &[(None, owed)])?;
    }
    match stage {
        Stage::Closed => {
            act(w, people.controller, PeriodClosureForm { reason: None }, |w, c, sent| {
                periods::close(w, c, plan, Period::T1, sent)
            })?;
        }
        Stage::Decided => decide(w, people, plan, Period::T1, day(year, 5, 21)?)?,
        _ => {}
    }
    Ok(plan)
}

/// Next year's plan, carried over: what is mandatory then, each assessment to confirm.
fn next_year(w: &mut Writing, made: &Made, root: Id, body: Id) -> Result<()> {
    let Made { people, plan, year, .. } = made;
    let next = year + 1;
    let order = w.linked::<Plan>(*plan)?.goal_order.0;
    let mut continued: HashMap<Id, Id> = HashMap::new();
    for id in order {
        let before: Goal = w.linked(id)?;
        let form = GoalForm {
            organisation_id: root,
            year: next,
            parent_id: None,
            continues_id: Some(before.id),
            number: before.number,
            name: before.name,
            position: Some(before.position),
        };
        let goal = act(w, people.administrator, form, goals::create)?;
        continued.insert(id, goal.id);
    }
    let issued = mandatory_of(w, *year)?;
    let required = |kind, name: &str, goal: Option<Id>, continues_id| -> Result<NewMandatoryForm> {
        let goal_id = goal.and_then(|goal| continued.get(&goal)).copied();
        let goal_id = goal_id.ok_or_else(|| Error::internal(format!("{name} has no goal next year")))?;
        Ok(NewMandatoryForm { year: next, kind, name: name.into(), description: None, goal_id, continues_id })
    };
    let economy = issued.first().map(|first| first.goal_id);
    for before in issued {
        let form = required(MandatoryKind::Risk, &before.name, Some(before.goal_id), Some(before.id))?;
        act(w, people.administrator, form, mandatory::issue)?;
    }
    let area = required(MandatoryKind::Area, "Felaktiga bidragsutbetalningar", economy, None)?;
    let area = act(w, people.administrator, area, mandatory::issue)?;
    let draft = illustrative(w, people, NewPlanForm { from_plan_id: Some(*plan), ..new_plan(body, next) })?;
    let own = RiskForm {
        name: "Risk för felaktig utbetalning av bidrag till vårdgivare".into(),
        area_id: Some(area.id),
        category: Some(Category::Financial),
        response: Some(Response::Limit),
        owner_id: people.owners.get("B").copied(),
        ..RiskForm::default()
    };
    act(w, people.controller, own, |w, c, sent| risks::create(w, c, draft, sent))?;
    Ok(())
}
