ALTER TABLE plan_sections DROP COLUMN carried_from_year;
