//! A document as DOCX (ECMA-376, WordprocessingML): real headings, lists and tables with repeated header rows, in
//! Swedish, for who goes on writing in Word. Says what the PDF says, from the same model.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::DocumentError;
use crate::model::{
    Block, Cell, Chart, Chip, Document, FactValue, Mark, Matrix, Part, RiskCard, Row, Scale, Shape, Style, Table,
};
use crate::text::{Paragraph, Prose, escape};

/// The text's width on A4, in twentieths of a point.
const BODY: u32 = twips(166);

const fn twips(millimetres: u32) -> u32 {
    millimetres * 14400 / 254
}

pub(crate) fn file(document: &Document) -> Result<Vec<u8>, DocumentError> {
    let mut page = Page::default();
    page.first(document, &crate::printed_by(document, crate::engine::contents)?);
    for block in &document.body {
        page.block(block);
    }
    let mut parts: Vec<(String, String)> = vec![
        ("[Content_Types].xml".into(), content_types(page.charts.len())),
        ("_rels/.rels".into(), RELATIONSHIPS.into()),
        ("docProps/core.xml".into(), core(document)),
        ("docProps/app.xml".into(), app()),
        ("word/document.xml".into(), page.finish()),
        ("word/_rels/document.xml.rels".into(), document_relationships(page.charts.len())),
        ("word/styles.xml".into(), styles()),
        ("word/numbering.xml".into(), numbering()),
        ("word/settings.xml".into(), SETTINGS.into()),
        ("word/header1.xml".into(), header(document)),
        ("word/footer1.xml".into(), footer(document)),
    ];
    for (index, chart) in page.charts.iter().enumerate() {
        parts.push((format!("word/charts/chart{}.xml", index + 1), chart.clone()));
    }
    archive(&parts)
}

/// Always with the same time, so that the same parts give the same bytes.
fn archive(parts: &[(String, String)]) -> Result<Vec<u8>, DocumentError> {
    let fail = |error: &dyn std::fmt::Display| DocumentError::Export(error.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, text) in parts {
        zip.start_file(name.as_str(), options).map_err(|error| fail(&error))?;
        zip.write_all(text.as_bytes()).map_err(|error| fail(&error))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|error| fail(&error))
}

/// Looks of a run of letters.
#[derive(Clone, Copy, Default)]
struct Run<'a> {
    bold: bool,
    /// `rrggbb`.
    colour: Option<&'a str>,
    fill: Option<&'a str>,
    /// Half points.
    size: Option<u32>,
    /// Fonts that have the shapes.
    shape: bool,
}

