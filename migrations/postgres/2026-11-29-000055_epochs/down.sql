DROP TRIGGER events_of_moved ON events;
DROP FUNCTION refuse_where_moved;
ALTER TABLE register DROP COLUMN moved_to;
DROP TABLE restores;
