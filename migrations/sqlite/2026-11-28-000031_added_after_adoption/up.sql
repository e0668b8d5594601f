-- A risk or a control that came into an adopted plan says on which day; none for what was there when the board decided.
ALTER TABLE risks ADD COLUMN added_after_adoption_on TEXT CHECK (length(added_after_adoption_on) = 10);
ALTER TABLE controls ADD COLUMN added_after_adoption_on TEXT CHECK (length(added_after_adoption_on) = 10);
