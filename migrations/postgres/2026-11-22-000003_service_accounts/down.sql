DROP TABLE service_secrets;
DROP TABLE service_credentials;
DROP TABLE service_accounts;
