//! What was sent with a request, judged when its turn comes: after it is known whether the caller may.
//!
//! A form's rules are its schema's, the one that `openapi.yaml` prints, so the contract cannot promise what the code
//! does not hold. All faults are found at once. It must not know HTTP libraries.

use std::any::TypeId;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, RwLock};

use bytes::Bytes;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, Validator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::text;
use crate::error::{Error, Result, Violation};
use crate::storage::history::{canonical, sha256_hex};
use crate::storage::{Id, Reading, Stored};

/// The request's content, as far as it could be read.
#[derive(Debug, Clone, Default)]
pub enum Content {
    #[default]
    Absent,
    Json(Value),
    /// A file, as it is.
    Bytes(Bytes),
    /// Bytes that are not JSON.
    Malformed(String),
    /// A form in which a field stands twice: where (RFC 6901).
    Repeated(String),
    /// Content of a type that is not taken here.
    WrongType(&'static str),
    TooLarge(usize),
}

impl Content {
    /// A form as it would have been sent.
    pub fn of<F: Form + Serialize>(form: &F) -> Result<Self> {
        serde_json::to_value(form).map(Self::Json).map_err(Error::internal)
    }
}

/// The form of an operation that takes no fields.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Which condition a change must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Condition {
    #[default]
    None,
    /// `If-Match` with the ETag of what is changed.
    IfMatch,
    /// `If-Match`, or `If-None-Match: *` for what is not there yet.
    IfMatchOrNew,
}

/// That the same request was answered before: one with the same key, of the same caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// With the same content.
    Same,
    /// With other content.
    Other,
}

/// The code of the refusal to do what is done already. Whoever asked is given the answer that was kept instead.
pub const ANSWERED_BEFORE: &str = "answeredBefore";

/// Everything of a request but who asks and what for. A verb without a form takes it as it is.
#[derive(Debug, Clone, Default)]
pub struct Envelope {
    pub content: Content,
    pub condition: Condition,
    /// The tags of `If-Match`, as sent; `*` alone matches anything that is there.
    pub if_match: Option<Vec<String>>,
    /// `If-None-Match: *`.
    pub only_new: bool,
    /// What is offered, when the caller accepts none of it.
    pub not_acceptable: Option<String>,
    pub answered: Option<Answered>,
}

impl Envelope {
    /// What comes right after the caller's rights: what was answered before is not done again, and then 406, 413, 415, 428.
    pub fn gate(&self) -> Result<()> {
        match self.answered {
            Some(Answered::Same) => {
                return Err(Error::conflict(
                    ANSWERED_BEFORE,
                    "Begäran är redan besvarad.",
                    "The request has been answered already.",
                ));
            }
            Some(Answered::Other) => {
                return Err(Error::invalid(Violation::new(
                    "Idempotency-Key",
                    "reusedKey",
                    "Nyckeln har redan använts för en begäran med annat innehåll.",
                    "The key has been used already for a request with other content.",
                )));
            }
            None => {}
        }
        if let Some(offered) = &self.not_acceptable {
            return Err(Error::NotAcceptable(offered.clone()));
        }
        match &self.content {
            Content::TooLarge(most) => return Err(Error::TooLarge(*most)),
            Content::WrongType(wanted) => return Err(Error::UnsupportedMediaType((*wanted).into())),
            _ => {}
        }
        match self.condition {
            Condition::IfMatch if self.if_match.is_none() => Err(Error::PreconditionRequired("If-Match")),
            Condition::IfMatchOrNew if self.if_match.is_none() && !self.only_new => {
                Err(Error::PreconditionRequired("If-Match (If-None-Match: *)"))
            }
            _ => Ok(()),
        }
    }

