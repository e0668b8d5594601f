//! What the region and the bodies decide for themselves: people and roles, mandatory risks and how they are answered,
//! deadlines, scales.

use askama::Template;

use super::known::Names;
use super::lists::{self, Pager};
use crate::app::caller::Caller;
use crate::app::contents::mandatory::{self, Coverage};
use crate::app::people::users;
use crate::app::places::{manner_of, path_ids};
use crate::app::reporting::periods;
use crate::app::sent::etag;
use crate::app::settings::goals;
use crate::app::settings::policies::{self, PolicyView};
use crate::app::to_do::offices;
use crate::domain::roles::{Held, Target, Verb};
use crate::domain::words::{Language, MandatoryKind, Period, Role};
use crate::error::{Bilingual, Error, Result};
use crate::storage::queries::{GoalFilter, Listing, MandatoryFilter, OrganisationFilter, PolicyFilter, UserFilter};
use crate::storage::records::{Deadline, Grant, MandatoryRisk, Organisation, User};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, capital};

/// Whether the caller looks after the region's own things.
fn of_region(r: &mut Reading, caller: &Caller) -> Result<bool> {
    Ok(caller.sees(Verb::ManageRegionSettings, &Target::Settings { path: vec![r.root_id()?.0] }))
}

#[derive(Template)]
#[template(path = "pages/settings.html")]
struct Settings<'a> {
    p: &'a Frame,
    year: i32,
    mandatory: Vec<MandatoryRisk>,
    deadlines: Vec<Day<'a>>,
    policies: Vec<PolicyView>,
    owners: Names,
    issue: Form<'a>,
    kinds: Vec<Choice>,
    goals: Vec<Choice>,
    former: Vec<Choice>,
    of_region: bool,
}

/// A period's last day.
struct Day<'a> {
    period: Period,
    found: Option<Deadline>,
    form: Form<'a>,
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let years = r.goal_years()?;
    // Whoever is asked to issue something has come for that year.
    let asked_of = if ask.year().is_none() && p.is_now() { offices::year_to_issue(r, caller)? } else { None };
    let year = match asked_of {
        Some(year) => year,
        None => lists::issued_year(r, caller, ask, &years)?,
    };
    let of = |year: i32| MandatoryFilter { year: year.into(), ..MandatoryFilter::default() };
    let mandatory = mandatory::list(r, &of(year), &Listing::all())?.items;
    let known = periods::deadlines(r, year, &Listing::all())?.items;
    let mut deadlines = Vec::new();
    for period in Period::ALL {
        let found = known.iter().find(|day| day.period == *period).cloned();
        let form = p.form("setDeadline", format!("deadline-{period}")).at("year", year).at("period", period);
        let form = match &found {
            Some(day) => form.tagged(etag(day)?),
            None => form.fresh(),
        };
        deadlines.push(Day { period: *period, found, form });
    }
    let policies = policies::list(r, &PolicyFilter::default(), &Listing::all())?.items;
    let owners = Names::organisations(r, policies.iter().map(|policy| policy.organisation_id))?;
    let root = r.root_id()?;
    let filter = GoalFilter { year: year.into(), organisation_id: root.into(), ..GoalFilter::default() };
    let goals = goals::list(r, &filter, &Listing::all())?.items;
    let former = mandatory::list(r, &of(year - 1), &Listing::all())?.items.into_iter();
    let former = p.or_none(former.map(|one| Choice::new(one.id.to_string(), one.name)));
    ask.write(&Settings {
        p,
        year,
        mandatory,
        deadlines,
        policies,
        owners,
        issue: p.form("issueMandatoryRisk", "issue").to("/mandatory/{id}"),
        kinds: p.words::<MandatoryKind>(),
        goals: lists::one_of(p, goals.into_iter().map(|goal| Choice::new(goal.id.to_string(), goal.name)).collect()),
        former,
        of_region: p.is_now() && of_region(r, caller)?,
    })
}

/// A deadline's day, as a form shows it.
fn day(deadline: &Deadline) -> String {
    deadline.due_on.to_string()
}

/// The day from which a period is asked for, as a form shows it.
fn asked(deadline: &Deadline) -> Option<String> {
    deadline.asked_from.map(|day| day.to_string())
}

#[derive(Template)]
#[template(path = "pages/mandatory.html")]
struct Mandatory<'a> {
    p: &'a Frame,
    risk: MandatoryRisk,
    goal: String,
    rows: Vec<Coverage>,
    change: Form<'a>,
    withdraw: Form<'a>,
    of_region: bool,
}

