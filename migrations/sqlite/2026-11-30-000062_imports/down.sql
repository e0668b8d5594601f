DROP TABLE import_words;
DROP TABLE import_files;
DROP TABLE imports;
