-- The tree over each log's events (RFC 6962), its checkpoints, and the keys that sign them. The rows of `events` stay as
-- they are: the program grows the trees over what is there right after this migration.

-- The roots of the tree's perfect subtrees, the largest first, 32 bytes each.
ALTER TABLE heads ADD COLUMN frontier BLOB NOT NULL DEFAULT x'';
-- How many checkpoints have been made.
ALTER TABLE heads ADD COLUMN checkpoints INTEGER NOT NULL DEFAULT 0;

-- Roots of perfect subtrees of 2^level leaves, so that a proof reads hundreds of events at most. Every eighth level.
CREATE TABLE tree_nodes (
    log_id TEXT NOT NULL REFERENCES heads (log_id) CHECK (length(log_id) = 36),
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log_id, level, position)
) STRICT;

CREATE TABLE checkpoints (
    log_id TEXT NOT NULL REFERENCES heads (log_id) CHECK (length(log_id) = 36),
    -- From 1 in each log.
    number INTEGER NOT NULL,
    size INTEGER NOT NULL,
    -- The signed note.
    note TEXT NOT NULL,
    PRIMARY KEY (log_id, number),
    UNIQUE (log_id, size)
) STRICT;

CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    -- Ed25519, base64. The private key is never here.
    public_key TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX events_time ON events (log_id, time);

CREATE TRIGGER tree_nodes_no_update BEFORE UPDATE ON tree_nodes BEGIN SELECT RAISE(ABORT, 'tree_nodes are final'); END;
CREATE TRIGGER tree_nodes_no_delete BEFORE DELETE ON tree_nodes BEGIN SELECT RAISE(ABORT, 'tree_nodes are final'); END;
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are final'); END;
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are final'); END;
CREATE TRIGGER signing_keys_no_update BEFORE UPDATE ON signing_keys BEGIN SELECT RAISE(ABORT, 'signing_keys are final'); END;
CREATE TRIGGER signing_keys_no_delete BEFORE DELETE ON signing_keys BEGIN SELECT RAISE(ABORT, 'signing_keys are final'); END;
