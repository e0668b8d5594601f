//! How the chapter of a revised plan stands on its pages.

mod kit;

use kit::{Outcome, dense, pages};
use riskregister_document::snapshot::{Decision, PlanSnapshot, PlanStatus, Revised, RevisedRisk, Revision};
use riskregister_document::{Format, Version, plan_document};

fn plan() -> Result<PlanSnapshot, Box<dyn std::error::Error>> {
    let mut plan: PlanSnapshot = serde_json::from_str(include_str!("../examples/sample.json"))?;
    plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).for_each(|risk| risk.secrecy = None);
    Ok(plan)
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
