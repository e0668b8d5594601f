//! What a browser sends in a form, made into what an operation takes. A form of HTML knows only texts. What each field is,
//! the operation's own schema says, so a page repeats no rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::http::contract::Operation;
use crate::storage::Timestamp;
use crate::storage::history::sha256_hex;

/// The fields of a form in the order they came. Names that begin with `_` are the page's own; the others are JSON
/// pointers into the operation's form, without the first slash.
pub type Fields = Vec<(String, String)>;

/// Reads the encoding of HTML forms.
pub fn read(body: &[u8]) -> Fields {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The first field with this name.
pub fn field<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

/// What the fields come to as the form of this operation. What cannot be read as its type stays a text, so that the
/// schema finds the fault.
pub fn to_json(operation: &Operation, fields: &Fields) -> Option<Value> {
    let shape = operation.form.as_ref()?;
    let schemas = Schemas(shape.schemas());
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in fields.iter().filter(|(name, _)| !name.starts_with('_')) {
        values.entry(name).or_default().push(value);
    }
    let mut root = Value::Object(Map::new());
    // What names a row comes last, and only where something is written in it.
    let (rows, written): (Vec<_>, Vec<_>) = values.into_iter().partition(|(name, _)| name.ends_with(OF_A_ROW));
    for (name, sent) in written.into_iter().chain(rows) {
        let path: Vec<&str> = name.trim_end_matches(OF_A_ROW).split('/').collect();
        if name.ends_with(OF_A_ROW) && row(&root, &path).is_none_or(empty) {
            continue;
        }
        let kind = schemas.kind(&shape.name, &path);
        match (typed(kind, &sent, operation.merge_patch), path.as_slice()) {
            (Some(value), _) => put(&mut root, &path, value),
            // A row that has its place is there, however empty.
            (None, [above @ .., _]) if schemas.has_place(&shape.name, above) && row(&root, &path).is_none() => {
                put(&mut root, above, Value::Object(Map::new()));
            }
            (None, _) => {}
        }
    }
    schemas.tidy(&mut root, schemas.0.get(&shape.name));
    for list in named_rows(fields) {
        if let Some(Value::Array(rows)) = root.pointer_mut(&format!("/{list}")) {
            rows.retain(|row| !empty(row));
        }
    }
    Some(root)
}

/// The lists whose rows name themselves: there an empty row is none, also where the list must hold something.
fn named_rows(fields: &Fields) -> BTreeSet<&str> {
    let named = |name: &'_ str| name.strip_suffix(OF_A_ROW)?.rsplit_once('/').map(|(row, _)| row.len());
    let rows = fields.iter().filter_map(|(name, _)| match name.strip_prefix(WAS) {
        Some(row) => Some(row),
        None => name.get(..named(name)?),
    });
    rows.filter_map(|row| Some(row.rsplit_once('/')?.0)).collect()
}

/// The field that says that a form is kept while it is written.
pub const KEPT: &str = "_kept";

/// Before a row among many: which fields stood in it, and what they held, when the page was written.
pub const WAS: &str = "_was.";
/// Before a field of a row that was left as it was.
const LEFT: &str = "_left.";

/// What a row's fields hold, by their names within it.
pub fn mark_of_row<'v>(values: impl IntoIterator<Item = (&'v str, &'v str)>) -> String {
    let (mut names, mut held) = (String::new(), String::new());
    for (name, value) in values {
        names.push_str(&format!(" {name}"));
        held.push_str(&format!("{name}={}\n", value.replace("\r\n", "\n").trim()));
    }
    format!("{}{names}", &sha256_hex(held.as_bytes())[..16])
}

