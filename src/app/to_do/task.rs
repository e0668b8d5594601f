//! Something that somebody owes, as lists, pages, letters and calendars tell it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::letters::Entry;
use crate::domain::manner::Manner;
use crate::domain::words::{Language, Period, TaskKind};
use crate::storage::records::{Organisation, Plan, Risk};
use crate::storage::{Id, Stored};

/// Something that the person who asks owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub kind: TaskKind,
    /// What it is about: `control`, `action`, `risk`, `deficiency`, `recommendation`, `plan`, `report`, `organisation` or `erasure`.
    #[schema(example = "control")]
    pub entity: String,
    pub id: Id,
    #[schema(example = "Stickprover och visselblåsningar")]
    pub name: String,
    pub risk_id: Option<Id>,
    #[schema(example = "Risk för oegentligheter")]
    pub risk_name: Option<String>,
    pub risk_number: Option<i32>,
    pub plan_id: Option<Id>,
    pub organisation_id: Id,
    #[schema(example = "Stockholms läns sjukvårdsområde")]
    pub organisation: String,
    #[schema(example = 2024)]
    pub year: Option<i32>,
    /// The period that a status is due in, that is to be closed, or whose report it is.
    pub period: Option<Period>,
    /// The last day: of the period, or of the action.
    pub deadline: Option<NaiveDate>,
    /// That day has passed.
    pub late: bool,
    /// How many things a plan lacks, statuses or outcomes are missing in the period, or bodies have not delivered.
    #[schema(example = 23)]
    pub count: Option<u32>,
    /// What is to be done, as a sentence.
    #[schema(example = "Rapportera status: Stickprover och visselblåsningar (risk 3, Risk för oegentligheter).")]
    pub detail: String,
    /// The page of the register where it is done.
    #[schema(example = "/status/control/018f3c5e-7b1a-7c3d-9e2f-0a1b2c3d4e5f/t1")]
    pub page: String,
    /// It is about a risk, or a part of one, that carries a marking of secrecy: nothing of it goes out by mail.
    #[serde(skip)]
    pub secret: bool,
    /// Of a late action: the period in which its completion can be reported.
    #[serde(skip)]
    pub reported_in: Option<Period>,
    /// Of what stands under a goal of a year that has none yet: goals come first.
    #[serde(skip)]
    pub goals_first: bool,
    /// What those are called whom it concerns.
    #[serde(skip)]
    pub manner: Manner,
}

impl Task {
    /// One about a thing of an organisation.
    pub fn new(kind: TaskKind, entity: &str, id: Id, name: impl Into<String>, organisation: &Organisation) -> Self {
        Self {
            kind,
            entity: entity.into(),
            id,
            name: name.into(),
            risk_id: None,
            risk_name: None,
            risk_number: None,
            plan_id: None,
            organisation_id: organisation.id,
            organisation: organisation.name.clone(),
            year: None,
            period: None,
            deadline: None,
            late: false,
            count: None,
            detail: String::new(),
            page: String::new(),
            secret: false,
            reported_in: None,
            goals_first: false,
            manner: Manner::default().with(organisation.kind),
        }
    }

    /// One about a plan of a body, or something of it that is no risk.
    pub fn of_plan(kind: TaskKind, entity: &str, id: Id, plan: &Plan, body: &Organisation) -> Self {
        Self { plan_id: Some(plan.id), year: Some(plan.year), ..Self::new(kind, entity, id, body.name.clone(), body) }
    }

    /// One about a risk of a plan, or a part of it.
    pub fn of_risk(self, risk: &Risk) -> Self {
        Self {
            risk_id: Some(risk.id),
            risk_name: Some(risk.name.clone()),
            risk_number: risk.shown_number(),
            secret: risk.secrecy.is_some(),
            ..self
        }
    }

    /// With what it says and where it leads, to whoever may see it.
    pub fn told(mut self, language: Language) -> Self {
        self.page = self.leads_to();
        self.detail = Entry { secret: false, ..self.clone().into_entry() }.title(language) + ".";
        self
    }

    /// Asked of an office, and not of somebody by name.
    pub fn is_of_office(&self) -> bool {
        use TaskKind as K;
        !matches!(
            self.kind,
            K::Status | K::Assessment | K::Reassessment | K::OverdueAction | K::CrimeAlert | K::Recommendation
        )
    }

    fn leads_to(&self) -> String {
        let id = self.id;
        let of_plan = self.plan_id.unwrap_or(id);
        let year = self.year.unwrap_or_default();
        let period = self.period.map(Period::as_str).unwrap_or_default();
        match self.kind {
            TaskKind::Status => format!("/status/{}/{id}/{period}", self.entity),
            TaskKind::Assessment | TaskKind::Reassessment => format!("/risks/{id}#assessment"),
            // Where its completion is reported; when no period takes it, where it gets another end.
            TaskKind::OverdueAction => match self.reported_in {
                Some(period) => format!("/status/action/{id}/{}", period.as_str()),
                None => format!("/actions/{id}"),
            },
            TaskKind::CrimeAlert | TaskKind::BoardNotice => format!("/deficiencies/{id}"),
            TaskKind::Recommendation | TaskKind::RecommendationUnanswered | TaskKind::AuditorsWord => {
                format!("/recommendations/{id}")
            }
            TaskKind::PlanMissing => format!("/plans?year={year}&organisationId={id}#new"),
            TaskKind::ErasureRequest => "/erasures".into(),
            TaskKind::PlanLacks => format!("/plans/{of_plan}#missing"),
            TaskKind::PlanProposal | TaskKind::PlanDecision | TaskKind::PlanDelivery => format!("/plans/{of_plan}"),
            TaskKind::PeriodClosure | TaskKind::ReportDraft => {
                format!("/plans/{of_plan}/follow-up?period={period}#{period}")
            }
            TaskKind::ReportFinal | TaskKind::ReportDecision | TaskKind::ReportDelivery => format!("/reports/{id}"),
            TaskKind::OutcomesMissing => {
                format!("/outcomes?organisationId={}&year={year}&period={period}", self.organisation_id)
            }
            TaskKind::IssueMandatory if self.goals_first => format!("/goals?year={year}"),
            TaskKind::IssueMandatory | TaskKind::IssueDeadlines => format!("/settings?year={year}"),
            TaskKind::IssueTexts => format!("/standing-texts?year={year}"),
            TaskKind::PlansUndelivered => format!("/follow-up?year={year}"),
            TaskKind::ReportsUndelivered => format!("/follow-up?year={year}&period={period}"),
        }
    }

    /// The name of its row in the list of tasks, which letters lead to.
    pub fn row(&self) -> String {
        let mut row = format!("task-{}", self.id);
        if self.is_of_office() {
            row.push_str(&format!("-{}", self.kind.as_str()));
            row.extend(self.year.map(|year| format!("-{year}")));
        }
        row.extend(self.period.map(|period| format!("-{}", period.as_str())));
        row
    }

    /// As it stands in a letter or a calendar.
    pub fn into_entry(self) -> Entry {
        // Letters lie open: of a crime, and of what may be one, nothing leads to what it is.
        let tells = self.kind != TaskKind::CrimeAlert && !(self.kind == TaskKind::BoardNotice && self.secret);
        Entry {
            row: tells.then(|| self.row()),
            kind: self.kind,
            name: self.name,
            risk: self.risk_name.filter(|_| self.entity != Risk::ENTITY),
            risk_number: self.risk_number,
            secret: self.secret,
            organisation: self.organisation,
            year: self.year,
            period: self.period,
            deadline: self.deadline,
            late: self.late,
            count: self.count,
            manner: self.manner,
        }
    }
}
