//! The region's compiled report as a document: how every body stands in a period.

use chrono::Datelike;

use crate::Version;
use crate::appendix::amount_names;
use crate::compilation::{column, heading, lead_in, sentence, table, wide_column};
use crate::error::DocumentError;
use crate::marking::{Marked, compiled_markings, mark};
use crate::model::{Block, Cell, Document, Header, Part, Row, Style};
use crate::plan;
use crate::report::{COMPONENTS, component_name};
use crate::snapshot::{
    COMPILED_SCHEMA, CompiledBody, CompiledEffect, CompiledPeriod, CompiledSnapshot, MandatoryKind, PeriodKind,
    ReportStatus, StatusCounts,
};
use crate::text::{blocks, line, one_line, optional_blocks, optional_line, shortened};
use crate::words::{self, capital, long_date, number, spoken_by, tenths};

/// The report's document. `masked` is how many things the public version masks; None in the full one.
pub(crate) fn document(snapshot: &CompiledSnapshot, masked: Option<u32>) -> Result<Document, DocumentError> {
    check(snapshot)?;
    let version = plan::version(masked);
    let marked = Marked::of(version, &compiled_markings(snapshot));
    let report = &snapshot.report;
    let name = name(snapshot);
    let mut body = vec![Block::PageBreak];
    body.extend(summary(snapshot));
    body.extend(bodies(snapshot));
    body.extend(statuses(snapshot));
    body.extend(mandatory(snapshot));
    body.extend(risks(snapshot, version));
    body.extend(indicators(snapshot));
    body.extend(deficiencies(snapshot, version));
    body.extend(judgements(snapshot));
    body.extend(financial_effects(snapshot));
    let conclusion = optional_blocks(snapshot.conclusion.as_deref());
    if !conclusion.is_empty() {
        body.extend([heading(1, "Slutsats"), Block::Prose { text: conclusion }]);
    }
    let diary_numbers = line(&report.diary_numbers.join(", "));
    Ok(Document {
        identity: format!("riskregister compiled {}", report.id),
        title: format!("{name} – {}{}", shortened(&snapshot.register, 200), marked.title()),
        date: report.final_on.map(|day| {
            // Months and days are small.
            [day.year(), i32::try_from(day.month()).unwrap_or(1), i32::try_from(day.day()).unwrap_or(1)]
        }),
        draft: report.final_on.is_none(),
        header: Header {
            organisation: shortened(&snapshot.register, 60),
            diary_numbers: diary_numbers.as_ref().map(|numbers| shortened(numbers, 70)),
        },
        register: None,
        organisation: line(&snapshot.register),
        facts: facts(snapshot, diary_numbers),
        notices: plan::notices(report.illustrative, masked, &marked),
        secrecy: marked.head(),
        long_contents: false,
        name,
        body,
    })
}

pub(crate) fn name(snapshot: &CompiledSnapshot) -> String {
    let period = words::own_in(&snapshot.words).titled(snapshot.report.kind, snapshot.report.year);
    format!("Samlad uppföljning av intern kontroll, {period}")
}

/// What is sealed must not contradict itself; better no document than a wrong one.
fn check(snapshot: &CompiledSnapshot) -> Result<(), DocumentError> {
    let fail = |why: String| Err(DocumentError::Snapshot(why));
    if !plan::readable(snapshot.schema, COMPILED_SCHEMA) {
        return fail(format!("schema {} of a compiled report cannot be read", snapshot.schema));
    }
    if snapshot.report.period_to < snapshot.report.period_from {
        return fail("a period that ends before it begins".into());
    }
    let known = |body: &str| body == snapshot.register || snapshot.bodies.iter().any(|one| one.name == body);
    let named = snapshot.risks.iter().map(|risk| &risk.body);
    let named = named.chain(snapshot.deficiencies.iter().map(|deficiency| &deficiency.body));
    let named = named.chain(snapshot.indicators.iter().map(|indicator| &indicator.body));
    if let Some(unknown) = named.into_iter().find(|body| !known(body)) {
        return fail(format!("{unknown} is no body of the report"));
    }
    for body in &snapshot.bodies {
        if body.period.as_ref().is_some_and(|period| period.reported > period.due) {
            return fail(format!("{} has reported more than was due", body.name));
        }
        if body.period.is_some() && body.plan.is_none() {
            return fail(format!("{} follows up a plan that is not adopted", body.name));
        }
    }
    Ok(())
}

