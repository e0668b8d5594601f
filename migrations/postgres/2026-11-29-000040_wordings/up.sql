-- What an organisation, and those below it, call their things from a year on.
CREATE TABLE wordings (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    year INTEGER NOT NULL,
    words JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, year)
);
