-- In which order the events of all logs came, so that they can be followed with one cursor: the order of their commits.
CREATE TABLE turns (
    turn BIGINT PRIMARY KEY CHECK (turn > 0),
    log_id UUID NOT NULL,
    n BIGINT NOT NULL,
    UNIQUE (log_id, n)
);
INSERT INTO turns (turn, log_id, n) SELECT row_number() OVER (ORDER BY time, log_id, n), log_id, n FROM events;

-- Who takes a turn holds all turns until its commit, so that none comes in before one that could be read already. It is the
-- last of a transaction's locks. An event that is carried from another register has its turn already.
CREATE FUNCTION take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7201127);
    INSERT INTO turns (turn, log_id, n)
    SELECT coalesce(max(turn), 0) + 1, NEW.log_id, NEW.n FROM turns
    ON CONFLICT (log_id, n) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER events_turn AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION take_turn();
CREATE TRIGGER turns_final BEFORE UPDATE OR DELETE OR TRUNCATE ON turns FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
