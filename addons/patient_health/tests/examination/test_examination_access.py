from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .examination_common import PDF, ExaminationCase


@tagged("post_install", "-at_install")
class TestExaminationAccess(ExaminationCase):
    """Who sees reports and their files, and who does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls._report()
        cls.file = cls._file(cls.report)
        cls.stranger = cls._make_patient("李四", mrn="T0002")
        cls.other = cls._report(
            patient_id=cls.stranger.id,
            encounter_id=False,
            department_id=cls.surgery.id,
        )
        cls.other_file = cls._file(cls.other)

    def _visible(self, user):
        """Return the reports and the files that a user finds."""
        return tuple(
            self.env[records._name]
            .with_user(user)
            .search([("id", "in", records.ids)])
            .sudo()
            for records in (self.report + self.other, self.file + self.other_file)
        )

    def test_clinician_sees_patients_of_the_own_departments(self):
        self.assertEqual(self._visible(self.user_clinician), (self.report, self.file))
        with self.assertRaises(AccessError):
            self.other.with_user(self.user_clinician).read(["conclusion"])
        with self.assertRaises(AccessError):
            self.other_file.with_user(self.user_clinician).read(["datas"])
        # what another department has found in a patient of ours is seen as well
        elsewhere = self._report(encounter_id=False, department_id=self.surgery.id)
        self.assertEqual(
            elsewhere.with_user(self.user_clinician).conclusion, "血红蛋白正常"
        )

    def test_clinician_enters_and_amends_and_deletes_nothing(self):
        report = self._report().with_user(self.user_clinician)
        report.conclusion = "复查"
        file = report._add_file("x.pdf", PDF)
        for record in (report, file):
            with self.assertRaises(AccessError):
                record.unlink()
        model = self.env["patient.examination"].with_user(self.user_clinician)
        with self.assertRaises(AccessError):
            model.create({"patient_id": self.stranger.id, "name": "x"})
        with self.assertRaises(AccessError):
            self.env["patient.examination.file"].with_user(self.user_clinician).create(
                {"examination_id": self.other.id, **report.file_ids._pack("x", PDF)}
            )

    def test_health_management_sees_all_and_takes_files_away(self):
        self.assertEqual(
            self._visible(self.user_health),
            (self.report + self.other, self.file + self.other_file),
        )
        self.file.with_user(self.user_health).unlink()
        with self.assertRaises(AccessError):
            self.report.with_user(self.user_health).unlink()

    def test_others_see_nothing(self):
        for user in (
            self.user_plain,
            self.user_staff,
            self.user_officer,
            self.user_manager,
            self.user_statistics,
            self.user_portal,
        ):
            with self.assertRaises(AccessError, msg=user.login):
                self._visible(user)
            with self.assertRaises(AccessError, msg=user.login):
                self.env["patient.measurement"].with_user(user).browse(1).read(
                    ["examination_id"]
                )

    def test_clinician_who_counts_sees_no_more_reports(self):
        self.user_clinician.group_ids += self.env.ref(
            "patient_health.patient_health_group_statistics"
        )
        self.assertEqual(self._visible(self.user_clinician), (self.report, self.file))

    def test_sensitive_reports_need_a_right_of_their_own(self):
        self.report.is_sensitive = True
        for user in (self.user_clinician, self.user_health):
            reports, files = self._visible(user)
            self.assertNotIn(self.report, reports, user.login)
            self.assertNotIn(self.file, files, user.login)
        self.user_clinician.group_ids += self.env.ref(
            "patient_health.patient_health_group_sensitive"
        )
        self.assertEqual(self._visible(self.user_clinician), (self.report, self.file))

    def test_report_with_a_sensitive_value_is_sensitive(self):
        self._indicator("pulse").is_sensitive = True
        self._measure("pulse", 60, examination_id=self.report.id)
        self.assertTrue(self.report.is_sensitive)
        value = self._measure("pulse", 60, patient_id=self.stranger.id)
        value.examination_id = self.other
        self.assertTrue(self.other.is_sensitive)

    def test_indicator_made_sensitive_hides_its_reports_too(self):
        self._measure("systolic", 120, examination_id=self.report.id)
        self.assertFalse(self.report.is_sensitive)
        self.systolic.with_user(self.user_health).is_sensitive = True
        self.assertTrue(self.report.is_sensitive)
        self.assertTrue(self.file.is_sensitive)
        self.systolic.is_sensitive = False
        self.assertTrue(self.report.is_sensitive)

    def test_another_hospital_sees_nothing(self):
        company = self._make_company()
        user = self._make_health_user(
            "ph_elsewhere",
            "manager",
            "sensitive",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for name in ("patient.examination", "patient.examination.file"):
            model = self.env[name].with_user(user)
            self.assertFalse(model.search_count([]))
            self.assertFalse(model._read_group([], ["patient_id"], ["__count"]))
        for record in (self.report, self.file):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["display_name"])


@tagged("post_install", "-at_install")
class TestExaminationFileHttp(ExaminationCase, HttpCase):
    def test_file_is_sent_to_those_who_may_read_it(self):
        file = self._file(self._report())
        path = f"/web/content/patient.examination.file/{file.id}/datas"
        self.authenticate("ph_clinician", "ph_clinician")
        self.assertEqual(self.url_open(path).content, PDF)
        self.user_clinician.patient_department_ids = self.surgery
        self.assertNotEqual(self.url_open(path).content, PDF)
        for login in ("pr_staff", "ph_statistics"):
            self.authenticate(login, login)
            self.assertNotEqual(self.url_open(path).content, PDF)
