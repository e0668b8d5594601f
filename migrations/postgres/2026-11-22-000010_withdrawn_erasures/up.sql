-- Whoever asked for an erasure, or another administrator, can take the request back before it is carried out.
ALTER TABLE erasures ADD COLUMN withdrawn_by_id UUID REFERENCES users (id);
ALTER TABLE erasures ADD COLUMN withdrawn_at TIMESTAMPTZ;
