//! The tree of organisations: the region, its bodies and their parts. Ended, never deleted.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::{path_ids, region_place};
use crate::app::sent::Sent;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{OrganisationKind, PlanStatus};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, OrganisationFilter, Page};
use crate::storage::records::Organisation;
use crate::storage::{Id, Reading, Timestamp, Writing};

/// What is written of an organisation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationForm {
    /// The organisation above. Null for the root alone.
    #[schema(value_type = Option<Id>)]
    pub parent_id: Option<Id>,
    pub kind: OrganisationKind,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Kulturnämnden")]
    pub name: String,
    #[schema(min_length = 1, max_length = 50, format = "name", example = "KN")]
    pub abbreviation: Option<String>,
    pub valid_from: NaiveDate,
    /// The last day; null while it goes on.
    pub valid_to: Option<NaiveDate>,
    /// The organisation in which this one goes on.
    pub successor_id: Option<Id>,
    /// Whether it has the duty to adopt a plan each year. Only boards and companies have.
    #[serde(default)]
    pub plans: bool,
    /// What the auditors are called, where not *regionrevisorerna* or *revisorerna*. Of the root alone.
    #[schema(min_length = 1, max_length = 100, format = "name", example = "Stadsrevisionen")]
    pub auditors: Option<String>,
}

impl OrganisationForm {
    pub fn of(o: &Organisation) -> Self {
        Self {
            parent_id: o.parent_id,
            kind: o.kind,
            name: o.name.clone(),
            abbreviation: o.abbreviation.clone(),
            valid_from: o.valid_from,
            valid_to: o.valid_to,
            successor_id: o.successor_id,
            plans: o.plans,
            auditors: o.auditors.clone(),
        }
    }
}

pub fn target(organisation: &Organisation) -> Target {
    Target::Organisation { path: path_ids(&organisation.path) }
}

/// The organisations that the filter takes, by place in the tree and name. Everyone signed in sees the tree.
pub fn list(r: &mut Reading, filter: &OrganisationFilter, page: &Listing) -> Result<Page<Organisation>> {
    r.organisations(filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Organisation> {
    let found: Organisation = r.get(id)?;
    caller.may(Verb::SeeCommon, &target(&found))?;
    Ok(found)
}

/// What is still open at an organisation and below it: what whoever ends it should see to, or hand on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenMatters {
    /// Plans that are not closed.
    pub plans: Vec<OpenPlan>,
    /// Organisations below it that go on.
    #[schema(example = 3)]
    pub parts: i64,
    #[schema(example = 1)]
    pub deficiencies: i64,
    #[schema(example = 0)]
    pub recommendations: i64,
    /// Roles of active people.
    #[schema(example = 12)]
    pub roles: i64,
    /// Webhooks that tell of it.
    #[schema(example = 0)]
    pub webhooks: i64,
}

/// A plan that is not closed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenPlan {
    pub id: Id,
    pub organisation_id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub status: PlanStatus,
}

/// What is still open at an organisation, for whoever may end it or audits it. It hinders nothing: plans and history stay.
pub fn open_matters(r: &mut Reading, caller: &Caller, id: Id) -> Result<OpenMatters> {
    let one: Organisation = r.get(id)?;
    caller.may(Verb::SeeOpenMatters, &target(&one))?;
    let [deficiencies, recommendations, roles, webhooks] = r.open_at(&one.path)?;
    let plans = r.plans_open_at(&one.path)?.into_iter();
    let plans =
        plans.map(|p| OpenPlan { id: p.id, organisation_id: p.organisation_id, year: p.year, status: p.status });
    let today = r.today();
    let below = r.organisations_below(&one.path)?;
    let parts = below.iter().filter(|part| part.valid_to.is_none_or(|last| last >= today)).count();
    let parts = i64::try_from(parts).map_err(Error::internal)?;
    Ok(OpenMatters { plans: plans.collect(), parts, deficiencies, recommendations, roles, webhooks })
}

