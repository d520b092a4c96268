from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import MODULE, PatientRelationsCase


@tagged("post_install", "-at_install")
class TestComplaint(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.safety = cls.env.ref(f"{MODULE}.patient_complaint_category_safety")
        cls.listening = cls.env.ref(f"{MODULE}.patient_complaint_category_listening")

    @contextmanager
    def _refused(self, pattern):
        """Expect a refusal whose sentence holds a pattern; undo what was tried."""
        with self.assertRaises(UserError) as raised:
            yield
        self.assertRegex(str(raised.exception), pattern)

    # numbers

    def test_numbers_run_by_hospital_and_year(self):
        other = self._make_company()
        first, second = self.env["patient.complaint"].create(
            [
                {"summary": "一", "received_at": "2025-06-01 00:00:00"},
                {"summary": "二", "received_at": "2025-06-02 00:00:00"},
            ]
        )
        last_year = self._make_complaint(received_at=datetime(2024, 6, 1))
        elsewhere = self._make_complaint(
            company_id=other.id, received_at=datetime(2025, 6, 1)
        )
        self.assertRegex(first.name, r"^TS2025-\d{5}$")
        self.assertEqual(int(second.name[-5:]), int(first.name[-5:]) + 1)
        self.assertTrue(last_year.name.startswith("TS2024-"))
        self.assertEqual(elsewhere.name, "TS2025-00001")

    def test_year_and_month_are_those_of_the_hospital(self):
        """Half past midnight on New Year's Day in Shanghai is still the old year in UTC."""
        complaint = self._make_complaint(received_at=datetime(2025, 12, 31, 16, 30))
        self.assertTrue(complaint.name.startswith("TS2026-"))
        self.assertEqual(str(complaint.received_month), "2026-01-01")

    def test_new_hospital_has_its_own_sequence(self):
        other = self._make_company()
        sequence = other._get_complaint_sequence()
        self.assertEqual(sequence.company_id, other)
        self.assertTrue(sequence.use_date_range)
        self.assertNotEqual(sequence, self.company._get_complaint_sequence())

    def test_sequence_in_use_stays(self):
        other = self._make_company()
        complaint = self._make_complaint(company_id=other.id)
        sequence = other._get_complaint_sequence()
        with self._refused(other.name):
            sequence.unlink()
        sequence.active = False
        self.assertEqual(other._get_complaint_sequence(), sequence)
        complaint.unlink()
        pattern = f"ir_sequence_{sequence.id:03d}%"
        self.assertEqual(self._count_database_sequences(pattern), 2)
        sequence.unlink()
        self.assertEqual(self._count_database_sequences(pattern), 0)

    def test_lost_sequence_is_made_again(self):
        other = self._make_company()
        other._get_complaint_sequence().unlink()
        self.assertTrue(self._make_complaint(company_id=other.id).name)

    def _count_database_sequences(self, pattern):
        self.env.cr.execute(
            "SELECT COUNT(*) FROM pg_sequences WHERE sequencename LIKE %s", (pattern,)
        )
        return self.env.cr.fetchone()[0]

    # facts

    def test_highest_severity_follows_the_problems(self):
        complaint = self._make_complaint()
        self.assertEqual(complaint.max_severity, 2)
        complaint.problem_ids = [
            Command.create({"category_id": self.safety.id, "severity": "4"})
        ]
        self.assertEqual(complaint.max_severity, 4)
        complaint.problem_ids.filtered(lambda p: p.severity == "4").unlink()
        self.assertEqual(complaint.max_severity, 2)

    def test_visit_names_patient_and_department(self):
        complaint = self._make_complaint(encounter_id=self.encounter.id)
        self.assertEqual(complaint.patient_id, self.patient)
        self.assertEqual(complaint.lead_department_id, self.cardiology)
        self.assertEqual(complaint.problem_ids.department_id, self.cardiology)

    def test_visit_of_another_patient_is_refused(self):
        other = self._make_patient("李娜")
        with self.assertRaises(ValidationError):
            self._make_complaint(
                encounter_id=self.encounter.id, patient_id=other.id
            ).flush_recordset()

    def test_problem_copies_follow_the_complaint(self):
        complaint = self._make_complaint(channel="hotline")
        problem = complaint.problem_ids
        self.assertEqual(
            (problem.channel, problem.state, problem.kind, problem.complaint_active),
            ("hotline", "received", "complaint", True),
        )
        complaint.with_user(self.user_officer).action_acknowledge()
        complaint.action_archive()
        self.assertEqual(problem.state, "acknowledged")
        self.assertFalse(problem.complaint_active)

    def test_related_are_of_same_patient_or_number_within_ninety_days(self):
        near = {"patient_id": self.patient.id, "complainant_phone": "+86 139 1111 2222"}
        complaint = self._make_complaint(received_at=datetime(2026, 3, 1), **near)
        same_patient = self._make_complaint(
            received_at=datetime(2026, 4, 1), patient_id=self.patient.id
        )
        same_number = self._make_complaint(
            received_at=datetime(2026, 2, 1), complainant_phone="13911112222"
        )
        self._make_complaint(received_at=datetime(2025, 11, 1), **near)
        self._make_complaint(received_at=datetime(2026, 3, 2))
        self.assertEqual(complaint.related_ids, same_patient | same_number)
        self.assertEqual(complaint.related_count, 2)

    def test_columns_of_the_kanban_show_the_whole_way(self):
        self._make_complaint()
        complaints = self.env["patient.complaint"].with_context(read_group_expand=True)
        groups = complaints.web_read_group(
            [("state", "=", "received")], ["state"], ["__count"]
        )
        self.assertEqual(
            [group["state"] for group in groups["groups"]],
            ["received", "acknowledged", "investigating", "responded", "closed"],
        )

    # status

    def test_way_to_the_end(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        complaint.action_acknowledge()
        complaint.action_investigate()
        self._reply(complaint)
        self.assertEqual(complaint.state, "responded")
        self.assertTrue(complaint.is_open)
        complaint.problem_ids.finding = "founded"
        complaint.action_close()
        self.assertFalse(complaint.is_open)
        self.assertTrue(complaint.closed_at)
        self.assertEqual(complaint.problem_ids.state, "closed")

    def test_steps_cannot_be_skipped_and_the_message_names_the_way(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        with self.assertRaises(UserError) as raised:
            complaint.action_close()
        message = str(raised.exception)
        self.assertIn(complaint.name, message)
        self.assertIn("Acknowledged", message)
        self.assertEqual(complaint.state, "received")

    def test_slip_of_the_finger_goes_back_one_step(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        complaint.action_acknowledge()
        complaint.state = "received"
        self.assertEqual(complaint.state, "received")

    def test_closing_needs_problems_with_findings(self):
        complaint = self._make_complaint(state="responded").with_user(self.user_officer)
        with self._refused("Communication"):
            complaint.action_close()
        bare = self._make_complaint(state="responded", problem_ids=[])
        with self._refused("no problem"):
            bare.with_user(self.user_officer).action_close()

    def test_praise_closes_at_once_without_problems(self):
        praise = self._make_complaint(kind="praise").with_user(self.user_officer)
        praise.action_close()
        self.assertEqual(praise.state, "closed")

    def test_closed_complaint_keeps_problems_and_findings(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        self._reply(complaint)
        complaint.problem_ids.finding = "not_founded"
        complaint.action_close()
        with self.assertRaises(UserError):
            complaint.problem_ids.finding = "pending"
        with self.assertRaises(UserError):
            complaint.problem_ids.unlink()

    def test_staff_may_not_end_a_complaint(self):
        complaint = self._make_complaint(
            state="responded", lead_department_id=self.cardiology.id
        )
        complaint.problem_ids.finding = "founded"
        with self._refused("office"):
            complaint.with_user(self.user_staff).action_close()
        complaint.with_user(self.user_staff).state = "investigating"
        self.assertEqual(complaint.state, "investigating")

    def test_only_a_manager_sets_back_what_has_ended(self):
        complaint = self._make_complaint(kind="enquiry").with_user(self.user_officer)
        complaint.action_close()
        with self._refused("manager"):
            complaint.action_investigate()
        complaint.with_user(self.user_manager).action_investigate()
        self.assertEqual(complaint.state, "investigating")
        self.assertFalse(complaint.closed_at)

    def test_not_accepting_needs_the_lawful_reason(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        with self._refused("lawful reason"):
            complaint.state = "not_accepted"
        self._set_aside(complaint, "not_accepted", reason="in_court")
        self.assertEqual(complaint.state, "not_accepted")
        self.assertTrue(complaint.closed_at)

    def test_withdrawing_and_escalating_need_a_note(self):
        for state in ("withdrawn", "escalated"):
            complaint = self._make_complaint().with_user(self.user_officer)
            with self._refused("note"):
                self._set_aside(complaint, state, note="  ")
            self._set_aside(complaint, state, note="电话告知")
            self.assertEqual(complaint.state, state)

    def test_several_are_set_aside_at_once(self):
        complaints = self._make_complaint() | self._make_complaint()
        complaints = complaints.with_user(self.user_officer)
        self._set_aside(complaints, "withdrawn", note="同一来电人撤回")
        self.assertEqual(set(complaints.mapped("state")), {"withdrawn"})

    def _set_aside(self, complaints, state, **values):
        wizard = self.env["patient.complaint.set.aside"].with_user(self.user_officer)
        action = complaints.with_context(default_state=state).action_set_aside()
        form = Form(wizard.with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        form.save().action_confirm()

    # first receiver

    def test_first_receiver_is_who_registers_and_stays(self):
        complaint = self._make_complaint(lead_department_id=self.cardiology.id)
        complaint = self._register_as(self.user_staff)
        self.assertEqual(complaint.first_receiver_id, self.employee_staff)
        self.assertEqual(complaint.first_department_id, self.cardiology)
        with self._refused(self.employee_staff.name):
            complaint.with_user(
                self.user_officer
            ).first_receiver_id = self.employee_doctor
        complaint.with_user(self.user_manager).first_receiver_id = self.employee_doctor
        self.assertEqual(complaint.first_receiver_id, self.employee_doctor)

    def test_missing_first_receiver_can_be_named_once(self):
        complaint = self._make_complaint(first_receiver_id=False)
        officer = complaint.with_user(self.user_officer)
        officer.first_receiver_id = self.employee_doctor
        with self.assertRaises(UserError):
            officer.first_receiver_id = self.employee_staff

    def test_officer_who_registers_is_in_charge(self):
        self.assertEqual(
            self._register_as(self.user_officer).user_id, self.user_officer
        )
        self.assertFalse(self._register_as(self.user_staff).user_id)

    def _register_as(self, user):
        return (
            self.env["patient.complaint"]
            .with_user(user)
            .create({"summary": "等候", "lead_department_id": self.cardiology.id})
        )

    # history

    def test_changes_of_problems_are_told_in_one_message_a_complaint(self):
        complaints = self._make_complaint() | self._make_complaint()
        complaints.problem_ids = [
            Command.create({"category_id": self.safety.id, "severity": "1"})
        ]
        before = complaints.message_ids
        complaints.problem_ids.write({"severity": "3", "finding": "founded"})
        messages = complaints.message_ids - before
        self.assertEqual(len(messages), 2)
        for message in messages:
            self.assertIn("1 – Minor → 3 – Serious", message.body)
            self.assertIn("Pending → Founded", message.body)
            self.assertIn("Communication", message.body)

    def test_added_and_removed_problems_are_told(self):
        complaint = self._make_complaint()
        before = complaint.message_ids
        complaint.problem_ids = [Command.create({"category_id": self.listening.id})]
        complaint.problem_ids[:1].unlink()
        bodies = " ".join((complaint.message_ids - before).mapped("body"))
        self.assertIn("Problem added: Listening", bodies)
        self.assertIn("Problem removed: Communication", bodies)

    def test_problem_text_cannot_inject_markup(self):
        category = self.env["patient.complaint.category"].create(
            {"name": "<script>x</script>", "parent_id": self.safety.id}
        )
        complaint = self._make_complaint()
        complaint.problem_ids = [Command.create({"category_id": category.id})]
        self.assertNotIn("<script>", complaint.message_ids[0].body)

    def test_status_and_narrative_are_tracked(self):
        complaint = self._make_complaint().with_context(mail_notrack=False)
        self._flush_tracking()
        complaint.with_user(self.user_officer).action_acknowledge()
        complaint.narrative = "更正"
        self._flush_tracking()
        fields = complaint.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertLessEqual({"state", "narrative"}, set(fields))

    def _flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    # categories

    def test_categories_of_hcat_are_there(self):
        categories = self.env["patient.complaint.category"].search([])
        shipped = categories.filtered("code").grouped("hcat_level")
        self.assertEqual(len(shipped["domain"]), 3)
        self.assertEqual(len(shipped["category"]), 7)
        self.assertEqual(
            self.safety.domain_id,
            self.env.ref(f"{MODULE}.patient_complaint_category_clinical"),
        )

    def test_finer_kinds_hang_below_and_are_found_by_what_is_above(self):
        finer = self.env["patient.complaint.category"].create(
            {"name": "Wrong drug", "parent_id": self.safety.id}
        )
        self.assertEqual(finer.hcat_level, "sub")
        self.assertEqual(finer.domain_id, self.safety.domain_id)
        self.assertEqual(finer.display_name, "Safety / Wrong drug")
        found = self.env["patient.complaint.category"].name_search("safety")
        self.assertIn(finer.id, [category_id for category_id, _name in found])

    def test_category_in_use_cannot_be_deleted(self):
        self._make_complaint()
        category = self.env.ref(f"{MODULE}.patient_complaint_category_communication")
        with self._refused("Archive"):
            category.unlink()

    # accused

    def test_accused_person_leaves_the_conversation(self):
        complaint = self._make_complaint(lead_department_id=self.cardiology.id)
        complaint.message_subscribe(self.user_staff.partner_id.ids)
        complaint.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.user_staff.id
        )
        complaint.problem_ids.employee_id = self.employee_staff
        self.assertNotIn(self.user_staff.partner_id, complaint.message_partner_ids)
        self.assertNotIn(self.user_staff, complaint.activity_ids.user_id)

    def test_accused_person_cannot_be_the_officer_in_charge(self):
        employee = self.env["hr.employee"].create(
            {"name": "周敏", "user_id": self.user_officer.id}
        )
        complaint = self._make_complaint(user_id=self.user_officer.id)
        with self._refused("in charge"):
            complaint.problem_ids.employee_id = employee
        complaint.user_id = False
        complaint.problem_ids.employee_id = employee
        with self._refused("in charge"):
            complaint.user_id = self.user_officer

    def test_person_gets_an_account_later(self):
        """The rule follows the employee's account, also one given after the complaint."""
        complaint = self._make_complaint(lead_department_id=self.cardiology.id)
        complaint.problem_ids.employee_id = self.employee_doctor
        doctor = self._make_user("pr_doctor", "officer")
        self.assertTrue(complaint.with_user(doctor).has_access("read"))
        self.employee_doctor.user_id = doctor
        self.assertFalse(complaint.with_user(doctor).has_access("read"))

    def test_this_month_filter_has_a_valid_domain(self):
        view = self.env.ref(f"{MODULE}.patient_complaint_view_search")
        self.assertIn("filter_this_month", view.arch)
        domain = [("received_at", ">=", "=1d"), ("received_at", "<", "=1d +1m")]
        now = self._make_complaint()
        old = self._make_complaint(received_at=datetime.now() - timedelta(days=62))
        found = self.env["patient.complaint"].search(domain)
        self.assertIn(now, found)
        self.assertNotIn(old, found)
