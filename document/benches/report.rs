//! What a report of 60 risks costs as PDF when warm, beside what Typst takes to set a fixed text of as many pages: the
//! floor below which no document made with it can come. And what the same report costs in the other formats.
//!
//!     cargo bench -p riskregister-document
//!
//! Prints the times and the ratio; judges nothing.

use std::error::Error;
use std::time::{Duration, Instant};

use riskregister_document::snapshot::{Goal, LevelCount, ReportSnapshot};
use riskregister_document::{Format, Version, report_document};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

const RISKS: u32 = 60;
const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "{}; load before {}",
        if cfg!(debug_assertions) { "NOT OPTIMISED" } else { "optimised" },
        load.split(' ').next().unwrap_or_default(),
    );
    let report = report()?;
    let pdf = report_document(&report, Format::Pdf, Version::Full)?;
    let pages = pages(&pdf).ok_or("a PDF without pages")?;
    let made = median(|| Ok(report_document(&report, Format::Pdf, Version::Full)?.len()))?;
    let floor = Fixed::new(pages)?;
    let set = floor.pdf()?;
    if self::pages(&set) != Some(pages) {
        return Err("the fixed text has another number of pages".into());
    }
    let fixed = median(|| Ok(floor.pdf()?.len()))?;
    println!("report of {RISKS} risks, {pages} pages, PDF   {:>8.1} ms  {:>9} bytes", ms(made), pdf.len());
    println!("fixed text, {pages} pages, PDF            {:>8.1} ms  {:>9} bytes", ms(fixed), set.len());
    println!("ratio                                {:>8.2}", made.as_secs_f64() / fixed.as_secs_f64());
    for format in [Format::Docx, Format::Xlsx, Format::Json] {
        let bytes = report_document(&report, format, Version::Full)?.len();
        let time = median(|| Ok(report_document(&report, format, Version::Full)?.len()))?;
        println!("the same as {:<5}                    {:>8.1} ms  {bytes:>9} bytes", format.extension(), ms(time));
    }
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn median(mut make: impl FnMut() -> Result<usize, Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        std::hint::black_box(make()?);
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[ROUNDS / 2])
}

fn pages(pdf: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(pdf);
    let count = text.split("/Type/Pages/Count ").nth(1)?;
    count.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The sample's risks, over and over.
fn report() -> Result<ReportSnapshot, Box<dyn Error>> {
    let mut report: ReportSnapshot = serde_json::from_str(include_str!("../examples/report.json"))?;
    let patterns: Vec<_> = report.plan.goals.iter().flat_map(|goal| goal.risks.clone()).collect();
    let risks: Vec<_> = (1..=RISKS)
        .zip(patterns.iter().cycle())
        .map(|(number, pattern)| {
            let mut risk = pattern.clone();
            risk.number = number;
            for control in &mut risk.controls {
                control.report.iter_mut().for_each(|report| report.findings.clear());
            }
            risk.actions.iter_mut().for_each(|action| action.born_from = None);
            risk
        })
        .collect();
    report.plan.counts = report
        .plan
        .policy
        .levels
        .iter()
        .map(|level| {
            let count = risks.iter().filter(|risk| risk.level.as_ref() == Some(&level.key)).count();
            Ok(LevelCount { level: level.key.clone(), count: u32::try_from(count)? })
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    report.plan.total = RISKS;
    report.plan.goals = vec![Goal { id: "goal".into(), number: None, name: "Målet".into(), risks }];
    Ok(report)
}

/// Text on so many pages, in the font of the documents, tagged as they are.
struct Fixed {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    source: Source,
}

impl Fixed {
    fn new(pages: usize) -> Result<Self, Box<dyn Error>> {
        let fonts: Vec<Font> =
            Font::iter(Bytes::new(include_bytes!("../fonts/Inter-Regular.otf").as_slice())).collect();
        let text = format!(
            "#set document(title: \"Fast text\", date: none)\n#set text(font: \"Inter\", size: 9.5pt, lang: \"sv\")\n\
             #set page(paper: \"a4\", margin: 22mm)\n\
             #for n in range({pages}) {{ if n > 0 {{ pagebreak() }}; for i in range(5) {{ par(lorem(90)) }} }}\n"
        );
        let path = VirtualPath::new("fixed.typ").map_err(|_| "a path")?;
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        Ok(Self {
            library: LazyHash::new(Library::builder().build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            source: Source::new(id, text),
        })
    }

    fn pdf(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        let document: PagedDocument = typst::compile(self).output.map_err(|errors| format!("{errors:?}"))?;
        let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| error.message().to_string())?;
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Auto,
            timestamp: None,
            page_ranges: None,
            standards,
            tagged: true,
            pretty: false,
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| format!("{errors:?}"))?;
        // As the documents do, so that each is set anew.
        comemo::evict(0);
        Ok(pdf)
    }
}

impl World for Fixed {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<typst::foundations::Duration>) -> Option<Datetime> {
        None
    }
}
