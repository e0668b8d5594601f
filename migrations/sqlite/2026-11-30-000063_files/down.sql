DROP TABLE stored_files;
DROP TABLE files;