/// What the region has made mandatory, and how each body answers it.
pub fn mandatory(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let risk = mandatory::get(r, caller, id)?;
    let rows = mandatory::coverage(r, caller, id, &Listing::all())?.items;
    let goal = goals::get(r, caller, risk.goal_id)?.name;
    ask.write(&Mandatory {
        p,
        change: p.form("changeMandatoryRisk", "mandatory").at("id", id).tagged(etag(&risk)?),
        withdraw: p.form("withdrawMandatoryRisk", "withdraw").at("id", id),
        of_region: p.is_now() && of_region(r, caller)?,
        goal,
        rows,
        risk,
    })
}

#[derive(Template)]
#[template(path = "pages/users.html")]
struct Users<'a> {
    p: &'a Frame,
    q: &'a str,
    files: Vec<lists::File>,
    /// With the roles that each holds.
    rows: Vec<(User, String)>,
    homes: Names,
    total: i64,
    pager: Pager,
    may_add: bool,
}

const A_PAGE: i64 = 50;

/// The organisations where the caller may do this to people.
fn places(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    target: impl Fn(Vec<uuid::Uuid>) -> Target,
    verb: Verb,
) -> Result<Vec<Choice>> {
    let there = OrganisationFilter::default();
    let found = lists::organisations(r, &there, |one| caller.sees(verb, &target(path_ids(&one.path))))?;
    Ok(lists::one_of(p, found))
}

/// The people that the caller may see.
pub fn users(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let q = ask.text("q");
    let filter = UserFilter { q: Some(q.to_owned()).filter(|q| !q.is_empty()), ..UserFilter::default() };
    let page = ask.q("page").filter(|n| *n >= 1).unwrap_or(1);
    let listing = Listing { page, sort: vec![("name".into(), false)], ..Listing::first(A_PAGE) };
    let found = users::list(r, caller, filter, &listing)?;
    let homes = Names::organisations(r, found.items.iter().map(|user| user.organisation_id))?;
    let ids: Vec<Id> = found.items.iter().map(|user| user.id).collect();
    let mut held = r.grants_of_users(&ids)?;
    let role = |user: &User, (grant, at): (Grant, Organisation)| match at.id == user.organisation_id {
        true => p.word(grant.role),
        false => format!("{} ({})", p.word(grant.role), at.name),
    };
    let with_roles = found.items.into_iter().map(|user| {
        let roles: Vec<String> =
            held.remove(&user.id).unwrap_or_default().into_iter().map(|given| role(&user, given)).collect();
        (user, roles.join(", "))
    });
    let rows = with_roles.collect();
    let anew = |path| Target::User { path, is_self: false, held: Vec::new() };
    ask.write(&Users {
        p,
        q,
        files: lists::files(
            ask,
            "users-title",
            "/users",
            &ask.call("listUsers", A_PAGE)?,
            &[("sort", Some("name".into()))],
        ),
        total: found.total,
        pager: Pager::of(ask, found.total, A_PAGE),
        rows,
        homes,
        may_add: p.is_now() && !places(r, caller, p, anew, Verb::ManageUser)?.is_empty(),
    })
}

#[derive(Template)]
#[template(path = "pages/user_new.html")]
struct NewUser<'a> {
    p: &'a Frame,
    new: Form<'a>,
    homes: Vec<Choice>,
    /// The places of the rows for roles, from nought.
    rows: std::ops::Range<usize>,
    roles: Vec<Choice>,
    places: Vec<Choice>,
    reads: Vec<Choice>,
    languages: Vec<Choice>,
    /// Letters are sent.
    mail: bool,
}

/// So many roles are given in one step; more on the person's own page.
const ROLES_AT_ONCE: usize = 3;

/// Somebody new: the person, their roles, and an invitation.
pub fn new_user(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let anew = |path| Target::User { path, is_self: false, held: Vec::new() };
    let homes = places(r, caller, p, anew, Verb::ManageUser)?;
    if homes.is_empty() {
        return Err(Error::Forbidden(Bilingual::new(
            "Din roll ger inte rätt att lägga till användare.",
            "Your role does not give the right to add users.",
        )));
    }
    let to = |path| Target::Grant(Held { role: Role::Reader, path });
    let mut given = places(r, caller, p, to, Verb::GrantRole)?;
    given.retain(|one| !one.value.is_empty());
    // Nobody gives more than they hold.
    let may = |role: Role| {
        let below = |path: &[uuid::Uuid]| Target::Grant(Held { role, path: path.to_vec() });
        caller.grants.iter().any(|grant| caller.sees(Verb::GrantRole, &below(&grant.organisation_path)))
    };
    let roles = Role::ALL.iter().copied().filter(|role| may(*role));
    ask.write(&NewUser {
        p,
        new: p.form("createUser", "user").to("/users/{id}"),
        homes,
        rows: 0..ROLES_AT_ONCE,
        roles: p.or_none(roles.map(|role| Choice::new(role.as_str(), p.word(role)))),
        places: p.or_none(given),
        reads: vec![
            Choice::new("", p.say("user-role-reads-decided")),
            Choice::new("true", p.say("user-role-reads-drafts")),
        ],
        languages: p.words::<Language>(),
        mail: ask.service.config.mail.is_some(),
    })
}

