ALTER TABLE risks DROP COLUMN own_category;
