#!/bin/sh
# Run once, by PostgreSQL's image, in an empty database: the two roles of the register.
set -eu
psql --quiet --username=postgres --dbname=postgres \
    --set=owner_password="$(cat /run/secrets/owner-password)" --set=password="$(cat /run/secrets/application-password)" \
    --file=/etc/riskregister/roles.sql
