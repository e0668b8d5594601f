ALTER TABLE controls DROP COLUMN added_after_adoption_on;
ALTER TABLE risks DROP COLUMN added_after_adoption_on;
