DROP INDEX audit_opinions_updated;
DROP INDEX users_updated;
DROP INDEX organisations_updated;
DROP COLLATION "sv-numbered";
CREATE OR REPLACE FUNCTION fold(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(value COLLATE "und-x-icu") $$;
