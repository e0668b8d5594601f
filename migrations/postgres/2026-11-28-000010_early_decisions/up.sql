-- A board that meets before a period's last day decides before it, and says why: so the period can be closed before it, too.
ALTER TABLE periods ADD COLUMN closing_reason TEXT;
ALTER TABLE reports ADD COLUMN early_reason TEXT;
