-- Reminders by e-mail, and the feed of deadlines. All three are machinery, without a history of their own: that a person
-- was reminded, has turned letters off or opened a feed is told by events that change nothing.

-- What a person wants to be sent; no row for who has not said anything.
CREATE TABLE reminder_settings (
    user_id TEXT PRIMARY KEY REFERENCES users (id) CHECK (length(user_id) = 36),
    weekly INTEGER NOT NULL CHECK (weekly IN (0, 1))
) STRICT;

-- Each letter that it was decided to send, written in the transaction of that decision. Address and content are made when
-- it is sent, by the rights and settings of that moment: so none of them lies here, but for what the sender wrote, which
-- goes when the letter is done with.
CREATE TABLE mails (
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    user_id TEXT NOT NULL REFERENCES users (id) CHECK (length(user_id) = 36),
    kind TEXT NOT NULL,
    -- What it is sent for: the week, the deficiency, or the period and the day. Nobody is written to twice for one.
    occasion TEXT NOT NULL,
    plan_id TEXT REFERENCES plans (id) CHECK (length(plan_id) = 36),
    period TEXT,
    note TEXT,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    fault TEXT,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    next_attempt_at TEXT CHECK (length(next_attempt_at) = 27),
    finished_at TEXT CHECK (length(finished_at) = 27),
    -- Another one each time that a service takes it in hand; none when nobody has.
    lease TEXT CHECK (length(lease) = 36),
    leased_until TEXT CHECK (length(leased_until) = 27),
    UNIQUE (user_id, occasion)
) STRICT;
CREATE INDEX mails_waiting ON mails (status, next_attempt_at);
CREATE INDEX mails_created ON mails (created_at, id);

-- Whose deadlines are read at which address. The address is told once; here is a hash of it.
CREATE TABLE calendar_feeds (
    user_id TEXT PRIMARY KEY REFERENCES users (id) CHECK (length(user_id) = 36),
    sha256 TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27)
) STRICT;
