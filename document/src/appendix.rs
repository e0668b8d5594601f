//! Bilaga 1: the reading guide, then per goal each risk with its controls and actions. In a report each control and
//! action also has its status.

use std::collections::BTreeMap;

use crate::Version;
use crate::compilation::{all_risks, column, goal_name, wide_column};
use crate::marking::always;
use crate::model::{Block, Cell, Column, Fact, FactValue, Group, Part, RiskCard, Row, Run, Style, Table};
use crate::snapshot::{
    Action, ActionReport, Checkpoint, Control, ControlReport, Counts, FinancialEffect, Inclusion, LeftFile, Outcome,
    PlanSnapshot, Policy, Reference, Risk,
};
use crate::text::{Prose, blocks, one_line, optional_blocks, optional_line};
use crate::words::{self, Own, RESPONSES, Scaled, enumeration, number, tenths};

pub(crate) fn plain_heading(level: u32, text: impl Into<String>, outlined: bool) -> Block {
    Block::Heading { level, text: text.into(), numbered: false, outlined, of: None }
}

fn rich(strong: &str, rest: &str) -> Block {
    let run = |strong: bool, text: &str| Run { strong, text: text.to_owned() };
    Block::Rich { runs: vec![run(true, strong), run(false, rest)] }
}

fn plain(text: &str) -> Block {
    Block::Rich { runs: vec![Run { strong: false, text: text.to_owned() }] }
}

/// What the controls and actions are followed up by, if they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plan,
    Report,
}

/// The whole appendix but for the checkpoint.
pub(crate) fn appendix(snapshot: &PlanSnapshot, kind: Kind, version: Version) -> Vec<Block> {
    let mut body = vec![Block::PageBreak, title()];
    body.extend(reading_guide(snapshot, kind));
    body.extend(of_goals(snapshot, kind, version));
    body
}

pub(crate) fn title() -> Block {
    plain_heading(1, "Bilaga 1. Risker, kontroller och åtgärder", true)
}

/// The reading guide, under its heading.
pub(crate) fn reading_guide(snapshot: &PlanSnapshot, kind: Kind) -> Vec<Block> {
    let mut body = vec![plain_heading(2, "Läsanvisning", false)];
    body.extend(guide(snapshot, kind));
    body
}

/// Per goal each risk with its controls and actions.
pub(crate) fn of_goals(snapshot: &PlanSnapshot, kind: Kind, version: Version) -> Vec<Block> {
    let mut body = Vec::new();
    if snapshot.total == 0 {
        body.push(Block::Prose { text: blocks("Planen innehåller inga risker.") });
    }
    let layout = Layout::of(snapshot, kind, version);
    for goal in snapshot.goals.iter().filter(|goal| !goal.risks.is_empty()) {
        body.push(plain_heading(2, goal_name(goal), true));
        body.extend(goal.risks.iter().map(|risk| Block::Risk(Box::new(layout.card(risk)))));
    }
    body
}

