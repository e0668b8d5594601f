-- Erasure (gallring) of personal and free text, by a decision and two administrators.
CREATE TABLE erasures (
    id UUID PRIMARY KEY,
    entity TEXT NOT NULL,
    entity_id UUID NOT NULL,
    -- The names of the fields whose texts are erased.
    fields JSONB NOT NULL,
    -- The decision's reference: diary number and paragraph.
    decision TEXT NOT NULL,
    requested_by_id UUID NOT NULL REFERENCES users (id),
    confirmed_by_id UUID REFERENCES users (id),
    confirmed_at TIMESTAMPTZ,
    -- The commitments whose salts and values were removed.
    commitments JSONB NOT NULL,
    -- Hashes of the sealed files that still hold one of the texts.
    sealed_files JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

CREATE TRIGGER openings_no_update BEFORE UPDATE OR TRUNCATE ON openings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
