-- Reminders by e-mail, and the feed of deadlines. All three are machinery, without a history of their own: that a person
-- was reminded, has turned letters off or opened a feed is told by events that change nothing.

-- What a person wants to be sent; no row for who has not said anything.
CREATE TABLE reminder_settings (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    weekly BOOLEAN NOT NULL
);

-- Each letter that it was decided to send, written in the transaction of that decision. Address and content are made when
-- it is sent, by the rights and settings of that moment: so none of them lies here, but for what the sender wrote, which
-- goes when the letter is done with.
CREATE TABLE mails (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    -- What it is sent for: the week, the deficiency, or the period and the day. Nobody is written to twice for one.
    occasion TEXT NOT NULL,
    plan_id UUID REFERENCES plans (id),
    period TEXT,
    note TEXT,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    fault TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    -- Another one each time that a service takes it in hand; none when nobody has.
    lease UUID,
    leased_until TIMESTAMPTZ,
    UNIQUE (user_id, occasion)
);
CREATE INDEX mails_waiting ON mails (status, next_attempt_at);
CREATE INDEX mails_created ON mails (created_at, id);

-- Whose deadlines are read at which address. The address is told once; here is a hash of it.
CREATE TABLE calendar_feeds (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    sha256 TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL
);
