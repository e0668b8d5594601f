//! What names a person, wherever it stands: the one list of the columns that refer to people, and what each leads to.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use serde_json::{Map, Value};

use super::people::SessionRow;
use super::{Attempt, Draft, PasswordLink, Uploaded};
use crate::error::Result;
use crate::storage::history;
use crate::storage::reading::Reading;
use crate::storage::records::*;
use crate::storage::schema::{
    self, calendar_feeds, credentials, drafts, events, idempotency, notes, password_links, reminder_settings, sessions,
    sign_in_attempts,
};
use crate::storage::types::{Id, Timestamp};

/// A thing that names somebody.
#[derive(Debug, Clone)]
pub struct Naming {
    pub entity: &'static str,
    pub id: Id,
    /// Its field that does.
    pub field: &'static str,
    /// All its fields.
    pub fields: Map<String, Value>,
}

/// An event that somebody brought about, or that is about them.
#[derive(Debug, Clone, Queryable)]
pub struct Act {
    pub log_id: Id,
    pub n: i64,
    pub time: Timestamp,
    pub kind: String,
    pub entity: String,
    pub entity_id: Id,
}

/// What else is kept of an account, without anything that opens it.
#[derive(Debug, Clone)]
pub struct Account {
    pub password_changed_at: Option<Timestamp>,
    pub sessions: Vec<SessionRow>,
    pub attempts: Vec<Attempt>,
    pub links: Vec<PasswordLink>,
    pub weekly_letter: Option<bool>,
    pub calendar_since: Option<Timestamp>,
    pub drafts: Vec<Draft>,
    pub imports: Vec<Uploaded>,
    /// Method, path and time of requests whose answers are kept for the same request again.
    pub kept_answers: Vec<(String, String, Timestamp)>,
}

/// The columns whose rows are records that name people; and how they are asked.
macro_rules! naming {
    ($($table:ident.$column:ident = $field:literal of $Record:ident),+ $(,)?) => {
        /// The columns that [`Reading::naming`] asks: table and column.
        const NAMING: &[(&str, &str)] = &[$((stringify!($table), stringify!($column))),+];

        impl Reading<'_> {
            /// Every thing that names somebody in a column of its own, sort by sort, in the order of the ids.
            pub fn naming(&mut self, user: Id) -> Result<Vec<Naming>> {
                let mut all = Vec::new();
                $(
                    let found: Vec<$Record> = schema::$table::table
                        .filter(schema::$table::$column.eq(user))
                        .order(schema::$table::id.asc())
                        .select($Record::as_select())
                        .load(self.c)?;
                    self.know(&found);
                    for thing in &found {
                        let fields = history::fields(thing)?;
                        all.push(Naming { entity: $Record::ENTITY, id: thing.id(), field: $field, fields });
                    }
                )+
                Ok(all)
            }
        }
    };
}

naming! {
    risks.owner_id = "ownerId" of Risk,
    controls.responsible_id = "responsibleId" of Control,
    actions.responsible_id = "responsibleId" of Action,
    indicators.responsible_id = "responsibleId" of Indicator,
    recommendations.responsible_id = "responsibleId" of Recommendation,
    recommendations.created_by_id = "createdById" of Recommendation,
    recommendations.closed_by_id = "closedById" of Recommendation,
    recommendation_entries.written_by_id = "writtenById" of RecommendationEntry,
    assessments.assessed_by_id = "assessedById" of Assessment,
    control_reports.reported_by_id = "reportedById" of ControlReport,
    control_reports.on_behalf_of_id = "onBehalfOfId" of ControlReport,
    action_reports.reported_by_id = "reportedById" of ActionReport,
    action_reports.on_behalf_of_id = "onBehalfOfId" of ActionReport,
    periods.closed_by_id = "closedById" of PlanPeriod,
    self_assessments.assessed_by_id = "assessedById" of SelfAssessment,
    financial_measures.written_by_id = "writtenById" of FinancialMeasures,
    outcomes.reported_by_id = "reportedById" of Outcome,
    deficiencies.reported_by_id = "reportedById" of Deficiency,
    deficiencies.found_by_id = "foundById" of Deficiency,
    deficiencies.crime_handled_by_id = "crimeHandledById" of Deficiency,
    deficiencies.closed_by_id = "closedById" of Deficiency,
    audit_opinions.created_by_id = "createdById" of AuditOpinion,
    notes.written_by_id = "writtenById" of Note,
    files.uploaded_by_id = "uploadedById" of EvidenceFile,
    erasures.requested_by_id = "requestedById" of Erasure,
    erasures.confirmed_by_id = "confirmedById" of Erasure,
    erasures.withdrawn_by_id = "withdrawnById" of Erasure,
}