fn facts(snapshot: &CompiledSnapshot, diary_numbers: Option<String>) -> Vec<(String, String)> {
    let report = &snapshot.report;
    let fact = |label: &str, text: String| (label.to_owned(), text);
    let mut facts =
        vec![fact("Period", format!("{} – {}", long_date(report.period_from), long_date(report.period_to)))];
    match report.replaces {
        Some(replaced) => facts.push(fact("Version", format!("{}, ersätter version {replaced}", report.version))),
        None if report.version > 1 => facts.push(fact("Version", report.version.to_string())),
        None => {}
    }
    facts.extend(report.deadline.map(|day| fact("Sista dag att rapportera", long_date(day))));
    facts.extend(diary_numbers.map(|numbers| fact("Diarienummer", numbers)));
    facts.push(match report.final_on {
        Some(day) => fact("Slutlig", long_date(day)),
        None => fact("Status", "UTKAST – under arbete".to_owned()),
    });
    facts
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

fn summary(snapshot: &CompiledSnapshot) -> Vec<Block> {
    let mut body = vec![heading(1, "Sammanfattning")];
    let introduction = optional_blocks(snapshot.introduction.as_deref());
    if !introduction.is_empty() {
        body.push(Block::Prose { text: introduction });
    }
    let all = &snapshot.bodies;
    let year = snapshot.report.year;
    if all.is_empty() {
        body.push(sentence(format!("Ingen har skyldighet att ha en plan för intern kontroll {year}.")));
        return body;
    }
    let count = |of: fn(&CompiledBody) -> bool| all.iter().filter(|one| of(one)).count();
    let adopted = count(|one| one.plan.is_some());
    let mut said = vec![format!(
        "{} har skyldighet att ha en plan för intern kontroll {year}. {} en fastställd plan.",
        counted(all.len(), "nämnd eller bolag", "nämnder och bolag"),
        if adopted == all.len() { "Alla har".to_owned() } else { format!("{adopted} av {} har", all.len()) },
    )];
    let followed: Vec<&CompiledPeriod> = all.iter().filter_map(|one| one.period.as_ref()).collect();
    let (due, reported) = followed.iter().fold((0, 0), |(due, told), one| (due + one.due, told + one.reported));
    said.push(match (due, due - reported) {
        (0, _) => "Ingenting skulle rapporteras i perioden.".to_owned(),
        (_, 0) => {
            format!("Alla {} statusar som skulle rapporteras i perioden har rapporterats.", number(i64::from(due)))
        }
        (_, missing) => format!(
            "{} av {} statusar som skulle rapporteras i perioden har rapporterats och {} saknas.",
            number(i64::from(reported)),
            number(i64::from(due)),
            number(i64::from(missing))
        ),
    });
    let decided = followed.iter().filter(|one| is_decided(one)).count();
    said.push(format!("{decided} av {} har en beslutad rapport för perioden.", all.len()));
    body.push(sentence(said.join(" ")));
    let late: Vec<String> = all.iter().filter(|one| one.late).map(|one| one_line(&one.name)).collect();
    if !late.is_empty() {
        body.push(sentence(format!("Försenade: {}.", late.join(", "))));
    }
    body
}

fn is_decided(period: &CompiledPeriod) -> bool {
    period.report.as_ref().is_some_and(|report| report.status == ReportStatus::Decided)
}

/// A body's name, with its abbreviation.
fn named(body: &CompiledBody) -> Cell {
    let mut parts = vec![Part::line(Style::Plain, one_line(&body.name))];
    let short = optional_line(body.abbreviation.as_deref()).filter(|short| *short != one_line(&body.name));
    parts.extend(short.map(|short| Part::line(Style::Small, short)));
    Cell::new(parts)
}

/// What the plan of a body is, in words.
pub(crate) fn plan_words(body: &CompiledBody) -> String {
    match &body.plan {
        None => "Ingen fastställd plan".to_owned(),
        Some(plan) => {
            let version = if plan.version > 1 { format!(", version {}", plan.version) } else { String::new() };
            match plan.adopted_on {
                Some(day) => format!("Fastställd {day}{version}"),
                None => format!("Fastställd{version}"),
            }
        }
    }
}

/// What the report of a body is, in words.
pub(crate) fn report_words(body: &CompiledBody) -> String {
    match (&body.not_reported, &body.period) {
        (Some(reason), _) => format!("Inte uppföljd: {}", one_line(reason)),
        (None, None) => "–".to_owned(),
        (None, Some(period)) => match &period.report {
            None => "Ingen rapport".to_owned(),
            Some(report) => match (report.status, report.decided_on) {
                (ReportStatus::Decided, Some(day)) => format!("Beslutad {day}"),
                (ReportStatus::Decided, None) => "Beslutad".to_owned(),
                (ReportStatus::Final, _) => "Slutlig, inte beslutad".to_owned(),
                (ReportStatus::Draft, _) => "Utkast".to_owned(),
            },
        },
    }
}

fn delivered(body: &CompiledBody) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(plan) = &body.plan {
        let day = plan.delivered_on.map_or_else(|| "inte inlämnad".to_owned(), |day| day.to_string());
        parts.push(Part::labelled(Style::Plain, "Plan", day));
    }
    if let Some(report) =
        body.period.as_ref().and_then(|period| period.report.as_ref()).filter(|x| x.decided_on.is_some())
    {
        let day = report.delivered_on.map_or_else(|| "inte inlämnad".to_owned(), |day| day.to_string());
        parts.push(Part::labelled(Style::Plain, "Rapport", day));
    }
    parts
}

