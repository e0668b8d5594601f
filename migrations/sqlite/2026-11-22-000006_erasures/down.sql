DROP TRIGGER openings_no_update;
DROP TABLE erasures;
