//! The words that headings are made of, in Swedish and English: the one table that columns are recognised by.
//!
//! A heading is compared whole, as small letters without punctuation. Which of several meanings counts is the order
//! here: a strong word before a weak one, and among the meanings of one word that which the sheet does not have yet.

use crate::fields::{Field, Kind, Scoring};

/// A heading's possible meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub field: Field,
    pub scoring: Option<Scoring>,
    /// Weak words mean what they mean only where no other column does.
    pub strong: bool,
}

type Line = (Field, &'static [&'static str], &'static [&'static str]);

/// Field, words that are sure, words that may be it.
const RISKS: &[Line] = &[
    (
        Field::Reference,
        &[
            "referens",
            "risk id",
            "riskid",
            "ref nr",
            "referensnummer",
            "riskreferens",
            "reference",
            "risk reference",
            "risk ref",
            "id risk",
            "riskidentitet",
        ],
        &[
            "nr",
            "id",
            "ref",
            "nummer",
            "no",
            "number",
            "risknr",
            "risk nr",
            "risknummer",
            "risk no",
            "löpnr",
            "löpnummer",
            "#",
        ],
    ),
    (
        Field::Name,
        &[
            "risk",
            "risker",
            "risknamn",
            "riskens namn",
            "identifierad risk",
            "risk name",
            "risk title",
            "riskrubrik",
            "identified risk",
            "riskhändelse",
            "risk event",
            "riskformulering",
        ],
        &[
            "namn",
            "benämning",
            "rubrik",
            "titel",
            "name",
            "title",
            "händelse",
            "vad kan gå fel",
            "what could go wrong",
            "riskbeskrivning",
            "beskrivning av risk",
            "beskrivning av risken",
            "risk description",
        ],
    ),
    (
        Field::Description,
        &[
            "beskrivning",
            "riskbeskrivning",
            "beskrivning av risk",
            "beskrivning av risken",
            "description",
            "risk description",
            "description of risk",
            "description of the risk",
            "orsak och konsekvens",
        ],
        &["förklaring", "details", "risk details"],
    ),
    (
        Field::Category,
        &[
            "kategori",
            "riskkategori",
            "risktyp",
            "typ av risk",
            "category",
            "risk category",
            "risk type",
            "type of risk",
            "riskområde",
            "risk area",
        ],
        &["typ", "type", "område", "area"],
    ),
    (
        Field::Goal,
        &[
            "mål",
            "inriktningsmål",
            "nämndens mål",
            "nämndmål",
            "kommunmål",
            "regionmål",
            "verksamhetsmål",
            "övergripande mål",
            "goal",
            "objective",
            "strategic objective",
            "objectives",
        ],
        &["målområde"],
    ),
    (Field::LocalGoal, &["lokalt mål", "eget mål", "local goal", "local objective"], &[]),
    (
        Field::Process,
        &[
            "process",
            "rutin",
            "process rutin",
            "process/rutin",
            "processer",
            "delprocess",
            "process område",
            "business process",
        ],
        &["aktivitet", "activity", "verksamhetsområde"],
    ),
    (
        Field::Organisation,
        &[
            "enhet",
            "organisatorisk enhet",
            "avdelning",
            "förvaltning",
            "organisation",
            "verksamhet",
            "business unit",
            "department",
            "unit",
            "directorate",
            "division",
        ],
        &["nämnd", "bolag", "nämnd bolag"],
    ),
    (
        Field::Owner,
        &["riskägare", "risk owner", "riskägaren", "owner of risk", "owner of the risk"],
        &[
            "ägare",
            "owner",
            "riskansvarig",
            "risk manager",
            "ansvarig",
            "ansvarig för risken",
            "responsible",
            "accountable",
        ],
    ),
    (
        Field::Response,
        &[
            "hantering",
            "riskhantering",
            "riskrespons",
            "respons",
            "risk response",
            "response",
            "risk treatment approach",
            "treatment approach",
            "treatment strategy",
            "strategi för risken",
            "beslut om risken",
            "reaction",
            "hantering av risk",
            "riskåtgärd",
            "treatment option",
        ],
        &["treatment", "risk treatment", "åtgärd", "åtgärder", "strategy", "strategi", "risk treatment plan"],
    ),
    (Field::Justification, &["motivering", "justification", "motivering till bedömning", "rationale"], &[]),
    (
        Field::Control,
        &[
            "kontroll",
            "kontroller",
            "kontrollmoment",
            "kontrollåtgärd",
            "kontrollaktivitet",
            "kontrollaktiviteter",
            "intern kontroll",
            "befintliga kontroller",
            "vad ska kontrolleras",
            "control",
            "controls",
            "existing controls",
            "control activity",
            "control activities",
            "current controls",
            "key controls",
            "befintlig kontroll",
            "granskning",
            "granskningsmoment",
        ],
        &["existing control", "mitigating controls"],
    ),
    (
        Field::ControlMethod,
        &[
            "metod",
            "kontrollmetod",
            "hur",
            "hur ska kontrollen göras",
            "method",
            "control method",
            "beskrivning av kontroll",
            "kontrollbeskrivning",
            "control description",
        ],
        &["omfattning", "beskrivning", "description"],
    ),
    (
        Field::ControlFrequency,
        &[
            "frekvens",
            "kontrollfrekvens",
            "hur ofta",
            "frekvens för kontroll",
            "frequency",
            "control frequency",
            "how often",
            "intervall",
            "periodicitet",
        ],
        &["när"],
    ),
    (
        Field::ControlResponsible,
        &[
            "kontrollansvarig",
            "ansvarig för kontroll",
            "ansvarig för kontrollen",
            "kontrollägare",
            "control owner",
            "control responsible",
            "responsible for control",
            "utförare",
        ],
        &["ansvarig", "ansvarig funktion", "ansvar", "vem", "responsible", "responsible person"],
    ),
    (
        Field::Action,
        &[
            "åtgärd",
            "åtgärder",
            "planerade åtgärder",
            "planerad åtgärd",
            "åtgärdsplan",
            "action",
            "actions",
            "planned actions",
            "action plan",
            "risk treatment plan",
            "treatment plan",
            "mitigation",
            "mitigation actions",
            "recommended controls",
            "recommended actions",
            "reaction details",
            "treatment actions",
            "further actions",
            "föreslagen åtgärd",
            "föreslagna åtgärder",
            "direktåtgärder",
        ],
        &["treatment", "risk treatment", "direktåtgärd", "recommendation", "treatment details"],
    ),
    (
        Field::ActionDescription,
        &["beskrivning av åtgärd", "beskrivning av åtgärden", "åtgärdsbeskrivning", "action description"],
        &["beskrivning", "description"],
    ),
    (
        Field::ActionStart,
        &["startdatum", "start", "påbörjas", "start date", "planerad start", "startar", "planned start"],
        &["från", "from"],
    ),
    (
        Field::ActionEnd,
        &[
            "slutdatum",
            "slut",
            "klart senast",
            "klar senast",
            "klart",
            "färdigdatum",
            "senast",
            "deadline",
            "due date",
            "date due",
            "target date",
            "end date",
            "completion date",
            "tidplan",
            "åtgärd klar",
            "planerad klar",
            "tidsplan",
            "by when",
            "slutförs",
        ],
        &["datum", "date", "till", "när", "timeline"],
    ),
    (
        Field::ActionResponsible,
        &[
            "åtgärdsansvarig",
            "ansvarig för åtgärd",
            "ansvarig för åtgärden",
            "ansvarig för åtgärder",
            "action owner",
            "action responsible",
            "responsible for action",
            "treatment owner",
        ],
        &[
            "ansvarig",
            "ansvarig funktion",
            "ansvar",
            "vem",
            "responsible",
            "responsible person",
            "assigned to",
            "risk manager",
        ],
    ),
    (
        Field::ActionStatus,
        &["status", "åtgärdsstatus", "status åtgärd", "status för åtgärd", "action status", "treatment status"],
        &["rag", "rag status"],
    ),
];

