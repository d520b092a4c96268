from odoo import api, fields, models
from odoo.tools import SQL

# A change of these may make a complaint another one in the row.
_PERSON_FIELDS = {
    "patient_id",
    "encounter_id",
    "complainant_phone",
    "received_at",
    "kind",
    "company_id",
}


class PatientComplaint(models.Model):
    """Which complaint in a row it is of the same patient or telephone number.

    Order 3 of the National Health Commission: repeats are told to the leadership. The
    number says that something is not solved yet; nobody's rights are less for it.
    """

    _inherit = "patient.complaint"

    repeat_number = fields.Integer(
        string="Complaint in a Row",
        readonly=True,
        copy=False,
        default=1,
        aggregator=None,
        help="Which complaint it is of this patient – without a patient, of this telephone "
        "number – within the days the hospital has set. Thanks, suggestions and questions "
        "are not counted. It shows what is not solved yet and is no reproach: whoever "
        "complained before, rightly or not, has the same rights as everybody.",
    )

    _person_idx = models.Index(
        "(patient_id, received_at) WHERE patient_id IS NOT NULL AND kind = 'complaint'"
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._count_repeats()
        return complaints

    def write(self, vals):
        result = super().write(vals)
        if _PERSON_FIELDS & vals.keys():
            self._count_repeats()
        if {"received_at", "kind", "active"} & vals.keys():
            # sudo: patient.complaint.problem: also those that are hidden from the user
            self.sudo().problem_ids._count_employee_repeats()
        return result

    # BUSINESS

    def _count_repeats(self):
        """Number the complaints within the row of their person, in one query.

        A part that was split off stands where the complaint stands it comes from.
        """
        # sudo: patient.complaint: who has just handed one away may see it no longer
        complaints_sudo = self.sudo()
        counted = complaints_sudo.filtered(lambda one: one.kind == "complaint")
        (complaints_sudo - counted).filtered(
            lambda one: one.repeat_number != 1
        ).repeat_number = 1
        known = counted.filtered(
            lambda one: one.patient_id or one.complainant_phone_digits
        )
        if known:
            # merged and split complaints of others must be counted as they are now
            self.flush_model([*_PERSON_FIELDS, "complainant_phone_digits", "active"])
            known.company_id.flush_recordset(["patient_repeat_days"])
            self.env.execute_query(known._get_repeats_query())
            known.invalidate_recordset(["repeat_number"], flush=False)

    def _get_repeats_query(self):
        """Return SQL that writes the numbers that are not right yet."""
        return SQL(
            """
            WITH own AS (
                SELECT complaint.id, complaint.company_id, complaint.patient_id,
                       complaint.complainant_phone_digits AS digits,
                       complaint.received_at,
                       COALESCE(complaint.split_from_id, complaint.id) AS position,
                       make_interval(days => company.patient_repeat_days) AS span
                  FROM patient_complaint complaint
                  JOIN res_company company ON company.id = complaint.company_id
                 WHERE complaint.id = ANY(%(ids)s)
            ),
            numbered AS (
                SELECT own.id, 1 + COUNT(other.id)::int AS number
                  FROM own
             LEFT JOIN LATERAL (
                        SELECT same.* FROM patient_complaint same
                         WHERE same.patient_id = own.patient_id
                     UNION ALL
                        SELECT same.* FROM patient_complaint same
                         WHERE own.patient_id IS NULL
                           AND same.complainant_phone_digits = own.digits
                       ) AS other
                    ON other.company_id = own.company_id
                   AND other.kind = 'complaint'
                   AND other.active
                   AND other.split_from_id IS NULL
                   AND other.received_at >= own.received_at - own.span
                   AND (other.received_at, other.id) < (own.received_at, own.position)
              GROUP BY own.id
            )
            UPDATE patient_complaint complaint
               SET repeat_number = numbered.number
              FROM numbered
             WHERE complaint.id = numbered.id
               AND complaint.repeat_number IS DISTINCT FROM numbered.number
         RETURNING complaint.id
            """,
            ids=list(self.ids),
        )
