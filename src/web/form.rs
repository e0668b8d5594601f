//! HTML forms: what a browser sends, made into what an operation takes; and the fields of a form as a page shows them.
//! A form of HTML knows only texts. What each field is, the operation's own schema says, so a page repeats no rule.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use askama::Template;
use serde_json::{Map, Value};

use super::frame::Frame;
use crate::app::risks::Secrecy;
use crate::domain::words::{Language, Word};
use crate::error::MissingItem;
use crate::http::contract::Operation;
use crate::storage::{Id, Timestamp};

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
    let schemas = Schemas::of(operation);
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
    Some(root)
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
    let schemas = Schemas::of(operation);
    let root = operation.form.as_ref().map_or("", |shape| &shape.name);
    let (list, rest, Ok(row)) = (&above.join("/"), rest.join("/"), at.parse::<usize>()) else {
        return pointer.to_owned();
    };
    if schemas.at(root, above).is_some_and(|list| schemas.must_hold(list)) {
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
    Integer,
    Flag,
    Texts,
    Integers,
}

/// One field's values. Nothing for an empty one that need not be told.
fn typed(kind: Kind, sent: &[&str], patch: bool) -> Option<Value> {
    let one = |text: &str| -> Value {
        match kind {
            Kind::Integer | Kind::Integers => text.trim().parse::<i64>().map_or_else(|_| text.into(), Value::from),
            Kind::Amount => text.trim().replace(',', ".").replace(['\u{a0}', ' '], "").replace('−', "-").into(),
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
            while items.len() <= index.min(200) {
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
struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    fn of(operation: &Operation) -> Self {
        let mut parts = Vec::new();
        if let Some(shape) = &operation.form {
            (shape.collect)(&mut parts);
        }
        Self(parts.into_iter().filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?))).collect())
    }

    fn at(&self, root: &str, path: &[&str]) -> Option<&Value> {
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

    fn must_hold(&self, list: &Value) -> bool {
        let least = |one: &Value| one.get("minItems").and_then(Value::as_u64).unwrap_or_default();
        self.plain(list).into_iter().any(|one| least(one) > 0)
    }

    /// Rows in which nothing is written go, and parts in which nothing is written are nothing. In a list that must hold
    /// something each row has its place, and an empty one is a fault that stands there.
    fn tidy(&self, value: &mut Value, at: Option<&Value>) {
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
    fn plain<'s>(&'s self, schema: &'s Value) -> Vec<&'s Value> {
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

    fn below<'s>(&'s self, schema: &'s Value, step: &str) -> Option<&'s Value> {
        self.plain(schema).into_iter().find_map(|one| match step.parse::<usize>() {
            Ok(_) => one.get("items"),
            Err(_) => one.get("properties")?.get(step),
        })
    }

    fn kind_of(&self, schema: &Value) -> Kind {
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
    let schemas = Schemas::of(operation);
    let names = schemas.0.get(&shape.name)?.get("required")?.as_array()?;
    Some(names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// What came of a form that was not taken: shown again as it was sent.
#[derive(Debug, Clone, Default)]
pub struct Failed {
    /// The form's own name on the page.
    pub form: String,
    pub typed: Fields,
    /// Where, as a JSON pointer without the first slash, and what.
    pub faults: Vec<(String, String)>,
    /// What is missing before it can be done, and where that is mended.
    pub missing: Vec<(Option<String>, MissingItem)>,
    /// What is to be said of the form as a whole.
    pub message: String,
    /// Somebody else has changed the thing meanwhile: both texts are shown.
    pub stale: bool,
}

impl Failed {
    /// What a page holds that shows the form again, with its faults.
    pub fn mark(&self) -> String {
        format!("id=\"{}-faults\"", self.form)
    }
}

/// A form that was sent but is not done by that: only its rows were to change, or only what it would come to be told.
/// Its page shows it again as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    pub typed: Fields,
    /// What the operation told, as JSON.
    pub answer: Option<Vec<u8>>,
}

/// A value as a form shows it.
pub trait Shown {
    fn shown(&self) -> String;
}

macro_rules! shown {
    ($($type:ty),+) => {$(impl Shown for $type { fn shown(&self) -> String { self.to_string() } })+};
}
shown!(str, String, i32, i64, bool, Id, Timestamp, chrono::NaiveDate);

impl<T: Shown + ?Sized> Shown for &T {
    fn shown(&self) -> String {
        (**self).shown()
    }
}
impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> String {
        self.as_ref().map(Shown::shown).unwrap_or_default()
    }
}

/// Something to choose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// What the reading guide says of it.
    pub about: String,
    /// The shape that stands beside its word.
    pub shape: &'static str,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
}

/// Every word of a closed list, to choose from.
pub fn words<W: Word>(language: Language) -> Vec<Choice> {
    W::ALL.iter().map(|word| Choice::new(word.as_str(), super::frame::capital(word.label(language)))).collect()
}

/// A form on a page, for one operation.
pub struct Form<'f> {
    frame: &'f Frame,
    /// Its own name on the page; ids of its fields begin with it.
    pub name: String,
    act: &'static str,
    hidden: Vec<(String, String)>,
    /// A field that must be filled in has been written, with its mark.
    marked: Cell<bool>,
}

#[derive(Template)]
#[template(path = "parts/form_open.html")]
struct Opening<'f> {
    p: &'f Frame,
    name: &'f str,
    hidden: Vec<(String, String)>,
    failed: Option<&'f Failed>,
}

#[derive(Template)]
#[template(path = "parts/field.html")]
struct Field<'f> {
    p: &'f Frame,
    kind: &'static str,
    id: String,
    name: &'f str,
    label: String,
    hint: String,
    value: String,
    chosen: Vec<String>,
    /// What the register holds now, where that is not what was typed.
    saved: Option<String>,
    faults: Vec<&'f str>,
    choices: Vec<Choice>,
    required: bool,
}