fn guide(snapshot: &PlanSnapshot, kind: Kind) -> Vec<Block> {
    let axes = words::axes(&snapshot.policy);
    let lowered = if axes.own {
        format!("dess {} eller {}", words::within(&axes.likelihood), words::within(&axes.consequence))
    } else {
        "sannolikheten eller konsekvensen".to_owned()
    };
    let own = words::own(snapshot);
    let responses = own.responses().map(|all| format!(" är någon av fyra: {}.", enumeration(&all)));
    let mut guide = vec![
        plain(
            "Bilagan redovisar planens risker mål för mål. För varje risk står varför den ingår, hur den är bedömd och \
             hur den ska hanteras.",
        ),
        rich(
            "Risknivån",
            " anges med ord och färg. Vad varje nivå kräver framgår av avsnittet Skala och risknivåer. Nivåerna är, \
             från högst till lägst:",
        ),
        Block::Chips { chips: snapshot.policy.levels.iter().map(words::chip).collect() },
        rich(
            "Hanteringen",
            &responses.unwrap_or_else(|| format!(
                " är någon av fyra: att acceptera risken som den är, att begränsa den genom att sänka {lowered}, att dela \
                 den med någon annan, till exempel genom avtal eller försäkring, eller att eliminera det som ger upphov \
                 till den."
            )),
        ),
        rich(
            "En kontroll",
            " återkommer och visar om arbetssätt och regler fungerar, så att fel förebyggs eller upptäcks. Frekvensen \
             anger hur ofta kontrollen görs.",
        ),
        rich("En åtgärd", " är ett avgränsat arbete som ska minska risken. Start och slut anger när arbetet pågår."),
    ];
    let cost = "Ett negativt belopp för ekonomisk effekt är en kostnad.";
    let has_cost = all_risks(snapshot)
        .flat_map(|risk| &risk.actions)
        .filter_map(|action| action.financial_effect.as_ref())
        .any(|effect| amounts(effect).into_iter().flatten().any(|amount| amount < 0));
    match kind {
        Kind::Plan => {
            let followed = "Hur kontroller och åtgärder har genomförts redovisas i uppföljningarna under året. Det anges \
                            då med ord, form och färg på tre skalor, en för kontroller och två för åtgärder.";
            guide.push(plain(&if has_cost { format!("{followed} {cost}") } else { followed.to_owned() }));
            guide.push(meanings_of_all(own));
        }
        Kind::Report => {
            guide.push(rich(
                "Status",
                " anges med ord, form och färg: streck, grön cirkel, gul triangel och röd kvadrat. Det finns tre skalor, \
                 en för kontroller och två för åtgärder. En öppen cirkel visar att en rapport saknas för något som \
                 skulle ha rapporterats i perioden.",
            ));
            if has_cost {
                guide.push(plain(cost));
            }
            guide.push(meanings_of_all(own));
        }
    }
    guide
}

/// The three scales.
fn meanings_of_all(own: Own) -> Block {
    Block::Table(Table::new(
        vec![column("Värde", 62), wide_column("Betydelse")],
        vec![
            meanings::<crate::snapshot::ControlStatus>(own, "Kontrollens status"),
            meanings::<crate::snapshot::ActionStatus>(own, "Åtgärdens status"),
            meanings::<crate::snapshot::ActionEffect>(own, "Åtgärdens effekt"),
        ],
    ))
}

fn meanings<S: Scaled>(own: Own, name: &str) -> Group {
    let rows = S::ALL.map(|value| Row::new(vec![Cell::status(own.mark(value)), Cell::text(own.meaning(value))]));
    Group { name: Some(name.to_owned()), rows: rows.into() }
}

/// What the cards are made of.
struct Layout<'a> {
    snapshot: &'a PlanSnapshot,
    kind: Kind,
    version: Version,
    /// By id, where the document names one thing at another.
    controls: BTreeMap<&'a str, &'a str>,
    actions: BTreeMap<&'a str, &'a str>,
}

impl<'a> Layout<'a> {
    fn of(snapshot: &'a PlanSnapshot, kind: Kind, version: Version) -> Self {
        let controls = all_risks(snapshot).flat_map(|risk| &risk.controls);
        let actions = all_risks(snapshot).flat_map(|risk| &risk.actions);
        Self {
            snapshot,
            kind,
            version,
            controls: controls.map(|control| (control.id.as_str(), control.name.as_str())).collect(),
            actions: actions.map(|action| (action.id.as_str(), action.name.as_str())).collect(),
        }
    }

