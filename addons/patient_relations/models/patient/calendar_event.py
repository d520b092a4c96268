from odoo import api, fields, models
from odoo.fields import Command


class CalendarEvent(models.Model):
    """An appointment of a patient in a department (FHIR: Appointment)."""

    _inherit = "calendar.event"

    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        index="btree_not_null",
        ondelete="set null",
        groups="patient_relations.patient_relations_group_reader",
    )
    patient_department_id = fields.Many2one(
        comodel_name="hr.department", string="Department", index="btree_not_null"
    )
    has_patient = fields.Boolean(
        compute="_compute_has_patient",
        store=True,
        export_string_translation=False,
        help="A patient is invited: the appointment is hidden like the patient.",
    )

    @api.depends("patient_id", "partner_ids.is_patient")
    def _compute_has_patient(self):
        for event in self:
            event.has_patient = bool(event.patient_id) or any(
                partner.is_patient for partner in event.partner_ids
            )

    @api.onchange("patient_id")
    def _onchange_patient_id(self):
        self.partner_ids -= self._origin.patient_id.partner_id
        self.partner_ids |= self.patient_id.partner_id
        self.name = self.name or self.patient_id.name

    @api.onchange("patient_department_id")
    def _onchange_patient_department_id(self):
        self.alarm_ids -= self._origin.patient_department_id.reminder_alarm_ids
        self.alarm_ids |= self.patient_department_id.reminder_alarm_ids

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
        hidden = super()._check_private_event_conditions()
        if hidden or self.env.user._has_patient_access():
            return hidden
        # sudo: calendar.event: who is invited is compared, not shown
        event_sudo = self.sudo()
        invited = self.env.user.partner_id in event_sudo.partner_ids
        return event_sudo.has_patient and not invited

    def _get_unreachable_patients(self, optout):
        """Return the contacts of patients who refuse a channel or have died.

        :param str optout: the field of ``patient.patient`` that refuses the channel
        """
        # sudo: res.partner, patient.patient: the refusal holds, whoever sends
        invited_sudo = self.sudo().with_context(active_test=False).partner_ids
        files_sudo = invited_sudo.filtered("is_patient").patient_ids
        return files_sudo.filtered(
            lambda patient: patient[optout] or patient.deceased_at
        ).partner_id

    def _do_sms_reminder(self, alarms):
        events = self.with_context(patient_optout="optout_sms")
        return super(CalendarEvent, events)._do_sms_reminder(alarms)

    def _mail_get_partners(self, introspect_fields=False):
        partners = super()._mail_get_partners(introspect_fields=introspect_fields)
        optout = self.env.context.get("patient_optout")
        if not optout:
            return partners
        refusing = self._get_unreachable_patients(optout)
        return {event_id: found - refusing for event_id, found in partners.items()}