#[derive(Template)]
#[template(path = "parts/secrecy.html")]
struct Marking<'m> {
    p: &'m Frame,
    form: &'m Form<'m>,
    at: &'m str,
    marked: bool,
    provision: String,
    date: Option<chrono::NaiveDate>,
    authority: String,
}

/// HTML that may stand as it is.
pub struct Html(pub String);

impl std::fmt::Display for Html {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl askama::FastWritable for Html {
    fn write_into(&self, to: &mut dyn std::fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(to.write_str(&self.0)?)
    }
}
impl askama::filters::HtmlSafe for Html {}

fn html(part: &impl Template) -> Html {
    Html(part.render().unwrap_or_else(|fault| {
        tracing::error!(%fault, "a part of a page cannot be written");
        String::new()
    }))
}

impl<'f> Form<'f> {
    pub fn new(frame: &'f Frame, act: &'static str, name: impl Into<String>) -> Self {
        Self { frame, name: name.into(), act, hidden: Vec::new(), marked: Cell::new(false) }
    }

    /// A step of the operation's path.
    pub fn at(mut self, name: &str, value: impl ToString) -> Self {
        self.hidden.push((format!("_at.{name}"), value.to_string()));
        self
    }

    /// The ETag of what the form changes.
    pub fn tagged(mut self, etag: impl Into<String>) -> Self {
        self.hidden.push(("_etag".into(), etag.into()));
        self
    }

    /// What the form makes is not there yet.
    pub fn fresh(mut self) -> Self {
        self.hidden.push(("_new".into(), "1".into()));
        self
    }

    /// Where to go when it is done; `{id}` is the id of what was made.
    pub fn to(mut self, path: impl Into<String>) -> Self {
        self.hidden.push(("_to".into(), path.into()));
        self
    }

    /// A field that nobody types.
    pub fn fixed(mut self, name: &str, value: impl Shown) -> Self {
        self.hidden.push((name.into(), value.shown()));
        self
    }

    fn failed(&self) -> Option<&'f Failed> {
        self.frame.failed.as_ref().filter(|failed| failed.form == self.name)
    }

    /// Whether it came back with faults.
    pub fn came_back(&self) -> bool {
        self.failed().is_some()
    }

    /// The beginning of the form, with what is wrong with it.
    pub fn open(&self) -> Html {
        let mut hidden = vec![
            ("_csrf".to_owned(), self.frame.csrf.clone()),
            ("_act".to_owned(), self.act.to_owned()),
            ("_form".to_owned(), self.name.clone()),
            ("_key".to_owned(), Id::new().to_string()),
        ];
        hidden.extend(self.hidden.iter().cloned());
        html(&Opening { p: self.frame, name: &self.name, hidden, failed: self.failed() })
    }

    fn field(
        &self,
        kind: &'static str,
        name: &str,
        label: impl Into<String>,
        hint: impl Into<String>,
        current: String,
        more: More<'_>,
    ) -> Html {
        let failed = self.failed();
        let typed: Option<Vec<String>> =
            failed.map(|f| f.typed.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect());
        let chosen = typed.unwrap_or_else(|| current.lines().map(str::to_owned).collect());
        let value = match failed {
            Some(_) => chosen.last().cloned().unwrap_or_default(),
            None => current.clone(),
        };
        let alike = value.replace("\r\n", "\n").trim() == current.trim();
        let saved = failed.filter(|f| f.stale && !alike && kind != "password").map(|_| current);
        let saved = saved.map(|text| {
            let known = more.choices.iter().find(|choice| choice.value == text);
            known.map_or(text, |choice| choice.label.clone())
        });
        let faults =
            failed.map(|f| f.faults.iter().filter(|(at, _)| at == name).map(|(_, text)| text.as_str()).collect());
        // A thing that is chosen now can be kept, whatever there is to choose from otherwise.
        let mut choices = more.choices.to_vec();
        let is_thing = kind == "select" && value.parse::<Id>().is_ok();
        if is_thing && !choices.iter().any(|choice| choice.value == value) {
            choices.push(Choice::new(value.clone(), self.frame.say("choose-as-now")));
        }
        let by_contract =
            self.frame.required.and_then(|all| all.get(self.act)).is_some_and(|names| names.contains(name));
        // A box is ticked or not, and a list without an empty line is always chosen from.
        let required = match kind {
            "flag" | "checks" => false,
            "select" => by_contract && choices.first().is_none_or(|first| first.value.is_empty()),
            _ => by_contract || more.required,
        };
        self.marked.set(self.marked.get() || required);
        html(&Field {
            p: self.frame,
            kind,
            id: self.id(name),
            name,
            label: label.into(),
            hint: hint.into(),
            value,
            chosen,
            saved,
            faults: faults.unwrap_or_default(),
            choices,
            required,
        })
    }

