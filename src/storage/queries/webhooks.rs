//! Webhooks, and what is needed to send to them: the events table is the outbox, and a cursor in each log says how much
//! of it a webhook has been told.

use std::collections::{BTreeMap, HashSet};

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::listing::{Any, Listing, Page, among, at_or_below, below, since};
use super::walk::paged;
use crate::domain::events::EventKind;
use crate::domain::words::{DeliveryFault, DeliveryOutcome};
use crate::error::{Error, Result};
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::records::{Organisation, Webhook};
use crate::storage::schema::{
    events, heads, organisations, traces, webhook_cursors, webhook_deliveries, webhook_secrets, webhook_states,
    webhooks,
};
use crate::storage::types::{Id, Timestamp};
use crate::storage::writing::Writing;

/// Which webhooks.
#[derive(Debug, Clone, Default)]
pub struct WebhookFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub organisation_id: Any<Id>,
    pub active: Option<bool>,
    /// Those of organisations at or below one of these paths.
    pub seen: Vec<String>,
}

/// Which attempts to deliver.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    pub log: Option<Id>,
    /// Of one of these kinds; of any where none is named.
    pub kinds: Vec<String>,
    pub outcome: Any<DeliveryOutcome>,
    /// At this time or later.
    pub from: Option<Timestamp>,
}

/// What messages are signed with.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_secrets, treat_none_as_default_value = false)]
pub struct SecretRow {
    pub webhook_id: Id,
    pub secret: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// How the sending to a webhook goes.
#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = webhook_states)]
pub struct StateRow {
    pub webhook_id: Id,
    pub failures: i32,
    pub failing_since: Option<Timestamp>,
    pub next_attempt_at: Option<Timestamp>,
}

/// One attempt to deliver one event.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    pub id: Id,
    pub webhook_id: Id,
    /// The log that the event stands in.
    #[serde(rename = "log")]
    pub log_id: Id,
    /// The event's position in its log.
    #[schema(minimum = 0, example = 17)]
    pub n: i64,
    /// The event's kind.
    #[schema(value_type = EventKind)]
    pub kind: String,
    /// From 1, of this event.
    #[schema(minimum = 1, example = 1)]
    pub attempt: i32,
    pub at: Timestamp,
    pub outcome: DeliveryOutcome,
    /// What the receiver answered; null when it did not.
    #[schema(example = 204)]
    pub status_code: Option<i32>,
    pub fault: Option<DeliveryFault>,
    /// How long it took, in milliseconds.
    #[schema(minimum = 0, example = 112)]
    pub duration_ms: i32,
    /// When it is tried again; null when it came through, or will not be.
    pub next_attempt_at: Option<Timestamp>,
}

/// An event that passes by: enough to tell whether a webhook wants it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Passing {
    pub log_id: Id,
    pub n: i64,
    pub time: Timestamp,
    pub kind: String,
    pub organisation_id: Id,
}

/// An event that is told of.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Told {
    pub log_id: Id,
    pub n: i64,
    pub time: Timestamp,
    pub kind: String,
    pub entity: String,
    pub entity_id: Id,
    pub organisation_id: Id,
    pub body: Vec<u8>,
}

