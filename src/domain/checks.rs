//! What a plan still lacks before it can be proposed or adopted.
//!
//! Takes the facts of the whole plan and answers with the whole list, never just the first fault.
//! Knows rules, not where the facts come from; what a level demands is read from the policy, never
//! from the level's name. The rules are the guideline's as the register keeps them: every risk
//! assessed or set aside, every included one complete, the mandatory ones in place, the texts
//! written.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::inclusion::{self, Inclusion};
use super::scoring::{Cell, Policy};
use super::words::{Category, InclusionReason, Language, LevelKey, MandatoryKind, Response, SectionKey};

/// Everything the checks look at, loaded by the caller.
#[derive(Debug, Clone)]
pub struct PlanFacts {
    /// The plan year.
    pub year: i32,
    /// The body has not been ended.
    pub organisation_active: bool,
    /// It revises what was adopted, and nobody has said why.
    pub unexplained: bool,
    /// The version of the policy that the plan is scored by.
    pub policy: Policy,
    /// What the region issued for the plan year, withdrawn ones too.
    pub mandatory: Vec<MandatoryFacts>,
    /// The goals a risk of this plan may stand under: those of the plan year, of the region, the
    /// body and its units.
    pub goals: BTreeSet<Uuid>,
    /// Every risk of the plan.
    pub risks: Vec<RiskFacts>,
    /// The sections with something written in them.
    pub sections: BTreeSet<SectionKey>,
    /// Those of them that are an earlier year's, and that nobody has confirmed or rewritten.
    pub unconfirmed: BTreeSet<SectionKey>,
    /// A standing text of the legal ground exists for the body and the year.
    pub standing_text: bool,
    /// The body's deficiencies from before the plan year that are still open.
    pub deficiencies: Vec<DeficiencyFacts>,
    /// The body's own indicators of the year whose targets are an earlier year's, and that nobody has confirmed: id and name.
    pub indicators: Vec<(Uuid, String)>,
}

/// An open deficiency from before the plan year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeficiencyFacts {
    /// Its id and title; none for whoever may not see it, who is told that there is one.
    pub seen: Option<(Uuid, String)>,
    /// A risk of the plan carries it, or the plan says why none does.
    pub answered: bool,
}

/// A mandatory risk or area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandatoryFacts {
    pub id: Uuid,
    pub kind: MandatoryKind,
    pub name: String,
    pub withdrawn: bool,
}

/// How it stands with somebody who is named: owner of a risk, responsible for a control or an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Active, and with a role that lets them do it.
    Able,
    /// Active, and with no such role.
    WithoutRole,
    /// Deactivated.
    Inactive,
}

/// A risk of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskFacts {
    pub id: Uuid,
    pub number: Option<i32>,
    pub reference: Option<String>,
    pub name: String,
    pub goal_id: Option<Uuid>,
    /// None where nobody is named.
    pub owner: Option<Named>,
    pub category: Option<Category>,
    pub response: Option<Response>,
    /// A justification is written.
    pub justified: bool,
    pub target_level: Option<LevelKey>,
    /// The newest assessment.
    pub assessment: Option<AssessmentFacts>,
    /// Which mandatory risk this is, or which mandatory area it stands under.
    pub mandatory_id: Option<Uuid>,
    /// Taken in by a decision with a reason.
    pub decision: bool,
    /// Set aside unassessed, with a reason.
    pub set_aside: bool,
    /// Retired in a revision, with a reason.
    pub retired: bool,
    pub controls: Vec<PartFacts>,
    pub actions: Vec<PartFacts>,
}

/// An assessment, its steps counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssessmentFacts {
    pub likelihood: i32,
    pub consequence: i32,
    /// Made or confirmed for this plan; one carried over is not, until someone stands for it.
    pub confirmed: bool,
}

/// A control or an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFacts {
    pub id: Uuid,
    pub name: String,
    /// None where nobody is named.
    pub responsible: Option<Named>,
    /// When an action is carried out; a control has none.
    pub dates: Option<DateFacts>,
}

