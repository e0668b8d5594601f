-- A register that was put back from a backup goes on in a new epoch. One row a log and restore: how much of the log there
-- was, the newest checkpoint that was known outside, who did it and why. Each is told by an event, the first of its epoch.
CREATE TABLE restores (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    log_id TEXT NOT NULL REFERENCES heads (log_id) CHECK (length(log_id) = 36),
    epoch INTEGER NOT NULL CHECK (epoch > 0),
    -- How many events the log had: the position of the event that tells of it.
    size INTEGER NOT NULL CHECK (size >= 0),
    known_checkpoint TEXT,
    restored_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (log_id, epoch)
) STRICT;

-- Where the register has moved to, if it has: then nothing is written here any more.
ALTER TABLE register ADD COLUMN moved_to TEXT;
CREATE TRIGGER events_of_moved BEFORE INSERT ON events WHEN (SELECT moved_to FROM register) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the register has moved'); END;
