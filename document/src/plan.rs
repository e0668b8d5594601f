//! From the snapshot of a plan to what its template prints: all wording, counting and choosing is here, all
//! layout is in `plan.typ`.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value as Json, json};

use crate::DocumentError;
use crate::snapshot::{
    Action, Change, Compared, FinancialEffect, Goal, Inclusion, Level, PlanSnapshot, PlanStatus, Policy, Risk, SCHEMA,
};
use crate::text::{blocks, line, one_line, optional_blocks, optional_line, shortened};

/// Stays the same for all revisions and drafts of one plan, as PDF wants of a document identifier.
pub(crate) fn identity(snapshot: &PlanSnapshot) -> String {
    format!("riskregister plan {}", snapshot.plan.id)
}

/// What the template prints.
pub(crate) fn view(snapshot: &PlanSnapshot) -> Result<Json, DocumentError> {
    check(snapshot)?;
    let plan = &snapshot.plan;
    let policy = &snapshot.policy;
    let risks: Vec<&Risk> = snapshot.goals.iter().flat_map(|goal| &goal.risks).collect();
    let board = if plan.organisation_kind == "company" { "styrelsen" } else { "nämnden" };
    let name = format!("Plan för intern kontroll {}", plan.year);
    let diary_numbers = diary_numbers(snapshot);
    let short = match &plan.abbreviation {
        Some(abbreviation) if plan.organisation.chars().count() > 60 && !abbreviation.trim().is_empty() => abbreviation,
        _ => &plan.organisation,
    };

    Ok(json!({
        "name": name,
        "title": format!("{name} – {}", shortened(&plan.organisation, 200)),
        "date": snapshot.decision.as_ref().map(|d| json!([d.decided_on.year(), d.decided_on.month(), d.decided_on.day()])),
        "draft": plan.status != PlanStatus::Adopted,
        "header": {
            "organisation": shortened(short, 60),
            "diaryNumber": diary_numbers.first().map(|number| shortened(number, 30)),
        },
        "register": if plan.organisation.trim() == snapshot.register.trim() { Json::Null } else { line(&snapshot.register) },
        "organisation": line(&plan.organisation),
        "facts": facts(snapshot, &diary_numbers),
        "illustrative": plan.illustrative,
        "standingTexts": snapshot.standing_texts.iter()
            .map(|text| json!({ "heading": line(&text.heading), "text": blocks(&text.text) }))
            .filter(|text| !(text["heading"].is_null() && text["text"].is_null()))
            .collect::<Vec<_>>(),
        "background": section(snapshot, "background"),
        "control": control_sections(snapshot, board),
        "summary": summary(snapshot, board),
        "counts": counts(snapshot),
        "total": snapshot.total,
        "matrix": matrix(policy, &risks),
        "inclusionRule": format!(
            "En risk ingår i planen när den har ett riskvärde över {}. Obligatoriska risker ingår oavsett riskvärde. \
             Därutöver kan {board} besluta att ta med en risk och ange skälen för det.",
            number(i64::from(policy.threshold)),
        ),
        "checkpoint": snapshot.checkpoint.as_ref().map(|c| json!({
            "origin": line(&c.origin), "size": c.size.to_string(), "root": line(&c.root),
        })),
        "policy": format!("Riskerna är bedömda enligt ”{}”, version {}.", one_line(&policy.name), policy.version),
        "steps": steps(policy),
        "levels": levels(policy),
        "goals": snapshot.goals.iter().filter(|goal| !goal.risks.is_empty())
            .map(|goal| goal_view(goal, snapshot)).collect::<Vec<_>>(),
        "columns": columns(&risks),
        "gone": gone(snapshot.compared_with.as_ref()),
        "changeNote": risks.iter().any(|risk| risk.change.is_some()).then(|| match &snapshot.compared_with {
            Some(compared) => format!("Ändring är hur riskvärdet har ändrats sedan planen för {}.", compared.year),
            None => "Ändring är hur riskvärdet har ändrats sedan förra årets plan.".to_owned(),
        }),
        "costNote": risks.iter().flat_map(|risk| &risk.actions).filter_map(|action| action.financial_effect.as_ref())
            .any(|effect| amounts(effect).into_iter().flatten().any(|amount| amount < 0)),
    }))
}

