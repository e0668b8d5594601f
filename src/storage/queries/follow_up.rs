//! Follow-up: deadlines, periods, what was reported, and the reports of periods.

use std::collections::HashMap;

use diesel::prelude::*;

use super::listing::Any;
use crate::domain::words::{Period, ReportStatus};
use crate::error::Result;
use crate::storage::reading::Reading;
use crate::storage::records::{
    ActionReport, CompiledReport, ControlReport, Deadline, FinancialMeasures, PlanPeriod, Report,
};
use crate::storage::remembered::About;
use crate::storage::schema::{
    action_reports, actions, compiled_reports, control_reports, controls, deadlines, financial_measures, periods,
    plans, reports, risks,
};
use crate::storage::types::Id;

impl Reading<'_> {
    /// The region's deadlines of a year, or of all years, in the order of years and periods.
    pub fn deadlines(&mut self, year: impl Into<Any<i32>>) -> Result<Vec<Deadline>> {
        let mut all: Vec<Deadline> = self.once("deadlines", About::Register, |r| {
            let mut all: Vec<Deadline> = deadlines::table.select(Deadline::as_select()).load(r.c)?;
            all.sort_by_key(|d| (d.year, d.period));
            Ok(all)
        })?;
        let year = year.into();
        all.retain(|d| year.takes(d.year));
        Ok(all)
    }

    /// What has been decided about the periods of some plans, in the order they close.
    pub fn periods_of_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<PlanPeriod>>> {
        self.lists("periodsOfPlan", plans, |c, ids| {
            let mut all: Vec<PlanPeriod> =
                periods::table.filter(periods::plan_id.eq_any(ids)).select(PlanPeriod::as_select()).load(c)?;
            all.sort_by_key(|p| p.period);
            Ok(all.into_iter().map(|p| (p.plan_id, p)).collect())
        })
    }

    /// The measures that belong to no risk of a plan, as they were written of its periods, in their order.
    pub fn financial_measures(&mut self, plan: Id) -> Result<Vec<FinancialMeasures>> {
        let mut all: Vec<FinancialMeasures> = financial_measures::table
            .filter(financial_measures::plan_id.eq(plan))
            .select(FinancialMeasures::as_select())
            .load(self.c)?;
        all.sort_by_key(|written| written.period);
        Ok(all)
    }

    /// Everything reported of the controls of some plans, corrections too, oldest first.
    pub fn control_reports_of_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<ControlReport>>> {
        self.lists("controlReportsOfPlan", plans, |c, ids| {
            let all: Vec<ControlReport> = control_reports::table
                .filter(control_reports::plan_id.eq_any(ids))
                .order((control_reports::sequence.asc(), control_reports::id.asc()))
                .select(ControlReport::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|x| (x.plan_id, x)).collect())
        })
    }

    /// As for controls.
    pub fn action_reports_of_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<ActionReport>>> {
        self.lists("actionReportsOfPlan", plans, |c, ids| {
            let all: Vec<ActionReport> = action_reports::table
                .filter(action_reports::plan_id.eq_any(ids))
                .order((action_reports::sequence.asc(), action_reports::id.asc()))
                .select(ActionReport::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|x| (x.plan_id, x)).collect())
        })
    }

    /// Everything reported of some controls, corrections too, oldest first.
    pub fn reports_of_controls(&mut self, controls: &[Id]) -> Result<HashMap<Id, Vec<ControlReport>>> {
        self.lists("reportsOfControl", controls, |c, ids| {
            let all: Vec<ControlReport> = control_reports::table
                .filter(control_reports::control_id.eq_any(ids))
                .order((control_reports::sequence.asc(), control_reports::id.asc()))
                .select(ControlReport::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|x| (x.control_id, x)).collect())
        })
    }

    /// As for controls.
    pub fn reports_of_actions(&mut self, actions: &[Id]) -> Result<HashMap<Id, Vec<ActionReport>>> {
        self.lists("reportsOfAction", actions, |c, ids| {
            let all: Vec<ActionReport> = action_reports::table
                .filter(action_reports::action_id.eq_any(ids))
                .order((action_reports::sequence.asc(), action_reports::id.asc()))
                .select(ActionReport::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|x| (x.action_id, x)).collect())
        })
    }

    /// Everything reported of one control, corrections too, oldest first.
    pub fn reports_of_control(&mut self, control: Id) -> Result<Vec<ControlReport>> {
        Ok(self.reports_of_controls(&[control])?.remove(&control).unwrap_or_default())
    }

    /// As for a control.
    pub fn reports_of_action(&mut self, action: Id) -> Result<Vec<ActionReport>> {
        Ok(self.reports_of_actions(&[action])?.remove(&action).unwrap_or_default())
    }

    /// The reports of a plan's periods, in the order of periods and versions.
    pub fn reports_of_plan(&mut self, plan: Id) -> Result<Vec<Report>> {
        Ok(self.reports_of_plans(&[plan])?.remove(&plan).unwrap_or_default())
    }

    /// The reports of some plans' periods, in the order of periods and versions.
    pub fn reports_of_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<Report>>> {
        self.lists("reportsOfPlan", plans, |c, ids| {
            let mut all: Vec<Report> =
                reports::table.filter(reports::plan_id.eq_any(ids)).select(Report::as_select()).load(c)?;
            all.sort_by_key(|r| (r.kind, r.number));
            Ok(all.into_iter().map(|r| (r.plan_id, r)).collect())
        })
    }

    /// The compiled reports, the newest year first, in the order of periods and versions.
    pub fn compiled_reports(&mut self) -> Result<Vec<CompiledReport>> {
        let mut all: Vec<CompiledReport> = compiled_reports::table.select(CompiledReport::as_select()).load(self.c)?;
        all.sort_by_key(|r| (std::cmp::Reverse(r.year), r.kind, r.number));
        Ok(all)
    }

    /// Whether the board has decided on the report of a period.
    pub fn is_decided(&mut self, plan: Id, period: Period) -> Result<bool> {
        let found: i64 = reports::table
            .filter(reports::plan_id.eq(plan))
            .filter(reports::kind.eq(period))
            .filter(reports::status.eq(ReportStatus::Decided))
            .count()
            .get_result(self.c)?;
        Ok(found > 0)
    }

    /// The plans in which somebody owns a risk, or is responsible for a control or an action, in the order of their ids.
    pub fn plans_concerning(&mut self, user: Id) -> Result<Vec<Id>> {
        let owned = risks::table.filter(risks::owner_id.eq(user)).select(risks::plan_id);
        let of_controls = controls::table.filter(controls::responsible_id.eq(user)).select(controls::plan_id);
        let of_actions = actions::table.filter(actions::responsible_id.eq(user)).select(actions::plan_id);
        let concerns = plans::id.eq_any(owned).or(plans::id.eq_any(of_controls)).or(plans::id.eq_any(of_actions));
        Ok(plans::table.filter(concerns).order(plans::id.asc()).select(plans::id).load(self.c)?)
    }
}
