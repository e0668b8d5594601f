DROP TRIGGER events_turn;
DROP TABLE turns;
