//! What a parameter of a path or a query may hold: one rule for the contract, the check, and what is answered to what does not fit.

use serde_json::{Value, json};

/// The longest cursor that is given out.
const CURSOR_LENGTH: usize = 4000;

/// So many values a filter takes.
const MOST_VALUES: usize = 50;

/// The form of a query or path parameter.
#[derive(Debug, Clone)]
pub enum ParameterKind {
    Id,
    Integer {
        least: i64,
        most: i64,
    },
    Flag,
    Date,
    Time,
    Text {
        most: usize,
    },
    /// Where a list or a feed goes on, as an answer before said it.
    Cursor,
    /// What a file is called. What is no such name is told by the verb, with all else that is wrong with the file (422).
    FileName,
    /// One of a closed list of words, and what the contract calls the list.
    Word(&'static str, Vec<&'static str>),
    /// Kinds of events, parted by commas. What is none of them is told by the verb, as what is invalid (422).
    Kinds,
    /// One value of this form or several, parted by commas: what answers to one of them.
    Several(Box<ParameterKind>),
    /// Field names parted by commas, each with `-` before it for descending.
    Sort(Vec<&'static str>),
    /// Field names parted by commas.
    Fields(Vec<String>),
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: &'static str,
    pub about: &'static str,
    pub form: ParameterKind,
    pub in_path: bool,
    pub required: bool,
}

impl ParameterKind {
    /// One of a closed list of words.
    pub fn words<W: crate::domain::words::Word>() -> Self {
        Self::Word(W::LIST, W::ALL.iter().map(|w| w.as_str()).collect())
    }

    pub fn is_kinds(&self) -> bool {
        matches!(self, Self::Kinds)
    }

    /// The form of each value.
    pub fn each(&self) -> &Self {
        if let Self::Several(form) = self { form } else { self }
    }

    /// Which page of a list.
    pub const PAGE: Self = Self::Integer { least: 1, most: 1_000_000 };
    /// How many on a page of a list.
    pub const LIMIT: Self = Self::Integer { least: 1, most: 200 };

    /// Why a value does not fit, in Swedish and English.
    pub(super) fn check(&self, value: &str) -> std::result::Result<(), (String, String)> {
        let said = |sv: String, en: String| Err((sv, en));
        match self {
            Self::Id => {
                if value.parse::<crate::storage::Id>().is_err() {
                    return said("Ska vara ett id (UUID).".into(), "Must be an id (UUID).".into());
                }
            }
            Self::Integer { least, most } => {
                if !value.parse::<i64>().is_ok_and(|n| (*least..=*most).contains(&n)) || value.starts_with('+') {
                    return said(
                        format!("Ska vara ett heltal från {least} till {most}."),
                        format!("Must be a whole number from {least} to {most}."),
                    );
                }
            }
            Self::Flag => {
                if !matches!(value, "true" | "false") {
                    return said("Ska vara true eller false.".into(), "Must be true or false.".into());
                }
            }
            Self::Date => {
                if value.len() != 10 || value.parse::<chrono::NaiveDate>().is_err() {
                    return said("Ska vara ett datum: 2024-05-02.".into(), "Must be a date: 2024-05-02.".into());
                }
            }
            Self::Time => {
                if chrono::DateTime::parse_from_rfc3339(value).is_err() {
                    return said(
                        "Ska vara en tidpunkt: 2024-05-02T08:30:00Z.".into(),
                        "Must be a time: 2024-05-02T08:30:00Z.".into(),
                    );
                }
            }
            Self::Text { most } => {
                if value.is_empty() || value.chars().count() > *most || value.chars().any(char::is_control) {
                    return said(
                        format!("Ska vara 1 till {most} tecken utan styrtecken."),
                        format!("Must be 1 to {most} characters without control characters."),
                    );
                }
            }
            Self::Cursor => {
                let is_ours = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
                if value.is_empty() || value.len() > CURSOR_LENGTH || !value.chars().all(is_ours) {
                    return said(
                        "Ska vara en markör ur ett tidigare svar.".into(),
                        "Must be a cursor from an earlier answer.".into(),
                    );
                }
            }
            Self::Kinds => return Self::Text { most: 2000 }.check(value),
            Self::FileName => {}
            Self::Several(form) => {
                if value.split(',').count() > MOST_VALUES {
                    return said(
                        format!("Högst {MOST_VALUES} värden, med komma mellan."),
                        format!("At most {MOST_VALUES} values, parted by commas."),
                    );
                }
                return value.split(',').try_for_each(|one| form.check(one));
            }
            Self::Word(_, words) => {
                if !words.contains(&value) {
                    return said(
                        format!("Ska vara något av: {}.", words.join(", ")),
                        format!("Must be one of: {}.", words.join(", ")),
                    );
                }
            }
            Self::Fields(fields) => {
                if !value.split(',').all(|name| fields.iter().any(|field| field == name)) {
                    return said(
                        format!("Fälten är: {}.", fields.join(", ")),
                        format!("The fields are: {}.", fields.join(", ")),
                    );
                }
            }
            Self::Sort(fields) => {
                let known = |f: &str| fields.contains(&f.strip_prefix('-').unwrap_or(f));
                let mut names: Vec<&str> = value.split(',').map(|f| f.strip_prefix('-').unwrap_or(f)).collect();
                let count = names.len();
                names.sort_unstable();
                names.dedup();
                if !value.split(',').all(known) || names.len() != count {
                    return said(
                        format!("Går att sortera på: {}; varje fält en gång.", fields.join(", ")),
                        format!("Can be sorted by: {}; each field once.", fields.join(", ")),
                    );
                }
            }
        }
        Ok(())
    }

