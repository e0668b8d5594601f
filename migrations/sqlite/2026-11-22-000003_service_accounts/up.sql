-- The accounts of other systems, the credentials that they get tokens by, and the hashes of their secrets, which are no
-- part of the history.

CREATE TABLE service_accounts (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    -- Its scopes reach from here downwards.
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    name TEXT NOT NULL,
    -- A list of words.
    scopes TEXT NOT NULL CHECK (json_valid(scopes)),
    expires_at TEXT NOT NULL CHECK (length(expires_at) = 27),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX service_accounts_organisation ON service_accounts (organisation_id);

CREATE TABLE service_credentials (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    service_account_id TEXT NOT NULL REFERENCES service_accounts (id) CHECK (length(service_account_id) = 36),
    -- How long it goes on to hold beside the one that took its place.
    holds_until TEXT CHECK (length(holds_until) = 27),
    revoked_at TEXT CHECK (length(revoked_at) = 27),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX service_credentials_account ON service_credentials (service_account_id, created_at, id);

CREATE TABLE service_secrets (
    credential_id TEXT PRIMARY KEY REFERENCES service_credentials (id) CHECK (length(credential_id) = 36),
    -- Hexadecimal.
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT;
