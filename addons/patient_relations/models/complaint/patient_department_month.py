from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .patient_complaint import MANAGER_GROUP

# Any number that no other code uses: the key of PostgreSQL's lock for this calculation.
LOCK = 1_903_100_501


class PatientDepartmentMonth(models.Model):
    """Visits and complaints of one department in one month, for rates.

    The rows are calculated anew every night, set by set in SQL, and on request. Rates
    of several rows are ratios of sums, never averages of rates.
    """

    _name = "patient.department.month"
    _description = "Department Month"
    _order = "month desc, department_id, id"
    _log_access = False

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    department_id = fields.Many2one(
        comodel_name="hr.department",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    month = fields.Date(required=True, readonly=True, index=True)
    encounter_count = fields.Integer(string="Visits", readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    problem_count = fields.Integer(string="Problems", readonly=True)
    rate_per_1000 = fields.Float(
        string="Complaints per 1,000 Visits",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Complaints divided by visits, times 1,000. Empty without visits.",
    )

    _key_uniq = models.UniqueIndex("(company_id, department_id, month)")

    @api.depends("department_id", "month")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.department_id.name} {row.month:%Y-%m}"

    # ACTIONS

    def action_refresh(self):
        """Calculate now, for a manager who does not want to wait for the night."""
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager may calculate the rates outside the night.")
            )
        self._refresh()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # CRON

    @api.model
    def _cron_refresh(self):
        self._refresh()

    # TOOLS

    @api.model
    def _refresh(self):
        """Make the rows equal to what the visits and problems say now."""
        self.env.flush_all()
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK)
        )
        if not free:
            raise UserError(
                self.env._(
                    "The rates are being calculated already. Look again in a minute."
                )
            )
        self.env.cr.execute(self._get_refresh_query())
        self.invalidate_model()

    @api.model
    def _get_facts_query(self):
        """Return SQL that gives company, department, month and the three counts.

        A complaint counts once in each department that one of its problems is about; one
        that is not coded yet counts in its lead department.
        """
        return SQL(
            """
            SELECT company_id, department_id, month,
                   SUM(encounters)::int AS encounter_count,
                   SUM(complaints)::int AS complaint_count,
                   SUM(problems)::int AS problem_count
              FROM (
                    SELECT company_id, department_id, start_month AS month,
                           COUNT(*) AS encounters, 0 AS complaints, 0 AS problems
                      FROM patient_encounter
                     WHERE department_id IS NOT NULL
                       AND start_month IS NOT NULL
                       AND status NOT IN ('planned', 'cancelled', 'entered_in_error')
                  GROUP BY 1, 2, 3
                 UNION ALL
                    SELECT company_id, department_id, received_month,
                           0, COUNT(DISTINCT complaint_id), COUNT(*)
                      FROM patient_complaint_problem
                     WHERE department_id IS NOT NULL
                       AND kind = 'complaint'
                       AND complaint_active
                  GROUP BY 1, 2, 3
                 UNION ALL
                    SELECT company_id, lead_department_id, received_month,
                           0, COUNT(*), 0
                      FROM patient_complaint complaint
                     WHERE lead_department_id IS NOT NULL
                       AND kind = 'complaint'
                       AND active
                       AND NOT EXISTS (
                           SELECT FROM patient_complaint_problem problem
                            WHERE problem.complaint_id = complaint.id
                       )
                  GROUP BY 1, 2, 3
                   ) AS parts
          GROUP BY company_id, department_id, month
            """
        )

    @api.model
    def _get_refresh_query(self):
        """Return SQL that writes rows that are new or changed, and deletes the others."""
        return SQL(
            """
            WITH facts AS MATERIALIZED (%s),
            written AS (
                INSERT INTO patient_department_month AS kept
                       (company_id, department_id, month,
                        encounter_count, complaint_count, problem_count, rate_per_1000)
                SELECT facts.*, 1000.0 * complaint_count / NULLIF(encounter_count, 0)
                  FROM facts
           ON CONFLICT (company_id, department_id, month) DO UPDATE
                   SET encounter_count = EXCLUDED.encounter_count,
                       complaint_count = EXCLUDED.complaint_count,
                       problem_count = EXCLUDED.problem_count,
                       rate_per_1000 = EXCLUDED.rate_per_1000
                 WHERE (kept.encounter_count, kept.complaint_count, kept.problem_count)
                       IS DISTINCT FROM
                       (EXCLUDED.encounter_count, EXCLUDED.complaint_count,
                        EXCLUDED.problem_count)
            )
            DELETE FROM patient_department_month kept
             WHERE NOT EXISTS (
                   SELECT FROM facts
                    WHERE facts.company_id = kept.company_id
                      AND facts.department_id = kept.department_id
                      AND facts.month = kept.month
             )
            """,
            self._get_facts_query(),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Give the rate of a group as the ratio of its sums."""
        if aggregate_spec != "rate_per_1000:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "1000.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "complaint_count", query),
            self._field_to_sql(self._table, "encounter_count", query),
        )
