-- What the region makes of every body's follow-up of a period.
CREATE TABLE compiled_reports (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- From 1 for each year and kind.
    number INTEGER NOT NULL,
    replaces_id TEXT REFERENCES compiled_reports (id) CHECK (length(replaces_id) = 36),
    status TEXT NOT NULL,
    introduction TEXT,
    conclusion TEXT,
    diary_numbers TEXT NOT NULL CHECK (json_valid(diary_numbers)),
    final_on TEXT CHECK (length(final_on) = 10),
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
    UNIQUE (year, kind, number)
) STRICT;
CREATE INDEX compiled_reports_replaces ON compiled_reports (replaces_id);
