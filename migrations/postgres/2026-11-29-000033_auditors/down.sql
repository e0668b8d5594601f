ALTER TABLE organisations DROP COLUMN auditors;
