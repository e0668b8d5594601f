//! Plans as PDF, read back with poppler (`pdftotext`, of the package poppler-utils): what a reader, a search and a
//! screen reader get is what is tested, not how it was set.

mod kit;

use std::collections::BTreeMap;

use riskregister_document::snapshot::{
    Action, Cell, Change, Checkpoint, Compared, Control, Decision, FinancialEffect, Goal, Gone, GoneWhy, HeadedText,
    Inclusion, Level, LevelCount, Noun, PartKind, Plan, PlanSnapshot, PlanStatus, Policy, Revised, RevisedPart,
    RevisedRisk, Revision, Risk, SCHEMA, Secrecy, Section, Step, Words,
};
use riskregister_document::{DocumentError, Format, Version, plan_document};

use kit::{Outcome, assert_inside, dense, docx_text, has, pages, part, sheets, xlsx_text};

// ---- Snapshots.

fn policy() -> Policy {
    let level = |key: &str, label: &str, colour: &str| Level {
        key: key.into(),
        label: label.into(),
        colour: colour.into(),
        demand: format!("Krav för {key}."),
    };
    let step = |step: u32, label: &str| Step { step, label: label.into(), description: String::new() };
    Policy {
        version_id: "policy-1".into(),
        name: "Regionens skala".into(),
        version: 2,
        threshold: 8,
        likelihoods: vec![
            step(1, "Mycket låg"),
            step(2, "Låg"),
            step(3, "Medel"),
            step(4, "Hög"),
            step(5, "Mycket hög"),
        ],
        consequences: vec![
            step(1, "Begränsad"),
            step(2, "Mindre"),
            step(3, "Signifikant"),
            step(4, "Kritisk"),
            step(5, "Katastrofal"),
        ],
        cells: (1..=5)
            .map(|l| (1..=5).map(|c| Cell { score: l * c, level: level_of(l * c).into() }).collect())
            .collect(),
        levels: vec![
            level("veryHigh", "Mycket hög risk", "red"),
            level("high", "Hög risk", "orange"),
            level("medium", "Medelhög risk", "yellow"),
            level("low", "Låg risk", "green"),
            level("veryLow", "Mycket låg risk", "lightGreen"),
        ],
        likelihood_name: None,
        consequence_name: None,
    }
}

fn level_of(score: i32) -> &'static str {
    match score {
        ..=2 => "veryLow",
        3..=4 => "low",
        5..=9 => "medium",
        10..=12 => "high",
        _ => "veryHigh",
    }
}

fn risk(number: u32, likelihood: u32, consequence: u32) -> Risk {
    let score = i32::try_from(likelihood * consequence).unwrap_or_default();
    Risk {
        id: format!("risk-{number}"),
        number,
        reference: format!("R{number}"),
        name: format!("Risken {number}"),
        description: None,
        local_goal: None,
        category: Some("operational".into()),
        own_category: None,
        owner: Some("Ägaren".into()),
        organisation: None,
        likelihood: Some(likelihood),
        consequence: Some(consequence),
        score: Some(score),
        level: Some(level_of(score).into()),
        target_level: None,
        change: None,
        response: Some("limit".into()),
        justification: None,
        inclusion: Inclusion::Score,
        irregularity: false,
        secrecy: None,
        controls: Vec::new(),
        actions: Vec::new(),
    }
}

fn control(name: &str) -> Control {
    Control {
        id: name.into(),
        name: name.into(),
        description: None,
        frequency: None,
        responsible: None,
        indicators: Vec::new(),
        schedule: None,
        added_after_adoption: false,
        report: None,
    }
}

fn action(name: &str) -> Action {
    Action {
        id: name.into(),
        name: name.into(),
        description: None,
        start_date: None,
        end_date: None,
        responsible: None,
        added_after_adoption: false,
        born_from: None,
        financial_effect: None,
        report: None,
    }
}

fn snapshot(risks: Vec<Risk>) -> PlanSnapshot {
    counted(PlanSnapshot {
        schema: SCHEMA,
        register: "Region Exempel".into(),
        plan: Plan {
            id: "plan-1".into(),
            year: 2024,
            organisation: "Nämnden för exempel".into(),
            abbreviation: None,
            organisation_kind: "board".into(),
            revision: 1,
            status: PlanStatus::Draft,
            diary_numbers: vec!["EX 2023-1".into()],
            illustrative: false,
        },
        decision: None,
        standing_texts: Vec::new(),
        sections: Vec::new(),
        policy: policy(),
        goals: vec![Goal { id: "goal-1".into(), number: Some("1.1".into()), name: "Målet".into(), risks }],
        counts: Vec::new(),
        total: 0,
        not_included: 0,
        set_aside: 0,
        compared_with: None,
        checkpoint: None,
        revised: None,
        words: None,
    })
}

