-- What opens a commitment can be erased one day, but never says anything else; a log's head goes on and never goes away.
CREATE TRIGGER openings_final BEFORE UPDATE OR TRUNCATE ON openings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER heads_final BEFORE DELETE OR TRUNCATE ON heads FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
