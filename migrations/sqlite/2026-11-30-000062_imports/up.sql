-- Workbooks that somebody takes into a plan: as uploaded, how they are understood, and what came of it.
CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE CHECK (length(plan_id) = 36),
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    mapping TEXT NOT NULL,
    found TEXT NOT NULL,
    answers TEXT NOT NULL,
    outcome TEXT NOT NULL,
    created_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(created_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    executed_at TEXT CHECK (length(executed_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX imports_of_plan ON imports (plan_id);
CREATE INDEX imports_of_user ON imports (created_by_id);
CREATE INDEX imports_waiting ON imports (updated_at);
CREATE TABLE import_files (
    import_id TEXT NOT NULL PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE CHECK (length(import_id) = 36),
    content BLOB NOT NULL
) STRICT;
-- What an organisation's words for people, goals and the like were answered with the last time.
CREATE TABLE import_words (
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    about TEXT NOT NULL,
    word TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    PRIMARY KEY (organisation_id, about, word)
) STRICT;
