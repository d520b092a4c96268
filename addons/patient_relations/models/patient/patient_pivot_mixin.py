from itertools import chain

from odoo import api, models


class PatientPivotMixin(models.AbstractModel):
    """A pivot over a million facts costs what its bare SQL costs.

    To have the groups in the order of names, Odoo lets PostgreSQL carry the name of the
    department or category through every row, and it cuts every date to its month. The
    columns that ``_month_fields`` names hold months already, and a few groups are sorted
    faster than many rows.
    """

    _name = "patient.pivot.mixin"
    _description = "Facts of a Pivot"

    # Dates that are the first days of months.
    _month_fields = frozenset()

    # TOOLS

    def _read_group_groupby(self, alias, groupby_spec, query):
        name, _colon, granularity = groupby_spec.partition(":")
        if granularity == "month" and name in self._month_fields:
            return self._field_to_sql(alias, name, query)
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        specs = list(dict.fromkeys(chain.from_iterable(grouping_sets)))
        named = [spec for spec in specs if self._is_named_group(spec)]
        others = [spec for spec in specs if spec not in named]
        if not named or len(others) > 1 or order != ", ".join(specs):
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        order = others[0] if others else None
        found = super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        for groupby, rows in zip(grouping_sets, found, strict=True):
            # stable: from the last to the first of what decides
            for spec in reversed([spec for spec in specs if spec in groupby]):
                self._sort_groups(rows, groupby.index(spec), spec in named)
        return found

    @api.model
    def _is_named_group(self, spec):
        return spec in self._fields and self._fields[spec].type == "many2one"

    @api.model
    def _sort_groups(self, rows, at, is_named):
        """Sort the rows of a grouping by the value at a place of each.

        Records come in the order of their model, other values as PostgreSQL has sorted
        them; rows without a value come last.
        """
        values = list(dict.fromkeys(row[at] for row in rows if row[at]))
        if is_named and values:
            # sudo: the place of a group says nothing of a record that is not seen
            model_sudo = values[0].sudo().with_context(active_test=False)
            ids = [value.id for value in values]
            ordered = model_sudo.search([("id", "in", ids)]).ids
            places = {record_id: place for place, record_id in enumerate(ordered)}
            rows.sort(key=lambda row: places.get(row[at].id, len(places)))
        elif values:
            places = {value: place for place, value in enumerate(values)}
            rows.sort(key=lambda row: places.get(row[at], len(places)))
