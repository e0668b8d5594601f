-- Who asks what is held about them is told of every event that they brought about.
CREATE INDEX events_actor ON events (actor_id, log_id, n);
