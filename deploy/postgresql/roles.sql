-- The two roles of the register, and its database: riskregister_owner, who owns the tables and runs `migrate` and
-- `init`, and riskregister, as whom the service works and who cannot change history. As a superuser:
--
--     psql -v owner_password="$(cat owner-password)" -v password="$(cat password)" -f roles.sql
\set ON_ERROR_STOP on
CREATE ROLE riskregister_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE riskregister LOGIN PASSWORD :'password';
CREATE DATABASE riskregister OWNER riskregister_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE riskregister FROM PUBLIC;
GRANT CONNECT ON DATABASE riskregister TO riskregister;
\connect riskregister
ALTER SCHEMA public OWNER TO riskregister_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO riskregister;
