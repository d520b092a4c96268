from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CareCase

MODELS = ("patient.intervention", "patient.medication.supply", "patient.health.summary")


@tagged("post_install", "-at_install")
class TestCareAccess(CareCase):
    """Who sees advice, medicines and summaries, and who does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = {
            "patient.intervention": {"name": "少盐", "kind": "diet"},
            "patient.medication.supply": {"name": "氨氯地平", "days": 7},
            "patient.health.summary": {"body": "<p>好转</p>"},
        }
        cls.ours, cls.others = {}, {}
        for name in MODELS:
            cls.ours[name] = cls._make(name, cls.patient)
            cls.others[name] = cls._make(name, cls.stranger)

    @classmethod
    def _make(cls, name, patient, user=None, **values):
        model = cls.env[name].with_user(user or cls.env.user)
        return model.create({"patient_id": patient.id, **cls.facts[name], **values})

    def _visible(self, name, user):
        ids = (self.ours[name] + self.others[name]).ids
        return self.env[name].with_user(user).search([("id", "in", ids)])

    def test_clinician_sees_and_writes_those_of_the_own_departments(self):
        for name in MODELS:
            self.assertEqual(self._visible(name, self.user_clinician), self.ours[name])
            self._make(name, self.patient, self.user_clinician)
            other = self.others[name].with_user(self.user_clinician)
            with self.assertRaises(AccessError, msg=name):
                other.read(["patient_id"])
            with self.assertRaises(AccessError, msg=name):
                other.department_id = self.cardiology
            with self.assertRaises(AccessError, msg=name):
                self._make(name, self.stranger, self.user_clinician)

    def test_clinician_deletes_nothing_but_drafts(self):
        for name in MODELS[:2]:
            with self.assertRaises(AccessError, msg=name):
                self.ours[name].with_user(self.user_clinician).unlink()

    def test_library_is_written_by_health_management(self):
        template = self.env.ref("patient_health.patient_intervention_template_salt")
        self.assertTrue(template.with_user(self.user_clinician).advice)
        with self.assertRaises(AccessError):
            template.with_user(self.user_clinician).sequence = 1
        template.with_user(self.user_health).sequence = 1

    def test_health_management_sees_all_of_the_hospital(self):
        for name in MODELS:
            found = self._visible(name, self.user_health)
            self.assertEqual(found, self.ours[name] + self.others[name], name)

    def test_others_see_nothing(self):
        for user in (
            self.user_plain,
            self.user_staff,
            self.user_officer,
            self.user_manager,
            self.user_statistics,
            self.user_portal,
        ):
            for name in MODELS:
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    self._visible(name, user)

    def test_sensitive_ones_need_a_right_of_their_own(self):
        self.systolic.is_sensitive = True
        hidden = {
            "patient.intervention": {"indicator_id": self.systolic.id},
            "patient.medication.supply": {"is_sensitive": True},
            "patient.health.summary": {"is_sensitive": True},
        }
        records = {
            name: self._make(name, self.patient, **hidden[name]) for name in MODELS
        }
        for name, record in records.items():
            self.assertTrue(record.is_sensitive, name)
            for user in (self.user_clinician, self.user_health):
                found = self.env[name].with_user(user).search([("id", "=", record.id)])
                self.assertFalse(found, f"{user.login} {name}")
        self.user_clinician.group_ids += self.env.ref(
            "patient_health.patient_health_group_sensitive"
        )
        for record in records.values():
            record.with_user(self.user_clinician).read(["patient_id"])

    def test_indicator_made_sensitive_hides_its_advice(self):
        advice = self.ours["patient.intervention"]
        advice.indicator_id = self.systolic
        self.assertTrue(self._visible("patient.intervention", self.user_clinician))
        self.systolic.is_sensitive = True
        self.assertFalse(self._visible("patient.intervention", self.user_clinician))

    def test_another_hospital_sees_nothing(self):
        company = self._make_company()
        user = self._make_health_user(
            "ph_elsewhere",
            *("manager", "sensitive"),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for name in MODELS:
            model = self.env[name].with_user(user)
            self.assertFalse(model.search_count([]), name)
            with self.assertRaises(AccessError, msg=name):
                model.browse(self.ours[name].id).read(["patient_id"])
