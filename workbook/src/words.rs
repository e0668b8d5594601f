//! The register's closed lists, as people write them elsewhere: the words that a proposal is made for. Whoever imports has
//! the last word; what is not here is asked for without a proposal.

use crate::clean::folded;

type List = &'static [(&'static str, &'static [&'static str])];

const RESPONSES: List = &[
    (
        "accept",
        &[
            "acceptera",
            "accepteras",
            "accepterad",
            "acceptans",
            "accept",
            "accepted",
            "tolerate",
            "tolerera",
            "tolereras",
            "retain",
            "behåll",
        ],
    ),
    (
        "limit",
        &[
            "begränsa",
            "begränsas",
            "minska",
            "minskas",
            "reducera",
            "reduceras",
            "kontrollera",
            "kontrolleras",
            "kontroll",
            "åtgärda",
            "åtgärdas",
            "direktåtgärd",
            "direktåtgärdas",
            "åtgärd",
            "hantera",
            "hanteras",
            "granskning",
            "granskas",
            "internkontroll",
            "mitigate",
            "mitigated",
            "treat",
            "treated",
            "reduce",
            "limit",
            "control",
            "modify",
        ],
    ),
    (
        "share",
        &[
            "dela",
            "delas",
            "överföra",
            "överför",
            "överförs",
            "försäkra",
            "försäkras",
            "share",
            "transfer",
            "transferred",
            "insure",
        ],
    ),
    (
        "eliminate",
        &[
            "eliminera",
            "elimineras",
            "undvika",
            "undvik",
            "undviks",
            "avveckla",
            "avoid",
            "avoided",
            "eliminate",
            "terminate",
            "terminated",
            "remove",
        ],
    ),
];

const CATEGORIES: List = &[
    (
        "strategic",
        &[
            "strategisk",
            "strategiska",
            "strategi",
            "strategisk risk",
            "strategiska risker",
            "strategic",
            "strategic risk",
            "omvärld",
            "omvärldsrisk",
        ],
    ),
    (
        "financial",
        &[
            "ekonomisk",
            "ekonomiska",
            "ekonomi",
            "ekonomisk risk",
            "ekonomiska risker",
            "finansiell",
            "finansiella",
            "finansiell risk",
            "finansiella risker",
            "financial",
            "financial risk",
            "finance",
            "redovisning",
        ],
    ),
    (
        "operational",
        &[
            "operativ",
            "operativa",
            "operativ risk",
            "operativa risker",
            "operationell",
            "operationella risker",
            "verksamhet",
            "verksamhetsrisk",
            "verksamhetsrisker",
            "operational",
            "operational risk",
            "operations",
        ],
    ),
    (
        "compliance",
        &[
            "regelefterlevnad",
            "regelefterlevnadsrisk",
            "regelefterlevnadsrisker",
            "efterlevnad",
            "efterlevnadsrisk",
            "legal",
            "legala",
            "legal risk",
            "juridik",
            "juridisk",
            "juridiska",
            "compliance",
            "compliance risk",
            "regulatory",
            "lagar och regler",
        ],
    ),
];

const ROLES: List = &[
    (
        "regionAdministrator",
        &[
            "regionadministratör",
            "kommunadministratör",
            "administratör",
            "region administrator",
            "administrator",
            "admin",
        ],
    ),
    (
        "head",
        &[
            "förvaltningschef",
            "förvaltningschef eller vd",
            "vd",
            "verkställande direktör",
            "chef för bolaget",
            "head of the body",
            "head",
            "managing director",
            "ceo",
        ],
    ),
    (
        "controller",
        &[
            "internkontrollsamordnare",
            "samordnare",
            "controller",
            "samordnare intern kontroll",
            "internal control coordinator",
            "coordinator",
        ],
    ),
    ("riskOwner", &["riskägare", "risk owner", "riskowner"]),
    ("performer", &["utförare", "performer", "kontrollansvarig", "åtgärdsansvarig"]),
    ("reader", &["läsare", "läsbehörighet", "reader", "read only", "läs"]),
    ("auditor", &["revisor", "granskare", "auditor"]),
];

const ORGANISATION_KINDS: List = &[
    ("region", &["region"]),
    ("municipality", &["kommun", "municipality"]),
    ("board", &["nämnd", "nämnden", "board", "committee", "styrelse"]),
    ("company", &["bolag", "aktiebolag", "company"]),
    ("federation", &["kommunalförbund", "förbund", "local federation", "federation"]),
    ("administration", &["förvaltning", "förvaltningen", "administration"]),
    ("division", &["vårdgren", "division", "avdelning"]),
    ("area", &["närsjukvårdsområde", "område", "area"]),
    ("support", &["verksamhetsstöd", "stöd", "support function", "support"]),
    ("unit", &["resultatenhet", "enhet", "unit"]),
];

