//! What kind of file it is, and whom it is for.

use crate::sheet::Workbook;
use crate::told::Refusal;
use crate::{excel, limits, separated};

/// A workbook of the bytes of a file. The name is kept, and tells nothing: what a file is stands in its first bytes.
pub fn read(bytes: &[u8], name: &str) -> Result<Workbook, Refusal> {
    if bytes.len() > limits::FILE {
        return Err(Refusal::too_large());
    }
    match bytes {
        [] => Err(Refusal::empty()),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => excel::read(bytes, name),
        // The container of Office until 2007, in which it still puts what has a password.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(in_old_container(bytes)),
        [b'%', b'P', b'D', b'F', ..] | [b'{', b'\\', b'r', b't', b'f', ..] => Err(Refusal::not_a_workbook()),
        _ if markup(bytes) => Err(Refusal::not_a_workbook()),
        _ => separated::read(bytes, name),
    }
}

fn in_old_container(bytes: &[u8]) -> Refusal {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) { Refusal::encrypted() } else { Refusal::old_excel() }
}

/// A web page that calls itself a workbook, or the XML of Excel 2003.
fn markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let start = bytes.get(..bytes.len().min(9)).unwrap_or_default().to_ascii_lowercase();
    [&b"<?xml"[..], b"<html", b"<!doctype", b"<table"].iter().any(|mark| start.starts_with(mark))
}
