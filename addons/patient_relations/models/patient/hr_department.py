from odoo import api, fields, models


class HrDepartment(models.Model):
    _inherit = "hr.department"

    # hospital
    is_clinical = fields.Boolean(
        string="Clinical", help="Patients are seen or treated in this department."
    )
    care_setting = fields.Selection(
        selection=[
            ("ward", "Ward"),
            ("clinic", "Clinic"),
            ("emergency", "Emergency"),
            ("technical", "Examination and Treatment Facility"),
            ("administration", "Administration and Services"),
        ],
        help="What kind of place this department is for a patient.",
    )
    is_high_risk = fields.Boolean(
        string="High Risk",
        help="Disputes are more likely here: the department is always on the list of rounds.",
    )
    relations_contact_id = fields.Many2one(
        comodel_name="hr.employee",
        index="btree_not_null",
        check_company=True,
        help="The person of this department whom the patient-relations office calls.",
    )
    # reminders before a visit
    reminder_alarm_ids = fields.Many2many(
        comodel_name="calendar.alarm",
        relation="hr_department_reminder_alarm_rel",
        domain=[("alarm_type", "in", ("email", "sms"))],
        string="Pre-visit Notices",
        help="Messages that a patient receives before an appointment in this department, "
        "each with its own template and lead time.",
    )
    # statistics
    encounter_count = fields.Integer(compute="_compute_encounter_count")

    def _compute_encounter_count(self):
        counts = dict(
            self.env["patient.encounter"]._read_group(
                [("department_id", "in", self.ids)], ["department_id"], ["__count"]
            )
        )
        for department in self:
            department.encounter_count = counts.get(department, 0)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        # record rules keep the departments of a user in their cache
        self.env.registry.clear_cache()
        return departments

    def write(self, vals):
        result = super().write(vals)
        if {"parent_id", "active"} & vals.keys():
            # record rules keep the departments of a user in their cache
            self.env.registry.clear_cache()
        return result

    # ACTIONS

    def action_open_encounters(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_encounter_action"
        )
        return {**action, "domain": [("department_id", "=", self.id)]}
