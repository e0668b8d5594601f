//! What is read of the specimens: the cells as a person sees them.

use riskregister_workbook::sheet::{Encoding, Form, Value};
use riskregister_workbook::{Workbook, read};

fn specimen(name: &str) -> Workbook {
    let path = format!("{}/tests/specimens/{name}", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read(path).expect("a specimen"), name).expect("a specimen is read")
}

#[test]
fn merged_cells_and_formulas_without_values_are_read_as_what_they_are() {
    let book = specimen("7-svensk-internkontrollplan-sammanslagna-celler.xlsx");
    let sheet = &book.sheets[0];
    assert_eq!(sheet.name, "Internkontrollplan 2031");
    assert_eq!(sheet.merged.len(), 7);
    assert_eq!(sheet.value(4, 5), Some(&Value::Uncounted));
    assert_eq!(sheet.value(4, 3), Some(&Value::Number(3.0)));
    assert_eq!(sheet.value(6, 2), Some(&Value::Text("Sjukfrånvaron ökar".to_owned())));
    assert_eq!(sheet.value(5, 2), None);
}

#[test]
fn days_are_days() {
    let book = specimen("2-actions-one-per-row-rag.xlsx");
    assert_eq!(book.sheets[0].value(1, 3), Some(&Value::Date("2031-07-31".parse().unwrap())));
}

#[test]
fn an_old_encoding_is_told() {
    let book = specimen("5-semicolon-latin1.csv");
    assert_eq!(book.form, Form::Separated { encoding: Encoding::Windows1252, separator: ';' });
    assert_eq!(book.remarks.iter().map(|r| r.code.as_ref()).collect::<Vec<_>>(), ["oldEncoding"]);
    let book = specimen("4-comma-residual-dates-in-words.csv");
    assert_eq!(book.form, Form::Separated { encoding: Encoding::Utf8, separator: ',' });
}

#[test]
fn a_workbook_comes_back_from_json() {
    for name in ["1-three-row-heading-inherent-residual.xlsx", "5-semicolon-latin1.csv"] {
        let book = specimen(name);
        let back: Workbook = serde_json::from_str(&serde_json::to_string(&book).unwrap()).unwrap();
        assert_eq!(back, book);
    }
}
