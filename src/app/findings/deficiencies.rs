//! Deficiencies (brister) in the internal control: reported, told to the board and to the regional office, acted on,
//! closed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::alerts;
use crate::app::caller::Caller;
use crate::app::places::{manner, manner_of, path_ids, path_text, place, plan_target};
use crate::app::plan::forms::ReasonForm;
use crate::app::reach::{self, person};
use crate::app::sent::{Envelope, Sent};
use crate::domain::manner::Named;
use crate::domain::roles::{self, DeficiencyTarget, Target, Verb};
use crate::domain::text::capital;
use crate::domain::values::Secrecy;
use crate::domain::words::{Language, Period, Severity};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{DeficiencyFilter, Listing, Page, SeenDeficiencies};
use crate::storage::records::{Control, Deficiency, Organisation, Plan, Risk};
use crate::storage::{Id, Json, Place, Reading, Timestamp, Writing};

/// A deficiency as it is reported.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeficiencyForm {
    /// The body, or the part of it.
    pub organisation_id: Id,
    /// The plan that it concerns; that of the risk when not given.
    pub plan_id: Option<Id>,
    /// The risk that it concerns; that of the control when not given.
    pub risk_id: Option<Id>,
    /// The control that it concerns.
    pub control_id: Option<Id>,
    /// The control whose finding it was raised from.
    pub from_control_id: Option<Id>,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Två attestanter saknas för utbetalningar")]
    pub title: String,
    #[schema(min_length = 1, max_length = 20000)]
    pub description: Option<String>,
    pub severity: Severity,
    /// Today or earlier: how late it reaches the board is counted from here.
    #[schema(example = "2024-04-18")]
    pub found_on: NaiveDate,
    /// Who found it, in words.
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Ekonomienhetens stickprov")]
    pub found_by: Option<String>,
    /// Who found it, when that is a person of the register.
    pub found_by_id: Option<Id>,
    /// Tells the head of the body at once, and hides it from all but a few.
    #[serde(default)]
    pub suspected_crime: bool,
    pub secrecy: Option<Secrecy>,
    /// What was done about it.
    #[schema(min_length = 1, max_length = 20000)]
    pub measures: Option<String>,
}

/// What can be changed of a deficiency: what was reported, and who has been told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeficiencyChange {
    /// Another part of the same body.
    pub organisation_id: Id,
    pub plan_id: Option<Id>,
    pub risk_id: Option<Id>,
    pub control_id: Option<Id>,
    pub from_control_id: Option<Id>,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Två attestanter saknas för utbetalningar")]
    pub title: String,
    #[schema(min_length = 1, max_length = 20000)]
    pub description: Option<String>,
    pub severity: Severity,
    #[schema(example = "2024-04-18")]
    pub found_on: NaiveDate,
    #[schema(min_length = 1, max_length = 500, format = "name")]
    pub found_by: Option<String>,
    pub found_by_id: Option<Id>,
    /// Can be set, and not taken back: what came of a suspicion is told in its handling.
    #[serde(default)]
    pub suspected_crime: bool,
    pub secrecy: Option<Secrecy>,
    #[schema(min_length = 1, max_length = 20000)]
    pub measures: Option<String>,
    #[schema(example = "2024-04-22")]
    pub reported_to_board_on: Option<NaiveDate>,
    /// The paragraph of the minutes, without the sign.
    #[schema(min_length = 1, max_length = 50, format = "name", example = "12")]
    pub board_paragraph: Option<String>,
    #[schema(min_length = 1, max_length = 100, format = "name", example = "SLSO 2024-0311")]
    pub board_diary_number: Option<String>,
    #[schema(example = "2024-05-20")]
    pub reported_to_region_on: Option<NaiveDate>,
    /// The year of the follow-up that it was reported with.
    #[schema(minimum = 2000, maximum = 2100, example = 2024)]
    pub region_year: Option<i32>,
    /// The period of that follow-up.
    pub region_period: Option<Period>,
}

