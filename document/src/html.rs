//! A document as a page shows it: its content as HTML, from the same model as PDF and DOCX, so that a page cannot say anything
//! else. What stands around it is the page's own: its title, the decision, and what can be done. No styles and no scripts;
//! closing tags that HTML does not need are left out, since a plan of many risks is sent whole.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use crate::appendix::{self, Kind};
use crate::compilation::{all_risks, compilation, overview};
use crate::error::DocumentError;
use crate::marking::{Marked, plan_markings, report_markings};
use crate::model::{
    Block, Cell, Chip, Fact, FactValue, LevelCount, Mark, Matrix, Notice, Part, RiskCard, Row, Scale, Shape, Style,
    Table,
};
use crate::snapshot::{PlanSnapshot, PlanStatus, ReportSnapshot, ReportStatus};
use crate::text::{Paragraph, Prose, escape};
use crate::words::printed;
use crate::{Version, files, plan, report};

/// The content of a document, to stand on a page.
pub struct Content {
    /// What must not be missed, first.
    pub notices: Vec<Told>,
    /// The headings, in order: where the contents lead.
    pub contents: Vec<Entry>,
    pub html: String,
}

/// Something that must not be missed.
pub struct Told {
    pub heading: String,
    pub text: String,
    /// Of what may not be spread.
    pub alarm: bool,
}

/// A line of the contents.
pub struct Entry {
    /// 1, or 2 for what stands below the last of those.
    pub level: u32,
    /// The id of its heading.
    pub at: String,
    pub text: String,
}

/// What a page adds at a risk.
#[derive(Default)]
pub struct AtRisk {
    /// The page of the risk, for who may see it.
    pub page: Option<String>,
    /// HTML that stands below its facts.
    pub below: String,
}

/// What a page adds, in HTML of its own: at risks by id, and at the plan's texts by their key.
#[derive(Default)]
pub struct Added {
    pub risks: HashMap<String, AtRisk>,
    pub sections: HashMap<&'static str, String>,
}

/// A list of more risks than one looks over is left to the page of risks: all that it says stands at each risk.
const LISTED: usize = 40;

/// A plan as it is read, in the full version. A draft is shown as it is, also where no document could be made of it: its page is
/// where that is mended.
pub fn plan_content(snapshot: &PlanSnapshot, added: &Added) -> Result<Content, DocumentError> {
    if snapshot.plan.status == PlanStatus::Adopted {
        plan::check(snapshot)?;
    }
    let mut body = plan::body(snapshot, read_compilation(snapshot, snapshot.plan.illustrative));
    body.extend(risks(snapshot, Kind::Plan));
    body.extend(snapshot.checkpoint.as_ref().map(appendix::checkpoint));
    let marked = Marked::of(Version::Full, &plan_markings(snapshot));
    Ok(content(&body, plan::notices(snapshot.plan.illustrative, None, &marked), added))
}

/// A follow-up report as it is read, in the full version; a draft, too.
pub fn report_content(snapshot: &ReportSnapshot, added: &Added) -> Result<Content, DocumentError> {
    if snapshot.report.status == ReportStatus::Decided {
        report::check(snapshot)?;
    }
    let illustrative = snapshot.report.illustrative || snapshot.plan.plan.illustrative;
    let mut body = report::body(snapshot, Version::Full, read_compilation(&snapshot.plan, illustrative));
    body.extend(risks(&snapshot.plan, Kind::Report));
    body.extend(files::section(snapshot, Version::Full));
    body.extend(snapshot.checkpoint.as_ref().map(appendix::checkpoint));
    let marked = Marked::of(Version::Full, &report_markings(snapshot));
    Ok(content(&body, plan::notices(illustrative, None, &marked), added))
}

fn read_compilation(snapshot: &PlanSnapshot, illustrative: bool) -> Vec<Block> {
    if all_risks(snapshot).count() > LISTED {
        overview(snapshot, illustrative)
    } else {
        compilation(snapshot, illustrative, Version::Full)
    }
}

/// The appendix, its reading guide folded.
fn risks(snapshot: &PlanSnapshot, kind: Kind) -> Vec<Block> {
    let mut body = vec![appendix::title(), Block::Keep { size: 0, blocks: appendix::reading_guide(snapshot, kind) }];
    body.extend(appendix::of_goals(snapshot, kind, Version::Full));
    body
}

fn content(body: &[Block], notices: Vec<Notice>, added: &Added) -> Content {
    let number = |block: &Block| match block {
        Block::Risk(risk) => Some(risk.number.clone()),
        _ => None,
    };
    let mut page = Page {
        html: String::new(),
        contents: Vec::new(),
        heading: String::new(),
        named: BTreeSet::new(),
        numbers: body.iter().filter_map(number).collect(),
        added,
    };
    page.blocks(body);
    let told = |notice: Notice| Told { heading: notice.heading, text: notice.text, alarm: notice.alarm };
    Content { notices: notices.into_iter().map(told).collect(), contents: page.contents, html: page.html }
}

