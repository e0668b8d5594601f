ALTER TABLE register DROP COLUMN trusted_until;