    /// 412 unless the caller's tag is that of `current`.
    pub fn expect_current(&self, current: &impl Serialize) -> Result<()> {
        let Some(tags) = &self.if_match else {
            // Only-if-new, and it is there; or no condition was asked for.
            return if self.only_new { Err(Error::PreconditionFailed) } else { Ok(()) };
        };
        let tag = etag(current)?;
        if tags.iter().any(|t| t == "*" || *t == tag) { Ok(()) } else { Err(Error::PreconditionFailed) }
    }

    /// 412 when the caller expected something to be there already.
    pub fn expect_new(&self) -> Result<()> {
        if self.if_match.is_some() { Err(Error::PreconditionFailed) } else { Ok(()) }
    }

    /// The id that the form has in this field, read as the form itself will be, before the form is judged.
    pub fn sent_id(&self, field: &str) -> Option<Id> {
        match &self.content {
            Content::Json(form) => form.get(field)?.as_str()?.trim().parse().ok(),
            _ => None,
        }
    }

    /// The thing that the form names in this field, where it is there, before the form is judged.
    pub fn named<T: Stored>(&self, r: &mut Reading, field: &str) -> Result<Option<T>> {
        self.sent_id(field).map(|id| r.find(id)).transpose().map(Option::flatten)
    }
}

/// What can be sent: read by its type, judged by its schema.
pub trait Form: DeserializeOwned + ToSchema + 'static {}

impl<F: DeserializeOwned + ToSchema + 'static> Form for F {}

/// What was sent to a verb that takes the form `F`: the envelope, and a content that nobody has judged yet.
pub struct Sent<F> {
    envelope: Envelope,
    form: PhantomData<fn() -> F>,
}

impl<F> From<Envelope> for Sent<F> {
    fn from(envelope: Envelope) -> Self {
        Self { envelope, form: PhantomData }
    }
}

impl<F> std::ops::Deref for Sent<F> {
    type Target = Envelope;
    fn deref(&self) -> &Envelope {
        &self.envelope
    }
}

impl<F: Form> Sent<F> {
    /// The form that was sent. [`Error::Invalid`] with every fault. Stands after `Caller::authorize`, so that nobody
    /// learns of faults in what they may not do.
    pub fn judge(&self) -> Result<F> {
        match &self.content {
            Content::Json(value) => read_form(value.clone()),
            // What was not sent is an empty form: some operations need no fields.
            _ => read_form(json!({})),
        }
    }

    /// What `current` becomes when the sent JSON Merge Patch (RFC 7396) is applied to it; judged as by [`Sent::judge`].
    pub fn merged(&self, current: &F) -> Result<F>
    where
        F: Serialize,
    {
        let mut value = serde_json::to_value(current).map_err(Error::internal)?;
        let patch = match &self.content {
            Content::Json(patch) => patch.clone(),
            _ => json!({}),
        };
        if !patch.is_object() {
            return read_form(patch);
        }
        // Taking away leaves no trace in what is merged, so a field that is not there is looked for before.
        let mut faults = Vec::new();
        unknown_nulls(&value, &patch, "", &mut faults);
        let before = value.clone();
        merge(&mut value, patch);
        match read(value, Some(&before)) {
            Ok(form) if faults.is_empty() => Ok(form),
            Ok(_) => Err(Error::Invalid(faults)),
            Err(Error::Invalid(mut all)) => {
                all.append(&mut faults);
                all.sort_by(|a, b| (&a.pointer, a.code).cmp(&(&b.pointer, b.code)));
                Err(Error::Invalid(all))
            }
            Err(other) => Err(other),
        }
    }
}

/// The fields that a merge patch would take away and that the form does not have: a form tells all of its own.
fn unknown_nulls(target: &Value, patch: &Value, pointer: &str, faults: &mut Vec<Violation>) {
    let (Value::Object(target), Value::Object(patch)) = (target, patch) else { return };
    for (key, value) in patch {
        let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        match target.get(key) {
            None if value.is_null() => faults.push(unknown_field(at)),
            None => {}
            Some(below) => unknown_nulls(below, value, &at, faults),
        }
    }
}

