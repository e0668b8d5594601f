//! How the documents say things in Swedish: the words of each scale, numbers, dates, lists, and the colours that go with
//! them. Each word stands here once, whatever the format.

use chrono::{Datelike, NaiveDate};

use crate::model::{Chip, Mark, Shape};
use crate::snapshot::{
    ActionEffect, ActionStatus, Change, Control, ControlStatus, Judgement, LeftFile, Level, OwnWords, PeriodKind,
    PlanSnapshot, Policy, Risk, Secrecy, Sufficiency, Words,
};
use crate::text::{line, one_line};

/// Key, heading and, for the components of COSO, what the component is about (in our own words).
pub(crate) const SECTIONS: [(&str, &str, &str); 9] = [
    (
        "controlEnvironment",
        "Styr- och kontrollmiljö",
        "Grunden för den interna kontrollen: integritet och etiska värderingar, {boards} oberoende övervakning, \
         organisation, rapportvägar och befogenheter, kompetens och ansvar.",
    ),
    (
        "riskAssessment",
        "Riskbedömning",
        "Tydliga mål, och hur risker identifieras och analyseras – även risken för oegentligheter och för det som \
         väsentliga förändringar för med sig.",
    ),
    (
        "controlActivities",
        "Kontrollaktiviteter",
        "Hur kontroller väljs och utformas, de generella it-kontrollerna och hur kontrollerna genomförs via \
         riktlinjer och rutiner.",
    ),
    (
        "informationCommunication",
        "Information och kommunikation",
        "Relevant information av god kvalitet, och hur den förs vidare inom organisationen och utanför den.",
    ),
    (
        "monitoring",
        "Övervakning och uppföljning",
        "Löpande och särskilda utvärderingar, och hur brister värderas och rapporteras.",
    ),
    ("compliance", "Efterlevnad av riktlinjen för intern kontroll", ""),
    ("deficiencies", "Hantering av brister och avvikelser", ""),
    ("auditOpinion", "Revisorernas bedömning", ""),
    ("assurance", "Försäkran", ""),
];

pub(crate) const CATEGORIES: [(&str, &str); 4] = [
    ("strategic", "Strategisk"),
    ("financial", "Ekonomisk"),
    ("operational", "Operativ"),
    ("compliance", "Regelefterlevnad"),
];

pub(crate) const RESPONSES: [(&str, &str); 4] =
    [("accept", "Acceptera"), ("limit", "Begränsa"), ("share", "Dela"), ("eliminate", "Eliminera")];

/// How often a control is done, as a [`Schedule`](crate::snapshot::Schedule) has it.
pub(crate) const RECURRENCES: [(&str, &str); 8] = [
    ("continuous", "löpande"),
    ("weekly", "veckovis"),
    ("monthly", "månadsvis"),
    ("quarterly", "kvartalsvis"),
    ("tertial", "varje tertial"),
    ("semiannual", "halvårsvis"),
    ("annual", "årligen"),
    ("oneOff", "en gång"),
];

/// How often a control is done: as the body words it, or else what the follow-up goes by. None where neither is known.
pub(crate) fn frequency(control: &Control) -> Option<String> {
    if let Some(written) = control.frequency.as_ref().filter(|text| !text.trim().is_empty()) {
        return Some(written.clone());
    }
    let keys = control.schedule.iter().flat_map(|schedule| &schedule.recurrences);
    let words: Vec<String> = keys.filter_map(|key| word(&RECURRENCES, Some(key))).collect();
    (!words.is_empty()).then(|| capital(&words.join(", ")))
}

pub(crate) fn word(of: &[(&str, &str)], key: Option<&str>) -> Option<String> {
    let found = key.and_then(|key| of.iter().find(|(name, _)| *name == key));
    found.map(|(_, word)| (*word).to_owned())
}

/// What those are called of whom a document speaks.
pub(crate) struct Spoken {
    /// "nämnden" or "styrelsen".
    pub board: String,
    /// "nämndens" or "styrelsens".
    pub boards: String,
    /// "nämnd eller styrelse", where the heading of a column names it.
    pub a_board: String,
    /// "regionen" or "kommunen".
    pub region: String,
}

