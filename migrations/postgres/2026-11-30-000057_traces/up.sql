-- Which trace the request counted itself to that an event came of (W3C Trace Context): it goes on with what webhooks are
-- sent. No part of the history, and kept for a while only.
CREATE TABLE traces (
    log_id UUID NOT NULL,
    n BIGINT NOT NULL,
    trace TEXT NOT NULL CHECK (length(trace) = 32),
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (log_id, n)
);
CREATE INDEX traces_at ON traces (at);
