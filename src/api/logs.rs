//! `/logs`.

use crate::app::history::feed::{self, AllEvents};
use crate::app::history::logs::{
    self, CheckpointView, ConsistencyProof, EventView, Feed, FeedQuery, InclusionProof, Log, LogKeys,
};
use crate::evidence::receipt::Receipt;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};

const TAG: &str = "History and proofs";
const MOST: i64 = 9_007_199_254_740_991;

/// What a feed is filtered by.
fn query(call: &Call) -> FeedQuery {
    FeedQuery {
        limit: call.limit,
        entity: call.q("entity"),
        entity_id: call.q("entityId"),
        kind: call.q("kind"),
        actor: call.q("actorId"),
        since: call.time("since"),
        until: call.time("until"),
        public_url: call.public_url.clone(),
        ..FeedQuery::default()
    }
}

/// The filters that both feeds take.
fn filtered(operation: Operation) -> Operation {
    operation
        .query("limit", ParameterKind::LIMIT, "How many on a page; 20 when not given.")
        .query("entity", ParameterKind::Text { most: 60 }, "Events about things of this kind: `risk`, `plan` …")
        .query("entityId", ParameterKind::Id, "Events about this thing.")
        .query(
            "kind",
            ParameterKind::Kinds,
            "Events of these kinds, parted by commas: `risk.assessed`, `plan.adopted` …",
        )
        .query(
            "actorId",
            ParameterKind::Id,
            "Events that this person, or service account, brought about: one whom the caller sees.",
        )
        .query("since", ParameterKind::Time, "Events from this time on.")
        .query("until", ParameterKind::Time, "Events up to this time, and at it.")
        .gone()
}

fn position() -> ParameterKind {
    ParameterKind::Integer { least: 0, most: MOST }
}

pub fn operations() -> Vec<Operation> {
    let mut all = logs_and_events();
    all.extend(proofs());
    all
}

fn logs_and_events() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/logs",
            "listLogs",
            TAG,
            ("Lista loggar", "List logs"),
            "The logs that one may read something of: the region's, and each board's or company's that one sees with its drafts. A log's root is that of the Merkle tree of RFC 6962 over its events.",
            Run::read(|r, caller, call| Answer::list(call, "/logs", logs::list(r, caller, &call.listing())?)),
        )
        .lists::<Log>("A page of logs, the region's first.", &[]),
        operation(
            "get",
            "/logs/{id}",
            "getLog",
            TAG,
            ("Läs en logg", "Get a log"),
            "How far a log has come. Its id is the organisation's.",
            Run::read(|r, caller, call| Answer::view(&logs::get(r, caller, call.id()?)?)),
        )
        .computes::<Log>("The log."),
        filtered(
            operation(
                "get",
                "/events",
                "listAllEvents",
                TAG,
                ("Följ alla händelser", "Follow all events"),
                "Events of all logs that one may read of, in the order of their commits, the oldest first: give the last answer's `after` to go on. Nothing is ever put in before what has been given. What was deleted is told of here too. Where the register has been put back from a backup since, and what you have had is not all there any more, the answer is 410 and says where to go on. An answer can hold fewer than asked for, and none, while `more` is true: so much of what others may read has been passed over.",
                Run::read(|r, caller, call| Answer::view(&feed::all(r, caller, call.query.get("after").map(String::as_str), query(call))?)),
            )
            .query("after", ParameterKind::Cursor, "Where to go on: from the last answer. From the first event when not given; `newest` tells nothing of what has been, and where to go on from now."),
        )
        .computes::<AllEvents>("Some events, and where to go on."),
        filtered(
        operation(
            "get",
            "/logs/{id}/events",
            "listEvents",
            TAG,
            ("Följ en loggs händelser", "Follow a log's events"),
            "Events, the oldest first: give the last answer's `after` to go on. Nothing is ever put in before what has been given. Give the last answer's `epoch` with it: where the register has been put back from a backup since, and what you have had is not all there any more, the answer is 410 and says where to go on. Each event names the plan and the risk that it is about, where there is one, and leads to the thing. Of the region's log a body's auditors see what is about the body, and what everyone may see.",
            Run::read(|r, caller, call| {
                let query = FeedQuery {
                    after: call.q("after"),
                    epoch: call.q("epoch").unwrap_or(0),
                    ..query(call)
                };
                Answer::view(&logs::feed(r, caller, call.id()?, query)?)
            }),
        )
        .query("after", ParameterKind::Integer { least: -1, most: MOST }, "Events after this position; from the first when not given.")
        .query("epoch", ParameterKind::Integer { least: 0, most: MOST }, "The epoch that `after` was given in, from the last answer; 0 when not given.")
        )
        .computes::<Feed>("Some events, and where to go on."),
        operation(
            "get",
            "/logs/{id}/events/{n}",
            "getEvent",
            TAG,
            ("Läs en händelse", "Get an event"),
            "One event by its position.",
            Run::read(|r, caller, call| Answer::view(&logs::event(r, caller, call.id()?, call.path_word("n")?, &call.public_url)?)),
        )
        .path_form("n", position(), "The event's position in the log, from 0.")
        .computes::<EventView>("The event."),
    ]
}