/// As the snapshot says it; one that says nothing of it was sealed before it could, and speaks as documents then did.
pub(crate) fn spoken(snapshot: &PlanSnapshot) -> Spoken {
    if let Some(words) = &snapshot.words {
        return spoken_by(words);
    }
    let board = match snapshot.plan.organisation_kind.as_str() {
        "company" => "styrelsen",
        "federation" => "direktionen",
        _ => "nämnden",
    };
    Spoken {
        board: board.to_owned(),
        boards: format!("{board}s"),
        a_board: "nämnd eller styrelse".to_owned(),
        region: "regionen".to_owned(),
    }
}

pub(crate) fn spoken_by(words: &Words) -> Spoken {
    Spoken {
        board: one_line(&words.board.definite),
        boards: one_line(&words.board.genitive),
        a_board: one_line(&words.board.plain),
        region: one_line(&words.region.definite),
    }
}

/// What the body calls its own things: everyone's words where it has none of its own.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Own<'a>(Option<&'a OwnWords>);

pub(crate) fn own(snapshot: &PlanSnapshot) -> Own<'_> {
    snapshot.words.as_ref().map_or(Own(None), own_in)
}

pub(crate) fn own_in(words: &Words) -> Own<'_> {
    Own(words.own.as_ref())
}

impl Own<'_> {
    fn label(self, code: &str) -> Option<String> {
        line(self.0?.labels.get(code)?)
    }

    /// What plans are called, before their year: as a heading begins with it.
    pub fn plan(self) -> String {
        let own = self.0.and_then(|own| line(own.plan.as_ref()?));
        own.map_or_else(|| "Plan för intern kontroll".to_owned(), |own| capital(&own))
    }

    /// "Texterna står i planen för intern kontroll 2024", or in what the body calls its plan.
    pub fn in_the_plan(self, year: i32) -> String {
        match self.0.and_then(|own| line(own.plan.as_ref()?)) {
            Some(own) => format!("{} {year}", within(&own)),
            None => format!("planen för intern kontroll {year}"),
        }
    }

    /// The title of the report of a period.
    pub fn report(self, kind: PeriodKind, year: i32) -> String {
        let own = self.0.and_then(|own| line(own.report.as_ref()?));
        let title = own.map_or_else(|| "Uppföljning av intern kontroll".to_owned(), |own| capital(&own));
        format!("{title}, {}", self.titled(kind, year))
    }

    /// The period and its year, as they stand behind a title.
    pub fn titled(self, kind: PeriodKind, year: i32) -> String {
        let period = self.label(code(kind)).map(|own| within(&own));
        let period = period.unwrap_or_else(|| match kind {
            PeriodKind::T1 => "T1".to_owned(),
            PeriodKind::Interim => "delår".to_owned(),
            PeriodKind::Annual => "helår".to_owned(),
        });
        format!("{period}\u{a0}{year}")
    }

    /// "T1 2024", "delåret 2024", "helåret 2024".
    pub fn period(self, kind: PeriodKind, year: i32) -> String {
        match (self.label(code(kind)), kind) {
            (Some(own), _) => format!("{}\u{a0}{year}", within(&own)),
            (None, PeriodKind::T1) => format!("T1\u{a0}{year}"),
            (None, PeriodKind::Interim) => format!("delåret\u{a0}{year}"),
            (None, PeriodKind::Annual) => format!("helåret\u{a0}{year}"),
        }
    }

    /// The name of a column or a bar.
    pub fn period_name(self, kind: PeriodKind) -> String {
        match (self.label(code(kind)), kind) {
            (Some(own), _) => capital(&own),
            (None, PeriodKind::T1) => "T1".to_owned(),
            (None, PeriodKind::Interim) => "Delår".to_owned(),
            (None, PeriodKind::Annual) => "År".to_owned(),
        }
    }

    /// A value of one of the three scales.
    pub fn mark<S: Scaled>(self, value: S) -> Mark {
        let usual = value.mark();
        match self.label(value.code()) {
            Some(own) => Mark { word: capital(&own), ..usual },
            None => usual,
        }
    }

    pub fn marks<S: Scaled>(self) -> [Mark; 4] {
        S::ALL.map(|value| self.mark(value))
    }

    /// What the reading guide says of a value. It repeats everyone's word for it, so one of the body's own needs another.
    pub fn meaning<S: Scaled>(self, value: S) -> String {
        let meaning = if self.label(value.code()).is_some() { value.plainly() } else { value.meaning() };
        meaning.to_owned()
    }

    /// A response, or what else is one of a closed list.
    pub fn word(self, of: &[(&str, &str)], key: Option<&str>) -> Option<String> {
        key.and_then(|key| self.label(key)).map(|own| capital(&own)).or_else(|| word(of, key))
    }

    /// The four responses where the body has a word of its own for any of them, as they stand within a sentence.
    pub fn responses(self) -> Option<Vec<String>> {
        let own = RESPONSES.iter().any(|(key, _)| self.label(key).is_some());
        own.then(|| {
            RESPONSES.iter().filter_map(|(key, _)| self.word(&RESPONSES, Some(key))).map(|word| within(&word)).collect()
        })
    }
}