/// The fields of a form of many rows, without the rows that nobody touched: those are not sent on, so they are not written
/// over what another has written in them since.
pub fn touched(fields: Fields) -> Fields {
    let held = |row: &str, name: &str| -> String {
        let at = format!("{row}/{name}");
        let sent = fields.iter().filter(|(n, value)| *n == at && !value.is_empty()).map(|(_, value)| value.as_str());
        sent.collect::<Vec<_>>().join("\n")
    };
    let is_left = |(name, mark): &(String, String)| {
        let row = name.strip_prefix(WAS)?;
        let values: Vec<(&str, String)> = mark.split(' ').skip(1).map(|name| (name, held(row, name))).collect();
        let now = mark_of_row(values.iter().map(|(name, value)| (*name, value.as_str())));
        (now == *mark).then(|| format!("{row}/"))
    };
    let left: BTreeSet<String> = fields.iter().filter_map(is_left).collect();
    let kept = |(name, value): (String, String)| {
        let below = |at: usize| name.get(..=at).is_some_and(|row| left.contains(row));
        match name.match_indices('/').any(|(at, _)| below(at)) {
            true => (format!("{LEFT}{name}"), value),
            false => (name, value),
        }
    };
    fields.into_iter().map(kept).collect()
}

/// Whether a field stands in a row that nobody touched.
pub fn was_left(fields: &Fields, name: &str) -> bool {
    fields.iter().any(|(n, _)| n.strip_prefix(LEFT).is_some_and(|left| left == name))
}

/// Whether this is a list of rows, each of which is sent where it was touched.
pub fn has_rows(fields: &Fields, list: &str) -> bool {
    fields
        .iter()
        .any(|(name, _)| name.strip_prefix(WAS).and_then(|row| row.rsplit_once('/')).is_some_and(|(at, _)| at == list))
}

/// Whether this is a row among many.
pub fn is_row(fields: &Fields, at: &str) -> bool {
    fields.iter().any(|(name, _)| name.strip_prefix(WAS).is_some_and(|row| row == at))
}

/// In which row of a list each thing stands, by what the fields that name it hold, parted by slashes.
pub fn rows_of(fields: &Fields, list: &str, named_by: &[&str]) -> BTreeMap<String, usize> {
    let mut rows: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (name, value) in fields {
        let name = name.strip_prefix(LEFT).unwrap_or(name).trim_end_matches(OF_A_ROW);
        let place = name.strip_prefix(list).and_then(|rest| rest.strip_prefix('/')?.split_once('/'));
        let Some((at, field)) = place else { continue };
        if let (Ok(at), Some(part)) = (at.parse(), named_by.iter().position(|one| *one == field)) {
            rows.entry(at).or_insert_with(|| vec![""; named_by.len()])[part] = value;
        }
    }
    rows.into_iter().map(|(at, parts)| (parts.join("/"), at)).collect()
}

/// Behind the name of a field that nobody types and that only names its row: an empty row is none.
const OF_A_ROW: char = '!';

/// The row that a field stands in.
fn row<'v>(root: &'v Value, path: &[&str]) -> Option<&'v Value> {
    let (_, above) = path.split_last()?;
    above.iter().try_fold(root, |at, step| match at {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        other => other.get(*step),
    })
}

/// Where a fault of the operation's form stands in the fields: rows in which nothing was written were left out, but in
/// lists that must hold something, where each has its place.
pub fn as_typed(operation: &Operation, pointer: &str, fields: &Fields) -> String {
    let steps: Vec<&str> = pointer.split('/').collect();
    let place = |step: &&str| step.parse::<usize>().is_ok();
    let Some((above, [at, rest @ ..])) = steps.iter().position(place).and_then(|n| steps.split_at_checked(n)) else {
        return pointer.to_owned();
    };
    let Some(shape) = &operation.form else { return pointer.to_owned() };
    let (schemas, root) = (Schemas(shape.schemas()), &shape.name);
    let (list, rest, Ok(row)) = (&above.join("/"), rest.join("/"), at.parse::<usize>()) else {
        return pointer.to_owned();
    };
    let has_places = schemas.at(root, above).is_some_and(|list| schemas.must_hold(list));
    if has_places && !named_rows(fields).contains(list.as_str()) {
        return pointer.to_owned();
    }
    let written = fields.iter().filter(|(name, value)| !name.ends_with(OF_A_ROW) && !value.trim().is_empty());
    let mut rows: Vec<usize> = written
        .filter_map(|(name, _)| name.strip_prefix(list.as_str())?.strip_prefix('/')?.split('/').next()?.parse().ok())
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows.get(row).map_or_else(|| pointer.to_owned(), |row| format!("{list}/{row}/{rest}"))
}

