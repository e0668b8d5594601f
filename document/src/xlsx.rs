//! A document as XLSX: a sheet for each kind of thing with a table in it, a row for each thing, typed columns, filters,
//! frozen headings. For who goes on counting. Every text is written as text, so that none can be a formula.

pub(crate) mod compiled;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, Color, DocProperties, ExcelDateTime,
    Format, FormatAlign, FormatBorder, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use crate::Version;
use crate::appendix::{self, Kind, REALISED, amount_names, amounts};
use crate::compilation::{all_risks, goal_name, scores};
use crate::error::DocumentError;
use crate::model::{Block, Chip, Document, Mark, Shape};
use crate::snapshot::{
    Action, ActionEffect, ActionName, ActionReport, ActionStatus, Change, Control, ControlReport, ControlStatus, Gone,
    Inclusion, MandatoryKind, PlanSnapshot, RecommendationStatus, ReportSnapshot, Revised, Risk, Secrecy, Side,
    StatusCounts,
};
use crate::table::{Cell, Table as List};
use crate::text::{Paragraph, Prose, blocks, in_cell, line, one_line, optional_line};
use crate::words::{self, Own, RESPONSES, Scaled};
use crate::{compilation, files, plan as plan_words, report as report_words, revised};

/// What Excel takes in one cell.
const LONGEST: usize = 32_767;

/// Millions of kronor with one decimal.
const AMOUNT: &str = "#,##0.0";

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Empty,
    Text(String),
    Number(f64),
    Amount(f64),
    Date(NaiveDate),
    Time(NaiveDateTime),
    /// Becomes two cells: its shape, and its word, which a filter is set by.
    Status(Mark),
    Shape(Shape),
    Word(Mark),
    Level(Chip),
    /// A cell of the matrix: its level's colours around a text.
    Coloured(Chip, String),
}

fn text(text: impl AsRef<str>) -> Value {
    verbatim(in_cell(text.as_ref()))
}

/// A text as it is, if a cell has room for it.
fn verbatim(text: String) -> Value {
    if text.is_empty() {
        return Value::Empty;
    }
    if text.encode_utf16().count() <= LONGEST {
        return Value::Text(text);
    }
    const CUT: &str = " … (texten är längre än en cell rymmer och står i sin helhet i de andra formaten)";
    let mut room = LONGEST - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    Value::Text(kept + CUT)
}

fn maybe(value: Option<impl AsRef<str>>) -> Value {
    value.map_or(Value::Empty, text)
}

fn number(value: impl Into<f64>) -> Value {
    Value::Number(value.into())
}

fn maybe_number(value: Option<impl Into<f64>>) -> Value {
    value.map_or(Value::Empty, number)
}

fn date(value: Option<NaiveDate>) -> Value {
    value.map_or(Value::Empty, Value::Date)
}

fn status<S: Scaled>(value: Option<S>, own: Own) -> Value {
    value.map_or(Value::Empty, |value| Value::Status(own.mark(value)))
}

/// Told only where it holds, so that a column of it can be left out.
fn flag(value: bool) -> Value {
    if value { Value::Text("Ja".into()) } else { Value::Empty }
}

fn lines(list: impl IntoIterator<Item = String>) -> Value {
    text(list.into_iter().collect::<Vec<_>>().join("\n"))
}

struct Column {
    name: String,
    /// In letters.
    width: f64,
}

fn column(name: impl Into<String>, width: f64) -> Column {
    Column { name: name.into(), width }
}

/// What a table's columns are called besides a thing's own words.
const SECRECY: &str = "Sekretessmarkering";

struct Sheet {
    name: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    /// How many of the first columns name the row: they stay in sight, and on each page.
    keys: usize,
    /// A table with a name and filters; else a picture in cells.
    is_table: bool,
}

impl Sheet {
    fn new(name: impl Into<String>, keys: usize, columns: Vec<Column>) -> Self {
        Self { name: name.into(), columns, rows: Vec::new(), keys, is_table: true }
    }

    /// Without the columns that are empty in every row.
    fn trimmed(mut self) -> Self {
        for at in (0..self.columns.len()).rev() {
            if self.rows.iter().all(|row| row.get(at).is_none_or(|value| *value == Value::Empty)) {
                self.columns.remove(at);
                self.keys -= usize::from(at < self.keys);
                for row in &mut self.rows {
                    row.remove(at);
                }
            }
        }
        self
    }

    /// With each status in two columns: who filters by a word does not have to know its shape, and who prints in black sees
    /// the shape.
    fn parted(mut self) -> Self {
        for at in (0..self.columns.len()).rev() {
            if !self.rows.iter().any(|row| matches!(row.get(at), Some(Value::Status(_)))) {
                continue;
            }
            self.columns.insert(at, column(format!("{}, form", self.columns[at].name), 8.0));
            self.keys += usize::from(at < self.keys);
            for row in &mut self.rows {
                let (shape, word) = match row.remove(at) {
                    Value::Status(mark) => (Value::Shape(mark.shape), Value::Word(mark)),
                    other => (Value::Empty, other),
                };
                row.splice(at..at, [shape, word]);
            }
        }
        self
    }
}

fn fault(error: &XlsxError) -> DocumentError {
    DocumentError::Export(error.to_string())
}

fn index<T: TryFrom<usize>>(at: usize) -> Result<T, DocumentError> {
    T::try_from(at).map_err(|_| DocumentError::Export("more rows or columns than a sheet takes".into()))
}

fn colour(hex: &str) -> Color {
    Color::RGB(u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0x1a_1a_1a))
}

fn body() -> Format {
    Format::new().set_align(FormatAlign::Top).set_text_wrap()
}

fn figure() -> Format {
    Format::new().set_align(FormatAlign::Top).set_align(FormatAlign::Right).set_indent(1)
}

/// How high a row must be for what stands in it, in points: not every program finds that out by itself.
fn height(sheet: &Sheet, row: &[Value]) -> f64 {
    let lines = sheet.columns.iter().zip(row).map(|(column, value)| {
        let text = match value {
            Value::Text(text) | Value::Coloured(_, text) => text.as_str(),
            Value::Status(mark) | Value::Word(mark) => mark.word.as_str(),
            Value::Level(level) => level.label.as_str(),
            Value::Empty | Value::Number(_) | Value::Amount(_) | Value::Date(_) | Value::Time(_) | Value::Shape(_) => {
                ""
            }
        };
        // Words do not fill their lines to the end.
        let in_line = (column.width * 0.85).max(1.0);
        text.lines()
            .map(|line| (f64::from(u32::try_from(line.chars().count()).unwrap_or(u32::MAX)) / in_line).ceil().max(1.0))
            .sum::<f64>()
    });
    // Excel takes no higher row than 409 points.
    (lines.fold(1.0, f64::max) * 15.0).min(409.0)
}

struct Book {
    workbook: Workbook,
    /// What stands over each sheet, in sight and on paper, when anything in the document is marked as secret.
    secrecy: Option<String>,
    draft: bool,
}

/// What a workbook says of when it was made, where it has no day of its own.
const NO_DAY: [i32; 3] = [2000, 1, 1];