/// The content as it grows.
struct Page<'a> {
    html: String,
    contents: Vec<Entry>,
    /// The last heading: what a table is called.
    heading: String,
    /// What tables are called: each otherwise.
    named: BTreeSet<String>,
    /// Of the risks that have their place here: they lead there.
    numbers: BTreeSet<String>,
    added: &'a Added,
}

impl Page<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match block {
            // A chart has its numbers in the table that follows it.
            Block::PageBreak | Block::Chart(_) => {}
            Block::Heading { level, text, outlined, of, .. } => {
                self.heading(*level, text, *outlined, of.and_then(|key| self.added.sections.get(key)));
            }
            Block::Prose { text } => prose(&mut self.html, text),
            Block::Rich { runs } => {
                self.html.push_str("<p>");
                for run in runs {
                    let text = escape(&run.text);
                    self.html.push_str(&if run.strong { format!("<strong>{text}</strong>") } else { text });
                }
                self.html.push_str("</p>");
            }
            Block::Strong { text } => put(&mut self.html, "<p><strong>", text, "</strong></p>"),
            Block::Lead { text } => put(&mut self.html, "<p class=\"meta\">", text, "</p>"),
            Block::LeadIn { text } => put(&mut self.html, "<p>", text, "</p>"),
            Block::Counts { counts, total } => self.counts(counts, *total),
            Block::Matrix(matrix) => self.matrix(matrix),
            Block::Scales { scales } => scales.iter().for_each(|scale| self.scale(scale)),
            Block::Keep { blocks, .. } => self.folded(blocks),
            Block::Table(table) => self.table(table),
            Block::Chips { chips } => {
                let chips: Vec<String> = chips.iter().map(|level| chip(level, &level.label, None)).collect();
                let _ = write!(self.html, "<p>{}</p>", chips.join(", "));
            }
            Block::Risk(risk) => self.risk(risk),
            Block::Facts { facts, .. } => self.facts(facts),
        }
    }

    fn heading(&mut self, level: u32, text: &str, outlined: bool, beside: Option<&String>) {
        let text = escape(text);
        let beside = beside.map(|html| format!(" {html}")).unwrap_or_default();
        if outlined {
            let at = format!("part-{}", self.contents.len() + 1);
            let _ = write!(self.html, "<h{0} id=\"{at}\">{text}</h{0}>{beside}", level + 1);
            self.contents.push(Entry { level, at, text: text.clone() });
        } else {
            let _ = write!(self.html, "<h{0}>{text}</h{0}>{beside}", level + 1);
        }
        self.heading = text;
    }

    /// What one looks up and does not read: folded under its own heading.
    fn folded(&mut self, blocks: &[Block]) {
        let (summary, rest) = match blocks.split_first() {
            Some((Block::Heading { text, .. }, rest)) => (text, rest),
            _ => return self.blocks(blocks),
        };
        self.heading = escape(summary);
        let _ = write!(self.html, "<details><summary>{}</summary>", self.heading);
        self.blocks(rest);
        self.html.push_str("</details>");
    }

    fn counts(&mut self, counts: &[LevelCount], total: u32) {
        self.html.push_str("<ul class=\"sums\">");
        for count in counts {
            let level = chip(&count.level, &count.level.label, None);
            let _ = write!(self.html, "<li><strong>{}</strong>{level}", count.count);
        }
        let _ = write!(self.html, "<li><strong>{total}</strong>Totalt</ul>");
    }

    fn scrolled(&mut self, class: &str) {
        let mut name = self.heading.clone();
        let mut n = 1;
        while !self.named.insert(name.clone()) {
            n += 1;
            name = format!("{}, tabell {n}", self.heading);
        }
        let _ = write!(
            self.html,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table class=\"{class}\">"
        );
    }

    fn matrix(&mut self, matrix: &Matrix) {
        let axis = |step: &str, label: &Option<String>| {
            let label = label.as_deref().map(|label| format!(" <span class=\"step\">{}</span>", escape(label)));
            format!("{}{}", escape(step), label.unwrap_or_default())
        };
        self.scrolled("matrix");
        let _ = write!(
            self.html,
            "<caption class=\"seen-not\">{}</caption><thead><tr class=\"axis\"><td><th scope=\"colgroup\" colspan=\"{}\">{}\
             <tr><th scope=\"col\">{}",
            escape(&matrix.summary),
            matrix.columns.len(),
            escape(&matrix.across),
            escape(&matrix.down)
        );
        for column in &matrix.columns {
            let _ = write!(self.html, "<th scope=\"col\">{}", axis(&column.step, &column.label));
        }
        self.html.push_str("<tbody>");
        for row in &matrix.rows {
            let _ = write!(self.html, "<tr><th scope=\"row\">{}", axis(&row.step, &row.label));
            for cell in &row.cells {
                let _ = write!(
                    self.html,
                    "<td{}><span class=\"score\">{} <span class=\"step\">{}</span></span>",
                    class_of(&cell.level).map(|class| format!(" class=\"{class}\"")).unwrap_or_default(),
                    escape(&cell.score),
                    escape(&cell.level.short)
                );
                for number in &cell.risks {
                    let _ = write!(self.html, "<a href=\"#risk-{number}\">{number}</a> ");
                }
            }
        }
        self.html.push_str("</table></div>");
    }

    fn scale(&mut self, scale: &Scale) {
        let _ = write!(self.html, "<p><strong>{}</strong></p><dl class=\"steps\">", escape(&scale.name));
        for step in &scale.steps {
            let label = step.label.as_deref().map(|label| format!(" {}", escape(label))).unwrap_or_default();
            let _ = write!(self.html, "<dt>{}{label}<dd>", escape(&step.step));
            prose(&mut self.html, &step.description);
        }
        self.html.push_str("</dl>");
    }

    fn table(&mut self, table: &Table) {
        self.scrolled("stack");
        self.html.push_str("<thead><tr>");
        for column in &table.columns {
            put(&mut self.html, "<th scope=\"col\">", &column.name, "");
        }
        self.html.push_str("<tbody>");
        // The column that names the row: beside a number it is the next one.
        let name_of = |at: usize| table.columns.get(at).map(|column| column.name.as_str()).unwrap_or_default();
        let numbered = ["Nr", "Risk"].contains(&name_of(0)) && table.columns.len() > 2;
        let named = usize::from(numbered) + usize::from(numbered && name_of(1) == "Referens");
        for group in &table.groups {
            if let Some(name) = &group.name {
                let _ = write!(
                    self.html,
                    "<tr><th scope=\"rowgroup\" colspan=\"{}\">{}",
                    table.columns.len(),
                    escape(name)
                );
            }
            for row in &group.rows {
                self.html.push_str("<tr>");
                for (at, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
                    if at == named {
                        self.html.push_str("<th scope=\"row\">");
                    } else {
                        put(&mut self.html, "<td data-label=\"", &column.name, "\">");
                    }
                    match cell.parts.as_slice() {
                        [Part::Text { text, .. }] if numbered && at == 0 && self.numbers.contains(text) => {
                            let _ = write!(self.html, "<a href=\"#risk-{text}\">{text}</a>");
                        }
                        _ => self.cell(cell),
                    }
                }
            }
        }
        self.html.push_str("</table></div>");
    }

    fn cell(&mut self, cell: &Cell) {
        for part in &cell.parts {
            self.part(part);
        }
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Text { text, strong: true } => put(&mut self.html, "<strong>", text, "</strong>"),
            Part::Text { text, strong: false } => put(&mut self.html, "", text, ""),
            Part::Chip { level, short, before } => {
                let name = if *short { &level.short } else { &level.label };
                self.html.push_str(&chip(level, name, before.as_deref()));
            }
            Part::Line { label, text, style } => {
                let text = format!("{}{text}", label.as_deref().unwrap_or_default());
                let (before, after) = match style {
                    Style::Plain => ("<div>", "</div>"),
                    Style::Strong => ("<div><strong>", "</strong></div>"),
                    Style::Small => ("<div class=\"meta\">", "</div>"),
                    Style::Mark => ("<div class=\"mark\">", "</div>"),
                };
                put(&mut self.html, before, &text, after);
            }
            Part::Prose { text } => prose(&mut self.html, text),
            Part::Status(mark) => self.html.push_str(&status(mark)),
        }
    }

    fn value(&mut self, value: &FactValue) {
        match value {
            FactValue::Text { text } => put(&mut self.html, "", text, ""),
            FactValue::Code { text } => put(&mut self.html, "<code>", text, "</code>"),
            FactValue::Chip { level, before } => self.html.push_str(&chip(level, &level.label, before.as_deref())),
        }
    }

    fn facts(&mut self, facts: &[Fact]) {
        self.html.push_str("<dl class=\"of-risk\">");
        for fact in facts {
            put(&mut self.html, "<dt>", &fact.name, "<dd>");
            self.value(&fact.value);
        }
        self.html.push_str("</dl>");
    }

    fn risk(&mut self, risk: &RiskCard) {
        let added = self.added.risks.get(&risk.id);
        let name = format!("{} {}", risk.number, escape(&risk.name));
        let name = match added.and_then(|added| added.page.as_ref()) {
            Some(page) => format!("<a href=\"{page}\">{name}</a>"),
            None => name,
        };
        let _ = write!(self.html, "<h4 id=\"risk-{}\">{name}</h4>", escape(&risk.number));
        if let Some(secrecy) = &risk.secrecy {
            put(&mut self.html, "<p class=\"secret\">", secrecy, "</p>");
        }
        self.facts(&risk.facts);
        self.html.push_str(added.map_or("", |added| &added.below));
        for (label, text) in &risk.texts {
            // A short text stands beside its label.
            match text.as_slice() {
                [Paragraph::Lines(lines)] if lines.len() == 1 => {
                    let text = format!("{label}</small> {}", escape(&lines[0]));
                    let _ = write!(self.html, "<p><small>{text}</p>");
                }
                _ => {
                    put(&mut self.html, "<p><small>", label, "</small></p>");
                    prose(&mut self.html, text);
                }
            }
        }
        for table in &risk.tables {
            self.items(table);
        }
        if let Some(note) = &risk.note {
            put(&mut self.html, "<p class=\"meta\">", note, "</p>");
        }
    }

    /// The controls or the actions of a risk: each by its name, with what else is told of it below.
    fn items(&mut self, table: &Table) {
        let kind = table.columns.first().map(|column| column.name.as_str()).unwrap_or_default();
        self.html.push_str("<ul class=\"items\">");
        for row in table.groups.iter().flat_map(|group| &group.rows) {
            put(&mut self.html, "<li><small>", kind, "</small> ");
            self.item(table, row);
        }
        self.html.push_str("</ul>");
    }

    fn item(&mut self, table: &Table, row: &Row) {
        let mut cells = row.cells.iter().zip(&table.columns);
        match cells.next().map(|(name, _)| name.parts.as_slice()) {
            Some([Part::Line { label: None, text, style: Style::Strong }, rest @ ..]) => {
                put(&mut self.html, "<strong>", text, "</strong>");
                rest.iter().for_each(|part| self.part(part));
            }
            name => name.into_iter().flatten().for_each(|part| self.part(part)),
        }
        let told: Vec<(&Cell, &str)> =
            cells.filter(|(cell, _)| !cell.is_empty()).map(|(cell, column)| (cell, column.name.as_str())).collect();
        let (short, long): (Vec<_>, Vec<_>) = told.into_iter().partition(|(cell, _)| {
            !cell.parts.iter().any(|part| matches!(part, Part::Line { .. } | Part::Prose { .. }))
        });
        for (at, (cell, name)) in short.iter().enumerate() {
            put(&mut self.html, if at == 0 { "<div class=\"meta\">" } else { " · " }, name, ": ");
            self.cell(cell);
        }
        if !short.is_empty() {
            self.html.push_str("</div>");
        }
        for (cell, name) in long {
            put(&mut self.html, "<div><small>", name, "</small>");
            self.cell(cell);
            self.html.push_str("</div>");
        }
    }
}