/// What is sealed must not contradict itself; better no document than a wrong one.
fn check(snapshot: &PlanSnapshot) -> Result<(), DocumentError> {
    let fail = |why: String| Err(DocumentError::Snapshot(why));
    if snapshot.schema != SCHEMA {
        return fail(format!("schema {} where {SCHEMA} can be read", snapshot.schema));
    }
    match (snapshot.plan.status, &snapshot.decision) {
        (PlanStatus::Adopted, None) => return fail("an adopted plan without a decision".into()),
        (PlanStatus::Draft | PlanStatus::Proposed, Some(_)) => {
            return fail("a decision on a plan that is not adopted".into());
        }
        _ => {}
    }
    let policy = &snapshot.policy;
    let level = |key: &str| policy.levels.iter().any(|level| level.key == key);
    if policy.cells.len() != policy.likelihoods.len()
        || policy.cells.iter().any(|row| row.len() != policy.consequences.len())
    {
        return fail("the cells of the policy do not match its steps".into());
    }
    if let Some(cell) = policy.cells.iter().flatten().find(|cell| !level(&cell.level)) {
        return fail(format!("the policy has no level {}", cell.level));
    }
    for section in &snapshot.sections {
        if section.key != "background" && !SECTIONS.iter().any(|(key, ..)| *key == section.key) {
            return fail(format!("unknown section {}", section.key));
        }
    }
    let mut total = 0;
    for risk in snapshot.goals.iter().flat_map(|goal| &goal.risks) {
        total += 1;
        let step = |value: Option<u32>, count: usize| {
            value.is_none_or(|value| value >= 1 && usize::try_from(value).is_ok_and(|value| value <= count))
        };
        if !step(risk.likelihood, policy.likelihoods.len()) || !step(risk.consequence, policy.consequences.len()) {
            return fail(format!("risk {} is assessed outside the scale", risk.number));
        }
        for key in [&risk.level, &risk.target_level].into_iter().flatten() {
            if !level(key) {
                return fail(format!("risk {} has a level {key} that the policy lacks", risk.number));
            }
        }
        for (what, key, known) in
            [("category", &risk.category, CATEGORIES.as_slice()), ("response", &risk.response, RESPONSES.as_slice())]
        {
            if let Some(key) = key
                && !known.iter().any(|(name, _)| name == key)
            {
                return fail(format!("risk {} has an unknown {what} {key}", risk.number));
            }
        }
    }
    if total != snapshot.total {
        return fail(format!("{total} risks where the total is {}", snapshot.total));
    }
    for count in &snapshot.counts {
        let found = snapshot.goals.iter().flat_map(|goal| &goal.risks);
        let found = found.filter(|risk| risk.level.as_deref() == Some(count.level.as_str())).count();
        if !level(&count.level) || u32::try_from(found) != Ok(count.count) {
            return fail(format!("{found} risks of level {} where the count is {}", count.level, count.count));
        }
    }
    Ok(())
}