fn code(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::T1 => "t1",
        PeriodKind::Interim => "interim",
        PeriodKind::Annual => "annual",
    }
}

/// The category of a risk: the body's own, or else the one of the four.
pub(crate) fn category(risk: &Risk) -> Option<String> {
    let own = risk.own_category.as_deref().and_then(line).map(|own| capital(&own));
    own.or_else(|| word(&CATEGORIES, risk.category.as_deref()))
}

/// What the axes of a scale are called.
pub(crate) struct Axes {
    pub likelihood: String,
    pub consequence: String,
    /// The body has names of its own for them.
    pub own: bool,
}

pub(crate) fn axes(policy: &Policy) -> Axes {
    let named = |name: &Option<String>, usual: &str| name.as_deref().and_then(line).unwrap_or_else(|| usual.to_owned());
    Axes {
        likelihood: named(&policy.likelihood_name, "Sannolikhet"),
        consequence: named(&policy.consequence_name, "Konsekvens"),
        own: policy.likelihood_name.is_some() || policy.consequence_name.is_some(),
    }
}

impl Axes {
    /// What stands over the columns of the risks' steps, where there is little room: the first letters by which they differ.
    pub fn short(&self) -> (String, String) {
        let cut = |name: &str, letters: usize| name.chars().take(letters).collect::<String>();
        let (down, across) = (capital(&self.likelihood), capital(&self.consequence));
        let differ = (1..3).find(|letters| cut(&down, *letters) != cut(&across, *letters)).unwrap_or(3);
        (cut(&down, differ), cut(&across, differ))
    }
}

/// As a word stands within a sentence: small, unless it is written in capitals.
pub(crate) fn within(word: &str) -> String {
    let mut letters = word.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(_), Some(second)) if second.is_uppercase() => word.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(letters).collect(),
        (None, _) => String::new(),
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

// ---- The three scales (Läsanvisning, Bilaga 1).

/// A value of one of the three scales of four values.
pub(crate) trait Scaled: Copy + PartialEq + 'static {
    const ALL: [Self; 4];
    /// As snapshots write the values.
    const CODES: [&'static str; 4];
    /// In everyone's words; a document asks [`Own::mark`].
    fn mark(self) -> Mark;
    fn code(self) -> &'static str {
        Self::ALL.iter().position(|value| *value == self).map_or("", |at| Self::CODES[at])
    }
    /// What the reading guide says of it.
    fn meaning(self) -> &'static str;
    /// The same without everyone's word for it, where the body has another.
    fn plainly(self) -> &'static str;
}

fn mark(word: &str, shape: Shape) -> Mark {
    Mark { word: word.to_owned(), shape }
}

/// Due, and not reported.
pub(crate) fn missing() -> Mark {
    mark("Rapport saknas", Shape::Ring)
}

