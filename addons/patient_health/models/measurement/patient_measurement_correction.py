from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.patient_relations.tools.selections import get_label

from .patient_measurement import VALUE_FIELDS

# What a former value does not take over from the valid one.
FORMER_FIELDS = frozenset(
    {
        "id",
        "active",
        "state",
        "replaced_by_id",
        "reason",
        "source_system",
        "source_id",
        "write_uid",
        "write_date",
    }
)


class PatientMeasurement(models.Model):
    """Values that were wrong are corrected, and the former ones stay in the record."""

    _inherit = "patient.measurement"

    # ACTIONS

    def action_correct(self):
        """Open the dialog that corrects this value, or says that it was a mistake."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_measurement_correct_action"
        )
        return {**action, "context": {"default_measurement_id": self.id}}

    # BUSINESS

    def _correct(self, vals, reason):
        """Put a better value in the place of this one; see ``_correct_all``.

        :param dict vals: the value, and what else is different
        """
        self.ensure_one()
        self._correct_all([vals], reason)

    def _correct_all(self, vals_list, reason):
        """Put better values in the place of these; the former ones stay in the record.

        The rows keep their ids, so what points to them stays right; copies with the
        former values and the reason are kept out of sight beside them. As many queries
        for a hundred as for one.

        :param list vals_list: the values of each row, and what else is different
        """
        self._check_correction(reason)
        self._keep_former(reason)
        # sudo: patient.measurement: what the rows know of themselves; only a correction
        # changes a value
        rows_sudo = self.sudo()
        completed = [
            row_sudo._prepare_corrected(vals)
            for row_sudo, vals in zip(rows_sudo, vals_list, strict=True)
        ]
        self._complete_vals(completed)
        for row_sudo, vals in zip(rows_sudo, completed, strict=True):
            row_sudo.write(vals)

    def _prepare_corrected(self, vals):
        """Return all that a correction writes: one value, and nothing of the former."""
        self.ensure_one()
        return {
            **dict.fromkeys(VALUE_FIELDS.values()),
            "patient_id": self.patient_id.id,
            "indicator_id": self.indicator_id.id,
            "effective_at": self.effective_at,
            "unit_text": None,
            **vals,
            "side": None,
            "source_text": None,
        }

    def _void(self, reason):
        """Say that these values were entered in error; they stay in the record."""
        self._check_correction(reason)
        # sudo: patient.measurement: only a correction ends a value
        self.sudo().write({"state": "error", "active": False, "reason": reason.strip()})

    def _check_correction(self, reason):
        """Refuse corrections without a right or a reason, or of what is not valid."""
        self.check_access("write")
        self._lock_valid()
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why “%(measurement)s” is corrected. The former value and the "
                    "reason stay in the record.",
                    measurement=self[:1].display_name,
                )
            )

    def _keep_former(self, reason):
        """Copy the rows as they are, as former values of themselves; one statement."""
        self.flush_recordset()
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in FORMER_FIELDS
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO patient_measurement"
                " (%(columns)s, active, state, replaced_by_id, reason, write_uid, write_date)"
                " SELECT %(columns)s, FALSE, 'replaced', id, %(reason)s, %(uid)s, %(now)s"
                " FROM patient_measurement WHERE id IN %(ids)s",
                columns=columns,
                reason=reason.strip(),
                uid=self.env.uid,
                now=fields.Datetime.now(),
                ids=tuple(self.ids),
            )
        )
        self.invalidate_recordset(["former_ids"])

    def _lock_valid(self):
        """Lock the rows, and refuse what has been corrected meanwhile."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        for measurement in self:
            if measurement.state != "final":
                raise UserError(
                    self.env._(
                        "“%(measurement)s” has been corrected already (%(state)s). Open "
                        "the valid value.",
                        measurement=measurement.display_name,
                        state=get_label(measurement, "state").lower(),
                    )
                )