#[derive(Template)]
#[template(path = "pages/user.html")]
struct OfUser<'a> {
    p: &'a Frame,
    /// All that is held about the person, as a file.
    may_read_data: bool,
    user: User,
    home: String,
    grants: Vec<(String, String, Option<Form<'a>>)>,
    change: Form<'a>,
    give: Form<'a>,
    sign_out: Form<'a>,
    /// None where the person has no password here.
    password: Option<Form<'a>>,
    hand_over: Form<'a>,
    people: Vec<Choice>,
    homes: Vec<Choice>,
    places: Vec<Choice>,
    roles: Vec<Choice>,
    languages: Vec<Choice>,
    may_change: bool,
    /// So many risks, controls, actions and recommendations; an empty text where there are none.
    answers_for: Option<String>,
}

/// What a person answers for in plans that can be changed, and would be handed over.
fn answers_for(r: &mut Reading, p: &Frame, user: Id) -> Result<String> {
    let counts = [
        ("risks", r.risks_owned(user)?.len()),
        ("controls", r.controls_held(user)?.len()),
        ("actions", r.actions_held(user)?.len()),
        ("recommendations", r.recommendations_held(user)?.len()),
    ];
    let told = counts.into_iter().filter(|(_, n)| *n > 0).map(|(what, n)| p.count(&format!("told-handed-{what}"), n));
    Ok(capital(&told.collect::<Vec<_>>().join(", ")))
}

/// One person, with their roles.
pub fn user(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let user = users::get(r, caller, id)?;
    let target = users::target(r, caller, &user)?;
    let may_change = p.is_now() && caller.sees(Verb::ManageUser, &target);
    let may_read_data = p.is_now() && caller.sees(Verb::ReadPersonalData, &target);
    let home: Organisation = r.linked(user.organisation_id)?;
    p.speak(manner_of(r, &home)?);
    let mut grants = Vec::new();
    for (grant, at) in r.grants_with_organisations(id)? {
        let on = Target::Grant(Held { role: grant.role, path: path_ids(&at.path) });
        let back = if p.is_now() && caller.sees(Verb::GrantRole, &on) {
            let form = p.form("revokeRole", format!("back-{}", grant.id)).at("id", id).at("grantId", grant.id);
            Some(form.tagged(etag(&grant)?))
        } else {
            None
        };
        let role = p.word(grant.role);
        let role = if grant.drafts { format!("{role} ({})", p.say("role-with-drafts")) } else { role };
        grants.push((role, at.name, back));
    }
    let to = |path| Target::Grant(Held { role: Role::RiskOwner, path });
    let people = if may_change {
        let listing = Listing { sort: vec![("name".into(), false)], ..Listing::first(1000) };
        let filter = UserFilter { active: Some(true), ..UserFilter::default() };
        users::list(r, caller, filter, &listing)?.items
    } else {
        Vec::new()
    };
    let anew = |path| Target::User { path, is_self: false, held: Vec::new() };
    let takes = ask.service.config.passwords.take(&user.email);
    ask.write(&OfUser {
        p,
        may_read_data,
        home: home.name,
        grants,
        change: p.form("changeUser", "user").at("id", id).tagged(etag(&user)?),
        give: p.form("grantRole", "give").at("id", id),
        password: takes.then(|| p.form("makeOneTimePassword", "password").at("id", id)),
        sign_out: p.form("endUserSessions", "sign-out").at("id", id),
        hand_over: p.form("handOver", "hand-over").at("id", id),
        people: p.or_none(
            people.into_iter().filter(|one| one.id != id).map(|one| Choice::new(one.id.to_string(), one.name)),
        ),
        answers_for: if may_change { Some(answers_for(r, p, id)?) } else { None },
        homes: if may_change { places(r, caller, p, anew, Verb::ManageUser)? } else { Vec::new() },
        places: if p.is_now() { places(r, caller, p, to, Verb::GrantRole)? } else { Vec::new() },
        roles: p.words::<Role>(),
        languages: p.words::<Language>(),
        may_change,
        user,
    })
}