impl Scaled for ControlStatus {
    const ALL: [Self; 4] = [Self::NotPlanned, Self::Performed, Self::PerformedWithDeviations, Self::NotPerformed];
    const CODES: [&'static str; 4] = ["notPlanned", "performed", "performedWithDeviations", "notPerformed"];

    fn mark(self) -> Mark {
        match self {
            Self::NotPlanned => mark("Ej planerad", Shape::Dash),
            Self::Performed => mark("Genomförd utan avvikelser", Shape::Circle),
            Self::PerformedWithDeviations => mark("Genomförd med avvikelser", Shape::Triangle),
            Self::NotPerformed => mark("Inte genomförd", Shape::Square),
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::NotPlanned => "Kontrollen är inte planerad i perioden, eller planerad i en kommande period.",
            Self::Performed => "Kontrollen är genomförd utan avvikelser.",
            Self::PerformedWithDeviations => {
                "Kontrollen är genomförd och visar avvikelser. En kommentar förklarar vilka."
            }
            Self::NotPerformed => {
                "Kontrollen skulle ha genomförts men är inte genomförd. En kommentar förklarar varför."
            }
        }
    }

    fn plainly(self) -> &'static str {
        match self {
            Self::NotPlanned => "Kontrollen ska inte göras i perioden.",
            Self::Performed => "Kontrollen är gjord och fann inget fel.",
            Self::PerformedWithDeviations => "Kontrollen är gjord och fann fel. En kommentar förklarar vilka.",
            Self::NotPerformed => "Kontrollen skulle ha gjorts men är inte gjord. En kommentar förklarar varför.",
        }
    }
}

impl Scaled for ActionStatus {
    const ALL: [Self; 4] = [Self::NotStarted, Self::OnPlan, Self::MostlyDone, Self::OffPlan];
    const CODES: [&'static str; 4] = ["notStarted", "onPlan", "mostlyDone", "offPlan"];

    fn mark(self) -> Mark {
        match self {
            Self::NotStarted => mark("Ej påbörjad", Shape::Dash),
            Self::OnPlan => mark("Enligt plan", Shape::Circle),
            Self::MostlyDone => mark("Merparten åtgärdat, delar kvarstår", Shape::Triangle),
            Self::OffPlan => mark("Ej enligt plan", Shape::Square),
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::NotStarted => "Arbetet med åtgärden har inte påbörjats.",
            Self::OnPlan => "Åtgärden genomförs eller är genomförd enligt plan.",
            Self::MostlyDone => "Merparten är åtgärdat men delar kvarstår. En kommentar förklarar vilka.",
            Self::OffPlan => "Åtgärden genomförs inte enligt plan. En kommentar förklarar varför.",
        }
    }

    fn plainly(self) -> &'static str {
        match self {
            Self::NotStarted => "Arbetet har inte börjat.",
            Self::OnPlan => "Arbetet går som det är tänkt, eller är klart.",
            Self::MostlyDone => "Det mesta är gjort men något återstår. En kommentar förklarar vad.",
            Self::OffPlan => "Arbetet går inte som det är tänkt. En kommentar förklarar varför.",
        }
    }
}

impl Scaled for ActionEffect {
    const ALL: [Self; 4] = [Self::NotAssessed, Self::Desired, Self::Uncertain, Self::NotDesired];
    const CODES: [&'static str; 4] = ["notAssessed", "desired", "uncertain", "notDesired"];

    fn mark(self) -> Mark {
        match self {
            Self::NotAssessed => mark("Ej bedömt", Shape::Dash),
            Self::Desired => mark("Bedöms ge önskad effekt", Shape::Circle),
            Self::Uncertain => mark("Osäkert om önskad effekt nås", Shape::Triangle),
            Self::NotDesired => mark("Bedöms inte få önskad effekt", Shape::Square),
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::NotAssessed => "Effekten av åtgärden är ännu inte bedömd.",
            Self::Desired => "Åtgärden bedöms ge önskad effekt.",
            Self::Uncertain => "Det är osäkert om önskad effekt nås.",
            Self::NotDesired => "Åtgärden bedöms inte få önskad effekt.",
        }
    }

    fn plainly(self) -> &'static str {
        match self {
            Self::NotAssessed => "Ingen har ännu sagt vad åtgärden leder till.",
            Self::Desired => "Åtgärden väntas leda till det som var tänkt.",
            Self::Uncertain => "Det är oklart om åtgärden leder till det som var tänkt.",
            Self::NotDesired => "Åtgärden väntas inte leda till det som var tänkt.",
        }
    }
}