/// Key, heading and, for the components of COSO, what the component is about (in our own words).
const SECTIONS: [(&str, &str, &str); 9] = [
    (
        "controlEnvironment",
        "Styr- och kontrollmiljö",
        "Grunden för den interna kontrollen: integritet och etiska värderingar, {board}s oberoende övervakning, \
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

const CATEGORIES: [(&str, &str); 4] = [
    ("strategic", "Strategisk"),
    ("financial", "Ekonomisk"),
    ("operational", "Operativ"),
    ("compliance", "Regelefterlevnad"),
];

const RESPONSES: [(&str, &str); 4] =
    [("accept", "Acceptera"), ("limit", "Begränsa"), ("share", "Dela"), ("eliminate", "Eliminera")];

fn word(of: &[(&str, &str)], key: Option<&str>) -> Json {
    let found = key.and_then(|key| of.iter().find(|(name, _)| *name == key));
    found.map_or(Json::Null, |(_, word)| json!(word))
}

/// All diary numbers, once each: the body's own first, those that came with the decision last.
fn diary_numbers(snapshot: &PlanSnapshot) -> Vec<String> {
    let decided = snapshot.decision.iter().flat_map(|decision| &decision.diary_numbers);
    let mut numbers: Vec<String> = Vec::new();
    for number in snapshot.plan.diary_numbers.iter().chain(decided) {
        let number = one_line(number);
        if !number.is_empty() && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers
}

/// The lines under the title: what it is a plan for, and whether it is decided.
fn facts(snapshot: &PlanSnapshot, diary_numbers: &[String]) -> Json {
    let plan = &snapshot.plan;
    let organisation = match plan.abbreviation.as_deref().map(str::trim) {
        Some(abbreviation) if !abbreviation.is_empty() && abbreviation != plan.organisation.trim() => {
            format!("{} ({abbreviation})", plan.organisation)
        }
        _ => plan.organisation.clone(),
    };
    let label = if plan.organisation_kind == "company" { "Bolag" } else { "Organisation" };
    let mut facts = vec![json!([label, line(&organisation)])];
    if plan.revision > 1 {
        facts.push(json!(["Revidering", plan.revision.to_string()]));
    }
    if !diary_numbers.is_empty() {
        facts.push(json!(["Diarienummer", line(&diary_numbers.join(", "))]));
    }
    let decision = match &snapshot.decision {
        Some(decision) => {
            let paragraph = one_line(&decision.paragraph);
            let paragraph = if paragraph.is_empty() { paragraph } else { format!(", §\u{a0}{paragraph}") };
            format!(
                "Fastställd av {} {}{paragraph}",
                one_line(&decision.deciding_board),
                long_date(decision.decided_on),
            )
        }
        None if plan.status == PlanStatus::Proposed => "UTKAST – förslag till beslut, planen är inte fastställd".into(),
        None => "UTKAST – under arbete, planen är inte fastställd".into(),
    };
    facts.push(json!(["Beslut", line(&decision)]));
    Json::Array(facts)
}

fn section(snapshot: &PlanSnapshot, key: &str) -> Json {
    let texts: Vec<&str> =
        snapshot.sections.iter().filter(|section| section.key == key).map(|section| section.text.as_str()).collect();
    blocks(&texts.join("\n\n"))
}

/// The sections on internal control, in the fixed order that readers know from COSO; those without text are left
/// out.
fn control_sections(snapshot: &PlanSnapshot, board: &str) -> Json {
    SECTIONS
        .iter()
        .filter_map(|(key, heading, lead)| {
            let text = section(snapshot, key);
            let lead = lead.replace("{board}", board);
            (!text.is_null()).then(|| json!({ "heading": heading, "lead": line(&lead), "text": text }))
        })
        .collect()
}

/// The sentences that open the compilation of risks.
fn summary(snapshot: &PlanSnapshot, board: &str) -> Json {
    let mut sentences = Vec::new();
    let goals = snapshot.goals.iter().filter(|goal| !goal.risks.is_empty()).count();
    sentences.push(match snapshot.total {
        0 => "Planen innehåller inga risker.".to_owned(),
        total => format!(
            "Planen omfattar {} under {} mål.",
            risks(u64::from(total)),
            number(i64::try_from(goals).unwrap_or(i64::MAX))
        ),
    });
    let unassessed = snapshot.goals.iter().flat_map(|goal| &goal.risks).filter(|risk| risk.score.is_none()).count();
    match unassessed {
        0 => {}
        1 => sentences.push("1 risk är ännu inte bedömd och saknas därför i riskmatrisen.".into()),
        n => sentences.push(format!("{n} risker är ännu inte bedömda och saknas därför i riskmatrisen.")),
    }
    let not_included = match snapshot.not_included {
        0 => None,
        1 => Some("1 bedömd risk som inte uppfyller villkoren för att ingå".to_owned()),
        n => Some(format!("{n} bedömda risker som inte uppfyller villkoren för att ingå")),
    };
    let set_aside = match snapshot.set_aside {
        0 => None,
        1 => Some("1 risk som har lagts åt sidan utan bedömning".to_owned()),
        n => Some(format!("{n} risker som har lagts åt sidan utan bedömning")),
    };
    let outside: Vec<String> = [not_included, set_aside].into_iter().flatten().collect();
    if !outside.is_empty() {
        let owner = if board == "styrelsen" { "Styrelsens" } else { "Nämndens" };
        sentences.push(format!("{owner} riskregister innehåller därutöver {}.", enumeration(&outside)));
    }
    sentences.extend(unused_numbers(snapshot));
    let mut paragraphs = vec![sentences.join(" ")];
    if let Some(compared) = &snapshot.compared_with {
        let year = compared.year;
        if compared.nothing_changed {
            paragraphs.push(format!("Ingen risk har fått ett förändrat riskvärde jämfört med planen för {year}."));
        } else if let Some(changes) = changes(snapshot) {
            paragraphs.push(format!("Jämfört med planen för {year}: {changes}."));
        }
    }
    json!(paragraphs)
}

/// Who reads a revised plan sees that a number is missing, and is told why.
fn unused_numbers(snapshot: &PlanSnapshot) -> Option<String> {
    let used: BTreeSet<u32> = snapshot.goals.iter().flat_map(|goal| &goal.risks).map(|risk| risk.number).collect();
    let last = used.last().copied().unwrap_or(0);
    let unused: Vec<String> =
        (1..last).filter(|number| !used.contains(number)).map(|number| number.to_string()).collect();
    match unused.as_slice() {
        [] => None,
        [one] => Some(format!("Nummer {one} tillhör en risk som har utgått ur planen och används inte igen.")),
        more => {
            Some(format!("Numren {} tillhör risker som har utgått ur planen och används inte igen.", enumeration(more)))
        }
    }
}

fn changes(snapshot: &PlanSnapshot) -> Option<String> {
    let count = |is: fn(&Change) -> bool| {
        let risks = snapshot.goals.iter().flat_map(|goal| &goal.risks);
        risks.filter(|risk| risk.change.as_ref().is_some_and(is)).count() as u64
    };
    let mut list = Vec::new();
    match count(|change| matches!(change, Change::New)) {
        0 => {}
        1 => list.push("1 risk är ny".to_owned()),
        n => list.push(format!("{n} risker är nya")),
    }
    for (n, what) in [
        (count(|change| matches!(change, Change::Raised { .. })), "har fått ett högre riskvärde"),
        (count(|change| matches!(change, Change::Lowered { .. })), "har fått ett lägre riskvärde"),
        (count(|change| matches!(change, Change::Unchanged)), "har ett oförändrat riskvärde"),
        (
            count(|change| matches!(change, Change::NotComparable)),
            "går inte att jämföra eftersom skalorna skiljer sig åt",
        ),
    ] {
        if n > 0 {
            list.push(format!("{} {what}", risks(n)));
        }
    }
    (!list.is_empty()).then(|| enumeration(&list))
}

/// The levels of the plan's risks, in the order of the policy.
fn counts(snapshot: &PlanSnapshot) -> Json {
    let list: Vec<Json> = snapshot
        .policy
        .levels
        .iter()
        .map(|level| {
            let count = snapshot.counts.iter().find(|count| count.level == level.key).map_or(0, |count| count.count);
            json!({ "level": level_view(level), "count": count })
        })
        .collect();
    Json::Array(list)
}

/// Colours and names of a level. The ink is black or white, whichever is easier to read on the colour.
fn level_view(level: &Level) -> Json {
    let fill = colour(&level.colour);
    let label = one_line(&level.label);
    // "Hög" is enough beside a score, where there is no room for "Hög risk".
    let short = label.strip_suffix(" risk").unwrap_or(&label);
    json!({ "label": line(&label), "short": line(short), "fill": fill.hex(), "ink": fill.ink() })
}

fn find_level<'a>(policy: &'a Policy, key: Option<&str>) -> Option<&'a Level> {
    policy.levels.iter().find(|level| Some(level.key.as_str()) == key)
}

fn named_level(policy: &Policy, key: Option<&str>) -> Json {
    find_level(policy, key).map_or(Json::Null, level_view)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour(u8, u8, u8);

/// A colour by its name in a policy, or `#rrggbb`; grey where the policy says nothing that can be understood.
fn colour(name: &str) -> Colour {
    match name {
        "lightGreen" => Colour(0xcf, 0xe8, 0xc4),
        "green" => Colour(0x86, 0xc2, 0x7c),
        "yellow" => Colour(0xfa, 0xde, 0x6b),
        "orange" => Colour(0xf2, 0x99, 0x3e),
        "red" => Colour(0xb9, 0x27, 0x2d),
        _ => hex(name).unwrap_or(Colour(0xd9, 0xdd, 0xe2)),
    }
}

fn hex(text: &str) -> Option<Colour> {
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

/// The matrix as it is read: the highest likelihood at the top, consequences from left to right.
fn matrix(policy: &Policy, risks: &[&Risk]) -> Json {
    let rows: Vec<Json> = policy
        .likelihoods
        .iter()
        .zip(&policy.cells)
        .enumerate()
        .rev()
        .map(|(row, (step, cells))| {
            let cells: Vec<Json> = cells
                .iter()
                .enumerate()
                .map(|(column, cell)| {
                    let here = |value: Option<u32>, index: usize| {
                        value.is_some_and(|value| usize::try_from(value) == Ok(index + 1))
                    };
                    let mut numbers: Vec<u32> = risks
                        .iter()
                        .filter(|risk| here(risk.likelihood, row) && here(risk.consequence, column))
                        .map(|risk| risk.number)
                        .collect();
                    numbers.sort_unstable();
                    json!({
                        "score": number(i64::from(cell.score)),
                        "level": named_level(policy, Some(&cell.level)),
                        "risks": numbers.iter().map(u32::to_string).collect::<Vec<_>>(),
                    })
                })
                .collect();
            json!({ "step": step.step.to_string(), "label": line(&step.label), "cells": cells })
        })
        .collect();
    let columns: Vec<Json> = policy
        .consequences
        .iter()
        .map(|step| json!({ "step": step.step.to_string(), "label": line(&step.label) }))
        .collect();
    json!({ "rows": rows, "columns": columns })
}

/// The steps of the two scales, from the highest down.
fn steps(policy: &Policy) -> Json {
    let list = |steps: &[crate::snapshot::Step]| -> Vec<Json> {
        steps
            .iter()
            .rev()
            .map(|step| {
                json!({
                    "step": step.step.to_string(),
                    "label": line(&step.label),
                    "description": blocks(&step.description),
                })
            })
            .collect()
    };
    json!([
        { "name": "Sannolikhet", "steps": list(&policy.likelihoods) },
        { "name": "Konsekvens", "steps": list(&policy.consequences) },
    ])
}

/// The levels with what they demand and the scores that lead to them.
fn levels(policy: &Policy) -> Json {
    policy
        .levels
        .iter()
        .map(|level| {
            json!({
                "level": level_view(level),
                "scores": line(&scores(policy, &level.key)),
                "demand": blocks(&level.demand),
            })
        })
        .collect()
}

/// "10–12", or each score where another level has some of those between.
fn scores(policy: &Policy, key: &str) -> String {
    let of = |mine: bool| -> BTreeSet<i32> {
        let cells = policy.cells.iter().flatten();
        cells.filter(|cell| (cell.level == key) == mine).map(|cell| cell.score).collect()
    };
    let (mine, others) = (of(true), of(false));
    let (Some(&first), Some(&last)) = (mine.first(), mine.last()) else {
        return String::new();
    };
    let said = |score: i32| number(i64::from(score));
    if first == last {
        said(first)
    } else if others.range(first..=last).next().is_some() {
        mine.into_iter().map(said).collect::<Vec<_>>().join(", ")
    } else {
        // A dash between negative scores would read as one more sign.
        let dash = if first < 0 { " till " } else { "–" };
        format!("{}{dash}{}", said(first), said(last))
    }
}

fn goal_view(goal: &Goal, snapshot: &PlanSnapshot) -> Json {
    let number = goal.number.as_deref().map(one_line).filter(|number| !number.is_empty());
    let kicker = number.map_or_else(|| "Mål".to_owned(), |number| format!("Mål {number}"));
    json!({
        "name": line(&format!("{kicker}: {}", goal.name)),
        "risks": goal.risks.iter().map(|risk| risk_view(risk, snapshot)).collect::<Vec<_>>(),
    })
}

fn risk_view(risk: &Risk, snapshot: &PlanSnapshot) -> Json {
    let policy = &snapshot.policy;
    let step = |steps: &[crate::snapshot::Step], value: Option<u32>| {
        let label = value
            .and_then(|value| usize::try_from(value).ok()?.checked_sub(1))
            .and_then(|index| steps.get(index))
            .map(|step| one_line(&step.label))
            .filter(|label| !label.is_empty());
        match (value, label) {
            (Some(value), Some(label)) => line(&format!("{value} – {label}")),
            (Some(value), None) => json!(value.to_string()),
            (None, _) => Json::Null,
        }
    };
    json!({
        "number": risk.number.to_string(),
        "reference": line(&risk.reference),
        "name": line(&risk.name),
        "description": optional_blocks(risk.description.as_deref()),
        "localGoal": optional_line(risk.local_goal.as_deref()),
        "organisation": optional_line(risk.organisation.as_deref()),
        "owner": optional_line(risk.owner.as_deref()),
        "category": word(&CATEGORIES, risk.category.as_deref()),
        "response": word(&RESPONSES, risk.response.as_deref()),
        "likelihood": risk.likelihood.map(|value| value.to_string()),
        "consequence": risk.consequence.map(|value| value.to_string()),
        "likelihoodStep": step(&policy.likelihoods, risk.likelihood),
        "consequenceStep": step(&policy.consequences, risk.consequence),
        "score": risk.score.map(|score| number(i64::from(score))),
        "level": named_level(policy, risk.level.as_deref()),
        "targetLevel": named_level(policy, risk.target_level.as_deref()),
        "change": risk.change.as_ref().map(|change| match change {
            Change::New => "Ny".to_owned(),
            Change::Unchanged => "Oförändrat".to_owned(),
            Change::Raised { previous } => format!("Höjt från {}", number(i64::from(*previous))),
            Change::Lowered { previous } => format!("Sänkt från {}", number(i64::from(*previous))),
            Change::NotComparable => "Ej jämförbart".to_owned(),
        }),
        "mandatory": matches!(risk.inclusion, Inclusion::Mandatory { .. }),
        "irregularity": risk.irregularity,
        "secrecy": risk.secrecy.as_ref().map(|marking| blocks(&format!(
            "{}, {}, {}",
            one_line(&marking.provision),
            marking.date,
            one_line(&marking.authority),
        ))),
        "inclusion": inclusion(risk, policy),
        "justification": optional_blocks(risk.justification.as_deref()),
        "controls": risk.controls.iter().map(|control| json!({
            "name": line(&control.name),
            "description": optional_blocks(control.description.as_deref()),
            "frequency": optional_line(control.frequency.as_deref()),
            "responsible": optional_line(control.responsible.as_deref()),
            "indicators": control.indicators.iter().map(|name| line(name)).filter(|name| !name.is_null()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "actions": risk.actions.iter().map(|action| action_view(action, snapshot.plan.year)).collect::<Vec<_>>(),
        "size": size(risk),
    })
}

/// Why the risk is in the plan.
fn inclusion(risk: &Risk, policy: &Policy) -> Json {
    match &risk.inclusion {
        Inclusion::Score => {
            let score = risk
                .score
                .map_or_else(|| "Riskvärdet".to_owned(), |score| format!("Riskvärdet {}", number(i64::from(score))));
            blocks(&format!("{score} ligger över gränsen {}.", number(i64::from(policy.threshold))))
        }
        Inclusion::Mandatory { area } => match area.as_deref().map(one_line).filter(|area| !area.is_empty()) {
            Some(area) => blocks(&format!("Obligatorisk risk inom riskområdet {area}. Ingår oavsett riskvärde.")),
            None => blocks("Obligatorisk risk. Ingår oavsett riskvärde."),
        },
        Inclusion::Decision { text } if text.trim().is_empty() => blocks("Tas med genom särskilt beslut."),
        Inclusion::Decision { text } => blocks(&format!("Tas med genom särskilt beslut. {}", text.trim_start())),
        Inclusion::None => blocks("Skälet saknas ännu."),
    }
}

fn action_view(action: &Action, year: i32) -> Json {
    json!({
        "name": line(&action.name),
        "description": optional_blocks(action.description.as_deref()),
        "start": action.start_date.map(|date| date.to_string()),
        "end": action.end_date.map(|date| date.to_string()),
        "responsible": optional_line(action.responsible.as_deref()),
        "added": action.added_after_adoption,
        "effect": action.financial_effect.as_ref().map(|effect| effect_view(effect, year)),
    })
}

fn amounts(effect: &FinancialEffect) -> [Option<i64>; 4] {
    [effect.full_year, effect.plan_year, effect.next_year, effect.year_after_next]
}

fn effect_view(effect: &FinancialEffect, year: i32) -> Json {
    let names = [
        "helår".to_owned(),
        year.to_string(),
        (year.saturating_add(1)).to_string(),
        (year.saturating_add(2)).to_string(),
    ];
    let list: Vec<String> = names
        .iter()
        .zip(amounts(effect))
        .filter_map(|(name, amount)| Some(format!("{name} {}\u{a0}Mnkr", tenths(amount?))))
        .collect();
    json!({
        "amounts": if list.is_empty() { Json::Null } else { json!(list.join(", ")) },
        "comment": optional_blocks(effect.comment.as_deref()),
    })
}

/// Which columns the tables have: one that would be empty in the whole document is left out.
fn columns(risks: &[&Risk]) -> Json {
    let some = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let controls = || risks.iter().flat_map(|risk| &risk.controls);
    let actions = || risks.iter().flat_map(|risk| &risk.actions);
    json!({
        "reference": risks.iter().any(|risk| !risk.reference.trim().is_empty()),
        "owner": risks.iter().any(|risk| some(&risk.owner)),
        "change": risks.iter().any(|risk| risk.change.is_some()),
        "controlFrequency": controls().any(|control| some(&control.frequency)),
        "controlResponsible": controls().any(|control| some(&control.responsible)),
        "actionStart": actions().any(|action| action.start_date.is_some()),
        "actionEnd": actions().any(|action| action.end_date.is_some()),
        "actionResponsible": actions().any(|action| some(&action.responsible)),
    })
}

/// Roughly how many letters a risk takes in the appendix; short ones are kept on one page.
fn size(risk: &Risk) -> usize {
    let text = |text: &Option<String>| text.as_deref().map_or(0, str::len);
    let mut size = 500 + risk.name.len() + text(&risk.description) + text(&risk.justification);
    if let Inclusion::Decision { text } = &risk.inclusion {
        size += text.len();
    }
    for control in &risk.controls {
        let indicators: usize = control.indicators.iter().map(|name| 30 + 3 * name.len()).sum();
        size += 100 + control.name.len() + text(&control.description) + indicators.max(2 * text(&control.frequency));
    }
    for action in &risk.actions {
        size += 100 + action.name.len() + text(&action.description);
        if let Some(effect) = &action.financial_effect {
            size += 80 + text(&effect.comment);
        }
    }
    size
}

fn gone(compared: Option<&Compared>) -> Json {
    let Some(compared) = compared.filter(|compared| !compared.gone.is_empty()) else {
        return Json::Null;
    };
    let reasons =
        compared.gone.iter().any(|gone| gone.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty()));
    json!({
        "sentence": match compared.gone.len() {
            1 => format!("1 risk i planen för {} finns inte med i den här planen.", compared.year),
            n => format!("{n} risker i planen för {} finns inte med i den här planen.", compared.year),
        },
        "reasons": reasons,
        "risks": compared.gone.iter().map(|gone| json!({
            "reference": line(&gone.reference),
            "name": line(&gone.name),
            "reason": optional_blocks(gone.reason.as_deref()),
        })).collect::<Vec<_>>(),
    })
}

fn risks(count: u64) -> String {
    if count == 1 { "1 risk".into() } else { format!("{count} risker") }
}

/// "a", "a och b", "a, b och c".
fn enumeration(list: &[String]) -> String {
    match list {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} och {last}", first.join(", ")),
    }
}

/// With a real minus sign.
fn number(value: i64) -> String {
    if value < 0 { format!("−{}", value.unsigned_abs()) } else { value.to_string() }
}

/// Tenths with the decimal comma, and thin groups of three: "1 234,5".
fn tenths(value: i64) -> String {
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

fn long_date(date: NaiveDate) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Cell;

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
    fn the_scores_of_a_level_are_a_range_only_when_they_are_its_own() {
        let policy = |cells: &[&[(i32, &str)]]| Policy {
            version_id: String::new(),
            name: String::new(),
            version: 1,
            threshold: 8,
            likelihoods: Vec::new(),
            consequences: Vec::new(),
            cells: cells
                .iter()
                .map(|row| row.iter().map(|(score, level)| Cell { score: *score, level: (*level).into() }).collect())
                .collect(),
            levels: Vec::new(),
        };
        let plain = policy(&[&[(1, "low"), (2, "low")], &[(10, "high"), (12, "high")], &[(5, "medium")]]);
        assert_eq!(scores(&plain, "low"), "1–2");
        assert_eq!(scores(&plain, "high"), "10–12");
        assert_eq!(scores(&plain, "medium"), "5");
        assert_eq!(scores(&plain, "veryHigh"), "");
        let mixed = policy(&[&[(1, "low"), (3, "low"), (4, "low")], &[(2, "high"), (9, "high")]]);
        assert_eq!(scores(&mixed, "low"), "1, 3, 4");
        assert_eq!(scores(&mixed, "high"), "2, 9");
        assert_eq!(scores(&policy(&[&[(-3, "low"), (-1, "low")]]), "low"), "−3 till −1");
    }
}
