ALTER TABLE outcomes DROP COLUMN own_actions;
DROP INDEX indicators_continues;
ALTER TABLE indicators DROP COLUMN targets_from_year;
ALTER TABLE indicators DROP COLUMN responsible_id;
ALTER TABLE indicators DROP COLUMN baseline_value;
ALTER TABLE indicators DROP COLUMN local_targets;
ALTER TABLE indicators DROP COLUMN concerns;
ALTER TABLE indicators DROP COLUMN continues_id;
ALTER TABLE indicators DROP COLUMN organisation_id;
