-- Deficiencies (brister) in the internal control.
CREATE TABLE deficiencies (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    -- The body, or the part of it.
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    -- What it concerns, as far as it is known.
    plan_id TEXT REFERENCES plans (id) CHECK (length(plan_id) = 36),
    risk_id TEXT REFERENCES risks (id) CHECK (length(risk_id) = 36),
    control_id TEXT REFERENCES controls (id) CHECK (length(control_id) = 36),
    -- The control whose finding it was raised from.
    from_control_id TEXT REFERENCES controls (id) CHECK (length(from_control_id) = 36),
    title TEXT NOT NULL,
    description TEXT,
    severity TEXT NOT NULL,
    found_on TEXT NOT NULL CHECK (length(found_on) = 10),
    -- Who found it: in words, or a person of the register.
    found_by TEXT,
    found_by_id TEXT REFERENCES users (id) CHECK (length(found_by_id) = 36),
    -- Never taken back: it decides who may see it.
    suspected_crime INTEGER NOT NULL CHECK (suspected_crime IN (0, 1)),
    -- Marking of secrecy: provision, date, authority.
    secrecy TEXT CHECK (json_valid(secrecy)),
    -- What was done.
    measures TEXT,
    reported_to_board_on TEXT CHECK (length(reported_to_board_on) = 10),
    board_paragraph TEXT,
    board_diary_number TEXT,
    reported_to_region_on TEXT CHECK (length(reported_to_region_on) = 10),
    -- With which follow-up.
    region_year INTEGER,
    region_period TEXT,
    -- What the head did about the suspicion.
    crime_handled_on TEXT CHECK (length(crime_handled_on) = 10),
    crime_handling TEXT,
    crime_handled_by_id TEXT REFERENCES users (id) CHECK (length(crime_handled_by_id) = 36),
    closed_on TEXT CHECK (length(closed_on) = 10),
    closure_reason TEXT,
    closed_by_id TEXT REFERENCES users (id) CHECK (length(closed_by_id) = 36),
    -- Who put it into the register.
    reported_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(reported_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX deficiencies_organisation ON deficiencies (organisation_id, found_on);
CREATE INDEX deficiencies_reporter ON deficiencies (reported_by_id);

-- What a plan says of a deficiency that was open when it was made: carried by a risk, or justified.
CREATE TABLE plan_deficiencies (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    deficiency_id TEXT NOT NULL REFERENCES deficiencies (id) CHECK (length(deficiency_id) = 36),
    risk_id TEXT REFERENCES risks (id) CHECK (length(risk_id) = 36),
    justification TEXT,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (plan_id, deficiency_id)
) STRICT;

-- Recommendations of auditors and other reviewers.
CREATE TABLE recommendations (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    source TEXT NOT NULL,
    -- The report that it stands in.
    report TEXT NOT NULL,
    diary_number TEXT,
    year INTEGER NOT NULL,
    text TEXT NOT NULL,
    -- Who answers for it at the body.
    responsible_id TEXT REFERENCES users (id) CHECK (length(responsible_id) = 36),
    -- The actions that meet it: a list of ids.
    action_ids TEXT NOT NULL CHECK (json_valid(action_ids)),
    closed_on TEXT CHECK (length(closed_on) = 10),
    closure_reason TEXT,
    closed_by_id TEXT REFERENCES users (id) CHECK (length(closed_by_id) = 36),
    created_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(created_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX recommendations_organisation ON recommendations (organisation_id, year);

-- What the two sides have said about a recommendation. Nothing is changed; more is said.
CREATE TABLE recommendation_entries (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    recommendation_id TEXT NOT NULL REFERENCES recommendations (id) CHECK (length(recommendation_id) = 36),
    -- 'auditor' or 'body'.
    side TEXT NOT NULL,
    dated_on TEXT NOT NULL CHECK (length(dated_on) = 10),
    text TEXT NOT NULL,
    written_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(written_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX recommendation_entries_of ON recommendation_entries (recommendation_id, created_at);

-- The auditors' judgement of a body's year.
CREATE TABLE audit_opinions (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    year INTEGER NOT NULL,
    judgement TEXT NOT NULL,
    report TEXT NOT NULL,
    diary_number TEXT,
    given_on TEXT NOT NULL CHECK (length(given_on) = 10),
    comment TEXT,
    created_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(created_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (organisation_id, year)
) STRICT;

-- A body's own judgement of the five COSO components, in a period of its plan.
CREATE TABLE self_assessments (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    period TEXT NOT NULL,
    -- A list of {component, judgement, reason, principles}.
    components TEXT NOT NULL CHECK (json_valid(components)),
    assessed_by_id TEXT NOT NULL REFERENCES users (id) CHECK (length(assessed_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (plan_id, period)
) STRICT;

-- What an indicator came to, for an organisation and a period of the goal's year.
CREATE TABLE outcomes (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    indicator_id TEXT NOT NULL REFERENCES indicators (id) CHECK (length(indicator_id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    period TEXT NOT NULL,
    -- A decimal number, or yes or no.
    value TEXT,
    forecast TEXT,
    judgement TEXT,
    cause TEXT,
    -- The actions that it led to: a list of ids.
    action_ids TEXT NOT NULL CHECK (json_valid(action_ids)),
    -- One of these two: a person, or the account of another system.
    reported_by_id TEXT REFERENCES users (id) CHECK (length(reported_by_id) = 36),
    reported_by_account_id TEXT REFERENCES service_accounts (id) CHECK (length(reported_by_account_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (indicator_id, organisation_id, period)
) STRICT;
CREATE INDEX outcomes_organisation ON outcomes (organisation_id, period);