pub(crate) fn judgement(value: Judgement) -> Mark {
    match value {
        Judgement::OnTarget => mark("Når målet", Shape::Circle),
        Judgement::AtRisk => mark("Risk att målet inte nås", Shape::Triangle),
        Judgement::Missed => mark("Målet nås inte", Shape::Square),
    }
}

pub(crate) fn sufficiency(value: Sufficiency) -> Mark {
    match value {
        Sufficiency::Sufficient => mark("Tillräcklig", Shape::Circle),
        Sufficiency::Partly => mark("Delvis tillräcklig", Shape::Triangle),
        Sufficiency::Insufficient => mark("Otillräcklig", Shape::Square),
    }
}

// ---- Levels and their colours.

pub(crate) fn chip(level: &Level) -> Chip {
    let fill = colour(&level.colour);
    let label = one_line(&level.label);
    let short = label.strip_suffix(" risk").unwrap_or(&label).to_owned();
    Chip { short, fill: fill.hex(), ink: fill.ink(), label }
}

pub(crate) fn level<'a>(policy: &'a Policy, key: Option<&str>) -> Option<&'a Level> {
    policy.levels.iter().find(|level| Some(level.key.as_str()) == key)
}

pub(crate) fn named_level(policy: &Policy, key: Option<&str>) -> Option<Chip> {
    level(policy, key).map(chip)
}

pub(crate) fn change(change: &Change) -> String {
    match change {
        Change::New => "Ny".to_owned(),
        Change::Unchanged => "Oförändrat".to_owned(),
        Change::Raised { previous } => format!("Höjt från {}", number(i64::from(*previous))),
        Change::Lowered { previous } => format!("Sänkt från {}", number(i64::from(*previous))),
        Change::NotComparable => "Ej jämförbart".to_owned(),
    }
}

