DROP INDEX actions_removed;
DROP INDEX controls_removed;
DROP INDEX deficiencies_suspected;
DROP INDEX revisions_in_order;
DROP INDEX reports_in_order;
DROP INDEX action_reports_in_order;
DROP INDEX control_reports_in_order;
DROP INDEX assessments_in_order;
