-- When a file that was left as evidence was chosen for the public versions of documents.
ALTER TABLE files ADD COLUMN public_at TIMESTAMPTZ;
