from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import NOW
from .common import ReportCase


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCase):
    """Who makes and sees reports, and who does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls._issue()
        cls.others = cls._issue(patient=cls.stranger)
        for report in cls.ours + cls.others:
            report._count_opening("opened")

    def _visible(self, user):
        ids = (self.ours + self.others).ids
        return self.reports.with_user(user).search([("id", "in", ids)])

    def test_clinician_makes_and_sees_those_of_the_own_departments(self):
        self.assertEqual(self._visible(self.user_clinician), self.ours)
        with self._with_printer():
            self._draft(user=self.user_clinician).action_issue()
        other = self.others.with_user(self.user_clinician)
        with self.assertRaises(AccessError):
            other.read(["content"])
        for button in ("action_withdraw", "action_make_link", "action_end_link"):
            with self.assertRaises(AccessError, msg=button):
                getattr(other, button)()
        with self.assertRaises(AccessError):
            self._draft(patient=self.stranger, user=self.user_clinician)

    def test_openings_follow_their_report_and_are_written_by_nobody(self):
        openings = self.env["patient.health.report.opening"]
        seen = openings.with_user(self.user_clinician).search([])
        self.assertEqual(seen.report_id, self.ours)
        for user in (self.user_clinician, self.user_health):
            model = openings.with_user(user)
            with self.assertRaises(AccessError):
                model.create(
                    {
                        "report_id": self.ours.id,
                        "opened_at": NOW,
                        "outcome": "opened",
                    }
                )
            with self.assertRaises(AccessError):
                model.browse(seen.ids).unlink()

    def test_files_follow_their_report(self):
        with self._with_printer():
            self.others.action_print()
        file = self.others.attachment_id
        self.assertTrue(file.with_user(self.user_health).raw)
        for user in (self.user_clinician, self.user_staff, self.user_statistics):
            with self.assertRaises(AccessError, msg=user.login):
                file.with_user(user).read(["raw"])

    def test_health_management_sees_all_of_the_hospital(self):
        self.assertEqual(self._visible(self.user_health), self.ours + self.others)

    def test_others_see_and_make_nothing(self):
        for user in (
            self.user_plain,
            self.user_staff,
            self.user_officer,
            self.user_manager,
            self.user_statistics,
            self.user_portal,
        ):
            for name in (
                "patient.health.report",
                "patient.health.report.opening",
                "patient.health.report.batch",
                "patient.health.report.batch.line",
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    self.env[name].with_user(user).search([])
            with self.assertRaises(AccessError, msg=user.login):
                self._draft(user=user)

    def test_sensitive_reports_need_a_right_of_their_own(self):
        report = self._issue(user=self.user_mind, is_sensitive=True)
        report.sudo()._count_opening("opened")
        openings = self.env["patient.health.report.opening"]
        for user in (self.user_clinician, self.user_health):
            found = self.reports.with_user(user).search([("id", "=", report.id)])
            self.assertFalse(found, user.login)
            domain = [("report_id", "=", report.id)]
            self.assertFalse(openings.with_user(user).search(domain), user.login)
            with self.assertRaises(AccessError):
                self._draft(user=user, is_sensitive=True)
            with self.assertRaises(AccessError):
                self._draft(user=user).is_sensitive = True

    def test_a_clinician_sees_the_own_printings_only(self):
        batches = self.env["patient.health.report.batch"]
        ours = batches.with_user(self.user_clinician).create({})
        theirs = batches.with_user(self.user_nurse).create({})
        line = theirs._add_patients(self.patient)
        for record in (theirs, line):
            with self.assertRaises(AccessError):
                record.with_user(self.user_clinician).read(["state"])
        ours.with_user(self.user_clinician).read(["state"])
        found = batches.with_user(self.user_health).search([])
        self.assertLessEqual(ours | theirs, found)

    def test_another_hospital_sees_nothing(self):
        company = self._make_company()
        user = self._make_health_user(
            "ph_elsewhere",
            *("manager", "sensitive"),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        batch = self.env["patient.health.report.batch"].create({})
        line = batch._add_patients(self.patient)
        for records in (self.ours, self.ours.opening_ids, batch, line):
            model = self.env[records._name].with_user(user)
            self.assertFalse(model.search_count([]), records._name)
            with self.assertRaises(AccessError, msg=records._name):
                model.browse(records.ids).read(["display_name"])
