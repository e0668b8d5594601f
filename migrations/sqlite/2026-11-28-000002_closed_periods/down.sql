ALTER TABLE plans DROP COLUMN revised_because;
ALTER TABLE deadlines DROP COLUMN asked_from;
ALTER TABLE plans DROP COLUMN closing_reason;
ALTER TABLE periods DROP COLUMN followed_sha256;