fn run(text: &str, look: Run) -> String {
    let mut properties = String::new();
    if look.shape {
        properties.push_str(r#"<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>"#);
    }
    if look.bold {
        properties.push_str("<w:b/>");
    }
    if let Some(colour) = look.colour {
        let _ = write!(properties, r#"<w:color w:val="{}"/>"#, colour.trim_start_matches('#'));
    }
    if let Some(size) = look.size {
        let _ = write!(properties, r#"<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>"#);
    }
    if let Some(fill) = look.fill {
        let _ =
            write!(properties, r#"<w:shd w:val="clear" w:color="auto" w:fill="{}"/>"#, fill.trim_start_matches('#'));
    }
    let properties = if properties.is_empty() { properties } else { format!("<w:rPr>{properties}</w:rPr>") };
    format!(r#"<w:r>{properties}<w:t xml:space="preserve">{}</w:t></w:r>"#, escape(text))
}

fn plain(text: &str) -> String {
    run(text, Run::default())
}

/// A paragraph of a style; `extra` goes into its properties, in the order that the schema wants.
fn paragraph(style: &str, extra: &str, runs: &str) -> String {
    let style = if style.is_empty() { String::new() } else { format!(r#"<w:pStyle w:val="{style}"/>"#) };
    let properties =
        if style.is_empty() && extra.is_empty() { String::new() } else { format!("<w:pPr>{style}{extra}</w:pPr>") };
    format!("<w:p>{properties}{runs}</w:p>")
}

fn prose(text: &Prose, style: &str) -> String {
    let mut out = String::new();
    for block in text {
        match block {
            Paragraph::Lines(lines) => {
                let runs: Vec<String> = lines.iter().map(|line| plain(line)).collect();
                out.push_str(&paragraph(style, "", &runs.join("<w:r><w:br/></w:r>")));
            }
            Paragraph::Items(items) => {
                let list = if style.is_empty() { "Punktlista" } else { "Punktlistaitabell" };
                for item in items {
                    out.push_str(&paragraph(list, "", &plain(item)));
                }
            }
        }
    }
    out
}

fn chip(level: &Chip, short: bool, before: Option<&str>) -> String {
    let name = if short { &level.short } else { &level.label };
    let before = before.map(|before| format!("{before} ")).unwrap_or_default();
    let look = Run { bold: true, colour: Some(&level.ink), fill: Some(&level.fill), ..Run::default() };
    // The spaces are the colour's edge.
    run(&format!("\u{a0}{before}{name}\u{a0}"), look)
}

fn status(mark: &Mark) -> String {
    let shape = run(mark.shape.letter(), Run { colour: Some(mark.shape.colour()), shape: true, ..Run::default() });
    format!("{shape}{}", run(&format!(" {}", mark.word), Run { bold: true, ..Run::default() }))
}

/// How a table's cell looks.
#[derive(Clone, Default)]
struct CellFrame<'a> {
    width: u32,
    span: u32,
    fill: Option<&'a str>,
    /// `restart` or `continue`.
    merge: Option<&'static str>,
}

fn cell(frame: &CellFrame, paragraphs: &str) -> String {
    let mut properties = format!(r#"<w:tcW w:w="{}" w:type="dxa"/>"#, frame.width);
    if frame.span > 1 {
        let _ = write!(properties, r#"<w:gridSpan w:val="{}"/>"#, frame.span);
    }
    if let Some(merge) = frame.merge {
        let _ = write!(properties, r#"<w:vMerge w:val="{merge}"/>"#);
    }
    if let Some(fill) = frame.fill {
        let _ =
            write!(properties, r#"<w:shd w:val="clear" w:color="auto" w:fill="{}"/>"#, fill.trim_start_matches('#'));
    }
    let paragraphs = if paragraphs.is_empty() { paragraph("Tabelltext", "", "") } else { paragraphs.to_owned() };
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>")
}

fn row(header: bool, whole: bool, cells: &str) -> String {
    let mut properties = String::new();
    if whole {
        properties.push_str("<w:cantSplit/>");
    }
    if header {
        properties.push_str("<w:tblHeader/>");
    }
    let properties = if properties.is_empty() { properties } else { format!("<w:trPr>{properties}</w:trPr>") };
    format!("<w:tr>{properties}{cells}</w:tr>")
}

/// `first` tells whether there is a header row, and `column` whether the first column names the rows.
fn table(widths: &[u32], style: &str, (first, column): (bool, bool), description: &str, rows: &str) -> String {
    let mut grid = String::new();
    for width in widths {
        let _ = write!(grid, r#"<w:gridCol w:w="{width}"/>"#);
    }
    let described = if description.is_empty() {
        String::new()
    } else {
        format!(r#"<w:tblDescription w:val="{}"/>"#, escape(description))
    };
    format!(
        r#"<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="{}" w:firstRow="{}" w:lastRow="0" w:firstColumn="{}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{described}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"#,
        widths.iter().sum::<u32>(),
        match (first, column) {
            (true, true) => "06A0",
            (true, false) => "0620",
            (false, true) => "0680",
            (false, false) => "0600",
        },
        u8::from(first),
        u8::from(column),
    )
}

/// The document's body as it grows.
#[derive(Default)]
struct Page {
    xml: String,
    bookmarks: u32,
    charts: Vec<String>,
    /// The next heading begins a new page.
    breaking: bool,
}

impl Page {
    /// The first page, with the pages of the contents.
    fn first(&mut self, document: &Document, pages: &[usize]) {
        if let Some(register) = &document.register {
            self.xml.push_str(&paragraph("Register", "", &plain(register)));
        }
        if let Some(organisation) = &document.organisation {
            self.xml.push_str(&paragraph("Underrubrik", "", &plain(organisation)));
        }
        self.xml.push_str(&paragraph("Rubrik", "", &plain(&document.name)));
        if document.draft {
            self.xml.push_str(&paragraph("Utkast", "", &plain("UTKAST")));
        }
        let widths = [twips(34), BODY - twips(34)];
        let rows: String = document
            .facts
            .iter()
            .map(|(name, value)| {
                let name = cell(
                    &CellFrame { width: widths[0], ..CellFrame::default() },
                    &paragraph("Etikett", "", &plain(name)),
                );
                let value = cell(
                    &CellFrame { width: widths[1], ..CellFrame::default() },
                    &paragraph("Tabelltext", "", &plain(value)),
                );
                row(false, true, &format!("{name}{value}"))
            })
            .collect();
        self.xml.push_str(&table(&widths, "Uppgifter", (false, true), "Uppgifter om dokumentet", &rows));
        self.xml.push_str(&paragraph("Mellanrum", "", ""));
        for notice in &document.notices {
            let heading = run(&notice.heading, Run { bold: true, ..Run::default() });
            self.xml.push_str(&paragraph("Notis", "<w:keepNext/>", &heading));
            self.xml.push_str(&paragraph("Notis", "", &plain(&notice.text)));
        }
        self.contents(document, pages);
    }

    /// A table of contents that Word makes anew when it is asked to. Until then it has the page numbers of the PDF, and says
    /// so: only Word knows where its own pages end, and it would ask everyone who opens the file whether fields "that may
    /// refer to other files" should be updated (`updateFields`, or a field that is dirty). What says so is a part of the
    /// field, and so goes when Word or LibreOffice counts for itself.
    fn contents(&mut self, document: &Document, pages: &[usize]) {
        let mut entries: Vec<(u32, String, u32)> = Vec::new();
        let (mut bookmark, mut chapter, mut section) = (0, 0, 0);
        let mut list = |block: &Block| {
            let Block::Heading { level, text, numbered, outlined, .. } = block else { return };
            bookmark += 1;
            let mut said = text.clone();
            if *numbered && *level == 1 {
                chapter += 1;
                section = 0;
                said = format!("{chapter} {text}");
            } else if *numbered {
                section += 1;
                said = format!("{chapter}.{section} {text}");
            }
            if *outlined {
                entries.push((*level, said, bookmark));
            }
        };
        for block in &document.body {
            if let Block::Keep { blocks, .. } = block {
                blocks.iter().for_each(&mut list);
            } else {
                list(block);
            }
        }
        self.xml.push_str(&paragraph("Innehllsrubrik", "<w:keepNext/>", &plain("Innehåll")));
        if entries.is_empty() {
            return;
        }
        let begin = r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-2" \h \z \u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>"#;
        // Headings that the two layouts count differently would have each other's pages.
        let pages = if pages.len() == entries.len() { pages } else { &[] };
        let whose = if pages.is_empty() { String::new() } else { plain("Sidnumren är PDF-versionens.") };
        self.xml.push_str(&paragraph("Liten", "<w:keepNext/>", &format!("{begin}{whose}")));
        let last = entries.len();
        for (index, (level, text, bookmark)) in entries.into_iter().enumerate() {
            let page = pages.get(index).map(|page| format!("{TAB}{}", plain(&page.to_string()))).unwrap_or_default();
            let mut runs = format!(
                r#"<w:hyperlink w:anchor="_Toc{bookmark:06}" w:history="1">{}{page}</w:hyperlink>"#,
                plain(&text)
            );
            if index + 1 == last {
                runs.push_str(r#"<w:r><w:fldChar w:fldCharType="end"/></w:r>"#);
            }
            self.xml.push_str(&paragraph(if level == 1 { "Innehll1" } else { "Innehll2" }, "", &runs));
        }
    }

    fn heading(&mut self, level: u32, text: &str, numbered: bool) {
        let mut extra = String::new();
        if self.breaking {
            extra.push_str("<w:pageBreakBefore/>");
            self.breaking = false;
        }
        if !numbered {
            extra.push_str(
                r#"<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>"#,
            );
        }
        self.bookmarks += 1;
        let id = self.bookmarks;
        let runs = format!(
            r#"<w:bookmarkStart w:id="{id}" w:name="_Toc{id:06}"/>{}<w:bookmarkEnd w:id="{id}"/>"#,
            plain(text)
        );
        let style = format!("Rubrik{level}");
        self.xml.push_str(&paragraph(&style, &extra, &runs));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::PageBreak => self.breaking = true,
            Block::Heading { level, text, numbered, .. } => self.heading(*level, text, *numbered),
            Block::Prose { text } => self.xml.push_str(&prose(text, "")),
            Block::Rich { runs } => {
                let runs: String =
                    runs.iter().map(|each| run(&each.text, Run { bold: each.strong, ..Run::default() })).collect();
                self.xml.push_str(&paragraph("", "", &runs));
            }
            Block::Strong { text } => {
                self.xml.push_str(&paragraph("", "", &run(text, Run { bold: true, ..Run::default() })));
            }
            Block::Lead { text } => self.xml.push_str(&paragraph("Ingress", "", &plain(text))),
            Block::LeadIn { text } => self.xml.push_str(&paragraph("", "<w:keepNext/>", &plain(text))),
            Block::Counts { counts, total } => self.counts(counts, *total),
            Block::Matrix(matrix) => self.matrix(matrix),
            Block::Scales { scales } => scales.iter().for_each(|scale| self.scale(scale)),
            Block::Keep { blocks, .. } => blocks.iter().for_each(|block| self.block(block)),
            Block::Table(table) => self.table(table),
            Block::Chips { chips } => {
                let chips: Vec<String> = chips.iter().map(|level| chip(level, false, None)).collect();
                self.xml.push_str(&paragraph("", "", &chips.join(&plain(", "))));
            }
            Block::Risk(risk) => self.risk(risk),
            Block::Chart(chart) => self.chart(chart),
            Block::Facts { facts, across } => self.facts(facts, *across),
        }
    }

    fn gap(&mut self) {
        self.xml.push_str(&paragraph("Mellanrum", "", ""));
    }

    fn counts(&mut self, counts: &[crate::model::LevelCount], total: u32) {
        let columns = u32::try_from(counts.len() + 1).unwrap_or(1);
        let width = BODY / columns;
        let center = r#"<w:jc w:val="center"/>"#;
        let mut head = String::new();
        let mut body = String::new();
        for count in counts {
            let look = Run { bold: true, colour: Some(&count.level.ink), ..Run::default() };
            let frame = CellFrame { width, fill: Some(&count.level.fill), ..CellFrame::default() };
            head.push_str(&cell(&frame, &paragraph("Tabelltext", center, &run(&count.level.label, look))));
            let number = run(&count.count.to_string(), Run { bold: true, size: Some(28), ..Run::default() });
            body.push_str(&cell(
                &CellFrame { width, ..CellFrame::default() },
                &paragraph("Tabelltext", center, &number),
            ));
        }
        let look = Run { bold: true, colour: Some("ffffff"), ..Run::default() };
        let frame = CellFrame { width, fill: Some("0b3d6e"), ..CellFrame::default() };
        head.push_str(&cell(&frame, &paragraph("Tabelltext", center, &run("Totalt", look))));
        let number =
            run(&total.to_string(), Run { bold: true, size: Some(28), colour: Some("0b3d6e"), ..Run::default() });
        body.push_str(&cell(&CellFrame { width, ..CellFrame::default() }, &paragraph("Tabelltext", center, &number)));
        let rows = format!("{}{}", row(true, true, &head), row(false, true, &body));
        let widths = vec![width; counts.len() + 1];
        self.xml.push_str(&table(&widths, "Registertabell", (true, false), "Antal risker per nivå", &rows));
        self.gap();
    }

    fn matrix(&mut self, matrix: &Matrix) {
        let head = twips(27);
        let columns = u32::try_from(matrix.columns.len().max(1)).unwrap_or(1);
        let width = (BODY - head) / columns;
        let label = |step: &str, label: Option<&String>| {
            let strong = run(step, Run { bold: true, ..Run::default() });
            let rest = label.map(|label| plain(&format!(" {label}"))).unwrap_or_default();
            paragraph("Tabellhuvud", "", &format!("{strong}{rest}"))
        };
        let named = |text: &str| paragraph("Tabellhuvud", "", &plain(text));
        let frame = |fill: &'static str| CellFrame { width: head, fill: Some(fill), ..CellFrame::default() };
        let mut first = cell(&CellFrame { merge: Some("restart"), ..frame("eef2f7") }, &named(&matrix.down));
        first.push_str(&cell(
            &CellFrame { width: width * columns, span: columns, fill: Some("eef2f7"), ..CellFrame::default() },
            &named(&matrix.across),
        ));
        let mut second = cell(&CellFrame { merge: Some("continue"), ..frame("eef2f7") }, "");
        for column in &matrix.columns {
            let frame = CellFrame { width, fill: Some("eef2f7"), ..CellFrame::default() };
            second.push_str(&cell(&frame, &label(&column.step, column.label.as_ref())));
        }
        let mut rows = format!("{}{}", row(true, true, &first), row(true, true, &second));
        for each in &matrix.rows {
            let mut cells = cell(&frame("eef2f7"), &label(&each.step, each.label.as_ref()));
            for of in &each.cells {
                let ink = Run { colour: Some(&of.level.ink), ..Run::default() };
                let value = run(&of.score, Run { bold: true, ..ink });
                let word = run(&format!(" {}", of.level.short), Run { size: Some(13), ..ink });
                let mut inside = paragraph("Tabelltext", "", &format!("{value}{word}"));
                let numbers: Vec<String> = of
                    .risks
                    .iter()
                    .map(|number| {
                        let look = Run { bold: true, colour: Some("1a1a1a"), fill: Some("ffffff"), ..Run::default() };
                        run(&format!("\u{a0}{number}\u{a0}"), look)
                    })
                    .collect();
                inside.push_str(&paragraph("Tabelltext", "", &numbers.join(&plain(" "))));
                cells
                    .push_str(&cell(&CellFrame { width, fill: Some(&of.level.fill), ..CellFrame::default() }, &inside));
            }
            rows.push_str(&row(false, true, &cells));
        }
        let mut widths = vec![head];
        widths.extend(std::iter::repeat_n(width, matrix.columns.len()));
        self.xml.push_str(&table(&widths, "Riskmatris", (true, true), &matrix.summary, &rows));
        self.gap();
    }

    fn scale(&mut self, scale: &Scale) {
        let widths = [twips(12), twips(46), BODY - twips(58)];
        let head = cell(
            &CellFrame { width: BODY, span: 3, fill: Some("eef2f7"), ..CellFrame::default() },
            &paragraph("Tabellhuvud", "", &plain(&scale.name)),
        );
        let mut rows = row(true, true, &head);
        for step in &scale.steps {
            let strong = |text: &str| paragraph("Tabelltext", "", &run(text, Run { bold: true, ..Run::default() }));
            let cells = [
                strong(&step.step),
                step.label.as_deref().map(strong).unwrap_or_default(),
                prose(&step.description, "Tabelltext"),
            ];
            let cells: String = widths
                .iter()
                .zip(&cells)
                .map(|(width, inside)| cell(&CellFrame { width: *width, ..CellFrame::default() }, inside))
                .collect();
            rows.push_str(&row(false, true, &cells));
        }
        self.xml.push_str(&table(&widths, "Registertabell", (true, true), "", &rows));
        self.gap();
    }

    fn table(&mut self, model: &Table) {
        let fixed: u32 = model.columns.iter().filter_map(|column| column.width).map(twips).sum();
        let widths: Vec<u32> =
            model.columns.iter().map(|column| column.width.map_or_else(|| BODY.saturating_sub(fixed), twips)).collect();
        let head: String = model
            .columns
            .iter()
            .zip(&widths)
            .map(|(column, width)| {
                let frame = CellFrame { width: *width, fill: Some("eef2f7"), ..CellFrame::default() };
                cell(&frame, &paragraph("Tabellhuvud", "", &plain(&column.name)))
            })
            .collect();
        let mut rows = row(true, true, &head);
        let span = u32::try_from(widths.len()).unwrap_or(1);
        for group in &model.groups {
            if let Some(name) = &group.name {
                let frame = CellFrame { width: widths.iter().sum(), span, ..CellFrame::default() };
                rows.push_str(&row(false, true, &cell(&frame, &paragraph("Grupprubrik", "", &plain(name)))));
            }
            for each in &group.rows {
                rows.push_str(&self::table_row(each, &widths));
            }
        }
        self.xml.push_str(&table(&widths, "Registertabell", (true, true), "", &rows));
        self.gap();
    }

    fn facts(&mut self, facts: &[crate::model::Fact], across: u32) {
        let width = BODY / across.max(1);
        let mut rows = String::new();
        for line in facts.chunks(usize::try_from(across.max(1)).unwrap_or(1)) {
            let mut cells = String::new();
            for fact in line {
                let value = match &fact.value {
                    FactValue::Text { text } | FactValue::Code { text } => plain(text),
                    FactValue::Chip { level, before } => chip(level, false, before.as_deref()),
                };
                let inside =
                    paragraph("Etikett", "<w:keepNext/>", &plain(&fact.name)) + &paragraph("Tabelltext", "", &value);
                cells.push_str(&cell(&CellFrame { width, ..CellFrame::default() }, &inside));
            }
            for _ in line.len()..usize::try_from(across).unwrap_or(1) {
                cells.push_str(&cell(&CellFrame { width, ..CellFrame::default() }, ""));
            }
            rows.push_str(&row(false, true, &cells));
        }
        let widths = vec![width; usize::try_from(across.max(1)).unwrap_or(1)];
        self.xml.push_str(&table(&widths, "Uppgifter", (false, false), "", &rows));
        self.gap();
    }

    fn risk(&mut self, risk: &RiskCard) {
        self.heading(3, &format!("{} {}", risk.number, risk.name), false);
        if let Some(secrecy) = &risk.secrecy {
            self.xml.push_str(&paragraph("Sekretess", "<w:keepNext/>", &plain(secrecy)));
        }
        self.facts(&risk.facts, 4);
        for (label, text) in &risk.texts {
            self.xml.push_str(&paragraph("Etikett", "<w:keepNext/>", &plain(label)));
            self.xml.push_str(&prose(text, ""));
        }
        for table in &risk.tables {
            self.table(table);
        }
        if let Some(note) = &risk.note {
            self.xml.push_str(&paragraph("Liten", "", &plain(note)));
        }
    }

    /// A chart of Word's own, which can be given other looks; what it shows stands in its alternative text.
    fn chart(&mut self, chart: &Chart) {
        self.charts.push(chart_part(chart));
        let id = self.charts.len();
        let bars = u64::try_from(chart.bars.len()).unwrap_or(1);
        let (width, height) = (166 * 36_000, (bars * 11 + 24) * 36_000);
        self.xml.push_str(&paragraph("", "<w:keepNext/>", &run(&chart.name, Run { bold: true, ..Run::default() })));
        let alt = escape(&chart.alt);
        let name = escape(&chart.name);
        let drawing = format!(
            r#"<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{id}" name="Diagram {id}" title="{name}" descr="{alt}"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rIdChart{id}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#
        );
        self.xml.push_str(&paragraph("", "", &drawing));
    }

    fn finish(&self) -> String {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>{}<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/><w:footerReference w:type="default" r:id="rIdFooter"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1701" w:right="1247" w:bottom="1247" w:left="1247" w:header="680" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>"#,
            self.xml
        )
    }
}

fn table_row(each: &Row, widths: &[u32]) -> String {
    let cells: String = each
        .cells
        .iter()
        .zip(widths)
        .map(|(inside, width)| cell(&CellFrame { width: *width, ..CellFrame::default() }, &cell_text(inside)))
        .collect();
    row(false, each.size < 1200, &cells)
}

fn cell_text(cell: &Cell) -> String {
    cell.parts
        .iter()
        .map(|part| match part {
            Part::Text { text, strong } => {
                paragraph("Tabelltext", "", &run(text, Run { bold: *strong, ..Run::default() }))
            }
            Part::Chip { level, short, before } => paragraph("Tabelltext", "", &chip(level, *short, before.as_deref())),
            Part::Line { label, text, style } => {
                let text = format!("{}{text}", label.as_deref().unwrap_or_default());
                match style {
                    Style::Plain => paragraph("Tabelltext", "", &plain(&text)),
                    Style::Strong => paragraph("Tabelltext", "", &run(&text, Run { bold: true, ..Run::default() })),
                    Style::Small => paragraph("Liten", "", &plain(&text)),
                    Style::Mark => paragraph("Mrkning", "", &plain(&text)),
                }
            }
            Part::Prose { text } => prose(text, "Tabelltext"),
            Part::Status(mark) => paragraph("Tabelltext", "", &status(mark)),
        })
        .collect()
}

// ---- The other parts of the file.

fn chart_part(chart: &Chart) -> String {
    let names: Vec<String> = chart.bars.iter().map(|(name, _)| escape(name)).collect();
    let categories = {
        let points: String =
            names.iter().enumerate().map(|(i, name)| format!(r#"<c:pt idx="{i}"><c:v>{name}</c:v></c:pt>"#)).collect();
        format!(r#"<c:cat><c:strLit><c:ptCount val="{}"/>{points}</c:strLit></c:cat>"#, names.len())
    };
    let series: String = chart
        .series
        .iter()
        .enumerate()
        .map(|(index, mark)| {
            let fill = match mark.shape {
                Shape::Dash => "d5dbe2",
                Shape::Triangle => "f2b705",
                Shape::Ring => "ffffff",
                Shape::Circle | Shape::Square => mark.shape.colour(),
            };
            let ink = if matches!(mark.shape, Shape::Circle | Shape::Square) { "ffffff" } else { "1a1a1a" };
            let points: String = chart
                .bars
                .iter()
                .enumerate()
                .map(|(i, (_, counts))| {
                    let count = counts.get(index).copied().unwrap_or(0);
                    // A zero would be a label without a bar.
                    if count == 0 { String::new() } else { format!(r#"<c:pt idx="{i}"><c:v>{count}</c:v></c:pt>"#) }
                })
                .collect();
            let name = escape(&format!("{} {}", mark.shape.letter(), mark.word));
            format!(
                r#"<c:ser><c:idx val="{index}"/><c:order val="{index}"/><c:tx><c:v>{name}</c:v></c:tx><c:spPr><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill><a:ln w="9525"><a:solidFill><a:srgbClr val="4a5560"/></a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/><c:dLbls><c:spPr><a:noFill/></c:spPr><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900" b="1"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="sv-SE"/></a:p></c:txPr><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>{categories}<c:val><c:numLit><c:formatCode>0</c:formatCode><c:ptCount val="{}"/>{points}</c:numLit></c:val></c:ser>"#,
                chart.bars.len()
            )
        })
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:lang val="sv-SE"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>{series}<c:gapWidth val="40"/><c:overlap val="100"/><c:axId val="1001"/><c:axId val="1002"/></c:barChart><c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1002"/><c:crosses val="autoZero"/></c:catAx><c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="b"/><c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1001"/><c:crosses val="max"/></c:valAx></c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"/></a:pPr><a:endParaRPr lang="sv-SE"/></a:p></c:txPr></c:chartSpace>"#
    )
}

fn content_types(charts: usize) -> String {
    let charts: String = (1..=charts)
        .map(|n| {
            format!(
                r#"<Override PartName="/word/charts/chart{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>"#
            )
        })
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>{charts}</Types>"#
    )
}

const RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>"#;

fn app() -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Riskregister, dokumentformat {}</Application></Properties>"#,
        crate::FORMAT
    )
}

/// Word corrects Swedish text as Swedish, and does not ask whether fields are to be made anew.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:zoom w:percent="100"/><w:defaultTabStop w:val="1304"/><w:autoHyphenation w:val="1"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="sv-SE"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>"#;

fn document_relationships(charts: usize) -> String {
    const BASE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut out = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdStyles" Type="{BASE}/styles" Target="styles.xml"/><Relationship Id="rIdNumbering" Type="{BASE}/numbering" Target="numbering.xml"/><Relationship Id="rIdSettings" Type="{BASE}/settings" Target="settings.xml"/><Relationship Id="rIdHeader" Type="{BASE}/header" Target="header1.xml"/><Relationship Id="rIdFooter" Type="{BASE}/footer" Target="footer1.xml"/>"#
    );
    for n in 1..=charts {
        let _ = write!(out, r#"<Relationship Id="rIdChart{n}" Type="{BASE}/chart" Target="charts/chart{n}.xml"/>"#);
    }
    out + "</Relationships>"
}

fn core(document: &Document) -> String {
    let created = document.date.map(|[year, month, day]| {
        let date = format!("{year:04}-{month:02}-{day:02}T00:00:00Z");
        format!(
            r#"<dcterms:created xsi:type="dcterms:W3CDTF">{date}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">{date}</dcterms:modified>"#
        )
    });
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:identifier>{}</dc:identifier><dc:language>sv-SE</dc:language>{}</cp:coreProperties>"#,
        escape(&document.title),
        escape(&document.header.organisation),
        escape(&document.identity),
        created.unwrap_or_default(),
    )
}

fn field(code: &str) -> String {
    format!(
        r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>"#
    )
}

const TAB: &str = "<w:r><w:tab/></w:r>";

fn header(document: &Document) -> String {
    let mut right = Vec::new();
    if document.draft {
        right.push(run("UTKAST", Run { bold: true, ..Run::default() }));
    }
    right.extend(document.header.diary_numbers.as_deref().map(plain));
    let organisation = run(&document.header.organisation, Run { bold: true, ..Run::default() });
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}{}</w:hdr>"#,
        document.secrecy.as_deref().map(|said| paragraph("Sekretess", "", &plain(said))).unwrap_or_default(),
        paragraph("Sidhuvud", "", &format!("{organisation}{TAB}{}", right.join(&plain("  "))))
    )
}

fn footer(document: &Document) -> String {
    let page = format!("{}{}{}{}{}", plain("Sida "), field("PAGE"), plain(" ("), field("NUMPAGES"), plain(")"));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:ftr>"#,
        paragraph("Sidfot", "", &format!("{}{TAB}{page}", plain(&document.name)))
    )
}

/// 1: the numbers of headings. 2: lists.
fn numbering() -> String {
    let level = |at: u32, style: &str, text: &str| {
        format!(
            r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="{style}"/><w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>"#
        )
    };
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>{}{}</w:abstractNum><w:abstractNum w:abstractNumId="2"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="284" w:hanging="227"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>"#,
        level(0, "Rubrik1", "%1"),
        level(1, "Rubrik2", "%1.%2"),
    )
}

fn styles() -> String {
    let style = |id: &str, name: &str, based: &str, next: &str, paragraph: &str, run: &str| {
        let next = if next.is_empty() { String::new() } else { format!(r#"<w:next w:val="{next}"/>"#) };
        // Those that Word knows by their names, whatever language it speaks.
        let known = ["heading", "toc", "TOC", "Title", "Subtitle", "List", "header", "footer"];
        let custom = if known.iter().any(|word| name.starts_with(word)) { "" } else { r#" w:customStyle="1""# };
        format!(
            r#"<w:style w:type="paragraph"{custom} w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>{next}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"#
        )
    };
    let size = |half: u32| format!(r#"<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>"#);
    let spacing = |before: u32, after: u32| format!(r#"<w:spacing w:before="{before}" w:after="{after}"/>"#);
    let blue = r#"<w:b/><w:color w:val="0b3d6e"/>"#;
    let quiet = r#"<w:color w:val="4a5560"/>"#;
    let number = |level: u32| format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>"#);
    let heading = |id: &str, level: u32, numbered: bool, before: u32, after: u32, half: u32| {
        let numbered = if numbered { number(level - 1) } else { String::new() };
        style(
            id,
            &format!("heading {level}"),
            "Normal",
            "Normal",
            &format!(
                r#"<w:keepNext/><w:keepLines/>{numbered}{}<w:outlineLvl w:val="{}"/>"#,
                spacing(before, after),
                level - 1
            ),
            &format!("{blue}{}", size(half)),
        )
    };
    let page = r#"<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9412"/></w:tabs>"#;
    let right = r#"<w:tabs><w:tab w:val="right" w:pos="9412"/></w:tabs>"#;
    let notice = r#"<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="0b3d6e"/></w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="eef2f7"/>"#;
    let lead = r#"<w:keepNext/><w:pBdr><w:left w:val="single" w:sz="12" w:space="8" w:color="c3ccd6"/></w:pBdr>"#;
    let bullet = r#"<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>"#;
    let small_gap = spacing(0, 40);
    let rest = [
        heading("Rubrik1", 1, true, 480, 200, 34),
        heading("Rubrik2", 2, true, 320, 120, 25),
        heading("Rubrik3", 3, false, 320, 100, 22),
        style("Rubrik", "Title", "Normal", "Normal", &spacing(0, 240), &format!("{blue}{}", size(56))),
        style("Underrubrik", "Subtitle", "Normal", "Normal", &spacing(1200, 120), &format!("{blue}{}", size(28))),
        style("Register", "Register", "Normal", "Normal", "", quiet),
        style("Utkast", "Utkast", "Normal", "Normal", &spacing(0, 200), &format!("{blue}{}", size(28))),
        style(
            "Innehllsrubrik",
            "TOC Heading",
            "Normal",
            "Normal",
            &format!("<w:keepNext/>{}", spacing(480, 160)),
            &format!("{blue}{}", size(34)),
        ),
        style("Innehll1", "toc 1", "Normal", "Normal", &format!("{page}{}", spacing(120, 40)), "<w:b/>"),
        style(
            "Innehll2",
            "toc 2",
            "Normal",
            "Normal",
            &format!(r#"{page}{}<w:ind w:left="284"/>"#, spacing(0, 20)),
            "",
        ),
        style("Punktlista", "List Bullet", "Normal", "", &format!("{bullet}{}", spacing(0, 60)), ""),
        style("Ingress", "Ingress", "Normal", "Normal", lead, &format!("{quiet}{}", size(18))),
        style("Notis", "Notis", "Normal", "", &format!("{notice}{}", spacing(0, 0)), ""),
        style("Tabelltext", "Tabelltext", "Normal", "", &small_gap, &size(17)),
        style("Punktlistaitabell", "Punktlista i tabell", "Tabelltext", "", bullet, ""),
        style("Tabellhuvud", "Tabellhuvud", "Tabelltext", "", "<w:keepNext/>", blue),
        style("Grupprubrik", "Grupprubrik", "Tabelltext", "", &format!("<w:keepNext/>{}", spacing(80, 40)), blue),
        style("Liten", "Liten", "Tabelltext", "", "", &format!("{quiet}{}", size(15))),
        style("Mrkning", "Märkning", "Tabelltext", "", "", &format!("{blue}{}", size(15))),
        style(
            "Sekretess",
            "Sekretess",
            "Tabelltext",
            "",
            "",
            &format!(r#"<w:b/><w:color w:val="8f1d22"/>{}"#, size(15)),
        ),
        style("Etikett", "Etikett", "Tabelltext", "", &spacing(60, 0), &format!("{quiet}{}", size(15))),
        style("Mellanrum", "Mellanrum", "Normal", "", &spacing(0, 60), &size(8)),
        style("Sidhuvud", "header", "Normal", "", right, &format!("{quiet}{}", size(15))),
        style("Sidfot", "footer", "Normal", "", right, &format!("{quiet}{}", size(15))),
    ]
    .concat();
    let borders = |inside: &str| {
        format!(
            r#"<w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="0b3d6e"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="c3ccd6"/>{inside}</w:tblBorders>"#
        )
    };
    let margins = r#"<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="80" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>"#;
    let table = |id: &str, name: &str, borders: &str| {
        format!(
            r#"<w:style w:type="table" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normaltabell"/><w:tblPr>{borders}{margins}</w:tblPr></w:style>"#
        )
    };
    let lines = r#"<w:insideH w:val="single" w:sz="4" w:space="0" w:color="c3ccd6"/>"#;
    let white = r#"<w:tblBorders><w:insideH w:val="single" w:sz="12" w:space="0" w:color="ffffff"/><w:insideV w:val="single" w:sz="12" w:space="0" w:color="ffffff"/></w:tblBorders>"#;
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>{}<w:lang w:val="sv-SE" w:eastAsia="sv-SE" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style><w:style w:type="table" w:default="1" w:styleId="Normaltabell"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>{rest}{}{}{}</w:styles>"#,
        size(20),
        table("Registertabell", "Registertabell", &borders(lines)),
        table("Riskmatris", "Riskmatris", white),
        table("Uppgifter", "Uppgifter", ""),
    )
}
