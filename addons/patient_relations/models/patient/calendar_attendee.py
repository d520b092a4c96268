from odoo import models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def _notify_attendees(self, mail_template, **kwargs):
        """Send no e-mail to patients who refuse e-mail or have died."""
        refusing = self.event_id._get_unreachable_patients("optout_email")
        willing = self.filtered(lambda attendee: attendee.partner_id not in refusing)
        return super(CalendarAttendee, willing)._notify_attendees(
            mail_template, **kwargs
        )
