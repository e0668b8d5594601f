-- Search passes over form and what cannot be seen, as the program's own does (domain/text.rs).
CREATE OR REPLACE FUNCTION fold(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(normalize(regexp_replace(value,
        '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]',
        '', 'g'), NFKC) COLLATE "und-x-icu") $$;
-- References stand in order by their numbers.
CREATE COLLATION "sv-numbered" (provider = icu, locale = 'sv-u-kn-true');
-- Lists of what has changed since.
CREATE INDEX organisations_updated ON organisations (updated_at, id);
CREATE INDEX users_updated ON users (updated_at, id);
CREATE INDEX audit_opinions_updated ON audit_opinions (updated_at, id);