fn proofs() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/logs/{id}/events/{n}/proof",
            "getInclusionProof",
            TAG,
            ("Bevisa att en händelse står i loggen", "Prove that an event stands in a log"),
            "The audit path of RFC 6962 from the event to the root of the tree.",
            Run::read(|r, caller, call| {
                Answer::view(&logs::inclusion(r, caller, call.id()?, call.path_word("n")?, call.q("size"))?)
            }),
        )
        .path_form("n", position(), "The event's position in the log, from 0.")
        .query("size", ParameterKind::Integer { least: 1, most: MOST }, "Of the tree; its size now when not given. A checkpoint's, to hold the event against it.")
        .computes::<InclusionProof>("The proof."),
        operation(
            "get",
            "/logs/{id}/events/{n}/receipt",
            "getReceipt",
            TAG,
            ("Hämta ett kvitto på en händelse", "Get a receipt of an event"),
            "The event's bytes, its proof and a signed checkpoint, to be kept as a file and verified offline by `riskregister verify --receipt` or `verify.py`. Refused for the minute before the event is covered by a checkpoint.",
            Run::read(|r, caller, call| Answer::view(&logs::receipt(r, caller, call.id()?, call.path_word("n")?)?)),
        )
        .path_form("n", position(), "The event's position in the log, from 0.")
        .ruled()
        .computes::<Receipt>("The receipt."),
        operation(
            "get",
            "/logs/{id}/consistency",
            "getConsistencyProof",
            TAG,
            ("Bevisa att loggen bara har vuxit", "Prove that a log has only grown"),
            "The proof of RFC 6962 that the log at one size goes on from what it was at another.",
            Run::read(|r, caller, call| {
                let from = call.q("from").unwrap_or(1);
                Answer::view(&logs::consistency(r, caller, call.id()?, from, call.q("to"))?)
            }),
        )
        .needs("from", ParameterKind::Integer { least: 1, most: MOST }, "The earlier size.")
        .query("to", ParameterKind::Integer { least: 1, most: MOST }, "The later size; the size now when not given.")
        .computes::<ConsistencyProof>("The proof."),
        operation(
            "get",
            "/logs/{id}/checkpoints",
            "listCheckpoints",
            TAG,
            ("Lista kontrollpunkter", "List checkpoints"),
            "Signed notes of how far the log has come (C2SP tlog-checkpoint, Ed25519). Keep the newest one where the register's keepers cannot reach it.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                Answer::list(call, &format!("/logs/{id}/checkpoints"), logs::checkpoints(r, caller, id, &call.listing())?)
            }),
        )
        .lists::<CheckpointView>("A page of checkpoints, the newest first.", &[]),
        operation(
            "get",
            "/logs/{id}/key",
            "getLogKey",
            TAG,
            ("Läs loggens publika nycklar", "Get a log's public keys"),
            "The keys that the log's checkpoints are, and have been, signed with.",
            Run::read(|r, caller, call| Answer::view(&logs::keys(r, caller, call.id()?)?)),
        )
        .computes::<LogKeys>("The keys, the oldest first."),
    ]
}