const COMPARATORS: List = &[
    ("atLeast", &["minst", "at least", "≥", ">=", "lägst"]),
    ("atMost", &["högst", "at most", "≤", "<=", "max"]),
    ("equal", &["lika med", "equal to", "equal", "="]),
    ("above", &["över", "mer än", "above", ">"]),
    ("below", &["under", "mindre än", "below", "<"]),
    ("increase", &["öka", "ska öka", "increase", "ökande"]),
    ("decrease", &["minska", "ska minska", "decrease", "minskande"]),
    ("keep", &["bibehålla", "bibehållas", "oförändrat", "keep"]),
    ("keepOrIncrease", &["bibehålla eller öka", "keep or increase"]),
    ("keepOrDecrease", &["bibehålla eller minska", "keep or decrease"]),
    ("increaseBy", &["öka med", "increase by"]),
    ("decreaseBy", &["minska med", "decrease by"]),
    ("baselineYear", &["jämfört med basåret", "basår", "compared with the baseline year", "baseline year"]),
    ("yes", &["ja", "yes"]),
];

const JUDGEMENTS: List = &[
    ("onTarget", &["målet nås", "uppnått", "uppnås", "uppfyllt", "grön", "on target", "green", "ja"]),
    (
        "atRisk",
        &["målet riskerar att inte nås", "riskerar att inte nås", "delvis", "gul", "at risk", "amber", "yellow"],
    ),
    ("missed", &["målet nås inte", "ej uppnått", "inte uppnått", "uppnås ej", "röd", "missed", "red", "nej"]),
];

const PERIODS: List = &[
    ("t1", &["t1", "tertial 1", "jan-apr", "januari-april", "tertialuppföljning", "first four months"]),
    (
        "interim",
        &["delår", "delårsuppföljning", "t2", "tertial 2", "jan-aug", "januari-augusti", "interim", "delårsrapport"],
    ),
    (
        "annual",
        &[
            "år",
            "årsuppföljning",
            "t3",
            "tertial 3",
            "helår",
            "jan-dec",
            "januari-december",
            "annual",
            "bokslut",
            "årsbokslut",
        ],
    ),
];

const DECIDED_BY: List = &[
    ("council", &["fullmäktige", "regionfullmäktige", "kommunfullmäktige", "council", "rf", "kf"]),
    ("board", &["nämnd", "nämnden", "styrelsen", "board"]),
];

const LANGUAGES: List = &[("sv", &["sv", "svenska", "swedish"]), ("en", &["en", "engelska", "english"])];

const TRUTHS: List = &[
    ("true", &["ja", "yes", "x", "1", "sant", "true", "j", "y"]),
    ("false", &["nej", "no", "0", "falskt", "false", "n"]),
];

fn found(list: List, word: &str) -> Option<&'static str> {
    let word = folded(word.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | ';' | ',')));
    list.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(code, _)| *code)
}

pub(crate) fn response(word: &str) -> Option<&'static str> {
    // `Accept (with caution)`, `Begränsa – genom kontroll`: the first word says it.
    found(RESPONSES, word).or_else(|| found(RESPONSES, word.split([' ', ',', '(', '–', '-', '/']).next()?))
}

pub(crate) fn category(word: &str) -> Option<&'static str> {
    found(CATEGORIES, word)
}

pub(crate) fn role(word: &str) -> Option<&'static str> {
    found(ROLES, word)
}

pub(crate) fn organisation_kind(word: &str) -> Option<&'static str> {
    found(ORGANISATION_KINDS, word)
}

pub(crate) fn comparator(word: &str) -> Option<&'static str> {
    found(COMPARATORS, word)
}

pub(crate) fn judgement(word: &str) -> Option<&'static str> {
    found(JUDGEMENTS, word)
}

pub(crate) fn period(word: &str) -> Option<&'static str> {
    found(PERIODS, word)
}

pub(crate) fn decided_by(word: &str) -> Option<&'static str> {
    found(DECIDED_BY, word)
}

pub(crate) fn language(word: &str) -> Option<&'static str> {
    found(LANGUAGES, word)
}

pub(crate) fn truth(word: &str) -> Option<&'static str> {
    found(TRUTHS, word)
}

/// How often, by the words that a frequency holds: a set, since `Stickprover kontinuerligt. Årsrapport årligen.` is two.
const RECURRENCES: List = &[
    (
        "continuous",
        &[
            "löpande",
            "kontinuerligt",
            "kontinuerlig",
            "dagligen",
            "varje dag",
            "continuous",
            "continuously",
            "ongoing",
            "daily",
        ],
    ),
    ("weekly", &["veckovis", "varje vecka", "en gång i veckan", "per vecka", "weekly", "every week"]),
    (
        "monthly",
        &[
            "månadsvis",
            "månatligen",
            "månatlig",
            "varje månad",
            "per månad",
            "en gång i månaden",
            "monthly",
            "every month",
        ],
    ),
    (
        "quarterly",
        &["kvartalsvis", "varje kvartal", "per kvartal", "kvartal", "quarterly", "every quarter", "per quarter"],
    ),
    ("tertial", &["tertial", "tertialvis", "varje tertial", "per tertial", "tertialsvis", "every four months"]),
    (
        "semiannual",
        &[
            "halvårsvis",
            "halvår",
            "varje halvår",
            "per halvår",
            "half-yearly",
            "semiannual",
            "semi-annual",
            "semi-annually",
            "biannual",
            "biannually",
            "twice a year",
            "two times a year",
        ],
    ),
    (
        "annual",
        &[
            "årligen",
            "årlig",
            "årsvis",
            "varje år",
            "en gång per år",
            "en gång om året",
            "annual",
            "annually",
            "yearly",
            "every year",
            "once a year",
        ],
    ),
    ("oneOff", &["engångs", "engångskontroll", "one-off"]),
];

