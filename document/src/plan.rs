//! The plan as a document.

use chrono::Datelike;

use crate::Version;
use crate::appendix::{self, Kind, appendix};
use crate::compilation::{compilation, gone, heading};
use crate::error::DocumentError;
use crate::marking::{Marked, plan_markings};
use crate::model::{Block, Document, Header, Notice};
use crate::revised;
use crate::snapshot::{Decision, Plan, PlanSnapshot, PlanStatus, SCHEMA};
use crate::text::{Prose, blocks, line, one_line, shortened};
use crate::words::{self, CATEGORIES, RECURRENCES, RESPONSES, SECTIONS, capital, long_date};

/// The plan's document. `masked` is how many things the public version masks; None in the full one.
pub(crate) fn document(snapshot: &PlanSnapshot, masked: Option<u32>) -> Result<Document, DocumentError> {
    check(snapshot)?;
    let version = version(masked);
    let marked = Marked::of(version, &plan_markings(snapshot));
    let plan = &snapshot.plan;
    let name = format!("{} {}", words::own(snapshot).plan(), plan.year);
    let diary_numbers = diary_numbers(&plan.diary_numbers, snapshot.decision.as_ref());
    let mut body = vec![Block::PageBreak];
    body.extend(self::body(snapshot, compilation(snapshot, plan.illustrative, version)));
    let sections = control_sections(snapshot);
    let sections = sections.iter().filter(|block| matches!(block, Block::Heading { .. })).count();
    let entries =
        snapshot.standing_texts.len() + sections + snapshot.goals.iter().filter(|g| !g.risks.is_empty()).count();
    body.extend(appendix(snapshot, Kind::Plan, version));
    body.extend(snapshot.checkpoint.as_ref().map(appendix::checkpoint));
    Ok(Document {
        identity: format!("riskregister plan {}", plan.id),
        title: format!("{name} – {}{}", shortened(&plan.organisation, 200), marked.title()),
        date: snapshot.decision.as_ref().map(date),
        draft: plan.status != PlanStatus::Adopted,
        header: header(plan, &diary_numbers),
        register: register(snapshot),
        organisation: line(&plan.organisation),
        facts: facts(snapshot, &diary_numbers),
        notices: notices(plan.illustrative, masked, &marked),
        secrecy: marked.head(),
        long_contents: entries > 30,
        name,
        body,
    })
}

/// What stands before the appendix, with the compilation of risks in its place.
pub(crate) fn body(snapshot: &PlanSnapshot, compilation: Vec<Block>) -> Vec<Block> {
    let mut body = Vec::new();
    // First, where its tables begin on a new page and other text follows: no part of it stands on a page alone.
    if let Some(revised) = &snapshot.revised {
        body.extend(revised::chapter(revised));
    }
    body.extend(ground(snapshot));
    let control = control_sections(snapshot);
    if !control.is_empty() {
        body.push(heading(1, "Intern kontroll"));
        body.extend(control);
    }
    body.push(Block::PageBreak);
    body.extend(compilation);
    let gone = gone(snapshot.compared_with.as_ref());
    if !gone.is_empty() {
        body.push(heading(2, "Risker som inte längre ingår i planen"));
        body.extend(gone);
    }
    body
}

/// A public version tells how much it masks.
pub(crate) fn version(masked: Option<u32>) -> Version {
    if masked.is_some() { Version::Public } else { Version::Full }
}

pub(crate) fn date(decision: &Decision) -> [i32; 3] {
    let date = decision.decided_on;
    // Months and days are small.
    [date.year(), i32::try_from(date.month()).unwrap_or(1), i32::try_from(date.day()).unwrap_or(1)]
}

pub(crate) fn header(plan: &Plan, diary_numbers: &[String]) -> Header {
    let short = match &plan.abbreviation {
        Some(abbreviation) if plan.organisation.chars().count() > 60 && !abbreviation.trim().is_empty() => abbreviation,
        _ => &plan.organisation,
    };
    Header {
        organisation: shortened(short, 60),
        diary_numbers: line(&diary_numbers.join(", ")).map(|numbers| shortened(&numbers, 70)),
    }
}

pub(crate) fn register(snapshot: &PlanSnapshot) -> Option<String> {
    line(&snapshot.register).filter(|_| snapshot.plan.organisation.trim() != snapshot.register.trim())
}