/// When an action is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateFacts {
    /// It comes from an earlier year's plan.
    pub carried: bool,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub code: &'static str,
    /// `plan`, `standingText`, `section`, `mandatoryRisk`, `deficiency`, `indicator`, `risk`, `control` or `action`.
    pub entity: &'static str,
    /// The thing's id; none for the plan itself and its texts.
    pub id: Option<Uuid>,
    /// The number of the risk concerned, when it has one.
    pub number: Option<i32>,
    /// The field to fill in, as the API names it; for a section its key.
    pub field: Option<&'static str>,
    pub sv: String,
    pub en: String,
}

impl Missing {
    /// What is missing, as a sentence.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Sv => self.sv.clone(),
            Language::En => self.en.clone(),
        }
    }
}

/// The sections that must be written. The background is not among them: it may rest on the
/// standing texts alone, which must exist.
pub const REQUIRED_SECTIONS: [SectionKey; 8] = [
    SectionKey::ControlEnvironment,
    SectionKey::RiskAssessment,
    SectionKey::ControlActivities,
    SectionKey::InformationCommunication,
    SectionKey::Monitoring,
    SectionKey::Compliance,
    SectionKey::Deficiencies,
    SectionKey::Assurance,
];

impl PlanFacts {
    /// The requirement a risk answers, while it is in force.
    fn requirement(&self, risk: &RiskFacts) -> Option<&MandatoryFacts> {
        let id = risk.mandatory_id?;
        let found = self.mandatory.iter().find(|one| one.id == id && !one.withdrawn)?;
        // A retired risk no longer answers for its area; a mandatory risk cannot be retired.
        (found.kind == MandatoryKind::Risk || !risk.retired).then_some(found)
    }

    /// Score and level of a risk by the plan's policy, if its assessment fits.
    pub fn value(&self, risk: &RiskFacts) -> Option<Cell> {
        let assessment = risk.assessment?;
        self.policy.value(assessment.likelihood, assessment.consequence)
    }

    /// Is the risk in the plan?
    pub fn inclusion(&self, risk: &RiskFacts) -> Inclusion {
        inclusion::decide(&inclusion::Facts {
            threshold: self.policy.threshold,
            score: self.value(risk).map(|cell| cell.score),
            mandatory: self.requirement(risk).is_some(),
            decision: risk.decision,
            set_aside: risk.set_aside,
            retired: risk.retired,
        })
    }
}

/// Everything that is missing: first the plan's own, then its texts, then mandatory risks that are
/// not there, then open deficiencies, then targets of indicators, then risk by risk in the order of numbers and references. Empty when
/// the plan can be proposed and adopted. Retired risks are skipped.
///
/// Codes: `organisationEnded`, `revisionReasonMissing`, `standingTextMissing`, `sectionMissing`, `sectionUnconfirmed`,
/// `mandatoryRiskMissing`, `mandatoryAreaEmpty`, `deficiencyUnanswered`, `targetsUnconfirmed`, `setAsideMandatory`, `assessmentMissing`, `assessmentOutsidePolicy`,
/// `assessmentUnconfirmed`, `goalMissing`, `goalNotOfYear`, `ownerMissing`, `ownerInactive`, `ownerWithoutRole`,
/// `categoryMissing`, `responseMissing`, `controlMissing`, `actionMissing`,
/// `justificationMissing`, `targetLevelNotInPolicy`, `responsibleInactive`, `responsibleWithoutRole`,
/// `actionEndMissing` (of one that was carried over), `actionEndsBeforeYear`, `actionEndsBeforeStart`.
pub fn missing(plan: &PlanFacts) -> Vec<Missing> {
    let mut list = Vec::new();
    plan_itself(plan, &mut list);
    mandatory_present(plan, &mut list);
    deficiencies_answered(plan, &mut list);
    list.extend(plan.indicators.iter().map(|(id, name)| Missing {
        code: "targetsUnconfirmed",
        entity: "indicator",
        id: Some(*id),
        number: None,
        field: Some("boardTarget"),
        sv: format!(
            "Målvärdena för indikatorn ”{name}” är från ett tidigare år och är inte bekräftade eller omskrivna."
        ),
        en: format!(
            "The targets of the indicator “{name}” are an earlier year's, and are neither confirmed nor rewritten."
        ),
    }));

    let mut risks: Vec<&RiskFacts> = plan.risks.iter().filter(|risk| !is_out(plan, risk)).collect();
    // Numbered risks first; among the others those with a reference first.
    risks.sort_by_key(|risk| {
        (risk.number.is_none(), risk.number, risk.reference.is_none(), risk.reference.as_deref(), risk.id)
    });
    for risk in risks {
        check_risk(plan, risk, &mut list);
    }
    list
}

