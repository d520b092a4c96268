from odoo import models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Send no e-mail to patients who refuse e-mail or have died.

        What a department tells its patients before a visit goes to nobody else.
        """
        refusing = self.event_id._get_unreachable_patients("optout_email")
        meant = self.filtered(lambda attendee: attendee.partner_id not in refusing)
        for event, attendees in meant.grouped("event_id").items():
            if event._is_patient_notice(mail_template):
                patients = event._get_patients_invited()
                meant -= attendees.filtered(
                    lambda attendee, patients=patients: (
                        attendee.partner_id not in patients
                    )
                )
        return super(CalendarAttendee, meant)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )
