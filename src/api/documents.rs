//! Documents by `Accept` and `version`: what operations that answer with one share.

use crate::app::documents::{File, Format, Version};
use crate::http::contract::{Operation, ParameterKind};
use crate::http::{Answer, Call, accept};

/// Says with what something in a document is marked as secret.
const MARKINGS: &str = "X-Secrecy-Markings";

/// The formats that a document comes in, the first when nothing is wished for.
const FORMATS: [Format; 4] = [Format::Pdf, Format::Json, Format::Docx, Format::Xlsx];

/// Answers with a document, in every format and in its two versions.
pub fn documented(operation: Operation, about: &'static str) -> Operation {
    let media_types: Vec<&'static str> = FORMATS.iter().map(|format| format.media_type()).collect();
    operation
        .query(
            "version",
            ParameterKind::Word("DocumentVersion", vec!["full", "public"]),
            "All of it (default), its file named after the markings where anything in it is marked as secret; or as it may be \
             published: what is marked is masked.",
        )
        .files(about, &media_types)
        .sometimes(
            MARKINGS,
            "Of a full document that holds anything marked as secret: the markings, at most eight, parted by commas; each is \
             provision, date and authority in percent-encoded UTF-8. JSON has all of them as `secrecyMarkings`.",
        )
}

/// The format that the caller wishes for most.
pub fn format(call: &Call) -> Format {
    let accept = call.accept.as_deref().unwrap_or("*/*");
    let mut best = (None, Format::Pdf);
    for format in FORMATS {
        let wish = accept::wish(accept, format.media_type());
        if wish > best.0 {
            best = (wish, format);
        }
    }
    best.1
}

/// Which of the two versions.
pub fn version(call: &Call) -> Version {
    if call.q::<String>("version").as_deref() == Some("public") { Version::Public } else { Version::Full }
}

pub fn sent(file: File) -> Answer {
    let answer = Answer { sealed: file.sealed, ..Answer::file(file.media_type, &file.name, file.etag, file.content) };
    match file.markings {
        Some(markings) => answer.with(MARKINGS, markings),
        None => answer,
    }
}
