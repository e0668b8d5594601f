ALTER TABLE reports DROP COLUMN early_reason;
ALTER TABLE periods DROP COLUMN closing_reason;
