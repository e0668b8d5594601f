//! Users with their roles. A person is found by the register's id or by their e-mail address; several rows of one person give
//! several roles. Nobody is given a password, and no role is taken from anybody.

use std::collections::BTreeMap;

use riskregister_workbook::rows::{Record, Said};
use riskregister_workbook::{Field, Place, clean};
use serde_json::{Map, json};

use super::answers::is_called;
use super::taking::{Fields, ImportItem, Taking, cell, line, put_line, sent, sent_of};
use crate::app::people::users::{self, GrantForm, NewUserForm, UserForm};
use crate::domain::email;
use crate::domain::words::{ImportAbout, ImportEntity, ImportField, ImportResult, Language, Role};
use crate::error::{Bilingual, Error, Result};
use crate::storage::Id;
use crate::storage::records::{Organisation, User};

/// What a column of users can be.
pub const FIELDS: &[ImportField] = &[
    ImportField::Unknown,
    ImportField::Id,
    ImportField::Name,
    ImportField::Email,
    ImportField::Organisation,
    ImportField::OrganisationId,
    ImportField::Role,
    ImportField::RoleOrganisation,
    ImportField::Language,
    ImportField::Subject,
];

/// A role that a row gives, and where it says so.
struct Given {
    role: Role,
    at: Id,
    place: Place,
}

/// Takes in the people of a file.
pub fn take_in(t: &mut Taking) -> Result<()> {
    let found = t.wanted.found;
    let mut people: Vec<Vec<&Record>> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for record in &found.records {
        // One without an address was told of when it was read.
        let Some(address) = cell(record, Field::Email) else { continue };
        match known.get(&clean::folded(&address.text)).and_then(|at| people.get_mut(*at)) {
            Some(rows) => rows.push(record),
            None => {
                known.insert(clean::folded(&address.text), people.len());
                people.push(vec![record]);
            }
        }
    }
    for rows in people {
        person(t, &rows)?;
    }
    Ok(())
}

fn person(t: &mut Taking, rows: &[&Record]) -> Result<()> {
    let Some((first, address)) = rows.first().and_then(|row| Some((*row, cell(row, Field::Email)?))) else {
        return Ok(());
    };
    let by_id = cell(first, Field::Id);
    let old = match known(t, by_id, address)? {
        None if by_id.is_some() => {
            t.unknown(&by_id.map_or_else(Place::default, |said| said.place.clone()));
            return Ok(());
        }
        old => old,
    };
    let mut fields = Fields::default();
    put_line(first, Field::Name, "name", &mut fields);
    if let Some(said) = cell(first, Field::Subject) {
        fields.put("subject", email::subject(&line(said)), &said.place);
    }
    t.word(ImportAbout::Language, "language", cell(first, Field::Language), &mut fields);
    // Spelt otherwise it is the same address.
    let same = old.as_ref().filter(|old| email::spellings(&address.text).contains(&old.email));
    fields.put("email", same.map_or(address.text.as_str(), |old| old.email.as_str()), &address.place);
    // Where they work already they stay, whatever else is called so.
    let by_word = cell(first, Field::Organisation);
    let now = old.as_ref().map(|old| t.w.linked::<Organisation>(old.organisation_id)).transpose()?;
    let stays = cell(first, Field::OrganisationId).is_none()
        && now.as_ref().zip(by_word).is_some_and(|(now, said)| is_called(now, &clean::folded(&said.text)));
    let home =
        if stays { None } else { t.organisation(cell(first, Field::OrganisationId), by_word).unwrap_or_default() };
    let has_roles = first.values.contains_key(&Field::Role) && !first.values.contains_key(&Field::RoleOrganisation);
    // Whoever is here already and gets a role elsewhere goes on working where they do.
    if let Some((home, place)) = &home
        && (old.is_none() || !has_roles)
    {
        fields.put("organisationId", home.to_string(), place);
    }
    if old.is_none() && !fields.values.contains_key("organisationId") {
        fields.put("organisationId", t.ground.body().id.to_string(), &first.place);
    }
    let works_at = home.map(|(id, _)| id).or(old.as_ref().map(|old| old.organisation_id));
    let mut given = Vec::new();
    for row in rows {
        given.extend(roles(t, row, works_at));
    }
    let name = fields.values.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
    let mut item = ImportItem::new(ImportEntity::User, &first.place, name, old.as_ref().map(|old| old.id));
    let user = match &old {
        None => {
            item.result = ImportResult::Made;
            match users::create(t.w, t.caller, false, &sent::<NewUserForm>(fields.values.clone())) {
                Ok(made) => Some(made.id),
                Err(error) => {
                    t.refused(error, &fields, &first.place)?;
                    None
                }
            }
        }
        Some(old) => {
            let changes = fields.changes(&UserForm::of(old))?;
            if !changes.is_empty() {
                item.changed(changes.keys().cloned());
                if let Err(error) = users::change(t.w, t.caller, old.id, &sent_of::<UserForm>(changes)) {
                    t.refused(error, &fields, &first.place)?;
                }
            }
            Some(old.id)
        }
    };
    if let Some(user) = user {
        item = item.of(Some(user));
        if give(t, user, given)? {
            item.changed(["grants".to_owned()]);
        }
    }
    t.outcome.items.push(item);
    Ok(())
}

