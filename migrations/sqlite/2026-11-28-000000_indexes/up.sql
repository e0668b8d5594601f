-- What lists are filtered and sorted by, found by an index and not by reading every row.

-- A controller's list, and a body's.
CREATE INDEX risks_organisation ON risks (organisation_id, id);
-- By score, those without one last upwards and first downwards: each way an index of its own, as ids always go upwards.
DROP INDEX risks_score;
CREATE INDEX risks_score ON risks ((score IS NULL), score, id);
CREATE INDEX risks_score_down ON risks ((score IS NULL) DESC, score DESC, id);
CREATE INDEX risks_level ON risks (level, id);
CREATE INDEX risks_reference ON risks (reference, id);

-- The order that lists are in when nothing else is asked for, and by when things were changed.
DROP INDEX plans_year;
CREATE INDEX plans_year ON plans (year, organisation_id, id);
CREATE INDEX plans_status ON plans (status);
CREATE INDEX plans_updated ON plans (updated_at, year, organisation_id, id);
DROP INDEX controls_updated;
CREATE INDEX controls_updated ON controls (updated_at, risk_id, position, id);
DROP INDEX actions_updated;
CREATE INDEX actions_updated ON actions (updated_at, risk_id, position, id);
CREATE INDEX organisations_name ON organisations (name, id);
CREATE INDEX users_name ON users (name, id);
CREATE INDEX deficiencies_found ON deficiencies (found_on, id);
CREATE INDEX deficiencies_updated ON deficiencies (updated_at, found_on, id);
CREATE INDEX recommendations_year ON recommendations (year, created_at, id);
CREATE INDEX recommendations_updated ON recommendations (updated_at, year, created_at, id);
CREATE INDEX audit_opinions_year ON audit_opinions (year, organisation_id, id);
CREATE INDEX outcomes_updated ON outcomes (updated_at, indicator_id, organisation_id, period, id);

-- What points at things that can be deleted: the database itself asks whether anything does, at each deletion.
CREATE INDEX risks_goal ON risks (goal_id);
CREATE INDEX risks_previous ON risks (previous_id);
CREATE INDEX goals_parent ON goals (parent_id);
CREATE INDEX goals_continues ON goals (continues_id);
CREATE INDEX mandatory_risks_goal ON mandatory_risks (goal_id);
CREATE INDEX assessments_copied ON assessments (copied_from_id);
CREATE INDEX controls_previous ON controls (previous_id);
CREATE INDEX actions_previous ON actions (previous_id);
CREATE INDEX actions_control ON actions (from_control_id);
CREATE INDEX deficiencies_plan ON deficiencies (plan_id);
CREATE INDEX deficiencies_risk ON deficiencies (risk_id);
CREATE INDEX deficiencies_control ON deficiencies (control_id);
CREATE INDEX deficiencies_from_control ON deficiencies (from_control_id);
CREATE INDEX plan_deficiencies_risk ON plan_deficiencies (risk_id);
CREATE INDEX reports_replaces ON reports (replaces_id);