/// When a workbook was made, as it says itself. Excel has no years before 1900 and none after 9999; a list as of a day
/// outside them is a list all the same.
fn made_on([year, month, day]: [i32; 3]) -> Result<ExcelDateTime, DocumentError> {
    let known = |[year, month, day]: [i32; 3]| {
        let part = |value: i32| u8::try_from(value).unwrap_or(0);
        ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(0), part(month), part(day))
    };
    known([year, month, day]).or_else(|_| known(NO_DAY)).map_err(|error| fault(&error))
}

impl Book {
    fn new(document: &Document) -> Result<Self, DocumentError> {
        let mut workbook = Workbook::new();
        // The decision's date, as in the other formats. A draft has none, and must not take the clock's.
        let created = made_on(document.date.unwrap_or(NO_DAY))?;
        workbook.set_properties(
            &DocProperties::new()
                .set_title(&document.title)
                .set_author(&document.header.organisation)
                .set_custom_property("Dokumentformat", i32::try_from(crate::FORMAT).unwrap_or(i32::MAX))
                .set_creation_datetime(&created),
        );
        Ok(Self { workbook, secrecy: document.secrecy.clone(), draft: document.draft })
    }

    /// The row that a sheet's headings stand in.
    fn top(&self) -> u32 {
        u32::from(self.secrecy.is_some())
    }

    fn finish(mut self) -> Result<Vec<u8>, DocumentError> {
        self.workbook.save_to_buffer().map_err(|error| fault(&error))
    }

    /// Sheets without rows are left out.
    fn add(&mut self, sheet: Sheet) -> Result<Option<&mut Worksheet>, DocumentError> {
        if sheet.rows.is_empty() {
            return Ok(None);
        }
        let sheet = sheet.trimmed().parted();
        let top = self.top();
        let worksheet = self.workbook.add_worksheet();
        let mut over = Vec::new();
        if let Some(secrecy) = &self.secrecy {
            let look = Format::new().set_bold().set_font_color(colour("8f1d22"));
            worksheet.write_string_with_format(0, 0, secrecy, &look).map_err(|error| fault(&error))?;
            over.push(format!("&L{}", secrecy.replace('&', "&&")));
        }
        if self.draft {
            over.push("&RUTKAST".to_owned());
        }
        if !over.is_empty() {
            worksheet.set_header(over.concat());
        }
        worksheet.set_footer("&L&A&RSida &P (&N)");
        fill(worksheet, &sheet, top).map(|()| Some(worksheet))
    }
}

/// How many letters can be read beside each other on a page.
const PAGE_WIDTH: f64 = 200.0;

fn fill(worksheet: &mut Worksheet, sheet: &Sheet, top: u32) -> Result<(), DocumentError> {
    let fail = |error: XlsxError| fault(&error);
    let head = Format::new()
        .set_bold()
        .set_font_color(colour("0b3d6e"))
        .set_background_color(colour("eef2f7"))
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::Bottom)
        .set_text_wrap();
    worksheet.set_name(&sheet.name).map_err(fail)?;
    for (at, column) in sheet.columns.iter().enumerate() {
        let at: u16 = index(at)?;
        worksheet.set_column_width(at, column.width).map_err(fail)?;
        worksheet.write_string_with_format(top, at, &column.name, &head).map_err(fail)?;
    }
    let names: Vec<Value> = sheet.columns.iter().map(|column| Value::Text(column.name.clone())).collect();
    worksheet.set_row_height(top, height(sheet, &names).max(20.0)).map_err(fail)?;
    for (row, values) in sheet.rows.iter().enumerate() {
        let row: u32 = top + index::<u32>(row + 1)?;
        worksheet.set_row_height(row, height(sheet, values)).map_err(fail)?;
        for (at, value) in values.iter().enumerate() {
            put(worksheet, row, index(at)?, value)?;
        }
    }
    let last_row: u32 = top + index::<u32>(sheet.rows.len())?;
    let last_column: u16 = index(sheet.columns.len().saturating_sub(1))?;
    if sheet.is_table {
        let columns: Vec<TableColumn> = sheet
            .columns
            .iter()
            .map(|column| TableColumn::new().set_header(&column.name).set_header_format(&head))
            .collect();
        // "Om" alone is what Swedish Excel calls a function.
        let name = if sheet.name == "Om" { "Om_dokumentet".to_owned() } else { sheet.name.replace([' ', '-'], "_") };
        let table = Table::new().set_name(name).set_style(TableStyle::None).set_columns(&columns);
        worksheet.add_table(top, 0, last_row, last_column, &table).map_err(fail)?;
    }
    let keys: u16 = index(sheet.keys)?;
    worksheet.set_freeze_panes(top + 1, keys).map_err(fail)?;
    worksheet.set_landscape().set_paper_size(9);
    // As wide as the paper, or as few papers as can be read.
    let width: f64 = sheet.columns.iter().map(|column| column.width).sum();
    let key_width: f64 = sheet.columns.iter().take(sheet.keys).map(|column| column.width).sum();
    let across = ((width - key_width) / (PAGE_WIDTH - key_width).max(1.0)).ceil().clamp(1.0, 20.0);
    // At most 20.
    worksheet.set_print_fit_to_pages(across as u16, 0);
    worksheet.set_repeat_rows(0, top).map_err(fail)?;
    if keys > 0 && across > 1.0 {
        worksheet.set_repeat_columns(0, keys - 1).map_err(fail)?;
    }
    Ok(())
}

fn put(worksheet: &mut Worksheet, row: u32, at: u16, value: &Value) -> Result<(), DocumentError> {
    let put = match value {
        Value::Empty => return Ok(()),
        Value::Text(text) => worksheet.write_string_with_format(row, at, text, &body()),
        Value::Number(value) => worksheet.write_number_with_format(row, at, *value, &figure()),
        Value::Amount(value) => worksheet.write_number_with_format(row, at, *value, &figure().set_num_format(AMOUNT)),
        Value::Date(date) => {
            let format = body().set_num_format("yyyy-mm-dd");
            // Excel has no dates before 1900.
            if date.year() < 1900 || date.year() > 9999 {
                worksheet.write_string_with_format(row, at, date.to_string(), &body())
            } else {
                worksheet.write_datetime_with_format(row, at, *date, &format)
            }
        }
        Value::Time(time) => {
            let format = body().set_num_format("yyyy-mm-dd hh:mm");
            worksheet.write_datetime_with_format(row, at, *time, &format)
        }
        Value::Shape(shape) => {
            let format = body().set_align(FormatAlign::Center).set_font_color(colour(shape.colour()));
            worksheet.write_string_with_format(row, at, shape.letter(), &format)
        }
        Value::Status(mark) | Value::Word(mark) => {
            let format = body().set_bold().set_font_color(colour(mark.shape.colour()));
            let format = if mark.shape == Shape::Triangle { format.set_font_color(colour("7a5b00")) } else { format };
            worksheet.write_string_with_format(row, at, &mark.word, &format)
        }
        Value::Level(level) => {
            let format = body().set_background_color(colour(&level.fill)).set_font_color(colour(&level.ink));
            worksheet.write_string_with_format(row, at, &level.label, &format)
        }
        Value::Coloured(level, text) => {
            let format = body().set_background_color(colour(&level.fill)).set_font_color(colour(&level.ink));
            worksheet.write_string_with_format(row, at, text, &format.set_border(FormatBorder::Thin))
        }
    };
    put.map(|_| ()).map_err(|error| fault(&error))
}

fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Empty,
        Cell::Text(said) => text(said),
        Cell::Verbatim(said) => verbatim(said.clone()),
        // Whole numbers of a register are far from where such a number ends.
        Cell::Whole(number) => Value::Number(*number as f64),
        Cell::Amount(amount) => Value::Amount(*amount),
        Cell::Date(date) => Value::Date(*date),
        Cell::Time(time) => Value::Time(*time),
    }
}

/// Lists as they are: every column stands there, and so does a list of nothing, so that two files can be held against each
/// other.
pub(crate) fn lists(title: &str, author: &str, made: NaiveDate, tables: &[List]) -> Result<Vec<u8>, DocumentError> {
    let mut workbook = Workbook::new();
    let part = |value: u32| i32::try_from(value).unwrap_or(1);
    let created = made_on([made.year(), part(made.month()), part(made.day())])?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&created));
    for table in tables {
        let columns = table.columns.iter().map(|(name, width)| column(name, *width)).collect();
        let mut sheet = Sheet::new(table.name.clone(), table.keys, columns);
        sheet.rows = table.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        // A table of Excel's own has a row.
        sheet.is_table = !sheet.rows.is_empty();
        let worksheet = workbook.add_worksheet();
        worksheet.set_footer("&L&A&RSida &P (&N)");
        fill(worksheet, &sheet, 0)?;
    }
    workbook.save_to_buffer().map_err(|error| fault(&error))
}

/// What carries these markings. A public version prints each where it is masked, and no more.
fn marked<'a>(version: Version, own: Option<&'a Secrecy>, of: impl IntoIterator<Item = &'a Secrecy>) -> Value {
    let mut said: Vec<String> = own.map(words::secrecy).into_iter().collect();
    if version == Version::Full {
        for marking in of.into_iter().map(words::secrecy) {
            if !said.contains(&marking) {
                said.push(marking);
            }
        }
    }
    lines(said)
}

pub(crate) fn plan(snapshot: &PlanSnapshot, document: &Document, version: Version) -> Result<Vec<u8>, DocumentError> {
    let mut book = Book::new(document)?;
    book.add(about(document))?;
    book.add(compilation(snapshot, None))?;
    book.add(risks(snapshot, None))?;
    book.add(controls(snapshot, Kind::Plan, version))?;
    book.add(actions(snapshot, Kind::Plan, version))?;
    book.add(matrix(document))?;
    book.add(gone(snapshot))?;
    book.add(revision(snapshot.revised.as_ref()))?;
    book.add(texts(plan_texts(snapshot)))?;
    book.add(guide(snapshot))?;
    book.finish()
}

pub(crate) fn report(
    snapshot: &ReportSnapshot,
    document: &Document,
    version: Version,
) -> Result<Vec<u8>, DocumentError> {
    let plan = &snapshot.plan;
    let mut book = Book::new(document)?;
    book.add(about(document))?;
    book.add(compilation(plan, Some(snapshot)))?;
    book.add(risks(plan, Some(snapshot)))?;
    book.add(controls(plan, Kind::Report, version))?;
    book.add(actions(plan, Kind::Report, version))?;
    book.add(other_measures(snapshot))?;
    book.add(matrix(document))?;
    book.add(mandatory(snapshot))?;
    trend(&mut book, snapshot, version)?;
    book.add(indicators(snapshot, version))?;
    book.add(deficiencies(snapshot, version))?;
    book.add(left_files(snapshot, version))?;
    book.add(recommendations(snapshot, version))?;
    book.add(opinions(snapshot))?;
    book.add(components(snapshot))?;
    book.add(gone(plan))?;
    book.add(revision(report_words::revised(snapshot)))?;
    let own = [
        ("Inledning", &snapshot.texts.introduction),
        ("Slutsats", &snapshot.texts.conclusion),
        ("Försäkran", &snapshot.texts.assurance),
    ];
    let own = own.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.clone()?)));
    // The plan has an assurance, too: each text says whose it is.
    let plans = plan_texts(plan).into_iter().map(|(name, text)| (format!("Planen: {name}"), text));
    book.add(texts(own.chain(plans).collect()))?;
    book.add(guide(plan))?;
    book.finish()
}

/// What the first page and the last say.
fn about(document: &Document) -> Sheet {
    let mut sheet = Sheet::new("Om", 1, vec![column("Uppgift", 26.0), column("Värde", 90.0)]);
    let mut row = |name: &str, value: Value| sheet.rows.push(vec![text(name), value]);
    row("Dokument", text(&document.name));
    if document.draft {
        row("Utkast", text("UTKAST"));
    }
    if let Some(register) = &document.register {
        row("Register", text(register));
    }
    for (name, value) in &document.facts {
        row(name, text(value));
    }
    for notice in &document.notices {
        row(&notice.heading, text(&notice.text));
    }
    // The policy, the rule of inclusion and what is counted outside the plan are sentences of the compilation.
    let mut said = Vec::new();
    sentences(&document.body, false, &mut said);
    for sentence in said {
        row("Sammanställning", text(sentence));
    }
    let checkpoint = document.body.iter().rev().find_map(|block| match block {
        Block::Keep { blocks, .. } => blocks.iter().find_map(|block| match block {
            Block::Facts { facts, .. } => Some(facts),
            _ => None,
        }),
        _ => None,
    });
    for fact in checkpoint.into_iter().flatten() {
        let value = match &fact.value {
            crate::model::FactValue::Text { text } | crate::model::FactValue::Code { text } => text.clone(),
            crate::model::FactValue::Chip { level, .. } => level.label.clone(),
        };
        row(&format!("Äkthet: {}", fact.name.to_lowercase()), text(value));
    }
    sheet
}

/// The paragraphs under the heading of the compilation.
fn sentences(blocks: &[Block], mut inside: bool, said: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Heading { level: 1, text, .. } => inside = text == "Sammanställning av risker",
            Block::Prose { text } if inside => said.push(joined(text)),
            Block::Keep { blocks, .. } if inside => sentences(blocks, true, said),
            _ => {}
        }
    }
}

