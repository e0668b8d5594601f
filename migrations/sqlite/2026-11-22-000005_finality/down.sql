DROP TRIGGER heads_no_delete;
