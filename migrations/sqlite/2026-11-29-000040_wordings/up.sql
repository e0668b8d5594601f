-- What an organisation, and those below it, call their things from a year on.
CREATE TABLE wordings (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    year INTEGER NOT NULL,
    words TEXT NOT NULL CHECK (json_valid(words)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (organisation_id, year)
) STRICT;
