from odoo import api, fields, models
from odoo.tools import SQL


class PatientComplaintProblem(models.Model):
    """Which complaint in a row it is about the same employee."""

    _inherit = "patient.complaint.problem"

    employee_repeat_number = fields.Integer(
        string="Complaint in a Row about the Person",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Which complaint it is about this person within the days the hospital has "
        "set; 0 without a person. Several problems of one complaint count once. Whether "
        "they are founded is for the findings to say.",
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        problems = super().create(vals_list)
        problems.filtered("employee_id")._count_employee_repeats()
        return problems

    def write(self, vals):
        result = super().write(vals)
        if {"employee_id", "complaint_id"} & vals.keys():
            self._count_employee_repeats()
        return result

    # BUSINESS

    def _count_employee_repeats(self):
        """Number the problems within the row of their person, in one query."""
        # sudo: patient.complaint.problem: the count holds also for who no longer sees them
        problems_sudo = self.sudo()
        without = problems_sudo.filtered(
            lambda problem: not problem.employee_id and problem.employee_repeat_number
        )
        if without:
            without.write({"employee_repeat_number": 0})
        about = problems_sudo.filtered("employee_id")
        if about:
            about.flush_model(
                ["employee_id", "complaint_id", "complaint_active", "kind"]
            )
            about.complaint_id.flush_model(["received_at", "split_from_id"])
            about.company_id.flush_recordset(["patient_repeat_days"])
            self.env.execute_query(about._get_employee_repeats_query())
            about.invalidate_recordset(["employee_repeat_number"], flush=False)

    def _get_employee_repeats_query(self):
        """Return SQL that writes the numbers that are not right yet."""
        return SQL(
            """
            WITH own AS (
                SELECT problem.id, problem.employee_id, problem.kind,
                       complaint.company_id, complaint.received_at,
                       COALESCE(complaint.split_from_id, complaint.id) AS position,
                       make_interval(days => company.patient_repeat_days) AS span
                  FROM patient_complaint_problem problem
                  JOIN patient_complaint complaint ON complaint.id = problem.complaint_id
                  JOIN res_company company ON company.id = complaint.company_id
                 WHERE problem.id = ANY(%(ids)s)
            ),
            numbered AS (
                SELECT own.id,
                       CASE WHEN own.kind = 'complaint'
                            THEN 1 + COUNT(DISTINCT other.position)::int
                            ELSE 0
                        END AS number
                  FROM own
             LEFT JOIN LATERAL (
                        SELECT COALESCE(complaint.split_from_id, complaint.id) AS position
                          FROM patient_complaint_problem problem
                          JOIN patient_complaint complaint
                            ON complaint.id = problem.complaint_id
                         WHERE problem.employee_id = own.employee_id
                           AND complaint.company_id = own.company_id
                           AND complaint.kind = 'complaint'
                           AND complaint.active
                           AND complaint.received_at >= own.received_at - own.span
                           AND (complaint.received_at,
                                COALESCE(complaint.split_from_id, complaint.id))
                               < (own.received_at, own.position)
                       ) AS other ON TRUE
              GROUP BY own.id, own.kind
            )
            UPDATE patient_complaint_problem problem
               SET employee_repeat_number = numbered.number
              FROM numbered
             WHERE problem.id = numbered.id
               AND problem.employee_repeat_number IS DISTINCT FROM numbered.number
         RETURNING problem.id
            """,
            ids=list(self.ids),
        )
