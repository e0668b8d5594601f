-- Who goes on in a body is asked for with the rights of whoever looks.
CREATE INDEX organisations_successor ON organisations (successor_id);
