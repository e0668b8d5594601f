//! `/service-accounts` with their credentials, and `/oauth/token`.

use crate::app::people::service_accounts::{self, IssuedToken, NewCredential, TokenForm};
use crate::app::sent::Sent;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::ServiceAccountFilter;
use crate::storage::records::{ServiceAccount, ServiceCredential};

const TAG: &str = "Service accounts";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/service-accounts",
            "listServiceAccounts",
            TAG,
            ("Lista tjänstekonton", "List service accounts"),
            "The accounts of other systems that the caller sees: a service account sees itself.",
            Run::read(|r, caller, call| {
                let filter = ServiceAccountFilter {
                    updated_since: call.time("updatedSince"),
                    organisation_id: call.any("organisationId"),
                    active: call.q("active"),
                    q: call.q("q"),
                    ..ServiceAccountFilter::default()
                };
                let page = service_accounts::list(r, caller, filter, &call.listing())?;
                Answer::list(call, "/service-accounts", page)
            }),
        )
        .filter("organisationId", ParameterKind::Id, "Those whose scopes reach from right this organisation.")
        .query("active", ParameterKind::Flag, "Those that have not been ended, or those that have.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose name holds this, without regard to case.")
        .since()
        .lists::<ServiceAccount>("A page of accounts.", &["name", "expiresAt", "active"]),
        operation(
            "post",
            "/service-accounts",
            "createServiceAccount",
            TAG,
            ("Lägg till ett tjänstekonto", "Add a service account"),
            "Adds an account for another system, with what its tokens may be good for (`read`: what an auditor reads; \
             `webhooks`: its own webhooks) and when it ends. Give it a secret next.",
            Run::write(|w, caller, _, sent| {
                let made = service_accounts::create(w, caller, sent)?;
                Answer::created(format!("/service-accounts/{}", made.id), &made)
            }),
        )
        .makes::<ServiceAccount>("The new account."),
        operation(
            "get",
            "/service-accounts/{id}",
            "getServiceAccount",
            TAG,
            ("Läs ett tjänstekonto", "Get a service account"),
            "One account.",
            Run::read(|r, caller, call| Answer::resource(&service_accounts::get(r, caller, call.id()?)?)),
        )
        .gives::<ServiceAccount>("The account."),
        operation(
            "patch",
            "/service-accounts/{id}",
            "changeServiceAccount",
            TAG,
            ("Ändra ett tjänstekonto", "Change a service account"),
            "Changes, ends or activates an account. Ending revokes every secret of it at once; an account that is \
             activated again needs a new one.",
            Run::write(|w, caller, call, sent| Answer::resource(&service_accounts::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .gives::<ServiceAccount>("The account as it has become."),
        operation(
            "get",
            "/service-accounts/{id}/credentials",
            "listServiceCredentials",
            TAG,
            ("Lista ett tjänstekontos hemligheter", "List the secrets of a service account"),
            "The credentials of an account, the newest first, never a secret.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = service_accounts::credentials(r, caller, id, &call.listing())?;
                Answer::list(call, &format!("/service-accounts/{id}/credentials"), page)
            }),
        )
        .lists::<ServiceCredential>("A page of credentials.", &[]),
        operation(
            "post",
            "/service-accounts/{id}/credentials",
            "makeServiceCredential",
            TAG,
            ("Skapa en ny hemlighet", "Make a new secret"),
            "Gives the account a new secret, told this once and kept nowhere. Earlier ones go on to hold for seven days, \
             or until the given time, so that the system can change over; revoke one that must end at once. The answer \
             is not kept: sent twice, this makes two.",
            Run::write(|w, caller, call, sent| {
                Answer::secret(201, &service_accounts::make_credential(w, caller, call.id()?, sent)?)
            }),
        )
        .optional_form()
        .not_idempotent()
        .ruled()
        .hands::<NewCredential>(201, "The credential, with its secret."),
        operation(
            "get",
            "/service-accounts/{id}/credentials/{credentialId}",
            "getServiceCredential",
            TAG,
            ("Läs en hemlighets uppgifter", "Get what is known of a secret"),
            "One credential of an account, never its secret.",
            Run::read(|r, caller, call| {
                let credential = call.path_word("credentialId")?;
                Answer::resource(&service_accounts::get_credential(r, caller, call.id()?, credential)?)
            }),
        )
        .gives::<ServiceCredential>("The credential."),
        operation(
            "post",
            "/service-accounts/{id}/credentials/{credentialId}/revocation",
            "revokeServiceCredential",
            TAG,
            ("Återkalla en hemlighet", "Revoke a secret"),
            "Revokes a secret at once, and with it every token that was got by it. Doing so again changes nothing.",
            Run::write(|w, caller, call, sent| {
                let credential = call.path_word("credentialId")?;
                Answer::resource(&service_accounts::revoke(w, caller, call.id()?, credential, sent)?)
            }),
        )
        .optional_form()
        .gives::<ServiceCredential>("The credential as it has become."),
        operation(
            "post",
            "/oauth/token",
            "issueToken",
            TAG,
            ("Hämta en token", "Get a token"),
            "Gives a service account an access token by its client credentials (RFC 6749, 4.4), which are sent in the \
             body, never in a header or the URL. Unknown and ended accounts and wrong secrets answer alike, and hold \
             nobody up. Refusals by 400 and 401 have the form of RFC 6749, 5.2, here alone.",
            Run::open(|service, call, sent: &Sent<TokenForm>| {
                let issued = service_accounts::issue(&service.db, &service.keys, call.request_id, sent)?;
                Ok(Answer::secret(200, &issued)?.with("pragma", "no-cache"))
            }),
        )
        .oauth()
        .not_idempotent()
        .hands::<IssuedToken>(200, "The token."),
    ]
}
