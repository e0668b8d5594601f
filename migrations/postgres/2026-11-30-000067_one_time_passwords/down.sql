ALTER TABLE credentials DROP COLUMN one_time_until;
