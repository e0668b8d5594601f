-- The tree over each log's events (RFC 6962), its checkpoints, and the keys that sign them. The rows of `events` stay as
-- they are: the program grows the trees over what is there right after this migration.

-- The roots of the tree's perfect subtrees, the largest first, 32 bytes each.
ALTER TABLE heads ADD COLUMN frontier BYTEA NOT NULL DEFAULT ''::bytea;
-- How many checkpoints have been made.
ALTER TABLE heads ADD COLUMN checkpoints BIGINT NOT NULL DEFAULT 0;

-- Roots of perfect subtrees of 2^level leaves, so that a proof reads hundreds of events at most. Every eighth level.
CREATE TABLE tree_nodes (
    log_id UUID NOT NULL REFERENCES heads (log_id),
    level INTEGER NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (log_id, level, position)
);

CREATE TABLE checkpoints (
    log_id UUID NOT NULL REFERENCES heads (log_id),
    -- From 1 in each log.
    number BIGINT NOT NULL,
    size BIGINT NOT NULL,
    -- The signed note.
    note TEXT NOT NULL,
    PRIMARY KEY (log_id, number),
    UNIQUE (log_id, size)
);

CREATE TABLE signing_keys (
    id UUID PRIMARY KEY,
    -- Ed25519, base64. The private key is never here.
    public_key TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

CREATE INDEX events_time ON events (log_id, time);

CREATE TRIGGER tree_nodes_final BEFORE UPDATE OR DELETE OR TRUNCATE ON tree_nodes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoints_final BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signing_keys_final BEFORE UPDATE OR DELETE OR TRUNCATE ON signing_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
