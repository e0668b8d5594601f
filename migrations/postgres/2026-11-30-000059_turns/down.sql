DROP TRIGGER events_turn ON events;
DROP FUNCTION take_turn;
DROP TABLE turns;