    /// The id of a field on the page.
    pub fn id(&self, name: &str) -> String {
        field_id(&self.name, name)
    }

    /// One line of text: `kind` is `text`, `date`, `number` (a whole one), `amount`, `email` or `password`.
    pub fn line(
        &self,
        kind: &'static str,
        name: &str,
        label: impl Into<String>,
        hint: impl Into<String>,
        current: impl Shown,
    ) -> Html {
        self.field(kind, name, label, hint, current.shown(), More::default())
    }

    /// One line of text that must be written.
    pub fn must(
        &self,
        kind: &'static str,
        name: &str,
        label: impl Into<String>,
        hint: impl Into<String>,
        current: impl Shown,
    ) -> Html {
        self.field(kind, name, label, hint, current.shown(), More { required: true, ..More::default() })
    }

    /// Several lines of text.
    pub fn area(&self, name: &str, label: impl Into<String>, hint: impl Into<String>, current: impl Shown) -> Html {
        self.field("area", name, label, hint, current.shown(), More::default())
    }

    /// One of several, in a list; an empty first line is nothing.
    pub fn select(
        &self,
        name: &str,
        label: impl Into<String>,
        hint: impl Into<String>,
        choices: &Vec<Choice>,
        current: impl Shown,
    ) -> Html {
        self.field("select", name, label, hint, current.shown(), More { choices, required: false })
    }

    /// One of several, all in sight.
    pub fn radios(
        &self,
        name: &str,
        label: impl Into<String>,
        hint: impl Into<String>,
        choices: &Vec<Choice>,
        current: impl Shown,
    ) -> Html {
        self.field("radios", name, label, hint, current.shown(), More { choices, required: false })
    }

    /// Any number of several. `current` has a line for each.
    pub fn checks(
        &self,
        name: &str,
        label: impl Into<String>,
        hint: impl Into<String>,
        choices: &Vec<Choice>,
        current: impl Shown,
    ) -> Html {
        self.field("checks", name, label, hint, current.shown(), More { choices, required: false })
    }

    /// Yes or no.
    pub fn flag(&self, name: &str, label: impl Into<String>, hint: impl Into<String>, current: impl Shown) -> Html {
        self.field("flag", name, label, hint, current.shown(), More::default())
    }

    /// The marking of secrecy that stands at `at` in the operation's form.
    pub fn secrecy(&self, at: &str, marked: &Option<Secrecy>) -> Html {
        let written = |marked: &Secrecy| (marked.provision.clone(), Some(marked.date), marked.authority.clone());
        let (provision, date, authority) = marked.as_ref().map(written).unwrap_or_default();
        html(&Marking { p: self.frame, form: self, at, marked: marked.is_some(), provision, date, authority })
    }

    /// What sends it, and its end.
    pub fn send(&self, label: impl AsRef<str>) -> Html {
        self.sending(label.as_ref(), false)
    }

    /// The same, for what is not to be done by mistake, or beside something greater.
    pub fn send_quietly(&self, label: impl AsRef<str>) -> Html {
        self.sending(label.as_ref(), true)
    }

    fn sending(&self, label: &str, quiet: bool) -> Html {
        #[derive(Template)]
        #[template(path = "parts/form_end.html")]
        struct Ending<'l> {
            p: &'l Frame,
            label: &'l str,
            quiet: bool,
            marked: bool,
        }
        html(&Ending { p: self.frame, label, quiet, marked: self.marked.get() })
    }
}

#[derive(Default)]
struct More<'f> {
    choices: &'f [Choice],
    required: bool,
}

pub(super) fn field_id(form: &str, name: &str) -> String {
    format!("{form}-{}", name.replace('/', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        // A step of a scale has its place, however empty it was left.
        let steps = typed(&["definition/likelihoods/1/label", "definition/likelihoods/2/label"]);
        assert_eq!(as_typed(&policy, "definition/likelihoods/0/label", &steps), "definition/likelihoods/0/label");
    }
}
