//! What the specimens say, held against what a person wrote down from reading them.

use riskregister_workbook::{Kind, interpret, propose, read};

use crate::kit;
use crate::scale::scale;

#[test]
fn each_specimen_says_what_a_person_reads_in_it() {
    for name in [
        "1-three-row-heading-inherent-residual.xlsx",
        "2-actions-one-per-row-rag.xlsx",
        "4-comma-residual-dates-in-words.csv",
        "5-semicolon-latin1.csv",
        "7-svensk-internkontrollplan-sammanslagna-celler.xlsx",
    ] {
        let folder = format!("{}/tests/specimens", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(format!("{folder}/{name}")).unwrap();
        let stem = name.rsplit_once('.').unwrap().0;
        let expected = std::fs::read(format!("{folder}/{stem}.json")).unwrap();
        let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
        let book = read(&bytes, name).unwrap();
        let mapping = propose(&book, Kind::Risks);
        let told = kit::told(&interpret(&book, &mapping, &scale()));
        let pretty = |value| serde_json::to_string_pretty(value).unwrap();
        assert_eq!(pretty(&told), pretty(&expected), "{name}: {}", serde_json::to_string_pretty(&mapping).unwrap());
    }
}
