from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PatientHealthCase


@tagged("post_install", "-at_install")
class TestMeasurementAccess(PatientHealthCase):
    """Who sees values, and who does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.value = cls._measure("systolic", 150, encounter_id=cls.encounter.id)
        cls.stranger = cls._make_patient("李四", mrn="T0002")
        cls.other = cls._measure(
            "systolic", 151, patient_id=cls.stranger.id, department_id=cls.surgery.id
        )

    def _visible(self, user):
        return (
            self.env["patient.measurement"]
            .with_user(user)
            .search([("id", "in", (self.value + self.other).ids)])
        )

    def test_clinician_sees_patients_of_the_own_departments(self):
        self.assertEqual(self._visible(self.user_clinician), self.value)
        with self.assertRaises(AccessError):
            self.other.with_user(self.user_clinician).read(["value"])
        # what another department measured in a patient of ours is seen as well
        elsewhere = self._measure("systolic", 152, department_id=self.surgery.id)
        self.assertEqual(elsewhere.with_user(self.user_clinician).value, 152)

    def test_clinician_enters_and_corrects_and_deletes_nothing(self):
        model = self.env["patient.measurement"].with_user(self.user_clinician)
        vals = {"indicator_id": self.systolic.id, "value": 130}
        model.create({**vals, "patient_id": self.patient.id})
        with self.assertRaises(AccessError):
            model.create({**vals, "patient_id": self.stranger.id})
        self.value.with_user(self.user_clinician)._correct({"value": 140}, "看错")
        with self.assertRaises(AccessError):
            self.value.with_user(self.user_clinician).unlink()

    def test_health_management_sees_all_of_the_hospital(self):
        self.assertEqual(self._visible(self.user_health), self.value + self.other)
        self.systolic.with_user(self.user_health).sequence = 1

    def test_statistics_counts_without_knowing_of_whom(self):
        model = self.env["patient.measurement"].with_user(self.user_statistics)
        found = model._read_group(
            [("id", "in", (self.value + self.other).ids)],
            ["indicator_id"],
            ["value:avg", "__count"],
        )
        self.assertEqual(found, [(self.systolic, 150.5, 2)])
        for name in ("patient_id", "encounter_id", "text", "value_label"):
            with self.assertRaises(AccessError, msg=name):
                model.browse(self.value.id).read([name])
        for spec in (
            {"domain": [("patient_id", "=", self.patient.id)]},
            {"domain": [("patient_id.name", "=", "张伟")]},
        ):
            with self.assertRaises(AccessError):
                model.search(**spec)
        with self.assertRaises(AccessError):
            model._read_group([], ["patient_id"], ["__count"])

    def test_clinician_who_counts_sees_no_more_patients(self):
        self.user_clinician.group_ids += self.env.ref(
            "patient_health.patient_health_group_statistics"
        )
        self.assertEqual(self._visible(self.user_clinician), self.value)

    def test_others_see_nothing(self):
        for user in (
            self.user_plain,
            self.user_staff,
            self.user_officer,
            self.user_manager,
            self.user_portal,
        ):
            with self.assertRaises(AccessError, msg=user.login):
                self._visible(user)

    def test_sensitive_values_need_a_right_of_their_own(self):
        self._indicator("systolic").is_sensitive = True
        hidden = self._measure("systolic", 160)
        model = self.env["patient.measurement"]
        for user in (self.user_clinician, self.user_health, self.user_statistics):
            domain = [("id", "=", hidden.id)]
            self.assertFalse(model.with_user(user).search_count(domain), user.login)
        self.user_clinician.group_ids += self.env.ref(
            "patient_health.patient_health_group_sensitive"
        )
        self.assertEqual(hidden.with_user(self.user_clinician).value, 160)

    def test_indicator_made_sensitive_hides_past_values_too(self):
        self.systolic.is_sensitive = True
        self.assertFalse(self._visible(self.user_health))
        self.systolic.is_sensitive = False
        self.assertEqual(self._visible(self.user_health), self.value + self.other)

    def test_another_hospital_sees_nothing(self):
        company = self._make_company()
        user = self._make_health_user(
            "ph_elsewhere",
            "manager",
            "sensitive",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        model = self.env["patient.measurement"].with_user(user)
        self.assertFalse(model.search_count([]))
        self.assertFalse(model._read_group([], ["indicator_id"], ["__count"]))
        with self.assertRaises(AccessError):
            model.browse(self.value.id).read(["value"])
