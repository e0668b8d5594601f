//! In which of the forms that it comes in an answer is wished for.

use super::call::{As, Call};
use crate::app::documents::Format;

/// A list as a table of text.
pub const CSV: &str = "text/csv";

/// The media types of tables.
pub const TABLES: [(As, &str); 2] = [(As::Csv, CSV), (As::Xlsx, Format::Xlsx.media_type())];

/// Whether an `Accept` header takes a media type. Problem details are always sent, whatever it says.
pub fn accepts(accept: &str, offer: &str) -> bool {
    wish(accept, offer).is_some()
}

/// How much an `Accept` header wishes for a media type: by its weight, and by how exactly it names it. Of the ranges
/// that the type is in, the most exact one decides (RFC 9110, 12.5.1). Nothing where the type is not taken.
pub fn wish(accept: &str, offer: &str) -> Option<(f32, u8)> {
    let (kind, _) = offer.split_once('/').unwrap_or((offer, ""));
    let ranges = accept.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let exact = match parts.next().unwrap_or_default().to_ascii_lowercase() {
            media if media == offer => 2,
            media if media == format!("{kind}/*") => 1,
            media if media == "*/*" => 0,
            _ => return None,
        };
        let weight = parts.find_map(|p| p.strip_prefix("q=").or(p.strip_prefix("Q="))?.parse::<f32>().ok());
        Some((exact, weight.filter(|w| w.is_finite()).unwrap_or(1.0)))
    });
    let (exact, weight) = ranges.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
    (weight > 0.0).then_some((weight, exact))
}

/// As which table a list is asked for, if as one: by `format`, or else by `Accept`.
pub fn table(call: &Call) -> Option<As> {
    match call.q::<String>("format").as_deref() {
        Some("csv") => return Some(As::Csv),
        Some("xlsx") => return Some(As::Xlsx),
        Some(_) => return None,
        None => {}
    }
    let accept = call.accept.as_deref().unwrap_or("*/*");
    let mut best = (None, wish(accept, "application/json"));
    for (table, media_type) in TABLES {
        if wish(accept, media_type) > best.1 {
            best = (Some(table), wish(accept, media_type));
        }
    }
    best.0
}
