//! A form that a file goes along with (RFC 7578), made into fields as any other: the file's bytes in base64, as the operation
//! takes them, and its name beside them; or beside the fields as they are, where the operation takes a file as it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use bytes::Bytes;

use super::fields::{Fields, field};
use crate::files::kind::MOST;

/// Bytes of the largest file that any form takes. What one takes less of says so itself.
pub const LARGEST: usize = MOST;
/// The field in which a file's name goes.
const NAMED: &str = "fileName";
/// The field that names the field in which a file came.
const FROM_FILE: &str = "_file";
/// Browsers send few parts: a field each.
const MOST_PARTS: usize = 200;

/// What parts such a form, by its media type; none for another form.
pub fn boundary(content_type: &str) -> Option<String> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
    (1..=70).contains(&boundary.len()).then(|| boundary.to_owned())
}

/// Its fields, and the file that goes along where `as_it_is` says so of what the form is for; none where it is no such form.
pub fn read(body: &Bytes, boundary: &str, as_it_is: impl Fn(&str) -> bool) -> Option<(Fields, Option<Bytes>)> {
    let mut file = None;
    let fields = parts(body, boundary, |fields, content| {
        let apart = field(fields, "_act").is_some_and(&as_it_is);
        if apart {
            file = Some(body.slice_ref(content));
        }
        !apart
    })?;
    Some((fields, file))
}

/// The parts one by one. `within` says of a file whether it goes into a field.
fn parts(body: &[u8], boundary: &str, mut within: impl FnMut(&Fields, &[u8]) -> bool) -> Option<Fields> {
    let mark = format!("--{boundary}").into_bytes();
    let between = format!("\r\n--{boundary}").into_bytes();
    let mut fields = Fields::new();
    let mut rest = body.strip_prefix(mark.as_slice())?;
    for _ in 0..MOST_PARTS {
        if rest.starts_with(b"--") {
            return Some(fields);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head_end = find(rest, b"\r\n\r\n")?;
        let (head, content) = (rest.get(..head_end)?, rest.get(head_end + 4..)?);
        let end = ending(content, &between)?;
        part(std::str::from_utf8(head).ok()?, content.get(..end)?, &mut fields, &mut within)?;
        rest = content.get(end + between.len()..)?;
    }
    None
}

fn part(
    head: &str,
    content: &[u8],
    fields: &mut Fields,
    within: &mut impl FnMut(&Fields, &[u8]) -> bool,
) -> Option<()> {
    let about = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let name = parameter(about, "name")?;
    match parameter(about, "filename") {
        // Nothing was chosen.
        Some(file) if file.is_empty() && content.is_empty() => {}
        Some(file) => {
            // Some browsers told the whole path.
            let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            let content = if within(fields, content) { STANDARD.encode(content) } else { String::new() };
            fields.push((NAMED.to_owned(), file));
            fields.push((FROM_FILE.to_owned(), name.clone()));
            fields.push((name, content));
        }
        None => fields.push((name, String::from_utf8(content.to_vec()).ok()?)),
    }
    Some(())
}

/// Whether a field came from a file: nobody reads it on a page, and who sends the form again chooses the file again.
pub fn is_of_file(fields: &Fields, name: &str) -> bool {
    name == FROM_FILE || fields.iter().any(|(known, value)| known == FROM_FILE && value == name)
}

/// A parameter of a header, in quotes. In it browsers write what would end it, and line ends, as `%22`, `%0D` and `%0A`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let begin = format!(" {name}=\"");
    let (_, rest) = header.split_once(&begin)?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("%22", "\"").replace("%0D", "").replace("%0A", " "))
}

/// Where a part ends: at its mark, and not at one that only begins like it.
fn ending(content: &[u8], between: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + find(content.get(from..)?, between)?;
        let after = content.get(at + between.len()..)?;
        if after.starts_with(b"\r\n") || after.starts_with(b"--") {
            return Some(at);
        }
        from = at + 1;
    }
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + within.get(from..)?.iter().position(|byte| *byte == first)?;
        if within.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &str) -> Vec<u8> {
        format!("{parts}--x--\r\n").into_bytes()
    }

    #[test]
    fn fields_and_files_are_read() {
        let body = form(
            "--x\r\nContent-Disposition: form-data; name=\"_act\"\r\n\r\ncreateImport\r\n\
             --x\r\nContent-Disposition: form-data; name=\"content\"; filename=\"C:\\mapp\\risker %22a%22.csv\"\r\n\
             Content-Type: text/csv\r\n\r\nRisk;S\r\n--xy\r\n\r\n",
        );
        let body = Bytes::from(body);
        let (fields, none) = read(&body, "x", |_| false).unwrap();
        assert_eq!(none, None);
        let expected = [
            ("_act", "createImport".to_owned()),
            ("fileName", "risker \"a\".csv".to_owned()),
            ("_file", "content".to_owned()),
            ("content", STANDARD.encode("Risk;S\r\n--xy\r\n")),
        ];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value)));
        let (fields, file) = read(&body, "x", |act| act == "createImport").unwrap();
        assert_eq!(file.as_deref(), Some("Risk;S\r\n--xy\r\n".as_bytes()));
        assert_eq!(field(&fields, "content"), Some(""));
    }

    #[test]
    fn what_is_none_is_refused() {
        let nothing = "--x\r\nContent-Disposition: form-data; name=\"content\"; filename=\"\"\r\n\r\n\r\n";
        assert_eq!(read(&form(nothing).into(), "x", |_| true), Some((Fields::new(), None)));
        for body in ["", "--x", "--x\r\n", "--x\r\n\r\n", "--x\r\nA: b\r\n\r\nc\r\n--x--", "x\r\n--x--", nothing] {
            assert_eq!(read(&Bytes::copy_from_slice(body.as_bytes()), "x", |_| true), None, "{body:?}");
        }
        assert_eq!(boundary("multipart/form-data; boundary=abc"), Some("abc".to_owned()));
        assert_eq!(boundary("multipart/form-data; boundary=\"abc\""), Some("abc".to_owned()));
        for other in ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/mixed; boundary=abc", ""] {
            assert_eq!(boundary(other), None, "{other}");
        }
    }
}