/// Columns that are asked for by name, and told with the account.
const OF_ACCOUNT: &[(&str, &str)] = &[
    ("calendar_feeds", "user_id"),
    ("credentials", "user_id"),
    ("drafts", "user_id"),
    ("events", "actor_id"),
    ("grants", "user_id"),
    ("imports", "created_by_id"),
    ("mails", "user_id"),
    ("password_links", "user_id"),
    ("reminder_settings", "user_id"),
    ("sessions", "user_id"),
];

/// Columns that refer to people and are not told of one, with the reason.
const LEFT_OUT: &[(&str, &str, &str)] = &[(
    "password_links",
    "invited_by_id",
    "Whom somebody has invited is told by the events that they brought about; the link is about the one who was invited.",
)];

/// Every column that refers to people: its table, its name, and why it is left out where it is not told.
pub fn columns_of_people() -> Vec<(&'static str, &'static str, Option<&'static str>)> {
    let told = NAMING.iter().chain(OF_ACCOUNT).map(|(table, column)| (*table, *column, None));
    told.chain(LEFT_OUT.iter().map(|(table, column, why)| (*table, *column, Some(*why)))).collect()
}

impl Reading<'_> {
    /// What is kept of somebody's account besides its row, roles and letters.
    /// Failed tries are found by what they are counted under.
    pub fn account(&mut self, id: Id, guesses: &[String]) -> Result<Account> {
        Ok(Account {
            password_changed_at: credentials::table
                .find(id)
                .select(credentials::changed_at)
                .first(self.c)
                .optional()?,
            sessions: sessions::table
                .filter(sessions::user_id.eq(id))
                .order((sessions::created_at.asc(), sessions::id.asc()))
                .select(SessionRow::as_select())
                .load(self.c)?,
            attempts: sign_in_attempts::table
                .filter(
                    sign_in_attempts::address
                        .eq_any(guesses.to_vec())
                        .or(sign_in_attempts::account.eq_any(guesses.to_vec())),
                )
                .order(sign_in_attempts::address.asc())
                .select(Attempt::as_select())
                .load(self.c)?,
            links: password_links::table
                .filter(password_links::user_id.eq(id))
                .order((password_links::created_at.asc(), password_links::id.asc()))
                .select(PasswordLink::as_select())
                .load(self.c)?,
            weekly_letter: reminder_settings::table
                .find(id)
                .select(reminder_settings::weekly)
                .first(self.c)
                .optional()?,
            calendar_since: calendar_feeds::table
                .find(id)
                .select(calendar_feeds::created_at)
                .first(self.c)
                .optional()?,
            drafts: drafts::table
                .filter(drafts::user_id.eq(id))
                .order((drafts::page.asc(), drafts::form.asc()))
                .select(Draft::as_select())
                .load(self.c)?,
            imports: self.imports_of_user(id)?,
            kept_answers: idempotency::table
                .filter(idempotency::principal.eq(id.to_string()))
                .order((idempotency::created_at.asc(), idempotency::key.asc()))
                .select((idempotency::method, idempotency::path, idempotency::created_at))
                .load(self.c)?,
        })
    }

    /// The notes in which somebody is named.
    pub fn notes_mentioning(&mut self, user: Id) -> Result<Vec<Note>> {
        // The ids stand in a list of JSON, which both databases give as text; and no id is a part of another.
        let named = sql::<Bool>("CAST(notes.mentioned_ids AS TEXT) LIKE ").bind::<Text, _>(format!("%{user}%"));
        let found: Vec<Note> =
            notes::table.filter(named).order(notes::id.asc()).select(Note::as_select()).load(self.c)?;
        self.know(&found);
        Ok(found)
    }

    /// The events that somebody brought about, log by log, in order.
    pub fn acts_of(&mut self, user: Id) -> Result<Vec<Act>> {
        Ok(events::table
            .filter(events::actor_id.eq(user))
            .filter(events::actor_kind.eq("user"))
            .order((events::log_id.asc(), events::n.asc()))
            .select((events::log_id, events::n, events::time, events::kind, events::entity, events::entity_id))
            .load(self.c)?)
    }

    /// The events that are about somebody, log by log, in order.
    pub fn events_about(&mut self, user: Id) -> Result<Vec<Act>> {
        Ok(events::table
            .filter(events::entity_id.eq(user))
            .order((events::log_id.asc(), events::n.asc()))
            .select((events::log_id, events::n, events::time, events::kind, events::entity, events::entity_id))
            .load(self.c)?)
    }
}
