-- A right path is right in the older version, too.
SELECT 1;
