//! A document as headings, paragraphs, tables and statuses: what the snapshot's wording becomes once, and what PDF and
//! DOCX are both made from, so that they cannot say different things. It must not know any format.

use serde::Serialize;

use crate::text::Prose;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    /// Stays the same for all versions of one document, as PDF wants of a document identifier.
    #[serde(skip)]
    pub identity: String,
    pub name: String,
    /// The name and whose it is.
    pub title: String,
    /// Of the decision: year, month, day.
    pub date: Option<[i32; 3]>,
    /// Marked UTKAST on each page.
    pub draft: bool,
    pub header: Header,
    /// The region or municipality, unless it is the organisation itself.
    pub register: Option<String>,
    pub organisation: Option<String>,
    /// The lines under the title.
    pub facts: Vec<(String, String)>,
    /// What must not be missed, on the first page.
    pub notices: Vec<Notice>,
    /// Stands in the head of each page, when anything in the document is marked as secret.
    pub secrecy: Option<String>,
    /// The contents are too long for one page.
    pub long_contents: bool,
    pub body: Vec<Block>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Header {
    pub organisation: String,
    pub diary_numbers: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Notice {
    pub heading: String,
    pub text: String,
    /// Of what may not be spread: in the colour of that.
    pub alarm: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub(crate) enum Block {
    PageBreak,
    /// Level 1 or 2; level 3 is a risk's.
    Heading {
        level: u32,
        text: String,
        numbered: bool,
        /// Stands in the contents. All are bookmarks.
        outlined: bool,
        /// The key of the plan's text that it stands over.
        #[serde(skip)]
        of: Option<&'static str>,
    },
    Prose {
        text: Prose,
    },
    /// One paragraph of which some words are strong.
    Rich {
        runs: Vec<Run>,
    },
    /// One paragraph in strong letters.
    Strong {
        text: String,
    },
    /// What a component of COSO is about.
    Lead {
        text: String,
    },
    /// A sentence that stays with the table below it.
    LeadIn {
        text: String,
    },
    /// How many risks stand at each level.
    Counts {
        counts: Vec<LevelCount>,
        total: u32,
    },
    Matrix(Matrix),
    Scales {
        scales: Vec<Scale>,
    },
    /// Kept on one page unless `size` letters are too many for one.
    Keep {
        size: usize,
        blocks: Vec<Block>,
    },
    Table(Table),
    Chips {
        chips: Vec<Chip>,
    },
    Risk(Box<RiskCard>),
    Chart(Chart),
    /// A name with its value below it.
    Facts {
        facts: Vec<Fact>,
        across: u32,
    },
}

#[derive(Debug, Serialize)]
pub(crate) struct Run {
    pub strong: bool,
    pub text: String,
}

/// A level's name on its colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Chip {
    pub label: String,
    /// "Hög" is enough beside a score, where there is no room for "Hög risk".
    pub short: String,
    pub fill: String,
    pub ink: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct LevelCount {
    pub level: Chip,
    pub count: u32,
}

/// The highest likelihood first, consequences from left to right.
#[derive(Debug, Serialize)]
pub(crate) struct Matrix {
    /// For who cannot see how it is built.
    pub summary: String,
    /// What the rows are called, and the columns.
    pub down: String,
    pub across: String,
    pub columns: Vec<Axis>,
    pub rows: Vec<MatrixRow>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Axis {
    pub step: String,
    pub label: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct MatrixRow {
    pub step: String,
    pub label: Option<String>,
    pub cells: Vec<MatrixCell>,
}

#[derive(Debug, Serialize)]
pub(crate) struct MatrixCell {
    pub score: String,
    pub level: Chip,
    /// Numbers of the risks.
    pub risks: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Scale {
    pub name: String,
    pub steps: Vec<ScaleStep>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ScaleStep {
    pub step: String,
    pub label: Option<String>,
    pub description: Prose,
}

/// Its first column names the row.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Table {
    pub columns: Vec<Column>,
    /// A group without a name is the table's only one.
    pub groups: Vec<Group>,
}

impl Table {
    /// Without the columns in which nothing is filled in. The first stays, and so do those that the document is there to
    /// fill: there it says something that they are empty.
    pub fn new(mut columns: Vec<Column>, mut groups: Vec<Group>) -> Self {
        let rows = || groups.iter().flat_map(|group| &group.rows);
        let empty: Vec<usize> = (1..columns.len())
            .filter(|at| !columns[*at].kept && rows().all(|row| row.cells.get(*at).is_none_or(Cell::is_empty)))
            .collect();
        let filled = rows().next().is_some();
        for at in empty.into_iter().rev().filter(|_| filled) {
            columns.remove(at);
            for row in groups.iter_mut().flat_map(|group| &mut group.rows).filter(|row| at < row.cells.len()) {
                row.cells.remove(at);
            }
        }
        // Some column takes the rest.
        if columns.iter().all(|column| column.width.is_some())
            && let Some(widest) = columns.iter_mut().max_by_key(|column| column.width)
        {
            widest.width = None;
        }
        Self { columns, groups }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Column {
    pub name: String,
    /// Millimetres; one column takes the rest.
    pub width: Option<u32>,
    /// There also when nothing stands in it.
    #[serde(skip)]
    pub kept: bool,
}

impl Column {
    pub fn kept(self) -> Self {
        Self { kept: true, ..self }
    }
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct Group {
    pub name: Option<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub cells: Vec<Cell>,
    /// Roughly how many letters it has; a short one is kept on one page.
    pub size: usize,
}

impl Row {
    pub fn new(cells: Vec<Cell>) -> Self {
        let size = cells.iter().flat_map(|cell| &cell.parts).map(Part::size).sum();
        Self { cells, size }
    }
}

#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Cell {
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub(crate) enum Part {
    /// Alone in its cell.
    Text {
        text: String,
        strong: bool,
    },
    /// Alone in its cell.
    Chip {
        level: Chip,
        short: bool,
        before: Option<String>,
    },
    Line {
        label: Option<String>,
        text: String,
        style: Style,
    },
    Prose {
        text: Prose,
    },
    Status(Mark),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Style {
    Plain,
    Strong,
    Small,
    /// Small, in the accent's colour.
    Mark,
}

impl Part {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text { text, .. } | Self::Line { text, .. } => text.trim().is_empty(),
            Self::Prose { text } => text.is_empty(),
            Self::Chip { .. } | Self::Status(_) => false,
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Text { text, .. } => text.len(),
            Self::Chip { .. } => 10,
            Self::Line { text, label, .. } => text.len() + label.as_ref().map_or(0, String::len) + 30,
            Self::Prose { text } => crate::text::size(text),
            Self::Status(mark) => mark.word.len(),
        }
    }
}

impl Cell {
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(Part::is_empty)
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::new(vec![Part::Text { text: text.into(), strong: false }])
    }

    pub fn strong(text: impl Into<String>) -> Self {
        Self::new(vec![Part::Text { text: text.into(), strong: true }])
    }

    /// Empty when there is nothing.
    pub fn maybe(text: Option<String>) -> Self {
        text.map(Self::text).unwrap_or_default()
    }

    pub fn prose(text: Prose) -> Self {
        if text.is_empty() { Self::default() } else { Self::new(vec![Part::Prose { text }]) }
    }

    pub fn status(mark: Mark) -> Self {
        Self::new(vec![Part::Status(mark)])
    }

    pub fn chip(level: Chip, short: bool, before: Option<String>) -> Self {
        Self::new(vec![Part::Chip { level, short, before }])
    }
}

impl Part {
    pub fn line(style: Style, text: impl Into<String>) -> Self {
        Self::Line { label: None, text: text.into(), style }
    }

    pub fn labelled(style: Style, label: &str, text: impl Into<String>) -> Self {
        Self::Line { label: Some(format!("{label}: ")), text: text.into(), style }
    }
}

/// One value of a scale: word, shape and colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Mark {
    pub word: String,
    pub shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Shape {
    Dash,
    /// Green.
    Circle,
    /// Yellow.
    Triangle,
    /// Red.
    Square,
    /// Due and not reported.
    Ring,
}

impl Shape {
    /// The shape as a letter, where none can be drawn.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Dash => "–",
            Self::Circle => "●",
            Self::Triangle => "▲",
            Self::Square => "■",
            Self::Ring => "○",
        }
    }

    /// `rrggbb`; on white each can be told from the paper (3:1), the yellow by its edge.
    pub fn colour(self) -> &'static str {
        match self {
            Self::Dash | Self::Ring => "4a5560",
            Self::Circle => "2e7d32",
            Self::Triangle => "b98900",
            Self::Square => "b9272d",
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RiskCard {
    #[serde(skip)]
    pub id: String,
    pub number: String,
    pub name: String,
    /// Roughly how many letters it takes; a short one is kept on one page.
    pub size: usize,
    /// What the risk is marked with, right below its name.
    pub secrecy: Option<String>,
    pub facts: Vec<Fact>,
    pub texts: Vec<(String, Prose)>,
    pub tables: Vec<Table>,
    pub note: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Fact {
    pub name: String,
    pub value: FactValue,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub(crate) enum FactValue {
    Text {
        text: String,
    },
    Chip {
        level: Chip,
        before: Option<String>,
    },
    /// Broken where its line ends; a key or the like, that nobody reads as words.
    Code {
        text: String,
    },
}

/// Stacked bars. Its numbers always stand in a table beside it.
#[derive(Debug, Serialize)]
pub(crate) struct Chart {
    pub name: String,
    /// Says in words what the picture shows.
    pub alt: String,
    pub series: Vec<Mark>,
    /// `(name, one count for each of series)`.
    pub bars: Vec<(String, Vec<u32>)>,
}