    fn card(&self, risk: &Risk) -> RiskCard {
        let policy = &self.snapshot.policy;
        let marking = risk.secrecy.as_ref().map(words::secrecy);
        // Where the words themselves stand, the mark stands before them.
        let (above, below) = match self.version {
            Version::Full => (marking, None),
            Version::Public => (None, marking),
        };
        let texts = [
            ("Sekretessmarkering", optional_blocks(below.as_deref())),
            ("Varför risken ingår", inclusion(risk, policy, self.kind)),
            ("Beskrivning", optional_blocks(risk.description.as_deref())),
            ("Motivering", optional_blocks(risk.justification.as_deref())),
        ];
        let mut tables = Vec::new();
        if !risk.controls.is_empty() {
            let rows = risk.controls.iter().map(|control| self.control_row(control)).collect();
            tables.push(Table::new(self.control_columns(), vec![Group { name: None, rows }]));
        }
        if !risk.actions.is_empty() {
            let rows = risk.actions.iter().map(|action| self.action_row(action)).collect();
            tables.push(Table::new(self.action_columns(), vec![Group { name: None, rows }]));
        }
        let note = match (risk.controls.is_empty(), risk.actions.is_empty()) {
            (true, true) => Some("Inga kontroller eller åtgärder är planerade."),
            (true, false) => Some("Inga kontroller är planerade."),
            (false, true) => Some("Inga åtgärder är planerade."),
            (false, false) => None,
        };
        RiskCard {
            id: risk.id.clone(),
            number: risk.number.to_string(),
            name: one_line(&risk.name),
            size: size(risk),
            secrecy: above.map(|marking| format!("Sekretessmarkering: {marking}")),
            facts: facts(risk, policy, words::own(self.snapshot)),
            texts: texts
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(label, text)| (label.to_owned(), text))
                .collect(),
            tables,
            note: note.map(str::to_owned),
        }
    }

    // In a plan the two tables have the responsible in the same place, and what stands before it takes the same room.
    // In a report status and comment need that room, and the responsible stands below the name.

    fn control_columns(&self) -> Vec<Column> {
        let name = wide_column("Kontroll");
        match self.kind {
            Kind::Plan => vec![name, column("Frekvens", 42), column("Ansvarig", 36)],
            Kind::Report => vec![name, column("Frekvens", 27), column("Status", 34).kept(), column("Kommentar", 57)],
        }
    }

    fn control_row(&self, control: &Control) -> Row {
        let mut name = vec![Part::line(Style::Strong, one_line(&control.name))];
        if control.added_after_adoption {
            name.push(Part::line(Style::Mark, "Tillagd efter fastställande"));
        }
        name.extend(prose(optional_blocks(control.description.as_deref())));
        for indicator in &control.indicators {
            name.extend(crate::text::line(indicator).map(|text| Part::labelled(Style::Plain, "Indikator", text)));
        }
        let frequency = Cell::maybe(optional_line(words::frequency(control).as_deref()));
        let responsible = optional_line(control.responsible.as_deref());
        padded(match self.kind {
            Kind::Plan => vec![Cell::new(name), frequency, Cell::maybe(responsible)],
            Kind::Report => {
                name.extend(responsible.map(|text| Part::labelled(Style::Small, "Ansvarig", text)));
                let status = control
                    .report
                    .as_ref()
                    .map(|report| control_status(report, words::own(self.snapshot)))
                    .unwrap_or_default();
                vec![Cell::new(name), frequency, status, Cell::new(self.control_comment(control))]
            }
        })
    }

    fn control_comment(&self, control: &Control) -> Vec<Part> {
        let Some(report) = &control.report else { return Vec::new() };
        let mut parts = prose(optional_blocks(report.comment.as_deref()));
        parts.extend(report.counts.as_ref().and_then(counts).map(|text| Part::line(Style::Plain, text)));
        parts.extend(report.outcomes.iter().map(|outcome| Part::line(Style::Plain, outcome_words(outcome))));
        parts.extend(evidence(&report.references, &report.files));
        for id in &report.findings {
            if let Some(name) = self.actions.get(id.as_str()) {
                parts.push(Part::labelled(Style::Plain, "Åtgärd med anledning av kontrollen", one_line(name)));
            }
        }
        for correction in &report.corrections {
            let status = correction.status.map(|status| words::own(self.snapshot).mark(status).word);
            parts.extend(self::correction(correction.on, correction.by.as_deref(), status, correction.text.as_deref()));
        }
        let who = (report.reported_on, report.reported_by.as_deref(), report.on_behalf_of.as_deref());
        parts.extend(reported(who.0, who.1, who.2));
        parts.extend(always(report.secrecy.as_ref()));
        parts
    }

    fn action_columns(&self) -> Vec<Column> {
        let name = wide_column("Åtgärd");
        match self.kind {
            Kind::Plan => vec![name, column("Start", 21), column("Slut", 21), column("Ansvarig", 36)],
            Kind::Report => vec![
                name,
                column("Start och slut", 25),
                column("Status", 29).kept(),
                column("Effekt", 29).kept(),
                column("Kommentar", 42),
            ],
        }
    }

    fn action_row(&self, action: &Action) -> Row {
        let mut name = vec![Part::line(Style::Strong, one_line(&action.name))];
        if action.added_after_adoption {
            name.push(Part::line(Style::Mark, "Tillagd efter fastställande"));
        }
        if let Some(control) = action.born_from.as_ref().and_then(|id| self.controls.get(id.as_str())) {
            name.push(Part::labelled(Style::Mark, "Föranledd av kontrollen", one_line(control)));
        }
        name.extend(prose(optional_blocks(action.description.as_deref())));
        if let Some(effect) = &action.financial_effect {
            if let Some(amounts) = amounts_words(effect, self.snapshot.plan.year) {
                name.push(Part::labelled(Style::Plain, "Ekonomisk effekt", amounts));
            }
            name.extend(prose(optional_blocks(effect.comment.as_deref())));
        }
        if let Some(amount) = action.report.as_ref().and_then(|report| report.realised_effect) {
            name.push(Part::labelled(Style::Plain, REALISED, in_millions(amount)));
        }
        let date = |date: Option<chrono::NaiveDate>| Cell::maybe(date.map(|date| date.to_string()));
        let responsible = optional_line(action.responsible.as_deref());
        padded(match self.kind {
            Kind::Plan => {
                vec![Cell::new(name), date(action.start_date), date(action.end_date), Cell::maybe(responsible)]
            }
            Kind::Report => {
                name.extend(responsible.map(|text| Part::labelled(Style::Small, "Ansvarig", text)));
                let (report, own) = (action.report.as_ref(), words::own(self.snapshot));
                vec![
                    Cell::new(name),
                    start_and_end(action),
                    report.map(|report| action_status(report, own)).unwrap_or_default(),
                    report.and_then(|report| report.effect).map(|e| Cell::status(own.mark(e))).unwrap_or_default(),
                    Cell::new(action_comment(action, own)),
                ]
            }
        })
    }
}

