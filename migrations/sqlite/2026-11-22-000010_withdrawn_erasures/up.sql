-- Whoever asked for an erasure, or another administrator, can take the request back before it is carried out.
ALTER TABLE erasures ADD COLUMN withdrawn_by_id TEXT REFERENCES users (id) CHECK (length(withdrawn_by_id) = 36);
ALTER TABLE erasures ADD COLUMN withdrawn_at TEXT CHECK (length(withdrawn_at) = 27);
