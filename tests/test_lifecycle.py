"""Addons come, go and come again without a trace (R10), and an update of nothing
changes nothing (R11)."""

import json

from scripts import odoo, places

OURS = ",".join(places.OUR_ADDONS)
# Odoo's own book-keeping: compiled assets, wake-ups, signals between workers.
VOLATILE = (
    "bus_bus",
    "ir_attachment",
    "ir_cron_trigger",
    "orm_signaling_assets",
    "orm_signaling_default",
    "orm_signaling_groups",
    "orm_signaling_registry",
    "orm_signaling_routing",
    "orm_signaling_stable",
    "orm_signaling_templates",
)


def test_uninstall_leaves_nothing_and_install_works_again(database):
    before = _traces(odoo.base_database())

    odoo.call(
        "module", "uninstall", "-d", database, *places.OUR_ADDONS, log="uninstall"
    )
    odoo.refuse_problems("uninstall")
    left = {
        kind: sorted(set(found) - set(before[kind]))
        for kind, found in _traces(database).items()
    }
    assert not any(left.values()), left

    odoo.call("-d", database, "-i", OURS, "--stop-after-init", log="reinstall")
    odoo.refuse_problems("reinstall")


def test_second_update_changes_nothing(database):
    odoo.call("-d", database, "-u", OURS, "--stop-after-init", log="update-1")
    odoo.refuse_problems("update-1")
    first = _content(database)
    odoo.call("-d", database, "-u", OURS, "--stop-after-init", log="update-2")
    odoo.refuse_problems("update-2")
    second = _content(database)
    assert {table for table in first if first[table] != second.get(table)} == set()


def test_demo_hospital_is_complete(env):
    assert not env["ir.demo_failure"].search([])
    assert env["patient.patient"].search_count([]) >= 80
    assert env["patient.complaint"].search_count([]) >= 120
    states = env["patient.complaint"]._read_group([], ["state"])
    assert len(states) == len(env["patient.complaint"]._fields["state"].selection)
    for login in ("manager", "officer", "nurse", "admin"):
        assert env["res.users"].search([("login", "=", login)]), login


def _traces(database):
    """Return all that an addon could leave behind, by kind."""
    queries = {
        "tables": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        "columns": "SELECT table_name || '.' || column_name"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "sequences": "SELECT sequencename FROM pg_sequences"
        " WHERE sequencename LIKE 'ir_sequence%'",
        # Odoo forgets some names that its own mixins gave to parts of a lost model;
        # `base` knows all addons of the path, installed or not
        "xmlids": "SELECT module || '.' || name FROM ir_model_data"
        " WHERE NOT (module = 'base' AND name LIKE 'module\\_%')"
        " AND name NOT LIKE 'selection\\_\\_%'"
        " AND name NOT LIKE 'model\\_inherit\\_\\_%' OR module LIKE 'patient\\_%'",
        "crons": "SELECT code FROM ir_cron c JOIN ir_act_server s"
        " ON s.id = c.ir_actions_server_id",
        "menus": "SELECT name ->> 'en_US' FROM ir_ui_menu",
        "models": "SELECT model FROM ir_model",
        "groups": "SELECT name ->> 'en_US' FROM res_groups",
        "rules": "SELECT name FROM ir_rule",
        "parameters": "SELECT key FROM ir_config_parameter",
        "functions": "SELECT proname FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace",
    }
    return {
        kind: odoo.sql(database, query).splitlines() for kind, query in queries.items()
    }


def _content(database):
    """Return a checksum of every table, but for the stamps of the last write."""
    columns = odoo.sql(
        database,
        """SELECT json_object_agg(table_name, columns) FROM (
               SELECT table_name, string_agg(quote_ident(column_name), ', ') AS columns
                 FROM information_schema.columns
                 JOIN pg_tables ON tablename = table_name AND schemaname = 'public'
                WHERE table_schema = 'public' AND column_name NOT IN
                      ('write_date', 'write_uid', 'create_date', 'nextcall', 'lastcall')
                GROUP BY table_name) AS found""",
    )
    parts = [
        f"SELECT '{table}' AS name, md5(coalesce(string_agg(r::text, '|'"
        f" ORDER BY r::text), '')) AS sum FROM (SELECT {names} FROM \"{table}\") AS r"
        for table, names in json.loads(columns).items()
        if table not in VOLATILE
    ]
    rows = odoo.sql(database, " UNION ALL ".join(parts)).splitlines()
    return dict(row.split("|") for row in rows)
