from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, PatientHealthCase

# Screens of those who only count: model → a way to group what it counts.
SCREENS = {
    "patient.measurement": ["indicator_id", "department_id", "effective_month:month"],
    "patient.health.duty": ["department_id", "level", "opened_month:month"],
    "patient.assessment": ["score_id", "department_id", "assessed_month:month"],
}
# What tells of whom a row is.
IDENTITIES = ("patient_id", "patient_id.name", "encounter_id")


@tagged("post_install", "-at_install")
class TestStatistics(PatientHealthCase):
    """Whoever only counts finds the pivots, and in them no patient."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._measure("systolic", 190, encounter_id=cls.encounter.id)  # starts a duty
        cls.lace = cls.env.ref("patient_health.patient_score_lace")
        cls.env["patient.assessment"].create(
            {
                "patient_id": cls.patient.id,
                "score_id": cls.lace.id,
                "score_code": cls.lace.code,
                "assessed_at": NOW,
                "as_of": NOW,
                "assessed_month": datetime(2026, 3, 1),
                "total": 3,
                "level": "normal",
            }
        )

    def _menus(self, user):
        """Return external id → what the client knows of a menu of our app."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        root = self.env.ref("patient_relations.patient_relations_menu_root")
        return {
            menu["xmlid"]: menu
            for key, menu in menus.items()
            if key != "root" and menu["app_id"] == root.id
        }

    def test_who_only_counts_has_the_pivots_and_nothing_else(self):
        menus = self._menus(self.user_statistics)
        self.assertEqual(
            set(menus),
            {
                "patient_relations.patient_relations_menu_root",
                "patient_health.patient_health_menu_statistics",
                "patient_health.patient_measurement_menu_statistics",
                "patient_health.patient_health_duty_menu_statistics",
                "patient_health.patient_assessment_menu_statistics",
            },
        )
        paths = {menu["action_path"] for menu in menus.values()} - {False}
        self.assertEqual(
            paths,
            {
                "health-statistics",
                "health-duties-kept",
                "health-assessment-statistics",
            },
        )
        for path in paths:
            action = self.env["ir.actions.act_window"].search([("path", "=", path)])
            self.assertEqual(action.view_mode, "pivot,graph")
            self.assertIn(action.res_model, SCREENS)

    def test_others_have_the_pivots_only_with_health_management(self):
        folder = "patient_health.patient_health_menu_statistics"
        self.assertIn(folder, self._menus(self.user_health))
        for user in (self.user_clinician, self.user_staff, self.user_officer):
            self.assertNotIn(folder, self._menus(user), user.login)
        self.assertFalse(self._menus(self.user_plain))

    def test_screens_open_and_count(self):
        for name, groupby in SCREENS.items():
            model = self.env[name].with_user(self.user_statistics)
            with self.subTest(model=name):
                views = [(False, kind) for kind in ("pivot", "graph", "search")]
                found = model.get_views(views, {"load_filters": True})
                for view in found["views"].values():
                    self.assertNotIn("patient_id", view["arch"])
                sets = model.formatted_read_grouping_sets(
                    [], [[], groupby], ["__count"]
                )
                self.assertGreaterEqual(sets[0][0]["__count"], 1)
                self.assertNotIn("张伟", str(sets))

    def test_patients_are_neither_offered_nor_grouped_by(self):
        for name in SCREENS:
            model = self.env[name].with_user(self.user_statistics)
            offered = model.fields_get()
            for field in IDENTITIES:
                with self.subTest(model=name, field=field):
                    self.assertNotIn(field, offered)
                    if field.split(".")[0] not in model._fields:
                        continue
                    with self.assertRaises(AccessError):
                        model.formatted_read_group([], [field], ["__count"])

    def test_values_of_a_duty_name_nobody(self):
        """Odoo groups by a many2many whoever may read it: no name comes of that."""
        model = self.env["patient.health.duty"].with_user(self.user_statistics)
        self.assertNotIn("measurement_ids", model.fields_get())
        found = model.formatted_read_group([], ["measurement_ids"], ["__count"])
        self.assertNotIn("张伟", str(found))

    def test_list_behind_a_figure_names_nobody(self):
        for name in SCREENS:
            model = self.env[name].with_user(self.user_statistics)
            with self.subTest(model=name):
                arch = model.get_views([(False, "list")])["views"]["list"]["arch"]
                self.assertNotIn("patient_id", arch)
                rows = model.search([]).read(list(model.fields_get()))
                self.assertTrue(rows)
                self.assertNotIn("张伟", str(rows))
