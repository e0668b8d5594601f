-- A register that was put back from a backup goes on in a new epoch. One row a log and restore: how much of the log there
-- was, the newest checkpoint that was known outside, who did it and why. Each is told by an event, the first of its epoch.
CREATE TABLE restores (
    id UUID PRIMARY KEY,
    log_id UUID NOT NULL REFERENCES heads (log_id),
    epoch BIGINT NOT NULL CHECK (epoch > 0),
    -- How many events the log had: the position of the event that tells of it.
    size BIGINT NOT NULL CHECK (size >= 0),
    known_checkpoint TEXT,
    restored_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (log_id, epoch)
);

-- Where the register has moved to, if it has: then nothing is written here any more.
ALTER TABLE register ADD COLUMN moved_to TEXT;
CREATE FUNCTION refuse_where_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM register WHERE moved_to IS NOT NULL) THEN
        RAISE EXCEPTION 'the register has moved';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_of_moved AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_where_moved();
