DROP TABLE outcomes;
DROP TABLE self_assessments;
DROP TABLE audit_opinions;
DROP TABLE recommendation_entries;
DROP TABLE recommendations;
DROP TABLE plan_deficiencies;
DROP TABLE deficiencies;
