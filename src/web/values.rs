//! How a value is written on a page: words, dates and shapes, what a field holds, and what there is to choose from.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::manner::Manner;
pub use crate::domain::text::capital;
pub(crate) use crate::domain::text::escaped;
use crate::domain::words::{self, Colour, Language};
use crate::storage::{Id, Timestamp};

/// A value as a form shows it.
pub trait Shown {
    fn shown(&self) -> String;
}

macro_rules! shown {
    ($($type:ty),+) => {$(impl Shown for $type { fn shown(&self) -> String { self.to_string() } })+};
}
shown!(str, String, i32, i64, bool, Id, Timestamp, NaiveDate);

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

/// A word of a closed list, however a template holds it.
pub trait Labelled {
    fn labelled(&self, language: Language, manner: &Manner) -> Cow<'static, str>;

    /// Whether the body that is spoken of has its own for it.
    fn is_own(&self, manner: &Manner) -> bool;
}
macro_rules! labelled {
    ($($Word:ident),+) => {$(
        impl Labelled for words::$Word {
            fn labelled(&self, language: Language, manner: &Manner) -> Cow<'static, str> {
                manner.label(*self, language)
            }

            fn is_own(&self, manner: &Manner) -> bool {
                manner.says_own(*self)
            }
        }
        impl Shown for words::$Word {
            fn shown(&self) -> String {
                self.as_str().to_owned()
            }
        }
    )+};
}
labelled!(
    ActionEffect,
    ActionStatus,
    Category,
    Change,
    Colour,
    Comparator,
    ControlStatus,
    DecidedBy,
    DeliveryFault,
    DeliveryOutcome,
    DialogueSide,
    ImportAbout,
    ImportEntity,
    ImportField,
    ImportKind,
    ImportResult,
    ImportScoring,
    ImportStatus,
    InclusionReason,
    Language,
    LevelKey,
    MailFault,
    MailKind,
    MailStatus,
    MandatoryKind,
    OrganisationKind,
    OutcomeJudgement,
    PauseReason,
    Period,
    PeriodStatus,
    PlanStatus,
    RecommendationSource,
    Recurrence,
    ReportStatus,
    Response,
    Role,
    SectionKey,
    ServiceScope,
    Severity,
    Sufficiency,
    TaskKind
);
impl<L: Labelled + ?Sized> Labelled for &L {
    fn labelled(&self, language: Language, manner: &Manner) -> Cow<'static, str> {
        (**self).labelled(language, manner)
    }

    fn is_own(&self, manner: &Manner) -> bool {
        (**self).is_own(manner)
    }
}

/// A day as people write it in a sentence: "2 maj 2024", "2 May 2024".
pub fn long_date(language: Language, date: NaiveDate) -> String {
    match language {
        Language::Sv => riskregister_document::long_date(date),
        Language::En => date.format("%-d\u{a0}%B\u{a0}%Y").to_string(),
    }
}

/// The shape that stands for a colour of the scales (Läsanvisning, Bilaga 1); a ring for what is missing.
pub fn shape_of(colour: Option<Colour>) -> &'static str {
    match colour {
        Some(Colour::Green) => "circle",
        Some(Colour::Yellow) => "triangle",
        Some(Colour::Red) => "square",
        Some(Colour::Dash) => "dash",
        None => "ring",
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
    /// What it stands under, where there are many.
    pub group: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
}

/// What a field is called, and which thing it is of where that is seen already: it is said to who does not see it.
pub struct Label {
    pub text: String,
    pub about: String,
}

impl Label {
    /// As it is read.
    pub fn html(&self) -> Html {
        let about = match self.about.as_str() {
            "" => String::new(),
            about => format!("<span class=\"seen-not\">, {}</span>", escaped(about)),
        };
        Html(format!("{}{about}", escaped(&self.text)))
    }
}

impl<T: Into<String>> From<T> for Label {
    fn from(text: T) -> Self {
        Self { text: text.into(), about: String::new() }
    }
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
