#!/bin/sh
# Puts the secrets into a private copy of odoo.conf, then hands over to the entrypoint of the official image.
# Command line and environment would show them to every process, and `docker inspect` shows the environment.
set -eu

secrets=${SECRETS:-/run/secrets}
template=${ODOO_TEMPLATE:-/etc/odoo/odoo.conf}
official=${OFFICIAL_ENTRYPOINT:-/entrypoint.sh}

write_configuration() (
    umask 077
    password=$(cat "$secrets/odoo_db_password")
    # Odoo takes the master password hashed, with its own scheme and rounds.
    master=$(python3 -c '
import sys
from passlib.context import CryptContext
print(CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=600_000).hash(sys.stdin.read().strip()))
' <"$secrets/odoo_master_password")
    if [ -z "$password" ]; then
        echo "The secret odoo_db_password is empty." >&2
        exit 1
    fi
    rm -f "$ODOO_RC"
    {
        cat "$template"
        printf '\ndb_host = %s\ndb_port = %s\n' "${PGHOST:-db}" "${PGPORT:-5432}"
        printf 'db_password = %s\nadmin_passwd = %s\n' "$password" "$master"
    } >"$ODOO_RC"
)

first_database() {
    # Odoo creates its administrator with the password "admin": replaced before anything listens.
    "$official" odoo --stop-after-init --init="$INIT_MODULES" --load-language="$INIT_LANGUAGES" "$@"
    "$official" odoo shell <<'PYTHON'
import os

with open(os.environ.get("SECRETS", "/run/secrets") + "/odoo_admin_password") as secret:
    password = secret.read().strip()
assert password
env.ref("base.user_admin").password = password
set_param = env["ir.config_parameter"].set_param
set_param("web.base.url", os.environ["PUBLIC_URL"])  # of every link that is sent
set_param("web.base.url.freeze", "True")  # else the address of the administrator's last login
set_param("report.url", "http://odoo:8069")  # PDFs fetch their styles without a detour through nginx
env.cr.commit()
PYTHON
    echo "The database is ready: log in at $PUBLIC_URL as admin."
}

write_configuration
if [ "${1:-}" = init ]; then
    shift
    first_database "$@"
else
    exec "$official" "$@"
fi