const USERS: &[Line] = &[
    (
        Field::Name,
        &["namn", "name", "användare", "user", "full name", "för och efternamn", "person"],
        &["visningsnamn", "display name"],
    ),
    (
        Field::Email,
        &[
            "e post",
            "epost",
            "e postadress",
            "mail",
            "mejl",
            "e mail",
            "email",
            "email address",
            "e mail address",
            "mejladress",
        ],
        &["adress", "address", "inloggning", "login"],
    ),
    (
        Field::Role,
        &["roll", "roller", "behörighet", "behörigheter", "role", "roles"],
        &["funktion", "function", "typ", "type"],
    ),
    (
        Field::Organisation,
        &[
            "organisation",
            "enhet",
            "nämnd",
            "förvaltning",
            "nämnd bolag",
            "bolag",
            "avdelning",
            "organisationsenhet",
            "unit",
            "department",
            "body",
            "organisationname",
        ],
        &["arbetsplats", "plats"],
    ),
    (
        Field::RoleOrganisation,
        &[
            "rollen gäller",
            "roll i",
            "roll vid",
            "roll hos",
            "rollens organisation",
            "behörig i",
            "behörighet i",
            "behörighet gäller",
            "role at",
            "role in",
            "role from",
            "role organisation",
        ],
        &["gäller för", "gäller"],
    ),
    (Field::Id, &["id"], &[]),
    (Field::OrganisationId, &["organisationid", "organisation id", "organisationens id"], &[]),
    // What signs people in is never taken for it by a guess: bodies have ids of their own.
    (Field::Subject, &["subject"], &[]),
    (Field::Language, &["språk", "language"], &[]),
];