impl Reading<'_> {
    pub fn webhooks(&mut self, f: &WebhookFilter, listing: &Listing) -> Result<Page<Webhook>> {
        let query = || {
            let mut q = webhooks::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, webhooks::updated_at);
            q = among!(q, webhooks, f.organisation_id, |id| webhooks::organisation_id.eq(id));
            if let Some(active) = f.active {
                q = q.filter(webhooks::active.eq(active));
            }
            // None by default; each path that the caller reaches adds to it.
            let mut seen: Box<dyn BoxableExpression<webhooks::table, MultiBackend, SqlType = diesel::sql_types::Bool>> =
                Box::new(webhooks::id.eq(Id(uuid::Uuid::nil())));
            for path in &f.seen {
                seen = Box::new(seen.or(webhooks::organisation_id.eq_any(below!(path))));
            }
            q.filter(seen)
        };
        Ok(paged!(self, listing, Webhook of webhooks, query, {
            "name" => text webhooks::name, "createdAt" => time webhooks::created_at, "id" => id webhooks::id,
        }, ["createdAt", "id"]))
    }

    pub fn webhook_states(&mut self, ids: &[Id]) -> Result<Vec<StateRow>> {
        Ok(webhook_states::table
            .filter(webhook_states::webhook_id.eq_any(ids.to_vec()))
            .select(StateRow::as_select())
            .load(self.c)?)
    }

    /// The active webhooks that may be sent to now, and that nobody has in hand.
    pub fn due_webhooks(&mut self, now: Timestamp) -> Result<Vec<Webhook>> {
        Ok(webhooks::table
            .inner_join(webhook_states::table.on(webhook_states::webhook_id.eq(webhooks::id)))
            .filter(webhooks::active.eq(true))
            .filter(
                webhook_states::next_attempt_at.is_null().or(webhook_states::next_attempt_at.le(now).assume_not_null()),
            )
            .filter(webhook_states::lease.is_null().or(webhook_states::leased_until.lt(now).assume_not_null()))
            .order(webhooks::id.asc())
            .select(Webhook::as_select())
            .load(self.c)?)
    }

    /// When the next pause of an active webhook ends.
    pub fn next_webhook_attempt(&mut self, now: Timestamp) -> Result<Option<Timestamp>> {
        let next: Option<Option<Timestamp>> = webhook_states::table
            .inner_join(webhooks::table.on(webhooks::id.eq(webhook_states::webhook_id)))
            .filter(webhooks::active.eq(true))
            .filter(webhook_states::next_attempt_at.gt(now))
            .order(webhook_states::next_attempt_at.asc())
            .select(webhook_states::next_attempt_at)
            .first(self.c)
            .optional()?;
        Ok(next.flatten())
    }

    /// Every secret, as it is kept.
    pub fn all_webhook_secrets(&mut self) -> Result<Vec<SecretRow>> {
        Ok(webhook_secrets::table
            .order((webhook_secrets::webhook_id.asc(), webhook_secrets::secret.asc()))
            .select(SecretRow::as_select())
            .load(self.c)?)
    }

    /// What a webhook's messages are signed with now, the newest first.
    pub fn webhook_secrets(&mut self, webhook: Id, now: Timestamp) -> Result<Vec<String>> {
        Ok(webhook_secrets::table
            .filter(webhook_secrets::webhook_id.eq(webhook))
            .filter(webhook_secrets::expires_at.is_null().or(webhook_secrets::expires_at.gt(now).assume_not_null()))
            .order((webhook_secrets::created_at.desc(), webhook_secrets::secret.asc()))
            .select(webhook_secrets::secret)
            .load(self.c)?)
    }

    /// The logs in which events of an organisation, and of those below it, can stand: those of the bodies, and the
    /// region's, which tells of people, roles and the tree. Each with its size.
    pub fn logs_of(&mut self, owner: &Organisation) -> Result<BTreeMap<Id, i64>> {
        let (from, to) = at_or_below(&owner.path);
        let within: Vec<(Id, i64)> = heads::table
            .inner_join(organisations::table.on(organisations::id.eq(heads::log_id)))
            .filter(organisations::path.ge(from))
            .filter(organisations::path.lt(to))
            .select((heads::log_id, heads::size))
            .load(self.c)?;
        let mut logs: BTreeMap<Id, i64> = within.into_iter().collect();
        for log in owner.body_id.into_iter().chain(self.root()?) {
            let size = heads::table.find(log).select(heads::size).first(self.c).optional()?;
            logs.extend(size.map(|size: i64| (log, size)));
        }
        Ok(logs)
    }

    /// How many events the webhooks that are turned on have still to be asked about, all together.
    pub fn webhooks_behind(&mut self) -> Result<i64> {
        let active: Vec<Id> = webhooks::table.filter(webhooks::active).select(webhooks::id).load(self.c)?;
        if active.is_empty() {
            return Ok(0);
        }
        let sizes: BTreeMap<Id, i64> = self.heads()?.into_iter().map(|head| (head.log_id, head.size)).collect();
        let mut behind = 0;
        for webhook in active {
            for (log, position) in self.webhook_cursors(webhook)? {
                behind += sizes.get(&log).map_or(0, |size| (size - position).max(0));
            }
        }
        Ok(behind)
    }

    pub fn webhook_cursors(&mut self, webhook: Id) -> Result<BTreeMap<Id, i64>> {
        let rows: Vec<(Id, i64)> = webhook_cursors::table
            .filter(webhook_cursors::webhook_id.eq(webhook))
            .select((webhook_cursors::log_id, webhook_cursors::position))
            .load(self.c)?;
        Ok(rows.into_iter().collect())
    }

    /// The position of the first event at this time or later, in a log of this size; its end when there is none yet.
    /// Times never go back in a log, so a few looks find it in the longest.
    pub fn first_since(&mut self, log: Id, size: i64, time: Timestamp) -> Result<i64> {
        let (mut low, mut high) = (0, size);
        while low < high {
            let middle = low + (high - low) / 2;
            let there: Timestamp = events::table.find((log, middle)).select(events::time).first(self.c)?;
            if there < time {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The events of a log from a position on.
    pub fn passing(&mut self, log: Id, from: i64, most: i64) -> Result<Vec<Passing>> {
        Ok(events::table
            .filter(events::log_id.eq(log))
            .filter(events::n.ge(from))
            .order(events::n.asc())
            .limit(most)
            .select(Passing::as_select())
            .load(self.c)?)
    }

    /// How many events of each kind about the organisations at or below a path stand in a log from one position up to,
    /// and without, another.
    pub fn kinds_between(&mut self, log: Id, from: i64, to: i64, path: &str) -> Result<Vec<(String, i64)>> {
        Ok(events::table
            .filter(events::log_id.eq(log))
            .filter(events::n.ge(from))
            .filter(events::n.lt(to))
            .filter(events::organisation_id.eq_any(below!(path)))
            .group_by(events::kind)
            .select((events::kind, count_star()))
            .load(self.c)?)
    }

    pub fn event_body(&mut self, log: Id, n: i64) -> Result<Told> {
        events::table
            .find((log, n))
            .select(Told::as_select())
            .first(self.c)
            .optional()?
            .ok_or_else(|| Error::internal(format!("the event {n} of the log {log} is gone")))
    }

    /// The trace that an event is counted to, where its request named one.
    pub fn trace_of(&mut self, log: Id, n: i64) -> Result<Option<String>> {
        Ok(traces::table.find((log, n)).select(traces::trace).first(self.c).optional()?)
    }

    /// The organisations at or below a path.
    pub fn ids_at_or_below(&mut self, path: &str) -> Result<HashSet<Id>> {
        let ids: Vec<Id> = below!(path).load(self.c)?;
        Ok(ids.into_iter().collect())
    }

    /// The log of a webhook's deliveries, the newest first.
    pub fn deliveries(&mut self, webhook: Id, f: &DeliveryFilter, listing: &Listing) -> Result<Page<Delivery>> {
        let query = || {
            let mut q = webhook_deliveries::table.into_boxed::<MultiBackend>();
            q = q.filter(webhook_deliveries::webhook_id.eq(webhook));
            if let Some(log) = f.log {
                q = q.filter(webhook_deliveries::log_id.eq(log));
            }
            if !f.kinds.is_empty() {
                q = q.filter(webhook_deliveries::kind.eq_any(f.kinds.clone()));
            }
            q = among!(q, webhook_deliveries, f.outcome, |outcome| webhook_deliveries::outcome.eq(outcome));
            if let Some(from) = f.from {
                q = q.filter(webhook_deliveries::at.ge(from));
            }
            q
        };
        Ok(paged!(still self, listing, Delivery of webhook_deliveries, query, {
            "at" => time webhook_deliveries::at, "id" => id webhook_deliveries::id,
        }, ["-at", "-id"]))
    }
}

impl Writing<'_> {
    /// What a new webhook needs besides its row: a state, a secret, and a cursor in each log.
    pub fn begin_webhook(&mut self, secret: SecretRow, cursors: &BTreeMap<Id, i64>) -> Result<()> {
        let webhook = secret.webhook_id;
        let state = (webhook_states::webhook_id.eq(webhook), webhook_states::failures.eq(0));
        diesel::insert_into(webhook_states::table).values(state).execute(self.pen())?;
        diesel::insert_into(webhook_secrets::table).values(secret).execute(self.pen())?;
        for (log, position) in cursors {
            self.move_cursor(webhook, *log, *position)?;
        }
        Ok(())
    }

    /// Lets a new secret sign, the ones before it until `until` at most, and drops those that have ended.
    pub fn change_secret(&mut self, secret: SecretRow, until: Timestamp) -> Result<()> {
        let of_webhook = || webhook_secrets::table.filter(webhook_secrets::webhook_id.eq(secret.webhook_id));
        diesel::delete(of_webhook().filter(webhook_secrets::expires_at.le(secret.created_at))).execute(self.pen())?;
        diesel::update(of_webhook().filter(webhook_secrets::expires_at.is_null()))
            .set(webhook_secrets::expires_at.eq(Some(until)))
            .execute(self.pen())?;
        diesel::insert_into(webhook_secrets::table).values(secret).execute(self.pen())?;
        Ok(())
    }

    /// Takes a webhook in hand, if nobody else has it. One row decides between two services on one database.
    pub fn lease_webhook(&mut self, webhook: Id, lease: Id, now: Timestamp, until: Timestamp) -> Result<bool> {
        let taken = diesel::update(webhook_states::table.find(webhook))
            .filter(webhook_states::lease.is_null().or(webhook_states::leased_until.lt(now).assume_not_null()))
            .set((webhook_states::lease.eq(Some(lease)), webhook_states::leased_until.eq(Some(until))))
            .execute(self.pen())?;
        Ok(taken == 1)
    }

    /// Keeps a webhook in hand for longer. False when it was taken out of it: by another service after the time was
    /// up, or by somebody who changed the webhook.
    pub fn keep_lease(&mut self, webhook: Id, lease: Id, until: Timestamp) -> Result<bool> {
        let kept = diesel::update(webhook_states::table.find(webhook))
            .filter(webhook_states::lease.eq(lease))
            .set(webhook_states::leased_until.eq(Some(until)))
            .execute(self.pen())?;
        Ok(kept == 1)
    }

    pub fn end_lease(&mut self, webhook: Id, lease: Id) -> Result<()> {
        diesel::update(webhook_states::table.find(webhook))
            .filter(webhook_states::lease.eq(lease))
            .set((webhook_states::lease.eq(None::<Id>), webhook_states::leased_until.eq(None::<Timestamp>)))
            .execute(self.pen())?;
        Ok(())
    }

    /// How the event that comes next has failed so far; nothing of it once one came through.
    pub fn note_failures(&mut self, state: &StateRow) -> Result<()> {
        diesel::update(webhook_states::table.find(state.webhook_id))
            .set((
                webhook_states::failures.eq(state.failures),
                webhook_states::failing_since.eq(state.failing_since),
                webhook_states::next_attempt_at.eq(state.next_attempt_at),
            ))
            .execute(self.pen())?;
        Ok(())
    }

    /// Out of whoever's hand it is, with no failures: what they are about to note of it no longer holds.
    pub fn reset_webhook(&mut self, webhook: Id) -> Result<()> {
        diesel::update(webhook_states::table.find(webhook))
            .set((webhook_states::lease.eq(None::<Id>), webhook_states::leased_until.eq(None::<Timestamp>)))
            .execute(self.pen())?;
        self.note_failures(&StateRow { webhook_id: webhook, ..StateRow::default() })
    }

    /// Says which event of a log comes next. Only whoever holds the webhook's row or its state may.
    pub fn move_cursor(&mut self, webhook: Id, log: Id, position: i64) -> Result<()> {
        let moved = diesel::update(webhook_cursors::table.find((webhook, log)))
            .set(webhook_cursors::position.eq(position))
            .execute(self.pen())?;
        if moved == 0 {
            let row = (
                webhook_cursors::webhook_id.eq(webhook),
                webhook_cursors::log_id.eq(log),
                webhook_cursors::position.eq(position),
            );
            diesel::insert_into(webhook_cursors::table).values(row).execute(self.pen())?;
        }
        Ok(())
    }

    pub fn note_delivery(&mut self, delivery: Delivery) -> Result<()> {
        diesel::insert_into(webhook_deliveries::table).values(delivery).execute(self.pen())?;
        Ok(())
    }

    /// Removes all that belongs to a webhook but its row.
    pub fn forget_webhook(&mut self, webhook: Id) -> Result<()> {
        // The state first: whoever has the webhook in hand is waited for, and finds it gone.
        diesel::delete(webhook_states::table.find(webhook)).execute(self.pen())?;
        diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(webhook)))
            .execute(self.pen())?;
        diesel::delete(webhook_cursors::table.filter(webhook_cursors::webhook_id.eq(webhook))).execute(self.pen())?;
        diesel::delete(webhook_secrets::table.filter(webhook_secrets::webhook_id.eq(webhook))).execute(self.pen())?;
        Ok(())
    }

    pub fn forget_deliveries(&mut self, before: Timestamp) -> Result<usize> {
        Ok(diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::at.lt(before))).execute(self.pen())?)
    }

    pub fn forget_traces(&mut self, before: Timestamp) -> Result<usize> {
        Ok(diesel::delete(traces::table.filter(traces::at.lt(before))).execute(self.pen())?)
    }
}
