-- What an action has meant for the economy so far in the plan's year, in Mnkr, as it was reported of a period.
ALTER TABLE action_reports ADD COLUMN realised_effect TEXT;

-- The body's measures that belong to no risk, as they stand in a period of its plan.
CREATE TABLE financial_measures (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    period TEXT NOT NULL,
    -- A list of {name, financialEffect, realisedEffect}.
    measures JSONB NOT NULL,
    written_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (plan_id, period)
);
