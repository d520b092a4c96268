from odoo import fields, models

from ..res_users import CLINICIAN_GROUP


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    report_count = fields.Integer(
        compute="_compute_report_count", string="Health Reports", groups=CLINICIAN_GROUP
    )

    def _compute_report_count(self):
        counts = dict(
            self.env["patient.health.report"]._read_group(
                [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
            )
        )
        for patient in self:
            patient.report_count = counts.get(patient, 0)

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if vals.get("deceased_at"):
            self._end_report_links()
        return result

    # ACTIONS

    def action_view_health_reports(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_health_report_action"
        )
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {"default_patient_id": self.id},
        }

    def action_issue_health_report(self):
        """Open the page on which a report of this patient is put together."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_health_report_issue_action"
        )
        return {**action, "context": {"default_patient_id": self.id}}

    def action_print_health_reports(self):
        """Begin the printing of reports for these patients, as a group."""
        batch = self.env["patient.health.report.batch"].create({})
        batch._add_patients(self)
        return batch._get_open_action()

    # BUSINESS

    def _get_report_link_problem(self):
        """Return why a report of the patient cannot have a link, or an empty string."""
        self.ensure_one()
        if self.deceased_at:
            return self.env._(
                "%(patient)s has died: the report is printed without a QR code, and "
                "nobody opens it by a link.",
                patient=self.display_name,
            )
        if not self.birth_date:
            return self.env._(
                "%(patient)s has no birth date, which opens the private page. Enter it in "
                "the patient's file, or issue the report without a QR code.",
                patient=self.display_name,
            )
        return ""

    def _end_report_links(self):
        """End the links to reports about patients who have died."""
        # sudo: patient.health.report: whoever records a death, in any department
        self.env["patient.health.report"].sudo().search(
            [("patient_id", "in", self.ids), ("link_token_hash", "!=", False)]
        )._end_link(self.env._("The patient has died."))
