from odoo.tests import BaseCase, tagged

from odoo.addons.patient_relations.tools import uploads

from ..demo import answers, reports
from ..demo.curves import STORIES


@tagged("post_install", "-at_install")
class TestDemoPages(BaseCase):
    """What the demo hospital draws and answers."""

    def test_pages_are_small_sound_files_and_the_same_each_time(self):
        for kind in ("pdf", "png"):
            page = reports.draw_page(
                kind, "胸部CT平扫", ["姓名：张伟", "未见异常" * 20]
            )
            self.assertEqual(uploads.recognize(page)[1], kind)
            self.assertLess(len(page), 10_000)
            again = reports.draw_page(
                kind, "胸部CT平扫", ["姓名：张伟", "未见异常" * 20]
            )
            self.assertEqual(page, again)

    def test_every_examination_has_words_for_every_story(self):
        for kinds in reports.BY_DEPARTMENT.values():
            for kind in kinds:
                self.assertEqual(set(kind.texts), set(STORIES), kind.name)

    def test_conclusion_names_what_is_out_of_range(self):
        self.assertIn("均在参考范围内", reports.conclude([], "steady"))
        words = reports.conclude(["空腹血糖 13.2 mmol/L"], "neglected")
        self.assertIn("空腹血糖 13.2 mmol/L", words)
        self.assertIn("尽快复诊", words)
        self.assertNotIn("前次", reports.conclude(["尿酸 520 µmol/L"], None))

    def test_moods_get_better_or_worse_with_the_story(self):
        for number, story in enumerate(STORIES):
            totals = [
                sum(map(int, answers.answer_mind(number, share, 7).values()))
                for share in (0, 1)
            ]
            change = totals[1] - totals[0]
            self.assertEqual(
                (change > 0) - (change < 0),
                {"improving": -1, "neglected": 1}.get(story, 0),
            )

    def test_answers_are_those_that_the_scores_permit(self):
        for number in range(60):
            mind = answers.answer_mind(number, 1, answers.PHQ9)
            self.assertEqual(len(mind), 9)
            self.assertLessEqual(set(mind.values()), set("0123"))
            self.assertIn(
                answers.answer_findrisc(number, 1, "male")["family"], ("none", "first")
            )
        self.assertTrue(any(answers.is_worrying(number, 1) for number in range(60)))
