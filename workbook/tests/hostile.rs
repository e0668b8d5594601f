//! A hundred workbooks that mean harm, or that somebody's program made badly: each has a clear answer, in seconds and with
//! little memory, and none makes the reader panic, not even where nobody would see it.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "shared/scale.rs"]
mod scale;

use std::io::{Cursor, Write};
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use riskregister_workbook::sheet::Value;
use riskregister_workbook::{Kind, Refusal, Workbook, interpret, propose, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What one file may cost. The floor of the process itself, with the file built, comes on top.
const TIME: Duration = Duration::from_secs(30);
const MEMORY_KIB: u64 = 200 * 1024;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A workbook by its parts.
struct Book(Vec<(String, Vec<u8>)>);

impl Book {
    /// With one sheet, of this inside.
    fn new(inside: &str) -> Self {
        Self::of_sheet(&format!("<worksheet xmlns=\"{MAIN}\">{inside}</worksheet>"))
    }

    fn of_sheet(sheet: &str) -> Self {
        let part = |name: &str, text: String| (name.to_owned(), text.into_bytes());
        Self(vec![
            part("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>".to_owned()),
            part("_rels/.rels", format!("<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
            part("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>")),
            part("xl/workbook.xml", format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>")),
            part("xl/worksheets/sheet1.xml", sheet.to_owned()),
        ])
    }

    /// With this part, in place of its like.
    fn with(mut self, name: &str, text: impl Into<Vec<u8>>) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), text.into()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    fn packed(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, text) in &self.0 {
            zip.start_file(name, options).unwrap();
            zip.write_all(text).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

fn rows(cells: &str) -> Book {
    Book::new(&format!("<sheetData>{cells}</sheetData>"))
}

fn text(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A heading that is known, and one risk; then whatever else.
fn risks(rest: &str) -> Book {
    let heading = format!(
        "<row r=\"1\">{}{}{}{}</row>",
        text("A1", "Risk"),
        text("B1", "S"),
        text("C1", "K"),
        text("D1", "Kontroll")
    );
    let risk = format!("<row r=\"2\">{}<c r=\"B2\"><v>3</v></c><c r=\"C2\"><v>4</v></c></row>", text("A2", "En risk"));
    rows(&format!("{heading}{risk}{rest}"))
}

fn strings(inside: &str) -> Book {
    rows("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>")
        .with("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\" {inside}</sst>"))
}

/// Parts of the same name, which no writer makes: the second name is changed when it is packed.
fn twice(book: Book, name: &str) -> Vec<u8> {
    let other = format!("{}~", &name[..name.len() - 1]);
    let packed = book.with(&other, "<worksheet/>").packed();
    replaced(packed, other.as_bytes(), name.as_bytes())
}

fn replaced(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(old.len()).position(|window| window == old) {
        bytes[at + found..at + found + old.len()].copy_from_slice(new);
        at += found + old.len();
    }
    bytes
}

/// What a file must be answered with: a refusal, the code of a fault in it, or what is read of it.
enum Answer {
    Refused(&'static str),
    Read,
    Fault(&'static str),
    Remark(&'static str),
}

use Answer::{Fault, Read, Refused, Remark};

/// Each with what it is, its bytes and its answer.
fn files() -> Vec<(String, Vec<u8>, Answer)> {
    let mut files: Vec<(String, Vec<u8>, Answer)> = Vec::new();
    let mut add = |what: &str, bytes: Vec<u8>, answer: Answer| files.push((what.to_owned(), bytes, answer));

    // What is no workbook.
    add("nothing", Vec::new(), Refused("empty"));
    add("spaces", b"  \r\n \t ".to_vec(), Refused("empty"));
    add("a mark and nothing", b"\xef\xbb\xbf".to_vec(), Refused("empty"));
    add("too many bytes", vec![b'a'; 20 * 1024 * 1024 + 1], Refused("tooLarge"));
    add("noughts", vec![0; 100_000], Refused("notAWorkbook"));
    add("a PDF", b"%PDF-1.7\n%\xe2\xe3\n".to_vec(), Refused("notAWorkbook"));
    add("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0".to_vec(), Refused("notAWorkbook"));
    add("a page", b"<html><table><tr><td>Risk</td></tr></table></html>".to_vec(), Refused("notAWorkbook"));
    add("Excel's XML of 2003", b"<?xml version=\"1.0\"?><Workbook/>".to_vec(), Refused("notAWorkbook"));
    add("an old workbook", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat(), Refused("oldExcel"));
    let package: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    add(
        "a password",
        [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600], &package].concat(),
        Refused("encrypted"),
    );
    add("half an UTF-16", b"\xff\xfe\x00\xd8\x00".to_vec(), Refused("notAWorkbook"));

    // Packed, but no workbook.
    add("the head of a package", b"PK\x03\x04".to_vec(), Refused("damaged"));
    add("an empty package", Book(Vec::new()).packed(), Refused("notAWorkbook"));
    add("a document", Book::new("").with("word/document.xml", "<w/>").packed(), Refused("notAWorkbook"));
    add("slides", Book::new("").with("ppt/presentation.xml", "<p/>").packed(), Refused("notAWorkbook"));
    add(
        "an OpenDocument",
        Book::new("").with("mimetype", "application/vnd.oasis.opendocument.spreadsheet").packed(),
        Refused("openDocument"),
    );
    add("a binary workbook", Book::new("").with("xl/workbook.bin", "").packed(), Refused("binaryExcel"));
    add("no types", rows("").without("[Content_Types].xml").packed(), Refused("notAWorkbook"));
    add("no relations", rows("").without("_rels/.rels").packed(), Refused("damaged"));
    add("no workbook", rows("").without("xl/workbook.xml").packed(), Refused("noSheets"));
    add("no sheet's part", rows("").without("xl/worksheets/sheet1.xml").packed(), Refused("unreadableSheet"));
    add("no relation to the sheet", rows("").without("xl/_rels/workbook.xml.rels").packed(), Refused("damaged"));
    add("a sheet that is none", Book::of_sheet("<chart/>").packed(), Refused("unreadableSheet"));
    add("a sheet that is a binary part", rows("").with("xl/_rels/workbook.xml.rels", format!("<Relationships><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>")).packed(), Refused("notAWorkbook"));
    add("a sheet elsewhere", rows("").with("xl/_rels/workbook.xml.rels", format!("<Relationships><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"http://192.0.2.1/sheet.xml\" TargetMode=\"External\"/></Relationships>")).packed(), Refused("notAWorkbook"));
    add("a sheet above the root", rows("").with("xl/_rels/workbook.xml.rels", format!("<Relationships><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"../../../../etc/passwd.xml\"/></Relationships>")).packed(), Refused("unreadableSheet"));

    // Macros.
    add("macros", rows("").with("xl/vbaProject.bin", "x").packed(), Refused("macros"));
    add("macros elsewhere", rows("").with("xl/other/VBAPROJECT.BIN", "x").packed(), Refused("macros"));
    add("macros by their type", rows("").with("[Content_Types].xml", "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>").packed(), Refused("macros"));
    add("macros by a relation", rows("").with("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r9\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"x.bin\"/></Relationships>").packed(), Refused("macros"));
    add("macros of Excel 4", rows("").with("xl/macrosheets/sheet1.xml", "<x/>").packed(), Refused("macros"));

    // The package itself.
    let whole = risks("").packed();
    for cut in [10, 2, 1] {
        let part = whole.len() - whole.len() / cut;
        add(&format!("cut off at {part}"), whole[..part.max(4)].to_vec(), Refused("damaged"));
    }
    add("a sheet twice", twice(risks(""), "xl/worksheets/sheet1.xml"), Refused("duplicateParts"));
    add("strings twice", twice(strings("><si><t>a</t></si>"), "xl/sharedStrings.xml"), Refused("duplicateParts"));
    let mut many = rows("");
    many.0.extend((0..5_001).map(|n| (format!("xl/x{n}.xml"), Vec::new())));
    add("very many parts", many.packed(), Refused("tooManyParts"));
    add("very many heads", [whole.clone(), b"PK\x01\x02".repeat(6_000)].concat(), Refused("tooManyParts"));
    add("an unknown packing", replaced_method(whole.clone()), Refused("unknownPacking"));
    add("an encrypted part", encrypted_flag(whole.clone()), Refused("unknownPacking"));
    add("a wrong checksum", wrong_checksum(whole.clone()), Refused("damaged"));
    add("something behind it", [whole.clone(), vec![b'x'; 1_000]].concat(), Read);
    add(
        "a picture in it",
        risks("")
            .with(
                "xl/media/image1.png",
                (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<u8>>(),
            )
            .packed(),
        Read,
    );

    // Bombs.
    add(
        "a bomb of noughts",
        rows("").with("xl/media/image1.png", vec![0; 60 << 20]).packed(),
        Refused("packedTooTightly"),
    );
    add("a bomb of cells", rows(&"<row><c/></row>".repeat(2_500_000)).packed(), Refused("tooManyCells"));
    add("a bomb of spaces", rows(&" ".repeat(40 << 20)).packed(), Refused("packedTooTightly"));
    add(
        "a size that lies",
        lying_size(rows("").with("xl/media/image1.png", vec![0; 60 << 20]).packed()),
        Refused("damaged"),
    );
    add("a long comment", rows(&format!("<!--{}-->", noise(2 << 20))).packed(), Refused("tooLong"));
    add("a long tag", rows(&format!("<row x=\"{}\"/>", noise(2 << 20))).packed(), Refused("tooLong"));
    add("a long text", rows(&text("A1", &noise(2 << 20))).packed(), Refused("tooLong"));
    add("a text too long for a cell", rows(&text("A1", &noise(200_000))).packed(), Refused("tooLong"));
    let pieces =
        format!("<c r=\"A1\" t=\"inlineStr\"><is>{}</is></c>", format!("<r><t>{}</t></r>", noise(1_000)).repeat(300));
    add("a text in too many pieces", rows(&pieces).packed(), Refused("tooLong"));
    add(
        "as long a text as a cell takes",
        rows(&format!("<row r=\"1\">{}</row>", text("A1", &noise(32_767)))).packed(),
        Read,
    );
    add("deep XML", Book::of_sheet(&"<a>".repeat(100_000)).packed(), Refused("tooDeep"));

    // Entities.
    let doctype = |inside: &str| {
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE x [{inside}]><worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&lol9;</t></is></c></row></sheetData></worksheet>"
        )
    };
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY lol{n} \"{}\">", format!("&lol{};", n - 1).repeat(10))).collect();
    add(
        "a billion laughs",
        Book::of_sheet(&doctype(&format!("<!ENTITY lol0 \"lol\">{laughs}"))).packed(),
        Refused("ownEntities"),
    );
    add(
        "a file by an entity",
        Book::of_sheet(&doctype("<!ENTITY lol9 SYSTEM \"file:///etc/passwd\">")).packed(),
        Refused("ownEntities"),
    );
    add(
        "a file by a type",
        Book::of_sheet("<!DOCTYPE x SYSTEM \"http://192.0.2.1/x.dtd\"><worksheet/>").packed(),
        Refused("ownEntities"),
    );
    add(
        "an unknown entity",
        rows(&format!("<row r=\"1\">{}</row>", text("A1", "&okänd;"))).packed(),
        Refused("unreadableSheet"),
    );
    add("entities in strings", strings("><si><t>&x;</t></si>").packed(), Refused("damaged"));

    // Texts that cells share.
    add(
        "a promise of strings",
        strings("uniqueCount=\"4000000000\"><si><t>a</t></si>").packed(),
        Refused("tooManyStrings"),
    );
    add(
        "a promise beyond numbers",
        strings("uniqueCount=\"99999999999999999999999\"><si><t>a</t></si>").packed(),
        Refused("tooManyStrings"),
    );
    add("a promise below nought", strings("uniqueCount=\"-1\"><si><t>a</t></si>").packed(), Refused("tooManyStrings"));
    add("a promise of nearly a million", strings("uniqueCount=\"999999\"><si><t>a</t></si>").packed(), Read);
    add(
        "strings without end",
        strings(&format!(
            "><si><t>a</t></si>{}",
            (0..1_000_001).map(|n| format!("<si><t>{n}</t></si>")).collect::<String>()
        ))
        .packed(),
        Refused("tooManyStrings"),
    );
    add(
        "strings that are not there",
        rows("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>").packed(),
        Refused("unreadableSheet"),
    );
    add(
        "a string below nought",
        strings("><si><t>a</t></si>")
            .with(
                "xl/worksheets/sheet1.xml",
                "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>-1</v></c></row></sheetData></worksheet>",
            )
            .packed(),
        Read,
    );
    let cells: String =
        (1..=3_000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    let shared = format!("<sst><si><t>{}</t></si></sst>", noise(100_000));
    add(
        "a long string in every cell",
        rows(&cells).with("xl/sharedStrings.xml", shared).packed(),
        Refused("tooMuchText"),
    );
    add("strings cut off", rows("").with("xl/sharedStrings.xml", "<sst><si><t>a").packed(), Refused("damaged"));

    // Positions.
    add(
        "the farthest cell",
        risks(&format!("<row r=\"1048576\">{}</row>", text("XFD1048576", "x"))).packed(),
        Refused("tooManyRows"),
    );
    add(
        "the farthest column",
        risks(&format!("<row r=\"3\">{}</row>", text("XFD3", "x"))).packed(),
        Refused("tooManyColumns"),
    );
    add("the farthest cell, empty", risks("<row r=\"1048576\"><c r=\"XFD1048576\" s=\"0\"/></row>").packed(), Read);
    add(
        "row 10,001",
        risks(&format!("<row r=\"10001\">{}</row>", text("A10001", "x"))).packed(),
        Refused("tooManyRows"),
    );
    add("row 10,000", risks(&format!("<row r=\"10000\">{}</row>", text("A10000", "x"))).packed(), Read);
    add("column 201", risks(&format!("<row r=\"3\">{}</row>", text("GS3", "x"))).packed(), Refused("tooManyColumns"));
    add(
        "a claim of everything",
        Book::new(&format!(
            "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{}</row></sheetData>",
            text("A1", "x")
        ))
        .packed(),
        Read,
    );
    for reference in [
        "A0",
        "XFE1",
        "A1048577",
        "A-1",
        "-A1",
        "ZZZZZZZZZZ1",
        "A99999999999999999999",
        "$A$1",
        "R1C1",
        "1",
        "A",
        "",
        "Å1",
        "A1:B2",
        "A 1",
    ] {
        add(
            &format!("a cell at {reference:?}"),
            rows(&format!("<row r=\"1\">{}</row>", text(reference, "x"))).packed(),
            Refused("badReference"),
        );
    }
    for row in ["0", "-1", "99999999999", "1048577", "x", ""] {
        add(
            &format!("a row at {row:?}"),
            rows(&format!("<row r=\"{row}\"><c><v>1</v></c></row>")).packed(),
            Refused("badReference"),
        );
    }
    for region in ["B2:A1", "A1:", "A1:B2:C3", "A:C", "1:3", "A1:XFE1", "A4294967296:B4294967297"] {
        add(
            &format!("a claim of {region:?}"),
            Book::new(&format!("<dimension ref=\"{region}\"/><sheetData/>")).packed(),
            Refused("badReference"),
        );
        add(
            &format!("merged at {region:?}"),
            Book::new(&format!("<sheetData/><mergeCells><mergeCell ref=\"{region}\"/></mergeCells>")).packed(),
            Refused("badReference"),
        );
    }
    add("cells without positions", rows(&format!("<row>{}</row>", "<c><v>1</v></c>".repeat(150))).packed(), Read);
    add(
        "too many cells without positions",
        rows(&format!("<row>{}</row>", "<c><v>1</v></c>".repeat(500))).packed(),
        Refused("tooManyColumns"),
    );
    add("rows without positions", rows(&"<row><c><v>1</v></c></row>".repeat(10_500)).packed(), Refused("tooManyRows"));
    add(
        "rows in disorder",
        rows(&format!(
            "<row r=\"3\">{}</row><row r=\"1\">{}</row><row r=\"2\">{}</row>",
            text("A3", "c"),
            text("A1", "a"),
            text("A2", "b")
        ))
        .packed(),
        Read,
    );

    // Merged cells.
    let merged = |regions: &str| {
        risks("")
            .0
            .into_iter()
            .map(|(name, part)| {
                let part = if name.ends_with("sheet1.xml") {
                    String::from_utf8(part)
                        .unwrap()
                        .replace("</sheetData>", &format!("</sheetData><mergeCells>{regions}</mergeCells>"))
                        .into_bytes()
                } else {
                    part
                };
                (name, part)
            })
            .collect::<Vec<_>>()
    };
    let million: String = (1..=1_000_000_u32).map(|row| format!("<mergeCell ref=\"A{row}:B{row}\"/>")).collect();
    add("a million merged regions", Book(merged(&million)).packed(), Refused("tooManyMerged"));
    let over = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(40_000);
    add("regions on each other", Book(merged(&over)).packed(), Read);
    let tall = rows(&format!("<row r=\"1\">{}</row><row r=\"10000\">{}</row>", text("A1", "x"), text("GR10000", "x")));
    let tall = Book(
        tall.0
            .into_iter()
            .map(|(name, part)| {
                let part = if name.ends_with("sheet1.xml") {
                    String::from_utf8(part)
                        .unwrap()
                        .replace("</sheetData>", &format!("</sheetData><mergeCells>{over}</mergeCells>"))
                        .into_bytes()
                } else {
                    part
                };
                (name, part)
            })
            .collect(),
    );
    add("large regions on each other", tall.packed(), Refused("tooManyMerged"));
    add("everything merged", Book(merged("<mergeCell ref=\"A1:XFD1048576\"/>")).packed(), Read);
    add(
        "merged and cut off",
        Book::of_sheet("<worksheet><sheetData/><mergeCells><mergeCell ref=\"A1:B2\"/>").packed(),
        Refused("unreadableSheet"),
    );

    // Nothing wrong, but as much of it as is taken.
    let full: String = (3..=10_000)
        .map(|row| {
            let risk = text(&format!("A{row}"), &format!("Risk {row}"));
            let control = text(&format!("D{row}"), "1. Utdrag 2. Intervju");
            format!("<row r=\"{row}\">{risk}<c r=\"B{row}\"><v>2</v></c><c r=\"C{row}\"><v>3</v></c>{control}</row>")
        })
        .collect();
    add("ten thousand risks", risks(&full).packed(), Read);
    let one = (3..=10_000).map(|row| format!("<row r=\"{row}\">{}</row>", text(&format!("D{row}"), "Utdrag")));
    add("ten thousand controls of one risk", risks(&one.collect::<String>()).packed(), Read);

    // Values of wrong kinds.
    for (what, cell) in [
        ("an unknown type", "<c r=\"A1\" t=\"zzz\"><v>1</v></c>"),
        ("a number that is none", "<c r=\"A1\" t=\"n\"><v>ett</v></c>"),
        ("a truth that is none", "<c r=\"A1\" t=\"b\"><v>kanske</v></c>"),
        ("an error that is none", "<c r=\"A1\" t=\"e\"><v>#HEJ</v></c>"),
        ("another tag in a cell", "<c r=\"A1\"><x/></c>"),
        ("a cell that does not end", "<c r=\"A1\"><v>1"),
        ("a shared formula without number", "<c r=\"A1\"><f t=\"shared\">B1</f><v>1</v></c>"),
        ("a shared formula's wrong number", "<c r=\"A1\"><f t=\"shared\" si=\"x\">B1</f><v>1</v></c>"),
    ] {
        add(what, rows(&format!("<row r=\"1\">{cell}</row>")).packed(), Refused("unreadableSheet"));
    }
    for (what, cell) in [
        (
            "a shared formula far out",
            "<c r=\"B3\"><f t=\"shared\" si=\"18446744073709551615\" ref=\"B3:B4\">B1</f><v>1</v></c>",
        ),
        ("a number without end", "<c r=\"B3\"><v>1e999</v></c>"),
        ("what is no number", "<c r=\"B3\"><v>NaN</v></c>"),
        (
            "a number of many digits",
            "<c r=\"B3\"><v>123456789012345678901234567890123456789012345678901234567890</v></c>",
        ),
        ("a day that is none", "<c r=\"B3\" t=\"d\"><v>2031-99-99</v></c>"),
        ("a style that is not there", "<c r=\"B3\" s=\"4294967295\"><v>1</v></c>"),
        ("an empty string", "<c r=\"B3\" t=\"str\"><f>A1</f><v></v></c>"),
    ] {
        let row = format!("<row r=\"3\">{}{cell}<c r=\"C3\"><v>1</v></c></row>", text("A3", "Två"));
        add(what, risks(&row).packed(), Read);
    }
    let risk = |cells: &str| risks(&format!("<row r=\"3\">{}{cells}</row>", text("A3", "Två"))).packed();
    add("a formula without its value", risk("<c r=\"B3\"><f>B2*2</f></c><c r=\"C3\"><v>1</v></c>"), Fault("uncounted"));
    add("a formula with an empty value", risk("<c r=\"B3\"><f>B2*2</f><v/></c>"), Fault("uncounted"));
    add("a formula gone wrong", risk("<c r=\"B3\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"), Fault("noStep"));
    add("a formula that asks another file", risk("<c r=\"B3\"><f>[1]Blad1!A1</f><v>3</v></c>"), Read);
    add("a formula that asks the web", risk("<c r=\"B3\"><f>WEBSERVICE(\"http://192.0.2.1\")</f><v>3</v></c>"), Read);
    add("a formula that runs a program", risk("<c r=\"B3\"><f>cmd|'/c calc'!A1</f><v>3</v></c>"), Read);
    add("a truth for a step", risk("<c r=\"B3\" t=\"b\"><v>1</v></c>"), Fault("noStep"));
    add("a decimal for a step", risk("<c r=\"B3\"><v>2.5</v></c>"), Fault("decimal"));
    add("a step below nought", risk("<c r=\"B3\"><v>-3</v></c>"), Fault("outsideScale"));
    add("a huge step", risk("<c r=\"B3\"><v>1e300</v></c>"), Fault("outsideScale"));
    add(
        "a dito under nothing",
        risks(&format!("<row r=\"3\">{}</row>", text("D3", "dito"))).packed(),
        Fault("nothingAbove"),
    );

    // Links, sheets, styles.
    let links = rows("")
        .0
        .into_iter()
        .map(|(name, part)| {
            let part = if name == "xl/workbook.xml" {
                String::from_utf8(part)
                    .unwrap()
                    .replace(
                        "</sheets>",
                        "</sheets><externalReferences><externalReference r:id=\"r7\"/></externalReferences>",
                    )
                    .into_bytes()
            } else {
                part
            };
            (name, part)
        })
        .collect();
    add(
        "links to other files",
        Book(links).with("xl/worksheets/sheet1.xml", risks("").0[4].1.clone()).packed(),
        Remark("externalLinks"),
    );
    let sheets = |list: &str| {
        rows("").with("xl/workbook.xml", format!("<workbook xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>"))
    };
    add(
        "the same sheet's name twice",
        sheets("<sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"a\" sheetId=\"2\" r:id=\"r1\"/>").packed(),
        Refused("sheetTwice"),
    );
    let list: String = (0..201).map(|n| format!("<sheet name=\"A{n}\" sheetId=\"{n}\" r:id=\"r1\"/>")).collect();
    add("201 sheets", sheets(&list).packed(), Refused("tooManySheets"));
    add("no sheets", sheets("").packed(), Refused("noSheets"));
    add(
        "a sheet of unknown state",
        sheets("<sheet name=\"A\" sheetId=\"1\" state=\"gone\" r:id=\"r1\"/>").packed(),
        Refused("damaged"),
    );
    add(
        "a sheet of an unknown relation",
        sheets("<sheet name=\"A\" sheetId=\"1\" r:id=\"r9\"/>").packed(),
        Refused("damaged"),
    );
    add("an empty sheet", rows("").packed(), Fault("nothingFound"));
    let styles = |inside: &str| {
        risks("").with("xl/styles.xml", format!("<styleSheet xmlns=\"{MAIN}\">{inside}</styleSheet>")).packed()
    };
    add(
        "a million formats",
        styles(&format!(
            "<cellXfs>{}</cellXfs>",
            (0..1_000_000).map(|n| format!("<xf numFmtId=\"{n}\"/>")).collect::<String>()
        )),
        Refused("tooManyStyles"),
    );
    add(
        "a font of a long name",
        styles(&format!("<fonts><font><name val=\"{}\"/></font></fonts>", noise(100_000))),
        Refused("tooManyStyles"),
    );
    add(
        "formats of nonsense",
        styles(
            "<numFmts><numFmt numFmtId=\"x\" formatCode=\"[&gt;]\"/></numFmts><cellXfs><xf numFmtId=\"-1\"/></cellXfs>",
        ),
        Read,
    );
    files
}

/// Letters that do not pack well, without anything that XML means something by.
fn noise(length: usize) -> String {
    let mut state: u32 = 1;
    let letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from(state >> 24).unwrap() % 26)
    };
    (0..length).map(letter).collect()
}

/// Changes bytes of each part's head in the directory, counted from its mark, and in the head before the part.
fn heads(mut bytes: Vec<u8>, central: usize, local: usize, value: &[u8]) -> Vec<u8> {
    for (mark, offset) in [(b"PK\x01\x02", central), (b"PK\x03\x04", local)] {
        let mut at = 0;
        while let Some(found) = bytes[at..].windows(4).position(|window| window == mark) {
            let from = at + found + offset;
            bytes[from..from + value.len()].copy_from_slice(value);
            at += found + 4;
        }
    }
    bytes
}

fn replaced_method(bytes: Vec<u8>) -> Vec<u8> {
    heads(bytes, 10, 8, &[14, 0])
}

fn encrypted_flag(bytes: Vec<u8>) -> Vec<u8> {
    heads(bytes, 8, 6, &[1, 0])
}

fn wrong_checksum(bytes: Vec<u8>) -> Vec<u8> {
    heads(bytes, 16, 14, &[1, 2, 3, 4])
}

fn lying_size(bytes: Vec<u8>) -> Vec<u8> {
    heads(bytes, 24, 22, &[16, 0, 0, 0])
}

/// The most memory that this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Forgets the most, so that it counts anew from what is held now.
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").ok();
}

fn answered(bytes: &[u8]) -> (Result<Workbook, Refusal>, Vec<String>, Vec<String>) {
    let book = read(bytes, "fil.xlsx");
    let mut codes = (Vec::new(), Vec::new());
    if let Ok(book) = &book {
        for kind in [Kind::Users, Kind::Goals, Kind::Outcomes, Kind::Organisations, Kind::Risks] {
            let told = interpret(book, &propose(book, kind), &scale::scale());
            let code = |notices: &[riskregister_workbook::Notice]| notices.iter().map(|n| n.code.to_string()).collect();
            codes = (code(&told.faults), code(&told.remarks));
        }
        serde_json::to_string(book).expect("what was read can be told on");
    }
    (book, codes.0, codes.1)
}

#[test]
fn each_has_a_clear_answer_and_none_costs_more_than_it_may() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let files = files();
    assert!(files.len() >= 100, "{}", files.len());
    // The reader has a net below it. Nothing may fall into it, though a net would hide it.
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        loud(info);
    }));
    let mut wrong = Vec::new();
    let mut dearest = (0, String::new());
    for (what, bytes, answer) in &files {
        forget_peak();
        let floor = peak();
        let begun = Instant::now();
        let (read, faults, remarks) = answered(bytes);
        let (time, memory) = (begun.elapsed(), peak().saturating_sub(floor));
        let fits = match (answer, &read) {
            (Refused(code), Err(refusal)) => refusal.code() == *code,
            (Read, Ok(_)) => true,
            (Fault(code), Ok(_)) => faults.iter().any(|fault| fault == code),
            (Remark(code), Ok(_)) => remarks.iter().any(|remark| remark == code),
            _ => false,
        };
        if !fits {
            let read = read.map(|book| book.sheets.len()).map_err(|refusal| refusal.to_string());
            wrong.push(format!("{what}: {read:?} {faults:?} {remarks:?}"));
        }
        if PANICS.swap(0, Ordering::SeqCst) > 0 {
            wrong.push(format!("{what}: panicked"));
        }
        if time > TIME || memory > MEMORY_KIB {
            wrong.push(format!("{what}: {time:?}, {} MiB", memory / 1024));
        }
        dearest = dearest.max((memory, format!("{what}: {time:?}")));
    }
    drop(panic::take_hook());
    println!("{} files; the dearest took {} MiB ({})", files.len(), dearest.0 / 1024, dearest.1);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_beside_the_cells_are_no_text_of_theirs() {
    let rule = format!("<cfRule><formula>{}</formula></cfRule>", "A1&gt;B1 ".repeat(1_000));
    let sheet = risks("");
    let (_, inside) = sheet.0.iter().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
    let inside = String::from_utf8(inside.clone()).unwrap();
    let whole = inside.replace("</worksheet>", &format!("{}</worksheet>", rule.repeat(40)));
    assert!(read(&sheet.with("xl/worksheets/sheet1.xml", whole).packed(), "fil.xlsx").is_ok());
}

#[test]
fn sheets_are_called_as_people_see_them() {
    let sheets = [" Risker ", "Risker", "Risker\u{a0}", "Mina  risker", "\u{200b}"];
    let listed: String =
        (1..).zip(sheets).map(|(n, name)| format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"r1\"/>")).collect();
    let workbook = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{listed}</sheets></workbook>");
    let book = read(&risks("").with("xl/workbook.xml", workbook).packed(), "fil.xlsx").unwrap();
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["Risker", "Risker (2)", "Risker (3)", "Mina risker", "?"]);
    assert!(book.sheets.iter().all(|sheet| sheet.rows.len() == 2));
}

#[test]
fn what_is_refused_has_its_place() {
    let far = risks(&format!("<row r=\"10001\">{}</row>", text("C10001", "x"))).packed();
    let refusal = read(&far, "fil.xlsx").unwrap_err();
    assert_eq!(refusal.0.place.sheet.as_deref(), Some("Blad1"));
    assert_eq!(refusal.0.place.cell.as_deref(), Some("C10001"));
}

#[test]
fn rows_in_disorder_stand_in_order() {
    let book = rows(&format!(
        "<row r=\"2\">{}</row><row r=\"1\">{}{}</row>",
        text("A2", "b"),
        text("B1", "c"),
        text("A1", "a")
    ));
    let book = read(&book.packed(), "fil.xlsx").unwrap();
    assert_eq!(book.sheets[0].value(0, 0), Some(&Value::Text("a".to_owned())));
    assert_eq!(book.sheets[0].value(0, 1), Some(&Value::Text("c".to_owned())));
    assert_eq!(book.sheets[0].value(1, 0), Some(&Value::Text("b".to_owned())));
}
