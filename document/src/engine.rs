//! Typst as a library: the templates and fonts are in the program, the data come in as values, and there is no
//! file system, network or clock behind it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value as Json;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue, NativeElement, Smart, Value};
use typst::introspection::Introspector;
use typst::model::{HeadingElem, Outlinable};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::error::DocumentError;
use crate::fonts::FONTS;
use crate::text::Script;

const TEMPLATES: [(&str, &str); 2] =
    [("base.typ", include_str!("base.typ")), ("document.typ", include_str!("document.typ"))];

const MAIN: &str = "document.typ";

/// The templates, the same for every document and read once.
static SOURCES: LazyLock<Vec<(&str, Source)>> = LazyLock::new(|| {
    TEMPLATES
        .iter()
        .filter_map(|(name, text)| {
            let path = VirtualPath::new(name).ok()?;
            let id = RootedPath::new(VirtualRoot::Project, path).intern();
            Some((*name, Source::new(id, (*text).to_owned())))
        })
        .collect()
});

/// All that Typst may see while it sets one document.
struct Desk {
    library: LazyHash<Library>,
    main: FileId,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES
            .iter()
            .find(|(_, source)| source.id() == id)
            .map(|(_, source)| source.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    /// No clock: a document must come out the same tomorrow.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// What is asked of a document besides its text.
#[derive(Clone, Copy)]
pub(crate) struct Print<'a> {
    pub view: &'a Json,
    /// Stays the same for all versions of one document.
    pub identity: &'a str,
    /// Also PDF/A-2a, which demands a date in the view.
    pub archival: bool,
}

/// Sets the document and writes it as PDF.
pub(crate) fn pdf(print: Print) -> Result<Vec<u8>, DocumentError> {
    made(print).map(|(pdf, _)| pdf)
}

/// On which page of the PDF each entry of its contents stands, in their order.
pub(crate) fn contents(print: Print) -> Result<Vec<usize>, DocumentError> {
    let last = LAST_CONTENTS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match last.filter(|(of, _)| *of == known_by(print.view)) {
        Some((_, pages)) => Ok(pages),
        None => made(print).map(|(_, pages)| pages),
    }
}

/// The contents of the document that was set last, by the hash of its text: who asks for one as PDF mostly asks for it as a
/// Word file next, when a decision seals both.
static LAST_CONTENTS: Mutex<Option<(u64, Vec<usize>)>> = Mutex::new(None);

fn known_by(view: &Json) -> u64 {
    let mut hasher = DefaultHasher::new();
    view.to_string().hash(&mut hasher);
    hasher.finish()
}

/// The PDF, and the pages of its contents.
fn made(print: Print) -> Result<(Vec<u8>, Vec<usize>), DocumentError> {
    let made = set(print, Script::Any)
        // Rare scripts can combine letters in ways that no font here has a shape for, and an archivable PDF may
        // not hold a letter without a shape. The second try spells such letters out; nothing is left out.
        .or_else(|_| set(print, Script::Latin));
    // Typst remembers every layout it has made; in a long-running service that is a leak.
    comemo::evict(0);
    if let Ok((_, pages)) = &made {
        let last = (known_by(print.view), pages.clone());
        *LAST_CONTENTS.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    }
    made
}

/// The pages of the headings that the contents list.
fn pages(document: &PagedDocument) -> Vec<usize> {
    let introspector = document.introspector();
    let headings = introspector.query(&HeadingElem::ELEM.select());
    headings
        .iter()
        .filter(|heading| {
            heading.to_packed::<HeadingElem>().is_some_and(|heading| heading.outlined() && heading.level().get() <= 2)
        })
        .filter_map(|heading| Some(introspector.page(heading.location()?)?.get()))
        .collect()
}

fn set(print: Print, script: Script) -> Result<(Vec<u8>, Vec<usize>), DocumentError> {
    let main = SOURCES
        .iter()
        .find(|(name, _)| *name == MAIN)
        .map(|(_, source)| source.id())
        .ok_or_else(|| DocumentError::Typesetting(format!("no template {MAIN}")))?;
    let mut wide = Dict::new();
    let view = value(print.view, script, &mut wide);
    let mut inputs = Dict::new();
    inputs.insert("view".into(), view);
    inputs.insert("wide".into(), wide.into_value());
    let library = Library::builder()
        .with_inputs(inputs)
        // Row headers of tables, without which a screen reader cannot tell where in the matrix it stands.
        .with_features([Feature::A11yExtras].into_iter().collect())
        .build();
    let desk = Desk { library: LazyHash::new(library), main };
    let document: PagedDocument =
        typst::compile(&desk).output.map_err(|errors| DocumentError::Typesetting(all(&errors)))?;
    let standards =
        PdfStandards::new(if print.archival { &[PdfStandard::Ua_1, PdfStandard::A_2a] } else { &[PdfStandard::Ua_1] })
            .map_err(|error| DocumentError::Export(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(print.identity.to_owned()),
        creator: Smart::Custom(Some(format!("Riskregister, dokumentformat {}", crate::FORMAT))),
        timestamp: None,
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| DocumentError::Export(all(&errors)))?;
    Ok((pdf, pages(&document)))
}

fn all(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; ")
}

/// JSON as Typst values. Every string passes here, so none reaches the page uncleaned; those with words that may
/// be wider than a column are noted in `wide`, with the places where such words can be broken.
fn value(json: &Json, script: Script, wide: &mut Dict) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(b) => b.into_value(),
        Json::Number(n) => n.as_i64().map_or(Value::None, IntoValue::into_value),
        Json::String(s) => {
            let clean = script.clean(s);
            if let Some(parts) = crate::text::wide_parts(&clean)
                && !wide.contains(&clean)
            {
                let parts: Array = parts
                    .into_iter()
                    .map(|part| {
                        let pieces: Array = part.pieces.into_iter().map(IntoValue::into_value).collect();
                        let mut dict = Dict::new();
                        dict.insert("pieces".into(), pieces.into_value());
                        dict.insert("width".into(), part.width.into_value());
                        dict.insert("hyphen".into(), part.hyphen.into_value());
                        dict.into_value()
                    })
                    .collect();
                wide.insert(clean.as_str().into(), parts.into_value());
            }
            clean.into_value()
        }
        Json::Array(list) => list.iter().map(|item| value(item, script, wide)).collect::<Array>().into_value(),
        Json::Object(map) => map
            .iter()
            .map(|(key, item)| (key.as_str().into(), value(item, script, wide)))
            .collect::<Dict>()
            .into_value(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second try, for a text that no font here can show.
    #[test]
    fn rare_letters_can_be_spelt_out() -> Result<(), DocumentError> {
        let snapshot = serde_json::from_str(include_str!("../examples/sample.json"))
            .map_err(|error| DocumentError::Snapshot(error.to_string()))?;
        let document = crate::plan::document(&snapshot, None)?;
        let mut view = serde_json::to_value(document).map_err(|error| DocumentError::Snapshot(error.to_string()))?;
        view["organisation"] = "א\u{5b0}\u{1dcf} ⇳".into();
        let print = Print { view: &view, identity: "test", archival: false };
        set(print, Script::Latin).map(|(pdf, _)| assert!(pdf.starts_with(b"%PDF-1.7")))
    }

    #[test]
    fn nothing_outside_the_templates_can_be_read() -> Result<(), DocumentError> {
        let desk = Desk { library: LazyHash::new(Library::builder().build()), main: SOURCES[0].1.id() };
        assert!(desk.today(None).is_none());
        let path = VirtualPath::new("/etc/passwd").map_err(|_| DocumentError::Typesetting(String::new()))?;
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        assert!(desk.file(id).is_err() && desk.source(id).is_err());
        Ok(())
    }
}
