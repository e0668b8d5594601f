-- What is taken in goes into a plan, or to an organisation: its people, its parts, its goals, their outcomes.
-- SQLite takes no NOT NULL from a column: both tables are made anew, what is in them first set aside.
CREATE TABLE imports_before AS SELECT * FROM imports;
CREATE TABLE import_files_before AS SELECT * FROM import_files;
DROP TABLE import_files;
DROP TABLE imports;
CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT REFERENCES plans (id) ON DELETE CASCADE CHECK (length(plan_id) = 36),
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
    version INTEGER NOT NULL,
    organisation_id TEXT REFERENCES organisations (id) CHECK (length(organisation_id) = 36)
) STRICT;
INSERT INTO imports (id, plan_id, kind, file_name, sha256, size, mapping, found, answers, outcome, created_by_id, created_at,
    updated_at, executed_at, version)
    SELECT id, plan_id, kind, file_name, sha256, size, mapping, found, answers, outcome, created_by_id, created_at,
    updated_at, executed_at, version FROM imports_before;
CREATE TABLE import_files (
    import_id TEXT NOT NULL PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE CHECK (length(import_id) = 36),
    content BLOB NOT NULL
) STRICT;
INSERT INTO import_files SELECT import_id, content FROM import_files_before;
DROP TABLE import_files_before;
DROP TABLE imports_before;
CREATE INDEX imports_of_plan ON imports (plan_id);
CREATE INDEX imports_of_user ON imports (created_by_id);
CREATE INDEX imports_waiting ON imports (updated_at);