fn put(html: &mut String, before: &str, text: &str, after: &str) {
    html.push_str(before);
    html.push_str(&escape(text));
    html.push_str(after);
}

fn prose(html: &mut String, text: &Prose) {
    for paragraph in text {
        let texts: Vec<String> = paragraph.texts().iter().map(|text| escape(text)).collect();
        let _ = match paragraph {
            Paragraph::Lines(_) => write!(html, "<p>{}</p>", texts.join("<br>")),
            Paragraph::Items(_) => write!(html, "<ul><li>{}</ul>", texts.join("<li>")),
        };
    }
}

/// The class of a level's colour; none for one of a scale's own, which a square tells.
fn class_of(level: &Chip) -> Option<String> {
    let named = ["lightGreen", "green", "yellow", "orange", "red"];
    named.into_iter().find(|name| printed(name) == level.fill).map(|name| format!("c-{name}"))
}

/// A score and a level's name on its colour.
fn chip(level: &Chip, name: &str, before: Option<&str>) -> String {
    let before = before.map(|before| format!("{} ", escape(before))).unwrap_or_default();
    let name = escape(name);
    match class_of(level) {
        Some(class) => format!("<span class=\"chip {class}\">{before}{name}</span>"),
        None => format!(
            "<span class=\"level\"><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" \
             fill=\"{}\" stroke=\"#5a6670\"/></svg>{before}{name}</span>",
            level.fill
        ),
    }
}

fn status(mark: &Mark) -> String {
    let shape = match mark.shape {
        Shape::Dash => "dash",
        Shape::Circle => "circle",
        Shape::Triangle => "triangle",
        Shape::Square => "square",
        Shape::Ring => "ring",
    };
    let (letter, word) = (mark.shape.letter(), escape(&mark.word));
    format!(
        "<span class=\"keep\"><span class=\"letter shape-{shape}\" aria-hidden=\"true\">{letter}</span> {word}</span>"
    )
}
