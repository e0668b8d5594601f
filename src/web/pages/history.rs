//! The history: the logs that one may see, their events in plain words, and what proves an event or an adopted plan.

use askama::Template;
use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Europe::Stockholm;

use super::event_kinds::{Group, groups};
use super::event_text::{EventText, Teller};
use super::known::unless_hidden;
use super::lists::{Pager, address};
use crate::app::caller::Caller;
use crate::app::contents::{assessments, measures};
use crate::app::findings::recommendations;
use crate::app::history::erasures;
use crate::app::history::logs::{self, CheckpointView, ConsistencyProof, FeedQuery, Log, WrittenEvent};
use crate::app::places::{manner_in, manner_of, place};
use crate::app::plan::stages::PlanView;
use crate::app::plan::{self, sealed};
use crate::app::plans::{self, decisions, sections};
use crate::app::reach;
use crate::domain::events::EventKind;
use crate::error::{Error, Result};
use crate::storage::erasure::erasable;
use crate::storage::queries::Listing;
use crate::storage::records::{Organisation, Revision};
use crate::storage::{Id, Reading, Stored, Timestamp};
use crate::web::ask::Ask;
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "pages/history.html")]
struct History<'a> {
    p: &'a Frame,
    logs: Vec<Log>,
    erasures: bool,
    /// Who looks at more than a body's own sees which other systems do.
    systems: bool,
}

/// The logs that one may read something of.
pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let logs = logs::list(r, caller, &Listing::all())?.items;
    let systems = ask.frame.held.administrator || ask.frame.held.auditor;
    ask.write(&History { p: &ask.frame, logs, erasures: erasures::may_see(r, caller)?, systems })
}

#[derive(Template)]
#[template(path = "pages/events.html")]
struct Events<'a> {
    p: &'a Frame,
    log: Log,
    days: Vec<Day>,
    kinds: Vec<Group>,
    kind: &'a str,
    from: &'a str,
    to: &'a str,
    /// What the events are about, when one thing was asked for.
    about: Option<Id>,
    newest: Option<String>,
    older: Option<String>,
    checkpoint: Option<CheckpointView>,
}

/// The events of one day.
struct Day {
    date: NaiveDate,
    events: Vec<EventText>,
}

const A_PAGE: i64 = 30;

/// The events of a log, the newest first.
pub fn events(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("log")?;
    // What is no kind asks for nothing.
    let kind = EventKind::parse(ask.text("kind")).map_or("", |kind| kind.name);
    let (from, to): (Option<NaiveDate>, Option<NaiveDate>) = (ask.q("from"), ask.q("to"));
    let about: Option<Id> = ask.q("entityId");
    let entity = ask.text("entity");
    let query = FeedQuery {
        limit: A_PAGE,
        entity: (!entity.is_empty()).then(|| entity.to_owned()),
        kind: (!kind.is_empty()).then(|| kind.to_owned()),
        since: from.and_then(midnight),
        until: to.and_then(|day| day.succ_opt()).and_then(midnight).map(just_before),
        ..FeedQuery::default()
    };
    let before: Option<i64> = ask.q("before");
    let things = match about {
        Some(thing) => with_parts(r, caller, thing)?,
        None => Vec::new(),
    };
    let found = logs::latest(r, caller, id, query, things, before)?;
    speak_of(r, p, id)?;
    let mut teller = Teller::new(caller, p);
    teller.know(r, &found.items)?;
    let mut days: Vec<Day> = Vec::new();
    for event in &found.items {
        let told = teller.tell(r, event)?;
        let date = told.time.stockholm_date();
        match days.last_mut() {
            Some(day) if day.date == date => day.events.push(told),
            _ => days.push(Day { date, events: vec![told] }),
        }
    }
    ask.write(&Events {
        p,
        kinds: groups(p),
        kind,
        from: ask.text("from"),
        to: ask.text("to"),
        about,
        newest: before.map(|_| address(ask, &[("before", String::new())])),
        checkpoint: newest_checkpoint(r, caller, id)?,
        older: found.before.map(|n| address(ask, &[("before", n.to_string())])),
        log: found.log,
        days,
    })
}

