ALTER TABLE files DROP COLUMN public_at;
