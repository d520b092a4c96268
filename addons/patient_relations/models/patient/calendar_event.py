from odoo import api, fields, models
from odoo.fields import Command, Domain


class CalendarEvent(models.Model):
    """An appointment of a patient in a department (FHIR: Appointment)."""

    _inherit = "calendar.event"

    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="patient_relations.patient_relations_group_reader",
    )
    patient_department_id = fields.Many2one(
        comodel_name="hr.department", string="Department", index="btree_not_null"
    )
    patient_company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_patient_company_id",
        store=True,
        prefetch=False,
        index="btree_not_null",
        export_string_translation=False,
        help="The hospital of a patient who is invited: the appointment is hidden like "
        "the patient.",
    )

    @api.depends("patient_id.company_id", "partner_ids.is_patient")
    def _compute_patient_company_id(self):
        for event in self:
            invited = event.partner_ids.filtered("is_patient")
            companies = event.patient_id.company_id | invited.company_id
            event.patient_company_id = companies[:1]

    @api.onchange("patient_id")
    def _onchange_patient_id(self):
        former = self._origin.patient_id.partner_id
        self.partner_ids = self.patient_id.partner_id | self.partner_ids.filtered(
            lambda partner: partner._origin not in former
        )
        self.name = self.name or self.patient_id.name

    @api.onchange("patient_department_id")
    def _onchange_patient_department_id(self):
        former = self._origin.patient_department_id.reminder_alarm_ids
        notices = self.patient_department_id.reminder_alarm_ids
        self.alarm_ids = notices | self.alarm_ids.filtered(
            lambda alarm: alarm._origin not in former
        )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._add_patient_vals(vals) for vals in vals_list])

    def write(self, vals):
        if "patient_id" not in vals or "partner_ids" in vals:
            return super().write(vals)
        # sudo: patient.patient: the former patient leaves, whoever may see the name
        former_sudo = {event: event.sudo().patient_id.partner_id for event in self}
        result = super().write(vals)
        for event, partner_sudo in former_sudo.items():
            invited = event.sudo().patient_id.partner_id
            if invited != partner_sudo:
                event.partner_ids = [
                    *(Command.unlink(partner_id) for partner_id in partner_sudo.ids),
                    *(Command.link(partner_id) for partner_id in invited.ids),
                ]
        return result

    def copy_data(self, default=None):
        """Copy the patient for those who may; others cannot even read the field."""
        vals_list = super().copy_data(default)
        if self.env.user._has_patient_access():
            for event, vals in zip(self, vals_list, strict=True):
                vals.setdefault("patient_id", event.patient_id.id)
        return vals_list

    # BUSINESS

    @api.model
    def _add_patient_vals(self, vals):
        """Invite the patient, and take over the notices of the department."""
        vals = dict(vals)
        patient = self.env["patient.patient"].browse(vals.get("patient_id"))
        department = self.env["hr.department"].browse(vals.get("patient_department_id"))
        if patient:
            invited = vals.get("partner_ids") or [
                Command.link(self.env.user.partner_id.id)
            ]
            vals["partner_ids"] = [*invited, Command.link(patient.partner_id.id)]
        # A form that sends notices has offered the department's, and may have dropped some.
        if department.reminder_alarm_ids and "alarm_ids" not in vals:
            vals["alarm_ids"] = [Command.set(department.reminder_alarm_ids.ids)]
        return vals

    def _check_private_event_conditions(self):
        """Show a patient's appointment as «Busy» where Odoo reads past the rules."""
        # sudo: calendar.event: whose patient it is, and nothing else, is read here;
        # more would stay in the cache and be shown
        company_sudo = self.sudo().patient_company_id
        if company_sudo and not self.env.user._has_patient_access(company_sudo):
            own = Domain("partner_ids", "in", self.env.user.partner_id.ids)
            return not self.sudo().search_count(Domain("id", "=", self.id) & own)
        return super()._check_private_event_conditions()

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Leave out appointments that a rule hides: Odoo reads their privacy."""
        seen = self.exists()._filtered_access("read")
        operations = super(
            CalendarEvent, seen
        )._mail_get_operation_for_mail_message_operation(message_operation)
        return {**dict.fromkeys(self - seen, "read"), **operations}

    def _get_patients_invited(self):
        """Return the contacts (sudo) of patients who are invited, archived ones too."""
        # sudo: res.partner: a refusal holds, whoever sends
        invited_sudo = self.sudo().with_context(active_test=False).partner_ids
        return invited_sudo.filtered("is_patient")

    def _get_unreachable_patients(self, optout):
        """Return the contacts of patients who refuse a channel or have died.

        :param str optout: the field of ``patient.patient`` that refuses the channel
        """
        files_sudo = self._get_patients_invited().patient_ids
        return files_sudo.filtered(
            lambda patient: patient[optout] or patient.deceased_at
        ).partner_id

    def _do_sms_reminder(self, alarms):
        """Send the notices of a department to the patient alone, others to everybody."""
        for event in self.with_context(patient_optout="optout_sms"):
            notices = alarms & event.patient_department_id.reminder_alarm_ids
            to_patient = event.with_context(patient_only=True)
            super(CalendarEvent, event)._do_sms_reminder(alarms - notices)
            super(CalendarEvent, to_patient)._do_sms_reminder(notices)

    def _mail_get_partners(self, introspect_fields=False):
        partners = super()._mail_get_partners(introspect_fields=introspect_fields)
        optout = self.env.context.get("patient_optout")
        if not optout:
            return partners
        refusing = self._get_unreachable_patients(optout)
        partners = {event_id: found - refusing for event_id, found in partners.items()}
        if self.env.context.get("patient_only"):
            patients = self._get_patients_invited()
            return {event_id: found & patients for event_id, found in partners.items()}
        return partners

    def _is_patient_notice(self, mail_template):
        """Tell whether an e-mail is a notice of the department to its patient."""
        notices = self.patient_department_id.reminder_alarm_ids
        others = self.alarm_ids - notices
        return mail_template in notices.mail_template_id - others.mail_template_id