const GOALS: &[Line] = &[
    (Field::Id, &["id"], &[]),
    (Field::Number, &["nr", "nummer", "målnummer", "number", "goal number", "mål nr"], &["id", "no", "ref"]),
    (
        Field::Name,
        &["mål", "målets namn", "goal", "objective", "målformulering", "goal name", "goalname"],
        &["namn", "name", "område", "målområde", "area"],
    ),
    (
        Field::Parent,
        &[
            "överordnat mål",
            "inriktningsmål",
            "mål ovanför",
            "parent",
            "parent goal",
            "parentname",
            "övergripande mål",
            "under mål",
        ],
        &["hör till"],
    ),
    (Field::ParentId, &["parentid", "parent id"], &[]),
    (Field::GoalId, &["goalid", "goal id", "målets id"], &[]),
    (
        Field::Indicator,
        &["indikator", "indikatorer", "nyckeltal", "mått", "indicator", "kpi", "measure"],
        &["namn", "name"],
    ),
    (Field::Unit, &["enhet", "måttenhet", "unit"], &["sort"]),
    (Field::Comparator, &["jämförelse", "jämförs", "riktning", "comparator", "direction"], &[]),
    (Field::Target, &["målvärde", "target", "målnivå"], &["mål 1"]),
    (
        Field::CouncilTarget,
        &[
            "fullmäktiges mål",
            "fullmäktiges målvärde",
            "council target",
            "council s target",
            "counciltarget",
            "mål fullmäktige",
            "rf mål",
            "kf mål",
        ],
        &[],
    ),
    (
        Field::BoardTarget,
        &[
            "nämndens mål",
            "nämndens målvärde",
            "styrelsens mål",
            "styrelsens målvärde",
            "direktionens mål",
            "direktionens målvärde",
            "nämndens eller styrelsens målvärde",
            "board target",
            "board s target",
            "boardtarget",
            "mål nämnd",
            "eget målvärde",
        ],
        &[],
    ),
    (Field::DecidedBy, &["beslutad av", "beslutas av", "decided by", "decidedby"], &[]),
    (
        Field::Organisation,
        &["organisation", "nämnd", "ägare", "nämnd bolag", "bolag", "body", "owner", "organisationname"],
        &["berörda"],
    ),
    (Field::OrganisationId, &["organisationid", "organisation id", "organisationens id"], &[]),
    (Field::Year, &["år", "year"], &[]),
    (
        Field::Responsible,
        &["ansvarig", "ansvarig för utfall", "indikatoransvarig", "responsible", "responsible person"],
        &["vem"],
    ),
    (Field::BaselineYear, &["basår", "baseline year", "baselineyear"], &[]),
    (Field::BaselineValue, &["basvärde", "baseline value", "baselinevalue", "baseline"], &[]),
    (Field::Note, &["anteckning", "anmärkning", "note", "notes"], &["kommentar", "comment"]),
];