fn bodies(snapshot: &CompiledSnapshot) -> Vec<Block> {
    if snapshot.bodies.is_empty() {
        return Vec::new();
    }
    let rows = snapshot.bodies.iter().map(|body| {
        let mut plan = vec![Part::line(Style::Plain, plan_words(body))];
        if body.late {
            plan.push(Part::line(Style::Mark, "Försenad"));
        }
        let counts = body.period.as_ref().map(|one| [one.due, one.reported, one.due - one.reported]);
        let mut cells = vec![named(body), Cell::new(plan), Cell::new(delivered(body))];
        match counts {
            Some(counts) => cells.extend(counts.map(|count| Cell::text(number(i64::from(count))))),
            None => cells.extend([(); 3].map(|()| Cell::text("–"))),
        }
        cells.push(Cell::text(report_words(body)));
        Row::new(cells)
    });
    vec![
        heading(1, "Nämnder och bolag"),
        table(
            vec![
                wide_column("Nämnd eller bolag"),
                column("Plan", 26),
                column(&format!("Inlämnad till {}", spoken_by(&snapshot.words).region), 26),
                column("Att rapportera", 18).kept(),
                column("Rapporterat", 20).kept(),
                column("Saknas", 14).kept(),
                column("Rapport", 24).kept(),
            ],
            rows.collect(),
        ),
    ]
}

/// The sum of many counts.
fn sum<'a>(all: impl Iterator<Item = &'a StatusCounts>) -> StatusCounts {
    all.fold(StatusCounts::default(), |sum, one| StatusCounts {
        dash: sum.dash + one.dash,
        green: sum.green + one.green,
        yellow: sum.yellow + one.yellow,
        red: sum.red + one.red,
        missing: sum.missing + one.missing,
    })
}

/// In the order of the columns.
pub(crate) fn listed(counts: &StatusCounts) -> [u32; 5] {
    [counts.green, counts.yellow, counts.red, counts.dash, counts.missing]
}

/// The columns that [`listed`] fills.
pub(crate) const COUNTED: [&str; 5] = ["Grön ●", "Gul ▲", "Röd ■", "Streck –", "Saknas ○"];

