DROP INDEX sessions_expires_at;
DROP INDEX sign_in_attempts_last_failed_at;