fn counted(mut snapshot: PlanSnapshot) -> PlanSnapshot {
    let risks: Vec<&Risk> = snapshot.goals.iter().flat_map(|goal| &goal.risks).collect();
    let levels = snapshot.policy.levels.iter();
    let counts = levels
        .map(|level| LevelCount {
            level: level.key.clone(),
            count: u32::try_from(risks.iter().filter(|risk| risk.level.as_ref() == Some(&level.key)).count())
                .unwrap_or_default(),
        })
        .collect();
    snapshot.total = u32::try_from(risks.len()).unwrap_or_default();
    snapshot.counts = counts;
    snapshot
}

fn adopted(mut snapshot: PlanSnapshot) -> PlanSnapshot {
    snapshot.plan.status = PlanStatus::Adopted;
    snapshot.decision = chrono::NaiveDate::from_ymd_opt(2024, 5, 2).map(|decided_on| Decision {
        decided_on,
        deciding_board: "nämnden för exempel".into(),
        paragraph: "12".into(),
        diary_numbers: Vec::new(),
        ..Decision::default()
    });
    snapshot
}

fn sample() -> Result<PlanSnapshot, serde_json::Error> {
    serde_json::from_str(include_str!("../examples/sample.json"))
}

/// The full version as PDF.
fn plan_pdf(snapshot: &PlanSnapshot) -> Result<Vec<u8>, DocumentError> {
    plan_document(snapshot, Format::Pdf, Version::Full)
}

// ---- The tests.

#[test]
fn the_same_snapshot_gives_the_same_bytes() -> Outcome {
    let snapshot = adopted(sample()?);
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| plan_pdf(&snapshot));
        (plan_pdf(&snapshot), other.join())
    });
    let first = first?;
    assert!(first == second.map_err(|_| "the other thread failed")??);
    assert!(first == plan_pdf(&snapshot)?);
    Ok(())
}

#[test]
fn an_adopted_plan_is_accessible_and_archivable() -> Outcome {
    let pdf = plan_pdf(&adopted(sample()?))?;
    for mark in [
        "/Lang(sv-SE)",
        "/MarkInfo<</Marked true",
        "/StructTreeRoot",
        "/DisplayDocTitle true",
        "/Outlines",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "Plan för intern kontroll 2024 – Stockholms läns sjukvårdsområde",
        "<xmp:CreateDate>2024-05-02T00:00:00Z</xmp:CreateDate>",
        "/S/TH",
        "/Scope/Row",
        "/Scope/Column",
        "/S/H3",
    ] {
        assert!(has(&pdf, mark), "{mark} is missing");
    }
    Ok(())
}

#[test]
fn the_last_page_prints_the_checkpoint_from_before_the_decision() -> Outcome {
    let mut snapshot = adopted(sample()?);
    assert!(!pages(&plan_pdf(&snapshot)?)?.concat().contains("Äkthet"));
    let checkpoint = Checkpoint {
        origin: "riskregister/0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11".into(),
        size: 1234,
        root: "x1sEjSqZ8aW6Yv3yqVb8Uo8a6C8gC0R5v8oYI1rB8cE=".into(),
    };
    snapshot.checkpoint = Some(checkpoint.clone());
    let pdf = plan_pdf(&snapshot)?;
    let pages = pages(&pdf)?;
    let last = pages.iter().rfind(|page| !page.trim().is_empty()).map(|page| dense(page)).unwrap_or_default();
    for text in ["Äkthet", &checkpoint.origin, "1234", &checkpoint.root] {
        assert!(last.contains(&dense(text)), "{text} on {last}");
    }
    assert_inside(&pdf)
}

#[test]
fn a_draft_is_accessible_and_marked_on_every_page() -> Outcome {
    let pdf = plan_pdf(&sample()?)?;
    assert!(has(&pdf, "<pdfuaid:part>1</pdfuaid:part>"));
    // An archival file must have a date, and a draft has none.
    assert!(!has(&pdf, "<pdfaid:part>"));
    let pages = pages(&pdf)?;
    assert!(pages.len() > 5);
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains("UTKAST"), "page {} is not marked", index + 1);
        assert!(page.contains(&format!("Sida {} ({})", index + 1, pages.len())), "page {}: {page}", index + 1);
    }
    Ok(())
}

