//! What can go wrong, and one table that says how each kind is told: status, title, type.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::checks::Missing;
use crate::domain::words::Language;

/// A sentence in the two languages of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bilingual {
    pub sv: String,
    pub en: String,
}

impl Bilingual {
    pub fn new(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { sv: sv.into(), en: en.into() }
    }
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Sv => &self.sv,
            Language::En => &self.en,
        }
    }
}

/// One fault in what a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where: a JSON pointer into the body (`/likelihood`), or the name of a parameter (`?limit`) or header.
    pub pointer: String,
    /// A stable word for machines.
    pub code: &'static str,
    pub said: Bilingual,
}

/// The code of the refusal to change, among many, what another has changed meanwhile.
pub const CHANGED_MEANWHILE: &str = "changedMeanwhile";

impl Violation {
    pub fn new(pointer: impl Into<String>, code: &'static str, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, said: Bilingual::new(sv, en) }
    }

    /// What must be there is not.
    pub fn missing(pointer: impl Into<String>) -> Self {
        Self::new(pointer, "required", "Uppgiften saknas.", "This is required.")
    }

    /// Whether nothing more is said than that it is not there.
    pub fn is_missing(&self) -> bool {
        *self == Self::missing(self.pointer.as_str())
    }

    /// An id in the body that is not there, or not the caller's to see: the two look the same.
    pub fn unknown_reference(pointer: impl Into<String>) -> Self {
        Self::new(pointer, "unknownReference", "Det finns inget med detta id.", "There is nothing with this id.")
    }

    /// A cursor that no answer to this question gave.
    pub fn foreign_cursor() -> Self {
        Self::new(
            "?after",
            "wrongFormat",
            "Markören är inte ur ett svar på samma fråga.",
            "The cursor is not from an answer to this question.",
        )
    }

    /// An organisation that an indicator is not of.
    pub fn not_concerned(pointer: impl Into<String>) -> Self {
        Self::new(
            pointer,
            "notConcerned",
            "Indikatorn gäller inte för organisationen.",
            "The indicator does not concern the organisation.",
        )
    }

    /// One of many things that is not what it was when it was read.
    pub fn changed_meanwhile(pointer: impl Into<String>) -> Self {
        Self::new(
            pointer,
            CHANGED_MEANWHILE,
            "Det här har ändrats sedan det lästes. Läs det igen, och skicka det på nytt om det fortfarande ska ändras.",
            "This has changed since it was read. Read it again, and send it anew if it is still to be changed.",
        )
    }
}

