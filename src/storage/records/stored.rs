//! What every record with a history has in common, how it is tied to its table, and the list of them all.

use std::fmt::Debug;

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::storage::connection::AnyConnection;
use crate::storage::types::{Id, Timestamp};

/// A row that has a history.
pub trait Stored: Serialize + DeserializeOwned + Clone + Send + Debug + 'static {
    /// What the thing is called in events and addresses.
    const ENTITY: &'static str;
    /// The table that holds it.
    const TABLE: &'static str;
    /// The fields with personal or free text: in events they stand as salted commitments.
    const TEXTS: &'static [&'static str];
    fn id(&self) -> Id;
    fn version(&self) -> i64;
    /// Sets the version, and the time of the change where the row keeps it.
    fn mark(&mut self, version: i64, now: Timestamp);
    fn find(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>>;
    /// Those of these that are there.
    fn find_all(c: &mut AnyConnection, ids: Vec<Id>) -> QueryResult<Vec<Self>>;
    /// As `find`, and keeps others from changing the row until the end of the transaction.
    fn hold(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>>;
    fn insert(&self, c: &mut AnyConnection) -> QueryResult<usize>;
    /// Writes the row over the version right before it; 0 when another transaction was faster.
    fn update(&self, c: &mut AnyConnection) -> QueryResult<usize>;
    /// Removes this very version; 0 when another transaction was faster.
    fn delete(&self, c: &mut AnyConnection) -> QueryResult<usize>;
    /// Rows in the order of their ids, from the first after this one on.
    fn after(c: &mut AnyConnection, id: Option<Id>, limit: i64) -> QueryResult<Vec<Self>>;
}

/// Ties a record to its table. `dated` rows keep the time of their last change.
macro_rules! stored {
    ($record:ident in $table:ident as $entity:literal, texts $texts:expr $(, $dated:ident)?) => {
        const _: () = {
            use diesel::prelude::*;
            use $crate::storage::connection::AnyConnection;
            use $crate::storage::records::stored::Stored;
            use $crate::storage::schema;
            use $crate::storage::types::{Id, Timestamp};
            impl Stored for $record {
                const ENTITY: &'static str = $entity;
                const TABLE: &'static str = stringify!($table);
                const TEXTS: &'static [&'static str] = &$texts;
                fn id(&self) -> Id {
                    self.id
                }
                fn version(&self) -> i64 {
                    self.version
                }
                #[allow(unused_variables, reason = "some records are not dated")]
                fn mark(&mut self, version: i64, now: Timestamp) {
                    self.version = version;
                    $(stored!(@$dated self now);)?
                }
                fn find(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>> {
                    schema::$table::table.find(id).select(Self::as_select()).first(c).optional()
                }
                fn find_all(c: &mut AnyConnection, ids: Vec<Id>) -> QueryResult<Vec<Self>> {
                    use schema::$table::{id, table};
                    table.filter(id.eq_any(ids)).select(Self::as_select()).load(c)
                }
                fn hold(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>> {
                    diesel::update(schema::$table::table.find(id))
                        .set(schema::$table::version.eq(schema::$table::version))
                        .execute(c)?;
                    Self::find(c, id)
                }
                fn insert(&self, c: &mut AnyConnection) -> QueryResult<usize> {
                    diesel::insert_into(schema::$table::table).values(self.clone()).execute(c)
                }
                fn update(&self, c: &mut AnyConnection) -> QueryResult<usize> {
                    use schema::$table::{table, version};
                    diesel::update(table.find(self.id).filter(version.eq(self.version - 1))).set(self.clone()).execute(c)
                }
                fn delete(&self, c: &mut AnyConnection) -> QueryResult<usize> {
                    use schema::$table::{table, version};
                    diesel::delete(table.find(self.id).filter(version.eq(self.version))).execute(c)
                }
                fn after(c: &mut AnyConnection, after: Option<Id>, limit: i64) -> QueryResult<Vec<Self>> {
                    use schema::$table::{id, table};
                    let mut query = table.order(id.asc()).limit(limit).select(Self::as_select()).into_boxed();
                    if let Some(after) = after {
                        query = query.filter(id.gt(after));
                    }
                    query.load(c)
                }
            }
        };
    };
    (@dated $self:ident $now:ident) => { $self.updated_at = $now };
}
pub(in crate::storage) use stored;

/// Calls a macro with every record that has a history: the one list of them. The names are those of
/// [`storage::records`](crate::storage::records), which stands open where it is called.
#[macro_export]
macro_rules! each_stored {
    ($call:ident) => {
        $call!(
            Organisation,
            User,
            Grant,
            Goal,
            Indicator,
            ScoringPolicy,
            PolicyVersion,
            MandatoryRisk,
            StandingText,
            Plan,
            PlanSection,
            Revision,
            Risk,
            Assessment,
            Control,
            Action,
            SigningKey,
            ServiceAccount,
            ServiceCredential,
            Webhook,
            Erasure,
            Deadline,
            PlanPeriod,
            ControlReport,
            ActionReport,
            Report,
            CompiledReport,
            Deficiency,
            PlanDeficiency,
            Recommendation,
            RecommendationEntry,
            AuditOpinion,
            SelfAssessment,
            FinancialMeasures,
            Outcome,
            Wording,
            Note,
            EvidenceFile,
            Restore
        )
    };
}
pub(in crate::storage) use each_stored;
