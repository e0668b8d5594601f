//! Documents as files: which format, which version, what they are called.

use riskregister_document::DocumentError;
use riskregister_document::snapshot as doc;
pub use riskregister_document::{Format, Version};

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
}

impl File {
    /// A file that is not sealed.
    pub fn of(name: &str, format: Format, version: Version, content: Vec<u8>) -> Self {
        let public = if version == Version::Public { "-offentlig" } else { "" };
        Self {
            media_type: format.media_type(),
            name: format!("{name}{public}.{}", format.extension()),
            etag: format!("\"{}\"", &sha256_hex(&content)[..32]),
            content,
            sealed: None,
        }
    }
}

/// The document of a plan. JSON is in canonical form.
pub fn of_plan(frozen: &doc::PlanSnapshot, format: Format, version: Version) -> Result<Vec<u8>> {
    written(riskregister_document::plan_document(frozen, format, version), format)
}

/// The report of a period. JSON is in canonical form.
pub fn of_report(frozen: &doc::ReportSnapshot, format: Format, version: Version) -> Result<Vec<u8>> {
    written(riskregister_document::report_document(frozen, format, version), format)
}

fn written(made: std::result::Result<Vec<u8>, DocumentError>, format: Format) -> Result<Vec<u8>> {
    let bytes = made.map_err(Error::internal)?;
    match format {
        Format::Json => canonical(&serde_json::from_slice::<serde_json::Value>(&bytes).map_err(Error::internal)?),
        _ => Ok(bytes),
    }
}

/// What the body is called in the name of a file: its abbreviation or its name, in letters that every system takes.
pub fn file_word(body: &Organisation) -> String {
    let mut word = String::new();
    for c in body.abbreviation.as_deref().unwrap_or(&body.name).to_lowercase().chars() {
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
    // Names may have 500 characters, file names not.
    word.truncate(60);
    let word = word.trim_end_matches('-');
    if word.is_empty() { "plan".into() } else { word.into() }
}