/// Retired, and nothing hinders that.
fn is_out(plan: &PlanFacts, risk: &RiskFacts) -> bool {
    risk.retired && plan.inclusion(risk).reason != InclusionReason::Mandatory
}

fn plan_itself(plan: &PlanFacts, list: &mut Vec<Missing>) {
    let mut add = |code, entity, field, sv: String, en: String| {
        list.push(Missing { code, entity, id: None, number: None, field, sv, en });
    };
    if !plan.organisation_active {
        add(
            "organisationEnded",
            "plan",
            Some("organisationId"),
            "Organisationen har upphört och kan inte fastställa en plan.".into(),
            "The organisation has ended and cannot adopt a plan.".into(),
        );
    }
    if plan.unexplained {
        add(
            "revisionReasonMissing",
            "plan",
            Some("revisedBecause"),
            "Skälet till revideringen är inte skrivet.".into(),
            "The reason for the revision is not written.".into(),
        );
    }
    if !plan.standing_text {
        add(
            "standingTextMissing",
            "standingText",
            None,
            format!("Det saknas en standardtext om den rättsliga grunden för {}.", plan.year),
            format!("There is no standing text on the legal ground for {}.", plan.year),
        );
    }
    for section in REQUIRED_SECTIONS {
        if !plan.sections.contains(&section) {
            add(
                "sectionMissing",
                "section",
                Some(section.as_str()),
                format!("Avsnittet ”{}” är inte skrivet.", section.label(Language::Sv)),
                format!("The section “{}” is not written.", section.label(Language::En)),
            );
        }
    }
    for section in &plan.unconfirmed {
        add(
            "sectionUnconfirmed",
            "section",
            Some(section.as_str()),
            format!(
                "Texten under ”{}” är från en tidigare plan och är inte bekräftad eller omskriven.",
                section.label(Language::Sv)
            ),
            format!(
                "The text under “{}” is an earlier plan's, and is neither confirmed nor rewritten.",
                section.label(Language::En)
            ),
        );
    }
}

fn mandatory_present(plan: &PlanFacts, list: &mut Vec<Missing>) {
    for required in plan.mandatory.iter().filter(|one| !one.withdrawn) {
        let answered =
            plan.risks.iter().any(|risk| plan.requirement(risk).is_some_and(|found| found.id == required.id));
        if answered {
            continue;
        }
        let (code, sv, en) = match required.kind {
            MandatoryKind::Risk => (
                "mandatoryRiskMissing",
                format!("Den obligatoriska risken ”{}” saknas i planen.", required.name),
                format!("The mandatory risk “{}” is missing from the plan.", required.name),
            ),
            MandatoryKind::Area => (
                "mandatoryAreaEmpty",
                format!("Det obligatoriska riskområdet ”{}” saknar en risk i planen.", required.name),
                format!("The mandatory risk area “{}” has no risk in the plan.", required.name),
            ),
        };
        list.push(Missing { code, entity: "mandatoryRisk", id: Some(required.id), number: None, field: None, sv, en });
    }
}

fn deficiencies_answered(plan: &PlanFacts, list: &mut Vec<Missing>) {
    for open in plan.deficiencies.iter().filter(|open| !open.answered) {
        let (id, sv, en) = match &open.seen {
            Some((id, title)) => (
                Some(*id),
                format!(
                    "Bristen ”{title}” är öppen: en risk i planen ska omfatta den, eller planen motivera varför inte."
                ),
                format!("The deficiency “{title}” is open: a risk of the plan must carry it, or the plan say why not."),
            ),
            None => (
                None,
                "En brist som du inte får se är öppen, och planen svarar inte på den.".into(),
                "A deficiency that you may not see is open, and the plan does not answer it.".into(),
            ),
        };
        list.push(Missing {
            code: "deficiencyUnanswered",
            entity: "deficiency",
            id,
            number: None,
            field: Some("deficiencies"),
            sv,
            en,
        });
    }
}