pub(crate) fn notices(illustrative: bool, masked: Option<u32>, marked: &Marked) -> Vec<Notice> {
    let notice =
        |heading: &str, text: &str| Notice { heading: heading.to_owned(), text: text.to_owned(), alarm: false };
    let mut notices = Vec::new();
    if !marked.all.is_empty() {
        let said = notice(
            "Sekretessmarkerad",
            &format!(
                "Dokumentet innehåller uppgifter som kan omfattas av sekretess: {}. Varje sådan uppgift är märkt där den \
                 står.",
                marked.all.join("; ")
            ),
        );
        notices.push(Notice { alarm: true, ..said });
    }
    match masked {
        None => {}
        Some(0) => notices.push(notice("Offentlig version", "Inga uppgifter i dokumentet är maskerade.")),
        Some(1) => notices
            .push(notice("Offentlig version", "1 uppgift är maskerad eftersom den omfattas av en sekretessmarkering.")),
        Some(n) => notices.push(notice(
            "Offentlig version",
            &format!("{n} uppgifter är maskerade eftersom de omfattas av en sekretessmarkering."),
        )),
    }
    if illustrative {
        notices.push(notice(
            "Exempel",
            "Bedömningarna i det här dokumentet är påhittade för att visa hur registret fungerar. De säger inget om \
             verkliga risker.",
        ));
    }
    notices
}

/// The legal texts and the guideline, then the body's own background.
pub(crate) fn ground(snapshot: &PlanSnapshot) -> Vec<Block> {
    let texts: Vec<_> = snapshot
        .standing_texts
        .iter()
        .map(|text| (line(&text.heading), blocks(&text.text)))
        .filter(|(heading, text)| heading.is_some() || !text.is_empty())
        .collect();
    let background = section(snapshot, "background");
    if texts.is_empty() && background.is_empty() {
        return Vec::new();
    }
    let alone = texts.is_empty();
    let chapter = heading(1, "Bakgrund och rättslig grund");
    let mut ground = vec![if alone { of_section(chapter, "background") } else { chapter }];
    for (name, text) in texts {
        ground.extend(name.map(|name| heading(2, &name)));
        if !text.is_empty() {
            ground.push(Block::Prose { text });
        }
    }
    if !background.is_empty() {
        if !alone {
            ground.push(of_section(heading(2, "Bakgrund"), "background"));
        }
        ground.push(Block::Prose { text: background });
    }
    ground
}

