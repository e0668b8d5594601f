-- Follow-up: what is due in a period, what was reported of it, and the report that the board decides on.

-- The region's last day to report for a period of a year.
CREATE TABLE deadlines (
    id UUID PRIMARY KEY,
    year INTEGER NOT NULL,
    period TEXT NOT NULL,
    due_on DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (year, period)
);

-- A follow-up period of a plan, once something has been decided about it; until then it is open.
CREATE TABLE periods (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    period TEXT NOT NULL,
    -- The body's own, earlier than the region's.
    deadline DATE,
    -- Due although it ended before the first adoption.
    required BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    closed_on DATE,
    closed_by_id UUID REFERENCES users (id),
    reopening_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (plan_id, period)
);

-- What was reported of a control in a period; the newest counts. With a reason it is a correction, which counts for nothing and stands beside.
CREATE TABLE control_reports (
    id UUID PRIMARY KEY,
    control_id UUID NOT NULL REFERENCES controls (id),
    plan_id UUID NOT NULL REFERENCES plans (id),
    period TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    comment TEXT,
    counts JSONB,
    "references" JSONB NOT NULL,
    secrecy JSONB,
    correction_reason TEXT,
    reported_by_id UUID NOT NULL REFERENCES users (id),
    on_behalf_of_id UUID REFERENCES users (id),
    reported_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (control_id, period, sequence)
);
CREATE INDEX control_reports_plan ON control_reports (plan_id, period);

-- What was reported of an action in a period, as of a control.
CREATE TABLE action_reports (
    id UUID PRIMARY KEY,
    action_id UUID NOT NULL REFERENCES actions (id),
    plan_id UUID NOT NULL REFERENCES plans (id),
    period TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    effect TEXT NOT NULL,
    completed_on DATE,
    comment TEXT,
    "references" JSONB NOT NULL,
    secrecy JSONB,
    correction_reason TEXT,
    reported_by_id UUID NOT NULL REFERENCES users (id),
    on_behalf_of_id UUID REFERENCES users (id),
    reported_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (action_id, period, sequence)
);
CREATE INDEX action_reports_plan ON action_reports (plan_id, period);

-- The report of a period that the board decides on.
CREATE TABLE reports (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    kind TEXT NOT NULL,
    -- From 1 for each kind.
    number INTEGER NOT NULL,
    replaces_id UUID REFERENCES reports (id),
    status TEXT NOT NULL,
    -- The revision of the plan that it follows up.
    revision INTEGER NOT NULL,
    introduction TEXT,
    conclusion TEXT,
    assurance TEXT,
    shown_to_management_on DATE,
    diary_numbers JSONB NOT NULL,
    return_reason TEXT,
    decided_on DATE,
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
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (plan_id, kind, number)
);

-- A control or an action that was taken out of an adopted plan in a revision stays for what was reported of it:
-- the number of that revision.
ALTER TABLE controls ADD COLUMN removed_in INTEGER;
ALTER TABLE actions ADD COLUMN removed_in INTEGER;
