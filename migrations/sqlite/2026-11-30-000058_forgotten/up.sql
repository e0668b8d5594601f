-- What says only who was here, and tried to be, is forgotten in time: sessions that have run out, failed attempts that hold
-- nobody back any more.
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sign_in_attempts_last_failed_at ON sign_in_attempts (last_failed_at);
