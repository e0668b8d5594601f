//! Files of other kinds than risks.

use riskregister_workbook::{Field, Interpretation, Kind, interpret, propose, read};

use crate::kit;
use crate::scale::scale;

fn understood(kind: Kind, text: &str) -> Interpretation {
    let book = read(text.as_bytes(), "fil.csv").unwrap();
    interpret(&book, &propose(&book, kind), &scale())
}

/// Each record's values of a field, divided by a comma.
fn values(told: &Interpretation, field: Field) -> Vec<String> {
    let text = |record: &riskregister_workbook::rows::Record| {
        let all = record.values.get(&field).map(Vec::as_slice).unwrap_or_default();
        all.iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join(",")
    };
    told.records.iter().map(text).collect()
}

fn asked(told: &Interpretation) -> Vec<(String, Vec<String>)> {
    told.questions.iter().map(|question| (question.text.clone(), question.proposed.clone())).collect()
}

#[test]
fn users_have_several_roles() {
    let told = understood(
        Kind::Users,
        "Namn;E-post;Roll;Enhet\nAnna Lind;anna.lind@example.org;Riskägare, utförare;Kulturnämnden\nBo Ek;bo.ek;Läsare;\n;c@example.org;Kung;Kulturnämnden\nAnna Lind;Anna.Lind@example.org;;\n",
    );
    assert_eq!(values(&told, Field::Role), ["Riskägare,utförare", "Läsare", "Kung", ""]);
    assert_eq!(kit::noted(&told.faults), ["missing A4", "missing B3", "notAnAddress B3", "twice B5"]);
    let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        asked(&told),
        [
            ("Kulturnämnden".to_owned(), list(&[])),
            ("Riskägare".to_owned(), list(&["riskOwner"])),
            ("utförare".to_owned(), list(&["performer"])),
            ("Läsare".to_owned(), list(&["reader"])),
            ("Kung".to_owned(), list(&[])),
        ]
    );
}

#[test]
fn goals_have_indicators() {
    let told = understood(
        Kind::Goals,
        "Nr;Mål;Indikator;Enhet;Målvärde;Jämförelse;Beslutad av\n3.1;Ekonomi i balans;Resultat;Mnkr;>0;minst;Fullmäktige\n3.1;dito;Andel sjukfrånvaro;%;<6 %;högst;Nämnden\n;;;;5;;\n",
    );
    assert_eq!(values(&told, Field::Name), ["Ekonomi i balans", "Ekonomi i balans", ""]);
    assert_eq!(values(&told, Field::Indicator), ["Resultat", "Andel sjukfrånvaro", ""]);
    assert_eq!(kit::noted(&told.faults), ["missing B4"]);
    let proposed: Vec<String> = told.questions.iter().flat_map(|question| question.proposed.clone()).collect();
    assert_eq!(proposed, ["atLeast", "atMost", "council", "board"]);
}

#[test]
fn outcomes_are_numbers_or_yes_and_no() {
    let told = understood(
        Kind::Outcomes,
        "Indikator;Nämnd;Period;Utfall;Prognos;Måluppfyllelse;Kommentar\nAndel sjukfrånvaro;KN;T1;5,8 %;5,9;Målet nås;Som väntat\nPlan finns;KN;Delår;ja;;;\nResultat;KN;T1;bra;;;\n;KN;T1;1;;;\n",
    );
    assert_eq!(values(&told, Field::Value), ["5,8 %", "ja", "", "1"]);
    assert_eq!(kit::noted(&told.faults), ["missing A5", "missing D4", "notANumber D4"]);
}

#[test]
fn a_tree_is_written_by_its_parents_or_by_its_depths() {
    let parents = "Namn;Typ;Överordnad;Förkortning;Har plan\nRegion X;Region;;;\nKulturnämnden;Nämnd;Region X;KN;ja\nKulturförvaltningen;Förvaltning;Kulturnämnden;;nej\n";
    let depths =
        "Nivå 1;Nivå 2;Nivå 3;Typ\nRegion X;;;Region\n;Kulturnämnden;;Nämnd\n;;Kulturförvaltningen;Förvaltning\n";
    let each_row = "Nivå 1;Nivå 2;Nivå 3;Typ\nRegion X;Kulturnämnden;Kulturförvaltningen;Förvaltning\n";
    for text in [parents, depths, each_row] {
        let told = understood(Kind::Organisations, text);
        assert_eq!(values(&told, Field::Name), ["Region X", "Kulturnämnden", "Kulturförvaltningen"], "{text}");
        assert_eq!(values(&told, Field::Parent), ["", "Region X", "Kulturnämnden"], "{text}");
        assert_eq!(kit::noted(&told.faults), Vec::<String>::new(), "{text}");
    }
    let told = understood(Kind::Organisations, "Namn;Överordnad\nA;B\nB;A\nC;Okänd\nC;A\n");
    assert_eq!(kit::noted(&told.faults), ["twice A5", "underItself B2", "underItself B3"]);
    assert!(told.questions.iter().any(|question| question.text == "Okänd"));
}