/// What is sealed must not contradict itself; better no document than a wrong one.
pub(crate) fn check(snapshot: &PlanSnapshot) -> Result<(), DocumentError> {
    let fail = |why: String| Err(DocumentError::Snapshot(why));
    if !readable(snapshot.schema, SCHEMA) {
        return fail(format!("schema {} where 1 to {SCHEMA} can be read", snapshot.schema));
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
    let schedules = snapshot.goals.iter().flat_map(|goal| &goal.risks).flat_map(|risk| &risk.controls);
    for schedule in schedules.filter_map(|control| control.schedule.as_ref()) {
        let unknown = schedule.recurrences.iter().find(|key| !RECURRENCES.iter().any(|(known, _)| known == key));
        let unknown = unknown.or(schedule.due_period.as_ref().filter(|word| !PERIODS.contains(&word.as_str())));
        if let Some(word) = unknown {
            return fail(format!("a control that is due {word}"));
        }
    }
    if let Some(revised) = &snapshot.revised {
        revised::check(revised)?;
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

/// Whether a snapshot of this shape can be read: what was sealed in an earlier one always can.
pub(crate) fn readable(schema: u32, newest: u32) -> bool {
    (1..=newest).contains(&schema)
}

/// The periods of a [`Schedule`](crate::snapshot::Schedule).
const PERIODS: [&str; 3] = ["t1", "interim", "annual"];

/// All diary numbers, once each: the body's own first, those that came with the decision last.
pub(crate) fn diary_numbers(own: &[String], decision: Option<&Decision>) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for number in own.iter().chain(decision.iter().flat_map(|decision| &decision.diary_numbers)) {
        let number = one_line(number);
        if !number.is_empty() && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers
}

/// The organisation with its abbreviation, under the word for what it is.
pub(crate) fn organisation(plan: &Plan) -> (String, String) {
    let organisation = match plan.abbreviation.as_deref().map(str::trim) {
        Some(abbreviation) if !abbreviation.is_empty() && abbreviation != plan.organisation.trim() => {
            format!("{} ({abbreviation})", plan.organisation)
        }
        _ => plan.organisation.clone(),
    };
    let label = if plan.organisation_kind == "company" { "Bolag" } else { "Organisation" };
    (label.to_owned(), one_line(&organisation))
}

/// "nämnden 2 maj 2024, § 12".
pub(crate) fn decided(decision: &Decision) -> String {
    let paragraph = one_line(&decision.paragraph);
    let paragraph = if paragraph.is_empty() { paragraph } else { format!(", §\u{a0}{paragraph}") };
    format!("{} {}{paragraph}", one_line(&decision.deciding_board), long_date(decision.decided_on))
}

/// What came with a decision, under the title, a line each: the same of plans and of reports.
pub(crate) fn with_decision(decision: &Decision, plan: &PlanSnapshot) -> Vec<(String, String)> {
    let fact = |label: String, text: &str| line(text).map(|text| (label, text));
    let early = decision.early_reason.as_deref().unwrap_or_default();
    let change = decision.board_change.as_deref().unwrap_or_default();
    let mut facts: Vec<_> = fact("Beslut i förtid".into(), early).into_iter().collect();
    if let Some((_, reason)) = facts.first_mut() {
        *reason = format!("Fattat före periodens sista dag: {reason}");
    }
    facts.extend(fact(format!("{} ändring", capital(&words::spoken(plan).boards)), change));
    let clauses: Vec<&String> = decision.clauses.iter().filter(|clause| !clause.trim().is_empty()).collect();
    for (at, clause) in clauses.iter().enumerate() {
        let label = if clauses.len() > 1 { format!("Beslutssats {}", at + 1) } else { "Beslutssats".into() };
        facts.extend(fact(label, clause));
    }
    facts.extend(fact("Skickas till".into(), &decision.sent_to.join("; ")));
    facts
}

/// The lines under the title: what it is a plan for, and whether it is decided.
fn facts(snapshot: &PlanSnapshot, diary_numbers: &[String]) -> Vec<(String, String)> {
    let plan = &snapshot.plan;
    let fact = |label: &str, text: String| (label.to_owned(), text);
    let mut facts = vec![organisation(plan)];
    if plan.revision > 1 {
        facts.push(fact("Version", format!("{} (reviderad)", plan.revision)));
        if let Some(changes) = snapshot.revised.as_ref().and_then(revised::counted) {
            facts.push(fact("Revideringen", format!("{changes}, se kapitlet Revideringen")));
        }
    }
    if !diary_numbers.is_empty() {
        facts.push(fact("Diarienummer", diary_numbers.join(", ")));
    }
    let decision = match &snapshot.decision {
        Some(decision) => format!("Fastställd av {}", decided(decision)),
        None if plan.status == PlanStatus::Proposed => "UTKAST – förslag till beslut, planen är inte fastställd".into(),
        None => "UTKAST – under arbete, planen är inte fastställd".into(),
    };
    facts.push(fact("Beslut", decision));
    facts.extend(snapshot.decision.iter().flat_map(|decision| with_decision(decision, snapshot)));
    facts
}

/// A heading over the plan's own text with this key.
fn of_section(heading: Block, key: &'static str) -> Block {
    match heading {
        Block::Heading { level, text, numbered, outlined, .. } => {
            Block::Heading { level, text, numbered, outlined, of: Some(key) }
        }
        other => other,
    }
}

pub(crate) fn section(snapshot: &PlanSnapshot, key: &str) -> Prose {
    let texts: Vec<&str> =
        snapshot.sections.iter().filter(|section| section.key == key).map(|section| section.text.as_str()).collect();
    blocks(&texts.join("\n\n"))
}

/// The sections on internal control, in the fixed order that readers know from COSO; those without text are left
/// out.
pub(crate) fn control_sections(snapshot: &PlanSnapshot) -> Vec<Block> {
    let boards = words::spoken(snapshot).boards;
    let mut sections = Vec::new();
    for (key, name, lead) in SECTIONS {
        let text = section(snapshot, key);
        if text.is_empty() {
            continue;
        }
        sections.push(of_section(heading(2, name), key));
        sections.extend(line(&lead.replace("{boards}", &boards)).map(|text| Block::Lead { text }));
        sections.push(Block::Prose { text });
    }
    sections
}
