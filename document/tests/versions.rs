//! What is printed of a control's frequency, and how the chapter of a revised plan stands on its pages.

mod kit;

use kit::{Outcome, dense, docx_text, pages, sheets};
use riskregister_document::snapshot::{
    Decision, PlanSnapshot, PlanStatus, Revised, RevisedRisk, Revision, Schedule, Secrecy,
};
use riskregister_document::{Format, Version, plan_document};

fn plan() -> Result<PlanSnapshot, Box<dyn std::error::Error>> {
    let mut plan: PlanSnapshot = serde_json::from_str(include_str!("../examples/sample.json"))?;
    plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).for_each(|risk| risk.secrecy = None);
    Ok(plan)
}

/// In the body's own words, or else in those of what the follow-up goes by; and in no words where the risk is masked.
#[test]
fn a_control_without_a_written_frequency_tells_its_recurrences() -> Outcome {
    let mut plan = plan()?;
    let schedule = |keys: &[&str]| Schedule {
        recurrences: keys.iter().map(|key| (*key).to_owned()).collect(),
        due_period: None,
        due_date: None,
        indicator_ids: Vec::new(),
    };
    let mut risks = plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).filter(|risk| !risk.controls.is_empty());
    let risk = risks.next().ok_or("a risk with a control")?;
    let first = risk.controls.first().cloned().ok_or("a control")?;
    let (mut unwritten, mut written, mut unknown) = (first.clone(), first.clone(), first);
    (unwritten.frequency, unwritten.schedule) = (None, Some(schedule(&["tertial", "annual"])));
    (written.frequency, written.schedule) = (Some("Vid varje lön".into()), Some(schedule(&["weekly"])));
    (unknown.frequency, unknown.schedule) = (None, None);
    risk.controls = vec![unwritten, written, unknown];
    for other in risks {
        other.controls.iter_mut().for_each(|control| control.frequency = Some("Ibland".into()));
    }
    let file = |plan: &PlanSnapshot, format, version| plan_document(plan, format, version);
    let column = |plan: &PlanSnapshot, version| -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let book = sheets(&file(plan, Format::Xlsx, version)?)?;
        let (_, range) = book.iter().find(|(name, _)| name == "Kontroller").ok_or("a sheet of controls")?;
        let at = range.rows().next().into_iter().flatten().position(|cell| *cell == "Frekvens").ok_or("a column")?;
        Ok(range.rows().skip(1).map(|row| row[at].to_string()).filter(|told| told != "Ibland").collect())
    };
    assert_eq!(column(&plan, Version::Full)?, ["Varje tertial, årligen", "Vid varje lön", ""]);
    for version in [Version::Full, Version::Public] {
        let printed = pages(&file(&plan, Format::Pdf, version)?)?.concat();
        for text in [printed, docx_text(&file(&plan, Format::Docx, version)?)?] {
            for (words, times) in [("Varje tertial, årligen", 1), ("Vid varje lön", 1), ("Veckovis", 0)] {
                assert_eq!(dense(&text).matches(&dense(words)).count(), times, "{words} in {text}");
            }
        }
    }
    let marked = plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).find(|risk| risk.controls.len() == 3);
    marked.ok_or("the risk")?.secrecy = Some(Secrecy {
        provision: "18 kap. 8 § OSL".into(),
        date: chrono::NaiveDate::from_ymd_opt(2024, 2, 29).ok_or("a day")?,
        authority: "Exempelnämnden".into(),
    });
    assert_eq!(column(&plan, Version::Public)?, ["", "Uppgiften omfattas av sekretess (18 kap. 8 § OSL)", ""]);
    for format in [Format::Pdf, Format::Docx] {
        let public = file(&plan, format, Version::Public)?;
        let text = if format == Format::Pdf { pages(&public)?.concat() } else { docx_text(&public)? };
        assert!(!dense(&text).contains(&dense("Varje tertial")), "{text}");
    }
    Ok(())
}

fn revised(plan: PlanSnapshot, changes: u32) -> PlanSnapshot {
    let change = |number: u32| RevisedRisk {
        what: Revision::Changed,
        number,
        reference: format!("R{number}"),
        name: format!("Ändringen {number}."),
        fields: vec!["owner".into()],
        previous_score: Some(9),
        score: Some(9),
        reason: None,
        secrecy: None,
    };
    let revised = Revised {
        since: 1,
        since_decided_on: None,
        reason: Some("Nämnden har fått ett nytt uppdrag.".into()),
        risks: (1..=changes).map(change).collect(),
        parts: Vec::new(),
        sections: Vec::new(),
    };
    let decision = Decision { deciding_board: "Nämnden".into(), paragraph: "1".into(), ..Decision::default() };
    let of = riskregister_document::snapshot::Plan { revision: 2, status: PlanStatus::Adopted, ..plan.plan };
    PlanSnapshot { plan: of, decision: Some(decision), revised: Some(revised), ..plan }
}

/// The chapter begins on a page of its own with all that leads to its table, and what follows it stands on the page on
/// which it ends: however long it is, no page holds its heading or its last row alone.
#[test]
fn no_page_holds_a_piece_of_the_chapter_of_a_revision_alone() -> Outcome {
    for changes in [1, 12, 22, 23, 24, 25, 26, 60] {
        let pages = pages(&plan_document(&revised(plan()?, changes), Format::Pdf, Version::Full)?)?;
        let pages: Vec<String> = pages.iter().map(|page| dense(page)).collect();
        let of =
            |text: &str| pages.iter().position(|page| page.contains(&dense(text))).ok_or(format!("{text} {changes}"));
        let begins = of("Skälet till revideringen:")?;
        assert!(pages[begins].contains(&dense("Planen är reviderad. Jämfört med version 1")));
        assert!(pages[begins].contains(&dense("1 Revideringen")), "{}", pages[begins]);
        assert_eq!(of("Ändringen 1.")?, begins, "its table begins beside its heading");
        let ends = of(&format!("Ändringen {changes}."))?;
        let before = changes > 1 && pages[ends].contains(&dense(&format!("Ändringen {}.", changes - 1)));
        let follows = pages[ends].contains(&dense("2 Bakgrund och rättslig grund"));
        assert!(before || follows, "the last of {changes} stands alone: {}", pages[ends]);
    }
    Ok(())
}
