-- By what one signed in, as it says of itself: a browser and a system, or a program. And from where, as a keyed hash that tells the
-- place again and nothing else.
ALTER TABLE sessions ADD COLUMN device TEXT;
ALTER TABLE sessions ADD COLUMN place TEXT;
-- The account that is guessed at from one place, and until when the tries of a day are spent.
ALTER TABLE sign_in_attempts ADD COLUMN account TEXT;
ALTER TABLE sign_in_attempts ADD COLUMN spent_until TEXT CHECK (length(spent_until) = 27);
CREATE INDEX sign_in_attempts_account ON sign_in_attempts (account);
CREATE INDEX sessions_place ON sessions (user_id, place);
-- Browsers by which somebody signed in before this are known no more: the password is another, or all were signed out.
ALTER TABLE credentials ADD COLUMN devices_from TEXT CHECK (length(devices_from) = 27);