/// Everything that can stop a request. Checked in the order of the variants.
#[derive(Debug)]
pub enum Error {
    /// Nobody known is asking.
    Unauthenticated(Bilingual),
    /// Syntax: a body that is not JSON, an unknown or malformed parameter.
    BadRequest(Vec<Violation>),
    /// Not there, or not the caller's to see.
    NotFound,
    /// Seen, but not the caller's to do.
    Forbidden(Bilingual),
    MethodNotAllowed(String),
    NotAcceptable(String),
    TooLarge(usize),
    UnsupportedMediaType(String),
    PreconditionRequired(&'static str),
    PreconditionFailed,
    /// Understood, but invalid: every fault of the body.
    Invalid(Vec<Violation>),
    /// The rules of the register refuse it.
    Conflict {
        code: &'static str,
        said: Bilingual,
    },
    /// What was asked for was there, and is no more.
    Gone(Bilingual),
    /// The plan lacks something: all of it.
    Missing(Vec<Missing>),
    TooManyRequests {
        retry_after: u64,
    },
    Unavailable {
        retry_after: u64,
    },
    /// There is no room for what is written, or the disk cannot be written.
    Full,
    /// The clock of the machine is further ahead than it is believed: what it would put into the history is refused.
    ClockAhead,
    /// What the register asks for this is away: its cause for the log, and what people are told.
    Away {
        cause: String,
        said: Bilingual,
    },
    /// Our own fault. The text goes to the log, never to the client.
    Internal(String),
    /// Another transaction was faster: what was read no longer holds. The write door begins anew; if that does not
    /// help, it is our own fault, and told as such.
    Outrun(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
    pub fn conflict(code: &'static str, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict { code, said: Bilingual::new(sv, en) }
    }
    pub fn gone(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Gone(Bilingual::new(sv, en))
    }
    pub fn away(cause: impl Into<String>, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Away { cause: cause.into(), said: Bilingual::new(sv, en) }
    }
    pub fn invalid(fault: Violation) -> Self {
        Self::Invalid(vec![fault])
    }
}

impl From<crate::domain::life::Refusal> for Error {
    fn from(r: crate::domain::life::Refusal) -> Self {
        Self::conflict(r.code, r.sv, r.en)
    }
}

/// RFC 9457 problem details.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable URI a kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:riskregister:problem:not-found")]
    pub kind: String,
    #[schema(example = "Finns inte")]
    pub title: String,
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    #[schema(example = "Det som efterfrågas finns inte, eller är inte ditt att se.")]
    pub detail: String,
    /// The request that met the problem.
    #[schema(example = "urn:uuid:0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40")]
    pub instance: String,
    /// A stable word for the rule that refused, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Every fault of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<ProblemFault>>,
    /// Everything that a plan lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<MissingItem>>,
}

/// The words with which OAuth refuses (RFC 6749, 5.2), as far as they are used here.
pub const OAUTH_CODES: [&str; 4] = ["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"];

/// A refusal as RFC 6749, 5.2 has it. It stands in place of problem details at `/oauth/token` alone, where clients of
/// OAuth expect it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthError {
    #[schema(
        example = "invalid_client",
        pattern = "^(invalid_request|invalid_client|unsupported_grant_type|invalid_scope)$"
    )]
    pub error: String,
    /// In English, as RFC 6749 leaves room for ASCII alone.
    #[schema(example = "Unknown client, or wrong secret.")]
    pub error_description: String,
}

/// One fault of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemFault {
    #[schema(example = "/likelihood")]
    pub pointer: String,
    #[schema(example = "outOfRange")]
    pub code: String,
    #[schema(example = "Ska vara minst 1.")]
    pub detail: String,
}

/// One thing that a plan lacks before it can be proposed or adopted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MissingItem {
    #[schema(example = "ownerMissing")]
    pub code: String,
    #[schema(example = "risk")]
    pub entity: String,
    pub id: Option<uuid::Uuid>,
    /// The risk's number, where it has one.
    pub number: Option<i32>,
    #[schema(example = "ownerId")]
    pub field: Option<String>,
    #[schema(example = "Risk 5 saknar riskägare.")]
    pub detail: String,
}

impl MissingItem {
    pub fn of(m: &Missing, language: Language) -> Self {
        Self {
            code: m.code.into(),
            entity: m.entity.into(),
            id: m.id,
            number: m.number,
            field: m.field.map(Into::into),
            detail: match language {
                Language::Sv => m.sv.clone(),
                Language::En => m.en.clone(),
            },
        }
    }
}