fn check_risk(plan: &PlanFacts, risk: &RiskFacts, list: &mut Vec<Missing>) {
    let (sv, en) = called(risk);
    let mut add = |code, field, sv: String, en: String| {
        list.push(Missing { code, entity: "risk", id: Some(risk.id), number: risk.number, field: Some(field), sv, en });
    };

    let inclusion = plan.inclusion(risk);
    let mandatory = inclusion.reason == InclusionReason::Mandatory;
    if mandatory && risk.set_aside {
        add(
            "setAsideMandatory",
            "settingAside",
            format!("{sv} är obligatorisk och kan inte vara bortvald."),
            format!("{en} is mandatory and cannot be set aside."),
        );
    }
    // Set aside and kept out: nothing more is asked of it.
    if risk.set_aside && !inclusion.included {
        return;
    }

    let value = plan.value(risk);
    match risk.assessment {
        None => add(
            "assessmentMissing",
            "assessment",
            if mandatory {
                format!("{sv} är inte bedömd.")
            } else {
                format!("{sv} är varken bedömd eller bortvald.")
            },
            if mandatory {
                format!("{en} is not assessed.")
            } else {
                format!("{en} is neither assessed nor set aside.")
            },
        ),
        Some(_) if value.is_none() => add(
            "assessmentOutsidePolicy",
            "assessment",
            format!("{sv} är bedömd med steg som inte finns i planens matris och måste bedömas på nytt."),
            format!("{en} is assessed by steps that the plan's matrix does not have and must be assessed anew."),
        ),
        Some(assessment) if !assessment.confirmed => add(
            "assessmentUnconfirmed",
            "assessment",
            format!("{sv} har en bedömning som inte är bekräftad för {}.", plan.year),
            format!("{en} has an assessment that is not confirmed for {}.", plan.year),
        ),
        Some(_) => {}
    }

    // What is written must hold, in the plan or not: a risk that is out today may be in tomorrow.
    match risk.goal_id {
        None if inclusion.included => {
            add("goalMissing", "goalId", format!("{sv} har inget mål."), format!("{en} has no goal."))
        }
        Some(goal) if !plan.goals.contains(&goal) => add(
            "goalNotOfYear",
            "goalId",
            format!("{sv} står under ett mål som inte gäller {}.", plan.year),
            format!("{en} stands under a goal that does not hold for {}.", plan.year),
        ),
        _ => {}
    }
    match risk.owner {
        None if inclusion.included => {
            add("ownerMissing", "ownerId", format!("{sv} har ingen riskägare."), format!("{en} has no owner."))
        }
        Some(Named::Inactive) => add(
            "ownerInactive",
            "ownerId",
            format!("{sv} har en riskägare som inte längre är aktiv."),
            format!("{en} has an owner who is no longer active."),
        ),
        Some(Named::WithoutRole) => add(
            "ownerWithoutRole",
            "ownerId",
            format!("{sv} har en riskägare utan någon roll som gör att personen kan sköta risken."),
            format!("{en} has an owner with no role that lets them look after the risk."),
        ),
        _ => {}
    }
    if let Some(target) = risk.target_level
        && plan.policy.level(target).is_none()
    {
        add(
            "targetLevelNotInPolicy",
            "targetLevel",
            format!("{sv} har en målnivå som planens matris inte använder."),
            format!("{en} has a target level that the plan's matrix does not use."),
        );
    }
    if inclusion.included {
        if risk.category.is_none() {
            add("categoryMissing", "category", format!("{sv} har ingen kategori."), format!("{en} has no category."));
        }
        if risk.response.is_none() {
            add(
                "responseMissing",
                "response",
                format!("{sv} saknar val av hantering: acceptera, begränsa, dela eller eliminera."),
                format!("{en} has no response: accept, limit, share or eliminate."),
            );
        }
        if mandatory && risk.controls.is_empty() {
            add(
                "controlMissing",
                "controls",
                format!("{sv} är obligatorisk och måste ha en kontroll."),
                format!("{en} is mandatory and must have a control."),
            );
        }
        if let Some(level) = value.and_then(|cell| plan.policy.level(cell.level)) {
            let no_action = level.action_required && risk.actions.is_empty() && !risk.justified;
            if no_action {
                add(
                    "actionMissing",
                    "actions",
                    format!("{sv} ligger på nivån ”{}”: den måste ha en åtgärd eller en motivering.", level.label),
                    format!("{en} lies on the level “{}”: it must have an action or a justification.", level.label),
                );
            }
            let accepted = inclusion::only_accepted(risk.response, risk.controls.len(), risk.actions.len());
            // With no action either, the line above already asks for the same thing, unless the
            // body says outright that it accepts the risk.
            let asked_already = no_action && risk.response != Some(Response::Accept);
            if level.justification_if_accepted && accepted && !risk.justified && !asked_already {
                // Only who has said so accepts it; of the others nothing is done yet.
                let (how_sv, how_en) = match risk.response {
                    Some(Response::Accept) => {
                        ("accepteras: det måste motiveras", "is accepted: that must be justified")
                    }
                    _ => (
                        "har varken kontroll eller åtgärd: lägg till en, eller motivera varför ingen behövs",
                        "has neither a control nor an action: add one, or justify why none is needed",
                    ),
                };
                add(
                    "justificationMissing",
                    "justification",
                    format!("{sv} ligger på nivån ”{}” och {how_sv}.", level.label),
                    format!("{en} lies on the level “{}” and {how_en}.", level.label),
                );
            }
        }
    }
    check_parts(risk, "control", &risk.controls, list);
    check_parts(risk, "action", &risk.actions, list);
    check_dates(plan, risk, list);
}