    /// As a schema of OpenAPI 3.1. A list of words is a shape of its own, by its name.
    pub fn schema(&self) -> Value {
        match self {
            Self::Id => json!({"$ref": "#/components/schemas/Id"}),
            Self::Integer { least, most } => {
                json!({"type": "integer", "format": "int64", "minimum": least, "maximum": most})
            }
            Self::Flag => json!({"type": "boolean"}),
            Self::Date => json!({"type": "string", "format": "date"}),
            Self::Time => json!({"type": "string", "format": "date-time"}),
            Self::Text { most } => json!({"type": "string", "minLength": 1, "maxLength": most}),
            Self::Cursor => {
                json!({"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "minLength": 1, "maxLength": CURSOR_LENGTH})
            }
            Self::Word(list, _) => json!({"$ref": format!("#/components/schemas/{list}")}),
            Self::Fields(fields) => {
                let one = format!("({})", fields.join("|"));
                json!({"type": "string", "pattern": format!("^{one}(,{one})*$"), "maxLength": 2000})
            }
            Self::Several(form) => {
                json!({"type": "array", "items": form.schema(), "minItems": 1, "maxItems": MOST_VALUES})
            }
            Self::FileName => json!({"type": "string", "format": "name", "minLength": 1, "maxLength": 255}),
            Self::Kinds => json!({"type": "array", "items": {"$ref": "#/components/schemas/EventKind"}, "minItems": 1}),
            Self::Sort(fields) => {
                let one = format!("-?({})", fields.join("|"));
                json!({"type": "string", "pattern": format!("^{one}(,{one})*$"), "maxLength": 200})
            }
        }
    }

    /// One that fits.
    pub fn example(&self) -> Value {
        match self {
            Self::Id => json!("0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40"),
            Self::Integer { least, most } => {
                json!(if (*least..=*most).contains(&2024) && *least > 1 { 2024 } else { *least.max(&1) })
            }
            Self::Flag => json!(true),
            Self::Date => json!("2024-05-02"),
            Self::Time => json!("2024-05-02T08:30:00Z"),
            Self::Text { .. } => json!("ekonomi"),
            Self::Cursor => json!("MS4wLjQx"),
            Self::FileName => json!("stickprov-t1.pdf"),
            Self::Kinds => json!(["risk.assessed"]),
            Self::Several(form) => json!([form.example()]),
            Self::Word(_, words) => json!(words.first()),
            Self::Sort(fields) => json!(fields.first()),
            Self::Fields(fields) => json!(fields.first()),
        }
    }
}