/// A type of JSON as people say it.
fn in_words(kind: JsonType) -> (&'static str, &'static str) {
    match kind {
        JsonType::Array => ("en lista", "a list"),
        JsonType::Boolean => ("ja eller nej (true eller false)", "yes or no (true or false)"),
        JsonType::Integer => ("ett heltal", "an integer"),
        JsonType::Null => ("tomt (null)", "empty (null)"),
        JsonType::Number => ("ett tal", "a number"),
        JsonType::Object => ("en post med namngivna uppgifter", "an object"),
        JsonType::String => ("en text", "a text"),
    }
}

fn unknown_field(at: String) -> Violation {
    Violation::new(
        at,
        "unknownField",
        "Fältet finns inte här, eller kan inte skrivas.",
        "There is no such field here, or it cannot be written.",
    )
}

/// JSON Merge Patch, RFC 7396.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(target) = target {
        for (key, value) in patch {
            if value.is_null() {
                target.remove(&key);
            } else {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
    }
}

/// The strong ETag of a representation: of its canonical bytes, so that the same content has the same tag.
pub fn etag(representation: &impl Serialize) -> Result<String> {
    Ok(format!("\"{}\"", &sha256_hex(&canonical(representation)?)[..32]))
}

/// Reads a form: tidies its texts, holds it against its schema, and only then makes it a value of ours.
pub fn read_form<T: Form>(value: Value) -> Result<T> {
    read(value, None)
}

/// Reads a form; with what stood there `before`, when only a part of it was sent.
fn read<T: Form>(mut value: Value, before: Option<&Value>) -> Result<T> {
    let mut faults = Vec::new();
    tidy(&mut value, "", &mut faults);
    let rules = rules::<T>();
    for error in rules.iter_errors(&value) {
        explain(&error, before, &mut faults);
    }
    if !faults.is_empty() {
        faults.sort_by(|a, b| (&a.pointer, a.code).cmp(&(&b.pointer, b.code)));
        faults.dedup();
        return Err(Error::Invalid(faults));
    }
    serde_json::from_value(value).map_err(|e| {
        // The schema let it through and the type did not: still the client's to mend, and ours to look at.
        tracing::warn!(form = %T::name(), cause = %e, "the schema of a form is wider than its type");
        Error::invalid(Violation::new(
            "",
            "invalidValue",
            "Uppgifterna kan inte läsas.",
            format!("The content cannot be read: {e}."),
        ))
    })
}

