-- Until when a password that was made for somebody leads to the choice of their own; one that they chose has none.
ALTER TABLE credentials ADD COLUMN one_time_until TEXT CHECK (length(one_time_until) = 27);
