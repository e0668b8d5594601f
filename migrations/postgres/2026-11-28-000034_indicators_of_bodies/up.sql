-- An indicator has an owner of its own (the goal's, where none is told), continues last year's, names the bodies that it
-- concerns (all of them, where none is told) with the targets that some of them have of their own, and who answers for its
-- outcomes. Targets that were taken over from an earlier year say so until somebody has confirmed or rewritten them.
ALTER TABLE indicators ADD COLUMN organisation_id UUID REFERENCES organisations (id);
ALTER TABLE indicators ADD COLUMN continues_id UUID REFERENCES indicators (id);
-- A list of ids.
ALTER TABLE indicators ADD COLUMN concerns JSONB;
-- A list of {organisationId, target}.
ALTER TABLE indicators ADD COLUMN local_targets JSONB;
ALTER TABLE indicators ADD COLUMN baseline_value TEXT;
ALTER TABLE indicators ADD COLUMN responsible_id UUID REFERENCES users (id);
ALTER TABLE indicators ADD COLUMN targets_from_year INTEGER;
CREATE INDEX indicators_continues ON indicators (continues_id);

-- Actions that an outcome led to and that belong to no risk: a list of {name, endDate, completedOn}.
ALTER TABLE outcomes ADD COLUMN own_actions JSONB;