const OUTCOMES: &[Line] = &[
    (
        Field::Indicator,
        &["indikator", "indikatorer", "nyckeltal", "mått", "indicator", "kpi", "measure", "indicatorname"],
        &["namn", "name"],
    ),
    (Field::IndicatorId, &["indikatorns id", "indicatorid", "indicator id"], &[]),
    (Field::Goal, &["mål", "goal", "objective"], &[]),
    (
        Field::Organisation,
        &["organisation", "nämnd", "nämnd bolag", "bolag", "body", "förvaltning", "organisationname"],
        &["enhet"],
    ),
    (Field::OrganisationId, &["organisationens id", "organisationid", "organisation id"], &[]),
    // Only passed over knowingly: the indicator has its own.
    (Field::Unit, &["måttenhet"], &["enhet", "unit"]),
    (Field::Period, &["period", "uppföljning", "tertial"], &["månad"]),
    (Field::Year, &["år", "year"], &[]),
    (Field::Value, &["utfall", "värde", "resultat", "outcome", "value", "result", "actual"], &[]),
    (Field::Forecast, &["prognos", "helårsprognos", "forecast"], &[]),
    (Field::Judgement, &["bedömning", "måluppfyllelse", "judgement", "status", "assessment"], &[]),
    (Field::Cause, &["orsak", "kommentar", "analys", "cause", "comment", "förklaring"], &[]),
];

const ORGANISATIONS: &[Line] = &[
    (Field::Id, &["id"], &[]),
    (
        Field::Name,
        &["namn", "organisation", "enhet", "organisationsenhet", "name", "unit", "nämnd bolag"],
        &["benämning"],
    ),
    (Field::OrganisationKind, &["typ", "slag", "sort", "kind", "type", "organisationstyp"], &["kategori"]),
    (
        Field::Parent,
        &[
            "överordnad",
            "överordnad enhet",
            "överordnad organisation",
            "tillhör",
            "hör till",
            "under",
            "parent",
            "parent organisation",
            "parentname",
            "belongs to",
            "part of",
            "ingår i",
        ],
        &[],
    ),
    (Field::ParentId, &["parentid", "parent id"], &[]),
    (Field::Abbreviation, &["förkortning", "abbreviation", "kortnamn", "short name"], &["kod", "code"]),
    (
        Field::ValidFrom,
        &["från", "giltig från", "gäller från", "valid from", "validfrom", "from"],
        &["startdatum", "start"],
    ),
    (Field::ValidTo, &["till", "giltig till", "gäller till", "valid to", "validto", "to"], &["slutdatum", "slut"]),
    (Field::Plans, &["har plan", "egen plan", "plan", "plans", "internkontrollplan", "skyldig att ha plan"], &[]),
    (
        Field::Depth,
        &[
            "nivå 1", "nivå 2", "nivå 3", "nivå 4", "nivå 5", "nivå 6", "level 1", "level 2", "level 3", "level 4",
            "level 5", "level 6",
        ],
        &[],
    ),
];

/// What stands on the two axes of a scoring, and what is made of them: sure words, then weak ones.
const AXES: &[Line] = &[
    (
        Field::Likelihood,
        &[
            "sannolikhet",
            "likelihood",
            "probability",
            "sannolikhetsbedömning",
            "threat likelihood",
            "sannolikhet för risk",
        ],
        &["s", "p", "l", "sann", "sannol"],
    ),
    (
        Field::Consequence,
        &[
            "konsekvens",
            "väsentlighet",
            "impact",
            "consequence",
            "severity",
            "allvarlighetsgrad",
            "påverkan",
            "skada",
            "konsekvensbedömning",
        ],
        &["k", "c", "i", "v", "kons"],
    ),
    (
        Field::Product,
        &[
            "riskvärde",
            "riskpoäng",
            "riskindex",
            "risktal",
            "riskbedömning",
            "risk score",
            "risk rating score",
            "sxk",
            "s x k",
            "s k",
            "sxv",
            "lxi",
            "l x i",
            "pxi",
            "kxs",
            "risk value",
            "rpn",
        ],
        &["rv", "score", "poäng", "värde", "summa", "produkt", "value", "r"],
    ),
    (
        Field::Level,
        &[
            "risknivå",
            "riskklass",
            "riskklassning",
            "risk level",
            "risk rating",
            "riskgrad",
            "rating",
            "nivå",
            "risk class",
        ],
        &["level", "färg", "colour", "color"],
    ),
];

