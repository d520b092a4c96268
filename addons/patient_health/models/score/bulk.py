"""Many rows in two statements, whatever their number.

For rows that only the server makes, of models without computed columns: no ``create``
runs, so all columns have to be given.
"""

import json

from psycopg2.extras import Json

from odoo.tools import SQL


def insert_rows(model, rows):
    """Insert rows of a model and return them as records, in the order given.

    :param list rows: dicts of column → value, all with the same columns
    """
    if not rows:
        return model.browse()
    ids = _draw_ids(model, len(rows))
    columns = ["id", *rows[0], "create_uid", "write_uid", "create_date", "write_date"]
    shared = {
        "create_uid": model.env.uid,
        "write_uid": model.env.uid,
        "create_date": model.env.cr.now().isoformat(),
        "write_date": model.env.cr.now().isoformat(),
    }
    payload = [
        {"id": res_id, **row, **shared} for res_id, row in zip(ids, rows, strict=True)
    ]
    model.flush_model()
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM jsonb_to_recordset(%s) AS row(%s)",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(map(SQL.identifier, columns)),
            Json(payload, dumps=_dump),
            SQL(", ").join(_get_definition(model, name) for name in columns),
        )
    )
    model.invalidate_model()
    return model.browse(ids)


def _draw_ids(model, count):
    rows = model.env.execute_query(
        SQL(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
            " FROM generate_series(1, %s)",
            model._table,
            count,
        )
    )
    return [res_id for [res_id] in rows]


def _get_definition(model, name):
    kind = "int4" if name == "id" else model._fields[name].column_type[0]
    return SQL("%s %s", SQL.identifier(name), SQL(kind))


def _dump(payload):
    return json.dumps(payload, default=lambda value: value.isoformat())
