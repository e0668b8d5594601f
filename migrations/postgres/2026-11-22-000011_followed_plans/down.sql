ALTER TABLE plans DROP COLUMN followed_sha256;