/// What says which scoring it is.
const SCORINGS: &[(Scoring, &[&str])] = &[
    (
        Scoring::Inherent,
        &[
            "inneboende",
            "inherent",
            "brutto",
            "bruttorisk",
            "gross",
            "initial",
            "initialt",
            "före åtgärd",
            "före åtgärder",
            "före kontroll",
            "före kontroller",
            "innan åtgärd",
            "innan åtgärder",
            "before controls",
            "before treatment",
            "before",
        ],
    ),
    (
        Scoring::Residual,
        &[
            "kvarvarande",
            "kvarstående",
            "residual",
            "restrisk",
            "netto",
            "nettorisk",
            "net",
            "efter åtgärd",
            "efter åtgärder",
            "efter kontroll",
            "efter kontroller",
            "after controls",
            "after treatment",
            "after",
            "rest",
        ],
    ),
    (Scoring::Target, &["mål", "målvärde", "målrisk", "önskad", "target", "tolererad", "acceptabel", "planerad"]),
];

/// Words that a heading may have more of than it needs.
const FILLING: &[&str] = &["score", "poäng", "värde", "bedömning", "assessment", "risk", "value"];

/// How texts of help under a heading begin.
pub(crate) const HELP: &[&str] = &[
    "ange",
    "skriv",
    "beskriv",
    "välj",
    "fyll i",
    "hjälp",
    "t ex",
    "t.ex",
    "exempel",
    "här ",
    "klicka",
    "enter",
    "describe",
    "select",
    "choose",
    "e.g",
    "for example",
    "example",
    "help",
    "write",
    "state the",
    "give ",
    "pick",
    "use the",
    "vilken",
    "vilka",
    "hur ",
    "what ",
    "which ",
    "how ",
    "who ",
    "vem ",
];

/// How rows of sums begin.
pub(crate) const SUMS: &[&str] = &[
    "summa",
    "totalt",
    "total",
    "totals",
    "sum",
    "genomsnitt",
    "medelvärde",
    "average",
    "antal",
    "count",
    "subtotal",
    "delsumma",
];

/// Small letters, without punctuation, what stands in parentheses taken out; `&` and its like are spaces.
fn plain(heading: &str) -> String {
    let mut depth = 0_u32;
    let mut words = String::with_capacity(heading.len());
    for c in heading.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '#' => words.push('#'),
            c if c.is_alphanumeric() => words.extend(c.to_lowercase()),
            _ => words.push(' '),
        }
    }
    crate::clean::folded(&words)
}

fn table(kind: Kind) -> &'static [Line] {
    match kind {
        Kind::Risks => RISKS,
        Kind::Users => USERS,
        Kind::Goals => GOALS,
        Kind::Outcomes => OUTCOMES,
        Kind::Organisations => ORGANISATIONS,
    }
}

/// What a heading may mean, the likeliest first.
pub(crate) fn meanings(kind: Kind, heading: &str, groups: &[String]) -> Vec<Meaning> {
    let mut found = Vec::new();
    // A heading may offer two words for the same: `Reference / Risk ID`.
    let parts =
        std::iter::once(plain(heading)).chain(heading.split(['/', '\n']).map(plain).skip_while(|_| !divided(heading)));
    for part in parts.filter(|part| !part.is_empty()) {
        if kind == Kind::Risks
            && let Some(meaning) = scored(&part, groups)
        {
            found.push(meaning);
        }
        for strong in [true, false] {
            for (field, sure, weak) in table(kind) {
                let words = if strong { sure } else { weak };
                if words.contains(&part.as_str()) {
                    found.push(Meaning { field: *field, scoring: None, strong });
                }
            }
        }
    }
    found.sort_by_key(|meaning| !meaning.strong);
    let mut fields = Vec::new();
    found.retain(|meaning| {
        let new = !fields.contains(&meaning.field);
        fields.push(meaning.field);
        new
    });
    found
}

fn divided(heading: &str) -> bool {
    heading.contains(['/', '\n'])
}

/// A heading of an axis, or of what is made of both, and which scoring it or the group above it says.
fn scored(heading: &str, groups: &[String]) -> Option<Meaning> {
    // The whole word first: `target risk` is a level to reach, `mål` alone a goal.
    let (own, rest) = without_scoring(heading);
    let axis = axis(&rest).or_else(|| axis(heading).filter(|_| own.is_none()))?;
    let scoring = own.or_else(|| groups.iter().rev().find_map(|group| without_scoring(&plain_group(group)).0));
    Some(Meaning { field: axis.0, scoring: Some(scoring.unwrap_or(Scoring::Plain)), strong: axis.1 })
}

