-- In which order the events of all logs came, so that they can be followed with one cursor: the order of their commits.
CREATE TABLE turns (
    turn INTEGER PRIMARY KEY CHECK (turn > 0),
    log_id TEXT NOT NULL CHECK (length(log_id) = 36),
    n INTEGER NOT NULL,
    UNIQUE (log_id, n)
) STRICT;
INSERT INTO turns (log_id, n) SELECT log_id, n FROM events ORDER BY time, log_id, n;

-- An event that is carried from another register has its turn already.
CREATE TRIGGER events_turn AFTER INSERT ON events
WHEN NOT EXISTS (SELECT 1 FROM turns WHERE log_id = NEW.log_id AND n = NEW.n)
BEGIN INSERT INTO turns (log_id, n) VALUES (NEW.log_id, NEW.n); END;
CREATE TRIGGER turns_no_update BEFORE UPDATE ON turns BEGIN SELECT RAISE(ABORT, 'turns are final'); END;
CREATE TRIGGER turns_no_delete BEFORE DELETE ON turns BEGIN SELECT RAISE(ABORT, 'turns are final'); END;
