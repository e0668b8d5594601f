-- What the auditors are called is the choice of each region and municipality: it stands with the root.
ALTER TABLE organisations ADD COLUMN auditors TEXT;