impl DeficiencyChange {
    pub fn of(d: &Deficiency) -> Self {
        Self {
            organisation_id: d.organisation_id,
            plan_id: d.plan_id,
            risk_id: d.risk_id,
            control_id: d.control_id,
            from_control_id: d.from_control_id,
            title: d.title.clone(),
            description: d.description.clone(),
            severity: d.severity,
            found_on: d.found_on,
            found_by: d.found_by.clone(),
            found_by_id: d.found_by_id,
            suspected_crime: d.suspected_crime,
            secrecy: d.secrecy.clone().map(|secrecy| secrecy.0),
            measures: d.measures.clone(),
            reported_to_board_on: d.reported_to_board_on,
            board_paragraph: d.board_paragraph.clone(),
            board_diary_number: d.board_diary_number.clone(),
            reported_to_region_on: d.reported_to_region_on,
            region_year: d.region_year,
            region_period: d.region_period,
        }
    }
}

/// Why, and when, something was closed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClosureForm {
    #[schema(min_length = 1, max_length = 4000, example = "Attestordningen är ändrad och följs.")]
    pub reason: String,
    /// Today when not given.
    #[schema(example = "2024-09-02")]
    pub closed_on: Option<NaiveDate>,
}

/// What the head did about a suspicion of crime.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CrimeHandlingForm {
    #[schema(min_length = 1, max_length = 20000, example = "Polisanmälan gjordes samma dag, dnr SLSO 2024-0402.")]
    pub handling: String,
    /// Today when not given.
    #[schema(example = "2024-04-19")]
    pub handled_on: Option<NaiveDate>,
}

/// A deficiency with what is computed of it. Its ETag is that of its own fields.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeficiencyView {
    #[serde(flatten)]
    pub deficiency: Deficiency,
    /// Days from discovery until the board was told, or until today while it has not been.
    #[schema(example = 4)]
    pub days_to_board: i64,
    pub not_reported_to_board: bool,
    pub not_reported_to_region: bool,
    /// Crime is suspected, and the head has not recorded what was done.
    pub crime_unhandled: bool,
}

impl DeficiencyView {
    pub fn of(deficiency: Deficiency, today: NaiveDate) -> Self {
        let until = deficiency.reported_to_board_on.unwrap_or(today);
        Self {
            days_to_board: (until - deficiency.found_on).num_days(),
            not_reported_to_board: deficiency.reported_to_board_on.is_none(),
            not_reported_to_region: deficiency.reported_to_region_on.is_none(),
            crime_unhandled: deficiency.suspected_crime && deficiency.crime_handled_on.is_none(),
            deficiency,
        }
    }
}

/// What the caller sees of deficiencies.
pub fn seen(caller: &Caller) -> SeenDeficiencies {
    let scope = roles::visible_deficiencies(&caller.grants);
    let texts = |paths: &[Vec<uuid::Uuid>]| paths.iter().map(|path| path_text(path)).collect();
    SeenDeficiencies {
        all: texts(&scope.all),
        unsuspected: texts(&scope.unsuspected),
        told: texts(&scope.told),
        user: caller.id(),
    }
}

/// What a right over a deficiency is asked of.
pub fn target(d: &Deficiency, organisation: &Organisation) -> Target {
    Target::Deficiency(DeficiencyTarget {
        path: path_ids(&organisation.path),
        suspected_crime: d.suspected_crime,
        told_to_board: d.reported_to_board_on.is_some(),
        reporter: d.reported_by_id.0,
    })
}

