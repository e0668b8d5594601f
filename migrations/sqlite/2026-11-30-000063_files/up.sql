-- Files that people leave as evidence of a control, an action, a status of one of them in a period, or a deficiency.
CREATE TABLE files (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT REFERENCES plans (id) CHECK (length(plan_id) = 36),
    control_id TEXT REFERENCES controls (id) CHECK (length(control_id) = 36),
    action_id TEXT REFERENCES actions (id) CHECK (length(action_id) = 36),
    deficiency_id TEXT REFERENCES deficiencies (id) CHECK (length(deficiency_id) = 36),
    period TEXT,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    uploaded_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(uploaded_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    removed_at TEXT CHECK (length(removed_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX files_of_plan ON files (plan_id);
CREATE INDEX files_of_control ON files (control_id);
CREATE INDEX files_of_action ON files (action_id);
CREATE INDEX files_of_deficiency ON files (deficiency_id);
CREATE INDEX files_of_user ON files (uploaded_by_id);
CREATE INDEX files_with_content ON files (sha256);
-- What lies in the store of files, each under the SHA-256 of what it holds; once erased until it is taken away there.
CREATE TABLE stored_files (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    erased_at TEXT CHECK (length(erased_at) = 27)
) STRICT;
CREATE INDEX stored_files_erased ON stored_files (erased_at);
