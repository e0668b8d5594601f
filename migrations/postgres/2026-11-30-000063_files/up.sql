-- Files that people leave as evidence of a control, an action, a status of one of them in a period, or a deficiency.
CREATE TABLE files (
    id UUID NOT NULL PRIMARY KEY,
    plan_id UUID REFERENCES plans (id),
    control_id UUID REFERENCES controls (id),
    action_id UUID REFERENCES actions (id),
    deficiency_id UUID REFERENCES deficiencies (id),
    period TEXT,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    uploaded_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    removed_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE INDEX files_of_plan ON files (plan_id);
CREATE INDEX files_of_control ON files (control_id);
CREATE INDEX files_of_action ON files (action_id);
CREATE INDEX files_of_deficiency ON files (deficiency_id);
CREATE INDEX files_of_user ON files (uploaded_by_id);
CREATE INDEX files_with_content ON files (sha256);
-- What lies in the store of files, each under the SHA-256 of what it holds; once erased until it is taken away there.
CREATE TABLE stored_files (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    erased_at TIMESTAMPTZ
);
CREATE INDEX stored_files_erased ON stored_files (erased_at);