#[test]
fn what_is_sealed_is_what_was_proposed() -> Outcome {
    let proposed = sample()?;
    let before = pages(&plan_pdf(&proposed)?)?;
    let after = pages(&plan_pdf(&adopted(proposed))?)?;
    assert!(after.iter().all(|page| !page.contains("UTKAST")));
    assert!(dense(&after[0]).contains(&dense("Fastställd av nämnden för exempel 2 maj 2024, § 12")));
    let without_mark = |page: &String| {
        page.lines()
            .filter(|line| !line.starts_with("Beslut "))
            .map(|line| line.replace("UTKAST", ""))
            .collect::<Vec<_>>()
            .concat()
    };
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(dense(&without_mark(before)), dense(&without_mark(after)));
    }
    Ok(())
}

/// Hands out words that stand nowhere else, and remembers how often each must be printed.
#[derive(Default)]
struct Tokens(BTreeMap<String, usize>);

impl Tokens {
    fn word(&mut self, times: usize) -> String {
        let token = format!("Tok{:03}x", self.0.len());
        self.0.insert(token.clone(), times);
        token
    }

    fn some(&mut self, times: usize) -> Option<String> {
        Some(self.word(times))
    }
}

#[test]
fn every_text_stands_where_it_belongs() -> Outcome {
    let mut tokens = Tokens::default();
    let mut full = snapshot(vec![risk(1, 3, 4), risk(2, 2, 4), risk(3, 2, 2)]);
    let t = &mut tokens;
    full.register = t.word(1);
    full.plan.organisation_kind = "company".into();
    full.plan.revision = 3;
    full.plan.abbreviation = t.some(1);
    full.plan.diary_numbers = vec!["EX 2023-1".into(), t.word(1)];
    full.standing_texts = vec![HeadedText {
        // In the contents and over the text.
        heading: t.word(2),
        text: format!("{}\nny rad {}\n\n- {}\n- {}\n\n{}", t.word(1), t.word(1), t.word(1), t.word(1), t.word(1)),
    }];
    full.sections = [
        "background",
        "controlEnvironment",
        "riskAssessment",
        "controlActivities",
        "informationCommunication",
        "monitoring",
        "compliance",
        "deficiencies",
        "auditOpinion",
        "assurance",
    ]
    .map(|key| Section { key: key.into(), text: t.word(1) })
    .into();
    full.policy.name = t.word(1);
    for step in full.policy.likelihoods.iter_mut().chain(&mut full.policy.consequences) {
        // In the matrix and in the scale.
        step.label = t.word(2);
        step.description = t.word(1);
    }
    for level in &mut full.policy.levels {
        level.demand = t.word(1);
    }
    // The three risks stand at these steps, and say so in words.
    for (steps, used) in [(&full.policy.likelihoods, [3, 2, 2]), (&full.policy.consequences, [4, 4, 2])] {
        for step in used {
            *t.0.entry(steps[step - 1].label.clone()).or_default() += 1;
        }
    }
    full.compared_with = Some(Compared {
        year: 2023,
        nothing_changed: false,
        gone: vec![Gone {
            reference: t.word(1),
            name: t.word(1),
            reason: t.some(1),
            secrecy: None,
            why: Some(GoneWhy::NotAbove { score: 6, previous: Some(9), ended: true }),
        }],
    });
    full.revised = Some(Revised {
        since: 2,
        since_decided_on: chrono::NaiveDate::from_ymd_opt(2024, 3, 12),
        reason: t.some(1),
        risks: vec![
            RevisedRisk {
                what: Revision::Changed,
                number: 1,
                reference: t.word(1),
                name: t.word(1),
                fields: vec!["assessment".into(), "owner".into()],
                previous_score: Some(9),
                score: Some(12),
                reason: None,
                secrecy: None,
            },
            RevisedRisk {
                what: Revision::Removed,
                number: 4,
                reference: t.word(1),
                name: t.word(1),
                fields: Vec::new(),
                previous_score: Some(9),
                score: None,
                reason: t.some(1),
                secrecy: None,
            },
        ],
        parts: vec![RevisedPart {
            what: Revision::New,
            kind: PartKind::Action,
            risk_number: 1,
            name: t.word(1),
            fields: Vec::new(),
            secrecy: None,
        }],
        sections: vec!["background".into()],
    });
    // Over the list and over the risks, and in the contents.
    full.goals[0].name = t.word(3);
    full.goals[0].number = t.some(3);
    for risk in &mut full.goals[0].risks {
        // In the list and in the appendix.
        risk.reference = t.word(2);
        risk.name = t.word(2);
        risk.owner = t.some(2);
        risk.local_goal = t.some(2);
        risk.organisation = t.some(2);
        risk.description = t.some(1);
        risk.justification = t.some(1);
        let mut control = control(&t.word(1));
        control.description = t.some(1);
        control.frequency = t.some(1);
        control.responsible = t.some(1);
        control.indicators = vec![t.word(1), t.word(1)];
        risk.controls = vec![control];
        let mut action = action(&t.word(1));
        action.description = t.some(1);
        action.responsible = t.some(1);
        action.start_date = chrono::NaiveDate::from_ymd_opt(2024, 1, 15);
        action.end_date = chrono::NaiveDate::from_ymd_opt(2024, 11, 30);
        action.added_after_adoption = true;
        action.financial_effect = Some(FinancialEffect {
            full_year: Some(-12_345),
            plan_year: Some(5),
            next_year: None,
            year_after_next: Some(0),
            comment: t.some(1),
        });
        risk.actions = vec![action];
    }
    let risks = &mut full.goals[0].risks;
    risks[0].change = Some(Change::Raised { previous: 9 });
    risks[0].irregularity = true;
    risks[0].secrecy = chrono::NaiveDate::from_ymd_opt(2024, 1, 20).map(|date| Secrecy {
        // On the first page, in the list and at the risk.
        provision: t.word(3),
        date,
        authority: t.word(3),
    });
    risks[0].target_level = Some("low".into());
    risks[1].change = Some(Change::New);
    risks[1].inclusion = Inclusion::Mandatory { area: t.some(1) };
    risks[2].change = Some(Change::NotComparable);
    risks[2].inclusion = Inclusion::Decision { text: t.word(1) };
    let mut full = adopted(full);
    if let Some(decision) = &mut full.decision {
        decision.deciding_board = t.word(1);
        decision.paragraph = t.word(1);
        decision.diary_numbers = vec!["EX 2023-1".into(), t.word(1)];
    }
    full.not_included = 1;
    full.set_aside = 2;

    let text = dense(&without_heads(&pages(&plan_pdf(&full)?)?));
    for (token, times) in &tokens.0 {
        assert_eq!(text.matches(token).count(), *times, "{token} in {text}");
    }
    for sentence in [
        "Planen omfattar 3 risker under 1 mål.",
        "Styrelsens riskregister innehåller därutöver 1 bedömd risk som inte uppfyller villkoren för att ingå och \
         2 risker som har valts bort utan bedömning.",
        "Jämfört med planen för 2023: 1 risk är ny, 1 risk har fått ett högre riskvärde och 1 risk går inte att \
         jämföra eftersom skalorna skiljer sig åt.",
        "1 risk i planen för 2023 ingår inte i den här planen.",
        "Riskvärdet är 6 (9 i planen för 2023) och ligger inte över gränsen. Risken är inte längre obligatorisk.",
        "Planen är reviderad. Jämfört med version 2, fastställd 12 mars 2024: 1 utgången risk, 1 ändrad risk, 1 ny åtgärd \
         och 1 ändrad text.",
        "Ändrad: riskvärde 12 i stället för 9 och riskägare",
        "Ändrade texter: Bakgrund.",
        "En risk ingår i planen när den har ett riskvärde över 8.",
        "Riskvärdet 12 ligger över gränsen 8.",
        "Höjt från 9",
        "Ej jämförbart",
        "Avser fel och oegentligheter",
        "Tillagd efter fastställande",
        "Ekonomisk effekt: helår −1 234,5 Mnkr, 2024 0,5 Mnkr, 2026 0,0 Mnkr",
        "Sekretessmarkering",
        "2024-01-20",
        "2024-01-15",
        "2024-11-30",
        "3 (reviderad)",
        "2 maj 2024, § ",
    ] {
        assert!(text.contains(&dense(sentence)), "{sentence}");
    }
    // 12 stands at likelihood 3 and consequence 4, with risk 1 in its cell.
    assert!(text.contains("12Hög1"));
    Ok(())
}

