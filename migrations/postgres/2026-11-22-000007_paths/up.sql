-- What lay below an organisation that moved within its body kept its old path: paths follow from the parents again.
-- They stand in no event.
WITH RECURSIVE placed (id, path) AS (
    SELECT id, id::text || '/' FROM organisations WHERE parent_id IS NULL
    UNION ALL
    SELECT o.id, p.path || o.id::text || '/' FROM organisations o JOIN placed p ON o.parent_id = p.id
)
UPDATE organisations SET path = (SELECT p.path FROM placed p WHERE p.id = organisations.id);
