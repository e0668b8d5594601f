DROP TABLE reports;
DROP TABLE action_reports;
DROP TABLE control_reports;
DROP TABLE periods;
DROP TABLE deadlines;
ALTER TABLE controls DROP COLUMN removed_in;
ALTER TABLE actions DROP COLUMN removed_in;