/// The text of all pages without what stands at the head of each.
fn without_heads(pages: &[String]) -> String {
    let rest = pages.get(1..).unwrap_or_default();
    let is_head = |line: &str| rest.iter().all(|page| page.lines().any(|other| other == line));
    let lines = pages.iter().enumerate().flat_map(|(index, page)| page.lines().map(move |line| (index, line)));
    lines.filter(|(index, line)| *index == 0 || !is_head(line)).map(|(_, line)| format!("{line}\n")).collect()
}

#[test]
fn the_head_of_each_page_has_every_diary_number() -> Outcome {
    let mut two = sample()?;
    two.plan.diary_numbers = vec!["SLSO 2023-1942".into(), "RS 2023-0710".into()];
    for page in &pages(&plan_pdf(&two)?)?[1..] {
        assert!(dense(page).contains("SLSO2023-1942,RS2023-0710"), "{page}");
    }
    Ok(())
}

/// A reader of the plan learns there what the follow-ups will say.
#[test]
fn the_reading_guide_of_a_plan_tells_the_three_scales() -> Outcome {
    let text = dense(&pages(&plan_pdf(&snapshot(vec![risk(1, 3, 4)]))?)?.concat());
    for said in [
        "Kontrollens status",
        "Åtgärdens status",
        "Åtgärdens effekt",
        "Ej planerad",
        "Genomförd med avvikelser",
        "Merparten åtgärdat, delar kvarstår",
        "Bedöms inte få önskad effekt",
    ] {
        assert!(text.contains(&dense(said)), "{said} in {text}");
    }
    Ok(())
}

