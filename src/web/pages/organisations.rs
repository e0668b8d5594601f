//! The tree of organisations: where each stands, and how it is made, renamed, moved and ended.

use std::collections::BTreeMap;

use askama::Template;

use super::known::Names;
use super::lists;
use crate::app::caller::Caller;
use crate::app::people::organisations::{self, OpenMatters};
use crate::app::places::path_ids;
use crate::app::sent::etag;
use crate::domain::roles::{Target, Verb};
use crate::domain::text::by_name;
use crate::domain::words::OrganisationKind;
use crate::error::Result;
use crate::storage::queries::{Listing, OrganisationFilter};
use crate::storage::records::Organisation;
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

/// Every organisation, by name.
fn all(r: &mut Reading) -> Result<Vec<Organisation>> {
    let mut all = organisations::list(r, &OrganisationFilter::default(), &Listing::all())?.items;
    all.sort_by(|a, b| by_name(&a.name, &b.name));
    Ok(all)
}

fn may(caller: &Caller, ask: &Ask, one: &Organisation) -> bool {
    ask.frame.is_now() && caller.sees(Verb::ManageOrganisations, &Target::Organisation { path: path_ids(&one.path) })
}

/// An organisation in the tree, as nested lists write it.
struct Row {
    one: Organisation,
    ended: bool,
    /// It is the first below the one before it.
    opens: bool,
    /// How many lists end after it.
    closes: usize,
}

/// Puts an organisation and what lies below it behind the rows, if it is to be shown.
fn lay(
    rows: &mut Vec<Row>,
    below: &mut BTreeMap<Option<Id>, Vec<Organisation>>,
    at: Option<Id>,
    today: chrono::NaiveDate,
) {
    let here = below.remove(&at).unwrap_or_default();
    let many = here.len();
    for (n, one) in here.into_iter().enumerate() {
        let id = one.id;
        let ended = one.valid_to.is_some_and(|last| last < today);
        rows.push(Row { one, ended, opens: n == 0, closes: 0 });
        lay(rows, below, Some(id), today);
        if n + 1 == many
            && let Some(last) = rows.last_mut()
        {
            last.closes += 1;
        }
    }
}

#[derive(Template)]
#[template(path = "pages/organisations.html")]
struct Tree<'a> {
    p: &'a Frame,
    rows: Vec<Row>,
    /// Those that have ended are shown, too.
    ended: bool,
    hidden: usize,
    new: Form<'a>,
    parents: Vec<Choice>,
    kinds: Vec<Choice>,
}

/// The whole tree.
pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let ended = ask.text("ended") == "true";
    let found = all(r)?;
    let parents = lists::one_of(p, found.iter().filter(|one| may(caller, ask, one)).map(choice).collect());
    let mut below: BTreeMap<Option<Id>, Vec<Organisation>> = BTreeMap::new();
    let mut hidden = 0;
    // What lies below one that has ended is shown where that is.
    let is_over = |one: &Organisation| one.valid_to.is_some_and(|last| last < r.today());
    let goes_on =
        |one: &Organisation| !is_over(one) || found.iter().any(|other| !is_over(other) && lies_below(other, one));
    for one in &found {
        if ended || goes_on(one) {
            below.entry(one.parent_id).or_default().push(one.clone());
        } else {
            hidden += 1;
        }
    }
    let mut rows = Vec::new();
    lay(&mut rows, &mut below, None, r.today());
    let new = p.form("createOrganisation", "organisation").to("/organisations/{id}");
    ask.write(&Tree { p, rows, ended, hidden, new, parents, kinds: kinds(p) })
}

fn lies_below(one: &Organisation, above: &Organisation) -> bool {
    one.id != above.id && one.path.starts_with(&above.path)
}

fn choice(one: &Organisation) -> Choice {
    Choice::new(one.id.to_string(), one.name.clone())
}

/// What an organisation below the region can be.
fn kinds(p: &Frame) -> Vec<Choice> {
    let mut all = p.choices::<OrganisationKind>();
    all.retain(|choice| !OrganisationKind::parse(&choice.value).is_some_and(OrganisationKind::is_root));
    all
}

/// What the topmost organisation can be, where it says that it is a region: registers of municipalities once did.
fn roots(p: &Frame, one: &Organisation) -> Vec<Choice> {
    if one.kind != OrganisationKind::Region {
        return Vec::new();
    }
    let mut all = p.words::<OrganisationKind>();
    all.retain(|choice| OrganisationKind::parse(&choice.value).is_some_and(OrganisationKind::is_root));
    all
}

#[derive(Template)]
#[template(path = "pages/organisation.html")]
struct OrganisationPage<'a> {
    p: &'a Frame,
    one: Organisation,
    above: Vec<(Id, String)>,
    below: Vec<Organisation>,
    names: Names,
    change: Form<'a>,
    move_to: Form<'a>,
    end: Form<'a>,
    add: Form<'a>,
    /// Where it can be moved.
    parents: Vec<Choice>,
    /// In which it can go on.
    successors: Vec<Choice>,
    kinds: Vec<Choice>,
    roots: Vec<Choice>,
    may_change: bool,
    /// What is open at it, for whoever may end it.
    open: Option<Open>,
}

/// What is open at an organisation: a line for each plan, and one for each other kind of thing that there is any of.
struct Open {
    plans: Vec<(Id, i32)>,
    others: Vec<(&'static str, i64)>,
}

impl Open {
    fn of(all: OpenMatters) -> Self {
        let others = [
            ("organisation-open-parts", all.parts),
            ("organisation-open-deficiencies", all.deficiencies),
            ("organisation-open-recommendations", all.recommendations),
            ("organisation-open-roles", all.roles),
            ("organisation-open-webhooks", all.webhooks),
        ];
        Self {
            plans: all.plans.into_iter().map(|plan| (plan.id, plan.year)).collect(),
            others: others.into_iter().filter(|(_, count)| *count > 0).collect(),
        }
    }

    fn is_none(&self) -> bool {
        self.plans.is_empty() && self.others.is_empty()
    }
}

/// One organisation: what it is, what lies above and below it, and what can be done with it.
pub fn one(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let one = organisations::get(r, caller, id)?;
    let found = all(r)?;
    let above = path_ids(&one.path).into_iter().filter(|step| *step != id.0);
    let name = |step| found.iter().find(|other| other.id.0 == step).map(|other| (other.id, other.name.clone()));
    let above: Vec<(Id, String)> = above.filter_map(name).collect();
    let below = found.iter().filter(|other| other.parent_id == Some(id)).cloned().collect();
    let elsewhere = |other: &&Organisation| other.id != id && !lies_below(other, &one);
    let parents = found.iter().filter(elsewhere).filter(|other| may(caller, ask, other)).map(choice).collect();
    let successors = p.or_none(found.iter().filter(|other| other.id != id).map(choice));
    let may_change = may(caller, ask, &one);
    let tag = etag(&one)?;
    let form = |name: &str| p.form("changeOrganisation", name).at("id", id).tagged(tag.clone());
    let open = if may_change && one.parent_id.is_some() {
        Some(Open::of(organisations::open_matters(r, caller, id)?))
    } else {
        None
    };
    ask.write(&OrganisationPage {
        p,
        open,
        names: Names::organisations(r, one.successor_id)?,
        change: form("organisation"),
        move_to: form("move"),
        end: form("end"),
        add: p.form("createOrganisation", "below").fixed("parentId", id).to("/organisations/{id}"),
        above,
        below,
        parents,
        successors,
        kinds: kinds(p),
        roots: roots(p, &one),
        may_change,
        one,
    })
}
