DROP INDEX organisations_successor;
