ALTER TABLE standing_texts DROP COLUMN valid_from;