/// Word's bullets and those of the keyboard are lists; a compound with a slash is broken where a reader would break it, and
/// found by who searches for it.
#[test]
fn texts_are_printed_as_they_were_meant() -> Outcome {
    let mut plan = snapshot(vec![risk(1, 3, 4)]);
    let only = &mut plan.goals[0].risks[0];
    only.description = Some("Vi ska\n\u{f0b7}\träkna\n\u{f0b7}\tväga\n\n• mäta\n– vänta".into());
    let mut narrow = control("Stickprov");
    narrow.frequency = Some("rekrytering/kompetensförsörjning".into());
    narrow.responsible = Some("Verksamhetschefen".into());
    only.controls = vec![narrow];
    let mut written = action("Följa rekrytering/kompetensförsörjning");
    written.responsible = Some("rekryterings-/kompetensförsörjningsenhetens samordnare".into());
    only.actions = vec![written];
    let pdf = plan_pdf(&plan)?;
    assert_inside(&pdf)?;
    let text = pages(&pdf)?.concat();
    for item in ["• räkna", "• väga", "• mäta", "• vänta"] {
        assert!(text.lines().any(|line| line == item), "{item} in {text}");
    }
    assert!(!text.contains("U+F0B7") && !text.contains('\u{f0b7}'));
    assert!(dense(&text).matches("rekrytering/kompetensförsörjning").count() >= 2, "{text}");
    // Not letter by letter.
    assert!(!text.lines().any(|line| line.chars().count() == 1 && line.chars().all(char::is_alphabetic)), "{text}");
    Ok(())
}

/// What nobody has filled in anywhere in a table is no column of it.
#[test]
fn no_table_has_an_empty_column() -> Outcome {
    let mut plan = snapshot(vec![risk(1, 3, 4), risk(2, 3, 4)]);
    for risk in &mut plan.goals[0].risks {
        risk.controls = vec![control("Stickprov")];
        risk.actions = vec![action("Utbildning")];
    }
    plan.goals[0].risks[0].controls[0].frequency = Some("Årligen".into());
    plan.goals[0].risks[1].actions[0].responsible = Some("Ekonomichefen".into());
    let text = pages(&plan_pdf(&plan)?)?.concat();
    for (column, times) in [("Frekvens", 1), ("Ansvarig", 1), ("Start", 0), ("Slut", 0)] {
        let names = text.lines().filter(|line| line.split(' ').any(|word| word == column));
        // The guide says of start and end when an action goes on.
        assert_eq!(
            names.filter(|line| line.starts_with("Kontroll") || line.starts_with("Åtgärd")).count(),
            times,
            "{column}"
        );
    }
    Ok(())
}

#[test]
fn what_is_empty_is_left_out() -> Outcome {
    let mut bare = snapshot(vec![risk(1, 3, 4)]);
    bare.goals[0].risks[0].owner = None;
    bare.sections = vec![Section { key: "monitoring".into(), text: " \n ".into() }];
    let text = pages(&plan_pdf(&bare)?)?.concat();
    for absent in [
        "Riskägare",
        "Ändring",
        "Lokalt mål",
        "Enhet",
        "Övervakning",
        "Bakgrund",
        "Motivering",
        "därutöver",
        "Bedömningarna",
        "Revidering",
        "Status",
        "None",
        "none",
    ] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    assert!(text.contains("Planen omfattar 1 risk under 1 mål."));
    assert!(text.contains("Inga kontroller eller åtgärder är planerade."));
    Ok(())
}

#[test]
fn a_plan_without_risks_is_a_document() -> Outcome {
    let mut empty = snapshot(Vec::new());
    empty.plan.diary_numbers.clear();
    empty.plan.illustrative = true;
    let text = dense(&pages(&plan_pdf(&empty)?)?.concat());
    assert_eq!(text.matches("Planeninnehålleringarisker.").count(), 2);
    assert!(text.contains("Desägeringetomverkligarisker."));
    empty.goals.clear();
    plan_pdf(&empty)?;
    Ok(())
}

