-- A log's head goes on, and never goes away.
CREATE TRIGGER heads_final BEFORE DELETE OR TRUNCATE ON heads FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
