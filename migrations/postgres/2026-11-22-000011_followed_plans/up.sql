-- While a revision is drafted: what the plan was when it began, which is what is followed up until the next adoption.
ALTER TABLE plans ADD COLUMN followed_sha256 TEXT CHECK (length(followed_sha256) = 64);
