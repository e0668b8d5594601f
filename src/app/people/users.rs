//! People, their roles, and what they hand over when they leave. Deactivated, never deleted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::duties::{self, Naming};
use super::{passwords, sessions};
use crate::app::caller::grants::held_by;
use crate::app::caller::{Caller, Principal};
use crate::app::places::{path_ids, path_text, place, plan_state, region_place};
use crate::app::sent::{Envelope, Sent, read_form};
use crate::auth::{self, Bearer, Passwords};
use crate::domain::email;
use crate::domain::life::{self, PlanVerb};
use crate::domain::roles::{self, Duty, Held, Target, Verb};
use crate::domain::words::{Language, Role, ServiceScope};
use crate::error::{Bilingual, Error, Result, Violation};
use crate::storage::history::Origin;
use crate::storage::queries::{Listing, Page, UserFilter};
use crate::storage::records::{Action, Control, Grant, Organisation, Plan, Recommendation, Risk, ServiceAccount, User};
use crate::storage::{Db, Id, Place, Reading, Timestamp, Writing};

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Me {
    Person(SignedInPerson),
    Service(SignedInService),
}

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedInPerson {
    #[serde(flatten)]
    pub user: User,
    pub grants: Vec<Grant>,
}

/// The service account that a token is of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedInService {
    pub service_account: ServiceAccount,
    /// What this very token is good for.
    pub scopes: Vec<ServiceScope>,
}

/// What is written of a person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserForm {
    /// Where the person works.
    pub organisation_id: Id,
    /// Nobody else's. Capital and small letters are the same.
    #[schema(min_length = 3, max_length = 254, example = "anna.lind@example.org")]
    pub email: String,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Anna Lind")]
    pub name: String,
    /// The language that the register writes to the person in; Swedish when not given.
    #[serde(default = "swedish")]
    pub language: Language,
    /// False ends every session at once, and lets nobody sign in.
    #[serde(default = "active")]
    pub active: bool,
    /// What the OIDC issuer calls the person, when they sign in there.
    #[schema(min_length = 1, max_length = 255, format = "name", example = "anlin7")]
    pub subject: Option<String>,
}

fn swedish() -> Language {
    Language::Sv
}

fn active() -> bool {
    true
}

impl UserForm {
    pub fn of(u: &User) -> Self {
        Self {
            organisation_id: u.organisation_id,
            email: u.email.clone(),
            name: u.name.clone(),
            language: u.language,
            active: u.active,
            subject: u.subject.clone(),
        }
    }
}

/// What is written of somebody new: the person, their roles, and whether they are written to. All of it is done, or nothing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUserForm {
    /// Where the person works.
    pub organisation_id: Id,
    /// Nobody else's. Capital and small letters are the same.
    #[schema(min_length = 3, max_length = 254, example = "anna.lind@example.org")]
    pub email: String,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Anna Lind")]
    pub name: String,
    /// The language that the register writes to the person in; Swedish when not given.
    #[serde(default = "swedish")]
    pub language: Language,
    /// False lets nobody sign in.
    #[serde(default = "active")]
    pub active: bool,
    /// What the OIDC issuer calls the person, when they sign in there.
    #[schema(min_length = 1, max_length = 255, format = "name", example = "anlin7")]
    pub subject: Option<String>,
    /// The roles that the person is given. Nobody gives more than they hold.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub grants: Vec<GrantForm>,
    /// A letter tells the person who invited them, to what, and how they get in: by a link that works once, for three days,
    /// to choose a password, or by the issuer where they have a `subject`.
    #[serde(default)]
    #[schema(example = false)]
    pub invite: bool,
}

impl NewUserForm {
    fn person(&self) -> UserForm {
        UserForm {
            organisation_id: self.organisation_id,
            email: self.email.clone(),
            name: self.name.clone(),
            language: self.language,
            active: self.active,
            subject: self.subject.clone(),
        }
    }
}

/// A role to give.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantForm {
    pub role: Role,
    /// The role reaches from here downwards.
    pub organisation_id: Id,
    /// A reader who sees drafts too.
    #[serde(default)]
    #[schema(example = false)]
    pub drafts: bool,
}

/// Who takes over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandoverForm {
    pub to_user_id: Id,
    /// Whoever takes over is given the roles that what is handed over takes (`riskOwner`, `performer`), where they have
    /// none that lets them do it. Only from whoever may give them.
    #[serde(default)]
    #[schema(example = false)]
    pub grant_role: bool,
}

