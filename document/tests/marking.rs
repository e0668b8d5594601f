//! What a full document that holds marked text says of it, in every format: outside, at the head of each page and sheet, and
//! at each thing that is marked.

mod kit;

use kit::{Outcome, dense, docx_text, has, over_sheets, pages, part, sheets, xlsx_text};
use riskregister_document::snapshot::{ControlReport, PlanSnapshot, ReportSnapshot, Secrecy};
use riskregister_document::{Format, Version, plan_document, plan_markings, report_document, report_markings};
use serde_json::{Value as Json, json};

const MARK: &str = "18 kap. 8 § OSL, 2024-02-29, Exempelnämnden";

fn marking(provision: &str) -> Option<Secrecy> {
    let date = chrono::NaiveDate::from_ymd_opt(2024, 2, 29)?;
    Some(Secrecy { provision: provision.into(), date, authority: "Exempelnämnden".into() })
}

fn plan() -> Result<PlanSnapshot, serde_json::Error> {
    let mut plan: PlanSnapshot = serde_json::from_str(include_str!("../examples/sample.json"))?;
    plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).for_each(|risk| risk.secrecy = None);
    plan.compared_with.iter_mut().flat_map(|compared| &mut compared.gone).for_each(|gone| gone.secrecy = None);
    Ok(plan)
}

/// The sample's report without a marking.
fn report() -> Result<ReportSnapshot, serde_json::Error> {
    let mut report: ReportSnapshot = serde_json::from_str(include_str!("../examples/report.json"))?;
    report.deficiencies.iter_mut().for_each(|deficiency| deficiency.secrecy = None);
    for risk in report.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
        risk.secrecy = None;
        risk.controls.iter_mut().filter_map(|c| c.report.as_mut()).for_each(|r| r.secrecy = None);
        risk.actions.iter_mut().filter_map(|a| a.report.as_mut()).for_each(|r| r.secrecy = None);
    }
    report.plan.compared_with.iter_mut().flat_map(|compared| &mut compared.gone).for_each(|gone| gone.secrecy = None);
    Ok(report)
}

/// With the first risk that has an action and a control marked.
fn marked() -> Result<ReportSnapshot, Box<dyn std::error::Error>> {
    let mut report = report()?;
    let risk = report.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks);
    let risk = risk.into_iter().find(|risk| !risk.controls.is_empty() && !risk.actions.is_empty()).ok_or("a risk")?;
    risk.secrecy = marking("18 kap. 8 § OSL");
    Ok(report)
}

#[test]
fn a_full_plan_that_holds_a_marked_risk_says_so_everywhere() -> Outcome {
    let mut plan = plan()?;
    plan.goals[0].risks[0].secrecy = marking("18 kap. 8 § OSL");
    assert_eq!(plan_markings(&plan), marking("18 kap. 8 § OSL").into_iter().collect::<Vec<_>>());
    let title = format!(" – sekretessmarkerad ({MARK})");

    let pdf = plan_document(&plan, Format::Pdf, Version::Full)?;
    assert!(has(&pdf, &title), "the title of the PDF");
    let printed = pages(&pdf)?;
    assert!(printed[0].contains("SEKRETESSMARKERAD"));
    assert!(dense(&printed[0]).contains(&dense(&format!("kan omfattas av sekretess: {MARK}."))), "{}", printed[0]);
    for page in &printed[1..] {
        assert!(dense(page).contains(&dense(&format!("Sekretessmarkerad: {MARK}"))), "{page}");
    }
    // In the list of risks and at the risk.
    assert_eq!(dense(&printed.concat()).matches(&dense(&format!("Sekretessmarkering: {MARK}"))).count(), 2);

    let docx = plan_document(&plan, Format::Docx, Version::Full)?;
    assert!(part(&docx, "docProps/core.xml")?.contains(&title));
    assert!(part(&docx, "word/header1.xml")?.contains(&format!("Sekretessmarkerad: {MARK}")));
    assert!(docx_text(&docx)?.contains(&format!("kan omfattas av sekretess: {MARK}.")));
    assert_eq!(docx_text(&docx)?.matches(&format!("Sekretessmarkering: {MARK}")).count(), 2);

    let xlsx = plan_document(&plan, Format::Xlsx, Version::Full)?;
    assert!(part(&xlsx, "docProps/core.xml")?.contains(&title));
    let over = over_sheets(&xlsx)?;
    assert!(over.iter().all(|said| said.as_deref() == Some(&format!("Sekretessmarkerad: {MARK}"))), "{over:?}");
    for (name, xml) in kit::parts(&xlsx)?.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")) {
        assert!(xml.contains("<oddHeader>&amp;LSekretessmarkerad: "), "{name} on paper");
    }
    // The risk, and each of its controls and actions.
    for sheet in ["Risker", "Kontroller", "Åtgärder"] {
        let (marked, of) = rows_with(&xlsx, sheet, MARK)?;
        assert!(marked > 0 && marked < of, "{sheet}: {marked} of {of}");
    }

    let json: Json = serde_json::from_slice(&plan_document(&plan, Format::Json, Version::Full)?)?;
    let wanted = json!([{ "provision": "18 kap. 8 § OSL", "date": "2024-02-29", "authority": "Exempelnämnden" }]);
    assert_eq!(json["secrecyMarkings"], wanted);
    assert_eq!(serde_json::from_value::<PlanSnapshot>(json)?, plan);
    Ok(())
}

