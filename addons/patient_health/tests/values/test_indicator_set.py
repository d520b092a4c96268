import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PatientHealthCase


@tagged("post_install", "-at_install")
class TestIndicatorSet(PatientHealthCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vital = cls.env.ref("patient_health.patient_indicator_set_vital")

    def test_shipped_sets_keep_the_order_of_measuring(self):
        for code, first in (
            ("vital", "systolic"),
            ("hypertension", "systolic"),
            ("diabetes", "systolic"),
            ("checkup", "height"),
        ):
            shipped = self.env.ref(f"patient_health.patient_indicator_set_{code}")
            self.assertEqual(shipped._get_indicators()[0].code, first)
            self.assertGreater(len(shipped.line_ids), 5)

    def test_sensitive_indicators_are_for_those_who_may_see_them(self):
        self._indicator("pain").is_sensitive = True
        codes = self.vital.with_user(self.user_clinician)._get_indicators()
        self.assertNotIn("pain", codes.mapped("code"))
        self.user_clinician.group_ids += self.env.ref(
            "patient_health.patient_health_group_sensitive"
        )
        codes = self.vital.with_user(self.user_clinician)._get_indicators()
        self.assertIn("pain", codes.mapped("code"))

    def test_archived_indicators_are_left_out(self):
        self._indicator("pain").active = False
        self.assertNotIn("pain", self.vital._get_indicators().mapped("code"))

    def test_an_indicator_stands_once_in_a_set(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self.vital.line_ids[0].copy()

    def test_health_management_changes_sets_and_others_do_not(self):
        self.vital.with_user(self.user_health).name = "Vital"
        self.assertEqual(self.vital.with_user(self.user_clinician).name, "Vital")
        with self.assertRaises(AccessError):
            self.vital.with_user(self.user_clinician).name = "Mine"
        with self.assertRaises(AccessError):
            self.vital.line_ids.with_user(self.user_clinician).unlink()
        for user in (self.user_statistics, self.user_staff, self.user_plain):
            with self.assertRaises(AccessError, msg=user.login):
                self.vital.with_user(user).read(["name"])