/// What went over.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Handover {
    pub from_user_id: Id,
    pub to_user_id: Id,
    /// The risks that changed owner.
    pub risk_ids: Vec<Id>,
    /// The controls that changed who is responsible.
    pub control_ids: Vec<Id>,
    /// The actions that changed who is responsible.
    pub action_ids: Vec<Id>,
    /// The open recommendations that changed who answers for them.
    pub recommendation_ids: Vec<Id>,
}

/// A new password, shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OneTimePassword {
    #[schema(example = "c29tZSBjaGFuY2Ug")]
    pub one_time_password: String,
}

/// Who the caller is, and their roles.
pub fn me(r: &mut Reading, caller: &Caller) -> Result<Me> {
    match &caller.principal {
        Principal::Person { user, .. } => {
            let grants = r.grants_with_organisations(user.id)?.into_iter().map(|(grant, _)| grant).collect();
            Ok(Me::Person(SignedInPerson { user: user.clone(), grants }))
        }
        Principal::Service { account, scopes } => {
            Ok(Me::Service(SignedInService { service_account: account.clone(), scopes: scopes.clone() }))
        }
    }
}

/// A person as the decision of rights sees them: where they work, and every role they hold now.
pub fn target(r: &mut Reading, caller: &Caller, user: &User) -> Result<Target> {
    let home: Organisation = r.linked(user.organisation_id)?;
    Ok(Target::User { path: path_ids(&home.path), is_self: user.id == caller.id(), held: held_by(r, user.id)? })
}

