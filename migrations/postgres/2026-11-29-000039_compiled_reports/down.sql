DROP TABLE compiled_reports;
