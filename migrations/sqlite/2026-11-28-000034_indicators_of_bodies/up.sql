-- An indicator has an owner of its own (the goal's, where none is told), continues last year's, names the bodies that it
-- concerns (all of them, where none is told) with the targets that some of them have of their own, and who answers for its
-- outcomes. Targets that were taken over from an earlier year say so until somebody has confirmed or rewritten them.
ALTER TABLE indicators ADD COLUMN organisation_id TEXT REFERENCES organisations (id) CHECK (length(organisation_id) = 36);
ALTER TABLE indicators ADD COLUMN continues_id TEXT REFERENCES indicators (id) CHECK (length(continues_id) = 36);
-- A list of ids.
ALTER TABLE indicators ADD COLUMN concerns TEXT CHECK (json_valid(concerns));
-- A list of {organisationId, target}.
ALTER TABLE indicators ADD COLUMN local_targets TEXT CHECK (json_valid(local_targets));
ALTER TABLE indicators ADD COLUMN baseline_value TEXT;
ALTER TABLE indicators ADD COLUMN responsible_id TEXT REFERENCES users (id) CHECK (length(responsible_id) = 36);
ALTER TABLE indicators ADD COLUMN targets_from_year INTEGER;
CREATE INDEX indicators_continues ON indicators (continues_id);

-- Actions that an outcome led to and that belong to no risk: a list of {name, endDate, completedOn}.
ALTER TABLE outcomes ADD COLUMN own_actions TEXT CHECK (json_valid(own_actions));
