-- The register's tables. The same names, columns and order in both databases; only the types differ.

CREATE TABLE register (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    root_id TEXT NOT NULL CHECK (length(root_id) = 36),
    -- 'region' or 'municipality'.
    kind TEXT NOT NULL,
    -- Made by `demo`, and may be thrown away by it.
    demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27)
) STRICT;

CREATE TABLE organisations (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    parent_id TEXT REFERENCES organisations (id) CHECK (length(parent_id) = 36),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    abbreviation TEXT,
    -- The ids from the root to this one, each followed by '/': descendants are found by prefix.
    path TEXT NOT NULL,
    -- The nearest board or company at or above; none above the bodies.
    body_id TEXT CHECK (length(body_id) = 36),
    valid_from TEXT NOT NULL CHECK (length(valid_from) = 10),
    valid_to TEXT CHECK (length(valid_to) = 10),
    successor_id TEXT REFERENCES organisations (id) CHECK (length(successor_id) = 36),
    plans INTEGER NOT NULL CHECK (plans IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX organisations_path ON organisations (path);
CREATE INDEX organisations_parent ON organisations (parent_id);

CREATE TABLE users (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- What the OIDC issuer calls the person.
    subject TEXT UNIQUE,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX users_organisation ON users (organisation_id);

CREATE TABLE credentials (
    user_id TEXT PRIMARY KEY REFERENCES users (id) CHECK (length(user_id) = 36),
    password_hash TEXT NOT NULL,
    changed_at TEXT NOT NULL CHECK (length(changed_at) = 27)
) STRICT;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    user_id TEXT NOT NULL REFERENCES users (id) CHECK (length(user_id) = 36),
    authentication TEXT NOT NULL,
    -- Which refresh token is the good one; an older one ends the session.
    generation INTEGER NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    expires_at TEXT NOT NULL CHECK (length(expires_at) = 27),
    ended_at TEXT CHECK (length(ended_at) = 27)
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE sign_in_attempts (
    -- SHA-256 of the address that was tried, known or not.
    address TEXT PRIMARY KEY,
    failed INTEGER NOT NULL,
    last_failed_at TEXT NOT NULL CHECK (length(last_failed_at) = 27),
    locked_until TEXT CHECK (length(locked_until) = 27),
    recorded_at TEXT CHECK (length(recorded_at) = 27)
) STRICT;

CREATE TABLE grants (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    user_id TEXT NOT NULL REFERENCES users (id) CHECK (length(user_id) = 36),
    role TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    drafts INTEGER NOT NULL CHECK (drafts IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (user_id, role, organisation_id)
) STRICT;

-- One row a plan year: what concerns every plan of a year locks it first.
CREATE TABLE years (
    year INTEGER PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE goals (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    year INTEGER NOT NULL,
    parent_id TEXT REFERENCES goals (id) CHECK (length(parent_id) = 36),
    -- The same goal of the year before.
    continues_id TEXT REFERENCES goals (id) CHECK (length(continues_id) = 36),
    number TEXT,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX goals_year ON goals (year, organisation_id);

CREATE TABLE indicators (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    goal_id TEXT NOT NULL REFERENCES goals (id) CHECK (length(goal_id) = 36),
    name TEXT NOT NULL,
    unit TEXT,
    comparator TEXT,
    decided_by TEXT NOT NULL,
    council_target TEXT,
    board_target TEXT,
    -- Targets of the years after: a list of {year, target}.
    later_targets TEXT NOT NULL CHECK (json_valid(later_targets)),
    baseline_year INTEGER,
    note TEXT,
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX indicators_goal ON indicators (goal_id);

CREATE TABLE scoring_policies (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    name TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE policy_versions (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    policy_id TEXT NOT NULL REFERENCES scoring_policies (id) CHECK (length(policy_id) = 36),
    number INTEGER NOT NULL,
    definition TEXT NOT NULL CHECK (json_valid(definition)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (policy_id, number)
) STRICT;

CREATE TABLE mandatory_risks (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    goal_id TEXT NOT NULL REFERENCES goals (id) CHECK (length(goal_id) = 36),
    continues_id TEXT REFERENCES mandatory_risks (id) CHECK (length(continues_id) = 36),
    issued_at TEXT NOT NULL CHECK (length(issued_at) = 27),
    withdrawn_at TEXT CHECK (length(withdrawn_at) = 27),
    withdrawal_reason TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX mandatory_risks_year ON mandatory_risks (year);

CREATE TABLE standing_texts (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    year INTEGER NOT NULL,
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (organisation_id, year, language, key)
) STRICT;

CREATE TABLE plans (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    year INTEGER NOT NULL,
    status TEXT NOT NULL,
    adopted_revision INTEGER,
    policy_version_id TEXT NOT NULL REFERENCES policy_versions (id) CHECK (length(policy_version_id) = 36),
    -- Goal ids in the plan's own order.
    goal_order TEXT NOT NULL CHECK (json_valid(goal_order)),
    -- The body's own first.
    diary_numbers TEXT NOT NULL CHECK (json_valid(diary_numbers)),
    decided_on TEXT CHECK (length(decided_on) = 10),
    deciding_board TEXT,
    paragraph TEXT,
    -- The snapshot that lies before the board, in sealed_files: the adoption seals what it says.
    proposed_sha256 TEXT CHECK (length(proposed_sha256) = 64),
    -- Why the plan came back from the board, or from the region.
    return_reason TEXT,
    -- Why an adopted plan must be revised.
    revision_reason TEXT,
    from_plan_id TEXT REFERENCES plans (id) CHECK (length(from_plan_id) = 36),
    delivered_on TEXT CHECK (length(delivered_on) = 10),
    delivered_revision INTEGER,
    -- Assessments, owners and categories are made up for demonstration.
    illustrative INTEGER NOT NULL CHECK (illustrative IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (organisation_id, year)
) STRICT;
CREATE INDEX plans_year ON plans (year);

CREATE TABLE plan_sections (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    section TEXT NOT NULL,
    text TEXT NOT NULL,
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (plan_id, section)
) STRICT;

CREATE TABLE revisions (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    number INTEGER NOT NULL,
    decided_on TEXT NOT NULL CHECK (length(decided_on) = 10),
    deciding_board TEXT NOT NULL,
    paragraph TEXT NOT NULL,
    diary_numbers TEXT NOT NULL CHECK (json_valid(diary_numbers)),
    policy_version_id TEXT NOT NULL REFERENCES policy_versions (id) CHECK (length(policy_version_id) = 36),
    snapshot_sha256 TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    version INTEGER NOT NULL,
    UNIQUE (plan_id, number)
) STRICT;

-- The very bytes that were sealed, under their own hash.
CREATE TABLE sealed_files (
    sha256 TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE risks (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    identity_id TEXT NOT NULL CHECK (length(identity_id) = 36),
    previous_id TEXT REFERENCES risks (id) CHECK (length(previous_id) = 36),
    organisation_id TEXT NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 36),
    goal_id TEXT REFERENCES goals (id) CHECK (length(goal_id) = 36),
    local_goal TEXT,
    position INTEGER NOT NULL,
    number INTEGER,
    -- The number of its first adoption, kept through later revisions.
    fixed_number INTEGER,
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    category TEXT,
    owner_id TEXT REFERENCES users (id) CHECK (length(owner_id) = 36),
    likelihood INTEGER,
    consequence INTEGER,
    score INTEGER,
    level TEXT,
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    target_level TEXT,
    response TEXT,
    justification TEXT,
    irregularity INTEGER NOT NULL CHECK (irregularity IN (0, 1)),
    secrecy TEXT CHECK (json_valid(secrecy)),
    mandatory_id TEXT REFERENCES mandatory_risks (id) CHECK (length(mandatory_id) = 36),
    area_id TEXT REFERENCES mandatory_risks (id) CHECK (length(area_id) = 36),
    -- A mandatory risk of last year without a successor this year: carried as an ordinary one.
    formerly_mandatory INTEGER NOT NULL CHECK (formerly_mandatory IN (0, 1)),
    included INTEGER NOT NULL CHECK (included IN (0, 1)),
    inclusion_reason TEXT NOT NULL,
    decision_reason TEXT,
    set_aside_reason TEXT,
    retired_on TEXT CHECK (length(retired_on) = 10),
    retirement_reason TEXT,
    -- It has stood in an adopted revision, so it can be retired but never deleted.
    adopted INTEGER NOT NULL CHECK (adopted IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX risks_plan ON risks (plan_id, number, id);
CREATE INDEX risks_identity ON risks (identity_id);
CREATE INDEX risks_owner ON risks (owner_id);
CREATE INDEX risks_updated ON risks (updated_at, id);
CREATE INDEX risks_mandatory ON risks (mandatory_id);
CREATE INDEX risks_area ON risks (area_id);
CREATE INDEX risks_score ON risks (score, id);

-- References are unique in a body over all years.
CREATE TABLE risk_references (
    body_id TEXT NOT NULL CHECK (length(body_id) = 36),
    reference TEXT NOT NULL,
    identity_id TEXT NOT NULL CHECK (length(identity_id) = 36),
    PRIMARY KEY (body_id, reference)
) STRICT;
CREATE INDEX risk_references_identity ON risk_references (identity_id);

CREATE TABLE assessments (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    risk_id TEXT NOT NULL REFERENCES risks (id) CHECK (length(risk_id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    sequence INTEGER NOT NULL,
    policy_version_id TEXT NOT NULL REFERENCES policy_versions (id) CHECK (length(policy_version_id) = 36),
    likelihood INTEGER NOT NULL,
    consequence INTEGER NOT NULL,
    score INTEGER NOT NULL,
    level TEXT NOT NULL,
    reason TEXT,
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    -- None when the register copied it from last year's plan.
    assessed_by_id TEXT REFERENCES users (id) CHECK (length(assessed_by_id) = 36),
    assessed_at TEXT NOT NULL CHECK (length(assessed_at) = 27),
    copied_from_id TEXT REFERENCES assessments (id) CHECK (length(copied_from_id) = 36),
    version INTEGER NOT NULL,
    UNIQUE (risk_id, sequence)
) STRICT;
CREATE INDEX assessments_plan ON assessments (plan_id);

CREATE TABLE controls (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    risk_id TEXT NOT NULL REFERENCES risks (id) CHECK (length(risk_id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    previous_id TEXT REFERENCES controls (id) CHECK (length(previous_id) = 36),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    frequency TEXT,
    recurrences TEXT NOT NULL CHECK (json_valid(recurrences)),
    due_period TEXT,
    due_date TEXT CHECK (length(due_date) = 10),
    responsible_id TEXT REFERENCES users (id) CHECK (length(responsible_id) = 36),
    indicator_ids TEXT NOT NULL CHECK (json_valid(indicator_ids)),
    adopted INTEGER NOT NULL CHECK (adopted IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX controls_risk ON controls (risk_id, position, id);
CREATE INDEX controls_plan ON controls (plan_id);
CREATE INDEX controls_responsible ON controls (responsible_id);
CREATE INDEX controls_updated ON controls (updated_at, id);

CREATE TABLE actions (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    risk_id TEXT NOT NULL REFERENCES risks (id) CHECK (length(risk_id) = 36),
    plan_id TEXT NOT NULL REFERENCES plans (id) CHECK (length(plan_id) = 36),
    previous_id TEXT REFERENCES actions (id) CHECK (length(previous_id) = 36),
    from_control_id TEXT REFERENCES controls (id) CHECK (length(from_control_id) = 36),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    start_date TEXT CHECK (length(start_date) = 10),
    end_date TEXT CHECK (length(end_date) = 10),
    end_date_reason TEXT,
    responsible_id TEXT REFERENCES users (id) CHECK (length(responsible_id) = 36),
    financial_effect TEXT CHECK (json_valid(financial_effect)),
    added_after_adoption INTEGER NOT NULL CHECK (added_after_adoption IN (0, 1)),
    adopted INTEGER NOT NULL CHECK (adopted IN (0, 1)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    updated_at TEXT NOT NULL CHECK (length(updated_at) = 27),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX actions_risk ON actions (risk_id, position, id);
CREATE INDEX actions_plan ON actions (plan_id);
CREATE INDEX actions_responsible ON actions (responsible_id);
CREATE INDEX actions_updated ON actions (updated_at, id);

-- One log for the region and one for each body: how far it has come. Locked last in every write.
CREATE TABLE heads (
    log_id TEXT PRIMARY KEY REFERENCES organisations (id) CHECK (length(log_id) = 36),
    size INTEGER NOT NULL,
    last_time TEXT NOT NULL CHECK (length(last_time) = 27)
) STRICT;

-- The history. Rows are final: `body` holds the canonical bytes (RFC 8785), the columns beside it are for queries.
CREATE TABLE events (
    log_id TEXT NOT NULL REFERENCES heads (log_id) CHECK (length(log_id) = 36),
    n INTEGER NOT NULL,
    time TEXT NOT NULL CHECK (length(time) = 27),
    actor_kind TEXT NOT NULL,
    actor_id TEXT CHECK (length(actor_id) = 36),
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL CHECK (length(entity_id) = 36),
    organisation_id TEXT NOT NULL CHECK (length(organisation_id) = 36),
    schema_version INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (log_id, n)
) STRICT;
CREATE INDEX events_entity ON events (entity_id, log_id, n);

-- What the commitments in events hide: salt and value of each text.
CREATE TABLE openings (
    commitment TEXT PRIMARY KEY,
    log_id TEXT NOT NULL CHECK (length(log_id) = 36),
    n INTEGER NOT NULL,
    pointer TEXT NOT NULL,
    entity_id TEXT NOT NULL CHECK (length(entity_id) = 36),
    salt BLOB NOT NULL,
    value TEXT NOT NULL,
    FOREIGN KEY (log_id, n) REFERENCES events (log_id, n)
) STRICT;
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
    headers TEXT NOT NULL CHECK (json_valid(headers)),
    body BLOB NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    PRIMARY KEY (principal, method, path, key)
) STRICT;
CREATE INDEX idempotency_created ON idempotency (created_at);

-- History and sealed files are never changed: the application is stopped here, the owner of the file by `verify`.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are final'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are final'); END;
CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions BEGIN SELECT RAISE(ABORT, 'revisions are final'); END;
CREATE TRIGGER revisions_no_delete BEFORE DELETE ON revisions BEGIN SELECT RAISE(ABORT, 'revisions are final'); END;
CREATE TRIGGER sealed_files_no_update BEFORE UPDATE ON sealed_files BEGIN SELECT RAISE(ABORT, 'sealed_files are final'); END;
CREATE TRIGGER sealed_files_no_delete BEFORE DELETE ON sealed_files BEGIN SELECT RAISE(ABORT, 'sealed_files are final'); END;
