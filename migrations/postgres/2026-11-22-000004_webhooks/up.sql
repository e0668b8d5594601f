-- Webhooks: who is told of events. Their settings have a history like everything else in the register.
CREATE TABLE webhooks (
    id UUID PRIMARY KEY,
    -- Events of this organisation and of those below it.
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- A list of kinds of events, `risk.*` or `plan.adopted`; empty for all.
    kinds JSONB NOT NULL,
    active BOOLEAN NOT NULL,
    -- Why the register itself made it inactive.
    pause_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX webhooks_organisation ON webhooks (organisation_id);

-- The tables below are the machinery of sending. They have no history of their own: `events` is the outbox, and what
-- has been sent of it says nothing about the register. A row goes with its webhook.

-- What messages are signed with. After a change the old one signs beside the new until it ends.
CREATE TABLE webhook_secrets (
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    secret TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    PRIMARY KEY (webhook_id, secret)
);

-- One row a webhook: how its sending goes, and which service has it in hand just now.
CREATE TABLE webhook_states (
    webhook_id UUID PRIMARY KEY REFERENCES webhooks (id),
    -- Failures in a row of the event that comes next.
    failures INTEGER NOT NULL,
    failing_since TIMESTAMPTZ,
    next_attempt_at TIMESTAMPTZ,
    -- Another one each time that a service takes it in hand; none when nobody has.
    lease UUID,
    leased_until TIMESTAMPTZ
);

-- How far into a log a webhook has been told: the position of the event that comes next.
CREATE TABLE webhook_cursors (
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    log_id UUID NOT NULL REFERENCES heads (log_id),
    position BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, log_id)
);

-- Each attempt of the last thirty days.
CREATE TABLE webhook_deliveries (
    id UUID PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    log_id UUID NOT NULL,
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- From 1, of this event.
    attempt INTEGER NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    outcome TEXT NOT NULL,
    status_code INTEGER,
    fault TEXT,
    duration_ms INTEGER NOT NULL,
    next_attempt_at TIMESTAMPTZ
);
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, at, id);
CREATE INDEX webhook_deliveries_at ON webhook_deliveries (at);
