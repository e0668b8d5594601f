//! No bytes make the reader panic, and what is read of them can be understood somehow.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

use proptest::prelude::*;
use riskregister_workbook::{Kind, Mapping, interpret, propose, read};

use crate::scale::scale;

thread_local! {
    /// Of this thread: another test may fail beside this one.
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

/// The reader has a net below it, in which nobody would see a panic: so they are counted.
fn counting() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.with(|panics| panics.set(panics.get() + 1));
            loud(info);
        }));
    });
}

fn survives(bytes: &[u8], kind: Kind) {
    counting();
    let before = PANICS.with(Cell::get);
    if let Ok(book) = read(bytes, "fil") {
        let mapping = propose(&book, kind);
        interpret(&book, &mapping, &scale());
    }
    assert_eq!(PANICS.with(Cell::get), before, "it panicked");
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Risks),
        Just(Kind::Users),
        Just(Kind::Goals),
        Just(Kind::Outcomes),
        Just(Kind::Organisations)
    ]
}

fn specimens() -> impl Strategy<Value = Vec<u8>> {
    let folder = format!("{}/tests/specimens", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|name| name.extension().is_some_and(|ending| ending != "json"));
    names.sort();
    proptest::sample::select(names).prop_map(|name| std::fs::read(name).unwrap())
}

/// The parts of a workbook, packed anew after one of them was damaged: so that the damage is met behind the checksum.
fn damaged_inside(bytes: &[u8], part: usize, at: usize, with: &[u8], cut: usize) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return with.to_vec() };
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = part % archive.len();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        if n == chosen && !text.is_empty() {
            let from = at % text.len();
            let to = (from + cut).min(text.len());
            text.splice(from..to, with.iter().copied());
        }
        packed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        packed.write_all(&text).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

/// What XML and workbooks trip over.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        proptest::sample::select(vec![
            "<",
            ">",
            "\"",
            "&",
            "/>",
            "</c>",
            "</row>",
            "<c r=\"ZZZ9999999\"/>",
            "<v>-1</v>",
            "r=\"A0\"",
            "t=\"s\"",
            "t=\"d\"",
            "t=\"e\"",
            "<is>",
            "]]>",
            "<![CDATA[",
            "<!--",
            "&#0;",
            "&#x110000;",
            "_x000D_",
            "99999999999999999999",
            "1e400",
            "\u{0}",
            "\u{feff}",
            "<mergeCell ref=\"A1:XFD1048576\"/>",
            "s=\"99999\"",
            "<f t=\"shared\" si=\"0\"/>",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
    ]
}

/// Cells as people fill them, and as they should not.
fn cells() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "Risk",
            "Sannolikhet",
            "Konsekvens",
            "Kontroll",
            "Åtgärd",
            "Frekvens",
            "Mål",
            "Nr",
            "S",
            "K",
            "Inherent",
            "Residual",
            "dito",
            "\"",
            "–",
            "",
            "1. a 2. b",
            "a; b",
            "4 - Hög",
            "2,5",
            "2031-01-31",
            "Q3",
            "Summa",
            "Totalt 3",
            "Namn",
            "E-post",
            "Roll",
            "Nivå 1",
            "Nivå 2",
            "Indikator",
            "Utfall",
            "Överordnad",
            "sep=;",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), kind in kinds()) {
        survives(&bytes, kind);
    }

    #[test]
    fn bytes_that_call_themselves_a_package(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        survives(&[b"PK\x03\x04", bytes.as_slice()].concat(), Kind::Risks);
    }

    #[test]
    fn specimens_with_bytes_changed(
        mut bytes in specimens(),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..6),
        kind in kinds(),
    ) {
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        survives(&bytes, kind);
    }

    #[test]
    fn specimens_cut_off(bytes in specimens(), at in any::<usize>()) {
        survives(&bytes[..at % bytes.len()], Kind::Risks);
    }

    #[test]
    fn specimens_damaged_behind_their_checksums(
        bytes in specimens(),
        part in any::<usize>(),
        at in any::<usize>(),
        with in pieces(),
        cut in 0_usize..40,
    ) {
        survives(&damaged_inside(&bytes, part, at, &with, cut), Kind::Risks);
    }

    #[test]
    fn any_table(rows in proptest::collection::vec(proptest::collection::vec(cells(), 1..8), 1..12), kind in kinds()) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines: Vec<String> = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(";")).collect();
        survives(lines.join("\n").as_bytes(), kind);
    }

    #[test]
    fn a_mapping_that_means_nothing(bytes in specimens(), first in any::<u32>(), last in any::<u32>(), column in any::<u32>()) {
        let book = read(&bytes, "fil").unwrap();
        let mut mapping: Mapping = propose(&book, Kind::Risks);
        for sheet in &mut mapping.sheets {
            sheet.taken = true;
            (sheet.first, sheet.last) = (first, last);
            for of_column in &mut sheet.columns {
                of_column.column = column;
            }
        }
        interpret(&book, &mapping, &scale());
    }
}
