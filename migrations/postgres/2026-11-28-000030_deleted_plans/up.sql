-- A plan that never was adopted can be deleted: the database itself asks what points at it.
CREATE INDEX plans_from ON plans (from_plan_id);
CREATE INDEX mails_plan ON mails (plan_id);