/// How many rows of a sheet have this in their column of markings, and how many there are.
fn rows_with(file: &[u8], sheet: &str, mark: &str) -> Result<(usize, usize), Box<dyn std::error::Error>> {
    let book = sheets(file)?;
    let range = &book.iter().find(|(name, _)| name == sheet).ok_or(sheet.to_owned())?.1;
    let column = range.rows().next().into_iter().flatten().position(|cell| *cell == "Sekretessmarkering");
    let column = column.ok_or(format!("{sheet} has no column"))?;
    let marked = range.rows().skip(1).filter(|row| row[column].to_string().contains(mark)).count();
    Ok((marked, range.height() - 1))
}

/// Wherever a chapter names something of a marked risk, the mark stands within the same few lines.
#[test]
fn each_chapter_of_a_report_marks_what_it_tells_of_a_marked_risk() -> Outcome {
    let report = marked()?;
    let risk = report.plan.goals.iter().flat_map(|goal| &goal.risks).find(|risk| risk.secrecy.is_some()).ok_or("it")?;
    let docx = part(&report_document(&report, Format::Docx, Version::Full)?, "word/document.xml")?;
    let names = std::iter::once(&risk.name).chain(risk.controls.iter().map(|c| &c.name));
    let names: Vec<&String> = names.chain(risk.actions.iter().map(|a| &a.name)).collect();
    let mut told = 0;
    // A row of a table is what somebody reads in one piece; at the risk itself the mark stands above all of it.
    let body = docx.split("Bilaga 1. Risker, kontroller och åtgärder</w:t>").collect::<Vec<_>>();
    let chapters = body[..body.len() - 1].concat();
    let mut faults = Vec::new();
    kit::walk(&format!("<w>{}</w>", rows_of(&chapters)), |element, _| {
        if element.name == "w:tr" && names.iter().any(|name| element.text.contains(name.as_str())) {
            told += 1;
            if !element.text.contains("Sekretessmarkering: ") {
                faults.push(element.text.clone());
            }
        }
    })?;
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(told >= 3, "{told} rows");
    let appendix = body.last().copied().unwrap_or_default();
    assert!(appendix.contains("Sekretessmarkering: 18 kap. 8 § OSL"));
    Ok(())
}

/// The rows of tables in a piece of a document that may begin and end within one.
fn rows_of(xml: &str) -> String {
    xml.split("<w:tr>")
        .skip(1)
        .filter_map(|row| row.split_once("</w:tr>"))
        .map(|(row, _)| format!("<w:tr>{row}</w:tr>"))
        .collect()
}

#[test]
fn a_marked_comment_and_a_marked_deficiency_are_marked_where_they_stand() -> Outcome {
    let mut report = report()?;
    let control =
        report.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).find_map(|risk| risk.controls.first_mut());
    let control = control.ok_or("a control")?;
    let of = control.report.get_or_insert_with(ControlReport::default);
    of.comment = Some("Hemlig kommentar".into());
    of.status = Some(riskregister_document::snapshot::ControlStatus::NotPerformed);
    of.secrecy = marking("19 kap. 1 § OSL");
    report.deficiencies[0].secrecy = marking("21 kap. 1 § OSL");
    assert_eq!(report_markings(&report).len(), 2);
    let pdf = dense(&pages(&report_document(&report, Format::Pdf, Version::Full)?)?.concat());
    assert!(pdf.contains(&dense("Sekretessmarkerad: 19 kap. 1 § OSL, 2024-02-29, Exempelnämnden med flera")));
    assert!(pdf.contains(&dense(
        "kan omfattas av sekretess: 19 kap. 1 § OSL, 2024-02-29, Exempelnämnden; 21 kap. 1 § OSL, 2024-02-29, Exempelnämnden."
    )));
    // Under red status, and in the appendix.
    assert_eq!(pdf.matches(&dense("Sekretessmarkering: 19 kap. 1 § OSL")).count(), 2);
    assert_eq!(pdf.matches(&dense("Sekretessmarkering: 21 kap. 1 § OSL")).count(), 1);
    let xlsx = report_document(&report, Format::Xlsx, Version::Full)?;
    assert_eq!(rows_with(&xlsx, "Kontroller", "19 kap. 1 § OSL")?.0, 1);
    assert_eq!(rows_with(&xlsx, "Brister", "21 kap. 1 § OSL")?.0, 1);
    Ok(())
}

/// A document without marked content, and the public version, look as before.
#[test]
fn what_has_no_marking_and_what_is_public_say_nothing_new() -> Outcome {
    for (report, version) in [(report()?, Version::Full), (marked()?, Version::Public)] {
        let pdf = report_document(&report, Format::Pdf, version)?;
        let text = pages(&pdf)?.concat();
        assert!(!text.contains("SEKRETESSMARKERAD") && !text.contains("Sekretessmarkerad"), "{version:?}");
        assert!(!has(&pdf, "sekretessmarkerad"));
        let docx = report_document(&report, Format::Docx, version)?;
        assert!(!docx_text(&docx)?.contains("Sekretessmarkerad"));
        // At the masked risk alone, as the reason that the reader is owed.
        let marks = docx_text(&docx)?.matches("Sekretessmarkering").count();
        assert_eq!(marks, usize::from(version == Version::Public));
        let xlsx = report_document(&report, Format::Xlsx, version)?;
        assert!(over_sheets(&xlsx)?.iter().all(Option::is_none));
        assert!(!xlsx_text(&xlsx)?.contains("Sekretessmarkerad"));
        let json: Json = serde_json::from_slice(&report_document(&report, Format::Json, version)?)?;
        assert!(json["secrecyMarkings"].is_null());
    }
    Ok(())
}
