from odoo.tests import HttpCase, tagged

from .common import ReportCase


class ReportTourCase(HttpCase, ReportCase):
    """What a nurse does in a browser: issue a report, read the list, print a group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._measure_years("systolic", 168, 150, 128)
        cls._issue()._count_opening("wrong")

    def _walk_issue(self):
        with self._with_printer():
            self.start_tour(
                f"/odoo/patients/{self.patient.id}",
                "patient_health_report_issue",
                login="ph_nurse",
            )
        report = self.reports.search([("issued_by_id", "=", self.user_nurse.id)])
        self.assertEqual((report.state, report.link_state), ("issued", "open"))
        self.assertTrue(report.sha256)
        codes = report.section_ids.mapped("code")
        self.assertNotIn("medicines", codes, "it was left out")

    def _walk_list(self):
        self.start_tour(
            "/odoo/health-reports", "patient_health_report_list", login="ph_nurse"
        )
        report = self.reports.search([("withdrawn_by_id", "=", self.user_nurse.id)])
        self.assertEqual(
            (report.state, report.withdrawn_reason), ("withdrawn", "打印有误")
        )

    def _walk_batch(self):
        tag = self.env["patient.tag"].create({"name": "体检一组"})
        self.patient.tag_ids = tag
        batch = self.env["patient.health.report.batch"].with_user(self.user_nurse)
        batch = batch.create({"name": "春季体检", "tag_ids": tag.ids})
        self.start_tour(
            f"/odoo/health-report-groups/{batch.id}",
            "patient_health_report_batch",
            login="ph_nurse",
        )
        self.assertEqual((batch.state, batch.line_count), ("running", 1))


@tagged("post_install", "-at_install")
class TestReportTours(ReportTourCase):
    def test_issue(self):
        self._walk_issue()

    def test_list(self):
        self._walk_list()

    def test_batch(self):
        self._walk_batch()


@tagged("post_install", "-at_install")
class TestReportToursOnAPhone(ReportTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_issue(self):
        self._walk_issue()

    def test_list(self):
        self._walk_list()

    def test_batch(self):
        self._walk_batch()
