//! The follow-up report as a document.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::Version;
use crate::appendix::{self, Kind, amount_names, amounts, appendix, control_status, counts, numbers};
use crate::compilation::{
    all_risks, column, compared, compilation, gone, heading, lead_in, sentence, table, value_and_level, wide_column,
};
use crate::error::DocumentError;
use crate::files;
use crate::marking::{Marked, always, mark, marks, report_markings};
use crate::model::{Block, Cell, Chart, Document, Group, Mark, Part, Row, Style, Table};
use crate::plan;
use crate::revised;
use crate::snapshot::{
    Action, ActionEffect, ActionName, ActionStatus, Control, ControlStatus, Counts, Deficiency, FinancialEffect,
    MandatoryKind, OutcomeCount, PeriodKind, PlanSnapshot, REPORT_SCHEMA, Recommendation, RecommendationStatus,
    ReportSnapshot, ReportStatus, Revised, Revision, Risk, Secrecy, Side, Since, StatusCounts, TrendPeriod,
};
use crate::text::{blocks, line, one_line, optional_blocks, optional_line, shortened};
use crate::words::{self, Own, Scaled, capital, enumeration, long_date, number, tenths};

/// The report's document. `masked` is how many things the public version masks; None in the full one.
pub(crate) fn document(snapshot: &ReportSnapshot, masked: Option<u32>) -> Result<Document, DocumentError> {
    check(snapshot)?;
    let version = plan::version(masked);
    let marked = Marked::of(version, &report_markings(snapshot));
    let report = &snapshot.report;
    let plan = &snapshot.plan.plan;
    let name = words::own(&snapshot.plan).report(report.kind, plan.year);
    let diary_numbers = plan::diary_numbers(&report.diary_numbers, snapshot.decision.as_ref());
    let illustrative = report.illustrative || plan.illustrative;
    let mut body = vec![Block::PageBreak];
    body.extend(self::body(snapshot, version, compilation(&snapshot.plan, illustrative, version)));
    let entries = body.iter().filter(|block| matches!(block, Block::Heading { .. })).count()
        + snapshot.plan.goals.iter().filter(|goal| !goal.risks.is_empty()).count();
    body.extend(appendix(&snapshot.plan, Kind::Report, version));
    body.extend(files::section(snapshot, version));
    body.extend(snapshot.checkpoint.as_ref().map(appendix::checkpoint));
    Ok(Document {
        identity: format!("riskregister report {}", report.id),
        title: format!("{name} – {}{}", shortened(&plan.organisation, 200), marked.title()),
        date: snapshot.decision.as_ref().map(plan::date),
        draft: report.status != ReportStatus::Decided,
        header: plan::header(plan, &diary_numbers),
        register: plan::register(&snapshot.plan),
        organisation: line(&plan.organisation),
        facts: facts(snapshot, &diary_numbers),
        notices: plan::notices(illustrative, masked, &marked),
        secrecy: marked.head(),
        long_contents: entries > 34,
        name,
        body,
    })
}

/// What stands before the appendix, with the compilation of risks in its place.
pub(crate) fn body(snapshot: &ReportSnapshot, version: Version, compilation: Vec<Block>) -> Vec<Block> {
    let seen = Seen::of(snapshot, version);
    let mut body = summary(snapshot, &seen);
    body.push(Block::PageBreak);
    body.extend(compilation);
    body.extend(changes(snapshot, &seen));
    body.extend(mandatory(snapshot, &seen));
    body.extend(trend(snapshot, &seen));
    body.extend(indicators(snapshot, &seen));
    body.extend(deficiencies(snapshot, &seen));
    body.extend(recommendations(snapshot, &seen));
    body.extend(irregularities(snapshot, version));
    body.extend(financial_effects(snapshot, version));
    body.extend(components(snapshot));
    for (name, text) in [("Slutsats", &snapshot.texts.conclusion), ("Försäkran", &snapshot.texts.assurance)] {
        let text = optional_blocks(text.as_deref());
        if !text.is_empty() {
            body.extend([heading(1, name), Block::Prose { text }]);
        }
    }
    body.extend(of_the_plan(&snapshot.plan));
    body
}

/// What the plan says of its ground and of how the internal control works: the frame that the results are read in. Last,
/// since the board reads of the results first.
fn of_the_plan(plan: &PlanSnapshot) -> Vec<Block> {
    let mut body = plan::ground(plan);
    let sections = plan::control_sections(plan);
    if !sections.is_empty() {
        let mut said = format!("Texterna står i {}", words::own(plan).in_the_plan(plan.plan.year));
        if let Some(decision) = &plan.decision {
            said += &format!(", fastställd av {}", plan::decided(decision));
        }
        body.extend([heading(1, CONTROL_OF_THE_PLAN), sentence(said + ".")]);
        body.extend(sections);
    }
    body
}

/// What the plan's own sections are called where they stand beside the report's.
pub(crate) const CONTROL_OF_THE_PLAN: &str = "Intern kontroll enligt planen";

/// What is sealed must not contradict itself; better no document than a wrong one.
pub(crate) fn check(snapshot: &ReportSnapshot) -> Result<(), DocumentError> {
    let fail = |why: String| Err(DocumentError::Snapshot(why));
    if !plan::readable(snapshot.schema, REPORT_SCHEMA) {
        return fail(format!("report schema {} where 1 to {REPORT_SCHEMA} can be read", snapshot.schema));
    }
    plan::check(&snapshot.plan)?;
    if let Some(revised) = revised(snapshot) {
        revised::check(revised)?;
    }
    let report = &snapshot.report;
    if (report.status == ReportStatus::Decided) != snapshot.decision.is_some() {
        return fail("a decision on a report that is not decided, or the other way round".into());
    }
    if report.replaces.is_some_and(|replaced| replaced >= report.version) {
        return fail("a report that replaces a later version or itself".into());
    }
    if report.period_to < report.period_from {
        return fail("a period that ends before it begins".into());
    }
    let seen = Seen::of(snapshot, Version::Full);
    let risk = |number: u32| seen.risks.contains_key(&number);
    let risk_numbers = snapshot.mandatory.iter().flat_map(|mandatory| mandatory.risk_numbers.iter().copied());
    let risk_numbers = risk_numbers.chain(snapshot.trend.risks.iter().map(|risk| risk.number));
    let risk_numbers = risk_numbers.chain(snapshot.since.iter().flat_map(|since| &since.scores).map(|x| x.number));
    if let Some(unknown) = risk_numbers.into_iter().find(|number| !risk(*number)) {
        return fail(format!("risk {unknown} is not in the plan"));
    }
    let control_ids = seen.items.iter().filter_map(|item| item.action()?.born_from.as_deref());
    let control_ids = control_ids.chain(snapshot.deficiencies.iter().filter_map(|d| d.control_id.as_deref()));
    for id in control_ids {
        if !seen.items.iter().any(|item| item.control().is_some_and(|control| control.id == id)) {
            return fail(format!("control {id} is not in the plan"));
        }
    }
    let of_plan = |name: &ActionName| match name {
        ActionName::Plan { id } => Some(id.clone()),
        ActionName::Elsewhere { .. } => None,
    };
    let mut action_ids: Vec<String> =
        seen.items.iter().filter_map(|item| item.control()?.report.as_ref()).flat_map(|r| r.findings.clone()).collect();
    action_ids.extend(snapshot.since.iter().flat_map(|since| since.new_actions.iter().cloned()));
    action_ids.extend(snapshot.since.iter().flat_map(|since| since.completed_actions.iter().cloned()));
    action_ids.extend(snapshot.recommendations.iter().flat_map(|r| &r.actions).filter_map(of_plan));
    action_ids.extend(snapshot.indicators.iter().flat_map(|i| &i.actions).filter_map(of_plan));
    if let Some(unknown) = action_ids.iter().find(|id| !seen.actions.contains_key(id.as_str())) {
        return fail(format!("action {unknown} is not in the plan"));
    }
    let versions = snapshot.trend.versions.len();
    if snapshot.trend.risks.iter().any(|risk| risk.versions.len() != versions) {
        return fail(format!("scores for other than the {versions} versions of the plan"));
    }
    let periods = snapshot.trend.periods.len();
    if snapshot.trend.risks.iter().any(|risk| risk.scores.len() != periods) {
        return fail(format!("scores for other than the {periods} periods of the trend"));
    }
    for component in &snapshot.self_assessment {
        if !COMPONENTS.iter().any(|(key, _)| *key == component.key) {
            return fail(format!("unknown component {}", component.key));
        }
        if component.principles.iter().any(|p| principle(p.number).is_none()) {
            return fail("a principle that is not one of the 17".into());
        }
    }
    Ok(())
}

