DROP INDEX organisations_path;
ALTER TABLE organisations ALTER COLUMN path TYPE TEXT;
CREATE INDEX organisations_path ON organisations (path text_pattern_ops);

DROP INDEX risks_plan;
CREATE INDEX risks_plan ON risks (plan_id, number, id);