pub fn list(
    r: &mut Reading,
    caller: &Caller,
    filter: &DeficiencyFilter,
    listing: &Listing,
) -> Result<Page<DeficiencyView>> {
    let page = r.deficiencies(filter, &seen(caller), listing)?;
    Ok(page.map(|d| DeficiencyView::of(d, r.today())))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<DeficiencyView> {
    let found: Deficiency = r.get(id)?;
    let organisation: Organisation = r.linked(found.organisation_id)?;
    caller.may(Verb::SeeDeficiency, &target(&found, &organisation))?;
    Ok(DeficiencyView::of(found, r.today()))
}

/// The suspicions of crime that are the caller's to act on, oldest first: what a head owes at once.
pub fn alerts(r: &mut Reading, caller: &Caller) -> Result<Vec<Deficiency>> {
    let paths: Vec<String> = roles::handles_crime(&caller.grants).iter().map(|path| path_text(path)).collect();
    if paths.is_empty() { Ok(Vec::new()) } else { r.unhandled_crimes(&paths) }
}

/// What a deficiency concerns, as the form names it.
struct Concerned {
    plan_id: Option<Id>,
    risk_id: Option<Id>,
}

/// Holds what is concerned against the body. Each is one that the caller sees, and they belong together.
fn concerned(
    w: &mut Writing,
    caller: &Caller,
    body: Option<Id>,
    form: &DeficiencyChange,
    old: Option<&DeficiencyChange>,
    faults: &mut Vec<Violation>,
) -> Result<Concerned> {
    let mut risk_id = form.risk_id;
    let mut plan_id = form.plan_id;
    let elsewhere = |at: &str, faults: &mut Vec<Violation>| {
        faults.push(Violation::new(
            at,
            "doesNotBelong",
            "Hör inte ihop med det övriga som bristen gäller.",
            "Does not belong with the rest that the deficiency concerns.",
        ));
    };
    for (at, given, kept) in [
        ("/controlId", form.control_id, old.and_then(|o| o.control_id)),
        ("/fromControlId", form.from_control_id, old.and_then(|o| o.from_control_id)),
    ] {
        let Some(id) = given else { continue };
        let found = match w.find::<Control>(id)? {
            Some(control) if kept == given || sees_risk(w, caller, control.risk_id)? => Some(control),
            _ => None,
        };
        match found {
            None => faults.push(Violation::unknown_reference(at)),
            Some(control) if risk_id.is_some_and(|risk| risk != control.risk_id) => elsewhere(at, faults),
            Some(control) => risk_id = Some(control.risk_id),
        }
    }
    if let Some(id) = risk_id {
        let kept = old.is_some_and(|o| o.risk_id == Some(id));
        let found = match w.find::<Risk>(id)? {
            Some(risk) if kept || sees_risk(w, caller, id)? => Some(risk),
            _ => None,
        };
        match found {
            None => faults.push(Violation::unknown_reference("/riskId")),
            Some(risk) if plan_id.is_some_and(|plan| plan != risk.plan_id) => elsewhere("/riskId", faults),
            Some(risk) => plan_id = Some(risk.plan_id),
        }
    }
    if let Some(id) = plan_id {
        let kept = old.is_some_and(|o| o.plan_id == Some(id)) || risk_id.is_some();
        let found = match w.find::<Plan>(id)? {
            Some(plan) => {
                let owner: Organisation = w.linked(plan.organisation_id)?;
                let there = Target::Plan(plan_target(&plan, &owner));
                (kept || caller.sees(Verb::SeePlan, &there)).then_some(plan)
            }
            None => None,
        };
        match found {
            None => faults.push(Violation::unknown_reference("/planId")),
            Some(plan) if body.is_some_and(|body| body != plan.organisation_id) => {
                let at = if form.risk_id.is_some() {
                    "/riskId"
                } else if form.plan_id.is_some() {
                    "/planId"
                } else if form.control_id.is_some() {
                    "/controlId"
                } else {
                    "/fromControlId"
                };
                faults.push(Violation::new(
                    at,
                    "otherBody",
                    "Hör till en annan organisations plan.",
                    "Belongs to another body.",
                ));
            }
            Some(_) => {}
        }
    }
    Ok(Concerned { plan_id, risk_id })
}

fn sees_risk(w: &mut Writing, caller: &Caller, risk: Id) -> Result<bool> {
    match reach::see(w, caller, risk) {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

fn not_in_the_future(at: &str, day: Option<NaiveDate>, today: NaiveDate, faults: &mut Vec<Violation>) {
    if day.is_some_and(|day| day > today) {
        faults.push(Violation::new(at, "dateInFuture", "Datumet ligger i framtiden.", "The date is in the future."));
    }
}

/// Something came about before the deficiency was found.
fn not_before_found(at: &str, day: Option<NaiveDate>, found_on: NaiveDate, faults: &mut Vec<Violation>) {
    if day.is_some_and(|day| day < found_on) {
        faults.push(Violation::new(
            at,
            "beforeFound",
            "Datumet ligger före den dag då bristen upptäcktes.",
            "The date is before the day when the deficiency was found.",
        ));
    }
}

/// Holds what is written against the rules.
fn judge(
    w: &mut Writing,
    caller: &Caller,
    organisation: Option<&Organisation>,
    form: &DeficiencyChange,
    old: Option<&DeficiencyChange>,
) -> Result<Concerned> {
    let mut faults = Vec::new();
    match organisation {
        None => faults.push(Violation::unknown_reference("/organisationId")),
        Some(organisation) if organisation.body_id.is_none() => faults.push(Violation::new(
            "/organisationId",
            "noBody",
            "Organisationen hör inte till någon som fastställer planer.",
            "The organisation belongs to no board or company.",
        )),
        Some(_) => {}
    }
    let body = organisation.and_then(|o| o.body_id);
    let concerned = concerned(w, caller, body, form, old, &mut faults)?;
    if let Some(id) = form.found_by_id.filter(|id| old.is_none_or(|o| o.found_by_id != Some(*id))) {
        person(w, caller, id, "/foundById", &mut faults)?;
    }
    not_in_the_future("/foundOn", Some(form.found_on), w.today(), &mut faults);
    for (at, day) in
        [("/reportedToBoardOn", form.reported_to_board_on), ("/reportedToRegionOn", form.reported_to_region_on)]
    {
        not_in_the_future(at, day, w.today(), &mut faults);
        not_before_found(at, day, form.found_on, &mut faults);
    }
    let manner = match organisation {
        Some(organisation) => manner_of(w, organisation)?,
        None => manner(w)?,
    };
    let mut needs_day = |at: &str, sv: &str, en: &str| faults.push(Violation::new(at, "required", sv, en));
    if form.reported_to_board_on.is_none() && (form.board_paragraph.is_some() || form.board_diary_number.is_some()) {
        let (sv, en) = (manner.the(Named::Board, Language::Sv), manner.the(Named::Board, Language::En));
        let (sv, en) = (format!("Ange när {sv} underrättades."), format!("Give the day when {en} was told."));
        needs_day("/reportedToBoardOn", &sv, &en);
    }
    let with = (form.region_year.is_some(), form.region_period.is_some());
    match (form.reported_to_region_on.is_some(), with) {
        (true, (true, true)) | (false, (false, false)) => {}
        (true, (year, period)) => {
            let (sv, en) =
                ("Ange vilken uppföljning bristen rapporterades med.", "Give the follow-up that it went with.");
            if !year {
                needs_day("/regionYear", sv, en);
            }
            if !period {
                needs_day("/regionPeriod", sv, en);
            }
        }
        (false, _) => {
            let (sv, en) = (manner.the(Named::Office, Language::Sv), manner.the(Named::Office, Language::En));
            let sv = format!("Ange när bristen rapporterades till {sv}.");
            needs_day("/reportedToRegionOn", &sv, &format!("Give the day when {en} was told."));
        }
    }
    if old.is_some_and(|o| o.suspected_crime) && !form.suspected_crime {
        faults.push(Violation::new(
            "/suspectedCrime",
            "cannotTakeBack",
            "En misstanke om brott tas inte tillbaka. Vad den ledde till anges i hanteringen av den.",
            "A suspicion of crime is not taken back. What came of it is told in its handling.",
        ));
    }
    if faults.is_empty() { Ok(concerned) } else { Err(Error::Invalid(faults)) }
}

/// Reports a deficiency. A suspicion of crime is an event of its own, and the head is written to when the register
/// sends `mail`.
pub fn report(w: &mut Writing, caller: &Caller, mail: bool, sent: &Sent<DeficiencyForm>) -> Result<DeficiencyView> {
    caller.authorize_at(w, Verb::ReportDeficiency, sent, "organisationId", |path| Target::Organisation { path })?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    let organisation: Option<Organisation> = w.find(form.organisation_id)?;
    if let Some(found) = &organisation {
        // Asked again of the form as it was read: what was asked before was the form as it was sent.
        caller.may(Verb::ReportDeficiency, &Target::Organisation { path: path_ids(&found.path) })?;
    }
    let form = DeficiencyChange {
        organisation_id: form.organisation_id,
        plan_id: form.plan_id,
        risk_id: form.risk_id,
        control_id: form.control_id,
        from_control_id: form.from_control_id,
        title: form.title,
        description: form.description,
        severity: form.severity,
        found_on: form.found_on,
        found_by: form.found_by,
        found_by_id: form.found_by_id,
        suspected_crime: form.suspected_crime,
        secrecy: form.secrecy,
        measures: form.measures,
        reported_to_board_on: None,
        board_paragraph: None,
        board_diary_number: None,
        reported_to_region_on: None,
        region_year: None,
        region_period: None,
    };
    let Concerned { plan_id, risk_id } = judge(w, caller, organisation.as_ref(), &form, None)?;
    let Some(organisation) = organisation else { return Err(Error::internal("judged without an organisation")) };
    let now = Timestamp::now();
    let made = Deficiency {
        id: Id::new(),
        organisation_id: organisation.id,
        plan_id,
        risk_id,
        control_id: form.control_id,
        from_control_id: form.from_control_id,
        title: form.title,
        description: form.description,
        severity: form.severity,
        found_on: form.found_on,
        found_by: form.found_by,
        found_by_id: form.found_by_id,
        suspected_crime: form.suspected_crime,
        secrecy: form.secrecy.clone().map(Json),
        measures: form.measures,
        reported_to_board_on: None,
        board_paragraph: None,
        board_diary_number: None,
        reported_to_region_on: None,
        region_year: None,
        region_period: None,
        crime_handled_on: None,
        crime_handling: None,
        crime_handled_by_id: None,
        closed_on: None,
        closure_reason: None,
        closed_by_id: None,
        reported_by_id: by,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let at = place(w, &organisation)?;
    w.create(at, "deficiency.reported", &made)?;
    if made.suspected_crime {
        suspected(w, at, &made, mail)?;
    }
    Ok(DeficiencyView::of(made, w.today()))
}

/// The event that tells of a suspicion of crime, by which systems can tell the head at once.
pub const CRIME_SUSPECTED: &str = "deficiency.crimeSuspected";

/// Tells of a suspicion of crime: the history, and those who must act on it.
fn suspected(w: &mut Writing, at: Place, found: &Deficiency, mail: bool) -> Result<()> {
    w.record(at, CRIME_SUSPECTED, "deficiency", found.id);
    if mail {
        let organisation: Organisation = w.linked(found.organisation_id)?;
        alerts::alert(w, found.id, &organisation)?;
    }
    Ok(())
}

/// A deficiency that a verb works on, held, and where its events belong.
fn open(w: &mut Writing, caller: &Caller, id: Id, verb: Verb, sent: &Envelope) -> Result<(Deficiency, Place)> {
    let seen: Deficiency = w.get(id)?;
    let organisation: Organisation = w.linked(seen.organisation_id)?;
    caller.authorize(verb, &target(&seen, &organisation), sent)?;
    let held: Deficiency = w.hold(id)?;
    let at = place(w, &organisation)?;
    Ok((held, at))
}

/// Changes a deficiency, and records that the board and the regional office were told. Of a closed one only the latter
/// two may change.
pub fn change(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    mail: bool,
    sent: &Sent<DeficiencyChange>,
) -> Result<DeficiencyView> {
    let (old, at) = open(w, caller, id, Verb::ChangeDeficiency, sent)?;
    sent.expect_current(&old)?;
    let before = DeficiencyChange::of(&old);
    let form = sent.merged(&before)?;
    let organisation: Option<Organisation> = w.find(form.organisation_id)?;
    let mut at = at;
    if let Some(found) = organisation.as_ref().filter(|found| found.id != old.organisation_id) {
        let own: Organisation = w.linked(old.organisation_id)?;
        caller.may(Verb::ChangeDeficiency, &target(&old, found))?;
        if found.body_id != own.body_id {
            return Err(Error::invalid(Violation::new(
                "/organisationId",
                "cannotChange",
                "Bristen kan bara flyttas inom den organisation som fastställer planen, eftersom historiken ligger där.",
                "The deficiency can only be moved within the same body, since the history lies there.",
            )));
        }
        at = place(w, found)?;
    }
    let Concerned { plan_id, risk_id } = judge(w, caller, organisation.as_ref(), &form, Some(&before))?;
    let told = DeficiencyChange {
        reported_to_board_on: form.reported_to_board_on,
        board_paragraph: form.board_paragraph.clone(),
        board_diary_number: form.board_diary_number.clone(),
        reported_to_region_on: form.reported_to_region_on,
        region_year: form.region_year,
        region_period: form.region_period,
        ..before
    };
    if old.closed_on.is_some() && told != form {
        return Err(closed());
    }
    let mut new = Deficiency {
        organisation_id: form.organisation_id,
        plan_id,
        risk_id,
        control_id: form.control_id,
        from_control_id: form.from_control_id,
        title: form.title,
        description: form.description,
        severity: form.severity,
        found_on: form.found_on,
        found_by: form.found_by,
        found_by_id: form.found_by_id,
        suspected_crime: form.suspected_crime,
        secrecy: form.secrecy.clone().map(Json),
        measures: form.measures,
        reported_to_board_on: form.reported_to_board_on,
        board_paragraph: form.board_paragraph,
        board_diary_number: form.board_diary_number,
        reported_to_region_on: form.reported_to_region_on,
        region_year: form.region_year,
        region_period: form.region_period,
        ..old.clone()
    };
    let kind = match () {
        () if old.reported_to_board_on.is_none() && new.reported_to_board_on.is_some() => "deficiency.reportedToBoard",
        () if old.reported_to_region_on.is_none() && new.reported_to_region_on.is_some() => {
            "deficiency.reportedToRegion"
        }
        () => "deficiency.changed",
    };
    w.change(at, kind, &old, &mut new, None)?;
    if new.suspected_crime && !old.suspected_crime {
        suspected(w, at, &new, mail)?;
    }
    Ok(DeficiencyView::of(new, w.today()))
}

fn closed() -> Error {
    Error::conflict(
        "deficiencyClosed",
        "Bristen är avslutad. Öppna den igen först.",
        "The deficiency is closed. Reopen it first.",
    )
}

/// Records what the head did about a suspicion of crime; again, when more was done.
pub fn handle_crime(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    sent: &Sent<CrimeHandlingForm>,
) -> Result<DeficiencyView> {
    let (old, at) = open(w, caller, id, Verb::HandleCrime, sent)?;
    sent.expect_current(&old)?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    not_in_the_future("/handledOn", form.handled_on, w.today(), &mut faults);
    not_before_found("/handledOn", form.handled_on, old.found_on, &mut faults);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if !old.suspected_crime {
        return Err(Error::conflict(
            "noCrimeSuspected",
            "Bristen är inte märkt med misstanke om brott.",
            "No crime is suspected in this deficiency.",
        ));
    }
    let mut new = Deficiency {
        crime_handled_on: Some(form.handled_on.unwrap_or(w.today())),
        crime_handling: Some(form.handling),
        crime_handled_by_id: Some(by),
        ..old.clone()
    };
    w.change(at, "deficiency.crimeHandled", &old, &mut new, None)?;
    Ok(DeficiencyView::of(new, w.today()))
}

/// Closes a deficiency, with the reason. A suspicion of crime must have been acted on.
pub fn close(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ClosureForm>) -> Result<DeficiencyView> {
    let (old, at) = open(w, caller, id, Verb::ChangeDeficiency, sent)?;
    sent.expect_current(&old)?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    not_in_the_future("/closedOn", form.closed_on, w.today(), &mut faults);
    not_before_found("/closedOn", form.closed_on, old.found_on, &mut faults);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if old.closed_on.is_some() {
        return Err(Error::conflict(
            "alreadyClosed",
            "Bristen är redan avslutad.",
            "The deficiency is closed already.",
        ));
    }
    if old.suspected_crime && old.crime_handled_on.is_none() {
        let organisation: Organisation = w.linked(old.organisation_id)?;
        let manner = manner_of(w, &organisation)?;
        let (sv, en) = (manner.the(Named::Head, Language::Sv), manner.the(Named::Head, Language::En));
        return Err(Error::conflict(
            "crimeUnhandled",
            format!("{} har inte angett vad som gjorts med anledning av misstanken om brott.", capital(&sv)),
            format!("{} has not recorded what was done about the suspicion of crime.", capital(&en)),
        ));
    }
    let mut new = Deficiency {
        closed_on: Some(form.closed_on.unwrap_or(w.today())),
        closure_reason: Some(form.reason),
        closed_by_id: Some(by),
        ..old.clone()
    };
    w.change(at, "deficiency.closed", &old, &mut new, None)?;
    Ok(DeficiencyView::of(new, w.today()))
}

/// Opens a closed deficiency again, with the reason.
pub fn reopen(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<DeficiencyView> {
    let (old, at) = open(w, caller, id, Verb::ChangeDeficiency, sent)?;
    let form = sent.judge()?;
    if old.closed_on.is_none() {
        return Err(Error::conflict("notClosed", "Bristen är inte avslutad.", "The deficiency is not closed."));
    }
    let mut new = Deficiency { closed_on: None, closure_reason: None, closed_by_id: None, ..old.clone() };
    w.change(at, "deficiency.reopened", &old, &mut new, Some(&form.reason))?;
    Ok(DeficiencyView::of(new, w.today()))
}
