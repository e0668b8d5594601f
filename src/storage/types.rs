//! Column types that both databases hold alike: native in PostgreSQL, text in SQLite.
//!
//! diesel's own `Uuid`, `Timestamptz` and `Json` do not pass through a connection that may be either database, so
//! these newtypes carry values across, and this file is the only place that knows how each database writes them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::connection::MultiBackend;
use crate::domain::words::{
    ActionEffect, ActionStatus, Category, Comparator, ControlStatus, DecidedBy, DeliveryFault, DeliveryOutcome,
    DialogueSide, InclusionReason, Language, LevelKey, MailFault, MailKind, MailStatus, MandatoryKind,
    OrganisationKind, OutcomeJudgement, PauseReason, Period, PeriodStatus, PlanStatus, RecommendationSource,
    ReportStatus, Response, Role, SectionKey, Severity, Sufficiency, Word,
};

/// SQL type of [`Id`].
#[derive(Debug, Clone, Copy, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Guid;

/// SQL type of [`Timestamp`].
#[derive(Debug, Clone, Copy, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Instant;

/// SQL type of [`Json`].
#[derive(Debug, Clone, Copy, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807))]
#[diesel(sqlite_type(name = "Text"))]
pub struct JsonDoc;

impl diesel::sql_types::SqlOrd for Instant {}
impl diesel::sql_types::SqlOrd for Guid {}

/// The identity of anything in the register: a UUID, made in time order (version 7).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
    utoipa::ToSchema,
)]
#[diesel(sql_type = Guid)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// A new one, from the clock and chance.
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;
    /// Takes the hyphenated form alone, so that one thing has one address.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let id = Uuid::try_parse(s)?;
        if s.len() == 36 { Ok(Self(id)) } else { Uuid::try_parse("").map(Self) }
    }
}

/// A point in time, UTC, to the microsecond: what both databases can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2024-05-02T08:30:00.000000Z")]
#[diesel(sql_type = Instant)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The one clock of the register.
    pub fn now() -> Self {
        Self::from(Utc::now())
    }
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }
    /// The calendar date in Europe/Stockholm, by which years, periods and deadlines are counted.
    pub fn stockholm_date(self) -> NaiveDate {
        self.0.with_timezone(&chrono_tz::Europe::Stockholm).date_naive()
    }
    /// The last moment of a day in Europe/Stockholm, as far as the register can tell moments apart.
    pub fn end_of(day: NaiveDate) -> Option<Self> {
        let next = day.succ_opt()?.and_time(chrono::NaiveTime::MIN);
        let midnight = next.and_local_timezone(chrono_tz::Europe::Stockholm).earliest()?;
        Some(Self::from(midnight.to_utc() - chrono::TimeDelta::microseconds(1)))
    }
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + chrono::TimeDelta::seconds(seconds))
    }
    /// Whole seconds from `earlier` to this, negative when this is before it.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_seconds()
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.trunc_subsecs(6))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        DateTime::<Utc>::deserialize(d).map(Self::from)
    }
}

/// A value kept as JSON: small lists and objects that are never searched in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = JsonDoc)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T> std::ops::Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize + DeserializeOwned> Json<T> {
    /// The value as it was written here. What was edited by hand into another shape of the same is refused: the history
    /// tells of the one alone.
    fn written(value: serde_json::Value) -> deserialize::Result<Self> {
        let read = T::deserialize(&value)?;
        if serde_json::to_value(&read)? != value {
            return Err("a value is not as it is written here".into());
        }
        Ok(Self(read))
    }
}

impl ToSql<Guid, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Uuid, Pg>::to_sql(&self.0, out)
    }
}
impl FromSql<Guid, Pg> for Id {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(value).map(Self)
    }
}
impl ToSql<Guid, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<Guid, Sqlite> for Id {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = value.read_text();
        // Another spelling of the same is another key to the database.
        if text.len() != 36 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(format!("{text:?} is not an id as it is written here").into());
        }
        Ok(Self(Uuid::try_parse(text)?))
    }
}

impl ToSql<Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Timestamptz, Pg>::to_sql(&self.0, out)
    }
}
impl FromSql<Instant, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<diesel::sql_types::Timestamptz, Pg>>::from_sql(value).map(Self)
    }
}
impl ToSql<Instant, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        // One width and one zone, so that text order is time order.
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<Instant, Sqlite> for Timestamp {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = value.read_text();
        if text.len() != 27 || !text.ends_with('Z') || text.as_bytes()[10] != b'T' {
            return Err(format!("{text:?} is not a time as it is written here").into());
        }
        Ok(Self(DateTime::parse_from_rfc3339(text)?.to_utc()))
    }
}

impl<T: fmt::Debug + Serialize> ToSql<JsonDoc, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(&self.0)?;
        ToSql::<diesel::sql_types::Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}
impl<T: Serialize + DeserializeOwned> FromSql<JsonDoc, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Self::written(<serde_json::Value as FromSql<diesel::sql_types::Jsonb, Pg>>::from_sql(value)?)
    }
}
impl<T: fmt::Debug + Serialize> ToSql<JsonDoc, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_value(&self.0)?.to_string());
        Ok(IsNull::No)
    }
}
impl<T: Serialize + DeserializeOwned> FromSql<JsonDoc, Sqlite> for Json<T> {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Self::written(serde_json::from_str(value.read_text())?)
    }
}

/// Lets a connection that may be either database carry one of the types above.
macro_rules! through_either {
    ($($value:ty as $sql:ident $(of $T:ident)?),*) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
        impl$(<$T: Serialize + DeserializeOwned>)? FromSql<$sql, MultiBackend> for $value {
            fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }
        impl$(<$T: fmt::Debug + Serialize + Send + Sync + 'static>)? ToSql<$sql, MultiBackend> for $value {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }
    )*};
}
through_either!(Id as Guid, Timestamp as Instant, Json<T> as JsonDoc of T);

/// Keeps the register's closed sets of words as text columns.
macro_rules! words_as_text {
    ($($word:ident),* $(,)?) => {$(
        const _: () = {
            #[derive(AsExpression, FromSqlRow)]
            #[diesel(sql_type = Text, foreign_derive)]
            #[allow(dead_code, reason = "a name alone, for diesel to hang its own on")]
            struct Kept($word);
        };

        impl<DB: Backend> ToSql<Text, DB> for $word where str: ToSql<Text, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                Word::as_str(*self).to_sql(out)
            }
        }
        impl<DB: Backend> FromSql<Text, DB> for $word where String: FromSql<Text, DB> {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let text = String::from_sql(value)?;
                <$word as Word>::parse(&text).ok_or_else(|| format!("unknown word {text:?}").into())
            }
        }
    )*};
}
words_as_text!(
    OrganisationKind,
    PlanStatus,
    Category,
    Response,
    LevelKey,
    Period,
    MandatoryKind,
    SectionKey,
    Role,
    Comparator,
    DecidedBy,
    InclusionReason,
    Language,
    PauseReason,
    DeliveryOutcome,
    DeliveryFault,
    MailKind,
    MailStatus,
    MailFault,
    ControlStatus,
    ActionStatus,
    ActionEffect,
    PeriodStatus,
    ReportStatus,
    Severity,
    RecommendationSource,
    DialogueSide,
    Sufficiency,
    OutcomeJudgement,
);
