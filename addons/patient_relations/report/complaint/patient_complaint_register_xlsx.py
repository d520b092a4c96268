from odoo import models

from ...tools.selections import get_label
from ..abstract_xlsx import A3


class PatientComplaintRegisterXlsx(models.AbstractModel):
    """The complaint register of a hospital (投诉登记台账), one line a complaint."""

    _name = "report.patient_relations.complaint_register"
    _inherit = "report.patient_relations.abstract_xlsx"
    _description = "Complaint Register (XLSX)"

    def _get_objs_for_report(self, docids, data):
        """Return the chosen complaints, or those of the wizard's period."""
        register_id = (data or {}).get("register_id")
        if register_id:
            register = self.env["patient.complaint.register"].browse(int(register_id))
            return register._get_complaints()
        chosen = super()._get_objs_for_report(docids, data)
        return chosen.sorted(lambda complaint: (complaint.received_at, complaint.id))

    def generate_xlsx_report(self, workbook, data, objs):
        sheet = workbook.add_worksheet(self.env._("Complaint Register"))
        formats = self._add_formats(workbook)
        columns = self._get_columns()
        titles = [(title, width) for title, width, _getter in columns]
        self._write_head(sheet, 0, titles, formats)
        for row, complaint in enumerate(objs, start=1):
            for index, (_title, _width, getter) in enumerate(columns):
                value = row if getter is None else getter(complaint)
                self._write_cell(sheet, row, index, value, formats)
        sheet.autofilter(0, 0, max(len(objs), 1), len(columns) - 1)
        self._set_paper(sheet, columns=2, paper=A3)

    # TOOLS

    def _get_columns(self):
        """Return (title, width, function of a complaint) of the columns, in their order.

        The order is the one Chinese hospitals use; other addons insert theirs.
        """
        label, local = get_label, self._get_local_time
        return [
            (self.env._("No."), 6, None),
            (self.env._("Complaint Number"), 16, lambda c: c.name),
            (self.env._("Received On"), 17, lambda c: local(c, c.received_at)),
            (self.env._("Kind"), 10, lambda c: label(c, "kind")),
            (self.env._("Channel"), 12, lambda c: label(c, "channel")),
            (self.env._("Complainant"), 12, lambda c: c.complainant_name),
            (self.env._("Relation to the Patient"), 14, self._get_relation),
            (self.env._("Telephone"), 15, lambda c: c.complainant_phone),
            (self.env._("Patient"), 12, lambda c: c.patient_id.name),
            (self.env._("MRN"), 14, lambda c: c.patient_id.mrn),
            (self.env._("Visit"), 24, lambda c: c.encounter_id.display_name),
            (self.env._("Department Complained About"), 18, self._get_departments),
            (self.env._("Person Complained About"), 14, self._get_persons),
            (self.env._("Summary"), 30, lambda c: c.summary),
            (self.env._("What Is Told"), 50, lambda c: c.narrative),
            (self.env._("What Is Asked For"), 30, lambda c: c.expectation),
            (self.env._("Problems"), 34, self._get_problems),
            (self.env._("Highest Severity"), 10, lambda c: c.max_severity or None),
            (self.env._("First Receiver"), 12, lambda c: c.first_receiver_id.name),
            (
                self.env._("Received by Department"),
                16,
                lambda c: c.first_department_id.name,
            ),
            (self.env._("Lead Department"), 16, lambda c: c.lead_department_id.name),
            (self.env._("Officer in Charge"), 12, lambda c: c.user_id.name),
            (self.env._("Status"), 14, lambda c: label(c, "state")),
            (self.env._("Finding"), 24, self._get_findings),
            (self.env._("Ended On"), 17, lambda c: local(c, c.closed_at)),
            (self.env._("Remarks"), 30, self._get_remarks),
        ]

    def _get_local_time(self, complaint, moment):
        """Return a moment as the hospital's clock shows it, or None."""
        return self._localize(complaint.company_id, moment)

    def _get_relation(self, complaint):
        if complaint.complainant_relation:
            return get_label(complaint, "complainant_relation")
        return get_label(complaint, "complainant_type")

    def _get_departments(self, complaint):
        departments = complaint.problem_ids.department_id
        return "; ".join((departments or complaint.lead_department_id).mapped("name"))

    def _get_persons(self, complaint):
        return "; ".join(complaint.problem_ids.employee_id.mapped("name"))

    def _get_problems(self, complaint):
        return "\n".join(
            f"{problem.category_id.display_name} ({problem.severity})"
            for problem in complaint.problem_ids
        )

    def _get_findings(self, complaint):
        return "\n".join(
            f"{problem.category_id.display_name}: {get_label(problem, 'finding')}"
            for problem in complaint.problem_ids
        )

    def _get_remarks(self, complaint):
        parts = [
            get_label(complaint, "not_accepted_reason"),
            complaint.state_note,
            "; ".join(complaint.tag_ids.mapped("name")),
        ]
        return "\n".join(part for part in parts if part)