/// What stands around the letters of a row takes room too.
fn padded(cells: Vec<Cell>) -> Row {
    let row = Row::new(cells);
    Row { size: row.size + 60, ..row }
}

fn prose(text: Prose) -> Vec<Part> {
    if text.is_empty() { Vec::new() } else { vec![Part::Prose { text }] }
}

/// "2024-01-15 –" and the end below it.
fn start_and_end(action: &Action) -> Cell {
    let dates = match (action.start_date, action.end_date) {
        (Some(start), Some(end)) => vec![format!("{start}\u{a0}–"), end.to_string()],
        (Some(start), None) => vec![format!("{start}\u{a0}–")],
        (None, Some(end)) => vec![format!("–\u{a0}{end}")],
        (None, None) => Vec::new(),
    };
    Cell::new(dates.into_iter().map(|date| Part::line(Style::Plain, date)).collect())
}

/// The status of a control, a missing one too, and what it was.
pub(crate) fn control_status(report: &ControlReport, own: Own) -> Cell {
    let mark = match report.status {
        Some(status) => own.mark(status),
        None if report.due => words::missing(),
        None => return Cell::default(),
    };
    let mut cell = Cell::status(mark);
    if report.postponed {
        cell.parts.push(Part::line(Style::Small, "Framflyttad till en senare period"));
    }
    if let Some(previous) = report.previous.filter(|previous| Some(*previous) != report.status) {
        cell.parts.push(Part::labelled(Style::Small, "Förra uppföljningen", own.mark(previous).word));
    }
    cell
}

