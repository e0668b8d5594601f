-- What a period was about when it was closed: its rows and sums stay so, whatever a later revision makes of the plan.
ALTER TABLE periods ADD COLUMN followed_sha256 TEXT CHECK (length(followed_sha256) = 64);
-- Why a plan that was never followed up here was closed.
ALTER TABLE plans ADD COLUMN closing_reason TEXT;
-- From when the region asks for a period's statuses, where it has said so.
ALTER TABLE deadlines ADD COLUMN asked_from TEXT CHECK (length(asked_from) = 10);
-- Why the newest revision was begun.
ALTER TABLE plans ADD COLUMN revised_because TEXT;