fn check_parts(risk: &RiskFacts, entity: &'static str, parts: &[PartFacts], list: &mut Vec<Missing>) {
    let (thing_sv, thing_en) = match entity {
        "control" => ("Kontrollen", "The control"),
        _ => ("Åtgärden", "The action"),
    };
    for part in parts {
        let (code, what_sv, what_en) = match part.responsible {
            None | Some(Named::Able) => continue,
            Some(Named::Inactive) => (
                "responsibleInactive",
                "har en ansvarig som inte längre är aktiv",
                "has someone responsible who is no longer active",
            ),
            Some(Named::WithoutRole) => (
                "responsibleWithoutRole",
                "har en ansvarig utan någon roll som gör att personen kan rapportera",
                "has someone responsible with no role that lets them report",
            ),
        };
        list.push(Missing {
            code,
            entity,
            id: Some(part.id),
            number: risk.number,
            field: Some("responsibleId"),
            sv: format!("{thing_sv} ”{}” {what_sv}.", part.name),
            en: format!("{thing_en} “{}” {what_en}.", part.name),
        });
    }
}

/// What is wrong with when the actions are carried out: nothing of a year that is past, and no end left open by carrying over.
fn check_dates(plan: &PlanFacts, risk: &RiskFacts, list: &mut Vec<Missing>) {
    for part in &risk.actions {
        let Some(DateFacts { carried, start, end }) = part.dates else { continue };
        let name = &part.name;
        let (code, sv, en) = match (start, end) {
            (_, None) if carried => (
                "actionEndMissing",
                format!("Åtgärden ”{name}” är överförd från en tidigare plan och har inget slutdatum."),
                format!("The action “{name}” was carried over from an earlier plan and has no end date."),
            ),
            (_, Some(end)) if end.year() < plan.year => (
                "actionEndsBeforeYear",
                format!("Åtgärden ”{name}” slutar {end}, före planens år."),
                format!("The action “{name}” ends on {end}, before the year of the plan."),
            ),
            (Some(start), Some(end)) if end < start => (
                "actionEndsBeforeStart",
                format!("Åtgärden ”{name}” slutar {end}, innan den börjar {start}."),
                format!("The action “{name}” ends on {end}, before it starts on {start}."),
            ),
            _ => continue,
        };
        let field = Some("endDate");
        list.push(Missing { code, entity: "action", id: Some(part.id), number: risk.number, field, sv, en });
    }
}

