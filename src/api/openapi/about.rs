//! What the contract says of itself: who made it, what is promised, what its parts are called, and what it sends by itself.

use serde_json::{Value, json};

/// Where the service is in the contract, as an example.
pub const SERVER: &str = "https://riskregister.example.org/api/v1";

/// The version of the contract.
pub const API_VERSION: &str = "1.0.0";
pub const API_RELEASED: &str = "2026-11-22";

/// What `info` holds.
pub fn info() -> Value {
    json!({
        "title": "Riskregister",
        "version": API_VERSION,
        "summary": "Det öppna registret för intern kontroll i offentlig verksamhet / The open register of internal control in the public sector",
        "description": "Svenska: Registret håller nämnders och bolags planer för intern kontroll: risker med bedömningar, kontroller och åtgärder, planens väg till beslut, och en historik som går att verifiera. \
    Begränsningar: svar listas med högst 200 poster, en begäran får vara högst 1 MiB, dokument finns på svenska, och en uppgift med `format: name` är en rad med synlig text. \
    Inget som ett program bygger på försvinner utan att det har sagts i förväg, i svarets `Deprecation` och `Sunset` och i `docs/api.md`; vad som läggs till får ett program tåla.\n\n\
    English: The register holds the internal-control plans of boards and companies: risks with assessments, controls and actions, the plan's way to its decision, and a history that can be verified. \
    Known limitations: lists give 200 items at most, a request may have 1 MiB at most, documents are in Swedish, and what has `format: name` is one line of visible text. \
    Nothing that a program relies on goes away without notice, in `Deprecation` and `Sunset` of the answer and in `docs/api.md`; what is added, a program must put up with.",
        "termsOfService": "https://example.org/riskregister/terms",
        "contact": {"name": "Riskregister", "url": "https://example.org/riskregister", "email": "riskregister@example.org"},
        "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        "x-sla": {
            "availability": "Enligt avtal med den som driver tjänsten. / As agreed with whoever runs the service.",
            "responseTime": "Enligt avtal med den som driver tjänsten; `docs/performance.md` säger vad som är mätt. / As agreed with whoever runs the service; `docs/performance.md` says what was measured.",
            "support": "Av den som driver tjänsten, på adressen i `contact`. / By whoever runs the service, at the address in `contact`."
        },
        "x-limitations": "Högst 200 poster per sida; högst 1 MiB per begäran. / 200 items a page at most; 1 MiB a request at most."
    })
}

/// The tags, in the order of the documentation, and what each is about: first as the pages call it.
const TAGS: &[(&str, &str)] = &[
    ("About", "Om API:et. What this API is."),
    ("Sign-in", "Inloggning. Sessions, passwords, and who one is."),
    ("Organisations", "Organisationer. The tree of boards, companies and their parts."),
    ("Users", "Användare. People, their roles, and what they hand over."),
    ("Service accounts", "Tjänstekonton. Programs that ask, and their tokens."),
    ("Goals and indicators", "Mål och indikatorer. What is to be reached in a year, and how that is measured."),
    ("Outcomes", "Utfall. What indicators came to, by body and period."),
    ("Mandatory risks", "Obligatoriska risker. What the region puts into every plan."),
    ("Plans", "Planer. A body's plan of a year, from draft to closure, and its documents."),
    ("Risks", "Risker. Risks with their assessments and the decisions about them."),
    ("Controls", "Kontroller. What is checked, how often, and by whom."),
    ("Actions", "Åtgärder. What is done about a risk, until when, and by whom."),
    ("Notes", "Anteckningar. What people write to each other about plans, risks, controls and actions."),
    ("Files", "Filer. What people leave as evidence of controls, actions, their statuses, and deficiencies."),
    ("Follow-up", "Uppföljning. Periods, and the status of controls and actions in them."),
    ("Reports", "Rapporter. A body's reports of a period, to the board's decision."),
    ("Compiled reports", "Samlade rapporter. The region's report over all bodies."),
    ("Reminders", "Påminnelser. Letters, calendars, and what each wants to be sent."),
    ("Imports", "Filer som läses in. Workbooks of risks taken into a draft plan."),
    ("Deficiencies", "Brister. What was found wanting, and how plans answer it."),
    ("Audit", "Revision. Recommendations and opinions of the auditors."),
    ("Self-assessments", "Egen bedömning. How a body judges the components of its internal control."),
    ("Financial measures", "Ekonomiska åtgärder. Measures for the economy that belong to no risk."),
    ("Standing texts", "Standardtexter. Texts that stand in every document."),
    ("Wordings", "Egna ord. What a body calls things in its documents."),
    ("Scoring policies", "Skalor. The matrix as data, in versions."),
    ("Webhooks", "Webhookar. Who is told of events, and what came of it."),
    ("History and proofs", "Historik och bevis. The logs of all that was done, with proofs."),
    ("Erasures", "Gallring. What is taken out for good, by two."),
    ("Search", "Sökning. Everything that holds some words."),
    (MESSAGES, "Webhookmeddelanden. What the register sends to a webhook, the other way round."),
];

/// The tag of what the register sends. Its own: generators make a file of each tag, once of what is asked and once of what
/// is sent, and the second would be written over the first.
const MESSAGES: &str = "Webhook messages";

pub fn tags() -> Value {
    TAGS.iter().map(|(name, about)| json!({"name": name, "description": about})).collect()
}

/// What the register sends to a webhook, the other way round: the receiver answers.
pub fn told_event(schema: &Value, example: &Value) -> Value {
    // openapi-generator 7 forgets the types of a webhook's parameters where it makes Python, so they are said once more.
    let header = |name: &str, about: &str, example: &str| {
        json!({"name": name, "in": "header", "required": true, "description": about,
               "schema": {"type": "string"}, "example": example, "x-py-typing": "StrictStr"})
    };
    json!({
        "operationId": "deliverEvent",
        "tags": [MESSAGES],
        "summary": "Deliver an event",
        "description": "En händelse.\n\nWhat the register sends to a webhook, after Standard Webhooks: an event of the history, by ids \
            and links. The events of one log come in its order, and the next one only when this one was answered by \
            2xx. One may come more than once, always under the same `webhook-id`. Redirects are not followed; 410 ends \
            the sending at once, any other failure is tried again for about four days before the webhook is paused.",
        "parameters": [
            header("webhook-id", "Names the message: the same whenever it is sent again.",
                "0199b1c47a447c31a2d55f0c1d2e3f40-0199b1c47a447c31a2d55f0c1d2e3f41-17"),
            header("webhook-timestamp", "When this was sent, in seconds since 1970. Refuse what is minutes old.",
                "1714638600"),
            header("webhook-signature", "`v1,` and the base64 of HMAC-SHA256 of `webhook-id.webhook-timestamp.body` \
                with the webhook's secret; two, parted by a space, for a day after the secret was changed.",
                "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
        ],
        "requestBody": {
            "required": true, "x-py-typing": "WebhookMessage",
            "content": {"application/json": {"schema": schema, "example": example}},
        },
        "security": [],
        "responses": {
            "2XX": {"description": "The receiver has it."},
            "410": {"description": "The receiver is gone: the webhook is paused at once."},
            "default": {"description": "The receiver does not have it: it is sent again."},
        },
    })
}
