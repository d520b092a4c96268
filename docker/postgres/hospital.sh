#!/bin/sh
# Makes the role and the empty database of Odoo, or brings them into this shape again: also for a restore and for a new
# password. The official image runs it on an empty volume (there it may be sourced: no `exit`, no `set`).
#
# The role owns its database and can do nothing else. Odoo would need CREATEDB to make the database and its extensions
# itself; unaccent is marked immutable as Odoo does it (odoo/service/db.py), or indexes on it could not be built, and a
# dump would not bring that mark back.
PGOPTIONS=-cclient_min_messages=warning psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
    --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
\set password `cat "${SECRETS:-/run/secrets}/odoo_db_password"`
SELECT 'CREATE ROLE odoo' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'odoo') \gexec
ALTER ROLE odoo LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
SELECT $$CREATE DATABASE hospital OWNER odoo TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'$$
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'hospital') \gexec
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
REVOKE CONNECT, TEMPORARY ON DATABASE hospital FROM PUBLIC;
\connect hospital
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
ALTER FUNCTION unaccent(text) IMMUTABLE;
SQL