impl Error {
    /// Status, the last part of the type URI, title and detail: the one table.
    fn problem_text(&self) -> (u16, &'static str, Bilingual, Bilingual) {
        fn s(sv: impl Into<String>, en: impl Into<String>) -> Bilingual {
            Bilingual::new(sv, en)
        }
        match self {
            Self::Unauthenticated(why) => (401, "unauthenticated", s("Inte inloggad", "Not signed in"), why.clone()),
            Self::BadRequest(_) => (
                400,
                "bad-request",
                s("Begäran kan inte läsas", "The request cannot be read"),
                s(
                    "Begäran kan inte läsas. Varje fel står i errors.",
                    "The request cannot be read. Each fault is in errors.",
                ),
            ),
            Self::NotFound => (
                404,
                "not-found",
                s("Finns inte", "Not found"),
                s(
                    "Det som efterfrågas finns inte, eller är inte ditt att se.",
                    "What was asked for is not there, or not yours to see.",
                ),
            ),
            Self::Forbidden(why) => (403, "forbidden", s("Inte tillåtet", "Not allowed"), why.clone()),
            Self::MethodNotAllowed(allowed) => (
                405,
                "method-not-allowed",
                s("Metoden används inte här", "Method not allowed"),
                s(format!("Här går det att använda {allowed}."), format!("Allowed here: {allowed}.")),
            ),
            Self::NotAcceptable(offered) => (
                406,
                "not-acceptable",
                s("Formatet finns inte", "Not acceptable"),
                s(format!("Svaret finns som {offered}."), format!("The answer is offered as {offered}.")),
            ),
            Self::TooLarge(most) => (
                413,
                "too-large",
                s("För stort", "Too large"),
                s(format!("Begäran får vara högst {most} byte."), format!("A request may have {most} bytes at most.")),
            ),
            Self::UnsupportedMediaType(wanted) => (
                415,
                "unsupported-media-type",
                s("Formatet tas inte emot", "Unsupported media type"),
                s(
                    format!("Begäran ska ha Content-Type {wanted}."),
                    format!("The request must have Content-Type {wanted}."),
                ),
            ),
            Self::PreconditionRequired(header) => (
                428,
                "precondition-required",
                s("Villkor saknas", "Precondition required"),
                s(
                    format!("Skicka {header} med den ETag som läsningen gav, så att ingen annans ändring skrivs över."),
                    format!(
                        "Send {header} with the ETag that reading gave, so that nobody else's change is overwritten."
                    ),
                ),
            ),
            Self::PreconditionFailed => (
                412,
                "precondition-failed",
                s("Ändrad av någon annan", "Changed by someone else"),
                s(
                    "Någon har ändrat sedan du läste. Läs igen och gör din ändring på nytt; ingenting har skrivits över.",
                    "Someone has changed it since you read it. Read again and make your change anew; nothing was overwritten.",
                ),
            ),
            Self::Invalid(_) => (
                422,
                "invalid",
                s("Uppgifterna godtas inte", "Invalid content"),
                s(
                    "Uppgifterna godtas inte. Varje fel står i errors.",
                    "The content is invalid. Each fault is in errors.",
                ),
            ),
            Self::Conflict { said, .. } => (
                409,
                "conflict",
                s("Registrets regler tillåter inte detta", "The rules of the register refuse it"),
                said.clone(),
            ),
            Self::Gone(said) => (410, "gone", s("Finns inte längre", "Gone"), said.clone()),
            Self::Missing(missing) => (
                409,
                "incomplete",
                s("Något saknas", "Something is missing"),
                s(
                    format!("{} saknas innan det kan göras.", count_sv(missing.len())),
                    format!("{} missing before it can be done.", count_en(missing.len())),
                ),
            ),
            Self::TooManyRequests { retry_after } => {
                let (sv, en) = waiting(*retry_after);
                (
                    429,
                    "too-many-requests",
                    s("För många försök", "Too many attempts"),
                    s(format!("För många försök. Vänta {sv}."), format!("Too many attempts. Wait {en}.")),
                )
            }
            Self::Unavailable { .. } | Self::Outrun(_) | Self::Full => (
                503,
                "unavailable",
                s("Tillfälligt otillgängligt", "Temporarily unavailable"),
                s(
                    "Registret är upptaget just nu. Försök igen om en stund.",
                    "The register is busy just now. Try again in a moment.",
                ),
            ),
            Self::Away { said, .. } => {
                (503, "unavailable", s("Tillfälligt otillgängligt", "Temporarily unavailable"), said.clone())
            }
            Self::ClockAhead => (
                503,
                "unavailable",
                s("Tillfälligt otillgängligt", "Temporarily unavailable"),
                s(
                    "Maskinens klocka går långt före den tid som registret känner till, så inget kan ändras. Den som \
                     driver tjänsten kör `riskregister clock`.",
                    "The clock of the machine is far ahead of what the register knows of, so nothing can be changed. Who \
                     runs the service runs `riskregister clock`.",
                ),
            ),
            Self::Internal(_) => (
                500,
                "internal",
                s("Fel i tjänsten", "Violation in the service"),
                s(
                    "Något gick fel i tjänsten. Felet är loggat.",
                    "Something went wrong in the service. The fault is logged.",
                ),
            ),
        }
    }

