DELETE FROM imports WHERE plan_id IS NULL;
ALTER TABLE imports DROP COLUMN organisation_id;
ALTER TABLE imports ALTER COLUMN plan_id SET NOT NULL;
