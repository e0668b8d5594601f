DROP INDEX mails_plan;
DROP INDEX plans_from;
