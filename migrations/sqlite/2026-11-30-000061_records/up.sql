-- Records are read across plans in the order in which they were made, or were last changed.
CREATE INDEX assessments_in_order ON assessments (assessed_at, id);
CREATE INDEX control_reports_in_order ON control_reports (reported_at, id);
CREATE INDEX action_reports_in_order ON action_reports (reported_at, id);
CREATE INDEX reports_in_order ON reports (updated_at, id);
CREATE INDEX revisions_in_order ON revisions (created_at, id);
-- But for those of what was taken away.
CREATE INDEX controls_removed ON controls (id) WHERE removed_in IS NOT NULL;
CREATE INDEX actions_removed ON actions (id) WHERE removed_in IS NOT NULL;
-- Whoever reads a log does not read of these.
CREATE INDEX deficiencies_suspected ON deficiencies (suspected_crime);