/// A control or action with the risk it stands under.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub risk: &'a Risk,
    pub of: Either<'a>,
}

#[derive(Clone, Copy)]
pub(crate) enum Either<'a> {
    Control(&'a Control),
    Action(&'a Action),
}

impl<'a> Item<'a> {
    fn control(&self) -> Option<&'a Control> {
        match self.of {
            Either::Control(control) => Some(control),
            Either::Action(_) => None,
        }
    }

    fn action(&self) -> Option<&'a Action> {
        match self.of {
            Either::Action(action) => Some(action),
            Either::Control(_) => None,
        }
    }

    fn name(&self) -> String {
        one_line(match self.of {
            Either::Control(control) => &control.name,
            Either::Action(action) => &action.name,
        })
    }

    fn kind(&self) -> &'static str {
        if matches!(self.of, Either::Control(_)) { "Kontroll" } else { "Åtgärd" }
    }

    fn responsible(&self) -> Option<&'a str> {
        match self.of {
            Either::Control(control) => control.responsible.as_deref(),
            Either::Action(action) => action.responsible.as_deref(),
        }
    }

    fn comment(&self) -> Option<&'a str> {
        match self.of {
            Either::Control(control) => control.report.as_ref()?.comment.as_deref(),
            Either::Action(action) => action.report.as_ref()?.comment.as_deref(),
        }
    }

    /// The marking of what is reported of it.
    fn report_secrecy(&self) -> Option<&'a Secrecy> {
        match self.of {
            Either::Control(control) => control.report.as_ref()?.secrecy.as_ref(),
            Either::Action(action) => action.report.as_ref()?.secrecy.as_ref(),
        }
    }

    /// Whether it has a status in the period without being due in it.
    fn stands_undue(&self) -> bool {
        match self.of {
            Either::Control(control) => control.report.as_ref().is_some_and(|r| !r.due && r.status.is_some()),
            Either::Action(action) => action.report.as_ref().is_some_and(|r| !r.due && r.status.is_some()),
        }
    }

    /// Due in the period, and whether it is reported.
    fn due(&self) -> Option<bool> {
        let (due, reported) = match self.of {
            Either::Control(control) => control.report.as_ref().map(|r| (r.due, r.reported))?,
            Either::Action(action) => action.report.as_ref().map(|r| (r.due, r.reported))?,
        };
        due.then_some(reported)
    }

    fn number(&self) -> Cell {
        Cell::strong(self.risk.number.to_string())
    }
}

/// The name of a risk, with its mark.
fn risk_name(risk: &Risk, version: Version) -> Cell {
    let mut parts = vec![Part::line(Style::Plain, one_line(&risk.name))];
    parts.extend(mark(version, risk.secrecy.as_ref()));
    Cell::new(parts)
}

/// What the report looks things up in.
pub(crate) struct Seen<'a> {
    risks: BTreeMap<u32, &'a Risk>,
    /// Controls, then actions, risk by risk.
    items: Vec<Item<'a>>,
    actions: BTreeMap<&'a str, Item<'a>>,
    version: Version,
    own: Own<'a>,
}

impl<'a> Seen<'a> {
    fn of(snapshot: &'a ReportSnapshot, version: Version) -> Self {
        let mut risks = BTreeMap::new();
        let mut items = Vec::new();
        let mut actions = BTreeMap::new();
        for risk in all_risks(&snapshot.plan) {
            risks.insert(risk.number, risk);
            items.extend(risk.controls.iter().map(|control| Item { risk, of: Either::Control(control) }));
            for action in &risk.actions {
                let item = Item { risk, of: Either::Action(action) };
                items.push(item);
                actions.insert(action.id.as_str(), item);
            }
        }
        Self { risks, items, actions, version, own: words::own(&snapshot.plan) }
    }

    /// Its name with the risk's mark, and what `below` says of it.
    fn named(&self, item: &Item, below: Option<Part>) -> Cell {
        let mut parts = vec![Part::line(Style::Plain, item.name())];
        parts.extend(below);
        parts.extend(mark(self.version, item.risk.secrecy.as_ref()));
        Cell::new(parts)
    }

    /// Its name, with what it is below it.
    fn named_with_kind(&self, item: &Item) -> Cell {
        self.named(item, Some(Part::line(Style::Small, item.kind())))
    }

    /// Names of actions, with the marks of their risks.
    fn action_names(&self, names: &[ActionName]) -> Vec<Part> {
        let mut parts = Vec::new();
        for name in names {
            match name {
                ActionName::Plan { id } => {
                    if let Some(item) = self.actions.get(id.as_str()) {
                        parts.push(Part::labelled(Style::Plain, "Åtgärd", item.name()));
                        parts.extend(mark(self.version, item.risk.secrecy.as_ref()));
                    }
                }
                ActionName::Elsewhere { name } => {
                    parts.extend(line(name).map(|name| Part::labelled(Style::Plain, "Åtgärd", name)));
                }
            }
        }
        parts
    }
}

// ---- The first page and the summary.