/// Makes an organisation under another.
pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<OrganisationForm>) -> Result<Organisation> {
    caller.authorize_at(w, Verb::ManageOrganisations, sent, "parentId", |path| Target::Organisation { path })?;
    let form = sent.judge()?;
    let now = Timestamp::now();
    let mut made = Organisation {
        id: Id::new(),
        parent_id: form.parent_id,
        kind: form.kind,
        name: form.name.clone(),
        abbreviation: form.abbreviation.clone(),
        path: String::new(),
        body_id: None,
        valid_from: form.valid_from,
        valid_to: form.valid_to,
        successor_id: form.successor_id,
        plans: form.plans,
        created_at: now,
        updated_at: now,
        version: 1,
        auditors: form.auditors.clone(),
    };
    settle(w, caller, &mut made, &form, None)?;
    store_new(w, &made)?;
    Ok(made)
}

/// Stores a new organisation and, for a body, opens its log.
pub fn store_new(w: &mut Writing, made: &Organisation) -> Result<()> {
    let at = region_place(w)?;
    w.create(crate::storage::Place { organisation: made.id, ..at }, "organisation.created", made)?;
    if made.kind.is_body() {
        w.open_log(made.id)?;
    }
    Ok(())
}

/// Changes an organisation; when it moves, everything below it moves along.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<OrganisationForm>) -> Result<Organisation> {
    let old: Organisation = w.get(id)?;
    caller.authorize(Verb::ManageOrganisations, &target(&old), sent)?;
    sent.expect_current(&old)?;
    let form = sent.merged(&OrganisationForm::of(&old))?;
    let mut new = Organisation {
        parent_id: form.parent_id,
        kind: form.kind,
        name: form.name.clone(),
        abbreviation: form.abbreviation.clone(),
        valid_from: form.valid_from,
        valid_to: form.valid_to,
        successor_id: form.successor_id,
        plans: form.plans,
        auditors: form.auditors.clone(),
        ..old.clone()
    };
    settle(w, caller, &mut new, &form, Some(&old))?;
    if old.kind.is_body() && !new.kind.is_body() && w.has_plans(id)? {
        return Err(Error::conflict(
            "hasPlans",
            "Organisationen har planer och måste förbli en organisation som fastställer planer.",
            "The organisation has internal-control plans and must remain one that adopts plans.",
        ));
    }
    if old.body_id != new.body_id {
        // The risks would follow to another body, out of sight of the one whose plan they stand in.
        let below = w.organisations_below(&old.path)?;
        let mut moved: Vec<Id> = below.iter().filter(|o| o.body_id == old.body_id).map(|o| o.id).collect();
        moved.push(id);
        if w.has_risks(&moved)? {
            return Err(Error::conflict(
                "hasRisks",
                "Organisationen har risker i planerna där den ligger och kan inte flyttas därifrån. Avsluta \
                 den i stället, och lägg till en ny på den nya platsen.",
                "The organisation has risks in its body's plans and cannot be moved from it. End it instead, and add a \
                 new one at the new place.",
            ));
        }
    }
    let at = region_place(w)?;
    let at = crate::storage::Place { organisation: id, ..at };
    let kind =
        if old.valid_to.is_none() && new.valid_to.is_some() { "organisation.ended" } else { "organisation.changed" };
    w.change(at, kind, &old, &mut new, None)?;
    if new.kind.is_body() {
        w.open_log(id)?;
    }
    if (old.path != new.path) || old.body_id != new.body_id {
        for below in w.organisations_below(&old.path)? {
            let path = format!("{}{}", new.path, &below.path[old.path.len()..]);
            let body_id = if below.kind.is_body() { Some(below.id) } else { nearest_body(w, &path)? };
            let mut moved = Organisation { body_id, ..below.clone() };
            w.change_as_effect(at, "organisation.changed", &below, &mut moved)?;
            // The path stands in no event: it follows from the parents.
            w.place_organisation(&Organisation { path, ..moved })?;
        }
        w.place_organisation(&new)?;
    }
    Ok(new)
}

