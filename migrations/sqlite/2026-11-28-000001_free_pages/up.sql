-- What was deleted before deleting overwrote anything may stand in free parts of the file: it is scoured right after this
-- migration (`Db::scour`).
PRAGMA user_version = 1;
