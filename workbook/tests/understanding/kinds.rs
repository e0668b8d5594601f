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
        "Namn;E-post;Roll;Enhet\nAnna Lind;anna.lind@example.org;Riskägare, utförare;Kulturnämnden\nBo Ek;bo.ek;Läsare;\n;c@example.org;Kung;Kulturnämnden\nAnna Lind;Anna.Lind@example.org;Läsare;Trafiknämnden\nAnna Lund;anna.lind@example.org;;\n",
    );
    assert_eq!(values(&told, Field::Role), ["Riskägare,utförare", "Läsare", "Kung", "Läsare", ""]);
    assert_eq!(kit::noted(&told.faults), ["missing A4", "twice B6"]);
    let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        asked(&told),
        [
            ("Kulturnämnden".to_owned(), list(&[])),
            ("Trafiknämnden".to_owned(), list(&[])),
            ("Riskägare".to_owned(), list(&["riskOwner"])),
            ("utförare".to_owned(), list(&["performer"])),
            ("Läsare".to_owned(), list(&["reader"])),
            ("Kung".to_owned(), list(&[])),
        ]
    );
}

#[test]
fn more_than_a_file_may_have_is_told_once() {
    let rows: String = (0..1001).map(|n| format!("Person {n};p{n}@example.org\n")).collect();
    let told = understood(Kind::Users, &format!("Namn;E-post\n{rows}"));
    assert_eq!((told.records.len(), kit::noted(&told.faults)), (0, vec!["tooManyRows".to_owned()]));
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
    assert_eq!(kit::noted(&told.faults), ["underItself B2", "underItself B3"]);
    assert!(told.questions.iter().any(|question| question.text == "Okänd"));
    let told = understood(Kind::Organisations, "Namn;Förkortning;Överordnad\nA;AA;B\nB;;AA\nC;;A\nC;;B\nC;;A\n");
    assert_eq!(kit::noted(&told.faults), ["twice A6", "underItself C2", "underItself C3"]);
}

/// The lists that the register itself gives are understood as what they are.
#[test]
fn the_registers_own_lists_are_known() {
    let one = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";
    let fields = |kind: Kind, heading: &str, row: &str| {
        let book = read(format!("\u{feff}{heading}\r\n{row}\r\n").as_bytes(), "lista.csv").unwrap();
        let mapping = propose(&book, kind);
        assert!(mapping.sheets[0].taken, "{:?}", mapping.sheets[0].because);
        mapping.sheets[0].columns.iter().map(|column| column.field).collect::<Vec<_>>()
    };
    assert_eq!(
        fields(Kind::Users, "Namn;E-postadress;Organisation;Aktiv;Id", &format!("A;a@example.org;KN;Ja;{one}")),
        [Field::Name, Field::Email, Field::Organisation, Field::Unknown, Field::Id]
    );
    assert_eq!(
        fields(
            Kind::Organisations,
            "id;abbreviation;kind;name;parentId;parentName;plans;validFrom;validTo",
            &format!("{one};KN;board;Kulturnämnden;{one};Region X;true;2020-01-01;")
        ),
        [
            Field::Id,
            Field::Abbreviation,
            Field::OrganisationKind,
            Field::Name,
            Field::ParentId,
            Field::Parent,
            Field::Plans,
            Field::ValidFrom,
            Field::ValidTo
        ]
    );
    assert_eq!(
        fields(
            Kind::Goals,
            "id;boardTarget;comparator;decidedBy;goalId;goalName;name;organisationId;organisationName;unit",
            &format!("{one};5;atMost;board;{one};Mål;Andel;{one};KN;%")
        ),
        [
            Field::Id,
            Field::BoardTarget,
            Field::Comparator,
            Field::DecidedBy,
            Field::GoalId,
            Field::Name,
            Field::Indicator,
            Field::OrganisationId,
            Field::Organisation,
            Field::Unit
        ]
    );
    assert_eq!(
        fields(
            Kind::Outcomes,
            "År;Period;Mål;Indikator;Enhet;Organisation;Utfall;Bedömning;Orsak;Indikatorns id;Organisationens id",
            &format!("2024;T1;Mål;Andel;%;KN;5.8;Målet nås;;{one};{one}")
        ),
        [
            Field::Year,
            Field::Period,
            Field::Goal,
            Field::Indicator,
            Field::Unit,
            Field::Organisation,
            Field::Value,
            Field::Judgement,
            Field::Cause,
            Field::IndicatorId,
            Field::OrganisationId
        ]
    );
    // A body's own numbers are none of the register's.
    assert_eq!(fields(Kind::Users, "Id;Namn;E-post", "17;A;a@example.org")[0], Field::Unknown);
}