fn nearest_body(r: &mut Reading, path: &str) -> Result<Option<Id>> {
    for id in path_ids(path).into_iter().rev() {
        let above: Option<Organisation> = r.find(Id(id))?;
        if let Some(above) = above
            && above.kind.is_body()
        {
            return Ok(Some(above.id));
        }
    }
    Ok(None)
}

/// Holds the form against the tree, and sets what follows from it: path and body.
fn settle(
    w: &mut Writing,
    caller: &Caller,
    new: &mut Organisation,
    form: &OrganisationForm,
    old: Option<&Organisation>,
) -> Result<()> {
    let mut faults = Vec::new();
    let exists = old.is_some();
    // One that stays where it is asks nothing of the place.
    let moves = old.is_none_or(|old| old.parent_id != form.parent_id);
    let root = w.root_id()?;
    let is_root = exists && new.id == root;
    let parent: Option<Organisation> = match form.parent_id {
        Some(id) => w.find(id)?,
        None => None,
    };
    match (&parent, is_root) {
        (None, true) if form.parent_id.is_none() => {
            new.path = format!("{}/", new.id);
        }
        (_, true) => faults.push(Violation::new(
            "/parentId",
            "rootStays",
            "Den översta organisationen kan inte flyttas.",
            "The topmost organisation cannot be moved.",
        )),
        (None, false) if form.parent_id.is_none() => faults.push(Violation::new(
            "/parentId",
            "required",
            "Ange organisationen ovanför. Det finns redan en översta organisation.",
            "Give the organisation above. There is a topmost organisation already.",
        )),
        (None, false) => faults.push(Violation::unknown_reference("/parentId")),
        (Some(parent), false) => {
            if exists && parent.path.split('/').any(|part| part == new.id.to_string()) {
                faults.push(Violation::new(
                    "/parentId",
                    "circle",
                    "En organisation kan inte ligga under sig själv.",
                    "An organisation cannot stand below itself.",
                ));
            } else if moves && !caller.sees(Verb::ManageOrganisations, &target(parent)) {
                faults.push(Violation::unknown_reference("/parentId"));
            }
            new.path = format!("{}{}/", parent.path, new.id);
            new.body_id = parent.body_id;
        }
    }
    if form.kind.is_root() && !is_root {
        faults.push(Violation::new(
            "/kind",
            "oneRegion",
            "Registret har bara en översta organisation, och den finns redan.",
            "The register has one topmost organisation alone, and it is there already.",
        ));
    }
    if is_root && !form.kind.is_root() {
        faults.push(Violation::new(
            "/kind",
            "rootStays",
            "Den översta organisationen är den som registret hör till, och kan inte få en annan typ.",
            "The topmost organisation is the one whose register it is, and cannot become of another kind.",
        ));
    }
    if form.kind.is_body() {
        new.body_id = Some(new.id);
    } else if form.plans {
        faults.push(Violation::new(
            "/plans",
            "notABody",
            "En organisation av den här typen fastställer inga planer.",
            "An organisation of this kind adopts no plans.",
        ));
    }
    if let Some(last) = form.valid_to
        && last < form.valid_from
    {
        faults.push(Violation::new(
            "/validTo",
            "beforeStart",
            "Sista dagen ligger före den första.",
            "The last day is before the first.",
        ));
    }
    if !is_root && form.auditors.is_some() {
        faults.push(Violation::new(
            "/auditors",
            "rootOnly",
            "Vad revisorerna kallas anges bara för den översta organisationen.",
            "What the auditors are called is told of the topmost organisation alone.",
        ));
    }
    if is_root && form.valid_to.is_some() {
        faults.push(Violation::new(
            "/validTo",
            "rootStays",
            "Den översta organisationen kan inte avslutas.",
            "The topmost organisation cannot be ended.",
        ));
    }
    if let Some(id) = form.successor_id {
        let there: Option<Organisation> = w.find(id)?;
        if there.is_none() || id == new.id {
            faults.push(Violation::unknown_reference("/successorId"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