pub(crate) fn action_status(report: &ActionReport, own: Own) -> Cell {
    let mark = match report.status {
        Some(status) => own.mark(status),
        None if report.due => words::missing(),
        None => return Cell::default(),
    };
    let mut cell = Cell::status(mark);
    if let Some(date) = report.completed_on {
        cell.parts.push(Part::labelled(Style::Small, "Slutförd", date.to_string()));
    }
    if report.overdue {
        cell.parts.push(Part::line(Style::Small, "Slutdatum har passerat"));
    }
    if report.late_to_start {
        cell.parts.push(Part::line(Style::Small, "Startdatum har passerat"));
    }
    if let Some(previous) = report.previous.filter(|previous| Some(*previous) != report.status) {
        cell.parts.push(Part::labelled(Style::Small, "Förra uppföljningen", own.mark(previous).word));
    }
    cell
}

fn action_comment(action: &Action, own: Own) -> Vec<Part> {
    let Some(report) = &action.report else { return Vec::new() };
    let mut parts = prose(optional_blocks(report.comment.as_deref()));
    parts.extend(evidence(&report.references, &report.files));
    for correction in &report.corrections {
        let mut said: Vec<String> = correction.status.map(|status| own.mark(status).word).into_iter().collect();
        said.extend(correction.effect.map(|effect| own.mark(effect).word));
        said.extend(correction.completed_on.map(|date| format!("Slutförd {date}")));
        said.extend(correction.realised_effect.map(realised_words));
        let said = (!said.is_empty()).then(|| said.join(", "));
        parts.extend(self::correction(correction.on, correction.by.as_deref(), said, correction.text.as_deref()));
    }
    parts.extend(reported(report.reported_on, report.reported_by.as_deref(), report.on_behalf_of.as_deref()));
    parts.extend(always(report.secrecy.as_ref()));
    parts
}

/// "Stickprover: 40, fel: 2".
pub(crate) fn counts(counts: &Counts) -> Option<String> {
    let list: Vec<String> = [
        ("stickprover", counts.samples),
        ("fel", counts.faults),
        ("inkomna rapporter", counts.reports_received),
        ("utredda rapporter", counts.reports_investigated),
    ]
    .into_iter()
    .filter_map(|(name, count)| Some(format!("{name} {}", count?)))
    .collect();
    (!list.is_empty()).then(|| format!("Antal: {}.", list.join(", ")))
}

/// "Indikatorn: mål ≥ 95 %, utfall 93 %, prognos 94 %. Risk att målet inte nås."
pub(crate) fn outcome_words(outcome: &Outcome) -> String {
    let values: Vec<String> = [("mål", &outcome.target), ("utfall", &outcome.value), ("prognos", &outcome.forecast)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", optional_line(value.as_deref())?)))
        .collect();
    let mut said = one_line(&outcome.name);
    if !values.is_empty() {
        said += &format!(": {}", values.join(", "));
    }
    said += ".";
    if let Some(judgement) = outcome.judgement {
        said += &format!(" {}.", words::judgement(judgement).word);
    }
    said
}

fn evidence(references: &[Reference], files: &[LeftFile]) -> Vec<Part> {
    evidence_words(references, files).map(|words| Part::labelled(Style::Small, "Underlag", words)).collect()
}

/// What lies elsewhere, then the files that the register keeps.
pub(crate) fn evidence_words<'a>(
    references: &'a [Reference],
    files: &'a [LeftFile],
) -> impl Iterator<Item = String> + 'a {
    references.iter().map(reference_words).chain(files.iter().map(words::left_file))
}

