import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from ...controllers.report import patient_health_report
from ..common import NOW
from .common import DAY, ReportCase

LIMIT = 50_000  # bytes
RIGHT, WRONG = "1960年5月1日", "1960-05-02"


@tagged("post_install", "-at_install")
class TestReportPage(HttpCase, ReportCase):
    """The private page over HTTP, as a browser without JavaScript asks for it."""

    def setUp(self):
        super().setUp()
        self._measure_years("systolic", 168, 150, 192)
        self.report = self._issue()
        self.url = self.report._make_link()
        self.path = "/patient" + self.url.partition("/patient")[2]
        self.authenticate(None, None)
        self.startPatcher(patch.object(patient_health_report, "LEAST_SECONDS", 0))

    def _get(self, path=None, **options):
        options.setdefault("headers", {"Accept-Language": "en"})
        return self.url_open(path or self.path, allow_redirects=False, **options)

    def _type(self, birth_date, path=None):
        """Send the form; the brake on fast attempts has a test of its own."""
        self.env["patient.voice.attempt"].search([]).unlink()
        self.env.flush_all()
        return self._get(path, data={"birth_date": birth_date})

    def _open(self):
        answer = self._type(RIGHT)
        self.assertEqual(answer.status_code, 303)
        return self._get()

    def _outcomes(self, report=None):
        report = report or self.report
        report.invalidate_recordset()
        openings = self.env["patient.health.report.opening"].search(
            [("report_id", "=", report.id)], order="id"
        )
        return openings.mapped("outcome")

    # the right date

    def test_the_right_date_opens_the_report(self):
        before = self._get()
        self.assertEqual(before.status_code, 200)
        for secret in ("张伟", "mmHg", "T0001"):
            self.assertNotIn(secret, before.text)
        page = self._open()
        self.assertEqual(page.status_code, 200)
        for text in ("张伟", "T0001", "Systolic", "192 mmHg", "<svg", "1960"):
            self.assertIn(text, page.text)
        self.assertEqual(self._outcomes(), ["opened"])

    def test_every_usual_form_opens_it(self):
        for text in ("1960-05-01", "1960/5/1", "19600501", "１９６０年５月１日"):
            self.assertEqual(self._type(text).status_code, 303, text)

    def test_pages_are_light_plain_and_kept_nowhere(self):
        answers = [self._get(), self._type(WRONG), self._open()]
        for answer in answers:
            self.assertLess(len(answer.content), LIMIT)
            self.assertNotIn("<script", answer.text)
            self.assertNotRegex(answer.text, r"(?:src|<link)")
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", answer.headers["X-Robots-Tag"])
            self.assertIn(
                "default-src 'none'", answer.headers["Content-Security-Policy"]
            )
            self.assertIn('name="viewport"', answer.text)

    def test_a_heavy_report_has_further_pages_and_loses_nothing(self):
        indicators = self.env["patient.indicator"].search(
            [("value_kind", "=", "number"), ("is_sensitive", "=", False)], limit=30
        )
        self.env["patient.measurement"].create(
            [
                {
                    "patient_id": self.patient.id,
                    "indicator_id": indicator.id,
                    "effective_at": NOW - 7 * number * DAY,
                    "value": self._get_middle(indicator) + number % 7 / 10,
                }
                for indicator in indicators
                for number in range(120)
            ]
        )
        report = self._issue()
        self.path = "/patient" + report._make_link().partition("/patient")[2]
        first = self._open()
        count = int(re.search(r"Page 1 of (\d+)", first.text.replace("\n", " "))[1])
        self.assertGreater(count, 1)
        titles = set()
        for number in range(1, count + 1):
            page = self._get(f"{self.path}?page={number}")
            self.assertLess(len(page.content), LIMIT)
            titles.update(re.findall(r"<h3>(.*?)</h3>", page.text))
        section = self._get_section(report, "trends")
        wanted = {block["title"] for block in section["blocks"]}
        self.assertGreaterEqual(len(wanted), 30)
        self.assertLessEqual(wanted, {title.replace("&#39;", "'") for title in titles})
        for odd in ("0", "99", "x", "-1", "１"):
            self.assertEqual(self._get(f"{self.path}?page={odd}").status_code, 200)

    def _get_middle(self, indicator):
        low, high = indicator._get_facts().plausible
        if low is None or high is None:
            return low if high is None else high - 1
        return (low + high) / 2

    def test_the_pdf_is_given_after_the_right_date_only(self):
        with self._with_printer():
            self.report.action_print()
            self.path = "/patient" + self.report._make_link().partition("/patient")[2]
        refused = self._get(f"{self.path}/pdf")
        self.assertEqual(refused.status_code, 303)
        self._open()
        answer = self._get(f"{self.path}/pdf")
        self.assertEqual(answer.content, b"%PDF-1.4 report")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(self._outcomes(), ["opened", "downloaded"])

    def test_without_a_pdf_the_page_offers_none(self):
        self.assertNotIn("/pdf", self._open().text)
        self.assertEqual(self._get(f"{self.path}/pdf").status_code, 303)

    def test_the_proof_is_short_lived_and_of_one_link(self):
        self._open()
        later = freeze_time(NOW + timedelta(minutes=31))
        with later:
            self.assertNotIn("张伟", self._get().text)
        other = self._issue(patient=self.stranger)
        path = "/patient" + other._make_link().partition("/patient")[2]
        self.assertNotIn("李四", self._get(path).text)
        self.assertIn("张伟", self._get().text)
        self.report._make_link()
        self.env.flush_all()
        self.assertNotIn("张伟", self._get().text)

    def test_a_forged_proof_opens_nothing(self):
        for proof in ("x", "AQ", "é", "AQ" * 100):
            self.opener.cookies.set("patient_report", proof.encode().hex(), path="/")
            self.assertNotIn("张伟", self._get().text)
            self.assertFalse(self.reports._find_by_proof(self.path[16:], proof))

    def test_the_report_is_closed_by_its_reader(self):
        self.assertIn("张伟", self._open().text)
        answer = self._get(f"{self.path}/close", data={"x": "1"})
        self.assertEqual(answer.status_code, 303)
        self.assertNotIn("张伟", self._get().text)

    # what does not open it

    def test_a_wrong_date_an_unknown_link_and_all_others_get_one_answer(self):
        answers = {"wrong": self._type(WRONG).text}
        answers["unknown"] = self._type(RIGHT, "/patient/report/" + "x" * 43).text
        answers["rubbish"] = self._type("", "/patient/report/x").text
        self.report.link_expires_at = NOW - DAY
        self.env.flush_all()
        answers["expired"] = self._type(RIGHT).text
        self.report.action_end_link()
        self.env.flush_all()
        answers["withdrawn"] = self._type(RIGHT).text
        self.patient.deceased_at = NOW
        self.env.flush_all()
        answers["deceased"] = self._type(RIGHT).text
        self.assertIn("does not open the report", answers["wrong"])
        self.assertEqual(len(set(answers.values())), 1, answers.keys())
        self.assertEqual(
            self._outcomes(), ["wrong", "expired", "withdrawn", "deceased"]
        )

    def test_all_refusals_have_the_same_status(self):
        for path in (self.path, "/patient/report/" + "x" * 43):
            self.assertEqual(self._type(WRONG, path).status_code, 403)

    def test_five_wrong_dates_close_the_link_for_an_hour(self):
        for _once in range(5):
            self._type(WRONG)
        self.assertEqual(self._type(RIGHT).status_code, 403)
        self.assertEqual(self._outcomes(), ["wrong"] * 5 + ["blocked"])
        self.assertEqual(self.report.link_state, "blocked")
        self.assertEqual(self.report.link_blocked_until, NOW + timedelta(hours=1))
        with freeze_time(NOW + timedelta(minutes=61)):
            self.assertEqual(self._type(RIGHT).status_code, 303)
        self.assertEqual(self._outcomes()[-1], "opened")

    def test_the_right_date_lets_the_count_begin_anew(self):
        for _round in range(2):
            for _once in range(4):
                self._type(WRONG)
            self.assertEqual(self._type(RIGHT).status_code, 303)

    def test_fast_attempts_are_slowed_down(self):
        self.env["patient.voice.attempt"].search([]).unlink()
        codes = [
            self._get(
                "/patient/report/" + "x" * 43, data={"birth_date": WRONG}
            ).status_code
            for _once in range(7)
        ]
        self.assertEqual(codes[:5], [403] * 5)
        self.assertIn(429, codes)

    def test_who_is_inside_is_put_out_when_the_link_ends(self):
        for end in (
            lambda report: report.write({"link_expires_at": NOW - DAY}),
            lambda report: report.action_end_link(),
            lambda report: report._withdraw("错误"),
            lambda report: report.patient_id.write({"deceased_at": NOW}),
        ):
            self.report = self._issue()
            self.path = "/patient" + self.report._make_link().partition("/patient")[2]
            self.assertIn("张伟", self._open().text)
            end(self.report)
            self.env.flush_all()
            self.assertNotIn("张伟", self._get().text)

    def test_no_account_and_no_address_is_written_down(self):
        self._open()
        self.report.invalidate_recordset()
        opening = self.report.opening_ids
        stored = {name for name, field in opening._fields.items() if field.store}
        self.assertEqual(stored, {"id", "report_id", "opened_at", "outcome"})
        self.assertEqual(opening.opened_at, NOW)

    def test_a_report_in_chinese_is_shown_in_chinese_to_an_english_browser(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.report = self._issue(lang="zh_CN")
        self.path = "/patient" + self.report._make_link().partition("/patient")[2]
        page = self._open()
        self.assertIn('lang="zh-CN"', page.text)

    def test_other_methods_are_refused(self):
        answer = self.opener.put(self.base_url() + self.path, timeout=10)
        self.assertEqual(answer.status_code, 405)