/// White space around texts goes (never of a password), whole numbers written `2.0` become `2`, and characters that
/// no text may hold are faults.
fn tidy(value: &mut Value, pointer: &str, faults: &mut Vec<Violation>) {
    match value {
        Value::String(text) => {
            let secret = pointer.ends_with("assword");
            if !secret {
                let trimmed = text.trim();
                if trimmed.len() != text.len() {
                    *text = trimmed.to_owned();
                }
                if text.contains('\r') {
                    *text = text.replace("\r\n", "\n").replace('\r', "\n");
                }
            }
            if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
                faults.push(Violation::new(
                    pointer,
                    "controlCharacter",
                    "Texten innehåller ett styrtecken som inte kan tas emot.",
                    "The text holds a control character that cannot be taken.",
                ));
            }
        }
        Value::Number(n) => {
            if let Some(f) = n.as_f64()
                && !n.is_i64()
                && !n.is_u64()
                && f.fract() == 0.0
                && f.abs() < 9.0e15
            {
                *value = Value::from(f as i64);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter_mut().enumerate() {
                tidy(item, &format!("{pointer}/{i}"), faults);
            }
        }
        Value::Object(map) => {
            for (key, item) in map.iter_mut() {
                let key = key.replace('~', "~0").replace('/', "~1");
                tidy(item, &format!("{pointer}/{key}"), faults);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// What a text of a format should be.
fn of_format(format: &str) -> (String, String) {
    let (sv, en) = match format {
        "date" => ("Ska vara ett datum, skrivet ÅÅÅÅ-MM-DD.", "Must be a date, written YYYY-MM-DD."),
        "date-time" => (
            "Ska vara en tidpunkt, skriven som 2024-05-02T10:15:00Z.",
            "Must be a time, written like 2024-05-02T10:15:00Z.",
        ),
        "uuid" => ("Ska vara ett id (UUID).", "Must be an id (a UUID)."),
        "email" => ("Ska vara en e-postadress.", "Must be an e-mail address."),
        "uri" => ("Ska vara en webbadress.", "Must be a web address."),
        other => return (format!("Har inte formatet {other}."), format!("Does not have the format {other}.")),
    };
    (sv.into(), en.into())
}

/// What a text that a pattern is for should be; every pattern of our forms has its words.
pub fn of_pattern(pattern: &str) -> Option<(&'static str, &'static str)> {
    Some(match pattern {
        r"^-?[0-9]{1,7}(\.[0-9])?$" => (
            "Ska vara ett tal med högst sju siffror och en decimal.",
            "Must be a number of at most seven digits and one decimal.",
        ),
        "^[a-z][A-Za-z]*$" => (
            "Ska bestå av bokstäverna a–z och börja med en liten.",
            "Must consist of the letters a–z and begin with a small one.",
        ),
        r"^[^\n\t]*$" => ("Ska stå på en enda rad.", "Must stand on a single line."),
        "^[A-Z]{1,3}$" => {
            ("Ska vara en kolumns bokstäver, som A eller AB.", "Must be the letters of a column, such as A or AB.")
        }
        "[^§ ]" => ("Ska vara paragrafens nummer.", "Must be the number of the paragraph."),
        "^https?://" => {
            ("Ska vara en webbadress som börjar med https://.", "Must be a web address that begins with https://.")
        }
        "^(lightGreen|green|yellow|orange|red|#[0-9A-Fa-f]{6})$" => (
            "Ska vara en av färgerna lightGreen, green, yellow, orange och red, eller # och sex tecken.",
            "Must be one of the colours lightGreen, green, yellow, orange and red, or # and six characters.",
        ),
        _ => return None,
    })
}

/// The compiled schema of a form, made once.
fn rules<T: ToSchema + 'static>() -> Arc<Validator> {
    static MADE: LazyLock<RwLock<HashMap<TypeId, Arc<Validator>>>> = LazyLock::new(Default::default);
    let key = TypeId::of::<T>();
    if let Some(found) = MADE.read().unwrap_or_else(|e| e.into_inner()).get(&key) {
        return found.clone();
    }
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    let parts: Map<String, Value> =
        parts.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default())).collect();
    let mut schema = serde_json::to_value(<T as PartialSchema>::schema()).unwrap_or_default();
    if let Value::Object(map) = &mut schema {
        map.insert("components".into(), json!({ "schemas": parts }));
    }
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_format(text::NAME, text::is_name)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|e| panic!("the schema of {} cannot be compiled: {e}", T::name()));
    let validator = Arc::new(validator);
    MADE.write().unwrap_or_else(|e| e.into_inner()).insert(key, validator.clone());
    validator
}

/// How many words of a closed list are told to who wrote another.
const MOST_WORDS: usize = 40;

/// Whether a word was in its list before, wherever there.
fn stood_in_list(before: &Value, at: &str, word: &Value) -> bool {
    let list = at.rsplit_once('/').and_then(|(list, _)| before.pointer(list)?.as_array());
    list.is_some_and(|list| list.contains(word))
}