fn statuses(snapshot: &CompiledSnapshot) -> Vec<Block> {
    type Of = fn(&CompiledPeriod) -> &StatusCounts;
    let scales: [(&str, Of); 3] = [
        ("Kontroller", |one| &one.controls),
        ("Åtgärder", |one| &one.actions),
        ("Åtgärdernas effekt", |one| &one.effects),
    ];
    let followed: Vec<(&CompiledBody, &CompiledPeriod)> =
        snapshot.bodies.iter().filter_map(|body| Some((body, body.period.as_ref()?))).collect();
    if followed.is_empty() {
        return Vec::new();
    }
    let mut body = vec![
        heading(1, "Status i perioden"),
        sentence(
            "Grön är genomförd utan avvikelser, enligt plan eller bedöms ge önskad effekt. Gul är genomförd med avvikelser, \
             merparten åtgärdat eller osäkert. Röd är inte genomförd, ej enligt plan eller bedöms inte få önskad effekt. \
             Streck är det som inte är aktuellt i perioden.",
        ),
    ];
    for (name, of) in scales {
        let mut rows: Vec<Row> = followed
            .iter()
            .map(|(body, period)| {
                let mut cells = vec![named(body)];
                cells.extend(listed(of(period)).map(|count| Cell::text(number(i64::from(count)))));
                Row::new(cells)
            })
            .collect();
        let all = sum(followed.iter().map(|(_, period)| of(period)));
        let mut cells = vec![Cell::strong("Summa")];
        cells.extend(listed(&all).map(|count| Cell::strong(number(i64::from(count)))));
        rows.push(Row::new(cells));
        let mut columns = vec![wide_column("Nämnd eller bolag")];
        columns.extend(COUNTED.map(|name| column(name, 24).kept()));
        body.extend([heading(2, name), table(columns, rows)]);
    }
    body
}

fn mandatory(snapshot: &CompiledSnapshot) -> Vec<Block> {
    if snapshot.mandatory.is_empty() || snapshot.bodies.is_empty() {
        return Vec::new();
    }
    let all = snapshot.bodies.len();
    let rows = snapshot.mandatory.iter().map(|one| {
        let what = match one.kind {
            MandatoryKind::Risk => "Risk",
            MandatoryKind::Area => "Riskområde",
        };
        let name = vec![Part::line(Style::Plain, one_line(&one.name)), Part::line(Style::Small, what)];
        let of = |count: u32| Cell::text(format!("{count} av {all}"));
        let lacking = if one.lacking.is_empty() {
            Cell::text("–")
        } else {
            Cell::text(one.lacking.iter().map(|name| one_line(name)).collect::<Vec<_>>().join(", "))
        };
        Row::new(vec![Cell::new(name), of(one.present), of(one.assessed), of(one.controlled), lacking])
    });
    vec![
        heading(1, "Obligatoriska risker"),
        table(
            vec![
                wide_column("Obligatorisk risk"),
                column("I plan eller utkast", 22),
                column("Bedömd", 22),
                column("Har kontroll", 24),
                column("Saknas hos", 60).kept(),
            ],
            rows.collect(),
        ),
    ]
}

fn risks(snapshot: &CompiledSnapshot, version: Version) -> Vec<Block> {
    if snapshot.risks.is_empty() {
        return Vec::new();
    }
    let rows = snapshot.risks.iter().map(|risk| {
        let mut name = vec![Part::line(Style::Plain, one_line(&risk.name))];
        name.push(Part::line(Style::Small, format!("Nr {}, referens {}", risk.number, one_line(&risk.reference))));
        name.extend(mark(version, risk.secrecy.as_ref()));
        let score =
            Part::Chip { level: words::chip(&risk.level), short: true, before: Some(number(i64::from(risk.score))) };
        let then =
            |score: Option<i32>| Cell::text(score.map_or_else(|| "–".to_owned(), |score| number(i64::from(score))));
        Row::new(vec![
            Cell::text(one_line(&risk.body)),
            Cell::new(name),
            Cell::new(vec![score]),
            then(risk.adopted),
            then(risk.last_year),
        ])
    });
    let total = usize::try_from(snapshot.total).unwrap_or(usize::MAX);
    let shown = snapshot.risks.len();
    let said = if shown < total {
        format!("De {shown} högsta av {total} risker i planerna, efter nivå och riskvärde:")
    } else {
        "Alla risker i planerna, efter nivå och riskvärde:".to_owned()
    };
    vec![
        heading(1, "De högsta riskerna"),
        lead_in(said),
        table(
            vec![
                column("Nämnd eller bolag", 42),
                wide_column("Risk"),
                column("Riskvärde", 26),
                column("I planen", 18).kept(),
                column("Förra året", 18).kept(),
            ],
            rows.collect(),
        ),
    ]
}

