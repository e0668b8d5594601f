-- What a board's decision says beside its day and its paragraph: its clauses, whom it is sent to, and what the board itself
-- changed at the table. On the plan the last of these stands until the plan is adopted. Reports are delivered as plans are.
ALTER TABLE plans ADD COLUMN board_change TEXT;
ALTER TABLE revisions ADD COLUMN clauses JSONB;
ALTER TABLE revisions ADD COLUMN sent_to JSONB;
ALTER TABLE revisions ADD COLUMN board_change TEXT;
ALTER TABLE reports ADD COLUMN clauses JSONB;
ALTER TABLE reports ADD COLUMN sent_to JSONB;
ALTER TABLE reports ADD COLUMN board_change TEXT;
ALTER TABLE reports ADD COLUMN delivered_on DATE;
