-- Concerns SQLite's file alone. What PostgreSQL keeps of deleted rows, its own VACUUM and its archives decide.
SELECT 1;
