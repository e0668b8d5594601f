DROP INDEX sessions_issuer_subject;
DROP INDEX sessions_issuer_session;
ALTER TABLE sessions DROP COLUMN issuer_subject;
ALTER TABLE sessions DROP COLUMN issuer_session;
