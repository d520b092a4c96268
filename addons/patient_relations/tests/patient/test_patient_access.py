from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import PatientRelationsCase

NATIONAL_ID = "11010519491231002X"


@tagged("post_install", "-at_install")
class TestPatientAccess(PatientRelationsCase):
    """Role by role: what each may, and what each is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.condition = cls.env["patient.condition"].create(
            {"encounter_id": cls.encounter.id, "code": "I10", "name": "高血压"}
        )
        cls.user_reader = cls._make_user("pr_reader", "reader")
        cls.user_identity = cls._make_user("pr_identity", "officer", "identity")

    def assertRefused(self, operation, records, user):
        with self.assertRaises(AccessError):
            records.with_user(user).check_access(operation)

    # reader

    def test_reader_reads_files_and_no_visits(self):
        patient = self.patient.with_user(self.user_reader)
        self.assertEqual(patient.name, "张伟")
        self.assertEqual(patient.display_name, "张伟 · T0001")
        for operation in ("write", "create", "unlink"):
            self.assertRefused(operation, self.patient, self.user_reader)
        self.assertRefused("read", self.encounter, self.user_reader)
        self.assertRefused("read", self.condition, self.user_reader)
        # the counts of the screens do not fail on what a reader may not see
        self.assertEqual(patient.encounter_count, 0)
        self.assertFalse(patient.last_encounter_id)

    # staff

    def test_staff_see_visits_of_their_departments(self):
        encounters = self.env["patient.encounter"]
        own = encounters.with_user(self.user_staff)
        self.assertEqual(own.search([]), self.encounter)
        self.assertEqual(self.condition.with_user(self.user_staff).name, "高血压")
        self.assertFalse(encounters.with_user(self.user_staff_surgery).search([]))
        for records in (self.encounter, self.condition):
            self.assertRefused("read", records, self.user_staff_surgery)
            for operation in ("write", "create", "unlink"):
                self.assertRefused(operation, records, self.user_staff)

    def test_staff_read_files_and_do_not_change_them(self):
        patient = self.patient.with_user(self.user_staff_surgery)
        self.assertEqual(patient.phone, "13800001234")
        self.assertEqual(patient.encounter_count, 0)
        for operation in ("write", "create", "unlink"):
            self.assertRefused(operation, self.patient, self.user_staff)
        with self.assertRaises(AccessError):
            patient.phone = "1"
        with self.assertRaises(AccessError):
            patient.partner_id.phone = "1"
        with self.assertRaises(AccessError):
            patient.relative_ids = [Command.create({"name": "某"})]

    def test_staff_see_sub_departments(self):
        ward = self.env["hr.department"].create(
            {"name": "心内一病区", "parent_id": self.cardiology.id}
        )
        visit = self.encounter.copy({"department_id": ward.id})
        self.assertTrue(visit.with_user(self.user_staff).has_access("read"))
        ward.parent_id = self.surgery
        self.assertFalse(visit.with_user(self.user_staff).has_access("read"))
        self.assertTrue(visit.with_user(self.user_staff_surgery).has_access("read"))

    def test_scope_follows_the_employee_unless_it_is_set(self):
        user = self._make_user("pr_mover", "staff")
        visit = self.encounter.with_user(user)
        self.assertFalse(visit.has_access("read"))
        employee = self.env["hr.employee"].create(
            {"name": "调岗", "user_id": user.id, "department_id": self.cardiology.id}
        )
        self.assertTrue(visit.has_access("read"))
        employee.department_id = self.surgery
        self.assertFalse(visit.has_access("read"))
        user.patient_department_ids = self.cardiology
        self.assertTrue(visit.has_access("read"))
        user.patient_department_ids = False
        self.assertFalse(visit.has_access("read"))
        employee.version_id.date_version = "2020-01-01"
        employee.create_version(
            {"date_version": "2021-01-01", "department_id": self.cardiology.id}
        )
        self.assertTrue(visit.has_access("read"))
        employee.user_id = False
        self.assertFalse(visit.has_access("read"))

    # officer

    def test_officers_open_and_change_files(self):
        patients = self.env["patient.patient"].with_user(self.user_officer)
        patient = patients.create(
            {
                "name": "李娜",
                "phone": "13700001111",
                "relative_ids": [
                    Command.create({"name": "李父", "relation": "parent"})
                ],
                "identifier_ids": [Command.create({"system": "HIS", "value": "9"})],
                "need_ids": [
                    Command.link(
                        self.env.ref("patient_relations.patient_need_hearing").id
                    )
                ],
                "tag_ids": [Command.create({"name": "随访"})],
            }
        )
        patient.write({"phone": "13700002222", "street": "人民路 1 号"})
        visit = self.env["patient.encounter"].with_user(self.user_officer)
        visit = visit.create(
            {"patient_id": patient.id, "department_id": self.surgery.id}
        )
        visit.condition_ids = [Command.create({"name": "骨折"})]
        self.assertEqual(visit.condition_ids.patient_id, patient)
        for records in (self.patient, self.encounter, self.condition):
            self.assertRefused("unlink", records, self.user_officer)
        self.assertRefused("read", self.env["patient.tag.rule"], self.user_officer)
        self.assertRefused("write", self.env["patient.need"], self.user_officer)
        self.assertRefused("write", self.cardiology, self.user_officer)

    # manager

    def test_managers_configure_and_delete(self):
        self.condition.with_user(self.user_manager).unlink()
        self.encounter.with_user(self.user_manager).unlink()
        self.patient.with_user(self.user_manager).unlink()
        rule = self.env["patient.tag.rule"].with_user(self.user_manager)
        rule.create({"name": "规则", "tag_id": rule.tag_id.create({"name": "标"}).id})
        self.cardiology.with_user(self.user_manager).write(
            {
                "is_high_risk": True,
                "relations_contact_id": self.employee_doctor.id,
                "reminder_alarm_ids": [
                    Command.link(self.env.ref("calendar.alarm_mail_1").id)
                ],
            }
        )
        self.assertRefused("unlink", self.cardiology, self.user_manager)

    # identity

    def test_identity_numbers_are_for_one_group(self):
        self.patient.national_id = NATIONAL_ID
        for user in (self.user_manager, self.user_identity):
            patients = self.env["patient.patient"].with_user(user)
            self.assertEqual(
                patients.search([("national_id", "=", NATIONAL_ID)]), self.patient
            )
            self.assertEqual(patients.browse(self.patient.id).national_id, NATIONAL_ID)
        self.user_identity.group_ids -= self.env.ref(
            "patient_relations.patient_relations_group_identity"
        )
        for user in (self.user_identity, self.user_officer, self.user_staff):
            self._check_no_identity_number(user)

    def _check_no_identity_number(self, user):
        user.group_ids += self.env.ref("base.group_allow_export")
        patients = self.env["patient.patient"].with_user(user)
        patient = patients.browse(self.patient.id)
        shown = patients.fields_get()
        self.assertNotIn("national_id", shown)
        own = [name for name in shown if not patients._fields[name].inherited]
        self.assertNotIn(NATIONAL_ID, repr(patient.read(own)))
        attempts = {
            "read": lambda: patient.read(["national_id"]),
            "web_read": lambda: patient.web_read({"national_id": {}}),
            "search": lambda: patients.search([("national_id", "=", NATIONAL_ID)]),
            "from a visit": lambda: (
                self.env["patient.encounter"]
                .with_user(user)
                .search([("patient_id.national_id", "=", NATIONAL_ID)])
            ),
            "order": lambda: patients.search([], order="national_id"),
            "group": lambda: patients.formatted_read_group(
                [], ["national_id"], ["__count"]
            ),
            "aggregate": lambda: patients.formatted_read_group(
                [], [], ["national_id:max"]
            ),
            "export": lambda: patient.export_data(["name", "national_id"]),
            "write": lambda: patient.write({"national_id": False}),
            "filter": lambda: (
                patient.filtered_domain([("national_id", "=", NATIONAL_ID)])
                or patient.national_id
            ),
        }
        for name, attempt in attempts.items():
            with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                attempt()

    def test_the_search_key_holds_no_identity_number(self):
        self.patient.national_id = NATIONAL_ID
        self.assertNotIn(NATIONAL_ID[-4:].lower(), self.patient.search_key)
        self.env.flush_all()
        values = self.env["mail.tracking.value"].search([])
        self.assertNotIn(NATIONAL_ID, repr(values.read()))
