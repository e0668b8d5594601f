DROP TRIGGER heads_no_delete;
DROP TRIGGER openings_no_update;