/// Title, address and note.
fn reference_words(reference: &Reference) -> String {
    let title = crate::text::line(&reference.title);
    let rest = [title, optional_line(reference.address.as_deref()), optional_line(reference.note.as_deref())];
    rest.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn correction(on: chrono::NaiveDate, by: Option<&str>, status: Option<String>, text: Option<&str>) -> Vec<Part> {
    let by = optional_line(by).map(|by| format!(" av {by}")).unwrap_or_default();
    let status = status.map(|status| format!(": {status}")).unwrap_or_default();
    let mut parts = vec![Part::line(Style::Mark, format!("Rättelse {on}{by}{status}"))];
    parts.extend(prose(optional_blocks(text)));
    parts
}

fn reported(on: Option<chrono::NaiveDate>, by: Option<&str>, behalf: Option<&str>) -> Option<Part> {
    let on = on.map(|on| on.to_string());
    let by = optional_line(by).map(|by| match optional_line(behalf) {
        Some(behalf) => format!("{by} för {behalf}"),
        None => by,
    });
    let said: Vec<String> = [on, by].into_iter().flatten().collect();
    (!said.is_empty()).then(|| Part::labelled(Style::Small, "Rapporterad", said.join(", ")))
}

fn facts(risk: &Risk, policy: &Policy, own: Own) -> Vec<Fact> {
    let step = |steps: &[crate::snapshot::Step], value: Option<u32>| {
        let value = value?;
        let label = usize::try_from(value)
            .ok()
            .and_then(|value| steps.get(value.checked_sub(1)?))
            .map(|step| one_line(&step.label))
            .filter(|label| !label.is_empty());
        Some(label.map_or_else(|| value.to_string(), |label| format!("{value} – {label}")))
    };
    let axes = words::axes(policy);
    let score = risk.score.map(|score| number(i64::from(score)));
    let value = match (words::named_level(policy, risk.level.as_deref()), score) {
        (Some(level), before) => FactValue::Chip { level, before },
        (None, Some(text)) => FactValue::Text { text },
        (None, None) => FactValue::Text { text: "Ej bedömd".into() },
    };
    let text = |name: &str, text: Option<String>| {
        text.map(|text| Fact { name: name.to_owned(), value: FactValue::Text { text } })
    };
    [
        Some(Fact { name: "Riskvärde och nivå".into(), value }),
        text(&axes.likelihood, step(&policy.likelihoods, risk.likelihood)),
        text(&axes.consequence, step(&policy.consequences, risk.consequence)),
        text("Ändring", risk.change.as_ref().map(words::change)),
        text("Kategori", words::category(risk)),
        text("Hantering", own.word(&RESPONSES, risk.response.as_deref())),
        text("Riskägare", optional_line(risk.owner.as_deref())),
        text("Referens", crate::text::line(&risk.reference)),
        text("Målnivå", words::named_level(policy, risk.target_level.as_deref()).map(|level| level.label)),
        text("Enhet", optional_line(risk.organisation.as_deref())),
        text("Lokalt mål", optional_line(risk.local_goal.as_deref())),
        text("Märkning", risk.irregularity.then(|| "Avser fel och oegentligheter".to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Why the risk is in the plan.
pub(crate) fn inclusion(risk: &Risk, policy: &Policy, kind: Kind) -> Prose {
    match &risk.inclusion {
        Inclusion::Score => {
            let score = risk
                .score
                .map_or_else(|| "Riskvärdet".to_owned(), |score| format!("Riskvärdet {}", number(i64::from(score))));
            // A report shows today's score, which may have fallen since the plan was adopted.
            if kind == Kind::Report && risk.score.is_some_and(|score| score <= policy.threshold) {
                let threshold = number(i64::from(policy.threshold));
                return blocks(&format!("Riskvärdet låg över gränsen {threshold} när planen fastställdes."));
            }
            blocks(&format!("{score} ligger över gränsen {}.", number(i64::from(policy.threshold))))
        }
        Inclusion::Mandatory { area } => match area.as_deref().map(one_line).filter(|area| !area.is_empty()) {
            Some(area) => blocks(&format!("Obligatorisk risk inom riskområdet {area}. Ingår oavsett riskvärde.")),
            None => blocks("Obligatorisk risk. Ingår oavsett riskvärde."),
        },
        Inclusion::Decision { text } if text.trim().is_empty() => blocks("Tas med genom särskilt beslut."),
        Inclusion::Decision { text } => {
            let apart = if crate::text::item(text.trim_start().lines().next().unwrap_or_default()).is_some() {
                "\n"
            } else {
                " "
            };
            blocks(&format!("Tas med genom särskilt beslut.{apart}{}", text.trim_start()))
        }
        Inclusion::None => blocks("Skälet saknas ännu."),
    }
}

pub(crate) fn amounts(effect: &FinancialEffect) -> [Option<i64>; 4] {
    [effect.full_year, effect.plan_year, effect.next_year, effect.year_after_next]
}

/// "helår", and the plan's year and the two after.
pub(crate) fn amount_names(year: i32) -> [String; 4] {
    ["helår".to_owned(), year.to_string(), year.saturating_add(1).to_string(), year.saturating_add(2).to_string()]
}

/// What an action has meant for the economy, so far.
pub(crate) const REALISED: &str = "Realiserad effekt hittills i år";

/// "Realiserad effekt hittills i år 1,5 Mnkr".
pub(crate) fn realised_words(amount: i64) -> String {
    format!("{REALISED} {}", in_millions(amount))
}

fn in_millions(amount: i64) -> String {
    format!("{}\u{a0}Mnkr", tenths(amount))
}

fn amounts_words(effect: &FinancialEffect, year: i32) -> Option<String> {
    let list: Vec<String> = amount_names(year)
        .iter()
        .zip(amounts(effect))
        .filter_map(|(name, amount)| Some(format!("{name} {}\u{a0}Mnkr", tenths(amount?))))
        .collect();
    (!list.is_empty()).then(|| list.join(", "))
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
        size += 100
            + control.name.len()
            + text(&control.description)
            + indicators.max(2 * text(&words::frequency(control)));
        if let Some(report) = &control.report {
            // In narrow columns.
            let corrections: usize = report.corrections.iter().map(|x| 100 + text(&x.text)).sum();
            let lines = report.outcomes.len() + report.references.len() + report.files.len() + report.findings.len();
            size += 100 + 2 * (text(&report.comment) + corrections + 120 * lines);
        }
    }
    for action in &risk.actions {
        size += 100 + action.name.len() + text(&action.description);
        if let Some(effect) = &action.financial_effect {
            size += 80 + text(&effect.comment);
        }
        if let Some(report) = &action.report {
            let corrections: usize = report.corrections.iter().map(|x| 100 + text(&x.text)).sum();
            size +=
                100 + 2 * (text(&report.comment) + corrections + 120 * (report.references.len() + report.files.len()));
        }
    }
    size
}

/// The last block of a sealed document: what anybody can hold the register against.
pub(crate) fn checkpoint(checkpoint: &Checkpoint) -> Block {
    let fact = |name: &str, value| Fact { name: name.to_owned(), value };
    Block::Keep {
        size: 0,
        blocks: vec![
            plain_heading(2, "Äkthet", false),
            plain(
                "Registrets historik är förseglad med kontrollpunkter. Den senaste före beslutet, i den här \
                 organisationens logg, står nedan. Med den kan var och en pröva att historiken inte har ändrats sedan \
                 dess.",
            ),
            Block::Facts {
                across: 1,
                facts: vec![
                    fact("Logg", FactValue::Code { text: one_line(&checkpoint.origin) }),
                    fact("Antal händelser", FactValue::Text { text: checkpoint.size.to_string() }),
                    fact("Rot", FactValue::Code { text: one_line(&checkpoint.root) }),
                ],
            },
        ],
    }
}

/// "1, 4 och 7" of risks' numbers.
pub(crate) fn numbers(numbers: &[u32]) -> String {
    enumeration(&numbers.iter().map(u32::to_string).collect::<Vec<_>>())
}
