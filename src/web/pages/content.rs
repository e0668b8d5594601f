//! What a plan or a report says, as one reads it on its page: the content of its document, which is in Swedish whatever language
//! the page is in, and the contents that lead into it.

use riskregister_document::{Content, DocumentError, Entry, Told};

use crate::app::documents::Format;
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::storage::Id;
use crate::web::frame::Frame;
use crate::web::values::Html;

/// The content of a document.
pub struct Read {
    pub notices: Vec<Told>,
    pub html: Html,
    /// Lines of the contents.
    pub lines: Html,
    /// Says which language that is, where the page is in another.
    pub lang: Html,
}

impl Read {
    pub fn of(p: &Frame, content: std::result::Result<Content, DocumentError>) -> Result<Self> {
        let content = content.map_err(Error::internal)?;
        let lang = Html(if p.language == Language::Sv { String::new() } else { " lang=\"sv\"".into() });
        Ok(Self { notices: content.notices, lines: lines(&content.contents, &lang), html: Html(content.html), lang })
    }
}

fn lines(contents: &[Entry], lang: &Html) -> Html {
    let (mut html, mut level) = (String::new(), 1);
    for entry in contents {
        match (level, entry.level) {
            (1, 2) => html.push_str("<ul>"),
            (2, 1) => html.push_str("</ul>"),
            _ => {}
        }
        level = entry.level;
        html.push_str(&format!("<li{lang}><a href=\"#{}\">{}</a>", entry.at, entry.text));
    }
    if level == 2 {
        html.push_str("</ul>");
    }
    Html(html)
}

/// HTML of the page's own within what is in Swedish.
pub fn own(p: &Frame, html: String) -> String {
    match p.language {
        Language::Sv => html,
        language => format!("<div lang=\"{}\">{html}</div>", language.as_str()),
    }
}

/// A document to fetch: what it is called, and where it is.
pub struct Document {
    pub name: String,
    pub at: String,
}

impl Document {
    /// The document of a plan as it is now.
    pub fn of_plan(plan: Id, name: String) -> Self {
        Self { name, at: format!("/files/plans/{plan}/document") }
    }

    /// What was sealed of a revision.
    pub fn of_revision(plan: Id, number: i32, name: String) -> Self {
        Self { name, at: format!("/files/plans/{plan}/revisions/{number}/document") }
    }

    /// The document of a report, which says by itself which it is.
    pub fn of_report(report: Id) -> Self {
        Self { name: String::new(), at: format!("/files/reports/{report}/document") }
    }

    /// Where it is to be read at once: the PDF, in full.
    pub fn to_read(&self) -> String {
        let kind: String = form_urlencoded::byte_serialize(Format::Pdf.media_type().as_bytes()).collect();
        format!("{}?accept={kind}&version=full", self.at)
    }
}
