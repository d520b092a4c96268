from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class PatientComplaintRepeat(models.Model):
    """A patient, a telephone number or an employee with repeated complaints, now.

    The rows are made equal every night to what the complaints say. The manager gets one
    activity for each person: the next one only when more complaints came after it was
    done. The rows count facts; they take no right from anybody.
    """

    _name = "patient.complaint.repeat"
    _description = "Repeated Complaints"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "complaint_count desc, last_received_at desc, id"
    _mail_post_access = "read"

    subject = fields.Selection(
        selection=[
            ("patient", "Same Patient"),
            ("phone", "Same Telephone Number"),
            ("employee", "About the Same Person"),
        ],
        string="What Repeats",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    patient_id = fields.Many2one(
        "patient.patient", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    phone = fields.Char(string="Telephone", readonly=True)
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Person Complained About",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    complaint_ids = fields.Many2many(
        comodel_name="patient.complaint",
        relation="patient_complaint_repeat_rel",
        string="Complaints",
        readonly=True,
    )
    complaint_count = fields.Integer(string="How Many", readonly=True)
    open_count = fields.Integer(string="Still Open", readonly=True)
    last_received_at = fields.Datetime(string="Last on", readonly=True)
    told_count = fields.Integer(readonly=True, export_string_translation=False)

    _key_uniq = models.UniqueIndex(
        "(company_id, subject, COALESCE(patient_id, 0), COALESCE(employee_id, 0),"
        " COALESCE(phone, ''))"
    )

    @api.depends("subject", "patient_id", "phone", "employee_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = (
                row.patient_id.display_name
                or row.employee_id.display_name
                or row.phone
                or ""
            )

    # ACTIONS

    def action_open_complaints(self):
        self.ensure_one()
        return self.env["patient.complaint"]._get_list_action(
            self.env._("Repeated Complaints"), self.complaint_ids
        )

    # CRON

    @api.model
    def _cron_refresh(self):
        """Make the rows of every hospital equal to its complaints, and tell the managers."""
        companies = self.env["res.company"].search([("id", "!=", False)])
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self._refresh(company)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    # BUSINESS

    @api.model
    def _refresh(self, company):
        """Make the rows of one hospital equal to what its complaints say now."""
        facts = self._get_facts(company)
        rows = {
            row._get_key(): row
            for row in self.search([("company_id", "=", company.id)])
        }
        gone = self.union(*(row for key, row in rows.items() if key not in facts))
        gone.unlink()
        missing = []
        for key, complaints in facts.items():
            values = self._prepare_row(complaints)
            if key in rows:
                rows[key]._update(values)
            else:
                subject, value = key
                field = "phone" if subject == "phone" else f"{subject}_id"
                missing.append(
                    {
                        "company_id": company.id,
                        "subject": subject,
                        field: value,
                        **values,
                    }
                )
        created = self.with_context(tracking_disable=True).create(missing)
        kept = self.union(*(row for key, row in rows.items() if key in facts))
        (created | kept)._tell_manager(company)

    @api.model
    def _get_facts(self, company):
        """Return (subject, value) → complaints of those who have enough of them.

        Values are the ids of patients and employees, or the digits of a number.
        """
        since = fields.Datetime.now() - timedelta(days=company.patient_repeat_days)
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", "complaint"),
            ("received_at", ">=", since),
            ("split_from_id", "=", False),
        ]
        having = [("__count", ">=", company.patient_repeat_patient_from)]
        complaints = self.env["patient.complaint"]
        facts = {}
        for patient, repeated in complaints._read_group(
            [*domain, ("patient_id", "!=", False)],
            ["patient_id"],
            ["id:recordset"],
            having=having,
        ):
            facts["patient", patient.id] = repeated
        for number, repeated in complaints._read_group(
            [
                *domain,
                ("patient_id", "=", False),
                ("complainant_phone_digits", "!=", False),
            ],
            ["complainant_phone_digits"],
            ["id:recordset"],
            having=having,
        ):
            facts["phone", number] = repeated
        return {**facts, **self._get_employee_facts(company, domain)}

    @api.model
    def _get_employee_facts(self, company, domain):
        """Return the same for employees; several problems of a complaint count once."""
        least = company.patient_repeat_employee_from
        rows = self.env["patient.complaint.problem"]._read_group(
            [("employee_id", "!=", False), ("complaint_id", "any", domain)],
            ["employee_id"],
            ["complaint_id:recordset"],
            having=[("complaint_id:count_distinct", ">=", least)],
        )
        return {("employee", employee.id): complaints for employee, complaints in rows}

    @api.model
    def _prepare_row(self, complaints):
        return {
            "complaint_ids": [Command.set(complaints.ids)],
            "complaint_count": len(complaints),
            "open_count": len(complaints.filtered("is_open")),
            "last_received_at": max(complaints.mapped("received_at")),
        }

    def _update(self, values):
        """Write what has changed, so that a quiet night writes nothing."""
        self.ensure_one()
        [(_command, _id, complaint_ids)] = values["complaint_ids"]
        if set(complaint_ids) != set(self.complaint_ids.ids) or any(
            self[name] != value
            for name, value in values.items()
            if name != "complaint_ids"
        ):
            self.write(values)

    def _tell_manager(self, company):
        """Give the manager one activity for each person of whom more is to be known."""
        news = self.filtered(
            lambda row: row.complaint_count > row.told_count and not row.activity_ids
        )
        managers = company._get_repeat_managers()
        model = self.env["ir.model"]._get(self._name)
        todo = self.env.ref("mail.mail_activity_data_todo")
        values = []
        for row in news:
            accused = row.complaint_ids.problem_ids.employee_user_id
            manager = (managers - accused)[:1]
            if not manager:
                continue
            row.told_count = row.complaint_count
            values.append(
                {
                    "res_model_id": model.id,
                    "res_id": row.id,
                    "activity_type_id": todo.id,
                    "user_id": manager.id,
                    "date_deadline": company._patient_today(),
                    "summary": row._get_news_text(company),
                }
            )
        quiet = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        quiet.create(values)

    def _get_news_text(self, company):
        """Return one sentence for the list of activities, without a detail of health."""
        self.ensure_one()
        return self.env._(
            "%(count)s complaints within %(days)s days: look for what is not solved",
            count=self.complaint_count,
            days=company.patient_repeat_days,
        )

    # TOOLS

    def _get_key(self):
        self.ensure_one()
        return self.subject, self.patient_id.id or self.employee_id.id or self.phone
