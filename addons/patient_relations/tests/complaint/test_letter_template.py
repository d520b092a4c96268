from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import MODULE, PatientRelationsCase


@tagged("post_install", "-at_install")
class TestLetterTemplate(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = cls.env.ref(f"{MODULE}.patient_letter_template_final_zh")
        cls.letters = cls.env["patient.letter.template"].with_user(cls.user_manager)

    def _make_letter(self, **values):
        return self.letters.create(
            {
                "name": "答复",
                "kind": "final",
                "lang": "zh_CN",
                "body": "<p>{number}</p>",
                **values,
            }
        )

    # what is shipped

    def test_each_kind_has_a_letter_in_use_in_both_languages(self):
        found = self.letters.search([("state", "=", "in_use")])
        kinds = {(letter.kind, letter.lang) for letter in found}
        for kind in ("acknowledgement", "holding", "final", "not_accepted"):
            self.assertLessEqual({(kind, "zh_CN"), (kind, "en_US")}, kinds)

    # versions

    def test_letter_in_use_does_not_change(self):
        for values in ({"body": "<p>x</p>"}, {"name": "x"}, {"lang": "en_US"}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "New Version"),
            ):
                self.shipped.with_user(self.user_manager).write(values)

    def test_new_version_supersedes_the_former_which_stays(self):
        shipped = self.shipped.with_user(self.user_manager)
        words = shipped.body
        draft = self.letters.browse(shipped.action_new_version()["res_id"])
        self.assertEqual((draft.state, draft.version), ("draft", 2))
        self.assertEqual(draft.body, words)
        draft.body = "<p>{number}：新的措辞</p>"
        draft.action_put_in_use()
        self.assertEqual(draft.state, "in_use")
        self.assertEqual((shipped.state, shipped.body), ("superseded", words))
        found = self.letters._find("final", "zh_CN", self.company)
        self.assertEqual(found, draft)

    def test_superseded_letter_does_not_come_back(self):
        draft = self.letters.browse(
            self.shipped.with_user(self.user_manager).action_new_version()["res_id"]
        )
        draft.action_put_in_use()
        with self.assertRaisesRegex(UserError, "Superseded"):
            self.shipped.with_user(self.user_manager).action_put_in_use()
        with self.assertRaisesRegex(UserError, "Superseded"):
            self.shipped.with_user(self.user_manager).state = "in_use"

    def test_database_holds_one_letter_in_use(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._make_letter(state="in_use").flush_recordset()

    def test_several_new_letters_are_numbered_at_once(self):
        letters = self.letters.create(
            [
                {"name": "其他", "kind": "other", "lang": "zh_CN", "body": "<p>a</p>"},
                {"name": "其他", "kind": "other", "lang": "zh_CN", "body": "<p>b</p>"},
                {"name": "Other", "kind": "other", "lang": "en_US", "body": "<p>c</p>"},
            ]
        )
        self.assertEqual(letters.mapped("version"), [1, 2, 1])

    def test_only_drafts_are_deleted(self):
        draft = self._make_letter()
        draft.unlink()
        with self.assertRaisesRegex(UserError, "Only drafts"):
            self.shipped.with_user(self.user_manager).unlink()

    # placeholders

    def test_unknown_placeholder_is_refused_by_name(self):
        with self.assertRaises(ValidationError) as raised:
            self._make_letter(body="<p>{number} {diagnosis}</p>")
        self.assertIn("{diagnosis}", str(raised.exception))
        self.assertIn("{complainant}", str(raised.exception))

    def test_placeholder_cut_by_formatting_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "{number}"):
            self._make_letter(body="<p>{num<b>ber</b>}</p>")

    def test_empty_words_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "needs words"):
            self._make_letter(body="<p><br></p>")

    def test_values_are_escaped_and_unknown_ones_leave_a_gap(self):
        letter = self._make_letter(body="<p>{complainant}|{summary}|{remedies}</p>")
        complaint = self._make_complaint(
            complainant_name="<script>alert(1)</script>", summary="A & {number}"
        )
        words = letter._render(complaint._get_letter_values("zh_CN"))
        self.assertIn("&lt;script&gt;", words)
        self.assertNotIn("<script>", words)
        self.assertIn("A &amp; {number}", words)  # replaced once, never again
        self.assertIn("|____</p>", words)

    def test_help_lists_each_placeholder(self):
        form = Form(self.letters)
        for name in self.letters._get_placeholders():
            self.assertIn(f"{{{name}}}", form.placeholder_help)

    # who finds which

    def test_own_language_then_that_of_the_hospital_then_english(self):
        self.company.partner_id.lang = False
        find = self.letters._find
        self.assertEqual(find("final", "zh_CN", self.company).lang, "zh_CN")
        self.assertEqual(find("final", "ja_JP", self.company).lang, "en_US")
        self.assertFalse(find("other", "zh_CN", self.company))

    def test_letter_of_the_hospital_goes_before_that_of_all(self):
        own = self._make_letter(company_id=self.company.id)
        own.action_put_in_use()
        self.assertEqual(self.letters._find("final", "zh_CN", self.company), own)
        other = self._make_company()
        self.assertEqual(
            self.letters.sudo()._find("final", "zh_CN", other), self.shipped
        )

    # who may

    def test_only_managers_write_letters(self):
        letter = self._make_letter()
        for user in (self.user_staff, self.user_officer):
            self.assertTrue(letter.with_user(user).has_access("read"))
            with self.assertRaises(AccessError):
                letter.with_user(user).body = "<p>x</p>"
            with self.assertRaises(AccessError):
                letter.with_user(user).action_put_in_use()
        self.assertFalse(letter.with_user(self.user_plain).has_access("read"))

    def test_letter_of_another_hospital_is_hidden(self):
        letter = (
            self._make_letter(body="<p>金丝雀</p>")
            .sudo()
            .copy({"company_id": self._make_company().id})
        )
        self.assertFalse(self.letters.search([("id", "=", letter.id)]))
        with self.assertRaises(AccessError):
            letter.with_user(self.user_manager).read(["body"])
