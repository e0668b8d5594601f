-- The links in letters by which somebody chooses a password: who has forgotten theirs, or is invited. Each holds until its
-- time is over or a password has been chosen. What stands in the letter is signed and kept nowhere: a row opens nothing.
CREATE TABLE password_links (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    -- Who invited; none for who has forgotten the password.
    invited_by_id UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX password_links_user ON password_links (user_id, created_at);
