from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase

CRON = "patient_relations.patient_tag_rule_cron"
OLD = "[('birth_date', '<=', '1960-12-31')]"


@tagged("post_install", "-at_install")
class TestPatientTagRule(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.young = cls._make_patient("年轻", birth_date="1999-01-01")
        cls.elder = cls._make_patient("年长", birth_date="1940-01-01")
        cls.tag, cls.other_tag = cls.env["patient.tag"].create(
            [{"name": "长者"}, {"name": "其他"}]
        )
        cls.rule = cls._make_rule("年长者", OLD)

    @classmethod
    def _make_rule(cls, name, domain, **values):
        return cls.env["patient.tag.rule"].create(
            {"name": name, "tag_id": cls.tag.id, "domain": domain, **values}
        )

    def _get_carriers(self, tag=None):
        self.env.invalidate_all()
        return self.env["patient.patient"].search(
            [("tag_ids", "in", (tag or self.tag).ids)]
        )

    def assertCarriers(self, patients, tag=None):
        self.assertEqual(set(self._get_carriers(tag)), set(patients))

    # preview

    def test_preview_gives_nothing(self):
        rule = self.rule.with_user(self.user_manager)
        self.assertEqual(rule.match_count, 2)
        action = rule.action_preview()
        self.assertEqual(
            set(self.env["patient.patient"].search(action["domain"])),
            set(self.patient | self.elder),
        )
        self.assertCarriers([])
        self.assertEqual(rule.given_count, 0)

    def test_the_form_counts_while_the_condition_is_typed(self):
        form = Form(self.rule.with_user(self.user_manager))
        form.domain = "[('birth_date', '>', '1990-01-01')]"
        self.assertEqual(form.match_count, 1)
        form.domain = "[('birth_date', '>'"
        self.assertEqual(form.match_count, 0)

    # run

    def test_a_run_gives_and_lets_go(self):
        rule = self.rule.with_user(self.user_manager)
        with freeze_time("2026-03-02 18:30:00"):
            rule.action_run()
        self.assertCarriers(self.patient | self.elder)
        self.assertEqual(rule.given_count, 2)
        self.assertEqual(rule.last_run_at, datetime(2026, 3, 2, 18, 30))
        self.elder.birth_date = "1990-01-01"
        self.young.birth_date = "1950-01-01"
        rule.action_run()
        self.assertCarriers(self.patient | self.young)
        rule.action_run()
        self.assertCarriers(self.patient | self.young)

    def test_archived_files_are_let_go(self):
        self.rule._run()
        self.elder.action_archive()
        self.rule._run()
        self.assertFalse(self.elder.tag_ids)

    def test_dates_may_count_from_today(self):
        self.rule.domain = "[('birth_date', '<=', 'today -65y')]"
        with freeze_time("2005-01-01 12:00:00"):
            self.rule._run()
            self.assertCarriers(self.elder)
        with freeze_time("2025-05-02 12:00:00"):
            self.rule._run()
            self.assertCarriers(self.elder | self.patient)

    def test_rules_speak_of_ages_and_visits(self):
        self.rule.domain = "[('age', '>=', 65)]"
        with freeze_time("2025-04-30 12:00:00"):
            self.rule._run()
            self.assertCarriers(self.elder)
        self.rule.domain = "[('encounter_ids.encounter_class', '=', 'AMB')]"
        self.rule._run()
        self.assertCarriers(self.patient)

    def test_tags_set_by_hand_are_never_taken(self):
        self.elder.tag_ids = self.tag | self.other_tag
        self.young.tag_ids = self.tag
        self.rule._run()
        self.assertEqual(self.rule.given_count, 1)
        self.elder.birth_date = "1990-01-01"
        self.rule._run()
        self.assertCarriers(self.patient | self.elder | self.young)
        self.rule.action_undo()
        self.assertCarriers(self.elder | self.young)
        self.assertCarriers(self.elder, self.other_tag)

    def test_a_tag_taken_by_hand_comes_back_while_the_rule_matches(self):
        self.rule._run()
        self.elder.tag_ids = [Command.unlink(self.tag.id)]
        self.rule._run()
        self.assertCarriers(self.patient | self.elder)
        self.assertEqual(self.rule.given_count, 2)

    def test_another_hospital_is_not_touched(self):
        company = self._make_company()
        foreign = self._make_patient(
            "外院", birth_date="1940-01-01", company_id=company.id
        )
        self.rule._run()
        self.assertFalse(foreign.tag_ids)
        self._make_rule("外院", OLD, company_id=company.id)._run()
        self.assertEqual(foreign.tag_ids, self.tag)

    # two rules, one tag

    def test_a_tag_of_two_rules_stays_until_both_let_go(self):
        other = self._make_rule("四十年代", "[('birth_date', '<=', '1949-12-31')]")
        for first, second in ((self.rule, other), (other, self.rule)):
            with self.subTest(first=first.name):
                first._run()
                second._run()
                self.assertCarriers(self.patient | self.elder)
                first._take_back()
                self.assertIn(self.elder, self._get_carriers())
                second._take_back()
                self.assertCarriers([])

    def test_one_rule_lets_go_while_the_other_holds(self):
        other = self._make_rule("名", "[('name', '=', '年长')]")
        (self.rule | other)._run()
        self.elder.birth_date = "1990-01-01"
        self.rule._run()
        self.assertCarriers(self.patient | self.elder)
        other._take_back()
        self.assertCarriers(self.patient)

    # undo

    def test_undo_takes_back_and_rests(self):
        self.rule._run()
        self.rule.with_user(self.user_manager).action_undo()
        self.assertCarriers([])
        self.assertFalse(self.rule.active)
        self.assertEqual(self.rule.given_count, 0)
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.assertCarriers([])

    def test_a_deleted_rule_takes_back(self):
        self.young.tag_ids = self.tag
        self.rule._run()
        self.rule.with_user(self.user_manager).unlink()
        self.assertCarriers(self.young)

    def test_a_rule_that_changes_its_tag_takes_the_old_one_back(self):
        self.rule._run()
        self.rule.tag_id = self.other_tag
        self.assertCarriers([])
        self.rule._run()
        self.assertCarriers(self.patient | self.elder, self.other_tag)

    # bad rules

    def test_a_condition_that_cannot_be_read_is_refused(self):
        for domain in (
            "[('birth_date', '<='",
            "[('no_such_field', '=', 1)]",
            "__import__('os').system('true')",
            "[('birth_date', 'like it', '1960')]",
            "17",
        ):
            with self.assertRaisesRegex(ValidationError, "年长者"):
                self.rule.domain = domain

    @mute_logger("odoo.sql_db")
    def test_one_bad_rule_does_not_stop_the_others(self):
        bad = self._make_rule("坏", "[]", tag_id=self.other_tag.id)
        worse = self._make_rule("更坏", "[]", tag_id=self.other_tag.id)
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE patient_tag_rule
                  SET domain = CASE id WHEN %s THEN '[(''gone'', ''='', 1)]'
                                       ELSE '[(''mrn'', ''='', 1), (''id'', ''in'', ''x'')]'
                               END
                WHERE id IN %s""",
            (bad.id, (bad | worse).ids and tuple((bad | worse).ids)),
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        self.assertCarriers(self.patient | self.elder)
        self.assertCarriers([], self.other_tag)
        self.assertIn("gone", bad.last_error)
        self.assertTrue(worse.last_error)
        self.assertFalse(self.rule.last_error)
        bad.domain = "[('id', '=', False)]"
        bad._run()
        self.assertFalse(bad.last_error)

    # work

    def test_a_run_costs_the_same_for_few_and_for_many(self):
        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rule._run()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count_queries(), 4)
        self.env["patient.patient"].create(
            [{"name": f"老{n}", "birth_date": "1935-01-01"} for n in range(1000)]
        )
        self.assertLessEqual(count_queries(), 4)
        self.assertEqual(self.rule.given_count, 1002)

    def test_the_progress_is_kept_rule_by_rule(self):
        self._make_rule("二", OLD)
        progress = []
        cron = type(self.env["ir.cron"])
        with patch.object(
            cron,
            "_commit_progress",
            lambda _cron, processed=0, *, remaining=None: (
                progress.append((processed, remaining)) or 1
            ),
        ):
            self.env["patient.tag.rule"]._cron_run()
        self.assertEqual(progress, [(0, 2), (1, None), (1, None)])

    # rights

    def test_only_managers_have_rules(self):
        for user in (self.user_staff, self.user_officer):
            for attempt in ("action_preview", "action_run", "action_undo"):
                with self.assertRaises(AccessError):
                    getattr(self.rule.with_user(user), attempt)()
        self.assertCarriers([])
