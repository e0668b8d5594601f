-- What the region makes of every body's follow-up of a period.
CREATE TABLE compiled_reports (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- From 1 for each year and kind.
    number INTEGER NOT NULL,
    replaces_id UUID REFERENCES compiled_reports (id),
    status TEXT NOT NULL,
    introduction TEXT,
    conclusion TEXT,
    diary_numbers JSONB NOT NULL,
    final_on DATE,
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
    UNIQUE (year, kind, number)
);
CREATE INDEX compiled_reports_replaces ON compiled_reports (replaces_id);