/// A log is told in the words of the body whose it is.
fn speak_of(r: &mut Reading, p: &Frame, log: Id) -> Result<()> {
    if let Some(body) = r.find::<Organisation>(log)? {
        p.speak(manner_of(r, &body)?);
    }
    Ok(())
}

/// A thing with its parts, whose events are its history too: what was judged, done and reported about a risk, the texts,
/// decisions and reports of a plan, the dialogue about a recommendation.
fn with_parts(r: &mut Reading, caller: &Caller, id: Id) -> Result<Vec<Id>> {
    let mut all = vec![id];
    if unless_hidden(reach::see(r, caller, id))?.is_some() {
        all.extend(assessments::assessments(r, caller, id, &Listing::all())?.items.iter().map(|one| one.id));
        let controls: Vec<Id> = ids_of(measures::controls_of(r, caller, id, &Listing::all())?.items);
        all.extend(r.reports_of_controls(&controls)?.values().flatten().map(|one| one.id));
        all.extend(controls);
        let actions: Vec<Id> = ids_of(measures::actions_of(r, caller, id, &Listing::all())?.items);
        all.extend(r.reports_of_actions(&actions)?.values().flatten().map(|one| one.id));
        all.extend(actions);
    } else if unless_hidden(plan::see_parts(r, caller, id))?.is_some() {
        all.extend(sections::sections(r, caller, id)?.iter().map(|one| one.id));
        all.extend(decisions::revisions(r, caller, id)?.iter().map(|one| one.id));
        all.extend(r.reports_of_plan(id)?.iter().map(|one| one.id));
    } else if unless_hidden(recommendations::get(r, caller, id))?.is_some() {
        all.extend(recommendations::entries(r, caller, id, &Listing::all())?.items.iter().map(|one| one.id));
    }
    Ok(all)
}

fn ids_of<T: Stored>(things: Vec<T>) -> Vec<Id> {
    things.iter().map(Stored::id).collect()
}

/// The beginning of a day in Stockholm.
fn midnight(day: NaiveDate) -> Option<Timestamp> {
    Stockholm.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|time| time.to_utc().into())
}

fn just_before(time: Timestamp) -> Timestamp {
    (time.utc() - TimeDelta::microseconds(1)).into()
}

#[derive(Template)]
#[template(path = "pages/event.html")]
struct Event<'a> {
    p: &'a Frame,
    log: Log,
    event: WrittenEvent,
    told: EventText,
    /// A signed note covers it, so that there is a receipt.
    covered: bool,
    /// Where texts of the thing are asked to be erased, for who may.
    erase: Option<String>,
}

/// One event, and what proves it.
pub fn event(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (id, n): (Id, i64) = (ask.step("log")?, ask.step("n")?);
    let event = logs::written_event(r, caller, id, n)?;
    let log = logs::get(r, caller, id)?;
    speak_of(r, p, id)?;
    let told = Teller::new(caller, p).tell(r, &event)?;
    let body: serde_json::Value = serde_json::from_str(event.event.get()).map_err(Error::internal)?;
    let named = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
    let (entity, about) = (named("entity"), named("id"));
    let erases = !erasable(&entity).is_empty() && erasures::may_decide(r, caller)?;
    let erase = erases.then(|| format!("/erasures?entity={entity}&entityId={about}#new"));
    ask.write(&Event { p, covered: covered(r, caller, id)? > n, erase, log, event, told })
}

fn newest_checkpoint(r: &mut Reading, caller: &Caller, log: Id) -> Result<Option<CheckpointView>> {
    let newest = Listing::first(1);
    Ok(logs::checkpoints(r, caller, log, &newest)?.items.pop())
}

/// How many events the newest checkpoint of a log covers.
fn covered(r: &mut Reading, caller: &Caller, log: Id) -> Result<i64> {
    Ok(newest_checkpoint(r, caller, log)?.map_or(0, |checkpoint| checkpoint.size))
}

#[derive(Template)]
#[template(path = "pages/proof.html")]
struct Proof<'a> {
    p: &'a Frame,
    view: PlanView,
    body: Organisation,
    revisions: Vec<Proved>,
    /// A checkpoint stands on the last page of one of them.
    printed: bool,
    /// For who sees the log.
    log: Option<Id>,
    key: Option<String>,
}

