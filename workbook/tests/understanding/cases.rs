//! Small tables, each with one thing in it that bodies do: a table of what they say.

use riskregister_workbook::{
    Field, Interpretation, Kind, Mapping, Scoring, Workbook, interpret, propose, read, recognised,
};
use rust_xlsxwriter::{Format, Workbook as Writer};
use serde_json::{Value, json};

use crate::kit;
use crate::scale::scale;

/// A sheet of these lines, cells divided by `|`.
fn table(lines: &[&str]) -> Workbook {
    let quoted = |cell: &str| format!("\"{}\"", cell.trim().replace('"', "\"\"").replace("\\n", "\n"));
    let lines: Vec<String> =
        lines.iter().map(|line| line.split('|').map(quoted).collect::<Vec<_>>().join(";")).collect();
    read(lines.join("\n").as_bytes(), "plan.csv").unwrap()
}

/// The same as a workbook, in which what is named is merged: first row, first column, last row, last column.
fn merged(lines: &[&str], regions: &[(u32, u16, u32, u16)]) -> Workbook {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    for (top, left, bottom, right) in regions {
        sheet.merge_range(*top, *left, *bottom, *right, "", &Format::new()).unwrap();
    }
    for (row, line) in lines.iter().enumerate() {
        for (column, cell) in line.split('|').enumerate() {
            let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    read(&book.save_to_buffer().unwrap(), "plan.xlsx").unwrap()
}

fn understood(book: &Workbook) -> Interpretation {
    interpret(book, &propose(book, Kind::Risks), &scale())
}

fn risks(book: &Workbook) -> Value {
    kit::told(&understood(book))["risks"].clone()
}

fn fields(book: &Workbook) -> Vec<(Field, Option<Scoring>)> {
    let mapping = propose(book, Kind::Risks);
    assert!(mapping.sheets[0].taken, "{:?}", mapping.sheets[0]);
    mapping.sheets[0].columns.iter().map(|column| (column.field, column.scoring)).collect()
}

#[test]
fn the_same_risk_goes_on_by_dito_and_by_empty_cells() {
    let expected = json!([
        {"name": "Jäv", "owner": "Chef", "controls": [{"name": "Utdrag"}, {"name": "Intervju"}, {"name": "Stickprov"}]},
        {"name": "Brand", "owner": "Chef", "controls": [{"name": "Rond"}]},
    ]);
    for again in ["dito", "Dito", "\"", "-\"-", "samma som ovan", "Same as above", "se ovan", ""] {
        let owner = if again.is_empty() { "Chef" } else { again };
        let book = table(&[
            "Risk|Riskägare|Kontroll",
            "Jäv|Chef|Utdrag",
            &format!("{again}|{again}|Intervju"),
            &format!("{again}|{again}|Stickprov"),
            &format!("Brand|{owner}|Rond"),
        ]);
        assert_eq!(risks(&book), expected, "{again:?}");
    }
}

#[test]
fn a_merged_cell_holds_for_each_of_its_rows() {
    let lines = [
        "Mål|Risk|S|K|Kontroll|Frekvens",
        "Ekonomi i balans|Jäv|2|3|Utdrag|Årligen",
        "|||| Intervju|",
        "|Brand|1|5|Rond|Löpande",
    ];
    let book = merged(&lines, &[(1, 0, 3, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 5, 2, 5)]);
    assert_eq!(
        risks(&book),
        json!([
            {"name": "Jäv", "goal": "Ekonomi i balans", "scorings": [{"scoring": "plain", "likelihood": 2, "consequence": 3}],
             "controls": [{"name": "Utdrag", "frequency": "Årligen"}, {"name": "Intervju", "frequency": "Årligen"}]},
            {"name": "Brand", "goal": "Ekonomi i balans", "scorings": [{"scoring": "plain", "likelihood": 1, "consequence": 5}],
             "controls": [{"name": "Rond", "frequency": "Löpande"}]},
        ])
    );
    let goals: Vec<u32> =
        understood(&book).questions.iter().filter(|q| q.text == "Ekonomi i balans").map(|q| q.times).collect();
    assert_eq!(goals, [1], "a merged cell is asked about once");
}

#[test]
fn what_a_row_repeats_is_said_once() {
    let book = table(&["Nr|Risk|Kontroll|Åtgärd", "1|Jäv|Utdrag|Utbilda", "1|Jäv|Utdrag|Granska", "1|Jäv|Utdrag|"]);
    assert_eq!(
        risks(&book),
        json!([{"reference": "1", "name": "Jäv", "controls": [{"name": "Utdrag"}], "actions": [{"name": "Utbilda"}, {"name": "Granska"}]}])
    );
    // What is said otherwise of the same name is of another.
    let book = table(&[
        "Risk|Åtgärd|Slutdatum|Ansvarig för åtgärden",
        "Jäv|Utbilda|2031-03-01|Chef",
        "dito|dito|2031-09-01|dito",
        "dito|dito||",
    ]);
    assert_eq!(
        risks(&book),
        json!([{"name": "Jäv", "actions": [
            {"name": "Utbilda", "end": "2031-03-01", "responsible": "Chef"},
            {"name": "Utbilda", "end": "2031-09-01", "responsible": "Chef"}]}])
    );
}

#[test]
fn more_than_a_file_may_have_is_told_once() {
    let head = "Risk|Kontroll|S".to_owned();
    let controls: String = (0..5001).map(|n| format!("k{n}; ")).collect();
    let rows: Vec<String> = (0..1001).map(|n| format!("Risk {n}||2,5")).collect();
    let halves = [format!("Ett|{}|", &controls[..20_000]), format!("Två|{}|", &controls[20_000..])];
    for lines in [vec![format!("Jäv|{controls}|")], rows, halves.to_vec()] {
        let lines: Vec<&str> = std::iter::once(&head).chain(&lines).map(String::as_str).collect();
        let read = understood(&table(&lines));
        assert_eq!((read.risks.len(), read.faults[0].code.as_ref()), (0, "tooManyRisks"));
        assert!(read.faults.len() <= 1002);
    }
}

#[test]
fn a_heading_is_where_somebody_says() {
    let book = table(&["Plan 2031|", "Det som kan hända|Vad vi gör åt det", "Jäv|Utdrag", "Summa|4"]);
    let mut mapping = propose(&book, Kind::Risks);
    assert!(!mapping.sheets[0].taken && mapping.sheets[0].columns.is_empty());
    mapping.sheets[0].heading = vec![1];
    mapping.sheets[0].taken = true;
    let mut mapping = recognised(&book, &mapping);
    let headings: Vec<&str> = mapping.sheets[0].columns.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(headings, ["Det som kan hända", "Vad vi gör åt det"]);
    assert_eq!(mapping.sheets[0].skipped.len(), 1);
    mapping.sheets[0].skipped.clear();
    for (column, field) in mapping.sheets[0].columns.iter_mut().zip([Field::Name, Field::Control]) {
        column.field = field;
    }
    let read = interpret(&book, &recognised(&book, &mapping), &scale());
    assert_eq!(
        kit::told(&read)["risks"],
        json!([{"name": "Jäv", "controls": [{"name": "Utdrag"}]}, {"name": "Summa", "controls": [{"name": "4"}]}])
    );
    assert_eq!(read.heading(&read.risks[0].controls[0].name.place), Some("Vad vi gör åt det"));
}

#[test]
fn a_heading_of_two_rows_is_read_together() {
    use Field::*;
    let groups = ["Risk|Inneboende risk||Kvarvarande risk||Kontroll", "|S|K|S|K|", "Jäv|4|4|2|3|Utdrag"];
    let expected = vec![
        (Name, None),
        (Likelihood, Some(Scoring::Inherent)),
        (Consequence, Some(Scoring::Inherent)),
        (Likelihood, Some(Scoring::Residual)),
        (Consequence, Some(Scoring::Residual)),
        (Control, None),
    ];
    let book = merged(&groups, &[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4), (0, 5, 1, 5)]);
    assert_eq!(fields(&book), expected);
    assert_eq!(propose(&book, Kind::Risks).assessment, Some(Scoring::Residual));
    // Without merged cells too, as in CSV.
    assert_eq!(fields(&table(&groups)), expected);
}

#[test]
fn the_heading_is_found_below_titles_and_above_help() {
    let book = table(&[
        "Internkontrollplan 2031",
        "Nämnden för påhitt|dnr 1",
        "",
        "Nr|Risk|Sannolikhet|Konsekvens",
        "Ange nummer|Beskriv risken|Välj 1–5|Välj 1–5",
        "1|Jäv|2|3",
        "",
        "Summa||2|3",
        "",
        "Sannolikhet: 1 är mycket låg, 5 mycket hög",
    ]);
    let mapping = propose(&book, Kind::Risks);
    let skipped: Vec<(u32, &str)> =
        mapping.sheets[0].skipped.iter().map(|s| (s.row + 1, s.because.code.as_ref())).collect();
    assert_eq!(mapping.sheets[0].heading, [3]);
    assert_eq!(skipped, [(5, "helpRow"), (8, "sumRow"), (10, "legendRow")]);
    assert_eq!(
        risks(&book),
        json!([{"reference": "1", "name": "Jäv", "scorings": [{"scoring": "plain", "likelihood": 2, "consequence": 3}]}])
    );
}

#[test]
fn words_mean_what_their_columns_make_of_them() {
    use Field::*;
    for (lines, expected) in [
        (vec!["Risk|Åtgärd", "Jäv|Utbilda alla chefer"], vec![Name, Action]),
        (vec!["Risk|Åtgärd", "Jäv|Accepteras"], vec![Name, Response]),
        (vec!["Risk|Kontroll|Ansvarig", "Jäv|Utdrag|Chef"], vec![Name, Control, ControlResponsible]),
        (
            vec!["Risk|Åtgärder|Ansvarig|Klart senast", "Jäv|Utbilda|Chef|2031-01-31"],
            vec![Name, Action, ActionResponsible, ActionEnd],
        ),
        (vec!["Risk|Ansvarig", "Jäv|Chef"], vec![Name, Owner]),
        (vec!["Nr|Referens|Risk", "1|R-7|Jäv"], vec![Unknown, Reference, Name]),
        (vec!["Nr|Risk|Riskbeskrivning", "1|Jäv|Att någon"], vec![Reference, Name, Description]),
        (vec!["Nr|Riskbeskrivning", "1|Att någon"], vec![Reference, Name]),
        (vec!["Risk|Målnivå|Sannolikhet|Konsekvens", "Jäv|Låg|2|2"], vec![Name, Level, Likelihood, Consequence]),
        (vec!["Risk|Kontroll|När", "Jäv|Utdrag|Varje månad"], vec![Name, Control, ControlFrequency]),
        (vec!["Risk|Åtgärder|När", "Jäv|Utbilda|2031-01-31"], vec![Name, Action, ActionEnd]),
        (
            vec![
                "Risk nr|Referens|Risk|Kontroll|Beskrivning|Frekvens|Status",
                "1|R1|Jäv|Utdrag|Ur registret|Årligen|Utförd",
            ],
            vec![Unknown, Reference, Name, Control, ControlMethod, ControlFrequency, Unknown],
        ),
        (
            vec![
                "Referens|Risk|Åtgärd|Beskrivning|Start|Slut|Ansvarig",
                "R1|Jäv|Utbilda|Alla chefer|2031-01-01|2031-06-30|Chef",
            ],
            vec![Reference, Name, Action, ActionDescription, ActionStart, ActionEnd, ActionResponsible],
        ),
        (
            vec!["Risk|S|K|Kontroll|Ansvarig|Åtgärd|Ansvarig", "Jäv|1|2|Utdrag|Chef|Utbilda|HR"],
            vec![Name, Likelihood, Consequence, Control, ControlResponsible, Action, ActionResponsible],
        ),
    ] {
        let found: Vec<Field> = fields(&table(&lines)).into_iter().map(|(field, _)| field).collect();
        assert_eq!(found, expected, "{lines:?}");
    }
}

#[test]
fn sheets_of_something_else_are_passed_over() {
    for lines in [
        vec!["Sannolikhet|Konsekvens", "1 Mycket låg|1 Begränsad", "2 Låg|2 Mindre"],
        vec!["Risknivå|Riskvärde", "Låg|1–4"],
        vec!["Ja", "Nej"],
        vec!["Så här fyller du i planen|Läs noga", "Börja med risken"],
    ] {
        let book = table(&lines);
        let mapping = propose(&book, Kind::Risks);
        assert!(!mapping.sheets[0].taken && mapping.sheets[0].because.is_some(), "{lines:?}: {mapping:?}");
    }
}

#[test]
fn faults_have_their_cells() {
    for (lines, faults) in [
        (vec!["Risk|S|K", "Jäv|2,5|3"], vec!["decimal B2"]),
        (vec!["Risk|S|K", "Jäv|6|0"], vec!["outsideScale B2", "outsideScale C2"]),
        (vec!["Risk|S|K", "Jäv|2-3|3"], vec!["severalSteps B2"]),
        (vec!["Risk|S|K", "|2|3"], vec!["nameMissing A2"]),
        (vec!["Nr|Risk|S|K", "1|Jäv|2|3", "2||1|1"], vec!["nameMissing B3"]),
        (vec!["Risk|Riskägare|Kontroll", "dito|A|x"], vec!["nameMissing A2", "nothingAbove A2"]),
        (vec!["Nr|Risk|Riskägare", "1|Jäv|A", "1|Jäv|B"], vec!["differsWithinRisk C3"]),
        (vec!["Nr|Risk|Riskägare", "1|Jäv|A", "1|Brand|A"], vec!["differsWithinRisk B3"]),
        (vec!["Risk|Sannolikhet|Sannolikhet poäng|K", "Jäv|3 Medel|4|2"], vec!["twoSteps C2"]),
    ] {
        assert_eq!(kit::noted(&understood(&table(&lines)).faults), faults, "{lines:?}");
    }
}

#[test]
fn several_things_in_a_cell_are_paired_with_what_belongs_to_each() {
    let book =
        table(&["Risk|Åtgärder|Slutdatum|Åtgärdsansvarig", "Jäv|1. Utbilda 2. Granska|2031-01-31\\n2031-06-30|Chef"]);
    assert_eq!(
        risks(&book)[0]["actions"],
        json!([
            {"name": "Utbilda", "end": "2031-01-31", "responsible": "Chef"},
            {"name": "Granska", "end": "2031-06-30", "responsible": "Chef"},
        ])
    );
}

#[test]
fn what_has_no_field_goes_into_the_description_when_asked() {
    let book = table(&["Risk|Beskrivning|Rapporteras till|Kontroll", "Jäv|Att någon|Nämnd|Utdrag", "|||Intervju"]);
    let mut mapping = propose(&book, Kind::Risks);
    let column = mapping.sheets[0].columns.iter_mut().find(|column| column.letters == "C").unwrap();
    assert_eq!(column.field, Field::Unknown);
    column.into_description = true;
    let told = interpret(&book, &mapping, &scale());
    assert_eq!(told.risks[0].description_text().as_deref(), Some("Att någon\n\nRapporteras till: Nämnd"));
    // Unasked it stays where it is.
    assert_eq!(understood(&book).risks[0].description_text().as_deref(), Some("Att någon"));
}

#[test]
fn a_mapping_is_changed_and_sent_as_json() {
    let book = table(&["Risk|Vem|Kontroll", "Jäv|Chef|Utdrag"]);
    let mut mapping = propose(&book, Kind::Risks);
    assert_eq!(mapping.sheets[0].columns[1].field, Field::ControlResponsible);
    mapping.sheets[0].columns[1].field = Field::Owner;
    let mapping: Mapping = serde_json::from_str(&serde_json::to_string(&mapping).unwrap()).unwrap();
    let told = interpret(&book, &mapping, &scale());
    assert_eq!(told.risks[0].owner.as_ref().unwrap().text, "Chef");
    let back: Interpretation = serde_json::from_str(&serde_json::to_string(&told).unwrap()).unwrap();
    assert_eq!(back, told);
}

#[test]
fn an_action_sheet_goes_with_the_risks_of_another_sheet() {
    let mut book = Writer::new();
    for (name, lines) in [
        ("Risker", vec![vec!["Referens", "Risk", "S", "K"], vec!["007", "Jäv", "2", "3"]]),
        ("Åtgärder", vec![vec!["Risk ID", "Åtgärd", "Slut"], vec!["007", "Utbilda", "2031-01-31"]]),
        ("Skalor", vec![vec!["Sannolikhet", "Konsekvens"], vec!["1", "1"]]),
        ("Utgångna risker", vec![vec!["Referens", "Risk", "Skäl"], vec!["006", "Brand", "Borta"]]),
    ] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, line) in lines.iter().enumerate() {
            sheet.write_row(u32::try_from(row).unwrap(), 0, line.iter().copied()).unwrap();
        }
    }
    let book = read(&book.save_to_buffer().unwrap(), "plan.xlsx").unwrap();
    let told = kit::told(&understood(&book));
    assert_eq!(
        told["risks"],
        json!([{"reference": "007", "name": "Jäv", "scorings": [{"scoring": "plain", "likelihood": 2, "consequence": 3}],
                "actions": [{"name": "Utbilda", "end": "2031-01-31"}]}])
    );
    assert_eq!(told["remarks"], json!(["otherSheet Skalor", "thinSheet Utgångna risker"]));
    assert_eq!(told["faults"], json!([]));
}
