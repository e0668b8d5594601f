-- What people have written to each other about a plan, or about a risk, a control or an action of it. Nothing is changed; more
-- is written. A note is about the one thing that it names, and about the plan where it names none of the three.
CREATE TABLE notes (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    risk_id UUID REFERENCES risks (id),
    control_id UUID REFERENCES controls (id),
    action_id UUID REFERENCES actions (id),
    text TEXT NOT NULL,
    -- Those who were told to look.
    mentioned_ids JSONB NOT NULL,
    written_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX notes_of_plan ON notes (plan_id, created_at);
CREATE INDEX notes_of_risk ON notes (risk_id, created_at);
CREATE INDEX notes_of_control ON notes (control_id, created_at);
CREATE INDEX notes_of_action ON notes (action_id, created_at);
