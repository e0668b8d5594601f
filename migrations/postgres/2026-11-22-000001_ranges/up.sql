-- As the risks of a plan are listed: by number, those without one last.
DROP INDEX risks_plan;
CREATE INDEX risks_plan ON risks (plan_id, (number IS NULL), number, id);

-- What is at and below an organisation is asked as a range of paths, in the order of their bytes.
DROP INDEX organisations_path;
ALTER TABLE organisations ALTER COLUMN path TYPE TEXT COLLATE "C";
CREATE INDEX organisations_path ON organisations (path);
