from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ...tools.adherence import Coverage, get_coverage
from ..res_users import CLINICIAN_GROUP

# The period of the figure on the patient's page.
SHOWN_DAYS = 180
# Indicators with these codes ask how medicines are taken.
QUESTION_PREFIX = "medicine_"


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    supply_ids = fields.One2many(
        comodel_name="patient.medication.supply",
        inverse_name="patient_id",
        string="Medicines Handed Out",
        groups=CLINICIAN_GROUP,
    )
    medicine_coverage = fields.Char(
        compute="_compute_medicine_coverage",
        string="Days Covered by Medicines",
        groups=CLINICIAN_GROUP,
        help="Of the days of the last half year since each medicine was first handed out: "
        "on how many there was medicine at home. Empty without any.",
    )

    def _compute_medicine_coverage(self):
        for patient in self:
            today = patient.company_id._patient_today()
            start = today - timedelta(days=SHOWN_DAYS - 1)
            found = patient._origin._get_adherence(start, today)
            covered = sum(one["coverage"].covered for one in found)
            days = sum(one["coverage"].days for one in found)
            ratio = Coverage(covered, days, 0).ratio
            patient.medicine_coverage = "–" if ratio is None else f"{ratio:.0%}"

    # ACTIONS

    def action_view_supplies(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_medication_supply_action"
        )
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {"default_patient_id": self.id},
        }

    # BUSINESS

    def _get_adherence(self, start, end, domain=Domain.TRUE):
        """Return the proportion of days covered for each medicine of a patient.

        The days of a medicine begin when it is first handed out, or with the period.

        :param date start: first day of the period, included
        :param date end: last day, included
        :param domain: ``Domain`` of the supplies, to leave some out
        :return: list of dict name (str), since (date), coverage (``Coverage``); by name
        """
        self.ensure_one()
        supplies = self.env["patient.medication.supply"].search(
            Domain("patient_id", "=", self.id)
            & Domain("dispensed_on", "<=", end)
            & domain
        )
        stays = self._get_stays(start, end) if supplies else []
        found = []
        for same in supplies.grouped(lambda one: one._get_key()).values():
            since = max(start, min(same.mapped("dispensed_on")))
            rows = [(one.dispensed_on, one.days) for one in same]
            coverage = get_coverage(rows, since, end, stays)
            found.append({"name": same[0].name, "since": since, "coverage": coverage})
        return sorted(found, key=lambda one: one["name"])

    def _get_stays(self, start, end):
        """Return (first, last) days in a ward; the day of going home is one at home."""
        company = self.company_id
        # sudo: patient.encounter: days in any ward, where the hospital gives medicines
        stays_sudo = (
            self.env["patient.encounter"]
            .sudo()
            .search(
                [
                    ("patient_id", "=", self.id),
                    ("encounter_class", "=", "IMP"),
                    ("status", "not in", ("planned", "cancelled", "entered_in_error")),
                    ("begins_at", "<", company._patient_midnight(end + timedelta(1))),
                ]
            )
        )
        days = []
        for stay in stays_sudo:
            first = company._patient_local_date(stay.begins_at)
            home = stay.ended_at and company._patient_local_date(stay.ended_at)
            last = home - timedelta(days=1) if home else end
            if first <= last and last >= start:
                days.append((first, last))
        return days

    def _get_answer_ratio(self, start, end):
        """Return (good answers, all answers) to the questions about medicines.

        A question whose higher answer is better is well answered by yes, else by no.

        :param date start: first day of the period, included
        :param date end: last day, included
        """
        self.ensure_one()
        company = self.company_id
        answers = self.env["patient.measurement"].search(
            [
                ("patient_id", "=", self.id),
                ("indicator_id.code", "=like", f"{QUESTION_PREFIX}%"),
                ("answer", "!=", False),
                ("effective_at", ">=", company._patient_midnight(start)),
                ("effective_at", "<", company._patient_midnight(end + timedelta(1))),
            ]
        )
        good = answers.filtered(
            lambda one: (one.answer == "yes") == (one.indicator_id.better == "higher")
        )
        return len(good), len(answers)
