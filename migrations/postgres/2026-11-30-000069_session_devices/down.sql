ALTER TABLE credentials DROP COLUMN devices_from;
DROP INDEX sessions_place;
DROP INDEX sign_in_attempts_account;
ALTER TABLE sign_in_attempts DROP COLUMN spent_until;
ALTER TABLE sign_in_attempts DROP COLUMN account;
ALTER TABLE sessions DROP COLUMN place;
ALTER TABLE sessions DROP COLUMN device;