/// What is once where nothing else is said: `en gång vartannat år` comes again, and how often no word of ours says.
const ONCE: &[&str] = &["en gång", "1 gång", "vid ett tillfälle", "ett tillfälle", "once", "one time"];

/// The recurrences that a frequency says, in the order of the list; none where it says none that is known.
pub(crate) fn recurrences(words: &str) -> Vec<&'static str> {
    let text = format!(" {} ", folded(&words.replace(['.', ',', ';', '(', ')', '/', '+', '&'], " ")));
    let mut found: Vec<&'static str> = Vec::new();
    if let Some(code) = times(&text) {
        found.push(code);
    }
    for (code, spellings) in RECURRENCES {
        if found.is_empty() || !text.contains(" ggr ") {
            let holds = |word: &str| text.contains(&format!(" {word} "));
            if spellings.iter().any(|word| holds(word)) && !found.contains(code) {
                found.push(code);
            }
        }
    }
    if found.is_empty() && ONCE.contains(&text.trim()) {
        found.push("oneOff");
    }
    found
}

/// `2 ggr/år`, `tre gånger per år`, `4 times a year`, `1 gång/månad`.
fn times(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| matches!(*word, "ggr" | "gånger" | "gång" | "gg" | "times" | "time"))?;
    let number = match *words.get(at.checked_sub(1)?)? {
        "1" | "en" | "one" => 1,
        "2" | "två" | "two" => 2,
        "3" | "tre" | "three" => 3,
        "4" | "fyra" | "four" => 4,
        "6" | "sex" | "six" => 6,
        "12" | "tolv" | "twelve" => 12,
        "52" => 52,
        _ => return None,
    };
    let per = words
        .get(at + 1..)?
        .iter()
        .find(|word| !matches!(**word, "per" | "om" | "i" | "a" | "an" | "each" | "varje"))?;
    match (number, *per) {
        (1, "år" | "året" | "year") => Some("annual"),
        (2, "år" | "året" | "year") => Some("semiannual"),
        (3, "år" | "året" | "year") => Some("tertial"),
        (4, "år" | "året" | "year") => Some("quarterly"),
        (12, "år" | "året" | "year") | (1, "månad" | "månaden" | "mån" | "month") => Some("monthly"),
        (52, "år" | "året" | "year") | (1, "vecka" | "veckan" | "week") => Some("weekly"),
        (1, "kvartal" | "kvartalet" | "quarter") => Some("quarterly"),
        (1, "tertial" | "tertialet") => Some("tertial"),
        (1, "halvår" | "halvåret") => Some("semiannual"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_are_sets() {
        for (words, read) in [
            ("2 ggr/år", vec!["semiannual"]),
            ("Varje tertial", vec!["tertial"]),
            ("Halvårsvis", vec!["semiannual"]),
            ("Stickprover kontinuerligt. Årsrapport årligen.", vec!["continuous", "annual"]),
            ("1 gång/månad", vec!["monthly"]),
            ("en gång i månaden", vec!["monthly"]),
            ("En gång per år", vec!["annual"]),
            ("en gång", vec!["oneOff"]),
            ("En gång.", vec!["oneOff"]),
            ("Once", vec!["oneOff"]),
            ("Engångskontroll i mars", vec!["oneOff"]),
            ("En gång vartannat år", vec![]),
            ("en gång per termin", vec![]),
            ("Once every other year", vec![]),
            ("Vid ett tillfälle per termin", vec![]),
            ("3 gånger per år", vec!["tertial"]),
            ("Four times a year", vec!["quarterly"]),
            ("Kvartalsvis + årligen", vec!["quarterly", "annual"]),
            ("Semi-annual", vec!["semiannual"]),
            ("Twice a year", vec!["semiannual"]),
            ("7 ggr/år", vec![]),
            ("Vid behov", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(recurrences(words), read, "{words:?}");
        }
    }

    #[test]
    fn responses_are_proposed_by_their_words() {
        for (word, code) in [
            ("Kontrolleras", Some("limit")),
            ("Direktåtgärd", Some("limit")),
            ("Accepteras", Some("accept")),
            ("Treat", Some("limit")),
            ("Tolerate", Some("accept")),
            ("Transfer", Some("share")),
            ("Avoid", Some("eliminate")),
            ("Mitigate (soon)", Some("limit")),
            ("Maintain", None),
            ("First measure", None),
        ] {
            assert_eq!(response(word), code, "{word}");
        }
    }
}
