ALTER TABLE reports DROP COLUMN delivered_on;
ALTER TABLE reports DROP COLUMN board_change;
ALTER TABLE reports DROP COLUMN sent_to;
ALTER TABLE reports DROP COLUMN clauses;
ALTER TABLE revisions DROP COLUMN board_change;
ALTER TABLE revisions DROP COLUMN sent_to;
ALTER TABLE revisions DROP COLUMN clauses;
ALTER TABLE plans DROP COLUMN board_change;
