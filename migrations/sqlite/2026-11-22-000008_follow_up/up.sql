-- Follow-up: what is due in a period, what was reported of it, and the report that the board decides on.

-- The region's last day to report for a period of a year.
CREATE TABLE deadlines (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    year INTEGER NOT NULL,
    period TEXT NOT NULL,
    due_on TEXT NOT NULL CHECK (length(due_on) = 10),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (year, period)
) STRICT;

-- A follow-up period of a plan, once something has been decided about it; until then it is open.
CREATE TABLE periods (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    period TEXT NOT NULL,
    -- The body's own, earlier than the region's.
    deadline TEXT CHECK (length(deadline) = 10),
    -- Due although it ended before the first adoption.
    required INTEGER NOT NULL CHECK (required IN (0, 1)),
    status TEXT NOT NULL,
    closed_on TEXT CHECK (length(closed_on) = 10),
    closed_by_id TEXT REFERENCES users (id) CHECK (length(closed_by_id) = 36),
    reopening_reason TEXT,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (plan_id, period)
) STRICT;

-- What was reported of a control in a period; the newest counts. With a reason it is a correction, which counts for nothing and stands beside.
CREATE TABLE control_reports (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    control_id TEXT NOT NULL REFERENCES controls (id) CHECK (length(control_id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    period TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    comment TEXT,
    counts TEXT CHECK (json_valid(counts)),
    "references" TEXT NOT NULL CHECK (json_valid("references")),
    secrecy TEXT CHECK (json_valid(secrecy)),
    correction_reason TEXT,
    reported_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(reported_by_id) = 36),
    on_behalf_of_id TEXT REFERENCES users (id) CHECK (length(on_behalf_of_id) = 36),
    reported_at TEXT NOT NULL CHECK (length(reported_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (control_id, period, sequence)
) STRICT;
CREATE INDEX control_reports_plan ON control_reports (plan_id, period);

-- What was reported of an action in a period, as of a control.
CREATE TABLE action_reports (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    action_id TEXT NOT NULL REFERENCES actions (id) CHECK (length(action_id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    period TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    effect TEXT NOT NULL,
    completed_on TEXT CHECK (length(completed_on) = 10),
    comment TEXT,
    "references" TEXT NOT NULL CHECK (json_valid("references")),
    secrecy TEXT CHECK (json_valid(secrecy)),
    correction_reason TEXT,
    reported_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(reported_by_id) = 36),
    on_behalf_of_id TEXT REFERENCES users (id) CHECK (length(on_behalf_of_id) = 36),
    reported_at TEXT NOT NULL CHECK (length(reported_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (action_id, period, sequence)
) STRICT;
CREATE INDEX action_reports_plan ON action_reports (plan_id, period);

-- The report of a period that the board decides on.
CREATE TABLE reports (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    kind TEXT NOT NULL,
    -- From 1 for each kind.
    number INTEGER NOT NULL,
    replaces_id TEXT REFERENCES reports (id) CHECK (length(replaces_id) = 36),
    status TEXT NOT NULL,
    -- The revision of the plan that it follows up.
    revision INTEGER NOT NULL,
    introduction TEXT,
    conclusion TEXT,
    assurance TEXT,
    shown_to_management_on TEXT CHECK (length(shown_to_management_on) = 10),
    diary_numbers TEXT NOT NULL CHECK (json_valid(diary_numbers)),
    return_reason TEXT,
    decided_on TEXT CHECK (length(decided_on) = 10),
    deciding_board TEXT,
    paragraph TEXT,
    -- The snapshot that was made final.
    final_sha256 TEXT,
    snapshot_sha256 TEXT,
    document_sha256 TEXT,
    docx_sha256 TEXT,
    xlsx_sha256 TEXT,
    public_snapshot_sha256 TEXT,
    public_document_sha256 TEXT,
    public_docx_sha256 TEXT,
    public_xlsx_sha256 TEXT,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (plan_id, kind, number)
) STRICT;

-- A control or an action that was taken out of an adopted plan in a revision stays for what was reported of it:
-- the number of that revision.
ALTER TABLE controls ADD COLUMN removed_in INTEGER;
ALTER TABLE actions ADD COLUMN removed_in INTEGER;
