//! `/users` and their roles.

use super::tables::listed;
use crate::app::history::personal::{self, PersonalData};
use crate::app::people::users::{self, Handover, OneTimePassword};
use crate::app::tables;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::Id;
use crate::storage::queries::UserFilter;
use crate::storage::records::{Grant, User};

const TAG: &str = "Users";

/// It is a file, under a name that says of whom it is.
fn disposition(user: Id) -> String {
    format!("inline; filename=\"{user}.json\"")
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/users",
            "listUsers",
            TAG,
            ("Lista användare", "List users"),
            "The people whom the caller sees: oneself, and those within reach of one's roles.",
            Run::read(|r, caller, call| {
                let filter = UserFilter {
                    updated_since: call.time("updatedSince"),
                    organisation_id: call.any("organisationId"),
                    active: call.q("active"),
                    email: call.q("email"),
                    q: call.q("q"),
                    ..UserFilter::default()
                };
                let listing = call.listing();
                let all = filter.clone();
                listed(
                    r,
                    call,
                    |r| Answer::list(call, "/users", users::list(r, caller, filter, &listing)?),
                    |r| tables::common::users(r, caller, all, &listing),
                )
            }),
        )
        .filter("organisationId", ParameterKind::Id, "Those who work right at this organisation.")
        .query("active", ParameterKind::Flag, "Those who can sign in, or those who cannot.")
        .query("email", ParameterKind::Text { most: 254 }, "The one with this address.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose name or address holds this, without regard to case.")
        .since()
        .lists::<User>("A page of people.", &["name", "email", "active"]),
        operation(
            "post",
            "/users",
            "createUser",
            TAG,
            ("Lägg till en användare", "Add a user"),
            "Adds a person, with the roles in `grants`, all or nothing. With `invite` a letter leads them in; or make a one-time \
             password, or give the subject that the OIDC issuer knows.",
            Run::write(|w, caller, call, sent| {
                let made = users::create(w, caller, call.mail, sent)?;
                Answer::created(format!("/users/{}", made.id), &made)
            }),
        )
        .makes::<User>("The new person."),
        operation(
            "get",
            "/users/{id}",
            "getUser",
            TAG,
            ("Läs en användare", "Get a user"),
            "One person.",
            Run::read(|r, caller, call| Answer::resource(&users::get(r, caller, call.id()?)?)),
        )
        .gives::<User>("The person."),
        operation(
            "get",
            "/users/{id}/data",
            "getPersonalData",
            TAG,
            ("Hämta allt om en användare", "Get what is held about a user"),
            "All that the register holds about a person, as one file (GDPR, article 15): for an administrator who could give every \
             role that the person has. What stands in a thing is told as far as whoever asks sees it; what nobody but its writer \
             reads, and what opens anything, is not.",
            Run::read(|r, caller, call| {
                let data = personal::of(r, caller, call.id()?, &call.public_url, call.language)?;
                Ok(Answer::secret(200, &data)?.with("content-disposition", disposition(data.user.id)))
            }),
        )
        .hands::<PersonalData>(200, "What is held about the person."),
        operation(
            "get",
            "/me/data",
            "getMyData",
            TAG,
            ("Hämta allt om mig", "Get what is held about me"),
            "All that the register holds about the person who asks, as one file (GDPR, article 15), and what they have written and not \
             saved. What stands in a thing is told as far as they see it; never what opens anything.",
            Run::read(|r, caller, call| {
                let data = personal::mine(r, caller, &call.public_url, call.language)?;
                Ok(Answer::secret(200, &data)?.with("content-disposition", disposition(data.user.id)))
            }),
        )
        .hands::<PersonalData>(200, "What is held about oneself."),
        operation(
            "patch",
            "/users/{id}",
            "changeUser",
            TAG,
            ("Ändra en användare", "Change a user"),
            "Changes, deactivates or activates a person. Deactivating ends every session at once; the last active region \
             administrator stays (`lastAdministrator`).",
            Run::write(|w, caller, call, sent| Answer::resource(&users::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<User>("The person as they have become."),
        operation(
            "post",
            "/users/{id}/one-time-password",
            "makeOneTimePassword",
            TAG,
            ("Skapa ett engångslösenord", "Make a one-time password"),
            "Gives the person a new password, told this once and kept nowhere, and ends every session of theirs. It holds for three \
             days, and only for choosing one's own; what wrong passwords the address has to wait for is forgotten.",
            Run::apart(|service, bearer, call, sent| {
                let (id, request) = (call.id()?, call.request_id);
                let passwords = &service.config.passwords;
                let made = users::one_time_password(&service.db, bearer, id, request, call.mail, passwords, sent)?;
                Answer::secret(201, &made)
            }),
        )
        .not_idempotent()
        .hashes()
        .ruled()
        .hands::<OneTimePassword>(201, "The password."),
        operation(
            "delete",
            "/users/{id}/sessions",
            "endUserSessions",
            TAG,
            ("Logga ut en användare överallt", "Sign a user out everywhere"),
            "Ends every session of a person at once, and forgets by what and from where they have signed in. They can sign in again, and \
             a token of the issuer goes on: deactivate the account to keep them out.",
            Run::write(|w, caller, call, sent| {
                users::sign_out(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .empties("Signed out everywhere."),
        operation(
            "post",
            "/users/{id}/handover",
            "handOver",
            TAG,
            ("Lämna över", "Hand over"),
            "Hands over every risk that the person owns, and every control and action they are responsible for, in plans \
             that are not closed. A proposed plan refuses; then nothing is handed over.",
            Run::write(|w, caller, call, sent| Answer::secret(200, &users::hand_over(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .hands::<Handover>(200, "What was handed over."),
        operation(
            "get",
            "/users/{id}/grants",
            "listGrants",
            TAG,
            ("Lista en användares roller", "List a user's roles"),
            "The roles of a person, in the order they were given.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                Answer::list(call, &format!("/users/{id}/grants"), users::grants(r, caller, id, &call.listing())?)
            }),
        )
        .lists::<Grant>("A page of roles.", &[]),
        operation(
            "post",
            "/users/{id}/grants",
            "grantRole",
            TAG,
            ("Ge en roll", "Give a role"),
            "Gives a person a role on an organisation, and so on everything below it. Nobody gives more than they hold.",
            Run::write(|w, caller, call, sent| {
                let given = users::give(w, caller, call.id()?, sent)?;
                Answer::created(format!("/users/{}/grants/{}", given.user_id, given.id), &given)
            }),
        )
        .ruled()
        .makes::<Grant>("The role."),
        operation(
            "get",
            "/users/{id}/grants/{grantId}",
            "getGrant",
            TAG,
            ("Läs en roll", "Get a role"),
            "One role of a person.",
            Run::read(|r, caller, call| {
                Answer::resource(&users::get_grant(r, caller, call.id()?, call.path_word("grantId")?)?)
            }),
        )
        .gives::<Grant>("The role."),
        operation(
            "delete",
            "/users/{id}/grants/{grantId}",
            "revokeRole",
            TAG,
            ("Återkalla en roll", "Revoke a role"),
            "Takes a role back, at once. The last active region administrator keeps theirs (`lastAdministrator`).",
            Run::write(|w, caller, call, sent| {
                users::take_back(w, caller, call.id()?, call.path_word("grantId")?, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("The role is taken back."),
    ]
}