    pub fn status(&self) -> u16 {
        self.problem_text().0
    }

    /// The database's trouble, or its clock's, and nobody's fault who asked: what was refused for it may be tried again.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Full | Self::ClockAhead | Self::Away { .. } | Self::Outrun(_))
    }

    /// Seconds to wait, for the header `Retry-After`.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests { retry_after } | Self::Unavailable { retry_after } => Some(*retry_after),
            Self::Outrun(_) => Some(1),
            Self::Full | Self::ClockAhead | Self::Away { .. } => Some(60),
            _ => None,
        }
    }

    /// The error as OAuth tells it, with its status. None for what OAuth has no word for.
    pub fn oauth(&self) -> Option<(u16, OAuthError)> {
        let (status, error, said) = match self {
            Self::Unauthenticated(said) => (401, "invalid_client", said.en.clone()),
            Self::BadRequest(faults) | Self::Invalid(faults) => {
                let known = |fault: &Violation| OAUTH_CODES.into_iter().find(|code| *code == fault.code);
                let error = faults.iter().find_map(known).unwrap_or("invalid_request");
                let all: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.pointer, f.said.en)).collect();
                (400, error, all.join(" "))
            }
            _ => return None,
        };
        // Printable ASCII but for the two signs that would have to be escaped.
        let plain = |c: char| if matches!(c, ' '..='~') && !matches!(c, '"' | '\\') { c } else { '?' };
        let error_description = said.chars().map(plain).collect();
        Some((status, OAuthError { error: error.into(), error_description }))
    }

    /// The error as problem details. `instance` names the request.
    pub fn problem(&self, language: Language, instance: &str) -> Problem {
        let (status, kind, title, detail) = self.problem_text();
        let errors = match self {
            Self::BadRequest(faults) | Self::Invalid(faults) => Some(
                faults
                    .iter()
                    .map(|f| ProblemFault {
                        pointer: f.pointer.clone(),
                        code: f.code.into(),
                        detail: f.said.in_language(language).into(),
                    })
                    .collect(),
            ),
            _ => None,
        };
        let missing = match self {
            Self::Missing(all) => Some(all.iter().map(|m| MissingItem::of(m, language)).collect()),
            _ => None,
        };
        Problem {
            kind: format!("urn:riskregister:problem:{kind}"),
            title: title.in_language(language).into(),
            status,
            detail: detail.in_language(language).into(),
            instance: instance.into(),
            code: match self {
                Self::Conflict { code, .. } => Some((*code).into()),
                _ => None,
            },
            errors,
            missing,
        }
    }
}

/// So many seconds, as people say it: not less than it is.
fn waiting(seconds: u64) -> (String, String) {
    match (seconds, seconds.div_ceil(60)) {
        (1, _) => ("en sekund".into(), "a second".into()),
        (..90, _) => (format!("{seconds} sekunder"), format!("{seconds} seconds")),
        (_, minutes) => (format!("{minutes} minuter"), format!("{minutes} minutes")),
    }
}

fn count_sv(n: usize) -> String {
    if n == 1 { "En sak".into() } else { format!("{n} saker") }
}

fn count_en(n: usize) -> String {
    if n == 1 { "One thing is".into() } else { format!("{n} things are") }
}