/// The people that the caller sees, oneself among them.
pub fn list(r: &mut Reading, caller: &Caller, mut filter: UserFilter, page: &Listing) -> Result<Page<User>> {
    filter.own = Some(caller.id());
    filter.seen = roles::visible_people(&caller.grants).iter().map(|path| path_text(path)).collect();
    r.users(&filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<User> {
    let found: User = r.get(id)?;
    let target = target(r, caller, &found)?;
    caller.may(Verb::SeeUser, &target)?;
    Ok(found)
}

/// Adds a person with their roles, who cannot sign in with a password before one is made: by somebody for them, or by
/// themselves when they are invited. `mail` says whether the register sends letters.
pub fn create(w: &mut Writing, caller: &Caller, mail: bool, sent: &Sent<NewUserForm>) -> Result<User> {
    // Everyone sees the tree, so a place where the caller adds nobody is forbidden. One that is not there is a fault of
    // the form, told to whoever may add somebody somewhere.
    let home: Option<Organisation> = sent.named(w, "organisationId")?;
    let places = match &home {
        Some(home) => vec![path_ids(&home.path)],
        None => caller.grants.iter().map(|grant| grant.organisation_path.clone()).collect(),
    };
    if !places.iter().any(|path| caller.sees(Verb::ManageUser, &newcomer(path))) {
        return Err(not_yours());
    }
    sent.gate()?;
    let form = sent.judge()?;
    let person = form.person();
    let mut made = of_form(&person);
    let mut faults = settle(w, caller, &mut made, &person, None)?;
    let roles = roles_to_give(w, caller, &form.grants, &mut faults)?;
    faults.extend(invitation_fault(&form, mail));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let at = user_place(w, &made)?;
    w.create(at, "user.created", &made)?;
    for (grant, place) in form.grants.iter().zip(&roles) {
        duties::give(w, made.id, grant.role, place, grant.drafts)?;
    }
    if form.invite {
        passwords::invite(w, &made, caller.user()?.id)?;
    }
    Ok(made)
}

/// Where each role of somebody new is to be given, with what hinders it, told at its row.
fn roles_to_give(
    w: &mut Writing,
    caller: &Caller,
    grants: &[GrantForm],
    faults: &mut Vec<Violation>,
) -> Result<Vec<Organisation>> {
    let mut places = Vec::new();
    for (n, grant) in grants.iter().enumerate() {
        let row = format!("/grants/{n}");
        faults.extend(drafts_fault(grant, &row));
        if grants[..n].iter().any(|one| one.role == grant.role && one.organisation_id == grant.organisation_id) {
            faults.push(Violation::new(
                format!("{row}/role"),
                "alreadyGranted",
                "Rollen står redan på en annan rad.",
                "The role stands in another row already.",
            ));
        }
        let Some(at) = w.find::<Organisation>(grant.organisation_id)? else {
            faults.push(Violation::unknown_reference(format!("{row}/organisationId")));
            continue;
        };
        if !caller.sees(Verb::GrantRole, &Target::Grant(Held { role: grant.role, path: path_ids(&at.path) })) {
            faults.push(Violation::new(
                format!("{row}/role"),
                "roleNotYours",
                "Du får inte ge den här rollen där.",
                "You may not give this role there.",
            ));
        }
        places.push(at);
    }
    Ok(places)
}

/// Why somebody new cannot be written to.
fn invitation_fault(form: &NewUserForm, mail: bool) -> Option<Violation> {
    let refused = |code, sv: &str, en: &str| Some(Violation::new("/invite", code, sv, en));
    match form.invite {
        true if !mail => refused(
            "mailNotConfigured",
            "Registret skickar ingen e-post: driften har inte angett någon e-postserver.",
            "The register sends no mail: the operator has named no mail server.",
        ),
        true if !form.active => refused(
            "userInactive",
            "Ett konto som inte är aktivt kan inte bjudas in.",
            "An account that is not active cannot be invited.",
        ),
        _ => None,
    }
}

/// Readers alone need a right to see drafts. `row` is where the grant stands in what was sent.
fn drafts_fault(grant: &GrantForm, row: &str) -> Option<Violation> {
    (grant.drafts && grant.role != Role::Reader).then(|| {
        Violation::new(
            format!("{row}/drafts"),
            "readersAlone",
            "Bara en läsare behöver särskild rätt att se utkast; de andra rollerna ser dem redan eller aldrig.",
            "Only a reader needs a right of its own to see drafts; the other roles see them already, or never.",
        )
    })
}

/// A new person as the form has it, whose address has not been judged yet.
fn of_form(form: &UserForm) -> User {
    let now = Timestamp::now();
    User {
        id: Id::new(),
        organisation_id: form.organisation_id,
        email: String::new(),
        name: form.name.clone(),
        language: form.language,
        active: form.active,
        subject: form.subject.as_deref().map(email::subject),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Changes a person. Who is deactivated is signed out at once.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<UserForm>) -> Result<User> {
    let old: User = w.get(id)?;
    let target = target(w, caller, &old)?;
    caller.authorize(Verb::ManageUser, &target, sent)?;
    sent.expect_current(&old)?;
    let form = sent.merged(&UserForm::of(&old))?;
    let mut new = User {
        organisation_id: form.organisation_id,
        name: form.name.clone(),
        language: form.language,
        active: form.active,
        subject: form.subject.as_deref().map(email::subject),
        ..old.clone()
    };
    let faults = settle(w, caller, &mut new, &form, Some(&old))?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let kind = match (old.active, new.active) {
        (true, false) => {
            keep_an_administrator(w, |grant| grant.user_id == id)?;
            "user.deactivated"
        }
        (false, true) => "user.reactivated",
        _ => "user.changed",
    };
    let at = user_place(w, &new)?;
    w.change(at, kind, &old, &mut new, None)?;
    if !new.active {
        w.end_sessions(id)?;
        w.forget_drafts_of(id)?;
    }
    // What was sent to an address that is theirs no longer opens nothing.
    if !new.active || new.email != old.email {
        w.forget_links_of(id)?;
    }
    Ok(new)
}

/// The roles of a person.
pub fn grants(r: &mut Reading, caller: &Caller, id: Id, page: &Listing) -> Result<Page<Grant>> {
    let user = get(r, caller, id)?;
    r.grants(user.id, page)
}

pub fn get_grant(r: &mut Reading, caller: &Caller, user: Id, id: Id) -> Result<Grant> {
    let user = get(r, caller, user)?;
    r.find::<Grant>(id)?.filter(|grant| grant.user_id == user.id).ok_or(Error::NotFound)
}

/// Gives a person a role.
pub fn give(w: &mut Writing, caller: &Caller, user: Id, sent: &Sent<GrantForm>) -> Result<Grant> {
    let user = get(w, caller, user)?;
    let lowest = |path: &[uuid::Uuid]| Target::Grant(Held { role: Role::Reader, path: path.to_vec() });
    if !caller.grants.iter().any(|grant| caller.sees(Verb::GrantRole, &lowest(&grant.organisation_path))) {
        return Err(not_yours());
    }
    // What was answered before is told apart when all its rights have been asked.
    if sent.answered.is_none() {
        sent.gate()?;
    }
    let form = sent.judge()?;
    let Some(at) = w.find::<Organisation>(form.organisation_id)? else {
        return Err(Error::invalid(Violation::unknown_reference("/organisationId")));
    };
    // Which role, and where, stands in the content; so this 403 comes after it is read.
    caller.authorize(Verb::GrantRole, &Target::Grant(Held { role: form.role, path: path_ids(&at.path) }), sent)?;
    if let Some(fault) = drafts_fault(&form, "") {
        return Err(Error::invalid(fault));
    }
    let there = w.grants_with_organisations(user.id)?;
    if there.iter().any(|(grant, _)| grant.role == form.role && grant.organisation_id == at.id) {
        return Err(Error::conflict(
            "alreadyGranted",
            "Personen har redan rollen där. Återkalla den först för att ändra den.",
            "The person has the role there already. Take it back first to change it.",
        ));
    }
    duties::give(w, user.id, form.role, &at, form.drafts)
}

/// Takes a role back. What it allowed is refused from the next request on.
pub fn take_back(w: &mut Writing, caller: &Caller, user: Id, id: Id, sent: &Envelope) -> Result<()> {
    let grant = get_grant(w, caller, user, id)?;
    let at: Organisation = w.linked(grant.organisation_id)?;
    caller.authorize(Verb::GrantRole, &Target::Grant(Held { role: grant.role, path: path_ids(&at.path) }), sent)?;
    sent.expect_current(&grant)?;
    keep_an_administrator(w, |g| g.id == grant.id)?;
    let log = region_place(w)?.log;
    w.remove(Place { log, organisation: at.id }, "grant.takenBack", &grant, None)
}

/// Signs somebody out everywhere.
pub fn sign_out(w: &mut Writing, caller: &Caller, user: Id, sent: &Envelope) -> Result<()> {
    let user: User = w.get(user)?;
    let target = target(w, caller, &user)?;
    caller.authorize(Verb::ManageUser, &target, sent)?;
    sessions::end_all(w, user.id)
}

/// Hands over every risk that a person owns, and every control and action they are responsible for, in plans that
/// are not closed.
pub fn hand_over(w: &mut Writing, caller: &Caller, from: Id, sent: &Sent<HandoverForm>) -> Result<Handover> {
    let leaving: User = w.get(from)?;
    let target = target(w, caller, &leaving)?;
    caller.authorize(Verb::ManageUser, &target, sent)?;
    let form = sent.judge()?;
    let heir = heir(w, caller, &leaving, form.to_user_id)?;

    // Which plans, to lock them in order; what is in them is read again under the locks.
    let mut plans: BTreeSet<Id> = w.risks_owned(from)?.iter().map(|r| r.plan_id).collect();
    plans.extend(w.controls_held(from)?.iter().map(|c| c.plan_id));
    plans.extend(w.actions_held(from)?.iter().map(|a| a.plan_id));
    for plan in &plans {
        let plan = w.lock_plan(*plan)?;
        may_change_hands(w, &plan)?;
    }
    let mut done = Handover {
        from_user_id: from,
        to_user_id: heir.id,
        risk_ids: Vec::new(),
        control_ids: Vec::new(),
        action_ids: Vec::new(),
        recommendation_ids: Vec::new(),
    };
    // A plan that came in between is not locked: the whole is done anew, then with it.
    let locked = |plan: Id| match plans.contains(&plan) {
        true => Ok(()),
        false => Err(Error::Outrun(format!("plan {plan} came in during a handover"))),
    };
    able_to_take_over(w, caller, from, &form)?;
    for old in w.risks_owned(from)? {
        locked(old.plan_id)?;
        let mut new = Risk { owner_id: Some(heir.id), ..old.clone() };
        let at = risk_place(w, &old)?;
        w.change(at, "risk.handedOver", &old, &mut new, None)?;
        done.risk_ids.push(old.id);
    }
    for old in w.controls_held(from)? {
        locked(old.plan_id)?;
        let mut new = Control { responsible_id: Some(heir.id), ..old.clone() };
        let risk: Risk = w.linked(old.risk_id)?;
        let at = risk_place(w, &risk)?;
        w.change(at, "control.handedOver", &old, &mut new, None)?;
        done.control_ids.push(old.id);
    }
    for old in w.actions_held(from)? {
        locked(old.plan_id)?;
        let mut new = Action { responsible_id: Some(heir.id), ..old.clone() };
        let risk: Risk = w.linked(old.risk_id)?;
        let at = risk_place(w, &risk)?;
        w.change(at, "action.handedOver", &old, &mut new, None)?;
        done.action_ids.push(old.id);
    }
    for old in w.recommendations_held(from)? {
        let mut new = Recommendation { responsible_id: Some(heir.id), ..old.clone() };
        let organisation: Organisation = w.linked(old.organisation_id)?;
        let at = place(w, &organisation)?;
        w.change(at, "recommendation.handedOver", &old, &mut new, None)?;
        done.recommendation_ids.push(old.id);
    }
    Ok(done)
}

/// Makes a one-time password for someone and ends their sessions. It is told in the answer and kept nowhere; hashing it takes
/// its time, so it is done between two transactions.
pub fn one_time_password(
    db: &Db,
    bearer: &Bearer,
    user: Id,
    request: Id,
    mail: bool,
    passwords: &Passwords,
    sent: &Envelope,
) -> Result<OneTimePassword> {
    let allowed = |r: &mut Reading| {
        let caller = Caller::of(r, bearer)?;
        let found: User = r.get(user)?;
        let target = target(r, &caller, &found)?;
        caller.authorize(Verb::ManageUser, &target, sent)?;
        if !passwords.take(&found.email) {
            return Err(sessions::passwords_off());
        }
        if !found.active {
            return Err(Error::conflict(
                "userInactive",
                "Kontot är avaktiverat. Aktivera det först.",
                "The account is deactivated. Activate it first.",
            ));
        }
        Ok(caller)
    };
    db.read(allowed)?;
    let one_time_password = auth::random_text(16);
    let hash = auth::hash_password(&one_time_password)?;
    db.write(&Origin::nobody(request), |w| {
        let caller = allowed(w)?;
        w.set_origin(caller.origin(request));
        let user: User = w.get(user)?;
        sessions::set_one_time_password(w, &user, &hash, mail)
    })?;
    Ok(OneTimePassword { one_time_password })
}

/// Somebody new at a place, who holds no role yet.
fn newcomer(path: &[uuid::Uuid]) -> Target {
    Target::User { path: path.to_vec(), is_self: false, held: Vec::new() }
}

fn not_yours() -> Error {
    Error::Forbidden(Bilingual::new("Din roll ger inte rätt till detta.", "Your role does not give the right to this."))
}

/// The organisation that a person is to work at must be one where the caller manages people.
fn home_fault(w: &mut Writing, caller: &Caller, form: &UserForm) -> Result<Option<Violation>> {
    let home: Option<Organisation> = w.find(form.organisation_id)?;
    let within = home.is_some_and(|o| caller.sees(Verb::ManageUser, &newcomer(&path_ids(&o.path))));
    Ok((!within).then(|| Violation::unknown_reference("/organisationId")))
}

/// What is wrong with the form by the register. Sets the address as it is kept.
fn settle(
    w: &mut Writing,
    caller: &Caller,
    new: &mut User,
    form: &UserForm,
    old: Option<&User>,
) -> Result<Vec<Violation>> {
    let mut faults = Vec::new();
    if old.is_none_or(|o| o.organisation_id != form.organisation_id) {
        faults.extend(home_fault(w, caller, form)?);
    }
    // One that stays is not judged: it may have come in by an older rule, and is no hindrance to another change.
    match old.filter(|old| email::spellings(&form.email).contains(&old.email)) {
        Some(old) => new.email = old.email.clone(),
        None => match free_address(w, &form.email)? {
            Ok(address) => new.email = address,
            Err(fault) => faults.push(fault),
        },
    }
    if let Some(subject) = &new.subject
        && w.user_by_subject(subject)?.is_some_and(|other| other.id != new.id)
    {
        faults.push(Violation::new(
            "/subject",
            "subjectTaken",
            "Det finns redan en användare som heter så hos utfärdaren.",
            "There is a user with that name at the issuer already.",
        ));
    }
    Ok(faults)
}

/// An address that a person can have: it is one, and nobody has it.
fn free_address(w: &mut Writing, written: &str) -> Result<std::result::Result<String, Violation>> {
    let Some(address) = email::read(written) else {
        return Ok(Err(Violation::new(
            "/email",
            "wrongFormat",
            "Det här är ingen e-postadress.",
            "This is not an e-mail address.",
        )));
    };
    Ok(match w.user_by_email(&address)? {
        None => Ok(address),
        Some(_) => Err(Violation::new(
            "/email",
            "emailTaken",
            "Det finns redan en användare med den e-postadressen.",
            "There is a user with that e-mail address already.",
        )),
    })
}

/// What the operator writes of a person on the host, held against the same rules as what comes as a form.
pub fn newcomer_of(w: &mut Writing, organisation: Id, email: &str, name: &str) -> Result<User> {
    let form: UserForm = read_form(json!({ "organisationId": organisation, "email": email, "name": name }))?;
    let email = free_address(w, &form.email)?.map_err(Error::invalid)?;
    Ok(User { email, ..of_form(&form) })
}

/// Refuses when no active region administrator is left without the grants that `goes` picks out.
fn keep_an_administrator(w: &mut Writing, goes: impl Fn(&Grant) -> bool) -> Result<()> {
    // Two administrators who remove each other at once must not both succeed.
    w.lock_administrators()?;
    let administrators = w.administrators()?;
    if administrators.iter().any(&goes) && administrators.iter().all(goes) {
        return Err(Error::conflict(
            "lastAdministrator",
            "Det här är den sista aktiva administratören för registret. Utse en till först.",
            "This is the last active administrator of the register. Appoint another one first.",
        ));
    }
    Ok(())
}

/// Events about people are in the region's log.
fn user_place(w: &mut Writing, user: &User) -> Result<Place> {
    Ok(Place { log: region_place(w)?.log, organisation: user.organisation_id })
}

fn risk_place(w: &mut Writing, risk: &Risk) -> Result<Place> {
    let organisation: Organisation = w.linked(risk.organisation_id)?;
    place(w, &organisation)
}

/// Who takes over: someone active whom the caller sees, and not the one who leaves.
fn heir(w: &mut Writing, caller: &Caller, leaving: &User, id: Id) -> Result<User> {
    let refused = |code, sv: &str, en: &str| Err(Error::invalid(Violation::new("/toUserId", code, sv, en)));
    let found: Option<User> = w.find(id)?;
    let Some(found) = found else { return Err(Error::invalid(Violation::unknown_reference("/toUserId"))) };
    let target = target(w, caller, &found)?;
    if !caller.sees(Verb::SeeUser, &target) {
        return Err(Error::invalid(Violation::unknown_reference("/toUserId")));
    }
    if found.id == leaving.id {
        return refused(
            "sameUser",
            "Välj någon annan än den som lämnar.",
            "Choose someone other than the one who leaves.",
        );
    }
    if !found.active {
        return refused("userInactive", "Personens konto är avaktiverat.", "The person's account is deactivated.");
    }
    Ok(found)
}

/// Refuses an heir who has no role that lets them do what they are to take over, or gives it.
fn able_to_take_over(w: &mut Writing, caller: &Caller, from: Id, form: &HandoverForm) -> Result<()> {
    let owned = w.risks_owned(from)?.into_iter().map(|risk| (Duty::Own, risk.organisation_id));
    let mut taken: BTreeSet<(Duty, Id)> = owned.collect();
    let mut held: Vec<Id> = w.controls_held(from)?.iter().map(|control| control.risk_id).collect();
    held.extend(w.actions_held(from)?.iter().map(|action| action.risk_id));
    taken.extend(w.all::<Risk>(held)?.iter().map(|risk| (Duty::Answer, risk.organisation_id)));
    let mut faults = Vec::new();
    for (duty, at) in taken {
        let at: Organisation = w.linked(at)?;
        let (user, grant) = (form.to_user_id, form.grant_role);
        duties::hold(w, caller, &Naming { user, duty, at: &at, grant, field: "/toUserId" }, &mut faults)?;
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Whether owners and responsible people may change in the plan as it stands; the refusal names the plan.
fn may_change_hands(w: &mut Writing, plan: &Plan) -> Result<()> {
    let state = plan_state(plan);
    for verb in [PlanVerb::ChangeOwner, PlanVerb::ChangeResponsible] {
        if let Err(refusal) = life::may(verb, &state, w.today()) {
            let body: Organisation = w.linked(plan.organisation_id)?;
            let (name, year) = (body.name, plan.year);
            return Err(Error::conflict(
                refusal.code,
                format!("{name}, {year}: {}", refusal.sv),
                format!("{name}, {year}: {}", refusal.en),
            ));
        }
    }
    Ok(())
}
