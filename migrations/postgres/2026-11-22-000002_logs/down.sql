DROP INDEX events_time;
DROP TABLE signing_keys;
DROP TABLE checkpoints;
DROP TABLE tree_nodes;
ALTER TABLE heads DROP COLUMN checkpoints;
ALTER TABLE heads DROP COLUMN frontier;
