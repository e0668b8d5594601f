-- The register's tables. The same names, columns and order in both databases; only the types differ.

CREATE TABLE register (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    root_id UUID NOT NULL,
    -- 'region' or 'municipality'.
    kind TEXT NOT NULL,
    -- Made by `demo`, and may be thrown away by it.
    demo BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE organisations (
    id UUID PRIMARY KEY,
    parent_id UUID REFERENCES organisations (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    abbreviation TEXT,
    -- The ids from the root to this one, each followed by '/': descendants are found by prefix.
    path TEXT NOT NULL,
    -- The nearest board or company at or above; none above the bodies.
    body_id UUID,
    valid_from DATE NOT NULL,
    valid_to DATE,
    successor_id UUID REFERENCES organisations (id),
    plans BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX organisations_path ON organisations (path text_pattern_ops);
CREATE INDEX organisations_parent ON organisations (parent_id);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    -- What the OIDC issuer calls the person.
    subject TEXT UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX users_organisation ON users (organisation_id);

CREATE TABLE credentials (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    password_hash TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    authentication TEXT NOT NULL,
    -- Which refresh token is the good one; an older one ends the session.
    generation INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE sign_in_attempts (
    -- SHA-256 of the address that was tried, known or not.
    address TEXT PRIMARY KEY,
    failed INTEGER NOT NULL,
    last_failed_at TIMESTAMPTZ NOT NULL,
    locked_until TIMESTAMPTZ,
    recorded_at TIMESTAMPTZ
);

CREATE TABLE grants (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    drafts BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (user_id, role, organisation_id)
);

-- One row a plan year: what concerns every plan of a year locks it first.
CREATE TABLE years (
    year INTEGER PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE TABLE goals (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    year INTEGER NOT NULL,
    parent_id UUID REFERENCES goals (id),
    -- The same goal of the year before.
    continues_id UUID REFERENCES goals (id),
    number TEXT,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX goals_year ON goals (year, organisation_id);

CREATE TABLE indicators (
    id UUID PRIMARY KEY,
    goal_id UUID NOT NULL REFERENCES goals (id),
    name TEXT NOT NULL,
    unit TEXT,
    comparator TEXT,
    decided_by TEXT NOT NULL,
    council_target TEXT,
    board_target TEXT,
    -- Targets of the years after: a list of {year, target}.
    later_targets JSONB NOT NULL,
    baseline_year INTEGER,
    note TEXT,
    position INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX indicators_goal ON indicators (goal_id);

CREATE TABLE scoring_policies (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE policy_versions (
    id UUID PRIMARY KEY,
    policy_id UUID NOT NULL REFERENCES scoring_policies (id),
    number INTEGER NOT NULL,
    definition JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (policy_id, number)
);

CREATE TABLE mandatory_risks (
    id UUID PRIMARY KEY,
    year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    goal_id UUID NOT NULL REFERENCES goals (id),
    continues_id UUID REFERENCES mandatory_risks (id),
    issued_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    withdrawal_reason TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX mandatory_risks_year ON mandatory_risks (year);

CREATE TABLE standing_texts (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    year INTEGER NOT NULL,
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, year, language, key)
);

CREATE TABLE plans (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    year INTEGER NOT NULL,
    status TEXT NOT NULL,
    adopted_revision INTEGER,
    policy_version_id UUID NOT NULL REFERENCES policy_versions (id),
    -- Goal ids in the plan's own order.
    goal_order JSONB NOT NULL,
    -- The body's own first.
    diary_numbers JSONB NOT NULL,
    decided_on DATE,
    deciding_board TEXT,
    paragraph TEXT,
    -- The snapshot that lies before the board, in sealed_files: the adoption seals what it says.
    proposed_sha256 TEXT CHECK (length(proposed_sha256) = 64),
    -- Why the plan came back from the board, or from the region.
    return_reason TEXT,
    -- Why an adopted plan must be revised.
    revision_reason TEXT,
    from_plan_id UUID REFERENCES plans (id),
    delivered_on DATE,
    delivered_revision INTEGER,
    -- Assessments, owners and categories are made up for demonstration.
    illustrative BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, year)
);
CREATE INDEX plans_year ON plans (year);

CREATE TABLE plan_sections (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    section TEXT NOT NULL,
    text TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (plan_id, section)
);

CREATE TABLE revisions (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    number INTEGER NOT NULL,
    decided_on DATE NOT NULL,
    deciding_board TEXT NOT NULL,
    paragraph TEXT NOT NULL,
    diary_numbers JSONB NOT NULL,
    policy_version_id UUID NOT NULL REFERENCES policy_versions (id),
    snapshot_sha256 TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (plan_id, number)
);

-- The very bytes that were sealed, under their own hash.
CREATE TABLE sealed_files (
    sha256 TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL
);

CREATE TABLE risks (
    id UUID PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES plans (id),
    identity_id UUID NOT NULL,
    previous_id UUID REFERENCES risks (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    goal_id UUID REFERENCES goals (id),
    local_goal TEXT,
    position INTEGER NOT NULL,
    number INTEGER,
    -- The number of its first adoption, kept through later revisions.
    fixed_number INTEGER,
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    category TEXT,
    owner_id UUID REFERENCES users (id),
    likelihood INTEGER,
    consequence INTEGER,
    score INTEGER,
    level TEXT,
    confirmed BOOLEAN NOT NULL,
    target_level TEXT,
    response TEXT,
    justification TEXT,
    irregularity BOOLEAN NOT NULL,
    secrecy JSONB,
    mandatory_id UUID REFERENCES mandatory_risks (id),
    area_id UUID REFERENCES mandatory_risks (id),
    -- A mandatory risk of last year without a successor this year: carried as an ordinary one.
    formerly_mandatory BOOLEAN NOT NULL,
    included BOOLEAN NOT NULL,
    inclusion_reason TEXT NOT NULL,
    decision_reason TEXT,
    set_aside_reason TEXT,
    retired_on DATE,
    retirement_reason TEXT,
    -- It has stood in an adopted revision, so it can be retired but never deleted.
    adopted BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX risks_plan ON risks (plan_id, number, id);
CREATE INDEX risks_identity ON risks (identity_id);
CREATE INDEX risks_owner ON risks (owner_id);
CREATE INDEX risks_updated ON risks (updated_at, id);
CREATE INDEX risks_mandatory ON risks (mandatory_id);
CREATE INDEX risks_area ON risks (area_id);
CREATE INDEX risks_score ON risks (score, id);

-- References are unique in a body over all years.
CREATE TABLE risk_references (
    body_id UUID NOT NULL,
    reference TEXT NOT NULL,
    identity_id UUID NOT NULL,
    PRIMARY KEY (body_id, reference)
);
CREATE INDEX risk_references_identity ON risk_references (identity_id);

CREATE TABLE assessments (
    id UUID PRIMARY KEY,
    risk_id UUID NOT NULL REFERENCES risks (id),
    plan_id UUID NOT NULL REFERENCES plans (id),
    sequence INTEGER NOT NULL,
    policy_version_id UUID NOT NULL REFERENCES policy_versions (id),
    likelihood INTEGER NOT NULL,
    consequence INTEGER NOT NULL,
    score INTEGER NOT NULL,
    level TEXT NOT NULL,
    reason TEXT,
    confirmed BOOLEAN NOT NULL,
    -- None when the register copied it from last year's plan.
    assessed_by_id UUID REFERENCES users (id),
    assessed_at TIMESTAMPTZ NOT NULL,
    copied_from_id UUID REFERENCES assessments (id),
    version BIGINT NOT NULL,
    UNIQUE (risk_id, sequence)
);
CREATE INDEX assessments_plan ON assessments (plan_id);

CREATE TABLE controls (
    id UUID PRIMARY KEY,
    risk_id UUID NOT NULL REFERENCES risks (id),
    plan_id UUID NOT NULL REFERENCES plans (id),
    previous_id UUID REFERENCES controls (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    frequency TEXT,
    recurrences JSONB NOT NULL,
    due_period TEXT,
    due_date DATE,
    responsible_id UUID REFERENCES users (id),
    indicator_ids JSONB NOT NULL,
    adopted BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX controls_risk ON controls (risk_id, position, id);
CREATE INDEX controls_plan ON controls (plan_id);
CREATE INDEX controls_responsible ON controls (responsible_id);
CREATE INDEX controls_updated ON controls (updated_at, id);

CREATE TABLE actions (
    id UUID PRIMARY KEY,
    risk_id UUID NOT NULL REFERENCES risks (id),
    plan_id UUID NOT NULL REFERENCES plans (id),
    previous_id UUID REFERENCES actions (id),
    from_control_id UUID REFERENCES controls (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    start_date DATE,
    end_date DATE,
    end_date_reason TEXT,
    responsible_id UUID REFERENCES users (id),
    financial_effect JSONB,
    added_after_adoption BOOLEAN NOT NULL,
    adopted BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX actions_risk ON actions (risk_id, position, id);
CREATE INDEX actions_plan ON actions (plan_id);
CREATE INDEX actions_responsible ON actions (responsible_id);
CREATE INDEX actions_updated ON actions (updated_at, id);

-- One log for the region and one for each body: how far it has come. Locked last in every write.
CREATE TABLE heads (
    log_id UUID PRIMARY KEY REFERENCES organisations (id),
    size BIGINT NOT NULL,
    last_time TIMESTAMPTZ NOT NULL
);

-- The history. Rows are final: `body` holds the canonical bytes (RFC 8785), the columns beside it are for queries.
CREATE TABLE events (
    log_id UUID NOT NULL REFERENCES heads (log_id),
    n BIGINT NOT NULL,
    time TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    schema_version INTEGER NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (log_id, n)
);
CREATE INDEX events_entity ON events (entity_id, log_id, n);

-- What the commitments in events hide: salt and value of each text.
CREATE TABLE openings (
    commitment TEXT PRIMARY KEY,
    log_id UUID NOT NULL,
    n BIGINT NOT NULL,
    pointer TEXT NOT NULL,
    entity_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    value TEXT NOT NULL,
    FOREIGN KEY (log_id, n) REFERENCES events (log_id, n)
);
CREATE INDEX openings_event ON openings (log_id, n);
CREATE INDEX openings_entity ON openings (entity_id);

-- Answers kept for 24 hours, so that the same request twice makes one thing.
CREATE TABLE idempotency (
    principal TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers JSONB NOT NULL,
    body BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (principal, method, path, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- Search without regard to case, å, ä and ö too.
CREATE FUNCTION fold(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(value COLLATE "und-x-icu") $$;

-- History and sealed files are never changed by the application.
CREATE FUNCTION refuse_change() RETURNS TRIGGER LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% are final', TG_TABLE_NAME; END $$;
CREATE TRIGGER events_final BEFORE UPDATE OR DELETE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revisions_final BEFORE UPDATE OR DELETE OR TRUNCATE ON revisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_files_final BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