/// The person that a row is about, as far as the caller sees them: another is as one who is not there.
fn known(t: &mut Taking, by_id: Option<&Said>, address: &Said) -> Result<Option<User>> {
    let found = match by_id {
        Some(said) => match said.text.trim().parse::<Id>() {
            Ok(id) => t.w.find::<User>(id)?,
            Err(_) => None,
        },
        None => t.w.user_by_email(&address.text)?,
    };
    let Some(found) = found else { return Ok(None) };
    match users::get(t.w, t.caller, found.id) {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The roles of a row: each reaches from where the row says, from where the person works, or else from where the file goes.
fn roles(t: &mut Taking, row: &Record, works_at: Option<Id>) -> Vec<Given> {
    let said = row.values.get(&Field::Role).map(Vec::as_slice).unwrap_or_default();
    if said.is_empty() {
        return Vec::new();
    }
    let named = match cell(row, Field::RoleOrganisation) {
        Some(said) => t.organisation(None, Some(said)),
        None => t.organisation(cell(row, Field::OrganisationId), cell(row, Field::Organisation)),
    };
    let at = match named {
        Ok(Some((at, _))) => at,
        Ok(None) => works_at.unwrap_or(t.ground.body().id),
        // The role is given nowhere else instead.
        Err(()) => return Vec::new(),
    };
    let mut given = Vec::new();
    for word in said {
        let role = t.meaning(ImportAbout::Role, word).and_then(|role| Role::parse(&role));
        given.extend(role.map(|role| Given { role, at, place: word.place.clone() }));
    }
    given
}

/// Gives the roles that the person does not have there already. Whether there were any.
fn give(t: &mut Taking, user: Id, given: Vec<Given>) -> Result<bool> {
    let mut some = false;
    for Given { role, at, place } in given {
        let there = t.w.grants_with_organisations(user)?;
        if there.iter().any(|(grant, _)| grant.role == role && grant.organisation_id == at) {
            continue;
        }
        some = true;
        let form: Map<_, _> =
            [("role".to_owned(), json!(role)), ("organisationId".to_owned(), json!(at))].into_iter().collect();
        match users::give(t.w, t.caller, user, &sent::<GrantForm>(form)) {
            // Which they are is to be seen before it is done.
            Ok(_) => {
                let (name, at) = (t.w.linked::<User>(user)?.name, t.w.linked::<Organisation>(at)?.name);
                t.remark(
                    "roleGiven",
                    &place,
                    Bilingual::new(
                        format!("{name} får rollen {} vid {at}.", role.label(Language::Sv)),
                        format!("{name} is given the role {} at {at}.", role.label(Language::En)),
                    ),
                );
            }
            Err(error) => t.refused(error, &Fields::default(), &place)?,
        }
    }
    Ok(some)
}