/// An adopted revision, and the events that tell of it.
struct Proved {
    revision: Revision,
    adopted: Option<Seen>,
    sealed: Option<Seen>,
}

struct Seen {
    n: i64,
    time: Timestamp,
    covered: bool,
}

/// What shows that a plan is the one that the board decided.
pub fn proof(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let id: Id = ask.step("id")?;
    let view = plans::get(r, caller, id)?;
    let body: Organisation = r.linked(view.plan.organisation_id)?;
    ask.frame.speak(manner_in(r, &body, view.plan.year)?);
    let log = place(r, &body)?.log;
    let seen = unless_hidden(logs::get(r, caller, log))?.is_some();
    let most = if seen { covered(r, caller, log)? } else { 0 };
    let mut revisions = Vec::new();
    let mut printed = false;
    for revision in decisions::revisions(r, caller, id)? {
        printed |= sealed::of_revision(r, id, revision.number)?.checkpoint.is_some();
        let (mut adopted, mut sealed) = (None, None);
        if seen {
            adopted = found(r, caller, log, ("plan.adopted", id), most, |event| {
                event["after"]["adoptedRevision"].as_i64() == Some(revision.number.into())
            })?;
            sealed = found(r, caller, log, ("plan.sealed", revision.id), most, |_| true)?;
        }
        revisions.push(Proved { revision, adopted, sealed });
    }
    let key = if seen { logs::keys(r, caller, log)?.keys.pop().map(|key| key.verifier_key) } else { None };
    ask.write(&Proof { p: &ask.frame, view, body, revisions, printed, log: seen.then_some(log), key })
}

/// The first event of a kind about a thing that is the one looked for.
fn found(
    r: &mut Reading,
    caller: &Caller,
    log: Id,
    (kind, about): (&str, Id),
    covered: i64,
    is_it: impl Fn(&serde_json::Value) -> bool,
) -> Result<Option<Seen>> {
    let query = FeedQuery { limit: 200, entity_id: Some(about), kind: Some(kind.to_owned()), ..FeedQuery::default() };
    for event in logs::feed(r, caller, log, query)?.items {
        let body: serde_json::Value = serde_json::from_str(event.event.get()).map_err(Error::internal)?;
        if is_it(&body) {
            let time: Timestamp = serde_json::from_value(body["time"].clone()).map_err(Error::internal)?;
            return Ok(Some(Seen { n: event.n, time, covered: event.n < covered }));
        }
    }
    Ok(None)
}

#[derive(Template)]
#[template(path = "pages/growth.html")]
struct Growth<'a> {
    p: &'a Frame,
    log: Log,
    rows: Vec<CheckpointView>,
    /// The size of the newest checkpoint.
    newest: Option<i64>,
    from: Option<i64>,
    to: Option<i64>,
    proof: Option<Proven>,
    pager: Pager,
}

/// A proof, or why there is none.
enum Proven {
    Made(ConsistencyProof),
    Refused(Vec<String>),
}

/// The checkpoints of a log, and the proof that it has only grown from one to another.
pub fn growth(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("log")?;
    let log = logs::get(r, caller, id)?;
    speak_of(r, p, id)?;
    let found = logs::checkpoints(r, caller, id, &ask.call("listCheckpoints", A_PAGE)?.listing())?;
    let newest = newest_checkpoint(r, caller, id)?.map(|checkpoint| checkpoint.size);
    let (from, to): (Option<i64>, Option<i64>) = (ask.q("from"), ask.q("to"));
    let proof = match (from, to) {
        (Some(from), Some(to)) => Some(match logs::consistency(r, caller, id, from, Some(to)) {
            Ok(proof) => Proven::Made(proof),
            Err(Error::Invalid(faults)) => {
                Proven::Refused(faults.iter().map(|fault| fault.said.in_language(p.language).to_owned()).collect())
            }
            Err(other) => return Err(other),
        }),
        _ => None,
    };
    ask.write(&Growth {
        p,
        log,
        newest,
        from,
        to: to.or(newest),
        proof,
        pager: Pager::of(ask, found.total, A_PAGE),
        rows: found.items,
    })
}
