-- Search and the order of references are the program's own here: there is nothing to change.
-- Lists of what has changed since.
CREATE INDEX organisations_updated ON organisations (updated_at, id);
CREATE INDEX users_updated ON users (updated_at, id);
CREATE INDEX audit_opinions_updated ON audit_opinions (updated_at, id);
