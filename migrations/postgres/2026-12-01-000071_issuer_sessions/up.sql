-- Whom the issuer calls so, and which of its sessions a session began by: what it says when that ends there.
ALTER TABLE sessions ADD COLUMN issuer_subject TEXT;
ALTER TABLE sessions ADD COLUMN issuer_session TEXT;
CREATE INDEX sessions_issuer_subject ON sessions (issuer_subject);
CREATE INDEX sessions_issuer_session ON sessions (issuer_session);
