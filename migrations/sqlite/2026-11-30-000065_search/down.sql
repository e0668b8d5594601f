DROP INDEX audit_opinions_updated;
DROP INDEX users_updated;
DROP INDEX organisations_updated;
