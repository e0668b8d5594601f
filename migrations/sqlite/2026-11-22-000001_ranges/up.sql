-- As the risks of a plan are listed: by number, those without one last.
DROP INDEX risks_plan;
CREATE INDEX risks_plan ON risks (plan_id, (number IS NULL), number, id);
