-- The links in letters by which somebody chooses a password: who has forgotten theirs, or is invited. Each holds until its
-- time is over or a password has been chosen. What stands in the letter is signed and kept nowhere: a row opens nothing.
CREATE TABLE password_links (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    user_id TEXT NOT NULL REFERENCES users (id) CHECK (length(user_id) = 36),
    -- Who invited; none for who has forgotten the password.
    invited_by_id TEXT REFERENCES users (id) CHECK (length(invited_by_id) = 36),
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    expires_at TEXT NOT NULL CHECK (length(expires_at) = 27)
) STRICT;
CREATE INDEX password_links_user ON password_links (user_id, created_at);
