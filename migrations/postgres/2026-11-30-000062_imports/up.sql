-- Workbooks that somebody takes into a plan: as uploaded, how they are understood, and what came of it.
CREATE TABLE imports (
    id UUID NOT NULL PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    mapping TEXT NOT NULL,
    found TEXT NOT NULL,
    answers TEXT NOT NULL,
    outcome TEXT NOT NULL,
    created_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    executed_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE INDEX imports_of_plan ON imports (plan_id);
CREATE INDEX imports_of_user ON imports (created_by_id);
CREATE INDEX imports_waiting ON imports (updated_at);
CREATE TABLE import_files (
    import_id UUID NOT NULL PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
    content BYTEA NOT NULL
);
-- What an organisation's words for people, goals and the like were answered with the last time.
CREATE TABLE import_words (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    about TEXT NOT NULL,
    word TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, about, word)
);
