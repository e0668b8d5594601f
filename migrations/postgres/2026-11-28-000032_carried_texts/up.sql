-- A plan's text that was carried over says of which year it was, until somebody has confirmed or rewritten it.
ALTER TABLE plan_sections ADD COLUMN carried_from_year INTEGER;