/// How a sentence calls the risk: by number and name, else by reference and name.
fn called(risk: &RiskFacts) -> (String, String) {
    let name = &risk.name;
    match (risk.number, &risk.reference) {
        (Some(number), _) => (format!("Risk {number} ”{name}”"), format!("Risk {number} “{name}”")),
        (None, Some(reference)) => (format!("Risken {reference} ”{name}”"), format!("Risk {reference} “{name}”")),
        (None, None) => (format!("Risken ”{name}”"), format!("The risk “{name}”")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOAL: Uuid = Uuid::from_u128(1);
    const FRAUD: Uuid = Uuid::from_u128(2);
    const GRANTS: Uuid = Uuid::from_u128(3);

    fn part(id: u128) -> PartFacts {
        PartFacts { id: Uuid::from_u128(id), name: format!("Del {id}"), responsible: None, dates: None }
    }

    fn assessed(likelihood: i32, consequence: i32) -> Option<AssessmentFacts> {
        Some(AssessmentFacts { likelihood, consequence, confirmed: true })
    }

    /// A risk that lacks nothing: assessed to 12, with a control.
    fn risk(number: i32) -> RiskFacts {
        RiskFacts {
            id: Uuid::from_u128(100 + number as u128),
            number: Some(number),
            reference: Some(format!("4830{number}")),
            name: "Brist på kompetens".into(),
            goal_id: Some(GOAL),
            owner: Some(Named::Able),
            category: Some(Category::Operational),
            response: Some(Response::Limit),
            justified: false,
            target_level: None,
            assessment: assessed(3, 4),
            mandatory_id: None,
            decision: false,
            set_aside: false,
            retired: false,
            controls: vec![part(10)],
            actions: vec![],
        }
    }

    /// A plan that lacks nothing: one mandatory risk of low score and one of its own.
    fn plan() -> PlanFacts {
        PlanFacts {
            year: 2024,
            organisation_active: true,
            unexplained: false,
            policy: Policy::standard(Language::Sv),
            mandatory: vec![MandatoryFacts {
                id: FRAUD,
                kind: MandatoryKind::Risk,
                name: "Risk för oegentligheter".into(),
                withdrawn: false,
            }],
            goals: BTreeSet::from([GOAL]),
            risks: vec![RiskFacts { mandatory_id: Some(FRAUD), assessment: assessed(2, 2), ..risk(1) }, risk(2)],
            sections: BTreeSet::from(REQUIRED_SECTIONS),
            unconfirmed: BTreeSet::new(),
            standing_text: true,
            deficiencies: Vec::new(),
            indicators: Vec::new(),
        }
    }

    fn with(risk: RiskFacts) -> PlanFacts {
        let mut plan = plan();
        plan.risks[1] = risk;
        plan
    }

    fn codes(plan: &PlanFacts) -> Vec<&'static str> {
        missing(plan).into_iter().map(|one| one.code).collect()
    }

    #[test]
    fn a_whole_plan_lacks_nothing() {
        assert_eq!(missing(&plan()), []);
    }

    #[test]
    fn targets_of_an_earlier_year_are_confirmed_first() {
        let plan = PlanFacts { indicators: vec![(Uuid::from_u128(7), "Sjukfrånvaro".into())], ..plan() };
        let list = missing(&plan);
        assert_eq!((list[0].code, list[0].id, list.len()), ("targetsUnconfirmed", Some(Uuid::from_u128(7)), 1));
        assert!(list[0].sv.contains("Sjukfrånvaro") && list[0].en.contains("Sjukfrånvaro"));
    }

    #[test]
    fn an_empty_plan_lacks_everything_of_its_own() {
        let empty = PlanFacts {
            organisation_active: false,
            unexplained: true,
            standing_text: false,
            sections: BTreeSet::from([SectionKey::Background]),
            risks: vec![],
            ..plan()
        };
        let list = missing(&empty);
        let codes: Vec<_> = list.iter().map(|one| one.code).collect();
        let mut expected = vec!["organisationEnded", "revisionReasonMissing", "standingTextMissing"];
        expected.extend(["sectionMissing"; 8]);
        expected.push("mandatoryRiskMissing");
        assert_eq!(codes, expected);
        assert_eq!(list[1].field, Some("revisedBecause"));
        assert_eq!(list[3].field, Some("controlEnvironment"));
        assert_eq!(list[3].sv, "Avsnittet ”styr- och kontrollmiljö” är inte skrivet.");
        assert_eq!(list[11].id, Some(FRAUD));
    }

    #[test]
    fn texts_of_an_earlier_year_are_to_be_confirmed() {
        let carried =
            PlanFacts { unconfirmed: BTreeSet::from([SectionKey::Background, SectionKey::Monitoring]), ..plan() };
        let told: Vec<_> = missing(&carried).into_iter().map(|one| (one.code, one.field)).collect();
        assert_eq!(told, [("sectionUnconfirmed", Some("background")), ("sectionUnconfirmed", Some("monitoring"))]);
    }

    #[test]
    fn an_included_risk_is_complete() {
        let bare =
            RiskFacts { goal_id: None, owner: None, category: None, response: None, controls: vec![], ..risk(2) };
        assert_eq!(
            codes(&with(bare.clone())),
            ["goalMissing", "ownerMissing", "categoryMissing", "responseMissing", "justificationMissing"]
        );
        // The same risk below the threshold asks for nothing.
        assert_eq!(codes(&with(RiskFacts { assessment: assessed(2, 4), ..bare.clone() })), [""; 0]);
        // Taken in by a decision it does.
        let taken_in = RiskFacts { assessment: assessed(1, 1), decision: true, ..bare };
        assert_eq!(codes(&with(taken_in)), ["goalMissing", "ownerMissing", "categoryMissing", "responseMissing"]);
    }

    #[test]
    fn every_risk_is_assessed_or_set_aside() {
        let unassessed = RiskFacts { assessment: None, number: None, ..risk(2) };
        assert_eq!(codes(&with(unassessed.clone())), ["assessmentMissing"]);
        assert_eq!(codes(&with(RiskFacts { set_aside: true, ..unassessed })), [""; 0]);
        let mut carried = risk(2);
        carried.assessment.as_mut().expect("assessed").confirmed = false;
        assert_eq!(codes(&with(carried)), ["assessmentUnconfirmed"]);
        let outside = RiskFacts { assessment: assessed(6, 1), ..risk(2) };
        assert_eq!(codes(&with(outside)), ["assessmentOutsidePolicy"]);
    }

    #[test]
    fn what_is_written_must_hold() {
        let stale = RiskFacts {
            goal_id: Some(Uuid::from_u128(99)),
            owner: Some(Named::Inactive),
            controls: vec![PartFacts { responsible: Some(Named::Inactive), ..part(10) }],
            actions: vec![PartFacts { responsible: Some(Named::Inactive), ..part(11) }, part(12)],
            ..risk(2)
        };
        let list = missing(&with(stale.clone()));
        let brief: Vec<_> = list.iter().map(|one| (one.code, one.entity, one.field)).collect();
        assert_eq!(
            brief,
            [
                ("goalNotOfYear", "risk", Some("goalId")),
                ("ownerInactive", "risk", Some("ownerId")),
                ("responsibleInactive", "control", Some("responsibleId")),
                ("responsibleInactive", "action", Some("responsibleId")),
            ]
        );
        // Somebody is there and active, and has no role that lets them do it.
        let unable = RiskFacts {
            goal_id: Some(GOAL),
            owner: Some(Named::WithoutRole),
            controls: vec![PartFacts { responsible: Some(Named::WithoutRole), ..part(10) }],
            actions: vec![PartFacts { responsible: Some(Named::Able), ..part(11) }],
            ..stale.clone()
        };
        let list = missing(&with(unable));
        let brief: Vec<_> = list.iter().map(|one| (one.code, one.entity, one.field)).collect();
        assert_eq!(
            brief,
            [
                ("ownerWithoutRole", "risk", Some("ownerId")),
                ("responsibleWithoutRole", "control", Some("responsibleId")),
            ]
        );
        assert!(list[1].sv.starts_with("Kontrollen ”Del 10” har en ansvarig utan någon roll"), "{}", list[1].sv);
        // Below the threshold too: it may be in the plan tomorrow.
        let low = RiskFacts { assessment: assessed(1, 1), ..stale };
        assert_eq!(codes(&with(low)).len(), 4);
    }

    #[test]
    fn a_level_demands_what_the_policy_says() {
        let very_high = RiskFacts { assessment: assessed(5, 5), ..risk(2) };
        assert_eq!(codes(&with(very_high.clone())), ["actionMissing"]);
        // Nothing is done at all: asked for once, not twice.
        let nothing_done = RiskFacts { controls: vec![], ..very_high.clone() };
        assert_eq!(codes(&with(nothing_done.clone())), ["actionMissing"]);
        let justified = RiskFacts { justified: true, ..very_high.clone() };
        assert_eq!(codes(&with(justified)), [""; 0]);
        let acted = RiskFacts { actions: vec![part(11)], ..very_high.clone() };
        assert_eq!(codes(&with(acted.clone())), [""; 0]);
        let accepted = RiskFacts { response: Some(Response::Accept), ..acted };
        assert_eq!(codes(&with(accepted.clone())), ["justificationMissing"]);
        // What the body does not accept is not told as accepted.
        let told = |risk: RiskFacts| {
            let missing = missing(&with(risk)).into_iter().find(|one| one.code == "justificationMissing");
            missing.map(|one| (one.sv.contains("accepteras"), one.en.contains("accepted")))
        };
        let limited = RiskFacts { response: Some(Response::Limit), assessment: assessed(3, 4), ..nothing_done };
        assert_eq!(told(accepted), Some((true, true)));
        assert_eq!(told(limited), Some((false, false)));

        let mut milder = with(very_high);
        for level in &mut milder.policy.levels {
            level.action_required = false;
        }
        assert_eq!(codes(&milder), [""; 0]);
    }

    #[test]
    fn a_target_level_is_one_of_the_policys() {
        let mut plan = with(RiskFacts { target_level: Some(LevelKey::VeryLow), ..risk(2) });
        assert_eq!(codes(&plan), [""; 0]);
        plan.policy.levels.retain(|level| level.key != LevelKey::VeryLow);
        assert_eq!(codes(&plan), ["targetLevelNotInPolicy"]);
    }

    #[test]
    fn a_mandatory_risk_is_assessed_owned_and_controlled() {
        let mut plan = plan();
        plan.risks[0] =
            RiskFacts { assessment: None, owner: None, controls: vec![], set_aside: true, ..plan.risks[0].clone() };
        assert_eq!(codes(&plan), ["setAsideMandatory", "assessmentMissing", "ownerMissing", "controlMissing"]);
        // Withdrawn by the region, it is a risk like others.
        plan.mandatory[0].withdrawn = true;
        assert_eq!(codes(&plan), [""; 0]);
    }

    #[test]
    fn an_area_keeps_at_least_one_risk() {
        let mut plan = plan();
        plan.mandatory.push(MandatoryFacts {
            id: GRANTS,
            kind: MandatoryKind::Area,
            name: "Felaktiga bidragsutbetalningar".into(),
            withdrawn: false,
        });
        assert_eq!(codes(&plan), ["mandatoryAreaEmpty"]);
        plan.risks[1].mandatory_id = Some(GRANTS);
        assert_eq!(codes(&plan), [""; 0]);
        assert_eq!(plan.inclusion(&plan.risks[1]).reason, InclusionReason::Mandatory);
        plan.risks[1].retired = true;
        assert_eq!(codes(&plan), ["mandatoryAreaEmpty"]);
        plan.risks.push(RiskFacts { mandatory_id: Some(GRANTS), ..risk(3) });
        assert_eq!(codes(&plan), [""; 0]);
    }

    #[test]
    fn retired_risks_are_skipped() {
        let gone = RiskFacts { assessment: None, owner: Some(Named::Inactive), number: None, retired: true, ..risk(2) };
        assert_eq!(codes(&with(gone)), [""; 0]);
    }

    #[test]
    fn the_order_is_by_number_then_reference() {
        let mut plan = plan();
        let unassessed = |number, reference: Option<&str>, id| RiskFacts {
            id: Uuid::from_u128(id),
            number,
            reference: reference.map(str::to_owned),
            category: None,
            assessment: None,
            ..risk(2)
        };
        plan.risks = vec![
            unassessed(None, None, 1),
            unassessed(None, Some("b"), 2),
            unassessed(None, Some("a"), 3),
            unassessed(Some(2), None, 4),
            unassessed(Some(1), Some("c"), 5),
            plan.risks[0].clone(),
        ];
        let ids =
            |plan: &PlanFacts| -> Vec<_> { missing(plan).iter().map(|one| one.id.map(|id| id.as_u128())).collect() };
        assert_eq!(ids(&plan), [Some(5), Some(4), Some(3), Some(2), Some(1)]);
        plan.risks.reverse();
        assert_eq!(ids(&plan), [Some(5), Some(4), Some(3), Some(2), Some(1)]);
    }

    #[test]
    fn sentences_are_in_both_languages() {
        let list = missing(&with(RiskFacts { owner: None, ..risk(2) }));
        assert_eq!(list[0].text(Language::Sv), "Risk 2 ”Brist på kompetens” har ingen riskägare.");
        assert_eq!(list[0].text(Language::En), "Risk 2 “Brist på kompetens” has no owner.");
        assert_eq!(list[0].number, Some(2));
    }
}
