-- What an action has meant for the economy so far in the plan's year, in Mnkr, as it was reported of a period.
ALTER TABLE action_reports ADD COLUMN realised_effect TEXT;

-- The body's measures that belong to no risk, as they stand in a period of its plan.
CREATE TABLE financial_measures (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    period TEXT NOT NULL,
    -- A list of {name, financialEffect, realisedEffect}.
    measures TEXT NOT NULL CHECK (json_valid(measures)),
    written_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(written_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (plan_id, period)
) STRICT;
