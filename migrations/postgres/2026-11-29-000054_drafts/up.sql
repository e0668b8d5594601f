-- What people have written in a form and not saved: each one's own, until it is saved, thrown away, or old.
CREATE TABLE drafts (
    user_id UUID NOT NULL REFERENCES users (id),
    page TEXT NOT NULL,
    form TEXT NOT NULL,
    fields TEXT NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, page, form)
);
CREATE INDEX drafts_saved ON drafts (saved_at);
