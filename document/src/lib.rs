//! The documents of Riskregister: a frozen snapshot in; PDF, DOCX, XLSX or JSON out. Pure: no clock, no database, no
//! network. The same snapshot always gives the same bytes: what is sealed by its hash can be made again.
//!
//! ```no_run
//! # fn report() -> riskregister_document::snapshot::ReportSnapshot { unimplemented!() }
//! use riskregister_document::{Format, Version, report_document};
//! let docx: Vec<u8> = report_document(&report(), Format::Docx, Version::Public)?;
//! # Ok::<(), riskregister_document::DocumentError>(())
//! ```
//!
//! Wording stands once: `words`, `plan`, `compilation`, `appendix` and `report` make a [`model`] of headings, paragraphs,
//! tables and statuses, which `engine` (PDF), `docx` and `html` (pages) only lay out. `xlsx` is a table of each kind of thing,
//! with types.

mod error;
pub mod snapshot;
mod fonts;
mod text;
mod model;
mod words;
mod marking;
mod compilation;
mod revised;
mod appendix;
mod files;
mod plan;
mod report;
mod compiled;
mod public;
mod engine;
mod docx;
mod html;
pub mod table;
mod xlsx;

use serde::Serialize;
use snapshot::{CompiledSnapshot, PlanSnapshot, ReportSnapshot};

pub use error::DocumentError;
pub use html::{Added, AtRisk, Content, Entry, Told, plan_content, report_content};
pub use marking::{compiled_markings, plan_markings, report_markings};
pub use public::{Masked, Public};
pub use text::{Stretch, stretches};
pub use words::{long_date, printed as printed_colour};

/// The way in which documents are made of a snapshot, counted up when the same snapshot is printed in another way. Each file
/// names it in its properties, so that two files of one sealed snapshot can differ and say why. The snapshot itself, and so
/// the JSON, has `schema`.
pub const FORMAT: u32 = 3;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Accessible (PDF/UA-1); what is adopted or decided is also fit for the archive (PDF/A-2a).
    Pdf,
    /// For who goes on writing: real styles, headings and tables.
    Docx,
    /// For who goes on counting: a sheet a kind of thing, typed columns, filters.
    Xlsx,
    /// The snapshot itself. Not canonical: the register makes the canonical form that it seals.
    Json,
}

impl Format {
    /// For `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }

    /// For file names, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }
}

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Everything; says where a marking of secrecy is.
    Full,
    /// What carries a marking is masked, and the first page says how many things are. What exactly is masked, and why
    /// the numbers stay: [`Public`].
    Public,
}

/// What is frozen, of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snapshot {
    Plan(Box<PlanSnapshot>),
    Report(Box<ReportSnapshot>),
    Compiled(Box<CompiledSnapshot>),
}

impl Snapshot {
    pub fn document(&self, format: Format, version: Version) -> Result<Vec<u8>, DocumentError> {
        match self {
            Self::Plan(snapshot) => plan_document(snapshot, format, version),
            Self::Report(snapshot) => report_document(snapshot, format, version),
            Self::Compiled(snapshot) => compiled_document(snapshot, format, version),
        }
    }
}

/// These lists as the sheets of one workbook. The day is when it was made.
pub fn workbook(
    title: &str,
    author: &str,
    made: chrono::NaiveDate,
    lists: &[table::Table],
) -> Result<Vec<u8>, DocumentError> {
    xlsx::lists(title, author, made, lists)
}

/// A full version as JSON: the snapshot, with the markings of all that is marked in it beside its own fields.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Full<'a, S> {
    #[serde(flatten)]
    snapshot: &'a S,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secrecy_markings: Vec<snapshot::Secrecy>,
}

impl<'a, S> Full<'a, S> {
    fn of(snapshot: &'a S, secrecy_markings: Vec<snapshot::Secrecy>) -> Self {
        Self { snapshot, secrecy_markings }
    }
}

/// A plan as a document in Swedish.
pub fn plan_document(snapshot: &PlanSnapshot, format: Format, version: Version) -> Result<Vec<u8>, DocumentError> {
    match version {
        Version::Full => plan_in(snapshot, format, None, &Full::of(snapshot, plan_markings(snapshot))),
        Version::Public => {
            let public = public::plan(snapshot);
            plan_in(&public.snapshot, format, Some(public.public_version.masked), &public)
        }
    }
}

/// A follow-up report as a document in Swedish.
pub fn report_document(snapshot: &ReportSnapshot, format: Format, version: Version) -> Result<Vec<u8>, DocumentError> {
    match version {
        Version::Full => report_in(snapshot, format, None, &Full::of(snapshot, report_markings(snapshot))),
        Version::Public => {
            let public = public::report(snapshot);
            report_in(&public.snapshot, format, Some(public.public_version.masked), &public)
        }
    }
}

/// The region's compiled report as a document in Swedish.
pub fn compiled_document(
    snapshot: &CompiledSnapshot,
    format: Format,
    version: Version,
) -> Result<Vec<u8>, DocumentError> {
    match version {
        Version::Full => compiled_in(snapshot, format, None, &Full::of(snapshot, compiled_markings(snapshot))),
        Version::Public => {
            let public = public::compiled(snapshot);
            compiled_in(&public.snapshot, format, Some(public.public_version.masked), &public)
        }
    }
}

fn compiled_in(
    snapshot: &CompiledSnapshot,
    format: Format,
    masked: Option<u32>,
    whole: &impl Serialize,
) -> Result<Vec<u8>, DocumentError> {
    let document = compiled::document(snapshot, masked)?;
    match format {
        Format::Pdf => pdf(&document),
        Format::Docx => docx::file(&document),
        Format::Xlsx => xlsx::compiled::file(snapshot, &document),
        Format::Json => json(whole),
    }
}

fn plan_in(
    snapshot: &PlanSnapshot,
    format: Format,
    masked: Option<u32>,
    whole: &impl Serialize,
) -> Result<Vec<u8>, DocumentError> {
    let document = plan::document(snapshot, masked)?;
    match format {
        Format::Pdf => pdf(&document),
        Format::Docx => docx::file(&document),
        Format::Xlsx => xlsx::plan(snapshot, &document, plan::version(masked)),
        Format::Json => json(whole),
    }
}

fn report_in(
    snapshot: &ReportSnapshot,
    format: Format,
    masked: Option<u32>,
    whole: &impl Serialize,
) -> Result<Vec<u8>, DocumentError> {
    let document = report::document(snapshot, masked)?;
    match format {
        Format::Pdf => pdf(&document),
        Format::Docx => docx::file(&document),
        Format::Xlsx => xlsx::report(snapshot, &document, plan::version(masked)),
        Format::Json => json(whole),
    }
}

fn pdf(document: &model::Document) -> Result<Vec<u8>, DocumentError> {
    printed_by(document, engine::pdf)
}

/// What the typesetter makes of a document.
fn printed_by<T>(
    document: &model::Document,
    make: fn(engine::Print) -> Result<T, DocumentError>,
) -> Result<T, DocumentError> {
    let view = serde_json::to_value(document).map_err(|error| DocumentError::Typesetting(error.to_string()))?;
    make(engine::Print {
        view: &view,
        identity: &document.identity,
        // The archive's format demands a date, and a draft has none: it is no record yet.
        archival: !document.draft,
    })
}

fn json(whole: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
    serde_json::to_vec(whole).map_err(|error| DocumentError::Export(error.to_string()))
}