/// One fault, or several, of a schema error, in both languages. Answers whether there is nothing more to say of it.
///
/// A name that stood there before names had to be one line is no fault of who changes something else; nor is a word of a list
/// from before the words of that list were closed.
fn explain(error: &jsonschema::ValidationError, before: Option<&Value>, faults: &mut Vec<Violation>) -> bool {
    use ValidationErrorKind as K;
    let at = error.instance_path().to_string();
    let (code, sv, en): (&str, String, String) = match error.kind() {
        K::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            faults.push(Violation::missing(format!("{at}/{name}")));
            return true;
        }
        K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let name = name.replace('~', "~0").replace('/', "~1");
                faults.push(unknown_field(format!("{at}/{name}")));
            }
            return true;
        }
        K::Type { kind } => {
            let wanted: Vec<(&str, &str)> = match kind {
                TypeKind::Single(one) => vec![in_words(*one)],
                TypeKind::Multiple(all) => all.iter().map(in_words).collect(),
            };
            let (sv, en): (Vec<_>, Vec<_>) = wanted.into_iter().unzip();
            ("wrongType", format!("Ska vara {}.", sv.join(" eller ")), format!("Must be {}.", en.join(" or ")))
        }
        K::MinLength { limit } if *limit == 1 => ("tooShort", "Får inte vara tom.".into(), "Must not be empty.".into()),
        K::MinLength { limit } => {
            ("tooShort", format!("Ska ha minst {limit} tecken."), format!("Must have at least {limit} characters."))
        }
        K::MaxLength { limit } => {
            ("tooLong", format!("Får ha högst {limit} tecken."), format!("May have at most {limit} characters."))
        }
        K::Minimum { limit } => {
            ("outOfRange", format!("Ska vara minst {limit}."), format!("Must be at least {limit}."))
        }
        K::Maximum { limit } => ("outOfRange", format!("Får vara högst {limit}."), format!("Must be at most {limit}.")),
        K::MinItems { limit } => {
            ("tooFew", format!("Ska ha minst {limit}."), format!("Must have at least {limit} items."))
        }
        K::MaxItems { limit } => {
            ("tooMany", format!("Får ha högst {limit}."), format!("May have at most {limit} items."))
        }
        K::UniqueItems => ("duplicate", "Samma värde står två gånger.".into(), "The same value stands twice.".into()),
        K::Enum { options } => {
            if before.is_some_and(|before| stood_in_list(before, &at, error.instance())) {
                return true;
            }
            let words: Vec<&str> =
                options.as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
            let words =
                if words.len() > MOST_WORDS { words[..MOST_WORDS].join(", ") + " …" } else { words.join(", ") };
            ("unknownWord", format!("Ska vara något av: {words}."), format!("Must be one of: {words}."))
        }
        K::Format { format } if format == text::NAME => {
            if before.and_then(|before| before.pointer(&at)) == Some(&**error.instance()) {
                return true;
            }
            (
                "wrongFormat",
                "Ska vara en rad med synlig text, utan radbrytning och tabb.".into(),
                "Must be one line of visible text, without line breaks and tabs.".into(),
            )
        }
        K::Format { format } => {
            let (sv, en) = of_format(format);
            ("wrongFormat", sv, en)
        }
        K::Pattern { pattern } => {
            let (sv, en) = of_pattern(pattern).unwrap_or(("Har fel form.", "Has the wrong form."));
            ("wrongFormat", sv.into(), en.into())
        }
        K::AnyOf { context } | K::OneOfNotValid { context } => {
            // An optional thing is "null or the thing": tell what is wrong with the thing.
            let inner = context.iter().filter(|alternative| {
                !alternative
                    .iter()
                    .any(|e| matches!(e.kind(), K::Type { kind: TypeKind::Single(t) } if t.to_string() == "null"))
            });
            let mut said = false;
            for e in inner.flatten() {
                said |= explain(e, before, faults);
            }
            if said {
                return true;
            }
            ("invalidValue", "Värdet godtas inte.".into(), "The value is not accepted.".into())
        }
        _ => ("invalidValue", "Värdet godtas inte.".into(), "The value is not accepted.".into()),
    };
    faults.push(Violation { pointer: at, code, said: crate::error::Bilingual::new(sv, en) });
    true
}
