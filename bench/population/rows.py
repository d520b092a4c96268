"""Rows from rows: SQL that multiplies one record of a table."""

import contextlib

from odoo.tools import SQL


def multiply(cr, table, original, source, columns):
    """Insert a row for each row of ``source``; return the id of its number 0.

    :param int original: id of the row whose values the other columns keep
    :param str source: a table with a column ``n`` that counts from 0
    :param dict columns: column → SQL over ``s`` (the source); ``{first}`` in it stands
        for the returned id
    """
    first = _get_last_id(cr, table) + 1
    names = [name for name in _get_columns(cr, table) if name != "id"]
    values = [columns.get(name, f'p."{name}"').format(first=first) for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    with _bare(cr, table):
        cr.execute(
            f"INSERT INTO {table} (id, {quoted})"
            f" SELECT {first} + s.n, {', '.join(values)}"
            f" FROM {source} AS s, {table} AS p WHERE p.id = {original} ORDER BY s.n"
        )
    cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    return first


def follow(cr, model, table, first):
    """Let one user follow each record of a table from an id on, as after create."""
    with _bare(cr, "mail_followers"):
        cr.execute(
            SQL(
                "INSERT INTO mail_followers (res_model, res_id, partner_id)"
                " SELECT %s, r.id, u.partner_id FROM %s AS r"
                " JOIN res_users AS u ON u.id = r.user_id WHERE r.id >= %s",
                model,
                SQL.identifier(table),
                first,
            )
        )


def _get_last_id(cr, table):
    cr.execute(f"SELECT max(id) FROM {table}")
    return cr.fetchone()[0]


def _get_columns(cr, table):
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s",
        [table],
    )
    return [name for (name,) in cr.fetchall()]


@contextlib.contextmanager
def _bare(cr, table):
    """Take off a table's plain indexes, and its foreign keys where we may."""
    cr.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema"
        " AND tablename = %s AND indexname NOT LIKE %s AND indexdef NOT LIKE %s",
        [table, "%pkey", "%UNIQUE%"],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    free = cr.fetchone()[0]
    if free:
        cr.execute("SET session_replication_role TO replica")
    yield
    if free:
        cr.execute("RESET session_replication_role")
    for _name, definition in indexes:
        cr.execute(definition)
