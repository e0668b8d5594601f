//! `/api-info`, `/sessions`, `/me`, `/password-resets`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::people::guesses::Asking;
use crate::app::people::passwords::{self, ForgottenForm, NewPasswordForm};
use crate::app::people::sessions::{self, OwnSessions, RefreshForm, SignInForm, Tokens};
use crate::app::people::users::{self, Me};
use crate::app::sent::{Envelope, Sent};
use crate::auth::Issued;
use crate::http::Answer;
use crate::http::contract::{Operation, Run, operation};
use crate::http::notices::Notice;
use crate::storage::Origin;

const TAG: &str = "Sign-in";

/// What this API is (REST API-profil VER.06).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiInfo {
    #[schema(example = "Riskregister")]
    pub api_name: String,
    #[schema(example = "1.0.0")]
    pub api_version: String,
    #[schema(value_type = String, format = Date, example = "2026-11-22")]
    pub api_released: String,
    #[schema(example = "https://riskregister.example.org/api/v1/docs/")]
    pub api_documentation: String,
    #[schema(example = "active")]
    pub api_status: String,
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/api-info",
            "getApiInfo",
            "About",
            ("Läs om API:et", "Get what this API is"),
            "Name, version and state of the API, for everyone.",
            Run::open(|service, _, _: &Envelope| {
                Answer::view(&ApiInfo {
                    api_name: "Riskregister".into(),
                    api_version: super::openapi::API_VERSION.into(),
                    api_released: super::openapi::API_RELEASED.into(),
                    api_documentation: format!("{}/api/v1/docs/", service.config.public_url),
                    api_status: "active".into(),
                })
            }),
        )
        .computes::<ApiInfo>("What the API is."),
        operation(
            "post",
            "/sessions",
            "signIn",
            TAG,
            ("Logga in", "Sign in"),
            "Signs in with a local account. A wrong password and an unknown address answer alike. After five wrong ones in a row \
             the address waits where they came from, and where it is not known to sign in, it has a hundred tries a day. \
             A one-time password holds for three days and opens nothing but the choice of one's own, in `newPassword`: without it \
             the answer is 409 (`passwordMustBeChosen`).",
            Run::open(|service, call, sent: &Sent<SignInForm>| {
                let form = sent.judge()?;
                let asking = Asking {
                    request: call.request_id,
                    device: call.device.clone(),
                    place: call.client.map(|client| service.keys.place(client)).transpose()?,
                    devices: Vec::new(),
                    mail: call.mail,
                    passwords: service.config.passwords.clone(),
                    issued: Issued::default(),
                };
                Answer::secret(201, &sessions::sign_in(&service.db, &service.keys, &form, &asking)?)
            }),
        )
        .not_idempotent()
        .hashes()
        .ruled()
        .hands::<Tokens>(201, "The tokens of the new session."),
        operation(
            "post",
            "/sessions/refresh",
            "refreshSession",
            TAG,
            ("Förnya sessionen", "Refresh a session"),
            "Gives the next tokens of a session. Each refresh token is good once.",
            Run::open(|service, call, sent: &Sent<RefreshForm>| {
                let form = sent.judge()?;
                Answer::secret(201, &sessions::refresh(&service.db, &service.keys, &form, &service.config.passwords, call.request_id)?)
            }),
        )
        .not_idempotent()
        .hands::<Tokens>(201, "The next tokens."),
        operation(
            "delete",
            "/sessions/current",
            "signOut",
            TAG,
            ("Logga ut", "Sign out"),
            "Ends this session at once.",
            Run::write(|w, caller, _, sent| sessions::sign_out(w, caller, sent).map(|()| Answer::nothing())),
        )
        .empties("Signed out."),
        operation(
            "delete",
            "/sessions",
            "signOutEverywhere",
            TAG,
            ("Logga ut överallt", "Sign out everywhere"),
            "Ends every session of the caller at once.",
            Run::write(|w, caller, _, sent| sessions::sign_out_everywhere(w, caller, sent).map(|()| Answer::nothing())),
        )
        .empties("Signed out everywhere."),
        operation(
            "get",
            "/me/sessions",
            "getMySessions",
            TAG,
            ("Läs var jag är inloggad", "Get where I am signed in"),
            "The caller's own sessions that go on, each with by what one signed in, as it said of itself.",
            Run::read(|r, caller, _| Answer::view(&sessions::own(r, caller)?)),
        )
        .computes::<OwnSessions>("Where the caller is signed in."),
        operation(
            "delete",
            "/me/sessions/{id}",
            "endMySession",
            TAG,
            ("Avsluta en av mina sessioner", "End a session of mine"),
            "Ends one of the caller's own sessions at once.",
            Run::write(|w, caller, call, sent| {
                sessions::end_own(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .empties("Ended."),
        operation(
            "get",
            "/me",
            "getMe",
            TAG,
            ("Vem är jag", "Get who I am"),
            "The signed-in person with roles, or the service account with the scopes of the very token.",
            Run::read(|r, caller, _| Answer::resource(&users::me(r, caller)?)),
        )
        .gives::<Me>("Who asks."),
        operation(
            "put",
            "/me/password",
            "changePassword",
            TAG,
            ("Byt lösenord", "Change my password"),
            "Changes the caller's own password and ends every session, this one too. Where people sign in at the issuer alone nobody has one \
             (`passwordsOff`).",
            Run::apart(|service, bearer, call, sent| {
                let passwords = &service.config.passwords;
                sessions::change_password(&service.db, bearer, call.request_id, call.mail, passwords, sent)?;
                Ok(Answer::nothing())
            }),
        )
        .hashes()
        .ruled()
        .empties("The password is changed; sign in anew."),
        operation(
            "post",
            "/password-resets",
            "requestPasswordReset",
            TAG,
            ("Be om ett nytt lösenord", "Ask for a new password"),
            "Sends a letter with a link by which a password is chosen; it works once, for an hour. The answer is the same whether \
             or not the address is somebody's, and whether or not they sign in with a password. One letter in ten minutes.",
            Run::open(|service, call, sent: &Sent<ForgottenForm>| {
                let form = sent.judge()?;
                let known = passwords::forgotten(&service.db, &form, call.mail, service.keys.knows_issuer(), &service.config.passwords)?;
                if let Some(user) = known {
                    // Written behind the answer, which comes as soon to whoever is not known.
                    service.notices.leave(&Origin::nobody(call.request_id), Notice::Forgotten(user));
                }
                Ok(Answer::nothing())
            }),
        )
        .not_idempotent()
        .ruled()
        .empties("Whoever has an account with that address is sent a letter."),
        operation(
            "post",
            "/password-resets/completion",
            "completePasswordReset",
            TAG,
            ("Välj ett nytt lösenord", "Choose a new password"),
            "Chooses a password by the link of a letter, to somebody who has forgotten theirs or is invited, and ends every session \
             of theirs. The link works once (`linkNotValid`).",
            Run::open(|service, call, sent: &Sent<NewPasswordForm>| {
                let form = sent.judge()?;
                passwords::choose(&service.db, &service.keys, &form, call.mail, &service.config.passwords, call.request_id)?;
                Ok(Answer::nothing())
            }),
        )
        .not_idempotent()
        .hashes()
        .empties("The password is chosen; sign in with it."),
    ]
}
