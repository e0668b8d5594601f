-- Erasure (gallring) of personal and free text, by a decision and two administrators.
CREATE TABLE erasures (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL CHECK (length(entity_id) = 36),
    -- The names of the fields whose texts are erased.
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    -- The decision's reference: diary number and paragraph.
    decision TEXT NOT NULL,
    requested_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(requested_by_id) = 36),
    confirmed_by_id TEXT REFERENCES users (id) CHECK (length(confirmed_by_id) = 36),
    confirmed_at TEXT CHECK (length(confirmed_at) = 27),
    -- The commitments whose salts and values were removed.
    commitments TEXT NOT NULL CHECK (json_valid(commitments)),
    -- Hashes of the sealed files that still hold one of the texts.
    sealed_files TEXT NOT NULL CHECK (json_valid(sealed_files)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;

CREATE TRIGGER openings_no_update BEFORE UPDATE ON openings BEGIN SELECT RAISE(ABORT, 'openings are final'); END;
