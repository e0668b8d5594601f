//! Notes: what people write to each other about a plan, or about a risk, a control or an action of it.
//!
//! Whoever sees what a thing holds sees its notes, and writes them, but for those who oversee. A note changes nothing of what
//! it is about, so it is taken whatever the plan's life has come to, and no plan or risk becomes another by it. It is written
//! once: what was said stays, until it is erased or what it is about is deleted. It stands in no document.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::measures::{self, Part};
use crate::app::caller::Caller;
use crate::app::caller::grants::reaching;
use crate::app::places::{path_ids, place, plan_target};
use crate::app::plan;
use crate::app::reach;
use crate::app::sent::Sent;
use crate::domain::letters::{self, Letter, Mention, Talked};
use crate::domain::mentions::{self, Nameable, Unclear};
use crate::domain::roles::{self, Decision, Target, Verb};
use crate::domain::text::by_name;
use crate::domain::words::MailKind;
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, NewMail, Page};
use crate::storage::records::{About, Action, Control, ERASED, Note, Organisation, Plan, Risk, User};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// What somebody writes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteForm {
    /// `@` and somebody's whole name, or their address, tells them to look: exactly one of those who may see it must have it.
    #[schema(min_length = 1, max_length = 4000, example = "Hinner vi det här före sommaren?")]
    pub text: String,
    /// Who is told to look, beside those whom the text names. Each must see what the note is about.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub mentioned_ids: Vec<Id>,
}

/// Somebody who may be told.
pub struct Person {
    pub id: Id,
    pub name: String,
    /// None for whoever may not see the person, and knows them by name alone.
    email: Option<String>,
    /// Owns it, is responsible for something of it, or has written about it.
    pub near: bool,
}

/// What a note is about, and where it stands.
struct Thing {
    about: About,
    name: String,
    plan: Plan,
    body: Organisation,
    /// The risk that it is, or stands by.
    risk: Option<Risk>,
    target: Target,
    /// It has left the plan.
    gone: bool,
}

impl Thing {
    fn read(r: &mut Reading, caller: &Caller, about: About) -> Result<Self> {
        match about {
            About::Plan(id) => {
                let (plan, body) = plan::load(r, id)?;
                let target = Target::Plan(plan_target(&plan, &body));
                Ok(Self { about, name: String::new(), plan, body, risk: None, target, gone: false })
            }
            About::Risk(id) => {
                let risk: Risk = r.get(id)?;
                let (plan, body) = plan::load(r, risk.plan_id)?;
                let target = Target::Risk(reach::target(r, caller, &risk, &plan)?);
                Ok(Self { about, name: risk.name.clone(), plan, body, risk: Some(risk), target, gone: false })
            }
            About::Control(id) => Self::of_part(r, caller, about, id, |one: Control| one.name),
            About::Action(id) => Self::of_part(r, caller, about, id, |one: Action| one.name),
        }
    }

    fn of_part<P: Part>(
        r: &mut Reading,
        caller: &Caller,
        about: About,
        id: Id,
        name: impl Fn(P) -> String,
    ) -> Result<Self> {
        let (part, risk, plan, target) = measures::find::<P>(r, caller, id)?;
        let (plan, body) = plan::load(r, plan.id)?;
        let gone = part.removed_in().is_some();
        Ok(Self { about, name: name(part), plan, body, risk: Some(risk), target, gone })
    }

    /// What seeing its notes asks.
    fn seeing(&self) -> Verb {
        if self.risk.is_some() { Verb::SeeRisk } else { Verb::SeePlanParts }
    }

    /// One that the caller may see, and that is in the plan.
    fn seen(r: &mut Reading, caller: &Caller, about: About) -> Result<Self> {
        let thing = Self::read(r, caller, about)?;
        caller.may(thing.seeing(), &thing.target)?;
        if thing.gone { Err(Error::NotFound) } else { Ok(thing) }
    }
}

/// The page of what a note is about.
pub fn page(about: About) -> String {
    match about {
        About::Plan(id) => format!("/plans/{id}"),
        About::Risk(id) => format!("/risks/{id}"),
        About::Control(id) => format!("/controls/{id}"),
        About::Action(id) => format!("/actions/{id}"),
    }
}

