-- What people have written to each other about a plan, or about a risk, a control or an action of it. Nothing is changed; more
-- is written. A note is about the one thing that it names, and about the plan where it names none of the three.
CREATE TABLE notes (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    risk_id TEXT REFERENCES risks (id) CHECK (length(risk_id) = 36),
    control_id TEXT REFERENCES controls (id) CHECK (length(control_id) = 36),
    action_id TEXT REFERENCES actions (id) CHECK (length(action_id) = 36),
    text TEXT NOT NULL,
    -- Those who were told to look.
    mentioned_ids TEXT NOT NULL CHECK (json_valid(mentioned_ids)),
    written_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(written_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_of_plan ON notes (plan_id, created_at);
CREATE INDEX notes_of_risk ON notes (risk_id, created_at);
CREATE INDEX notes_of_control ON notes (control_id, created_at);
CREATE INDEX notes_of_action ON notes (action_id, created_at);
