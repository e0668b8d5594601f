//! Documents as files: which format, which version, what they are called.

use std::borrow::Cow;

use riskregister_document::DocumentError;
use riskregister_document::snapshot as doc;
pub use riskregister_document::{Format, Snapshot, Version, compiled_markings, plan_markings, report_markings};

use crate::error::{Error, Result};
use crate::storage::Id;
use crate::storage::history::{canonical, sha256_hex};
use crate::storage::records::Organisation;

/// A file that belongs to a plan: its bytes, and its strong tag.
pub struct File {
    pub media_type: &'static str,
    pub name: String,
    pub etag: String,
    pub content: Vec<u8>,
    /// The plan, when this is what its board decided on.
    pub sealed: Option<Id>,
    /// With what anything in it is marked as secret, as a header says it.
    pub markings: Option<String>,
}

impl File {
    /// A file that is not sealed. The name of a full one says with what anything in it is marked as secret: a file is sent on
    /// without being opened.
    pub fn of(name: &str, format: Format, version: Version, markings: &[doc::Secrecy], content: Vec<u8>) -> Self {
        let what = match version {
            Version::Public => "-offentlig".to_owned(),
            Version::Full => marked(markings),
        };
        Self {
            media_type: format.media_type(),
            name: format!("{name}{what}.{}", format.extension()),
            etag: format!("\"{}\"", &sha256_hex(&content)[..32]),
            content,
            sealed: None,
            markings: (version == Version::Full && !markings.is_empty()).then(|| listed(markings)),
        }
    }
}

/// How many markings a header names: it may not grow without bound.
const NAMED: usize = 8;

/// The first markings, parted by commas, each as provision, date and authority in percent-encoded UTF-8. All of them stand in
/// the file.
fn listed(markings: &[doc::Secrecy]) -> String {
    let of = |marking: &doc::Secrecy| {
        let cut = |text: &str| text.chars().take(60).collect::<String>();
        let said = format!("{}, {}, {}", cut(&marking.provision), marking.date, cut(&marking.authority));
        form_urlencoded::byte_serialize(said.as_bytes()).collect::<String>().replace('+', "%20")
    };
    markings.iter().take(NAMED).map(of).collect::<Vec<_>>().join(", ")
}

/// The first marking, and that there are more; nothing where there is none.
fn marked(markings: &[doc::Secrecy]) -> String {
    let Some(first) = markings.first() else { return String::new() };
    let more = if markings.len() > 1 { "-med-flera" } else { "" };
    format!("-sekretess-{}-{}-{}{more}", letters(&first.provision, 40), first.date, letters(&first.authority, 40))
}

/// The document of a plan. JSON is in canonical form.
pub fn of_plan(frozen: &doc::PlanSnapshot, format: Format, version: Version) -> Result<Vec<u8>> {
    typeset(|| written(riskregister_document::plan_document(frozen, format, version), format))
}

/// The report of a period. JSON is in canonical form.
pub fn of_report(frozen: &doc::ReportSnapshot, format: Format, version: Version) -> Result<Vec<u8>> {
    typeset(|| written(riskregister_document::report_document(frozen, format, version), format))
}

/// The region's compiled report. JSON is in canonical form.
pub fn of_compiled(frozen: &doc::CompiledSnapshot, format: Format, version: Version) -> Result<Vec<u8>> {
    typeset(|| written(riskregister_document::compiled_document(frozen, format, version), format))
}

/// What takes longest of all that the register does: whoever listens is told how long.
fn typeset<T>(make: impl FnOnce() -> T) -> T {
    tracing::debug_span!("typesetting").in_scope(make)
}

fn written(made: std::result::Result<Vec<u8>, DocumentError>, format: Format) -> Result<Vec<u8>> {
    let bytes = made.map_err(Error::internal)?;
    match format {
        Format::Json => canonical(&serde_json::from_slice::<serde_json::Value>(&bytes).map_err(Error::internal)?),
        _ => Ok(bytes),
    }
}

/// What a decision seals: a snapshot, with every file that is made of it. Making them takes seconds, so it is done before
/// the transaction that seals them: an embedded register has one writer.
#[derive(Clone)]
pub struct Rendered {
    of: Snapshot,
    pub files: Vec<(Format, Version, Vec<u8>)>,
}

impl Rendered {
    /// Makes the files.
    pub fn of(of: Snapshot) -> Result<Self> {
        let formats = [Format::Json, Format::Pdf, Format::Docx, Format::Xlsx];
        let wanted: Vec<(Format, Version)> = match &of {
            Snapshot::Plan(_) => vec![(Format::Json, Version::Full), (Format::Pdf, Version::Full)],
            Snapshot::Report(_) | Snapshot::Compiled(_) => {
                [Version::Full, Version::Public].into_iter().flat_map(|v| formats.map(|format| (format, v))).collect()
            }
        };
        let file =
            |(format, version)| Ok((format, version, typeset(|| written(of.document(format, version), format))?));
        let files = wanted.into_iter().map(file).collect::<Result<_>>()?;
        Ok(Self { of, files })
    }

    /// The files of what is sealed now: these, or others where what they tell has moved since they were made. A snapshot
    /// holds all of it, so what has moved has made another snapshot.
    pub fn of_now(&self, now: Snapshot) -> Result<Cow<'_, Self>> {
        if self.of == now { Ok(Cow::Borrowed(self)) } else { Self::of(now).map(Cow::Owned) }
    }

    pub fn file(&self, format: Format, version: Version) -> Result<&[u8]> {
        let found = self.files.iter().find(|file| (file.0, file.1) == (format, version));
        found.map(|file| file.2.as_slice()).ok_or_else(|| Error::internal("a file that nothing was made of"))
    }
}

/// What the body is called in the name of a file: its abbreviation or its name.
pub fn file_word(body: &Organisation) -> String {
    // Names may have 500 characters, file names not.
    let word = letters(body.abbreviation.as_deref().unwrap_or(&body.name), 60);
    if word.is_empty() { "plan".into() } else { word }
}

/// A text in letters that every system takes in the name of a file.
fn letters(text: &str, most: usize) -> String {
    let mut word = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            'å' | 'ä' | 'à' | 'á' | 'æ' => word.push('a'),
            'ö' | 'ø' => word.push('o'),
            'é' | 'è' | 'ë' => word.push('e'),
            'ü' => word.push('u'),
            c if c.is_ascii_alphanumeric() => word.push(c),
            _ if !word.is_empty() && !word.ends_with('-') => word.push('-'),
            _ => {}
        }
    }
    word.truncate(most);
    word.trim_end_matches('-').to_owned()
}