/// The notes about a thing, the newest first.
pub fn list(r: &mut Reading, caller: &Caller, about: About, listing: &Listing) -> Result<Page<Note>> {
    Thing::seen(r, caller, about)?;
    Ok(listing.cut(r.notes_about(about)?))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Note> {
    let note: Note = r.get(id)?;
    Thing::seen(r, caller, note.about())?;
    Ok(note)
}

/// Those whom the caller may tell of a note about a thing, but for themselves, those first who have to do with it; none where
/// the caller may write none.
pub fn offered(r: &mut Reading, caller: &Caller, about: About) -> Result<Option<Vec<Person>>> {
    let thing = Thing::read(r, caller, about)?;
    if thing.gone || !caller.sees(Verb::WriteNote, &thing.target) {
        return Ok(None);
    }
    let mut people = nameable(r, caller, &thing)?;
    people.retain(|one| one.id != caller.id());
    people.sort_by(|a, b| b.near.cmp(&a.near).then_with(|| by_name(&a.name, &b.name)).then(a.id.cmp(&b.id)));
    Ok(Some(people))
}

/// Everyone who sees the thing and whom the caller knows: as somebody whom they may see, or by name, from the thing.
fn nameable(r: &mut Reading, caller: &Caller, thing: &Thing) -> Result<Vec<Person>> {
    let mut target = thing.target.clone();
    let mut near: Vec<Id> = r.notes_about(thing.about)?.into_iter().map(|note| note.written_by_id).collect();
    if let (Some(risk), Target::Risk(at) | Target::Part { risk: at, .. }) = (&thing.risk, &mut target) {
        let responsible = r.responsibles(risk.id)?;
        at.responsibles = responsible.iter().map(|id| id.0).collect();
        near.extend(responsible.into_iter().chain(risk.owner_id));
    }
    // A role reaches it from above its body, or from within.
    let above: Vec<Id> = path_ids(&thing.body.path).into_iter().map(Id).collect();
    let mut people: BTreeMap<Id, (User, Vec<roles::Grant>)> = BTreeMap::new();
    for (user, grant, at) in r.roles_around(&above, &thing.body.path)? {
        people.entry(user.id).or_insert_with(|| (user, Vec::new())).1.push(reaching(&grant, &at));
    }
    people.retain(|id, (_, grants)| roles::decide(id.0, grants, thing.seeing(), &target) == Decision::Allowed);
    let homes = r.all::<Organisation>(people.values().map(|(user, _)| user.organisation_id).collect::<Vec<_>>())?;
    let homes: HashMap<Id, Vec<Uuid>> = homes.into_iter().map(|home| (home.id, path_ids(&home.path))).collect();
    let mut all = Vec::new();
    for (id, (user, _)) in people {
        let path = homes.get(&user.organisation_id).cloned().unwrap_or_default();
        let person = Target::User { path, is_self: id == caller.id(), held: Vec::new() };
        let (near, seen) = (near.contains(&id), caller.sees(Verb::SeeUser, &person));
        if near || seen {
            all.push(Person { id, name: user.name, email: seen.then_some(user.email), near });
        }
    }
    Ok(all)
}

/// Writes a note about a thing, and to those whom it names, where the register sends `mail`.
pub fn write(w: &mut Writing, caller: &Caller, about: About, mail: bool, sent: &Sent<NoteForm>) -> Result<Note> {
    let thing = Thing::read(w, caller, about)?;
    if thing.gone {
        caller.may(thing.seeing(), &thing.target)?;
        return Err(Error::NotFound);
    }
    caller.authorize(Verb::WriteNote, &thing.target, sent)?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    // Held, so that it is not deleted meanwhile; the plan itself does not change.
    w.hold::<Plan>(thing.plan.id)?;
    let thing = Thing::seen(w, caller, about)?;
    let mentioned = mentioned(w, caller, &thing, &form)?;
    let made = Note {
        id: Id::new(),
        plan_id: thing.plan.id,
        risk_id: if let About::Risk(id) = about { Some(id) } else { None },
        control_id: if let About::Control(id) = about { Some(id) } else { None },
        action_id: if let About::Action(id) = about { Some(id) } else { None },
        text: form.text,
        mentioned_ids: Json(mentioned),
        written_by_id: by,
        created_at: Timestamp::now(),
        version: 1,
    };
    let at = place(w, &thing.body)?;
    w.create(at, "note.written", &made)?;
    if mail {
        let letter = |to: &Id| NewMail {
            plan_id: Some(made.plan_id),
            ..NewMail::new(*to, MailKind::Note, occasion(made.id), made.created_at)
        };
        w.post(made.mentioned_ids.iter().filter(|to| **to != by).map(letter).collect())?;
    }
    Ok(made)
}

/// Those whom a form names, in the text and beside it, each once.
fn mentioned(r: &mut Reading, caller: &Caller, thing: &Thing, form: &NoteForm) -> Result<Vec<Id>> {
    let people = nameable(r, caller, thing)?;
    let mut faults = Vec::new();
    let mut all: Vec<Id> = Vec::new();
    for (i, id) in form.mentioned_ids.iter().enumerate() {
        let at = format!("/mentionedIds/{i}");
        if all.contains(id) {
            faults.push(Violation::new(at, "duplicate", "Personen står två gånger.", "The person stands twice."));
        } else if people.iter().any(|one| one.id == *id) {
            all.push(*id);
        } else {
            faults.push(Violation::unknown_reference(at));
        }
    }
    let people: Vec<Nameable> =
        people.into_iter().map(|one| Nameable { id: one.id.0, name: one.name, email: one.email }).collect();
    let chosen: Vec<Uuid> = all.iter().map(|id| id.0).collect();
    match mentions::named_in(&form.text, &people, &chosen) {
        Ok(named) => {
            for id in named.into_iter().map(Id) {
                if !all.contains(&id) {
                    all.push(id);
                }
            }
        }
        Err(unclear) => faults.extend(unclear.into_iter().map(not_clear)),
    }
    if faults.is_empty() { Ok(all) } else { Err(Error::Invalid(faults)) }
}

fn not_clear(unclear: Unclear) -> Violation {
    match unclear {
        Unclear::Nobody(name) => Violation::new(
            "/text",
            "mentionUnknown",
            format!(
                "{name} är ingen som kan se det här. Skriv hela namnet, eller ta bort @ om det inte ska gå till någon."
            ),
            format!("{name} is nobody who can see this. Write the whole name, or take @ away if nobody is to be told."),
        ),
        Unclear::Several(name) => Violation::new(
            "/text",
            "mentionAmbiguous",
            format!("{name} kan vara flera. Välj personen i listan, eller skriv @ och e-postadressen."),
            format!("{name} may be several. Choose the person in the list, or write @ and the e-mail address."),
        ),
    }
}

/// What a letter about a note is sent for.
fn occasion(note: Id) -> String {
    format!("note/{note}")
}

/// The letter to somebody whom a note names, as of now; nothing when it is gone, or no longer to be seen.
pub fn letter(r: &mut Reading, user: &User, occasion: &str, public_url: &str) -> Result<Option<Letter>> {
    let id = occasion.strip_prefix("note/").and_then(|id| id.parse::<Id>().ok());
    let note: Option<Note> = id.map(|id| r.find(id)).transpose()?.flatten();
    let Some(note) = note else { return Ok(None) };
    let caller = Caller::on_host(r, user.id)?;
    let thing = match Thing::seen(r, &caller, note.about()) {
        Ok(thing) => thing,
        Err(Error::NotFound | Error::Forbidden(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let who: User = r.linked(note.written_by_id)?;
    let secret = match &thing.risk {
        Some(risk) => risk.secrecy.is_some(),
        // The plan is as secret as what it holds.
        None => r.risks_of_plan(thing.plan.id)?.iter().any(|risk| risk.secrecy.is_some()),
    };
    let mention = Mention {
        who: who.name,
        about: match thing.about {
            About::Plan(_) => Talked::Plan,
            About::Risk(_) => Talked::Risk,
            About::Control(_) => Talked::Control,
            About::Action(_) => Talked::Action,
        },
        name: thing.name,
        risk: match thing.about {
            About::Plan(_) | About::Risk(_) => None,
            About::Control(_) | About::Action(_) => thing.risk.as_ref().map(|risk| risk.name.clone()),
        },
        risk_number: thing.risk.as_ref().and_then(Risk::shown_number),
        secret,
        organisation: thing.body.name,
        year: thing.plan.year,
        text: Some(note.text.clone()).filter(|text| text != ERASED),
    };
    let url = format!("{public_url}{}#notes", page(note.about()));
    Ok(Some(letters::mention(user.language, &user.name, &mention, &url)))
}
