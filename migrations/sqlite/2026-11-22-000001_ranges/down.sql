DROP INDEX risks_plan;
CREATE INDEX risks_plan ON risks (plan_id, number, id);
