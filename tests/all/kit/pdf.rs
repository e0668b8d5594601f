//! PDF read back with poppler (`pdftotext`, of the package poppler-utils): what a reader, a search and a screen reader
//! get. It must not know what the register prints.

use std::io::Write;
use std::process::{Command, Stdio};

/// The text of each page in the order it was set, which keeps the lines of a cell together.
#[track_caller]
pub fn pages(pdf: &[u8]) -> Vec<String> {
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|fault| panic!("pdftotext (poppler-utils) is needed by these tests: {fault}"));
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let bytes = pdf.to_vec();
    // It may write before it has read all.
    let writing = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().expect("pdftotext ends");
    writing.join().expect("the PDF is handed over").expect("pdftotext takes the PDF");
    assert!(output.status.success(), "pdftotext: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("pdftotext writes UTF-8");
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// Without what lines and columns did to it: white space, and the soft hyphens at line ends.
pub fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{ad}').collect()
}

/// Fails the test unless the PDF says of itself that it is tagged, in Swedish, with a title, and accessible; and, once
/// it is sealed, archivable.
#[track_caller]
pub fn hold_structure(pdf: &[u8], title: &str, sealed: bool) {
    let has = |mark: &str| pdf.windows(mark.len()).any(|window| window == mark.as_bytes());
    let marks = [
        "%PDF-1.7",
        "/Lang(sv-SE)",
        "/MarkInfo<</Marked true",
        "/StructTreeRoot",
        "/DisplayDocTitle true",
        "/Outlines",
        "<pdfuaid:part>1</pdfuaid:part>",
        title,
        "/S/TH",
        "/Scope/Row",
        "/Scope/Column",
        "/S/H3",
    ];
    for mark in marks {
        assert!(has(mark), "{mark} is missing");
    }
    assert_eq!(has("<pdfaid:part>2</pdfaid:part>"), sealed, "an archival file has a date, and a draft has none");
}
