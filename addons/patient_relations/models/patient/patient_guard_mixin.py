from odoo import api, models
from odoo.exceptions import UserError


class PatientGuardMixin(models.AbstractModel):
    """Columns that are not given: they follow from others, or buttons write them.

    SPECIFICATIONS
    A model that inherits this
    - names these columns in ``_server_fields``;
    - says in ``_get_server_fields_text`` why they are refused;
    - calls ``_refuse_server_fields`` first in ``create`` and ``write``.
    """

    _name = "patient.guard.mixin"
    _description = "With Columns That Are Not Given"

    _server_fields = frozenset()

    @api.model
    def _refuse_server_fields(self, vals_list):
        """Refuse values that are not given.

        :raise UserError: naming the columns
        """
        names = set().union(*map(self._find_server_fields, vals_list))
        if names:
            raise UserError(self._get_server_fields_text(sorted(names)))

    @api.model
    def _find_server_fields(self, vals):
        """Return the names among the values of one row that are not given."""
        return self._server_fields & vals.keys()

    @api.model
    def _get_server_fields_text(self, names):
        """Return the refusal of these columns, for people."""
        raise NotImplementedError