fn indicators(snapshot: &CompiledSnapshot) -> Vec<Block> {
    let counts = snapshot.bodies.iter().filter_map(|body| Some(body.period.as_ref()?.outcomes));
    let counts = counts.chain([snapshot.outcomes]);
    let (asked, answered) = counts.fold((0, 0), |(asked, answered), one| (asked + one.asked, answered + one.answered));
    if asked == 0 && snapshot.indicators.is_empty() {
        return Vec::new();
    }
    let mut body = vec![heading(1, "Indikatorer")];
    body.push(sentence(match (answered, snapshot.indicators.is_empty()) {
        (0, true) => format!("Inget av {asked} utfall har bedömts för perioden."),
        (_, true) if answered < asked => format!(
            "{answered} av {asked} utfall har bedömts för perioden. Inget av dem bedöms riskera att inte nå målet."
        ),
        (_, true) => {
            format!("Alla {asked} utfall har bedömts för perioden, och inget bedöms riskera att inte nå målet.")
        }
        (_, false) => {
            format!("{answered} av {asked} utfall har bedömts för perioden. De här riskerar att inte nå målet:")
        }
    }));
    if snapshot.indicators.is_empty() {
        return body;
    }
    let rows = snapshot.indicators.iter().map(|one| {
        let text = |text: &Option<String>| Cell::maybe(optional_line(text.as_deref()));
        let mut name = vec![Part::line(Style::Plain, one_line(&one.outcome.name))];
        let goal = optional_line(one.goal.as_deref());
        name.extend(goal.map(|goal| Part::labelled(Style::Small, "Mål", goal)));
        let mut cause: Vec<Part> =
            one.cause.as_deref().map(|text| Part::Prose { text: blocks(text) }).into_iter().collect();
        if !one.has_action {
            cause.push(Part::line(Style::Mark, "Ingen åtgärd är kopplad"));
        }
        Row::new(vec![
            Cell::text(one_line(&one.body)),
            Cell::new(name),
            text(&one.outcome.target),
            text(&one.outcome.value),
            one.outcome.judgement.map(|judgement| Cell::status(words::judgement(judgement))).unwrap_or_default(),
            Cell::new(cause),
        ])
    });
    body.push(table(
        vec![
            column("Hos", 38),
            column("Indikator", 40),
            column("Målvärde", 20),
            column("Utfall", 18),
            column("Bedömning", 30).kept(),
            wide_column("Orsak"),
        ],
        rows.collect(),
    ));
    body
}

fn deficiencies(snapshot: &CompiledSnapshot, version: Version) -> Vec<Block> {
    let region = spoken_by(&snapshot.words).region;
    let mut body = vec![heading(1, &format!("Brister som rör {region}"))];
    if snapshot.deficiencies.is_empty() {
        body.push(sentence(format!(
            "Ingen brist har rapporterats till {region} med den här uppföljningen, och ingen som rapporterades tidigare är \
             öppen."
        )));
        return body;
    }
    let rows = snapshot.deficiencies.iter().map(|one| {
        let mut what = vec![Part::Prose { text: blocks(&one.what) }];
        match version {
            Version::Full => what.extend(mark(version, one.secrecy.as_ref())),
            Version::Public => {
                let marking = one.secrecy.as_ref().map(words::secrecy);
                what.extend(marking.map(|marking| Part::labelled(Style::Small, "Sekretessmarkering", marking)));
            }
        }
        let told = match one.reported_to_board_on {
            Some(day) => Part::line(Style::Plain, day.to_string()),
            None => Part::line(Style::Mark, "Inte rapporterad"),
        };
        let mut done: Vec<Part> =
            one.done.as_deref().map(|text| Part::Prose { text: blocks(text) }).into_iter().collect();
        done.push(match one.closed_on {
            Some(day) => Part::labelled(Style::Plain, "Avslutad", day.to_string()),
            None => Part::line(Style::Mark, "Inte avslutad"),
        });
        Row::new(vec![
            Cell::text(one_line(&one.body)),
            Cell::new(what),
            Cell::text(one.found_on.to_string()),
            Cell::maybe(optional_line(one.severity.as_deref()).map(|word| capital(&word))),
            Cell::new(vec![told]),
            Cell::new(done),
        ])
    });
    body.push(table(
        vec![
            column("Nämnd eller bolag", 28),
            wide_column("Brist"),
            column("Upptäckt", 22),
            column("Allvar", 16),
            column("Nämnd eller styrelse underrättad", 24),
            column("Vad som har gjorts", 34),
        ],
        rows.collect(),
    ));
    body
}