/// What came after the adoption is marked in every format, of controls as of actions.
#[test]
fn what_was_added_after_the_adoption_is_marked_in_every_format() -> Outcome {
    let mark = "Tillagd efter fastställande";
    for of_control in [true, false] {
        let mut one = risk(1, 3, 4);
        let (mut control, mut action) = (control("Stickprov"), action("Utbilda"));
        (control.added_after_adoption, action.added_after_adoption) = (of_control, !of_control);
        (one.controls, one.actions) = (vec![control], vec![action]);
        let plan = adopted(snapshot(vec![one]));
        let file = |format| plan_document(&plan, format, Version::Full);
        for text in [pages(&file(Format::Pdf)?)?.concat(), docx_text(&file(Format::Docx)?)?] {
            assert_eq!(dense(&text).matches(&dense(mark)).count(), 1, "control: {of_control}");
        }
        for (sheet, range) in sheets(&file(Format::Xlsx)?)? {
            let Some(column) = range.rows().next().and_then(|row| row.iter().position(|cell| *cell == mark)) else {
                assert!(sheet != if of_control { "Kontroller" } else { "Åtgärder" }, "{sheet} has no column for it");
                continue;
            };
            let marked: Vec<_> =
                range.rows().skip(1).filter_map(|row| row.get(column)).map(ToString::to_string).collect();
            assert_eq!((sheet == "Kontroller", marked), (of_control, vec!["Ja".to_owned()]), "{sheet}");
        }
    }
    Ok(())
}

