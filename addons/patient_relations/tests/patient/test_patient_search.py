from odoo.tests import tagged, users
from odoo.tools import SQL

from ..common import PatientRelationsCase

INDEX = "patient_patient__search_key_index"
NATIONAL_ID = "11010519491231002X"


@tagged("post_install", "-at_install")
class TestPatientSearch(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ouyang = cls._make_patient(
            "欧阳小明", mrn="ZY20260017", phone="+86 139 1111 5678"
        )
        cls.zeng = cls._make_patient(
            "曾小贤", card_number="C00099", phone="021-87654321"
        )
        cls.adam = cls._make_patient("Adam Cronin", national_id=NATIONAL_ID)

    def _find(self, text, user=None):
        patients = self.env["patient.patient"].with_user(user or self.user_officer)
        found = patients.name_search(text)
        return patients.browse([patient_id for patient_id, _name in found])

    def test_found_by_what_people_type(self):
        for text, patient in {
            "张伟": self.patient,
            "张": self.patient,
            "zhangwei": self.patient,
            "ZW": self.patient,
            "t0001": self.patient,
            "1234": self.patient,
            "13800001234": self.patient,
            "小明": self.ouyang,
            "阳小": self.ouyang,
            "oyxm": self.ouyang,
            "ouyang": self.ouyang,
            "xiaoming": self.ouyang,
            "zy2026": self.ouyang,
            "60017": self.ouyang,
            "13911115678": self.ouyang,
            "曾小": self.zeng,
            "小贤": self.zeng,
            "zengxiaoxian": self.zeng,
            "zxx": self.zeng,
            "c00099": self.zeng,
            "4321": self.zeng,
            "cronin": self.adam,
            "ron": self.adam,
            "adam cr": self.adam,
            "Ａｄａｍ": self.adam,
            "张伟 1234": self.patient,
        }.items():
            with self.subTest(text=text):
                self.assertIn(patient, self._find(text))

    def test_not_found_by_something_else(self):
        for text in ("伟张", "张伟 5678", "9999", "wz", "adam zhang", "380"):
            with self.subTest(text=text):
                self.assertNotIn(self.patient, self._find(text))

    def test_signs_of_sql_patterns_are_letters(self):
        percent = self._make_patient("百分%之_人")
        self.assertEqual(self._find("%之"), percent)
        self.assertNotIn(self.patient, self._find("%"))
        self.assertNotIn(self.patient, self._find("_"))

    def test_a_display_name_finds_its_patient(self):
        self.assertEqual(self._find(self.patient.display_name), self.patient)

    def test_the_key_follows_name_telephone_and_numbers(self):
        self.patient.partner_id.write({"name": "李娜", "phone": "13600008888"})
        self.patient.mrn = "t0777"
        for text in ("李娜", "ln", "8888", "T0777"):
            self.assertIn(self.patient, self._find(text), text)
        for text in ("张伟", "zw", "1234", "T0001"):
            self.assertNotIn(self.patient, self._find(text), text)

    def test_identity_number_only_whole_and_only_for_those_who_may(self):
        self.assertEqual(self._find(NATIONAL_ID, self.user_manager), self.adam)
        self.assertEqual(self._find(NATIONAL_ID.lower(), self.user_manager), self.adam)
        self.assertFalse(self._find(NATIONAL_ID[:-1], self.user_manager))
        self.assertFalse(self._find(NATIONAL_ID, self.user_officer))
        self.assertFalse(self._find(NATIONAL_ID, self.user_staff))

    @users("pr_officer")
    def test_exact_values_for_imports(self):
        patients = self.env["patient.patient"]
        for text, expected in {
            "T0001": self.patient,
            "t0001": self.patient,
            "张伟": self.patient,
            "张伟 · T0001": self.patient,
            "C00099": self.zeng,
            "Adam Cronin": self.adam,
            "Adam": patients,
            "张": patients,
            "T000": patients,
        }.items():
            with self.subTest(text=text):
                found = patients.search([("display_name", "=", text)])
                self.assertEqual(found, expected)
        both = patients.search([("display_name", "in", ["T0001", "C00099"])])
        self.assertEqual(both, self.patient | self.zeng)

    @users("pr_officer")
    def test_negative_operators_are_the_complement(self):
        patients = self.env["patient.patient"]
        everybody = patients.search([])
        for operator, negative in (("ilike", "not ilike"), ("=", "!=")):
            found = patients.search([("display_name", operator, "张伟")])
            others = patients.search([("display_name", negative, "张伟")])
            self.assertTrue(found)
            self.assertEqual(found | others, everybody)
            self.assertFalse(found & others)
        self.assertEqual(patients.search([("display_name", "!=", False)]), everybody)

    @users("pr_officer")
    def test_records_that_point_at_patients_search_the_same_way(self):
        visits = self.env["patient.encounter"].search([("patient_id", "ilike", "zw")])
        self.assertEqual(visits, self.encounter)
        visits = self.env["patient.encounter"].search([("patient_id", "=", "T0001")])
        self.assertEqual(visits, self.encounter)

    def test_short_words_use_the_index_among_many(self):
        """Two characters among 20,000 files are found through the trigram index."""
        self._fill(20_000)
        patients = self.env["patient.patient"].with_user(self.user_officer)
        for text in ("张伟", "zw", "1234", "小明", "T0001"):
            with self.subTest(text=text):
                self.assertTrue(patients.name_search(text))
                query = patients._search([("display_name", "ilike", text)], limit=8)
                rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
                plan = "\n".join(row for (row,) in rows)
                self.assertIn(INDEX, plan)
                self.assertNotIn("Seq Scan on patient_patient", plan)

    def _fill(self, count):
        """Insert files with rare names, past the ORM."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH contact AS (
                INSERT INTO res_partner (name, active, is_patient, company_id, type)
                SELECT chr(20000 + n %% 5000) || chr(30000 + n %% 7000),
                       true, true, %(company)s, 'contact'
                  FROM generate_series(1, %(count)s) AS n
             RETURNING id, name
            )
            INSERT INTO patient_patient
                        (partner_id, company_id, active, mrn, search_key, gender)
            SELECT id, %(company)s, true, 'F' || id, ' ' || name || ' f' || id, 'unknown'
              FROM contact
            """,
            {"company": self.company.id, "count": count},
        )
        # what autovacuum does after a while
        self.env.cr.execute("SELECT gin_clean_pending_list(%s)", (INDEX,))
        self.env.cr.execute("ANALYZE patient_patient; ANALYZE res_partner")

    @users("pr_officer")
    def test_age_is_searched_by_date_of_birth(self):
        today = self.company._patient_today()
        exactly = self._make_patient(
            "正好", birth_date=today.replace(year=today.year - 65)
        )
        younger = self._make_patient(
            "年轻", birth_date=today.replace(year=today.year - 30)
        )
        dead = self._make_patient(
            "故人", birth_date="1930-01-01", deceased_at="2020-01-01"
        )
        patients = self.env["patient.patient"].with_user(self.user_officer)
        old = patients.search([("age", ">=", 65)])
        self.assertIn(exactly, old)
        self.assertIn(self.patient, old)
        self.assertNotIn(younger, old)
        self.assertNotIn(dead, old)
        self.assertNotIn(exactly, patients.search([("age", ">", 65)]))
        self.assertIn(exactly, patients.search([("age", "=", 65)]))
        self.assertIn(younger, patients.search([("age", "<", 31)]))
        self.assertIn(younger, patients.search([("age", "<=", 30)]))
        for patient in old:
            self.assertGreaterEqual(patient.age, 65)