fn facts(snapshot: &ReportSnapshot, diary_numbers: &[String]) -> Vec<(String, String)> {
    let report = &snapshot.report;
    let plan = &snapshot.plan;
    let fact = |label: &str, text: String| (label.to_owned(), text);
    let mut facts = vec![
        plan::organisation(&plan.plan),
        fact("Period", format!("{} – {}", long_date(report.period_from), long_date(report.period_to))),
    ];
    match report.replaces {
        Some(replaced) => facts.push(fact("Version", format!("{}, ersätter version {replaced}", report.version))),
        None if report.version > 1 => facts.push(fact("Version", report.version.to_string())),
        None => {}
    }
    let mut followed = format!("{} {}", words::own(plan).plan(), plan.plan.year);
    if plan.plan.revision > 1 {
        followed += &format!(", {}", revised::version(plan.plan.revision));
    }
    if let Some(decision) = &plan.decision {
        followed += &format!(", fastställd av {}", plan::decided(decision));
    }
    let plan_numbers = plan::diary_numbers(&plan.plan.diary_numbers, plan.decision.as_ref());
    if !plan_numbers.is_empty() {
        followed += &format!(" ({})", plan_numbers.join(", "));
    }
    facts.push(fact("Plan", followed));
    if let Some(closed) = &report.closed_early {
        let on = long_date(closed.on);
        facts.push(fact("Stängd i förtid", format!("{on}, före periodens sista dag: {}", one_line(&closed.reason))));
    }
    if !diary_numbers.is_empty() {
        facts.push(fact("Diarienummer", diary_numbers.join(", ")));
    }
    if let Some(shown) = report.shown_to_management_on {
        facts.push(fact("Ledningsgruppen", format!("Visad {}", long_date(shown))));
    }
    let decision = match &snapshot.decision {
        Some(decision) => format!("Beslutad av {}", plan::decided(decision)),
        None if report.status == ReportStatus::Final => {
            "UTKAST – slutlig för beslut, uppföljningen är inte beslutad".into()
        }
        None => "UTKAST – under arbete, uppföljningen är inte beslutad".into(),
    };
    facts.push(fact("Beslut", decision));
    facts.extend(snapshot.decision.iter().flat_map(|decision| plan::with_decision(decision, plan)));
    facts
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

fn summary(snapshot: &ReportSnapshot, seen: &Seen) -> Vec<Block> {
    let mut body = vec![heading(1, "Sammanfattning")];
    let introduction = optional_blocks(snapshot.texts.introduction.as_deref());
    if !introduction.is_empty() {
        body.push(Block::Prose { text: introduction });
    }
    let controls = seen.items.iter().filter(|item| item.control().is_some());
    let actions = seen.items.iter().filter(|item| item.action().is_some());
    let mut said = vec![format!(
        "Planen omfattar {} med {} och {}.",
        words::risks(seen.risks.len() as u64),
        counted(controls.clone().count(), "kontroll", "kontroller"),
        counted(actions.clone().count(), "åtgärd", "åtgärder"),
    )];
    let due: Vec<bool> = seen.items.iter().filter_map(Item::due).collect();
    let reported = due.iter().filter(|reported| **reported).count();
    let due_controls = controls.filter(|item| item.due().is_some()).count();
    let due_actions = actions.filter(|item| item.due().is_some()).count();
    said.push(if due.is_empty() {
        "Ingenting skulle rapporteras i perioden.".to_owned()
    } else {
        let until = snapshot.report.deadline.map(|date| format!(" senast {}", long_date(date))).unwrap_or_default();
        let due_words = [
            (due_controls > 0).then(|| counted(due_controls, "kontroll", "kontroller")),
            (due_actions > 0).then(|| counted(due_actions, "åtgärd", "åtgärder")),
        ];
        let due_words: Vec<String> = due_words.into_iter().flatten().collect();
        format!("I perioden skulle {} rapporteras{until}.", enumeration(&due_words))
    });
    if !due.is_empty() {
        said.push(match due.len() - reported {
            0 => "Allt har rapporterats.".to_owned(),
            missing => format!("{reported} av {} har rapporterats och {missing} saknas.", due.len()),
        });
    }
    body.push(sentence(said.join(" ")));

    let own = seen.own;
    body.push(heading(2, "Status i perioden"));
    let mut guide =
        "Vad varje status betyder framgår av läsanvisningen i bilaga 1. Siffrorna till höger är riskernas nummer."
            .to_owned();
    // Those that have a status without being due are counted in the table, and not above it.
    let undue = |is_of: fn(&Item) -> bool| seen.items.iter().filter(|item| is_of(item) && item.stands_undue()).count();
    let (undue_controls, undue_actions) =
        (undue(|item| item.control().is_some()), undue(|item| item.action().is_some()));
    let undue_words: Vec<String> = [
        (undue_controls > 0).then(|| counted(undue_controls, "kontroll", "kontroller")),
        (undue_actions > 0).then(|| counted(undue_actions, "åtgärd", "åtgärder")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !undue_words.is_empty() {
        guide.push_str(&format!(
            " I tabellen räknas också {} som inte skulle rapporteras i perioden.",
            enumeration(&undue_words)
        ));
    }
    body.push(lead_in(guide));
    body.push(Block::Table(Table::new(
        vec![column("Status", 74), column("Antal", 18).kept(), wide_column("Risker").kept()],
        vec![
            status_group(
                "Kontroller",
                seen,
                |item| {
                    let report = item.control()?.report.as_ref()?;
                    Some(report.status.map(|status| own.mark(status)).or_else(|| report.due.then(words::missing)))
                },
                &own.marks::<ControlStatus>(),
            ),
            status_group(
                "Åtgärder",
                seen,
                |item| {
                    let report = item.action()?.report.as_ref()?;
                    Some(report.status.map(|status| own.mark(status)).or_else(|| report.due.then(words::missing)))
                },
                &own.marks::<ActionStatus>(),
            ),
            status_group(
                "Åtgärdernas effekt",
                seen,
                |item| {
                    let report = item.action()?.report.as_ref()?;
                    Some(report.effect.map(|effect| own.mark(effect)))
                },
                &own.marks::<ActionEffect>(),
            ),
        ],
    )));

    body.push(heading(2, "Röd status"));
    let red: Vec<Row> = seen.items.iter().filter_map(|item| red(item, seen)).collect();
    if red.is_empty() {
        body.push(sentence(match (due.len(), reported) {
            (0, _) => "Ingenting skulle rapporteras i perioden, så ingen status har satts.".to_owned(),
            (_, 0) => "Ingen status har rapporterats i perioden.".to_owned(),
            (all, some) if some < all => {
                format!(
                    "Ingen av de {some} rapporterade kontrollerna och åtgärderna har röd status. {} saknar rapport.",
                    all - some
                )
            }
            _ => "Ingen kontroll eller åtgärd har röd status.".to_owned(),
        }));
    } else {
        body.push(table(
            vec![
                column("Risk", 12),
                column("Kontroll eller åtgärd", 52),
                column("Status", 38),
                wide_column("Kommentar").kept(),
            ],
            red,
        ));
    }
    let late: Vec<Row> = seen.items.iter().filter_map(|item| late(item, seen)).collect();
    if !late.is_empty() {
        body.push(heading(2, "Åtgärder som ligger efter tidplanen"));
        body.push(table(
            vec![
                column("Risk", 12),
                wide_column("Åtgärd"),
                column("Start", 22),
                column("Slut", 22),
                column("Avvikelse", 48),
            ],
            late,
        ));
    }
    if snapshot.decision.is_none() {
        let missing: Vec<Row> = seen
            .items
            .iter()
            .filter(|item| item.due() == Some(false))
            .map(|item| {
                let responsible = Cell::maybe(optional_line(item.responsible()));
                Row::new(vec![item.number(), seen.named_with_kind(item), responsible])
            })
            .collect();
        if !missing.is_empty() {
            body.push(heading(2, "Rapporter som saknas"));
            body.push(table(
                vec![column("Risk", 12), wide_column("Kontroll eller åtgärd"), column("Ansvarig", 50)],
                missing,
            ));
        }
    }
    body
}

/// One row a value of the scale, and one for what is missing where something is.
fn status_group(name: &str, seen: &Seen, value: impl Fn(&Item) -> Option<Option<Mark>>, scale: &[Mark; 4]) -> Group {
    let mut rows = Vec::new();
    for mark in scale.iter().cloned().chain([words::missing()]) {
        let of: Vec<u32> = seen
            .items
            .iter()
            .filter(|item| value(item).flatten().as_ref() == Some(&mark))
            .map(|item| item.risk.number)
            .collect();
        if of.is_empty() && mark == words::missing() {
            continue;
        }
        let numbers: Vec<u32> = of.iter().copied().collect::<BTreeSet<u32>>().into_iter().collect();
        let numbers = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        rows.push(Row::new(vec![Cell::status(mark), Cell::text(of.len().to_string()), Cell::text(numbers)]));
    }
    Group { name: Some(name.to_owned()), rows }
}

fn red(item: &Item, seen: &Seen) -> Option<Row> {
    let marks: Vec<Mark> = match item.of {
        Either::Control(control) => {
            let status = control.report.as_ref()?.status?;
            (status == ControlStatus::NotPerformed).then(|| seen.own.mark(status)).into_iter().collect()
        }
        Either::Action(action) => {
            let report = action.report.as_ref()?;
            let status = report.status.filter(|status| *status == ActionStatus::OffPlan);
            let effect = report.effect.filter(|effect| *effect == ActionEffect::NotDesired);
            status.map(|one| seen.own.mark(one)).into_iter().chain(effect.map(|one| seen.own.mark(one))).collect()
        }
    };
    (!marks.is_empty()).then(|| {
        let status = Cell::new(marks.into_iter().map(Part::Status).collect());
        let mut comment: Vec<Part> = prose_part(item.comment()).into_iter().collect();
        if !comment.is_empty() {
            comment.extend(mark(seen.version, item.report_secrecy()));
        }
        Row::new(vec![item.number(), seen.named_with_kind(item), status, Cell::new(comment)])
    })
}

fn late(item: &Item, seen: &Seen) -> Option<Row> {
    let action = item.action()?;
    let report = action.report.as_ref()?;
    let mut said = Vec::new();
    if report.overdue {
        said.push(Part::line(Style::Plain, "Slutdatum har passerat"));
    }
    if report.late_to_start {
        said.push(Part::line(Style::Plain, "Startdatum har passerat"));
    }
    let date = |date: Option<NaiveDate>| Cell::maybe(date.map(|date| date.to_string()));
    (!said.is_empty()).then(|| {
        let name = seen.named(item, None);
        Row::new(vec![item.number(), name, date(action.start_date), date(action.end_date), Cell::new(said)])
    })
}

// ---- What has changed.

fn changes(snapshot: &ReportSnapshot, seen: &Seen) -> Vec<Block> {
    let mut body = vec![heading(1, "Förändringar")];
    let year = snapshot.plan.plan.year;
    match &snapshot.since {
        None => {
            body.push(sentence("Det finns ingen tidigare beslutad uppföljning av planen att jämföra med."));
            if let Some(revised) = revised(snapshot) {
                body.push(heading(2, &format!("Sedan version {} av planen", revised.since)));
                body.extend(revised::told(revised));
            }
        }
        Some(since) => {
            body.push(heading(2, &format!("Sedan {}", seen.own.period(since.kind, year))));
            body.extend(changes_since(since, year, seen));
        }
    }
    let sentence_of_plan = compared(&snapshot.plan);
    let gone = gone(snapshot.plan.compared_with.as_ref());
    if let Some(compared) = &snapshot.plan.compared_with
        && (sentence_of_plan.is_some() || !gone.is_empty())
    {
        body.push(heading(2, &format!("Sedan planen för {}", compared.year)));
        body.extend(sentence_of_plan.map(sentence));
        body.extend(gone);
    }
    body
}

/// What a version of the plan has changed since the last follow-up, where this is the first to follow it.
pub(crate) fn revised(snapshot: &ReportSnapshot) -> Option<&Revised> {
    match &snapshot.since {
        Some(since) => since.revised.as_ref(),
        None => snapshot.plan.revised.as_ref(),
    }
}

fn changes_since(since: &Since, year: i32, seen: &Seen) -> Vec<Block> {
    let mut body = Vec::new();
    let mut last = format!("Den förra uppföljningen avsåg {}", seen.own.period(since.kind, year));
    if since.version > 1 {
        last += &format!(" (version {})", since.version);
    }
    body.push(sentence(match since.decided_on {
        Some(date) => format!("{last} och beslutades {}.", long_date(date)),
        None => format!("{last} och är inte beslutad."),
    }));
    let score = |score: Option<i32>| score.map_or_else(|| "Ej bedömd".to_owned(), |score| number(i64::from(score)));
    let scores: Vec<Row> = since
        .scores
        .iter()
        .filter_map(|then| {
            let risk = seen.risks.get(&then.number)?;
            (risk.score != then.score).then(|| {
                Row::new(vec![
                    Cell::strong(risk.number.to_string()),
                    risk_name(risk, seen.version),
                    Cell::text(score(then.score)),
                    Cell::text(score(risk.score)),
                ])
            })
        })
        .collect();
    if let Some(revised) = &since.revised {
        body.extend(revised::told(revised));
    }
    let moved = since.revised.as_ref().is_some_and(|r| r.risks.iter().any(|risk| risk.what != Revision::Changed));
    if since.scores.is_empty() {
        body.push(sentence("Ingen risk finns i båda uppföljningarna, så inga riskvärden kan jämföras."));
    } else if scores.is_empty() && moved {
        body.push(sentence("Inget riskvärde har ändrats för de risker som finns i båda uppföljningarna."));
    } else if scores.is_empty() {
        body.push(sentence("Inget riskvärde har ändrats."));
    } else {
        body.push(lead_in("Riskvärden som har ändrats:"));
        body.push(table(vec![column("Nr", 12), wide_column("Risk"), column("Då", 24), column("Nu", 24)], scores));
    }
    let statuses: Vec<Row> = seen.items.iter().flat_map(|item| changed_statuses(item, seen)).collect();
    if !seen.items.iter().any(has_two_statuses) {
        body.push(sentence("Ingen kontroll eller åtgärd har status i båda uppföljningarna, så de kan inte jämföras."));
    } else if statuses.is_empty() {
        body.push(sentence("Ingen status har ändrats."));
    } else {
        body.push(lead_in("Status som har ändrats:"));
        let columns =
            vec![column("Risk", 12), wide_column("Kontroll eller åtgärd"), column("Då", 44), column("Nu", 44)];
        body.push(table(columns, statuses));
    }
    let actions =
        |ids: &[String]| -> Vec<Item> { ids.iter().filter_map(|id| seen.actions.get(id.as_str()).copied()).collect() };
    let new = actions(&since.new_actions);
    if !new.is_empty() {
        body.push(lead_in("Nya åtgärder:"));
        let rows = new.iter().filter_map(|item| {
            let action = item.action()?;
            let control = action.born_from.as_ref().and_then(|id| item.risk.controls.iter().find(|c| c.id == *id));
            let born =
                control.map(|control| Part::labelled(Style::Small, "Föranledd av kontrollen", one_line(&control.name)));
            let end = Cell::maybe(action.end_date.map(|date| date.to_string()));
            let responsible = Cell::maybe(optional_line(item.responsible()));
            Some(Row::new(vec![item.number(), seen.named(item, born), responsible, end]))
        });
        let columns = vec![column("Risk", 12), wide_column("Åtgärd"), column("Ansvarig", 44), column("Slut", 24)];
        body.push(table(columns, rows.collect()));
    }
    let completed = actions(&since.completed_actions);
    if !completed.is_empty() {
        body.push(lead_in("Slutförda åtgärder:"));
        let rows = completed.iter().map(|item| {
            let date = item.action().and_then(|action| action.report.as_ref()?.completed_on);
            Row::new(vec![item.number(), seen.named(item, None), Cell::maybe(date.map(|date| date.to_string()))])
        });
        body.push(table(vec![column("Risk", 12), wide_column("Åtgärd"), column("Slutförd", 24)], rows.collect()));
    }
    body
}

/// Whether it can be compared at all: a status in the last report, and one in this.
fn has_two_statuses(item: &Item) -> bool {
    match item.of {
        Either::Control(control) => control.report.as_ref().is_some_and(|r| r.previous.is_some() && r.status.is_some()),
        Either::Action(action) => action.report.as_ref().is_some_and(|r| r.previous.is_some() && r.status.is_some()),
    }
}

fn changed_statuses(item: &Item, seen: &Seen) -> Vec<Row> {
    let row = |what: &str, then: Mark, now: Mark| {
        let name = seen.named(item, Some(Part::line(Style::Small, what)));
        Row::new(vec![item.number(), name, Cell::status(then), Cell::status(now)])
    };
    fn change<S: Scaled>(own: Own, then: Option<S>, now: Option<S>) -> Option<(Mark, Mark)> {
        let (then, now) = (then?, now?);
        (then != now).then(|| (own.mark(then), own.mark(now)))
    }
    match item.of {
        Either::Control(control) => {
            let changed = control.report.as_ref().and_then(|report| change(seen.own, report.previous, report.status));
            changed.map(|(then, now)| row("Kontroll", then, now)).into_iter().collect()
        }
        Either::Action(action) => {
            let Some(report) = &action.report else { return Vec::new() };
            let status = change(seen.own, report.previous, report.status).map(|(then, now)| row("Åtgärd", then, now));
            let effect = change(seen.own, report.previous_effect, report.effect)
                .map(|(then, now)| row("Åtgärdens effekt", then, now));
            status.into_iter().chain(effect).collect()
        }
    }
}

// ---- Mandatory risks.

fn mandatory(snapshot: &ReportSnapshot, seen: &Seen) -> Vec<Block> {
    if snapshot.mandatory.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        column("Obligatorisk risk", 46),
        wide_column("Planens risk"),
        column("Riskvärde och nivå", 30),
        column("Kontrollernas status", 48).kept(),
    ];
    let mut rows = Vec::new();
    for mandatory in &snapshot.mandatory {
        let mut name = vec![Part::line(Style::Plain, one_line(&mandatory.name))];
        if mandatory.kind == MandatoryKind::Area {
            name.push(Part::line(Style::Small, "Riskområde"));
        }
        if mandatory.risk_numbers.is_empty() {
            rows.push(Row::new(vec![Cell::new(name), Cell::text("Saknas i planen"), Cell::default(), Cell::default()]));
            continue;
        }
        for risk in mandatory.risk_numbers.iter().filter_map(|number| seen.risks.get(number)) {
            let mut named = vec![Part::line(Style::Plain, format!("{} {}", risk.number, one_line(&risk.name)))];
            named.extend(mark(seen.version, risk.secrecy.as_ref()));
            let mut controls = Vec::new();
            for control in &risk.controls {
                let status = control.report.as_ref().map(|report| control_status(report, seen.own)).unwrap_or_default();
                controls.extend(status.parts.into_iter().filter(|part| matches!(part, Part::Status(_))));
            }
            if risk.controls.is_empty() {
                controls.push(Part::line(Style::Plain, "Inga kontroller"));
            }
            rows.push(Row::new(vec![
                Cell::new(name.clone()),
                Cell::new(named),
                value_and_level(&snapshot.plan.policy, risk, true),
                Cell::new(controls),
            ]));
        }
    }
    vec![heading(1, "Obligatoriska risker"), table(columns, rows)]
}

// ---- The trend.

/// The counts of one scale in a period.
type Counted = fn(&TrendPeriod) -> StatusCounts;

const SCALES: [(&str, Counted); 3] = [
    ("Kontroller", |period| period.controls),
    ("Åtgärder", |period| period.actions),
    ("Åtgärdernas effekt", |period| period.effects),
];

fn listed(counts: StatusCounts) -> Vec<u32> {
    vec![counts.dash, counts.green, counts.yellow, counts.red, counts.missing]
}

/// The marks of a scale, the missing one last.
fn series(index: usize, own: Own) -> Vec<Mark> {
    let scale = match index {
        0 => own.marks::<ControlStatus>(),
        1 => own.marks::<ActionStatus>(),
        _ => own.marks::<ActionEffect>(),
    };
    scale.into_iter().chain([words::missing()]).collect()
}

/// The charts of the trend; none where there is nothing to compare.
pub(crate) fn charts(snapshot: &ReportSnapshot) -> Vec<Chart> {
    let periods = &snapshot.trend.periods;
    if periods.len() < 2 {
        return Vec::new();
    }
    let own = words::own(&snapshot.plan);
    let mut charts = Vec::new();
    for (index, (name, counts)) in SCALES.iter().enumerate() {
        let mut series = series(index, own);
        let mut bars: Vec<(String, Vec<u32>)> =
            periods.iter().map(|period| (own.period_name(period.kind), listed(counts(period)))).collect();
        // What nothing has is no part of the picture.
        for at in (0..series.len()).rev() {
            if bars.iter().all(|(_, counts)| counts[at] == 0) {
                series.remove(at);
                for (_, counts) in &mut bars {
                    counts.remove(at);
                }
            }
        }
        if series.is_empty() {
            continue;
        }
        let told = bars.iter().map(|(period, counts)| {
            let list: Vec<String> = series
                .iter()
                .zip(counts)
                .map(|(mark, count)| format!("{} {count}", mark.word.to_lowercase()))
                .collect();
            format!("{period}: {}.", list.join(", "))
        });
        let alt = format!("Stapeldiagram över {}. {}", name.to_lowercase(), told.collect::<Vec<_>>().join(" "));
        charts.push(Chart { name: (*name).to_owned(), alt, series, bars });
    }
    charts
}

fn trend(snapshot: &ReportSnapshot, seen: &Seen) -> Vec<Block> {
    let trend = &snapshot.trend;
    let year = snapshot.plan.plan.year;
    let has_scores = trend.risks.iter().any(|risk| {
        let known = risk.last_year.iter().chain(&risk.adopted).chain(risk.scores.iter().flatten()).count();
        known > 1
    });
    if trend.periods.len() < 2 && !has_scores {
        return Vec::new();
    }
    let mut body = vec![heading(1, "Utveckling under året")];
    let charts = charts(snapshot);
    if !charts.is_empty() {
        body.push(heading(2, "Status period för period"));
        body.extend(charts.into_iter().map(Block::Chart));
        let mut columns = vec![wide_column("Status")];
        columns.extend(trend.periods.iter().map(|period| column(&seen.own.period_name(period.kind), 24)));
        let groups = SCALES
            .iter()
            .enumerate()
            .map(|(index, (name, counts))| {
                let rows = series(index, seen.own)
                    .into_iter()
                    .enumerate()
                    .filter_map(|(at, mark)| {
                        let of: Vec<u32> = trend.periods.iter().map(|period| listed(counts(period))[at]).collect();
                        // The row of what is missing is there only when something is.
                        (at < 4 || of.iter().any(|count| *count > 0)).then(|| {
                            let counts = of.into_iter().map(|count| Cell::text(count.to_string()));
                            Row::new([Cell::status(mark)].into_iter().chain(counts).collect())
                        })
                    })
                    .collect();
                Group { name: Some((*name).to_owned()), rows }
            })
            .collect();
        body.push(Block::Table(Table::new(columns, groups)));
    }
    if has_scores {
        body.push(heading(2, "Riskvärden"));
        let last_year = trend.risks.iter().any(|risk| risk.last_year.is_some());
        let mut columns = vec![column("Nr", 12), wide_column("Risk")];
        if last_year {
            columns.push(column(&format!("Plan {}", year.saturating_sub(1)), 22));
        }
        if trend.versions.is_empty() {
            columns.push(column(&format!("Plan {year}"), 22));
        }
        columns.extend(trend.versions.iter().map(|n| column(&format!("Plan {year}, version {n}"), 22)));
        columns.extend(trend.periods.iter().map(|period| column(&seen.own.period_name(period.kind), 16)));
        let score = |score: Option<i32>| Cell::text(score.map_or_else(|| "–".into(), |s| number(i64::from(s))));
        let rows = trend.risks.iter().filter_map(|of| {
            let risk = seen.risks.get(&of.number)?;
            let mut cells = vec![Cell::strong(of.number.to_string()), risk_name(risk, seen.version)];
            if last_year {
                cells.push(score(of.last_year));
            }
            if trend.versions.is_empty() {
                cells.push(score(of.adopted));
            }
            cells.extend(of.versions.iter().map(|value| score(*value)));
            cells.extend(of.scores.iter().map(|value| score(*value)));
            Some(Row::new(cells))
        });
        body.push(lead_in(
            "Ett streck betyder att risken inte var bedömd, inte fanns eller bedömdes enligt en annan skala.",
        ));
        body.push(table(columns, rows.collect()));
    }
    body
}

// ---- The other records.

fn prose_part(text: Option<&str>) -> Option<Part> {
    let text = optional_blocks(text);
    (!text.is_empty()).then_some(Part::Prose { text })
}

/// What is known of the indicators: that none is at risk is said only where all were asked and answered.
fn asked(count: Option<OutcomeCount>, none_at_risk: bool) -> String {
    let Some(OutcomeCount { asked, answered }) = count else {
        let none = "Ingen indikator med ett utfall bedöms riskera att inte nå målet.";
        return if none_at_risk { none.to_owned() } else { String::new() };
    };
    let of = format!("{answered} av {asked} indikatorer har ett bedömt utfall för perioden.");
    match (asked, answered, none_at_risk) {
        (0, _, true) => "Inga indikatorer hör till planens mål.".to_owned(),
        (_, 0, true) => format!("Ingen av planens {asked} indikatorer har ett bedömt utfall för perioden."),
        (_, _, true) if answered < asked => format!("{of} Ingen av dem bedöms riskera att inte nå målet."),
        (_, _, true) => "Ingen indikator bedöms riskera att inte nå målet.".to_owned(),
        (_, _, false) if answered < asked => of,
        (_, _, false) => "Alla indikatorer har ett bedömt utfall för perioden.".to_owned(),
    }
}

fn indicators(snapshot: &ReportSnapshot, seen: &Seen) -> Vec<Block> {
    let mut body = vec![heading(1, "Indikatorer som riskerar att inte nå målet")];
    body.push(sentence(asked(snapshot.outcomes, snapshot.indicators.is_empty())));
    if snapshot.indicators.is_empty() {
        return body;
    }
    let rows = snapshot.indicators.iter().map(|indicator| {
        let outcome = &indicator.outcome;
        let mut name = vec![Part::line(Style::Plain, one_line(&outcome.name))];
        for (label, text) in [("Mål", &indicator.goal), ("Enhet", &indicator.organisation)] {
            name.extend(optional_line(text.as_deref()).map(|text| Part::labelled(Style::Small, label, text)));
        }
        let text = |text: &Option<String>| Cell::maybe(optional_line(text.as_deref()));
        let mut cause: Vec<Part> = prose_part(indicator.cause.as_deref()).into_iter().collect();
        let actions = seen.action_names(&indicator.actions);
        if actions.is_empty() {
            cause.push(Part::line(Style::Mark, "Ingen åtgärd är kopplad"));
        }
        cause.extend(actions);
        Row::new(vec![
            Cell::new(name),
            text(&outcome.target),
            text(&outcome.value),
            text(&outcome.forecast),
            outcome.judgement.map(|judgement| Cell::status(words::judgement(judgement))).unwrap_or_default(),
            Cell::new(cause),
        ])
    });
    let columns = vec![
        column("Indikator", 42),
        column("Målvärde", 20),
        column("Utfall", 18).kept(),
        column("Prognos", 18),
        column("Bedömning", 28).kept(),
        wide_column("Orsak och åtgärder"),
    ];
    body.push(table(columns, rows.collect()));
    body
}

/// "efter 3 dagar", from when it was found.
pub(crate) fn days_to_board(deficiency: &Deficiency) -> Option<i64> {
    deficiency.reported_to_board_on.map(|date| (date - deficiency.found_on).num_days())
}

fn deficiencies(snapshot: &ReportSnapshot, seen: &Seen) -> Vec<Block> {
    let mut body = vec![heading(1, "Brister i den interna kontrollen")];
    if snapshot.deficiencies.is_empty() {
        body.push(sentence("Inga brister har rapporterats."));
        return body;
    }
    let spoken = words::spoken(&snapshot.plan);
    let board = spoken.board.as_str();
    let open = snapshot.deficiencies.iter().filter(|deficiency| deficiency.closed_on.is_none()).count();
    let all = snapshot.deficiencies.len();
    body.push(lead_in(format!(
        "{} har rapporterats. {}.",
        counted(all, "brist", "brister"),
        match (open, all) {
            (0, 1) => "Den är avslutad".to_owned(),
            (1, 1) => "Den är inte avslutad".to_owned(),
            (0, _) => "Alla är avslutade".to_owned(),
            (open, _) => format!("{open} är inte {}", if open == 1 { "avslutad" } else { "avslutade" }),
        }
    )));
    let rows = snapshot.deficiencies.iter().map(|deficiency| {
        let mut what: Vec<Part> = prose_part(Some(&deficiency.what)).into_iter().collect();
        if deficiency.suspected_crime {
            what.push(Part::line(Style::Mark, "Misstanke om brott"));
        }
        if let Some(number) = deficiency.risk_number {
            let name = seen.risks.get(&number).map(|risk| format!(" {}", one_line(&risk.name))).unwrap_or_default();
            what.push(Part::labelled(Style::Small, "Risk", format!("{number}{name}")));
        }
        let control = deficiency
            .control_id
            .as_deref()
            .and_then(|id| seen.items.iter().find(|item| item.control().is_some_and(|control| control.id == id)));
        what.extend(control.map(|item| Part::labelled(Style::Small, "Kontroll", item.name())));
        what.extend(
            deficiency.files.iter().map(|file| Part::labelled(Style::Small, "Underlag", words::left_file(file))),
        );
        match seen.version {
            Version::Full => {
                let risk = deficiency.risk_number.and_then(|number| seen.risks.get(&number).copied());
                let risks = risk.into_iter().chain(control.map(|item| item.risk));
                let markings = deficiency.secrecy.iter().chain(risks.filter_map(|risk| risk.secrecy.as_ref()));
                what.extend(marks(seen.version, markings));
            }
            Version::Public => {
                what.extend(always(deficiency.secrecy.as_ref()));
            }
        }
        let mut found = vec![Part::line(Style::Plain, deficiency.found_on.to_string())];
        found.extend(optional_line(deficiency.found_by.as_deref()).map(|by| Part::line(Style::Plain, by)));
        let mut told = Vec::new();
        told.push(match (deficiency.reported_to_board_on, days_to_board(deficiency)) {
            (Some(date), Some(0)) => Part::labelled(Style::Plain, &capital(board), format!("{date}, samma dag")),
            (Some(date), Some(1)) => Part::labelled(Style::Plain, &capital(board), format!("{date}, efter 1 dag")),
            (Some(date), Some(days)) => {
                Part::labelled(Style::Plain, &capital(board), format!("{date}, efter {} dagar", number(days)))
            }
            _ => Part::line(Style::Mark, format!("Inte rapporterad till {board}")),
        });
        told.extend(deficiency.reported_to_region_with.map(|with| {
            Part::labelled(
                Style::Plain,
                &capital(&spoken.region),
                format!("med {}", seen.own.period(with.kind, with.year)),
            )
        }));
        let mut done: Vec<Part> = prose_part(deficiency.done.as_deref()).into_iter().collect();
        match deficiency.closed_on {
            Some(date) => done.push(Part::labelled(Style::Plain, "Avslutad", date.to_string())),
            None => done.push(Part::line(Style::Mark, "Inte avslutad")),
        }
        done.extend(prose_part(deficiency.close_reason.as_deref()));
        let severity = Cell::maybe(optional_line(deficiency.severity.as_deref()).map(|word| capital(&word)));
        Row::new(vec![Cell::new(what), Cell::new(found), severity, Cell::new(told), Cell::new(done)])
    });
    let columns = vec![
        wide_column("Brist"),
        column("Upptäckt", 26),
        column("Allvar", 20),
        column("Rapporterad till", 32),
        column("Vad som har gjorts", 44),
    ];
    body.push(table(columns, rows.collect()));
    body
}

fn recommendations(snapshot: &ReportSnapshot, seen: &Seen) -> Vec<Block> {
    let mut body = vec![heading(1, "Granskning och rekommendationer")];
    if snapshot.recommendations.is_empty() {
        body.push(sentence("Det finns inga rekommendationer att följa upp."));
    } else {
        body.push(heading(2, "Rekommendationer"));
        let columns = vec![
            wide_column("Rekommendation"),
            column("Ansvarig", 28),
            column("Status", 20),
            column("Dialog och åtgärder", 64),
        ];
        let rows = snapshot.recommendations.iter().map(|of| recommendation(of, seen));
        body.push(table(columns, rows.collect()));
    }
    if !snapshot.audit_opinions.is_empty() {
        body.push(heading(2, "Revisorernas bedömning"));
        let rows = snapshot.audit_opinions.iter().map(|opinion| {
            Row::new(vec![
                Cell::strong(opinion.year.to_string()),
                Cell::prose(blocks(&opinion.judgement)),
                Cell::maybe(optional_line(opinion.report.as_deref())),
            ])
        });
        body.push(table(vec![column("År", 16), wide_column("Bedömning"), column("Rapport", 50)], rows.collect()));
    }
    body
}

fn recommendation(of: &Recommendation, seen: &Seen) -> Row {
    let mut text: Vec<Part> = prose_part(Some(&of.text)).into_iter().collect();
    let source = [
        line(&of.source),
        Some(of.year.to_string()),
        optional_line(of.report.as_deref()),
        optional_line(of.diary_number.as_deref()),
    ];
    text.push(Part::line(Style::Small, source.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    let mut entries = Vec::new();
    for entry in &of.entries {
        let side = match entry.side {
            Side::Auditor => "granskaren",
            Side::Body => "verksamheten",
        };
        entries.push(Part::line(Style::Mark, format!("{}, {side}", entry.date)));
        entries.extend(prose_part(Some(&entry.text)));
    }
    entries.extend(seen.action_names(&of.actions));
    let status = match of.status {
        RecommendationStatus::Open => "Öppen",
        RecommendationStatus::Closed => "Avslutad",
    };
    let responsible = Cell::maybe(optional_line(of.responsible.as_deref()));
    Row::new(vec![Cell::new(text), responsible, Cell::text(status), Cell::new(entries)])
}

fn irregularities(snapshot: &ReportSnapshot, version: Version) -> Vec<Block> {
    let mut body = vec![heading(1, "Fel och oegentligheter")];
    let risks: Vec<&Risk> = all_risks(&snapshot.plan).filter(|risk| risk.irregularity).collect();
    if risks.is_empty() {
        body.push(sentence("Ingen risk i planen är märkt som risk för fel och oegentligheter."));
        return body;
    }
    let rows = risks.iter().map(|risk| {
        let mut controls = Vec::new();
        for control in &risk.controls {
            controls.push(Part::line(Style::Plain, one_line(&control.name)));
            let own = words::own(&snapshot.plan);
            let status = control.report.as_ref().map(|report| control_status(report, own)).unwrap_or_default();
            controls.extend(status.parts.into_iter().filter(|part| matches!(part, Part::Status(_))));
        }
        if controls.is_empty() {
            controls.push(Part::line(Style::Plain, "Inga kontroller"));
        }
        Row::new(vec![
            Cell::strong(risk.number.to_string()),
            risk_name(risk, version),
            value_and_level(&snapshot.plan.policy, risk, true),
            Cell::new(controls),
        ])
    });
    body.push(lead_in("Risker som avser fel och oegentligheter, och de kontroller som täcker dem:"));
    body.push(table(
        vec![column("Nr", 12), wide_column("Risk"), column("Riskvärde och nivå", 30), column("Kontroller", 66)],
        rows.collect(),
    ));
    let sum =
        risks.iter().flat_map(|risk| &risk.controls).filter_map(|control| control.report.as_ref()?.counts.as_ref());
    let add = |a: Option<u32>, b: Option<u32>| match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    };
    let sum = sum.fold(Counts::default(), |sum, each| Counts {
        samples: add(sum.samples, each.samples),
        faults: add(sum.faults, each.faults),
        reports_received: add(sum.reports_received, each.reports_received),
        reports_investigated: add(sum.reports_investigated, each.reports_investigated),
    });
    body.extend(counts(&sum).map(|said| sentence(said.replacen("Antal:", "Sammanlagt antal i dessa kontroller:", 1))));
    body
}

fn financial_effects(snapshot: &ReportSnapshot, version: Version) -> Vec<Block> {
    let mut sum = [None::<i64>; 5];
    let mut rows = Vec::new();
    let mut add = |number: Cell, name: Vec<Part>, effect: Option<&FinancialEffect>, realised: Option<i64>| {
        let [full, plan, next, after] = effect.map(amounts).unwrap_or_default();
        let of = [full, plan, next, after, realised];
        let mut cells = vec![number, Cell::new(name)];
        for (sum, amount) in sum.iter_mut().zip(of) {
            if let Some(amount) = amount {
                *sum = Some(sum.unwrap_or(0).saturating_add(amount));
            }
            cells.push(Cell::maybe(amount.map(tenths)));
        }
        rows.push((Row::new(cells), realised.is_some()));
    };
    for risk in all_risks(&snapshot.plan) {
        for action in &risk.actions {
            let mut name = vec![Part::line(Style::Plain, one_line(&action.name))];
            name.extend(mark(version, risk.secrecy.as_ref()));
            let realised = action.report.as_ref().and_then(|report| report.realised_effect);
            let planned =
                action.financial_effect.as_ref().is_some_and(|effect| amounts(effect).iter().any(Option::is_some));
            if !planned && realised.is_none() {
                continue;
            }
            add(Cell::strong(risk.number.to_string()), name, action.financial_effect.as_ref(), realised);
        }
    }
    let others = snapshot.financial_measures.as_ref();
    for measure in others.iter().flat_map(|others| &others.measures) {
        let mut name = vec![Part::line(Style::Plain, one_line(&measure.name))];
        let comment = measure.effect.as_ref().and_then(|effect| effect.comment.as_deref());
        name.extend(prose_part(comment));
        add(Cell::text("–"), name, measure.effect.as_ref(), measure.realised);
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let (all, told) = (rows.len(), rows.iter().filter(|(_, told)| *told).count());
    let mut rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
    let mut cells = vec![Cell::strong("Summa"), Cell::default()];
    cells.extend(sum.map(|amount| amount.map(|amount| Cell::strong(tenths(amount))).unwrap_or_default()));
    rows.push(Row::new(cells));
    let mut columns = vec![column("Risk", 17), wide_column("Åtgärd")];
    columns.extend(amount_names(snapshot.plan.plan.year).iter().map(|name| column(&capital(name), 19)));
    columns.push(column("Realiserat", 21));
    let mut said = String::from(
        "Beloppen är i miljoner kronor. Helår är effekten när åtgärden är fullt genomförd. Ett negativt belopp är en kostnad.",
    );
    if told > 0 {
        said += " Realiserat är effekten hittills under året.";
    }
    if others.is_some() {
        said += " Åtgärder utan nummer hör inte till någon risk.";
    }
    let mut body = vec![heading(1, "Ekonomisk effekt av åtgärder"), lead_in(&said), table(columns, rows)];
    body.push(sentence(match told {
        0 => "Realiserad effekt är inte angiven för någon av åtgärderna.".to_owned(),
        _ if told == all => "Realiserad effekt är angiven för alla åtgärderna.".to_owned(),
        _ => format!("Realiserad effekt är angiven för {told} av {all} åtgärder, och summan gäller dem."),
    }));
    if let Some(others) = others.filter(|others| others.written_of != snapshot.report.kind) {
        let then = words::own(&snapshot.plan).period(others.written_of, snapshot.plan.plan.year);
        body.push(sentence(format!(
            "De åtgärder som inte hör till någon risk är inte följda upp i perioden. Beloppen är de som angavs för {then}."
        )));
    }
    body
}

// ---- The judgement of the internal control.

pub(crate) const COMPONENTS: [(&str, &str); 5] = [
    ("controlEnvironment", "Styr- och kontrollmiljö"),
    ("riskAssessment", "Riskbedömning"),
    ("controlActivities", "Kontrollaktiviteter"),
    ("informationCommunication", "Information och kommunikation"),
    ("monitoring", "Övervakning och uppföljning"),
];

/// The 17 principles of COSO in our own short words.
pub(crate) fn principle(number: u32) -> Option<&'static str> {
    const PRINCIPLES: [&str; 17] = [
        "Integritet och etiska värderingar",
        "Oberoende övervakning av den interna kontrollen",
        "Organisation, rapportvägar och befogenheter",
        "Kompetens",
        "Ansvarsutkrävande",
        "Tydliga mål",
        "Identifiera och analysera risker",
        "Beakta oegentligheter",
        "Beakta väsentliga förändringar",
        "Välja och utforma kontroller",
        "Generella it-kontroller",
        "Genomföra via riktlinjer och rutiner",
        "Relevant information av god kvalitet",
        "Intern kommunikation",
        "Extern kommunikation",
        "Löpande och särskilda utvärderingar",
        "Utvärdera och rapportera brister",
    ];
    PRINCIPLES.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

/// A component's name.
pub(crate) fn component_name(key: &str) -> String {
    words::word(&COMPONENTS, Some(key)).unwrap_or_default()
}

fn components(snapshot: &ReportSnapshot) -> Vec<Block> {
    const HEADING: &str = "Egen bedömning av den interna kontrollen";
    if snapshot.self_assessment.is_empty() {
        return match snapshot.report.kind {
            PeriodKind::Annual => vec![heading(1, HEADING), sentence("Komponenterna är ännu inte bedömda.")],
            _ => Vec::new(),
        };
    }
    let mut rows = Vec::new();
    for (key, name) in COMPONENTS {
        for component in snapshot.self_assessment.iter().filter(|component| component.key == key) {
            let mut reason: Vec<Part> = prose_part(component.reason.as_deref()).into_iter().collect();
            for principle in &component.principles {
                let word = words::sufficiency(principle.judgement).word;
                let name = self::principle(principle.number).unwrap_or_default();
                reason.push(Part::line(Style::Mark, format!("{}. {name}: {}", principle.number, word.to_lowercase())));
                reason.extend(prose_part(principle.reason.as_deref()));
            }
            let judgement = Cell::status(words::sufficiency(component.judgement));
            rows.push(Row::new(vec![Cell::text(name), judgement, Cell::new(reason)]));
        }
    }
    vec![
        heading(1, HEADING),
        lead_in(
            "De fem komponenterna i ramverket COSO, var och en bedömd som tillräcklig, delvis tillräcklig eller otillräcklig:",
        ),
        table(vec![column("Komponent", 46), column("Bedömning", 38), wide_column("Motivering")], rows),
    ]
}

/// "1, 4 och 7" of the risks that answer to a mandatory one.
pub(crate) fn answering(risk_numbers: &[u32]) -> String {
    if risk_numbers.is_empty() { "Saknas i planen".to_owned() } else { numbers(risk_numbers) }
}
