from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tests.common import SMSCase

from ..common import PatientRelationsCase

NOW = datetime(2026, 3, 2, 1, 0)


@tagged("post_install", "-at_install")
class TestPatientCalendar(PatientRelationsCase, MailCase, SMSCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.write({"email": "zhangwei@patient.example"})
        cls.mail_alarm = cls.env.ref("patient_relations.patient_notice_alarm_mail")
        cls.sms_alarm = cls.env.ref("patient_relations.patient_notice_alarm_sms")
        cls.cardiology.reminder_alarm_ids = cls.mail_alarm | cls.sms_alarm

    def _make_event(self, **values):
        event = self.env["calendar.event"].with_user(self.user_officer)
        return event.create(
            {
                "name": "复诊",
                "patient_id": self.patient.id,
                "patient_department_id": self.cardiology.id,
                "start": NOW + timedelta(hours=30),
                "stop": NOW + timedelta(hours=31),
                **values,
            }
        )

    def _run_reminders(self, hours):
        """Run both reminders as their cron does, some hours after NOW."""
        with (
            freeze_time(NOW + timedelta(hours=hours)),
            self.mockSMSGateway(),
            self.mock_mail_gateway(),
        ):
            manager = self.env["calendar.alarm_manager"].with_context(
                lastcall=NOW - timedelta(hours=1)
            )
            manager._send_reminder()
            self.env.flush_all()

    def _get_mails_to_patient(self):
        return self._new_mails.filtered(
            lambda mail: self.patient.partner_id in mail.recipient_ids
        )

    # the appointment

    def test_the_patient_is_invited_and_the_department_gives_its_notices(self):
        event = self._make_event()
        self.assertIn(self.patient.partner_id, event.partner_ids)
        self.assertIn(self.user_officer.partner_id, event.partner_ids)
        self.assertEqual(event.alarm_ids, self.mail_alarm | self.sms_alarm)
        self.assertEqual(self.patient.event_ids, event)
        self.assertEqual(self.patient.event_count, 1)

    def test_notices_that_were_dropped_stay_dropped(self):
        event = self._make_event(alarm_ids=[Command.set(self.sms_alarm.ids)])
        self.assertEqual(event.alarm_ids, self.sms_alarm)

    def test_the_form_offers_patient_and_notices(self):
        form = Form(self.env["calendar.event"].with_user(self.user_officer))
        form.patient_id = self.patient
        self.assertEqual(form.name, "张伟")
        form.patient_department_id = self.cardiology
        form.start = NOW
        event = form.save()
        self.assertIn(self.patient.partner_id, event.partner_ids)
        self.assertEqual(event.alarm_ids, self.mail_alarm | self.sms_alarm)

    def test_another_patient_takes_the_place_of_the_first(self):
        other = self._make_patient("李娜")
        event = self._make_event()
        event.patient_id = other
        self.assertIn(other.partner_id, event.partner_ids)
        self.assertNotIn(self.patient.partner_id, event.partner_ids)
        self.assertEqual(event.attendee_ids.partner_id, event.partner_ids)
        form = Form(event)
        form.patient_id = self.patient
        form.patient_department_id = self.surgery
        form.save()
        self.assertIn(self.patient.partner_id, event.partner_ids)
        self.assertNotIn(other.partner_id, event.partner_ids)
        self.assertFalse(event.alarm_ids)

    def test_a_course_of_appointments_keeps_its_patient(self):
        event = self._make_event(
            recurrency=True, rrule_type="weekly", end_type="count", count=3, tue=True
        )
        events = event.recurrence_id.calendar_event_ids
        self.assertEqual(len(events), 3)
        self.assertEqual(events.patient_id, self.patient)
        self.assertEqual(events.mapped("patient_company_id"), self.company)

    def test_others_still_copy_and_repeat_their_meetings(self):
        meetings = self.env["calendar.event"].with_user(self.user_plain)
        meeting = meetings.create(
            {
                "name": "晨会",
                "start": NOW,
                "stop": NOW + timedelta(hours=1),
                "recurrency": True,
                "rrule_type": "weekly",
                "end_type": "count",
                "count": 3,
                "mon": True,
            }
        )
        self.assertEqual(len(meeting.recurrence_id.calendar_event_ids), 3)
        self.assertTrue(meeting.copy())

    def test_a_private_meeting_stays_private(self):
        """Asking whether a patient is invited puts nothing of a meeting in the cache."""
        meeting = self.env["calendar.event"].create(
            {
                "name": "私事",
                "location": "三楼",
                "privacy": "private",
                "start": NOW,
                "stop": NOW + timedelta(hours=1),
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        seen = meeting.with_user(self.user_officer)
        self.assertEqual(seen.name, "Busy")
        self.assertFalse(seen.location)

    def test_the_file_opens_its_appointments(self):
        event = self._make_event()
        action = self.patient.action_open_events()
        self.assertEqual(self.env["calendar.event"].search(action["domain"]), event)
        self.assertIn(
            self.patient.partner_id.id, action["context"]["default_partner_ids"]
        )

    # notices

    def test_notices_go_out_by_sms_and_mail(self):
        with self.mock_mail_gateway():
            self._make_event()
        self._run_reminders(hours=7)
        self.assertEqual(len(self._get_mails_to_patient()), 1)
        mail = self._get_mails_to_patient()
        self.assertIn("心内科", mail.body_html)
        self.assertIn("张伟", mail.body_html)
        self.assertNotIn("心内科", mail.subject)
        sms = self._new_sms.filtered(
            lambda sms: sms.partner_id == self.patient.partner_id
        )
        self.assertEqual(sms.number, "+8613800001234")
        self.assertIn("心内科", sms.body)
        # 30 hours after 09:00 in Shanghai
        self.assertRegex(sms.body, r"3/3/26, 3:00\sPM")
        self.assertRegex(mail.body_html, r"Tuesday.*3/3/26, 3:00\sPM")

    def test_a_refused_channel_stays_silent(self):
        event = self._make_event()
        alarms = event.alarm_ids.filtered(lambda alarm: alarm.alarm_type == "sms")
        for refusal, sms_count, mail_count in (
            ({}, 1, 1),
            ({"optout_sms": True}, 0, 1),
            ({"optout_email": True, "optout_sms": False}, 1, 0),
            ({"optout_email": False, "deceased_at": "2026-03-01 01:00:00"}, 0, 0),
        ):
            with self.subTest(refusal=refusal):
                with freeze_time(NOW):
                    self.patient.write(refusal)
                with self.mockSMSGateway(), self.mock_mail_gateway():
                    event._do_sms_reminder(alarms)
                    event.attendee_ids._notify_attendees(
                        self.mail_alarm.mail_template_id, notify_author=True
                    )
                to_patient = self._new_sms.filtered(
                    lambda sms: sms.partner_id == self.patient.partner_id
                )
                self.assertEqual(len(to_patient), sms_count)
                self.assertEqual(len(self._get_mails_to_patient()), mail_count)

    def test_a_refusal_holds_for_whoever_is_invited(self):
        """Also when the appointment does not name its patient."""
        self.patient.write({"optout_email": True, "optout_sms": True})
        event = self.env["calendar.event"].create(
            {
                "name": "会面",
                "partner_ids": [Command.link(self.patient.partner_id.id)],
                "start": NOW,
                "stop": NOW + timedelta(hours=1),
            }
        )
        with self.mockSMSGateway(), self.mock_mail_gateway():
            event._do_sms_reminder(self.sms_alarm)
            event.attendee_ids._notify_attendees(self.mail_alarm.mail_template_id)
        self.assertFalse(
            self._new_sms.filtered(
                lambda sms: sms.partner_id == self.patient.partner_id
            )
        )
        self.assertFalse(self._get_mails_to_patient())

    def test_colleagues_are_told_as_before(self):
        self.patient.optout_email = True
        event = self._make_event()
        event.partner_ids |= self.user_staff.partner_id
        with self.mock_mail_gateway():
            event.attendee_ids._notify_attendees(
                self.env.ref("calendar.calendar_template_meeting_reminder"),
                notify_author=True,
            )
        self.assertEqual(
            self._new_mails.recipient_ids,
            (self.user_staff | self.user_officer).partner_id,
        )

    def test_the_notice_of_a_department_is_for_the_patient_alone(self):
        self.user_staff.partner_id.phone = "13900000000"
        event = self._make_event()
        event.partner_ids |= self.user_staff.partner_id
        with self.mockSMSGateway(), self.mock_mail_gateway():
            event.attendee_ids._notify_attendees(
                self.mail_alarm.mail_template_id, notify_author=True
            )
            event._do_sms_reminder(self.sms_alarm)
        self.assertEqual(self._new_mails.recipient_ids, self.patient.partner_id)
        self.assertEqual(self._new_sms.partner_id, self.patient.partner_id)
        # another reminder of the same appointment is for all who come
        other = self.sms_alarm.copy()
        with self.mockSMSGateway():
            event._do_sms_reminder(other)
        self.assertEqual(
            self._new_sms.partner_id,
            (self.patient.partner_id | self.user_staff.partner_id),
        )
