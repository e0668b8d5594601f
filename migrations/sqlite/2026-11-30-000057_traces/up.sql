-- Which trace the request counted itself to that an event came of (W3C Trace Context): it goes on with what webhooks are
-- sent. No part of the history, and kept for a while only.
CREATE TABLE traces (
    log_id TEXT NOT NULL CHECK (length(log_id) = 36),
    n INTEGER NOT NULL,
    trace TEXT NOT NULL CHECK (length(trace) = 32),
    at TEXT NOT NULL CHECK (length(at) = 27),
    PRIMARY KEY (log_id, n)
) STRICT;
CREATE INDEX traces_at ON traces (at);
