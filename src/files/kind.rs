//! Which files are taken, told by their content: the one list. What a file is called must go with what it is.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// The most that one file may hold: 25 MiB.
pub const MOST: usize = 25 * 1024 * 1024;

/// A type of file that is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    pub media_type: &'static str,
    /// How names of such files end. The first is how people know it.
    pub endings: &'static [&'static str],
}

const fn kind(media_type: &'static str, endings: &'static [&'static str]) -> Kind {
    Kind { media_type, endings }
}

const PDF: Kind = kind("application/pdf", &["pdf"]);
const PNG: Kind = kind("image/png", &["png"]);
const JPEG: Kind = kind("image/jpeg", &["jpg", "jpeg"]);
const TIFF: Kind = kind("image/tiff", &["tif", "tiff"]);
const DOCX: Kind = kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]);
const XLSX: Kind = kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]);
const PPTX: Kind = kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]);
const ODT: Kind = kind("application/vnd.oasis.opendocument.text", &["odt"]);
const ODS: Kind = kind("application/vnd.oasis.opendocument.spreadsheet", &["ods"]);
const ODP: Kind = kind("application/vnd.oasis.opendocument.presentation", &["odp"]);
const TEXT: Kind = kind("text/plain", &["txt", "csv"]);

/// Every type that is taken.
pub const TAKEN: [&Kind; 11] = [&PDF, &DOCX, &XLSX, &PPTX, &ODT, &ODS, &ODP, &PNG, &JPEG, &TIFF, &TEXT];

/// The endings of all of them, parted by commas.
pub fn endings() -> String {
    TAKEN.iter().flat_map(|kind| kind.endings.iter().copied()).collect::<Vec<_>>().join(", ")
}

impl Kind {
    /// What some bytes are, by what stands in them alone; none for what is not taken.
    pub fn of(bytes: &[u8]) -> Option<&'static Self> {
        let begins = |with: &[u8]| bytes.starts_with(with);
        if begins(b"%PDF-") {
            Some(&PDF)
        } else if begins(b"\x89PNG\r\n\x1a\n") {
            Some(&PNG)
        } else if begins(b"\xff\xd8\xff") {
            Some(&JPEG)
        } else if begins(b"II*\0") || begins(b"MM\0*") {
            Some(&TIFF)
        } else if begins(b"PK\x03\x04") {
            package(bytes)
        } else if is_text(bytes) {
            Some(&TEXT)
        } else {
            None
        }
    }

    /// Whether a name ends as names of this kind do.
    pub fn fits(&self, name: &str) -> bool {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| self.endings.contains(&ending.as_str()))
    }

    /// As which type it is given back. A text is said to be in the encoding that it is in.
    pub fn sent_as(media_type: &str) -> &'static str {
        match TAKEN.iter().find(|kind| kind.media_type == media_type) {
            Some(kind) if **kind == TEXT => "text/plain; charset=utf-8",
            Some(kind) => kind.media_type,
            None => "application/octet-stream",
        }
    }
}

/// Text as everyone can read it: UTF-8 in which nothing but line ends and tabs steers anything.
fn is_text(bytes: &[u8]) -> bool {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    std::str::from_utf8(bytes).is_ok_and(|text| !text.is_empty() && !text.chars().any(steers))
}

/// The most that is read of what a package says of itself.
const MOST_TOLD: u64 = 1 << 20;

/// What a ZIP package is, by what it says of itself; nothing that holds macros.
fn package(bytes: &[u8]) -> Option<&'static Kind> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let holds_macros = |name: &str| name.to_ascii_lowercase().ends_with("vbaproject.bin") || name.starts_with("Basic/");
    // A name that cannot be read is of no package of these kinds.
    if zip.file_names().any(|name| name.is_ok_and(|name| holds_macros(&name))) {
        return None;
    }
    let mut told = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).ok()?.take(MOST_TOLD).read_to_string(&mut text).ok()?;
        Some(text)
    };
    if let Some(own) = told("mimetype") {
        return [&ODT, &ODS, &ODP].into_iter().find(|kind| kind.media_type == own.trim());
    }
    // Its main part is of the plain type: those of templates and of what holds macros are called otherwise.
    let types = told("[Content_Types].xml")?;
    let main = |of: &str| types.contains(&format!("\"application/vnd.openxmlformats-officedocument.{of}.main+xml\""));
    [("wordprocessingml.document", &DOCX), ("spreadsheetml.sheet", &XLSX), ("presentationml.presentation", &PPTX)]
        .into_iter()
        .find(|(of, _)| main(of))
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn files_are_what_they_hold() {
        let main = |of: &str| format!("<Override ContentType=\"application/vnd.{of}.main+xml\"/>");
        let word = main("openxmlformats-officedocument.wordprocessingml.document");
        let docx = zipped(&[("[Content_Types].xml", &word), ("word/document.xml", "")]);
        let odt = zipped(&[("mimetype", ODT.media_type)]);
        for (bytes, kind) in [
            (&b"%PDF-1.7"[..], &PDF),
            (b"\x89PNG\r\n\x1a\n\0", &PNG),
            (b"\xff\xd8\xff\xe0", &JPEG),
            (b"II*\0", &TIFF),
            ("Datum;Stickprov\r\nmånd;3".as_bytes(), &TEXT),
            (&docx, &DOCX),
            (&odt, &ODT),
        ] {
            assert_eq!(Kind::of(bytes), Some(kind));
            let again = TAKEN.iter().find(|one| one.media_type == kind.media_type).unwrap();
            assert_eq!(*again, kind);
        }
    }

    #[test]
    fn what_is_none_of_it_is_not_taken() {
        let macros = main_of_macros();
        let open =
            "<Override ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>";
        for bytes in [
            &b""[..],
            b"MZ\x90\0",
            b"\x7fELF",
            b"\xd0\xcf\x11\xe0",
            b"caf\xe9",
            b"PK\x03\x04",
            b"noll\0",
            &zipped(&[("a.txt", "a")]),
            &zipped(&[("[Content_Types].xml", &macros)]),
            &zipped(&[("[Content_Types].xml", open), ("xl/vbaProject.bin", "")]),
            &zipped(&[("mimetype", ODT.media_type), ("Basic/Standard/Module1.xml", "")]),
        ] {
            assert_eq!(Kind::of(bytes), None, "{bytes:?}");
        }
    }

    fn main_of_macros() -> String {
        "<Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/>".to_owned()
    }

    #[test]
    fn names_go_with_what_they_name() {
        assert!(PDF.fits("rapport.PDF") && JPEG.fits("bild.jpeg"));
        assert!(!PDF.fits("rapport.pdf.exe") && !PDF.fits("pdf") && !PNG.fits("bild.jpg"));
        assert_eq!(Kind::sent_as("text/plain"), "text/plain; charset=utf-8");
        assert_eq!(Kind::sent_as("text/html"), "application/octet-stream");
    }
}
