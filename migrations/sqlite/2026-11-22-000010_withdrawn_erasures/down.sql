ALTER TABLE erasures DROP COLUMN withdrawn_at;
ALTER TABLE erasures DROP COLUMN withdrawn_by_id;
