-- What is taken in goes into a plan, or to an organisation: its people, its parts, its goals, their outcomes.
ALTER TABLE imports ALTER COLUMN plan_id DROP NOT NULL;
ALTER TABLE imports ADD COLUMN organisation_id UUID REFERENCES organisations (id);
