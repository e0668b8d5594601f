//! `/webhooks`.

use crate::app::history::webhooks::{self, NewSecret, Replay, WebhookView};
use crate::domain::words::DeliveryOutcome;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::{Delivery, DeliveryFilter, WebhookFilter};

const TAG: &str = "Webhooks";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/webhooks",
            "listWebhooks",
            TAG,
            ("Lista webhookar", "List webhooks"),
            "The webhooks that the caller sees: a region administrator or an auditor those of what their role reaches.",
            Run::read(|r, caller, call| {
                let filter = WebhookFilter {
                    updated_since: call.time("updatedSince"),
                    organisation_id: call.any("organisationId"),
                    active: call.q("active"),
                    ..WebhookFilter::default()
                };
                Answer::list(call, "/webhooks", webhooks::list(r, caller, filter, &call.listing())?)
            }),
        )
        .filter("organisationId", ParameterKind::Id, "Those that belong right to this organisation.")
        .query("active", ParameterKind::Flag, "Those that are sent to, or those that are not.")
        .since()
        .lists::<WebhookView>("A page of webhooks.", &["name", "createdAt"]),
        operation(
            "post",
            "/webhooks",
            "createWebhook",
            TAG,
            ("Lägg till en webhook", "Add a webhook"),
            "Lets another system be told of events of an organisation, and of those below it, from now on. Each event \
             is a POST in the form of Standard Webhooks, signed with the secret that stands in this answer and nowhere \
             else; `webhooks` in this contract describes it. It is sent again until it is answered by 2xx, in order, so \
             whoever was away ends with all of it.",
            Run::write(|w, caller, call, sent| {
                let made = webhooks::create(w, caller, &call.webhook_hosts, call.seals()?, sent)?;
                let id = made.webhook.id;
                // The tag is that of what can be read again.
                let read = WebhookView { secret: None, ..made.clone() };
                Ok(Answer::tagged(201, &made, &read)?.at(format!("/webhooks/{id}")))
            }),
        )
        .makes::<WebhookView>("The new webhook, with its secret."),
        operation(
            "get",
            "/webhooks/{id}",
            "getWebhook",
            TAG,
            ("Läs en webhook", "Get a webhook"),
            "One webhook, and how its sending goes.",
            Run::read(|r, caller, call| Answer::resource(&webhooks::get(r, caller, call.id()?)?)),
        )
        .gives::<WebhookView>("The webhook."),
        operation(
            "patch",
            "/webhooks/{id}",
            "changeWebhook",
            TAG,
            ("Ändra en webhook", "Change a webhook"),
            "Changes, stops or starts a webhook. Started again, also after the register paused it, it goes on with the \
             event where it stopped, at once.",
            Run::write(|w, caller, call, sent| {
                Answer::resource(&webhooks::change(w, caller, call.id()?, &call.webhook_hosts, sent)?)
            }),
        )
        .guarded()
        .gives::<WebhookView>("The webhook as it has become."),
        operation(
            "delete",
            "/webhooks/{id}",
            "deleteWebhook",
            TAG,
            ("Ta bort en webhook", "Delete a webhook"),
            "Removes a webhook and the log of its deliveries. Nothing more is sent.",
            Run::write(|w, caller, call, sent| webhooks::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .empties("Removed; its history stays."),
        operation(
            "post",
            "/webhooks/{id}/secret",
            "changeWebhookSecret",
            TAG,
            ("Byt hemlighet", "Change a webhook's secret"),
            "Gives the webhook a new secret. For 24 hours each message carries a signature by the old one, too.",
            Run::write(|w, caller, call, sent| {
                Answer::secret(201, &webhooks::change_secret(w, caller, call.id()?, call.seals()?, sent)?)
            }),
        )
        .hands::<NewSecret>(201, "The new secret, told this once."),
        operation(
            "get",
            "/webhooks/{id}/deliveries",
            "listDeliveries",
            TAG,
            ("Lista leveranser", "List a webhook's deliveries"),
            "Every attempt to deliver of the last thirty days, the newest first.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let filter = DeliveryFilter {
                    log: call.q("log"),
                    outcome: call.any("outcome"),
                    from: call.time("from"),
                    ..DeliveryFilter::default()
                };
                let kind: Option<String> = call.q("kind");
                let found = webhooks::deliveries(r, caller, id, filter, kind.as_deref(), &call.listing())?;
                Answer::list(call, &format!("/webhooks/{id}/deliveries"), found)
            }),
        )
        .query("log", ParameterKind::Id, "Those of events in this log.")
        .query("kind", ParameterKind::Kinds, "Those of events of these kinds, parted by commas.")
        .filter("outcome", ParameterKind::words::<DeliveryOutcome>(), "Those that came through, or those that failed.")
        .query("from", ParameterKind::Time, "Those at this time or later.")
        .lists::<Delivery>("A page of attempts.", &[]),
        operation(
            "post",
            "/webhooks/{id}/replay",
            "replayWebhook",
            TAG,
            ("Skicka igen", "Send again"),
            "Tells the webhook of events once more: those from a time on, or those of one log from a position on. They \
             come in order, before what is new, each with the `webhook-id` that it had the first time. Beginning \
             before the webhook was made tells it of what happened before.",
            Run::write(|w, caller, call, sent| Answer::secret(202, &webhooks::replay(w, caller, call.id()?, sent)?)),
        )
        .hands::<Replay>(202, "They will be sent."),
    ]
}
