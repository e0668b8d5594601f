DROP TRIGGER openings_no_update ON openings;
DROP TABLE erasures;
