-- A risk may stand in a category of its body's own, which counts as the one of the four that `category` says.
ALTER TABLE risks ADD COLUMN own_category TEXT;
