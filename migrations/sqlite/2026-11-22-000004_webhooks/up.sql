-- Webhooks: who is told of events. Their settings have a history like everything else in the register.
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    -- Events of this organisation and of those below it.
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- A list of kinds of events, `risk.*` or `plan.adopted`; empty for all.
    kinds TEXT NOT NULL CHECK (json_valid(kinds)),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- Why the register itself made it inactive.
    pause_reason TEXT,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_organisation ON webhooks (organisation_id);

-- The tables below are the machinery of sending. They have no history of their own: `events` is the outbox, and what
-- has been sent of it says nothing about the register. A row goes with its webhook.

-- What messages are signed with. After a change the old one signs beside the new until it ends.
CREATE TABLE webhook_secrets (
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) CHECK (length(webhook_id) = 36),
    secret TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    expires_at TEXT CHECK (length(expires_at) = 27),
    PRIMARY KEY (webhook_id, secret)
) STRICT;

-- One row a webhook: how its sending goes, and which service has it in hand just now.
CREATE TABLE webhook_states (
    webhook_id TEXT PRIMARY KEY REFERENCES webhooks (id) CHECK (length(webhook_id) = 36),
    -- Failures in a row of the event that comes next.
    failures INTEGER NOT NULL,
    failing_since TEXT CHECK (length(failing_since) = 27),
    next_attempt_at TEXT CHECK (length(next_attempt_at) = 27),
    -- Another one each time that a service takes it in hand; none when nobody has.
    lease TEXT CHECK (length(lease) = 36),
    leased_until TEXT CHECK (length(leased_until) = 27)
) STRICT;

-- How far into a log a webhook has been told: the position of the event that comes next.
CREATE TABLE webhook_cursors (
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) CHECK (length(webhook_id) = 36),
    log_id TEXT NOT NULL REFERENCES heads (log_id) CHECK (length(log_id) = 36),
    position INTEGER NOT NULL,
    PRIMARY KEY (webhook_id, log_id)
) STRICT;

-- Each attempt of the last thirty days.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) CHECK (length(webhook_id) = 36),
    log_id TEXT NOT NULL CHECK (length(log_id) = 36),
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- From 1, of this event.
    attempt INTEGER NOT NULL,
    at TEXT NOT NULL CHECK (length(at) = 27),
    outcome TEXT NOT NULL,
    status_code INTEGER,
    fault TEXT,
    duration_ms INTEGER NOT NULL,
    next_attempt_at TEXT CHECK (length(next_attempt_at) = 27)
) STRICT;
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, at, id);
CREATE INDEX webhook_deliveries_at ON webhook_deliveries (at);
