from odoo import models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Send no e-mail to patients who refuse e-mail or have died."""
        refusing = self.filtered(
            lambda attendee: (
                attendee.partner_id
                in attendee.event_id._get_unreachable_patients("optout_email")
            )
        )
        return super(CalendarAttendee, self - refusing)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )
