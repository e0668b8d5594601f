DROP TABLE financial_measures;
ALTER TABLE action_reports DROP COLUMN realised_effect;
