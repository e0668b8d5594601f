DROP TRIGGER events_of_moved;
ALTER TABLE register DROP COLUMN moved_to;
DROP TABLE restores;