/// Groups say which scoring they are in parentheses too: `Risk Management (Residual Risk)`.
fn plain_group(group: &str) -> String {
    plain(&group.replace(['(', ')', '[', ']'], " "))
}

/// Whether a group over several columns says which scoring they are.
pub(crate) fn names_scoring(group: &str) -> bool {
    without_scoring(&plain_group(group)).0.is_some()
}

fn without_scoring(heading: &str) -> (Option<Scoring>, String) {
    let spaced = format!(" {heading} ");
    for (scoring, words) in SCORINGS {
        // The longest first, so that `efter åtgärder` leaves nothing of itself.
        let longest = words.iter().filter(|word| spaced.contains(&format!(" {word} "))).max_by_key(|word| word.len());
        if let Some(word) = longest {
            let rest = spaced.replacen(&format!(" {word} "), " ", 1);
            return (Some(*scoring), rest.trim().to_owned());
        }
    }
    // Swedish writes them in one word: `målnivå`, `restrisk`, `bruttoriskvärde`.
    for (start, scoring) in [
        ("mål", Scoring::Target),
        ("brutto", Scoring::Inherent),
        ("netto", Scoring::Residual),
        ("rest", Scoring::Residual),
    ] {
        if let Some(rest) = heading.strip_prefix(start)
            && axis(rest).is_some_and(|(_, strong)| strong)
        {
            return (Some(scoring), rest.to_owned());
        }
    }
    (None, heading.to_owned())
}

fn axis(words: &str) -> Option<(Field, bool)> {
    let known = |words: &str| {
        AXES.iter().find_map(|(field, sure, weak)| {
            if sure.contains(&words) {
                Some((*field, true))
            } else if weak.contains(&words) {
                Some((*field, false))
            } else {
                None
            }
        })
    };
    known(words).or_else(|| {
        // `Impact Score`, `Bedömning sannolikhet`: what is left when a word that fills goes.
        FILLING.iter().find_map(|word| {
            let left = words.strip_suffix(word).or_else(|| words.strip_prefix(word))?;
            known(left.trim()).filter(|(_, strong)| *strong)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(heading: &str, group: &str) -> Option<(Field, Option<Scoring>)> {
        let groups = if group.is_empty() { Vec::new() } else { vec![group.to_owned()] };
        meanings(Kind::Risks, heading, &groups).first().map(|m| (m.field, m.scoring))
    }

    #[test]
    fn headings_mean_what_a_person_would_say() {
        use Field::*;
        use Scoring::*;
        // A field is called so too.
        use Scoring::Target;
        for (heading, group, field, scoring) in [
            ("Risk", "", Name, None),
            ("Reference / Risk ID", "", Reference, None),
            ("Risk_ID", "", Reference, None),
            ("RV (SxK)", "", Product, Some(Plain)),
            ("Likelihood (1-5)", "", Likelihood, Some(Plain)),
            ("Threat Likelihood Score", "Risk Assessment (Inherent Risk)", Likelihood, Some(Inherent)),
            ("Impact Score", " Risk Assessment (Inherent Risk)", Consequence, Some(Inherent)),
            ("Inherent Risk Rating SCORE", "", Product, Some(Inherent)),
            ("Inherent Score", "", Product, Some(Inherent)),
            ("Inherent Risk Rating", "", Level, Some(Inherent)),
            ("Target Risk Rating", "Risk Management (Residual Risk)", Level, Some(Target)),
            ("Residual Likelihood", "", Likelihood, Some(Residual)),
            ("Target Date", "", ActionEnd, None),
            ("Mål", "", Goal, None),
            ("Målnivå", "", Level, Some(Target)),
            ("Sannolikhet", "Efter åtgärder", Likelihood, Some(Residual)),
            ("S", "Bruttorisk", Likelihood, Some(Inherent)),
            ("Risk Treatment Approach", "", Response, None),
            ("Kontrollmoment", "", Control, None),
            ("Process/rutin", "", Process, None),
            ("Riskägare", "", Owner, None),
            ("Väsentlighet", "", Consequence, Some(Plain)),
        ] {
            assert_eq!(first(heading, group), Some((field, scoring)), "{heading} under {group:?}");
        }
        for heading in ["Help text under the heading: risk owner", "Inköp", "", "Rapporteras till", "Escalate?"] {
            assert_eq!(first(heading, ""), None, "{heading}");
        }
    }
}
