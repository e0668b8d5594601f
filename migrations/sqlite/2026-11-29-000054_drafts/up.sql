-- What people have written in a form and not saved: each one's own, until it is saved, thrown away, or old.
CREATE TABLE drafts (
    user_id TEXT NOT NULL REFERENCES users (id) CHECK (length(user_id) = 36),
    page TEXT NOT NULL,
    form TEXT NOT NULL,
    fields TEXT NOT NULL,
    saved_at TEXT NOT NULL CHECK (length(saved_at) = 27),
    PRIMARY KEY (user_id, page, form)
) STRICT;
CREATE INDEX drafts_saved ON drafts (saved_at);