/// What a field of a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// A decimal text: Swedish hands write the comma.
    Amount,
    /// A moment: hands here write it by their own clock.
    Time,
    Integer,
    Flag,
    Texts,
    Integers,
}

/// A number as people write it here, as machines do: with a comma, spaces between the thousands, and a real minus.
fn as_number(text: &str) -> String {
    text.trim().replace(',', ".").replace(['\u{a0}', '\u{202f}', ' '], "").replace('−', "-")
}

/// How a browser writes a moment in its own field.
pub const CLOCK: &str = "%Y-%m-%dT%H:%M";

/// A moment by the clock in Stockholm, as the contract has it. An hour that comes twice is the first of the two; what is
/// no moment stays as it was typed.
fn as_time(text: &str) -> String {
    let typed = chrono::NaiveDateTime::parse_from_str(text.trim(), CLOCK);
    let there = typed.ok().and_then(|time| time.and_local_timezone(chrono_tz::Europe::Stockholm).earliest());
    there.map_or_else(|| text.to_owned(), |time| Timestamp::from(time.to_utc()).to_string())
}

/// One field's values. Nothing for an empty one that need not be told.
fn typed(kind: Kind, sent: &[&str], patch: bool) -> Option<Value> {
    let one = |text: &str| -> Value {
        match kind {
            // What is no whole number stays as it was typed; so the fault says what it should be.
            Kind::Integer | Kind::Integers => as_number(text).parse::<i64>().map_or_else(|_| text.into(), Value::from),
            Kind::Amount => as_number(text).into(),
            Kind::Time => as_time(text).into(),
            Kind::Flag if text == "true" => true.into(),
            Kind::Flag if text == "false" => false.into(),
            _ => text.into(),
        }
    };
    match kind {
        Kind::Texts | Kind::Integers => {
            // Several fields of one name, or one field with a line for each.
            let all = sent.iter().flat_map(|text| text.lines()).map(str::trim).filter(|text| !text.is_empty());
            Some(Value::Array(all.map(one).collect()))
        }
        _ => match sent.last()? {
            text if text.trim().is_empty() => patch.then_some(Value::Null),
            text => Some(one(text)),
        },
    }
}

/// The most rows of a list: a page that asks about a workbook has some hundreds.
pub const MOST_ROWS: usize = 1000;

fn put(target: &mut Value, path: &[&str], value: Value) {
    let [first, rest @ ..] = path else {
        *target = value;
        return;
    };
    if let Ok(index) = first.parse::<usize>() {
        if !target.is_array() {
            *target = Value::Array(Vec::new());
        }
        if let Value::Array(items) = target {
            // A page has few rows; a number beyond them is nobody's.
            while items.len() <= index.min(MOST_ROWS) {
                items.push(Value::Object(Map::new()));
            }
            if let Some(item) = items.get_mut(index) {
                put(item, rest, value);
            }
        }
        return;
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(map) = target {
        put(map.entry(*first).or_insert(Value::Null), rest, value);
    }
}

fn empty(value: &Value) -> bool {
    matches!(value, Value::Object(map) if map.values().all(Value::is_null))
}

/// The schemas of an operation's form.
struct Schemas<'s>(&'s BTreeMap<String, Value>);