fn joined(prose: &Prose) -> String {
    let lines = prose.iter().flat_map(|block| match block {
        Paragraph::Lines(lines) => lines.clone(),
        Paragraph::Items(items) => items.iter().map(|item| format!("• {item}")).collect(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Counts per level, and in a report per status.
fn compilation(snapshot: &PlanSnapshot, report: Option<&ReportSnapshot>) -> Sheet {
    let columns = vec![column("Avser", 24.0), column("Värde", 36.0), column("Antal", 9.0), column("Risker", 60.0)];
    let mut sheet = Sheet::new("Sammanställning", 2, columns);
    let numbers = |list: Vec<u32>| {
        let list: std::collections::BTreeSet<u32> = list.into_iter().collect();
        text(list.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))
    };
    for level in &snapshot.policy.levels {
        let of: Vec<u32> = all_risks(snapshot)
            .filter(|risk| risk.level.as_deref() == Some(level.key.as_str()))
            .map(|risk| risk.number)
            .collect();
        let count = number(u32::try_from(of.len()).unwrap_or(u32::MAX));
        sheet.rows.push(vec![text("Risknivå"), Value::Level(words::chip(level)), count, numbers(of)]);
    }
    sheet.rows.push(vec![text("Risknivå"), text("Totalt"), number(snapshot.total), Value::Empty]);
    if report.is_none() {
        return sheet;
    }
    let own = words::own(snapshot);
    let controls: Vec<(u32, Option<Mark>)> = all_risks(snapshot)
        .flat_map(|risk| risk.controls.iter().map(move |control| (risk.number, control)))
        .filter_map(|(number, control)| {
            let report = control.report.as_ref()?;
            Some((number, report.status.map(|one| own.mark(one)).or_else(|| report.due.then(words::missing))))
        })
        .collect();
    let reports = || {
        all_risks(snapshot)
            .flat_map(|risk| risk.actions.iter().map(move |action| (risk.number, action)))
            .filter_map(|(number, action)| Some((number, action.report.as_ref()?)))
    };
    let actions: Vec<(u32, Option<Mark>)> = reports()
        .map(|(n, report)| (n, report.status.map(|one| own.mark(one)).or_else(|| report.due.then(words::missing))))
        .collect();
    let effects: Vec<(u32, Option<Mark>)> =
        reports().map(|(n, report)| (n, report.effect.map(|one| own.mark(one)))).collect();
    for (name, scale, of) in [
        ("Kontroller", own.marks::<ControlStatus>(), controls),
        ("Åtgärder", own.marks::<ActionStatus>(), actions),
        ("Åtgärdernas effekt", own.marks::<ActionEffect>(), effects),
    ] {
        for mark in scale.into_iter().chain([words::missing()]) {
            let here: Vec<u32> =
                of.iter().filter(|(_, value)| value.as_ref() == Some(&mark)).map(|(number, _)| *number).collect();
            if here.is_empty() && mark == words::missing() {
                continue;
            }
            let count = number(u32::try_from(here.len()).unwrap_or(u32::MAX));
            sheet.rows.push(vec![text(name), Value::Status(mark), count, numbers(here)]);
        }
    }
    sheet
}

fn risks(snapshot: &PlanSnapshot, report: Option<&ReportSnapshot>) -> Sheet {
    let kind = if report.is_some() { Kind::Report } else { Kind::Plan };
    let policy = &snapshot.policy;
    let axes = words::axes(policy);
    let mut sheet = Sheet::new(
        "Risker",
        2,
        vec![
            column("Nr", 6.0),
            column("Risk", 44.0),
            column(SECRECY, 28.0),
            column("Referens", 11.0),
            column("Mål", 34.0),
            column("Lokalt mål", 28.0),
            column("Beskrivning", 44.0),
            column("Riskägare", 22.0),
            column("Enhet", 22.0),
            column("Kategori", 16.0),
            column("Hantering", 13.0),
            column(&axes.likelihood, 12.0),
            column(format!("{} i ord", axes.likelihood), 18.0),
            column(&axes.consequence, 12.0),
            column(format!("{} i ord", axes.consequence), 18.0),
            column("Riskvärde", 11.0),
            column("Risknivå", 18.0),
            column("Ändring", 18.0),
            column("Riskvärde i förra planen", 13.0),
            column("Riskvärde när planen fastställdes", 14.0),
            column("Riskvärde i förra uppföljningen", 14.0),
            column("Målnivå", 18.0),
            column("Varför risken ingår", 36.0),
            column("Obligatorisk", 13.0),
            column("Avser fel och oegentligheter", 15.0),
            column("Motivering", 40.0),
        ],
    );
    let step = |steps: &[crate::snapshot::Step], value: Option<u32>| {
        let at = value.and_then(|value| usize::try_from(value).ok()?.checked_sub(1));
        maybe(at.and_then(|at| steps.get(at)).and_then(|step| line(&step.label)))
    };
    for goal in &snapshot.goals {
        for risk in &goal.risks {
            let trend = report.and_then(|report| report.trend.risks.iter().find(|of| of.number == risk.number));
            let since = report
                .and_then(|report| report.since.as_ref())
                .and_then(|since| since.scores.iter().find(|of| of.number == risk.number));
            let last_year = match &risk.change {
                Some(Change::Raised { previous } | Change::Lowered { previous }) => Some(*previous),
                Some(Change::Unchanged) => trend.and_then(|of| of.last_year).or(risk.score),
                _ => trend.and_then(|of| of.last_year),
            };
            let level =
                |key: &Option<String>| words::named_level(policy, key.as_deref()).map_or(Value::Empty, Value::Level);
            sheet.rows.push(vec![
                number(risk.number),
                text(&risk.name),
                maybe(risk.secrecy.as_ref().map(words::secrecy)),
                text(&risk.reference),
                text(goal_name(goal)),
                maybe(risk.local_goal.as_ref()),
                maybe(risk.description.as_ref()),
                maybe(risk.owner.as_ref()),
                maybe(risk.organisation.as_ref()),
                maybe(words::category(risk)),
                maybe(words::own(snapshot).word(&RESPONSES, risk.response.as_deref())),
                maybe_number(risk.likelihood),
                step(&policy.likelihoods, risk.likelihood),
                maybe_number(risk.consequence),
                step(&policy.consequences, risk.consequence),
                risk.score.map_or_else(|| text("Ej bedömd"), number),
                level(&risk.level),
                maybe(risk.change.as_ref().map(words::change)),
                maybe_number(last_year),
                maybe_number(trend.and_then(|of| of.adopted)),
                maybe_number(since.and_then(|of| of.score)),
                level(&risk.target_level),
                text(joined(&appendix::inclusion(risk, policy, kind))),
                flag(matches!(risk.inclusion, Inclusion::Mandatory { .. })),
                flag(risk.irregularity),
                maybe(risk.justification.as_ref()),
            ]);
        }
    }

    sheet
}

/// What a control or action is called, and the risk that it stands under.
fn under(risk: &Risk, name: &str, marking: Value) -> Vec<Value> {
    vec![number(risk.number), text(name), marking, text(&risk.reference), text(&risk.name)]
}

fn named_columns(name: &str) -> Vec<Column> {
    vec![
        column("Risk nr", 8.0),
        column(name, 44.0),
        column(SECRECY, 28.0),
        column("Referens", 11.0),
        column("Risk", 36.0),
    ]
}

fn report_columns(columns: &mut Vec<Column>) {
    columns.extend([
        column("Underlag", 32.0),
        column("Rapporterad den", 13.0),
        column("Rapporterad av", 20.0),
        column("För ansvarig", 20.0),
        column("Rättelser", 40.0),
    ]);
}

fn due_word(due: bool, reported: bool) -> Value {
    text(match (due, reported) {
        (true, true) => "Ja, rapporterad",
        (true, false) => "Ja, saknas",
        (false, true) => "Nej, men rapporterad",
        (false, false) => "Nej",
    })
}

fn controls(snapshot: &PlanSnapshot, kind: Kind, version: Version) -> Sheet {
    let mut columns = named_columns("Kontroll");
    columns.extend([
        column("Beskrivning", 40.0),
        column("Frekvens", 24.0),
        column("Ansvarig", 22.0),
        column("Tillagd efter fastställande", 14.0),
        column("Indikatorer", 32.0),
    ]);
    if kind == Kind::Report {
        columns.extend([
            column("Skulle rapporteras", 16.0),
            column("Status", 28.0),
            column("Status i förra uppföljningen", 28.0),
            column("Framflyttad", 12.0),
            column("Kommentar", 50.0),
            column("Stickprover", 12.0),
            column("Fel", 8.0),
            column("Inkomna rapporter", 12.0),
            column("Utredda rapporter", 12.0),
            column("Utfall", 40.0),
            column("Åtgärder med anledning av kontrollen", 34.0),
        ]);
        report_columns(&mut columns);
    }
    let names: BTreeMap<&str, &str> = all_risks(snapshot)
        .flat_map(|risk| &risk.actions)
        .map(|action| (action.id.as_str(), action.name.as_str()))
        .collect();
    let mut sheet = Sheet::new("Kontroller", 2, columns);
    for risk in all_risks(snapshot) {
        for control in &risk.controls {
            let own = control.report.as_ref().and_then(|report| report.secrecy.as_ref());
            let mut row = under(risk, &control.name, marked(version, own, &risk.secrecy));
            row.extend(control_values(control));
            if kind == Kind::Report {
                row.extend(control_report(&control.report.clone().unwrap_or_default(), words::own(snapshot), &names));
            }
            sheet.rows.push(row);
        }
    }
    sheet
}

fn control_values(control: &Control) -> Vec<Value> {
    vec![
        maybe(control.description.as_ref()),
        maybe(words::frequency(control).as_ref()),
        maybe(control.responsible.as_ref()),
        flag(control.added_after_adoption),
        lines(control.indicators.iter().map(|name| one_line(name))),
    ]
}

fn control_report(report: &ControlReport, own: Own, actions: &BTreeMap<&str, &str>) -> Vec<Value> {
    let counts = report.counts.clone().unwrap_or_default();
    let now = match report.status {
        None if report.due => Value::Status(words::missing()),
        value => status(value, own),
    };
    let corrections = report.corrections.iter().map(|each| {
        corrected(each.on, each.by.as_deref(), each.status.map(|s| own.mark(s).word).as_slice(), each.text.as_deref())
    });
    vec![
        due_word(report.due, report.reported),
        now,
        status(report.previous, own),
        flag(report.postponed),
        maybe(report.comment.as_ref()),
        maybe_number(counts.samples),
        maybe_number(counts.faults),
        maybe_number(counts.reports_received),
        maybe_number(counts.reports_investigated),
        lines(report.outcomes.iter().map(appendix::outcome_words)),
        lines(report.findings.iter().filter_map(|id| actions.get(id.as_str()).map(|name| one_line(name)))),
        lines(appendix::evidence_words(&report.references, &report.files)),
        date(report.reported_on),
        maybe(report.reported_by.as_ref()),
        maybe(report.on_behalf_of.as_ref()),
        lines(corrections),
    ]
}

fn corrected(on: NaiveDate, by: Option<&str>, words: &[String], said: Option<&str>) -> String {
    let by = optional_line(by).map(|by| format!(" {by}")).unwrap_or_default();
    let rest: Vec<String> = words.iter().cloned().chain(optional_line(said)).collect();
    format!("{on}{by}: {}", rest.join(". "))
}

fn actions(snapshot: &PlanSnapshot, kind: Kind, version: Version) -> Sheet {
    let mut columns = named_columns("Åtgärd");
    columns.extend([
        column("Beskrivning", 40.0),
        column("Start", 12.0),
        column("Slut", 12.0),
        column("Ansvarig", 22.0),
        column("Tillagd efter fastställande", 14.0),
        column("Föranledd av kontrollen", 34.0),
    ]);
    columns.extend(amount_names(snapshot.plan.year).map(|name| column(format!("Ekonomisk effekt {name}, Mnkr"), 14.0)));
    columns.push(column("Kommentar till ekonomisk effekt", 34.0));
    if kind == Kind::Report {
        columns.extend([
            column("Skulle rapporteras", 16.0),
            column("Status", 28.0),
            column("Status i förra uppföljningen", 28.0),
            column("Effekt", 28.0),
            column("Effekt i förra uppföljningen", 28.0),
            column("Slutförd", 12.0),
            column("Slutdatum har passerat", 12.0),
            column("Startdatum har passerat", 12.0),
            column(format!("{REALISED}, Mnkr"), 16.0),
            column("Kommentar", 50.0),
        ]);
        report_columns(&mut columns);
    }
    let names: BTreeMap<&str, &str> = all_risks(snapshot)
        .flat_map(|risk| &risk.controls)
        .map(|control| (control.id.as_str(), control.name.as_str()))
        .collect();
    let mut sheet = Sheet::new("Åtgärder", 2, columns);
    for risk in all_risks(snapshot) {
        for action in &risk.actions {
            let own = action.report.as_ref().and_then(|report| report.secrecy.as_ref());
            let mut row = under(risk, &action.name, marked(version, own, &risk.secrecy));
            row.extend(action_values(action, &names));
            if kind == Kind::Report {
                row.extend(action_report(&action.report.clone().unwrap_or_default(), words::own(snapshot)));
            }
            sheet.rows.push(row);
        }
    }
    sheet
}

fn action_values(action: &Action, controls: &BTreeMap<&str, &str>) -> Vec<Value> {
    let mut values = vec![
        maybe(action.description.as_ref()),
        date(action.start_date),
        date(action.end_date),
        maybe(action.responsible.as_ref()),
        flag(action.added_after_adoption),
        maybe(action.born_from.as_ref().and_then(|id| controls.get(id.as_str()))),
    ];
    match &action.financial_effect {
        None => values.extend(std::iter::repeat_n(Value::Empty, 5)),
        Some(effect) => {
            values.extend(amounts(effect).map(|amount| amount.map_or(Value::Empty, in_millions)));
            values.push(maybe(effect.comment.as_ref()));
        }
    }
    values
}

/// The body's measures that belong to no risk.
fn other_measures(snapshot: &ReportSnapshot) -> Sheet {
    let year = snapshot.plan.plan.year;
    let mut columns = vec![column("Åtgärd", 50.0)];
    columns.extend(amount_names(year).map(|name| column(format!("Ekonomisk effekt {name}, Mnkr"), 14.0)));
    columns.extend([
        column(format!("{REALISED}, Mnkr"), 16.0),
        column("Kommentar till ekonomisk effekt", 50.0),
        column("Uppgifterna gäller", 16.0),
    ]);
    let mut sheet = Sheet::new("Åtgärder utan risk", 1, columns);
    let Some(others) = &snapshot.financial_measures else { return sheet };
    for measure in &others.measures {
        let mut row = vec![text(&measure.name)];
        let effect = measure.effect.as_ref();
        let planned = effect.map(amounts).unwrap_or_default();
        row.extend(planned.map(|amount| amount.map_or(Value::Empty, in_millions)));
        row.extend([
            measure.realised.map_or(Value::Empty, in_millions),
            maybe(effect.and_then(|effect| effect.comment.as_ref())),
            text(words::own(&snapshot.plan).period(others.written_of, year)),
        ]);
        sheet.rows.push(row);
    }
    sheet
}

/// Tenths as a number with a decimal; those that are no number of kronor that a body has lose their last digits.
fn in_millions(tenths: i64) -> Value {
    Value::Amount(tenths as f64 / 10.0)
}

fn action_report(report: &ActionReport, own: Own) -> Vec<Value> {
    let now = match report.status {
        None if report.due => Value::Status(words::missing()),
        value => status(value, own),
    };
    let corrections = report.corrections.iter().map(|each| {
        let mut words: Vec<String> = each.status.map(|status| own.mark(status).word).into_iter().collect();
        words.extend(each.effect.map(|effect| own.mark(effect).word));
        words.extend(each.completed_on.map(|date| format!("Slutförd {date}")));
        words.extend(each.realised_effect.map(appendix::realised_words));
        corrected(each.on, each.by.as_deref(), &words, each.text.as_deref())
    });
    vec![
        due_word(report.due, report.reported),
        now,
        status(report.previous, own),
        status(report.effect, own),
        status(report.previous_effect, own),
        date(report.completed_on),
        flag(report.overdue),
        flag(report.late_to_start),
        report.realised_effect.map_or(Value::Empty, in_millions),
        maybe(report.comment.as_ref()),
        lines(appendix::evidence_words(&report.references, &report.files)),
        date(report.reported_on),
        maybe(report.reported_by.as_ref()),
        maybe(report.on_behalf_of.as_ref()),
        lines(corrections),
    ]
}

/// As it is read: the highest likelihood first, consequences from left to right, the risks' numbers in the cells.
fn matrix(document: &Document) -> Sheet {
    let mut sheet = Sheet::new("Matris", 1, Vec::new());
    sheet.is_table = false;
    let named = |step: &str, label: Option<&String>| match label {
        Some(label) => format!("{step} {label}"),
        None => step.to_owned(),
    };
    for block in &document.body {
        let Block::Matrix(matrix) = block else { continue };
        sheet.columns = vec![column(format!("{} \\ {}", matrix.down, matrix.across), 26.0)];
        sheet.columns.extend(matrix.columns.iter().map(|axis| column(named(&axis.step, axis.label.as_ref()), 20.0)));
        for row in &matrix.rows {
            let mut values = vec![text(named(&row.step, row.label.as_ref()))];
            values.extend(row.cells.iter().map(|cell| {
                let numbers =
                    if cell.risks.is_empty() { String::new() } else { format!("\nRisk {}", cell.risks.join(", ")) };
                Value::Coloured(cell.level.clone(), format!("{} {}{numbers}", cell.score, cell.level.short))
            }));
            sheet.rows.push(values);
        }
    }
    sheet
}

/// Why a risk is not in the plan any more, as the documents say it.
fn gone_because(snapshot: &PlanSnapshot, gone: &Gone) -> Option<String> {
    let year = snapshot.compared_with.as_ref().map_or(0, |compared| compared.year);
    Some(joined(&compilation::reason(gone, year))).filter(|text| !text.is_empty())
}

/// What a revision changes, row by row; the first row counts it and says why.
fn revision(revised: Option<&Revised>) -> Sheet {
    let columns = vec![
        column("Ändring", 50.0),
        column("Risk nr", 9.0),
        column("Typ", 12.0),
        column("Namn", 60.0),
        column("Referens", 14.0),
        column("Sekretessmarkering", 30.0),
    ];
    let mut sheet = Sheet::new("Revideringen", 1, columns);
    let Some(revised) = revised else { return sheet };
    let counted = revised::counted(revised).unwrap_or_else(|| "Ingenting har ändrats".to_owned());
    let because = revised.reason.as_deref().map(|reason| format!(". {reason}")).unwrap_or_default();
    let first = format!("Jämfört med version {}: {counted}{because}", revised.since);
    sheet.rows.push(vec![text(first), Value::Empty, Value::Empty, Value::Empty, Value::Empty, Value::Empty]);
    for risk in &revised.risks {
        sheet.rows.push(vec![
            text(revised::what_of_risk(risk)),
            number(risk.number),
            text("Risk"),
            text(&risk.name),
            text(&risk.reference),
            maybe(risk.secrecy.as_ref().map(words::secrecy)),
        ]);
    }
    for part in &revised.parts {
        sheet.rows.push(vec![
            text(revised::what_of_part(part)),
            number(part.risk_number),
            text(revised::kind(part.kind)),
            text(&part.name),
            Value::Empty,
            maybe(part.secrecy.as_ref().map(words::secrecy)),
        ]);
    }
    for name in revised::section_names(revised) {
        sheet.rows.push(vec![text("Ändrad"), Value::Empty, text("Text"), text(name), Value::Empty, Value::Empty]);
    }
    sheet
}

fn gone(snapshot: &PlanSnapshot) -> Sheet {
    let columns = vec![column("Referens", 12.0), column("Risk", 60.0), column(SECRECY, 28.0), column("Skäl", 60.0)];
    let mut sheet = Sheet::new("Utgångna risker", 2, columns);
    for gone in snapshot.compared_with.iter().flat_map(|compared| &compared.gone) {
        sheet.rows.push(vec![
            text(&gone.reference),
            text(&gone.name),
            maybe(gone.secrecy.as_ref().map(words::secrecy)),
            maybe(gone_because(snapshot, gone)),
        ]);
    }
    sheet
}

fn plan_texts(snapshot: &PlanSnapshot) -> Vec<(String, String)> {
    let standing = snapshot.standing_texts.iter().map(|text| (text.heading.clone(), text.text.clone()));
    let background = ("background", "Bakgrund");
    let sections = std::iter::once(background).chain(crate::words::SECTIONS.iter().map(|(key, name, _)| (*key, *name)));
    let sections = sections.map(|(key, name)| (name.to_owned(), joined(&plan_words::section(snapshot, key))));
    standing.chain(sections).collect()
}

fn texts(list: Vec<(String, String)>) -> Sheet {
    let mut sheet = Sheet::new("Texter", 1, vec![column("Rubrik", 34.0), column("Text", 110.0)]);
    let rows = list.into_iter().filter(|(_, said)| !said.trim().is_empty());
    sheet.rows.extend(rows.map(|(name, said)| vec![text(name), text(said)]));
    sheet
}

/// What each value means.
fn guide(snapshot: &PlanSnapshot) -> Sheet {
    let columns =
        vec![column("Skala", 24.0), column("Värde", 36.0), column("Riskvärde", 14.0), column("Betydelse", 90.0)];
    let mut sheet = Sheet::new("Läsanvisning", 2, columns);
    let policy = &snapshot.policy;
    for level in &policy.levels {
        let value = Value::Level(words::chip(level));
        sheet.rows.push(vec![text("Risknivå"), value, text(scores(policy, &level.key)), text(&level.demand)]);
    }
    let axes = words::axes(policy);
    for (name, steps) in [(axes.likelihood, &policy.likelihoods), (axes.consequence, &policy.consequences)] {
        for step in steps.iter().rev() {
            let value = text(format!("{} {}", step.step, one_line(&step.label)));
            sheet.rows.push(vec![text(&name), value, Value::Empty, text(&step.description)]);
        }
    }
    fn meanings<S: Scaled>(sheet: &mut Sheet, own: Own, name: &str) {
        for value in S::ALL {
            sheet.rows.push(vec![text(name), Value::Status(own.mark(value)), Value::Empty, text(own.meaning(value))]);
        }
    }
    meanings::<ControlStatus>(&mut sheet, words::own(snapshot), "Kontrollens status");
    meanings::<ActionStatus>(&mut sheet, words::own(snapshot), "Åtgärdens status");
    meanings::<ActionEffect>(&mut sheet, words::own(snapshot), "Åtgärdens effekt");
    sheet
}

// ---- A report's own sheets.

fn mandatory(snapshot: &ReportSnapshot) -> Sheet {
    let columns = vec![
        column("Obligatorisk risk", 44.0),
        column("Typ", 14.0),
        column("Risker i planen", 18.0),
        column("Bedömd", 12.0),
        column("Har kontroll", 12.0),
    ];
    let mut sheet = Sheet::new("Obligatoriska risker", 1, columns);
    for mandatory in &snapshot.mandatory {
        let of: Vec<&Risk> =
            all_risks(&snapshot.plan).filter(|risk| mandatory.risk_numbers.contains(&risk.number)).collect();
        let every = |holds: fn(&Risk) -> bool| {
            if of.is_empty() {
                Value::Empty
            } else {
                text(if of.iter().all(|risk| holds(risk)) { "Ja" } else { "Nej" })
            }
        };
        sheet.rows.push(vec![
            text(&mandatory.name),
            text(if mandatory.kind == MandatoryKind::Area { "Riskområde" } else { "Risk" }),
            text(report_words::answering(&mandatory.risk_numbers)),
            every(|risk| risk.score.is_some()),
            every(|risk| !risk.controls.is_empty()),
        ]);
    }
    sheet
}

/// The counts of each period, with a chart a scale, and the scores of each risk.
fn trend(book: &mut Book, snapshot: &ReportSnapshot, version: Version) -> Result<(), DocumentError> {
    let trend = &snapshot.trend;
    let mut columns = vec![column("Skala", 24.0), column("Status", 38.0)];
    columns
        .extend(trend.periods.iter().map(|period| column(words::own(&snapshot.plan).period_name(period.kind), 10.0)));
    let mut sheet = Sheet::new("Utveckling", 2, columns);
    fn rows<S: Scaled>(
        sheet: &mut Sheet,
        name: &str,
        snapshot: &ReportSnapshot,
        of: fn(&crate::snapshot::TrendPeriod) -> StatusCounts,
    ) {
        let marks = words::own(&snapshot.plan).marks::<S>().into_iter().chain([words::missing()]);
        for (at, mark) in marks.enumerate() {
            let mut row = vec![text(name), Value::Status(mark)];
            row.extend(snapshot.trend.periods.iter().map(|period| {
                let counts = of(period);
                number([counts.dash, counts.green, counts.yellow, counts.red, counts.missing][at])
            }));
            sheet.rows.push(row);
        }
    }
    if trend.periods.is_empty() {
        return Ok(());
    }
    rows::<ControlStatus>(&mut sheet, "Kontroller", snapshot, |period| period.controls);
    rows::<ActionStatus>(&mut sheet, "Åtgärder", snapshot, |period| period.actions);
    rows::<ActionEffect>(&mut sheet, "Åtgärdernas effekt", snapshot, |period| period.effects);
    let name = sheet.name.clone();
    let name = name.as_str();
    // Scale, shape and word stand before the periods.
    let (word, first_period) = (2, 3);
    let last: u16 = index(trend.periods.len() + 2)?;
    let top = book.top();
    if let Some(worksheet) = book.add(sheet)? {
        let fills = ["d5dbe2", "2e7d32", "f2b705", "b9272d", "ffffff"];
        for (at, drawn) in report_words::charts(snapshot).iter().enumerate() {
            let Some(first) = ["Kontroller", "Åtgärder", "Åtgärdernas effekt"].iter().position(|n| *n == drawn.name)
            else {
                continue;
            };
            let mut chart = Chart::new(ChartType::BarStacked);
            chart.title().set_name(&drawn.name);
            // Excel's limit; the numbers stand in the rows above.
            chart.set_alt_text(crate::text::shortened(&drawn.alt, 250));
            for (value, fill) in fills.iter().enumerate() {
                let row: u32 = top + index::<u32>(1 + first * 5 + value)?;
                let series = chart.add_series();
                series.set_categories((name, top, first_period, top, last));
                series.set_values((name, row, first_period, row, last));
                series.set_name((name, row, word));
                series.set_format(
                    ChartFormat::new()
                        .set_solid_fill(ChartSolidFill::new().set_color(colour(fill)))
                        .set_border(ChartLine::new().set_color(colour("4a5560"))),
                );
                series.set_gap(40).set_overlap(100);
            }
            chart.y_axis().set_reverse();
            chart.legend().set_position(ChartLegendPosition::Bottom);
            chart.set_width(640).set_height(300);
            let row: u32 = top + index::<u32>(18 + at * 16)?;
            worksheet.insert_chart(row, 0, &chart).map_err(|error| fault(&error))?;
        }
    }
    let year = snapshot.plan.plan.year;
    let mut columns = vec![
        column("Nr", 6.0),
        column("Risk", 60.0),
        column(SECRECY, 28.0),
        column(format!("Plan {}", year.saturating_sub(1)), 12.0),
        column(format!("Plan {year}"), 12.0),
    ];
    columns
        .extend(trend.periods.iter().map(|period| column(words::own(&snapshot.plan).period_name(period.kind), 12.0)));
    let mut scores = Sheet::new("Riskvärden", 2, columns);
    for of in &trend.risks {
        let risk = all_risks(&snapshot.plan).find(|risk| risk.number == of.number);
        let mut row = vec![
            number(of.number),
            maybe(risk.map(|risk| &risk.name)),
            marked(version, None, risk.and_then(|risk| risk.secrecy.as_ref())),
            maybe_number(of.last_year),
            maybe_number(of.adopted),
        ];
        row.extend(of.scores.iter().map(|score| maybe_number(*score)));
        scores.rows.push(row);
    }
    book.add(scores)?;
    Ok(())
}

/// The markings of the risks that these actions stand under.
fn of_actions<'a>(snapshot: &'a ReportSnapshot, names: &'a [ActionName]) -> impl Iterator<Item = &'a Secrecy> {
    let is_named =
        move |action: &Action| names.iter().any(|name| matches!(name, ActionName::Plan { id } if *id == action.id));
    all_risks(&snapshot.plan)
        .filter(move |risk| risk.actions.iter().any(is_named))
        .filter_map(|risk| risk.secrecy.as_ref())
}

fn action_names(snapshot: &ReportSnapshot, names: &[ActionName]) -> Value {
    lines(names.iter().filter_map(|name| {
        match name {
            ActionName::Elsewhere { name } => line(name),
            ActionName::Plan { id } => all_risks(&snapshot.plan)
                .flat_map(|risk| &risk.actions)
                .find(|action| action.id == *id)
                .map(|action| one_line(&action.name)),
        }
    }))
}

fn indicators(snapshot: &ReportSnapshot, version: Version) -> Sheet {
    let columns = vec![
        column("Indikator", 44.0),
        column(SECRECY, 28.0),
        column("Mål", 36.0),
        column("Enhet", 24.0),
        column("Målvärde", 14.0),
        column("Utfall", 14.0),
        column("Prognos", 14.0),
        column("Bedömning", 28.0),
        column("Orsak", 50.0),
        column("Åtgärder", 44.0),
    ];
    let mut sheet = Sheet::new("Indikatorer", 1, columns);
    for indicator in &snapshot.indicators {
        let outcome = &indicator.outcome;
        sheet.rows.push(vec![
            text(&outcome.name),
            marked(version, None, of_actions(snapshot, &indicator.actions)),
            maybe(indicator.goal.as_ref()),
            maybe(indicator.organisation.as_ref()),
            maybe(outcome.target.as_ref()),
            maybe(outcome.value.as_ref()),
            maybe(outcome.forecast.as_ref()),
            outcome.judgement.map_or(Value::Empty, |judgement| Value::Status(words::judgement(judgement))),
            maybe(indicator.cause.as_ref()),
            action_names(snapshot, &indicator.actions),
        ]);
    }
    sheet
}

fn deficiencies(snapshot: &ReportSnapshot, version: Version) -> Sheet {
    let spoken = words::spoken(&snapshot.plan);
    let columns = vec![
        column("Brist", 50.0),
        column(SECRECY, 28.0),
        column("Risk nr", 8.0),
        column("Kontroll", 34.0),
        column("Upptäckt", 12.0),
        column("Upptäckt av", 22.0),
        column("Allvar", 14.0),
        column("Misstanke om brott", 12.0),
        column(format!("Rapporterad till {}", spoken.a_board), 14.0),
        column("Dagar", 8.0),
        column(format!("Rapporterad till {} med", spoken.region), 16.0),
        column("Vad som har gjorts", 50.0),
        column("Avslutad", 12.0),
        column("Skäl till att den är avslutad", 40.0),
    ];
    let mut sheet = Sheet::new("Brister", 1, columns);
    for deficiency in &snapshot.deficiencies {
        let control = all_risks(&snapshot.plan)
            .flat_map(|risk| risk.controls.iter().map(move |control| (risk, control)))
            .find(|(_, control)| Some(&control.id) == deficiency.control_id.as_ref());
        let days = report_words::days_to_board(deficiency).and_then(|days| i32::try_from(days).ok());
        sheet.rows.push(vec![
            text(&deficiency.what),
            marked(version, deficiency.secrecy.as_ref(), control.and_then(|(risk, _)| risk.secrecy.as_ref())),
            maybe_number(deficiency.risk_number),
            maybe(control.map(|(_, control)| &control.name)),
            Value::Date(deficiency.found_on),
            maybe(deficiency.found_by.as_ref()),
            maybe(deficiency.severity.as_ref()),
            flag(deficiency.suspected_crime),
            date(deficiency.reported_to_board_on),
            maybe_number(days),
            maybe(
                deficiency.reported_to_region_with.map(|with| words::own(&snapshot.plan).period(with.kind, with.year)),
            ),
            maybe(deficiency.done.as_ref()),
            date(deficiency.closed_on),
            maybe(deficiency.close_reason.as_ref()),
        ]);
    }
    sheet
}

/// No sheet where there is none.
fn left_files(snapshot: &ReportSnapshot, version: Version) -> Sheet {
    let columns = vec![
        column("Underlag för", 44.0),
        column("Kontroll, åtgärd eller brist", 14.0),
        column(SECRECY, 28.0),
        column("Risk nr", 8.0),
        column("Fil", 40.0),
        column("Storlek, byte", 12.0),
        column("Lämnad", 12.0),
        column("Kontrollsumma (SHA-256)", 70.0),
    ];
    let mut sheet = Sheet::new("Filer", 1, columns);
    for left in files::all(snapshot) {
        sheet.rows.push(vec![
            text(&left.of),
            text(left.kind),
            marked(version, None, left.secrecy),
            maybe_number(left.risk),
            text(&left.file.name),
            maybe_number(u32::try_from(left.file.size).ok()),
            Value::Date(left.file.left_on),
            text(&left.file.sha256),
        ]);
    }
    sheet
}

fn recommendations(snapshot: &ReportSnapshot, version: Version) -> Sheet {
    let columns = vec![
        column("Rekommendation", 60.0),
        column(SECRECY, 28.0),
        column("Källa", 24.0),
        column("År", 8.0),
        column("Rapport", 34.0),
        column("Diarienummer", 18.0),
        column("Ansvarig", 24.0),
        column("Status", 12.0),
        column("Dialog", 60.0),
        column("Åtgärder", 44.0),
    ];
    let mut sheet = Sheet::new("Rekommendationer", 1, columns);
    for of in &snapshot.recommendations {
        let entries = of.entries.iter().map(|entry| {
            let side = if entry.side == Side::Auditor { "granskaren" } else { "verksamheten" };
            format!("{}, {side}: {}", entry.date, joined(&blocks(&entry.text)))
        });
        sheet.rows.push(vec![
            text(&of.text),
            marked(version, None, of_actions(snapshot, &of.actions)),
            text(&of.source),
            number(of.year),
            maybe(of.report.as_ref()),
            maybe(of.diary_number.as_ref()),
            maybe(of.responsible.as_ref()),
            text(if of.status == RecommendationStatus::Closed { "Avslutad" } else { "Öppen" }),
            lines(entries),
            action_names(snapshot, &of.actions),
        ]);
    }
    sheet
}

fn opinions(snapshot: &ReportSnapshot) -> Sheet {
    let mut sheet = Sheet::new(
        "Revisorernas bedömning",
        1,
        vec![column("År", 8.0), column("Bedömning", 80.0), column("Rapport", 40.0)],
    );
    sheet.rows.extend(
        snapshot
            .audit_opinions
            .iter()
            .map(|opinion| vec![number(opinion.year), text(&opinion.judgement), maybe(opinion.report.as_ref())]),
    );
    sheet
}

fn components(snapshot: &ReportSnapshot) -> Sheet {
    let columns = vec![
        column("Komponent", 32.0),
        column("Princip", 9.0),
        column("Principens namn", 40.0),
        column("Bedömning", 24.0),
        column("Motivering", 80.0),
    ];
    let mut sheet = Sheet::new("Intern kontroll", 1, columns);
    for component in &snapshot.self_assessment {
        let name = report_words::component_name(&component.key);
        sheet.rows.push(vec![
            text(&name),
            Value::Empty,
            Value::Empty,
            Value::Status(words::sufficiency(component.judgement)),
            maybe(component.reason.as_ref()),
        ]);
        for principle in &component.principles {
            sheet.rows.push(vec![
                text(&name),
                number(principle.number),
                maybe(report_words::principle(principle.number)),
                Value::Status(words::sufficiency(principle.judgement)),
                maybe(principle.reason.as_ref()),
            ]);
        }
    }
    sheet
}
