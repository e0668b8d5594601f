-- Deficiencies (brister) in the internal control.
CREATE TABLE deficiencies (
    id UUID PRIMARY KEY,
    -- The body, or the part of it.
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    -- What it concerns, as far as it is known.
    plan_id UUID REFERENCES plans (id),
    risk_id UUID REFERENCES risks (id),
    control_id UUID REFERENCES controls (id),
    -- The control whose finding it was raised from.
    from_control_id UUID REFERENCES controls (id),
    title TEXT NOT NULL,
    description TEXT,
    severity TEXT NOT NULL,
    found_on DATE NOT NULL,
    -- Who found it: in words, or a person of the register.
    found_by TEXT,
    found_by_id UUID REFERENCES users (id),
    -- Never taken back: it decides who may see it.
    suspected_crime BOOLEAN NOT NULL,
    -- Marking of secrecy: provision, date, authority.
    secrecy JSONB,
    -- What was done.
    measures TEXT,
    reported_to_board_on DATE,
    board_paragraph TEXT,
    board_diary_number TEXT,
    reported_to_region_on DATE,
    -- With which follow-up.
    region_year INTEGER,
    region_period TEXT,
    -- What the head did about the suspicion.
    crime_handled_on DATE,
    crime_handling TEXT,
    crime_handled_by_id UUID REFERENCES users (id),
    closed_on DATE,
    closure_reason TEXT,
    closed_by_id UUID REFERENCES users (id),
    -- Who put it into the register.
    reported_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX deficiencies_organisation ON deficiencies (organisation_id, found_on);
CREATE INDEX deficiencies_reporter ON deficiencies (reported_by_id);

-- What a plan says of a deficiency that was open when it was made: carried by a risk, or justified.
CREATE TABLE plan_deficiencies (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    deficiency_id UUID NOT NULL REFERENCES deficiencies (id),
    risk_id UUID REFERENCES risks (id),
    justification TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (plan_id, deficiency_id)
);

-- Recommendations of auditors and other reviewers.
CREATE TABLE recommendations (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    source TEXT NOT NULL,
    -- The report that it stands in.
    report TEXT NOT NULL,
    diary_number TEXT,
    year INTEGER NOT NULL,
    text TEXT NOT NULL,
    -- Who answers for it at the body.
    responsible_id UUID REFERENCES users (id),
    -- The actions that meet it: a list of ids.
    action_ids JSONB NOT NULL,
    closed_on DATE,
    closure_reason TEXT,
    closed_by_id UUID REFERENCES users (id),
    created_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX recommendations_organisation ON recommendations (organisation_id, year);

-- What the two sides have said about a recommendation. Nothing is changed; more is said.
CREATE TABLE recommendation_entries (
    id UUID PRIMARY KEY,
    recommendation_id UUID NOT NULL REFERENCES recommendations (id),
    -- 'auditor' or 'body'.
    side TEXT NOT NULL,
    dated_on DATE NOT NULL,
    text TEXT NOT NULL,
    written_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX recommendation_entries_of ON recommendation_entries (recommendation_id, created_at);

-- The auditors' judgement of a body's year.
CREATE TABLE audit_opinions (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    year INTEGER NOT NULL,
    judgement TEXT NOT NULL,
    report TEXT NOT NULL,
    diary_number TEXT,
    given_on DATE NOT NULL,
    comment TEXT,
    created_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, year)
);

-- A body's own judgement of the five COSO components, in a period of its plan.
CREATE TABLE self_assessments (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    period TEXT NOT NULL,
    -- A list of {component, judgement, reason, principles}.
    components JSONB NOT NULL,
    assessed_by_id UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (plan_id, period)
);

-- What an indicator came to, for an organisation and a period of the goal's year.
CREATE TABLE outcomes (
    id UUID PRIMARY KEY,
    indicator_id UUID NOT NULL REFERENCES indicators (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    period TEXT NOT NULL,
    -- A decimal number, or yes or no.
    value TEXT,
    forecast TEXT,
    judgement TEXT,
    cause TEXT,
    -- The actions that it led to: a list of ids.
    action_ids JSONB NOT NULL,
    -- One of these two: a person, or the account of another system.
    reported_by_id UUID REFERENCES users (id),
    reported_by_account_id UUID REFERENCES service_accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (indicator_id, organisation_id, period)
);
CREATE INDEX outcomes_organisation ON outcomes (organisation_id, period);
