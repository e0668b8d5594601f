-- A law changes on a day, and what a plan says of it is what held when its board decided.
ALTER TABLE standing_texts ADD COLUMN valid_from TEXT CHECK (length(valid_from) = 10);
