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

    @api.onchange("patient_id")
    def _onchange_patient_id(self):
        if self.patient_id:
            self.partner_ids |= self.patient_id.partner_id
            self.name = self.name or self.patient_id.name

    @api.onchange("patient_department_id")
    def _onchange_patient_department_id(self):
        self.alarm_ids |= self.patient_department_id.reminder_alarm_ids

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._add_patient_vals(vals) for vals in vals_list])

    # BUSINESS

    @api.model
    def _add_patient_vals(self, vals):
        """Invite the patient, and take over the notices of the department."""
        vals = dict(vals)
        patient = self.env["patient.patient"].browse(vals.get("patient_id"))
        department = self.env["hr.department"].browse(vals.get("patient_department_id"))
        if patient:
            vals["partner_ids"] = [
                *(vals.get("partner_ids") or [Command.link(self.env.user.partner_id.id)]),
                Command.link(patient.partner_id.id),
            ]
        if department.reminder_alarm_ids:
            vals["alarm_ids"] = [
                *(vals.get("alarm_ids") or []),
                *(Command.link(alarm.id) for alarm in department.reminder_alarm_ids),
            ]
        return vals

    def _get_unreachable_patients(self, optout):
        """Return the contacts of patients who refuse a channel or have died.

        :param str optout: the field of ``patient.patient`` that refuses the channel
        """
        # sudo: patient.patient: a reminder is sent whoever wrote the appointment
        patients_sudo = self.sudo().patient_id
        return patients_sudo.filtered(
            lambda patient: patient[optout] or patient.deceased_at
        ).partner_id

    def _do_sms_reminder(self, alarms):
        return super(
            CalendarEvent, self.with_context(patient_optout="optout_sms")
        )._do_sms_reminder(alarms)

    def _mail_get_partners(self, introspect_fields=False):
        partners = super()._mail_get_partners(introspect_fields=introspect_fields)
        optout = self.env.context.get("patient_optout")
        if not optout:
            return partners
        refusing = self._get_unreachable_patients(optout)
        return {event: found - refusing for event, found in partners.items()}
