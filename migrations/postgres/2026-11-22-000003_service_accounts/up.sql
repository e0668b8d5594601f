-- The accounts of other systems, the credentials that they get tokens by, and the hashes of their secrets, which are no
-- part of the history.

CREATE TABLE service_accounts (
    id UUID PRIMARY KEY,
    -- Its scopes reach from here downwards.
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    -- A list of words.
    scopes JSONB NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX service_accounts_organisation ON service_accounts (organisation_id);

CREATE TABLE service_credentials (
    id UUID PRIMARY KEY,
    service_account_id UUID NOT NULL REFERENCES service_accounts (id),
    -- How long it goes on to hold beside the one that took its place.
    holds_until TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX service_credentials_account ON service_credentials (service_account_id, created_at, id);

CREATE TABLE service_secrets (
    credential_id UUID PRIMARY KEY REFERENCES service_credentials (id),
    -- Hexadecimal.
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
);