/// What is not judged, in a cell of its own words.
pub(crate) const NOT_JUDGED: &str = "Inte bedömd";

fn judgements(snapshot: &CompiledSnapshot) -> Vec<Block> {
    let judged = |body: &&CompiledBody| {
        body.opinion.is_some() || body.period.as_ref().is_some_and(|period| !period.components.is_empty())
    };
    if !snapshot.bodies.iter().any(|body| judged(&body)) {
        return match snapshot.report.kind {
            PeriodKind::Annual => vec![
                heading(1, "Bedömning av den interna kontrollen"),
                sentence(
                    "Ingen nämnd och inget bolag har bedömt sin interna kontroll, och ingen bedömning av revisorerna är införd.",
                ),
            ],
            _ => Vec::new(),
        };
    }
    let rows = snapshot.bodies.iter().map(|body| {
        let mut cells = vec![named(body)];
        for (key, _) in COMPONENTS {
            let of = body.period.iter().flat_map(|period| &period.components).find(|one| one.key == key);
            cells.push(match of {
                Some(one) => Cell::status(words::sufficiency(one.judgement)),
                None => Cell::text(NOT_JUDGED),
            });
        }
        cells.push(Cell::text(
            body.opinion.as_deref().map_or_else(|| NOT_JUDGED.to_owned(), |word| capital(&one_line(word))),
        ));
        Row::new(cells)
    });
    let mut columns = vec![wide_column("Nämnd eller bolag")];
    columns.extend(COMPONENTS.map(|(key, _)| column(&component_name(key), 27).kept()));
    columns.push(column("Revisorernas bedömning", 28).kept());
    vec![
        heading(1, "Bedömning av den interna kontrollen"),
        lead_in(
            "Nämndernas och bolagens egen bedömning av de fem komponenterna i COSO, och revisorernas bedömning av året:",
        ),
        table(columns, rows.collect()),
    ]
}

/// In the order of the columns.
pub(crate) fn amounts(effect: &CompiledEffect) -> [Option<i64>; 5] {
    [effect.full_year, effect.plan_year, effect.next_year, effect.year_after_next, effect.realised]
}

fn financial_effects(snapshot: &CompiledSnapshot) -> Vec<Block> {
    let told: Vec<(&CompiledBody, [Option<i64>; 5])> = snapshot
        .bodies
        .iter()
        .filter_map(|body| Some((body, amounts(&body.period.as_ref()?.financial_effect))))
        .filter(|(_, amounts)| amounts.iter().any(Option::is_some))
        .collect();
    if told.is_empty() {
        return Vec::new();
    }
    let mut sum = [None::<i64>; 5];
    let mut rows = Vec::new();
    for (body, amounts) in told {
        let mut cells = vec![named(body)];
        for (sum, amount) in sum.iter_mut().zip(amounts) {
            if let Some(amount) = amount {
                *sum = Some(sum.unwrap_or(0).saturating_add(amount));
            }
            cells.push(Cell::maybe(amount.map(tenths)));
        }
        rows.push(Row::new(cells));
    }
    let mut cells = vec![Cell::strong("Summa")];
    cells.extend(sum.map(|amount| amount.map(|amount| Cell::strong(tenths(amount))).unwrap_or_default()));
    rows.push(Row::new(cells));
    let mut columns = vec![wide_column("Nämnd eller bolag")];
    columns.extend(amount_names(snapshot.report.year).iter().map(|name| column(&capital(name), 24)));
    columns.push(column("Realiserat", 24));
    vec![
        heading(1, "Ekonomisk effekt av åtgärder"),
        lead_in(
            "Beloppen är i miljoner kronor. Helår är effekten när åtgärden är fullt genomförd. Ett negativt belopp är en \
             kostnad. Den som inte har angett något belopp står inte här.",
        ),
        table(columns, rows),
    ]
}