impl<'s> Schemas<'s> {
    fn at(&self, root: &str, path: &[&str]) -> Option<&'s Value> {
        path.iter().try_fold(self.0.get(root)?, |schema, step| self.below(schema, step))
    }

    fn kind(&self, root: &str, path: &[&str]) -> Kind {
        self.at(root, path).map_or(Kind::Text, |schema| self.kind_of(schema))
    }

    /// Whether it is a row that has its place: one of a list that must hold something.
    fn has_place(&self, root: &str, row: &[&str]) -> bool {
        match row {
            [list @ .., at] if at.parse::<usize>().is_ok() => {
                self.at(root, list).is_some_and(|list| self.must_hold(list))
            }
            _ => false,
        }
    }

    fn must_hold(&self, list: &'s Value) -> bool {
        let least = |one: &Value| one.get("minItems").and_then(Value::as_u64).unwrap_or_default();
        self.plain(list).into_iter().any(|one| least(one) > 0)
    }

    /// Rows in which nothing is written go, and parts in which nothing is written are nothing. In a list that must hold
    /// something each row has its place, and an empty one is a fault that stands there.
    fn tidy(&self, value: &mut Value, at: Option<&'s Value>) {
        match value {
            Value::Object(map) => {
                for (name, below) in map.iter_mut() {
                    self.tidy(below, at.and_then(|schema| self.below(schema, name)));
                    if empty(below) {
                        *below = Value::Null;
                    }
                }
            }
            Value::Array(items) => {
                let of_each = at.and_then(|schema| self.below(schema, "0"));
                items.iter_mut().for_each(|item| self.tidy(item, of_each));
                if !at.is_some_and(|schema| self.must_hold(schema)) {
                    items.retain(|item| !item.is_object() || !empty(item));
                }
            }
            _ => {}
        }
    }

    /// The alternatives of a schema that are not null, references followed.
    fn plain(&self, schema: &'s Value) -> Vec<&'s Value> {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.rsplit('/').next().unwrap_or_default();
            return self.0.get(name).map(|found| self.plain(found)).unwrap_or_default();
        }
        for several in ["oneOf", "anyOf", "allOf"] {
            if let Some(all) = schema.get(several).and_then(Value::as_array) {
                return all.iter().flat_map(|one| self.plain(one)).collect();
            }
        }
        vec![schema]
    }

    fn below(&self, schema: &'s Value, step: &str) -> Option<&'s Value> {
        self.plain(schema).into_iter().find_map(|one| match step.parse::<usize>() {
            Ok(_) => one.get("items"),
            Err(_) => one.get("properties")?.get(step),
        })
    }

    fn kind_of(&self, schema: &'s Value) -> Kind {
        for one in self.plain(schema) {
            let is = |name: &str| match one.get("type") {
                Some(Value::String(kind)) => kind == name,
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
                _ => false,
            };
            if is("array") {
                let numbers = one.get("items").is_some_and(|items| self.kind_of(items) == Kind::Integer);
                return if numbers { Kind::Integers } else { Kind::Texts };
            }
            if is("integer") {
                return Kind::Integer;
            }
            if is("boolean") {
                return Kind::Flag;
            }
            if one.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.starts_with("^-?[0-9]")) {
                return Kind::Amount;
            }
            if one.get("format").and_then(Value::as_str) == Some("date-time") {
                return Kind::Time;
            }
        }
        Kind::Text
    }
}

/// The fields that an operation's form must have, by the operation's id. What is changed in part must have none.
pub type Required = BTreeMap<&'static str, BTreeSet<String>>;

/// Asked of the contract once: it is the same for every page.
pub fn required(operations: &[Operation]) -> &'static Required {
    static REQUIRED: OnceLock<Required> = OnceLock::new();
    REQUIRED.get_or_init(|| operations.iter().filter_map(|one| Some((one.id, must_have(one)?))).collect())
}