/// Every sentence of a plan that says that there is none of something, each with the opposite case.
#[test]
fn none_is_said_only_where_it_is_so() -> Outcome {
    fn with(controls: &[&str], actions: &[&str]) -> PlanSnapshot {
        let mut one = risk(1, 3, 4);
        one.controls = controls.iter().map(|name| control(name)).collect();
        one.actions = actions.iter().map(|name| action(name)).collect();
        snapshot(vec![one])
    }
    fn secret() -> PlanSnapshot {
        let mut one = risk(1, 3, 4);
        one.secrecy = chrono::NaiveDate::from_ymd_opt(2024, 1, 20).map(|date| Secrecy {
            provision: "18 kap. 8 §".into(),
            date,
            authority: "Nämnden".into(),
        });
        snapshot(vec![one])
    }
    fn compared(previous: Option<i32>) -> PlanSnapshot {
        let mut one = risk(1, 3, 4);
        one.change = Some(match previous {
            Some(score) => Change::Lowered { previous: score },
            None => Change::Unchanged,
        });
        let mut plan = snapshot(vec![one]);
        plan.compared_with = Some(Compared { year: 2023, nothing_changed: previous.is_none(), gone: Vec::new() });
        plan
    }
    fn revised(sections: &[&str]) -> PlanSnapshot {
        let mut plan = adopted(snapshot(vec![risk(1, 3, 4)]));
        plan.plan.revision = 2;
        plan.revised = Some(Revised {
            since: 1,
            since_decided_on: None,
            reason: None,
            risks: Vec::new(),
            parts: Vec::new(),
            sections: sections.iter().map(|&key| key.into()).collect(),
        });
        plan
    }
    type Case = (&'static str, fn() -> PlanSnapshot, fn() -> PlanSnapshot);
    let cases: [Case; 8] = [
        ("Planen innehåller inga risker.", || snapshot(Vec::new()), || with(&[], &[])),
        ("Inga kontroller eller åtgärder är planerade.", || with(&[], &[]), || with(&["Stickprov"], &[])),
        ("Inga kontroller är planerade.", || with(&[], &["Utbilda"]), || with(&["Stickprov"], &["Utbilda"])),
        ("Inga åtgärder är planerade.", || with(&["Stickprov"], &[]), || with(&["Stickprov"], &["Utbilda"])),
        ("Inga uppgifter i dokumentet är maskerade.", || with(&[], &[]), secret),
        (
            "Ingen risk har fått ett förändrat riskvärde jämfört med planen för 2023.",
            || compared(None),
            || compared(Some(16)),
        ),
        (
            "Risker, kontroller, åtgärder och texter är de samma som i version 1.",
            || revised(&[]),
            || revised(&["background"]),
        ),
        ("Ingenting har ändrats", || revised(&[]), || revised(&["background"])),
    ];
    for (said, when, opposite) in cases {
        for (plan, expected) in [(when(), true), (opposite(), false)] {
            let file = |format| plan_document(&plan, format, Version::Public);
            let mut texts = vec![docx_text(&file(Format::Docx)?)?, pages(&file(Format::Pdf)?)?.concat()];
            // What is changed stands row by row in the workbook alone.
            if said == "Ingenting har ändrats" {
                texts = vec![xlsx_text(&file(Format::Xlsx)?)?];
            }
            for text in texts {
                assert_eq!(dense(&text).contains(&dense(said)), expected, "{said}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_lookup_table_with_score_zero_is_printed_as_it_is() -> Outcome {
    let mut four = snapshot(vec![risk(1, 1, 1), risk(2, 4, 4)]);
    let table = [[0, 1, 2, 3], [1, 2, 4, 6], [2, 4, 6, 9], [3, 6, 9, 16]];
    let level = |score: i32| if score < 4 { "low" } else { "high" };
    four.policy.likelihoods.truncate(4);
    four.policy.consequences.truncate(4);
    four.policy.levels.retain(|level| level.key == "low" || level.key == "high");
    four.policy.levels[0].colour = "#1d4ed8".into();
    four.policy.cells = table.map(|row| row.map(|score| Cell { score, level: level(score).into() }).into()).into();
    for (risk, score) in four.goals[0].risks.iter_mut().zip([0, 16]) {
        risk.score = Some(score);
        risk.level = Some(level(score).into());
    }
    let text = dense(&pages(&plan_pdf(&counted(four))?)?.concat());
    assert!(text.contains("0Låg1"), "{text}");
    assert!(text.contains("16Hög2"));
    assert!(text.contains("Lågrisk0–3"));
    assert!(text.contains("Högrisk4–16"));
    Ok(())
}

#[test]
fn a_body_is_called_what_it_is_and_its_axes_have_its_names() -> Outcome {
    let mut own = snapshot(vec![risk(1, 4, 3)]);
    own.not_included = 1;
    (own.plan.organisation, own.plan.organisation_kind) = ("Exempel Fastigheter AB".into(), "company".into());
    own.sections = vec![Section { key: "controlEnvironment".into(), text: "Text.".into() }];
    let noun = |plain: &str, definite: &str| Noun {
        plain: plain.into(),
        definite: definite.into(),
        genitive: format!("{definite}s"),
    };
    own.words = Some(Words { board: noun("styrelse", "styrelsen"), region: noun("kommun", "kommunen"), own: None });
    own.policy.consequence_name = Some("Väsentlighet".into());
    let file = plan_document(&own, Format::Docx, Version::Full)?;
    let read =
        "Raderna är sannolikhet med det högsta steget överst, kolumnerna är väsentlighet med det lägsta till vänster.";
    assert!(part(&file, "word/document.xml")?.contains(read));
    let text = docx_text(&file)?;
    for said in [
        "S är sannolikhet och V är väsentlighet.",
        "sänka dess sannolikhet eller väsentlighet",
        "Styrelsens riskregister innehåller därutöver",
        "styrelsens oberoende övervakning",
        "Därutöver kan styrelsen besluta",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    let workbook = xlsx_text(&plan_document(&own, Format::Xlsx, Version::Full)?)?;
    let printed = pages(&plan_pdf(&own)?)?.concat();
    for text in [&text, &workbook, &printed] {
        assert!(text.contains("Väsentlighet") && !text.to_lowercase().contains("konsekvens"), "{text}");
        assert!(!text.to_lowercase().contains("nämnd"), "{text}");
    }
    Ok(())
}

#[test]
fn matrices_of_other_shapes_fit_the_page() -> Outcome {
    for (rows, columns) in [(6_u32, 3_u32), (3, 10), (10, 10), (1, 1)] {
        let mut odd = snapshot(vec![risk(1, 1, 1)]);
        let steps = |count: u32| -> Vec<Step> {
            (1..=count)
                .map(|step| Step { step, label: format!("Katastrofal {step}"), description: String::new() })
                .collect()
        };
        odd.policy.likelihoods = steps(rows);
        odd.policy.consequences = steps(columns);
        odd.policy.cells = (1..=rows)
            .map(|l| {
                let score = |c: u32| i32::try_from(l * c).unwrap_or_default();
                (1..=columns).map(|c| Cell { score: score(c), level: level_of(score(c)).into() }).collect()
            })
            .collect();
        assert_inside(&plan_pdf(&odd)?)?;
    }
    Ok(())
}

#[test]
fn two_hundred_risks_are_one_document() -> Outcome {
    let risks = |range: std::ops::RangeInclusive<u32>| range.map(|n| risk(n, if n <= 45 { 4 } else { 3 }, 4)).collect();
    let mut many = snapshot(risks(1..=100));
    many.goals.push(Goal { id: "goal-2".into(), number: None, name: "Det andra".into(), risks: risks(101..=200) });
    many.goals[0].risks[0].controls = (1..=12).map(|n| control(&format!("Kontrollen {n}"))).collect();
    let pdf = plan_pdf(&counted(many))?;
    assert_inside(&pdf)?;
    let text = dense(&pages(&pdf)?.concat());
    assert_eq!(text.matches("Risken200").count(), 2);
    assert_eq!(text.matches("Kontrollen12").count(), 1);
    assert!(text.contains("Planenomfattar200riskerunder2mål."));
    // The name of each column stands on each page of the list.
    assert!(text.matches("NrReferensRiskRiskägare").count() > 3);
    Ok(())
}

#[test]
fn no_text_is_code_and_none_is_lost() -> Outcome {
    let long_word = "W".repeat(120);
    let compound = "regelefterlevnadsriskbedömningsstrategiutvecklingsplan".repeat(2);
    let name = "Ett namn på trehundra tecken med åtskilliga ord i rad, ".repeat(6);
    let address = format!("https://www.example.org/{}", "a/b-c_d.".repeat(14));
    let letters = "Text".repeat(2000);
    let texts = [
        ("#panic(\"x\") #{1+1} $x^2$ [a] \\ <label> `c` *d* _e_ @f // g /* h */ ~ -- --- ... 'x' \"y\" = + - 1.", None),
        ("10x20 -> <- => fi ffi ½ ≥ § € å ä ö é – “”", None),
        (name.as_str(), None),
        (long_word.as_str(), None),
        (compound.as_str(), None),
        (address.as_str(), None),
        (letters.as_str(), None),
        ("😀 👩‍👩‍👧 中 \u{e000}\u{10fffe}", Some("😀 [U+1F469][U+1F469][U+1F467] [U+4E2D] [U+E000][U+10FFFE]")),
        ("a\u{0}\u{7}\u{1b}b\u{202e}c\u{2066}d\u{feff}e\u{200b}f\u{fffe}g\u{85}h", Some("abcdefgh")),
        // The letter is only in one font and the mark only in the other.
        ("⇳\u{1dcf} Ⓐ\u{320}", Some("")),
        ("e\u{301} n\u{337}\u{322} \u{300}", Some("")),
        ("שלום עולם مرحبا\u{064b} ไทย हिन्दी", Some("")),
        ("  \u{a0}  ", Some("")),
    ];
    // Some to a document, so that one that is hard to set is not the only one in it.
    for pair in texts.chunks(4) {
        let mut risks = Vec::new();
        for (number, (text, _)) in (1..).zip(pair) {
            let mut risk = risk(number, 3, 4);
            // Names have a limit in the register; texts may be as long as they like.
            risk.name = text.chars().take(400).collect();
            risk.reference = text.chars().take(150).collect();
            risk.owner = Some(risk.name.clone());
            risk.description = Some((*text).to_owned());
            risk.justification = Some((*text).to_owned());
            let mut control = control(&risk.name);
            control.description = Some((*text).to_owned());
            control.frequency = Some(risk.name.clone());
            control.indicators = vec![risk.name.clone()];
            risk.actions = vec![action(&risk.name)];
            risk.controls = vec![control];
            risks.push(risk);
        }
        let mut hostile = snapshot(risks);
        hostile.plan.organisation = pair[0].0.chars().take(400).collect();
        hostile.register = pair[0].0.chars().take(400).collect();
        hostile.policy.levels[1].label = pair[0].0.chars().take(150).collect();
        hostile.policy.likelihoods[2].label = pair[0].0.chars().take(150).collect();
        hostile.goals[0].name = pair[0].0.chars().take(400).collect();
        let pdf = plan_pdf(&hostile)?;
        assert_inside(&pdf)?;
        let found = dense(&pages(&pdf)?.concat());
        for (text, printed) in pair {
            let wanted = dense(printed.unwrap_or(text));
            // Long texts run over pages, where the page's header stands between; their start is enough.
            let wanted: String = wanted.chars().take(400).collect();
            assert!(found.contains(&wanted), "{wanted} in {found}");
        }
    }
    Ok(())
}

#[test]
fn a_snapshot_that_contradicts_itself_is_refused() {
    type Fault = fn(&mut PlanSnapshot);
    let faults: [(&str, Fault); 9] = [
        ("schema", |s| s.schema += 1),
        ("decision", |s| s.plan.status = PlanStatus::Adopted),
        ("total", |s| s.total += 1),
        ("count", |s| s.counts[0].count += 1),
        ("step", |s| s.goals[0].risks[0].likelihood = Some(6)),
        ("step 0", |s| s.goals[0].risks[0].consequence = Some(0)),
        ("level", |s| s.goals[0].risks[0].target_level = Some("purple".into())),
        ("cells", |s| s.policy.cells[2].clear()),
        ("section", |s| s.sections.push(Section { key: "other".into(), text: "x".into() })),
    ];
    for (name, fault) in faults {
        let mut wrong = snapshot(vec![risk(1, 3, 4)]);
        fault(&mut wrong);
        assert!(matches!(plan_pdf(&wrong), Err(DocumentError::Snapshot(_))), "{name} was accepted");
    }
}