/// Provision, date and authority of a marking.
pub(crate) fn secrecy(marking: &Secrecy) -> String {
    let parts = [line(&marking.provision), Some(marking.date.to_string()), line(&marking.authority)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A colour of a policy as the documents print it, `#rrggbb`: one of its names, or its own.
pub fn printed(colour_of_policy: &str) -> String {
    colour(colour_of_policy).hex()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(u8, u8, u8);

/// A colour by its name in a policy, or `#rrggbb`; grey where the policy says nothing that can be understood.
pub(crate) fn colour(name: &str) -> Colour {
    match name {
        "lightGreen" => Colour(0xcf, 0xe8, 0xc4),
        "green" => Colour(0x86, 0xc2, 0x7c),
        "yellow" => Colour(0xfa, 0xde, 0x6b),
        "orange" => Colour(0xf2, 0x99, 0x3e),
        "red" => Colour(0xb9, 0x27, 0x2d),
        _ => hex(name).unwrap_or(Colour(0xd9, 0xdd, 0xe2)),
    }
}

pub(crate) fn hex(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#')?;
    if digits.len() != 6 || !digits.is_ascii() {
        return None;
    }
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some(Colour(part(0)?, part(2)?, part(4)?))
}

impl Colour {
    const BLACK: Self = Self(0x1a, 0x1a, 0x1a);
    const WHITE: Self = Self(0xff, 0xff, 0xff);

    fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Relative luminance and contrast as WCAG 2 defines them.
    fn luminance(self) -> f64 {
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Near-black reads best on all but the darkest colours; plain black where a middle tone leaves no choice.
    fn ink(self) -> String {
        if self.contrast(Self::BLACK) >= 4.5 {
            Self::BLACK.hex()
        } else if self.contrast(Self::WHITE) >= 4.5 {
            Self::WHITE.hex()
        } else {
            "#000000".into()
        }
    }
}

// ---- Numbers, dates, lists.

pub(crate) fn risks(count: u64) -> String {
    if count == 1 { "1 risk".into() } else { format!("{count} risker") }
}

/// "a", "a och b", "a, b och c".
pub(crate) fn enumeration(list: &[String]) -> String {
    match list {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} och {last}", first.join(", ")),
    }
}

/// With a real minus sign.
pub(crate) fn number(value: i64) -> String {
    if value < 0 { format!("−{}", value.unsigned_abs()) } else { value.to_string() }
}

/// Tenths with the decimal comma, and thin groups of three: "1 234,5".
pub(crate) fn tenths(value: i64) -> String {
    let whole = (value.unsigned_abs() / 10).to_string();
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    let sign = if value < 0 { "−" } else { "" };
    format!("{sign}{grouped},{}", value.unsigned_abs() % 10)
}

/// A day as it is written in Swedish: "2 maj 2024", with spaces that do not break.
pub fn long_date(date: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
}

/// A file that was left as evidence, where its control, action or deficiency tells of it.
pub(crate) fn left_file(file: &LeftFile) -> String {
    format!("{} (fil, {})", one_line(&file.name), file_size(file.size))
}

/// How large a file is, in powers of ten: "812 B", "48 kB", "1,2 MB".
pub(crate) fn file_size(bytes: u64) -> String {
    let rounded = |by: u64| (bytes + by / 2) / by;
    if bytes < 1_000 {
        format!("{bytes} B")
    } else if rounded(1_000) < 1_000 {
        format!("{} kB", rounded(1_000))
    } else {
        format!("{} MB", tenths(i64::try_from(rounded(100_000)).unwrap_or(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_in_swedish() {
        for (value, written) in [
            (0, "0,0"),
            (125, "12,5"),
            (-4, "−0,4"),
            (-12_345, "−1\u{a0}234,5"),
            (12_345_678, "1\u{a0}234\u{a0}567,8"),
            (i64::MIN, "−922\u{a0}337\u{a0}203\u{a0}685\u{a0}477\u{a0}580,8"),
        ] {
            assert_eq!(tenths(value), written);
        }
    }

    #[test]
    fn dates_are_written_out() {
        let date = NaiveDate::from_ymd_opt(2024, 5, 2);
        assert_eq!(date.map(long_date).as_deref(), Some("2\u{a0}maj\u{a0}2024"));
    }

    #[test]
    fn lists_end_with_och() {
        let list = |words: &[&str]| enumeration(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a och b");
        assert_eq!(list(&["a", "b", "c"]), "a, b och c");
        assert_eq!(risks(0), "0 risker");
        assert_eq!(risks(1), "1 risk");
    }

    #[test]
    fn axes_are_told_apart_by_as_few_letters_as_will_do() {
        let short = |likelihood: &str, consequence: &str| {
            let named = |name: &str| name.to_owned();
            Axes { likelihood: named(likelihood), consequence: named(consequence), own: true }.short()
        };
        assert_eq!(short("Sannolikhet", "Konsekvens"), ("S".into(), "K".into()));
        assert_eq!(short("Sannolikhet", "väsentlighet"), ("S".into(), "V".into()));
        assert_eq!(short("Sannolikhet", "Skada"), ("Sa".into(), "Sk".into()));
        assert_eq!(within("Väsentlighet"), "väsentlighet");
        assert_eq!(within("IT-påverkan"), "IT-påverkan");
        assert_eq!(within(""), "");
    }

    #[test]
    fn text_on_any_colour_can_be_read() {
        for name in ["lightGreen", "green", "yellow", "orange", "red", "", "#12345", "#zzzzzz", "#ååå"] {
            assert!(readable(colour(name)), "{name}");
        }
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let (Ok(r), Ok(g), Ok(b)) = (u8::try_from(r), u8::try_from(g), u8::try_from(b)) else {
                        continue;
                    };
                    assert!(readable(Colour(r, g, b)), "{r} {g} {b}");
                }
            }
        }
    }

    fn readable(fill: Colour) -> bool {
        hex(&fill.ink()).is_some_and(|ink| fill.contrast(ink) >= 4.5)
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        for (bytes, said) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (48_213, "48 kB"),
            (999_499, "999 kB"),
            (999_500, "1,0 MB"),
            (26_214_400, "26,2 MB"),
        ] {
            assert_eq!(file_size(bytes), said);
        }
    }
}