fn must_have(operation: &Operation) -> Option<BTreeSet<String>> {
    let shape = operation.form.as_ref().filter(|_| !operation.merge_patch)?;
    let names = shape.schemas().get(&shape.name)?.get("required")?.as_array()?;
    Some(names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A comma is a number's here, wherever one is typed.
    #[test]
    fn numbers_are_read_as_people_write_them() {
        let operations = crate::api::operations();
        let form = |id: &str, name: &str, typed: &str| {
            let operation = operations.iter().find(|one| one.id == id).expect("an operation");
            to_json(operation, &vec![(name.to_owned(), typed.to_owned())]).expect("a form")
        };
        for (typed, number) in [("1,5", "1.5"), ("−1 000,5", "-1000.5"), (" 12 ", "12"), ("1\u{a0}000", "1000")] {
            for id in ["createAction", "changeAction"] {
                let sent = form(id, "financialEffect/fullYear", typed);
                assert_eq!(sent["financialEffect"]["fullYear"], number, "{id} {typed}");
            }
        }
        assert_eq!(form("assessRisk", "likelihood", " 4 ")["likelihood"], 4);
        assert_eq!(form("createPlan", "year", "2 025")["year"], 2025);
        assert_eq!(form("assessRisk", "likelihood", "1,5")["likelihood"], "1,5", "told as it was typed");
    }

    /// A moment is one of Stockholm's clock, summer and winter.
    #[test]
    fn moments_are_read_by_the_clock_in_stockholm() {
        let operations = crate::api::operations();
        let operation = operations.iter().find(|one| one.id == "changeServiceAccount").expect("an operation");
        let form = |typed: &str| {
            let fields = vec![("expiresAt".to_owned(), typed.to_owned())];
            to_json(operation, &fields).expect("a form")["expiresAt"].clone()
        };
        assert_eq!(form("2026-07-01T12:30"), "2026-07-01T10:30:00.000000Z");
        assert_eq!(form(" 2026-12-01T12:30"), "2026-12-01T11:30:00.000000Z");
        for typed in ["2026-12-01", "i morgon", "2026-03-29T02:30", "2026-12-01T11:30:00.000000Z"] {
            assert_eq!(form(typed), typed, "what is no moment of that clock stays as it was typed");
        }
        assert_eq!(form(""), Value::Null);
    }

    /// Whoever writes something else is told what it should be, by words of its own for each pattern.
    #[test]
    fn every_pattern_of_a_form_has_its_words() {
        fn patterns(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(map) => {
                    found.extend(map.get("pattern").and_then(Value::as_str).map(str::to_owned));
                    map.values().for_each(|below| patterns(below, found));
                }
                Value::Array(items) => items.iter().for_each(|below| patterns(below, found)),
                _ => {}
            }
        }
        let mut found = BTreeSet::new();
        for operation in crate::api::operations() {
            for schema in operation.form.iter().flat_map(|shape| shape.schemas().values()) {
                patterns(schema, &mut found);
            }
        }
        let wordless: Vec<&String> = found.iter().filter(|one| crate::app::sent::of_pattern(one).is_none()).collect();
        assert!(found.len() > 4 && wordless.is_empty(), "{wordless:?}");
    }

    /// Rows that were left empty are not sent on, so the operation counts fewer; also in a list within a part.
    #[test]
    fn a_fault_is_told_of_the_row_that_was_typed() {
        let policy = crate::api::operations().into_iter().find(|one| one.id == "previewPolicyVersion");
        let policy = policy.expect("scales can be tried");
        let report = crate::api::operations().into_iter().find(|one| one.id == "correctControlReport");
        let report = report.expect("reports can be corrected");
        let typed = |names: &[&str]| -> Fields { names.iter().map(|name| ((*name).into(), "x".into())).collect() };
        let deep = typed(&["reason", "report/references/2/title", "report/references/2/note"]);
        assert_eq!(as_typed(&report, "report/references/0/address", &deep), "report/references/2/address");
        for other in ["reason", "report/references", "report/references/7/title", "", "references"] {
            assert_eq!(as_typed(&report, other, &deep), other);
        }
        // A row of the table of outcomes that was left empty is none.
        let outcomes = crate::api::operations().into_iter().find(|one| one.id == "writeOutcomes").expect("a table");
        let named = |row: usize, value: &str| {
            [("indicatorId!", "i"), ("value", value)]
                .map(|(field, text)| (format!("items/{row}/{field}"), text.to_owned()))
        };
        let rows: Fields = (0..4).zip(["", "5", "", "6"]).flat_map(|(row, value)| named(row, value)).collect();
        let sent = to_json(&outcomes, &rows).expect("a form");
        assert_eq!(
            sent["items"],
            serde_json::json!([{"indicatorId": "i", "value": "5"}, {"indicatorId": "i", "value": "6"}])
        );
        assert_eq!(as_typed(&outcomes, "items/1/value", &rows), "items/3/value");
        // A step of a scale has its place, however empty it was left.
        let steps = typed(&["definition/likelihoods/1/label", "definition/likelihoods/2/label"]);
        assert_eq!(as_typed(&policy, "definition/likelihoods/0/label", &steps), "definition/likelihoods/0/label");
    }
}
