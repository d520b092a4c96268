from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.ages import get_age
from ...tools.bands import choose_band
from ...tools.goals import judge_change


class PatientHealthSummary(models.Model):
    """The draft of a summary: tables of what the record holds for the period."""

    _inherit = "patient.health.summary"

    # BUSINESS

    def _render_draft(self):
        """Return the draft as HTML; tables without rows are left out."""
        self.ensure_one()
        sections = [one for one in self._get_sections() if one["rows"]]
        return self.env["ir.qweb"]._render(
            "patient_health.patient_health_summary_draft",
            {"summary": self, "sections": sections},
        )

    def _get_sections(self):
        """Return what the draft tells of; rooms add theirs by ``super()``.

        :return: list of dict title (str), columns (list of str), rows (lists of str)
        """
        return [
            self._get_changes_section(),
            self._get_interventions_section(),
            self._get_duties_section(),
            self._get_medicines_section(),
        ]

    # values

    def _get_changes_section(self):
        by_indicator = self._find_values().grouped("indicator_id")
        return {
            "title": self.env._("What Has Changed"),
            "columns": [
                self.env._("Indicator"),
                self.env._("First"),
                self.env._("Last"),
                self.env._("Change"),
                self.env._("Judgement"),
            ],
            "rows": [
                self._get_change_row(indicator, by_indicator[indicator])
                for indicator in by_indicator
            ],
        }

    def _find_values(self):
        """Return the valid values of the period, by indicator, the earliest first."""
        first, after = self._get_moments()
        domain = Domain("patient_id", "=", self.patient_id.id)
        domain &= Domain("effective_at", ">=", first) & Domain(
            "effective_at", "<", after
        )
        return self.env["patient.measurement"].search(
            domain & self._get_sensitive_domain(),
            order="indicator_id, effective_at, id",
        )

    def _get_change_row(self, indicator, values):
        first, last = values[0], values[-1]
        row = [indicator.name, self._tell_value(first), "", "", ""]
        if first == last:
            return row
        row[2] = self._tell_value(last)
        if indicator.value_kind == "number" and False not in (first.value, last.value):
            places = indicator.decimals
            change = round(last.value, places) - round(first.value, places)
            row[3] = f"{change:+.{places}f}"
            row[4] = self._get_verdict_label(self._judge_values(first, last))
        return row

    def _tell_value(self, measurement):
        day = self.company_id._patient_local_date(measurement.effective_at)
        return f"{measurement.value_label} ({format_date(self.env, day)})"

    def _judge_values(self, first, last):
        """Return whether two numbers of an indicator have become better."""
        indicator, patient = first.indicator_id, self.patient_id
        facts = indicator._get_facts()
        age = get_age(patient.birth_date, self.date_to)
        band = choose_band(facts.bands, patient.gender, age)
        return judge_change(
            indicator.better,
            round(first.value, facts.decimals),
            round(last.value, facts.decimals),
            band and band.normal_low,
            band and band.normal_high,
        )

    def _get_verdict_label(self, verdict):
        return {
            "improved": self.env._("Improved"),
            "worse": self.env._("Worse"),
            "unchanged": self.env._("Unchanged"),
        }.get(verdict, "")

    # advice

    def _get_interventions_section(self):
        interventions = self.env["patient.intervention"].search(
            self._get_interventions_domain() & Domain("state", "!=", "planned")
        )
        return {
            "title": self.env._("Advice and Goals"),
            "columns": [
                self.env._("Advice"),
                self.env._("State"),
                self.env._("Target"),
                self.env._("Result"),
            ],
            "rows": [
                [
                    one.name,
                    get_label(one, "state"),
                    one._get_target_label(),
                    one._get_result_label(),
                ]
                for one in interventions
            ],
        }

    # duties

    def _get_duties_section(self):
        first, after = self._get_moments()
        duties = self.env["patient.health.duty"].search(
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("opened_at", ">=", first)
            & Domain("opened_at", "<", after)
            & self._get_sensitive_domain(),
            order="opened_at, id",
        )
        return {
            "title": self.env._("What Had to Be Done"),
            "columns": [
                self.env._("Reason"),
                self.env._("State"),
                self.env._("In Time"),
                self.env._("What Was Done"),
            ],
            "rows": [
                [
                    one.reason,
                    get_label(one, "state"),
                    get_label(one, "timeliness"),
                    one.closed_note or "",
                ]
                for one in duties
            ],
        }

    # medicines

    def _get_medicines_section(self):
        """Tell how many days were covered, and how the questions were answered."""
        patient = self.patient_id
        found = patient._get_adherence(
            self.date_from, self.date_to, self._get_sensitive_domain()
        )
        rows = [
            [
                one["name"],
                *self._get_ratio(one["coverage"].covered, one["coverage"].days),
            ]
            for one in found
        ]
        good, asked = patient._get_answer_ratio(self.date_from, self.date_to)
        if asked:
            answers = self.env._("Good answers to the questions about medicines")
            rows.append([answers, *self._get_ratio(good, asked)])
        return {
            "title": self.env._("Taking Medicines"),
            "columns": [
                self.env._("Medicine"),
                self.env._("Covered Days of Days"),
                self.env._("Ratio"),
            ],
            "rows": rows,
        }

    # TOOLS

    def _get_ratio(self, part, whole):
        """Return a ratio as it is written: the two numbers, and the ratio of them."""
        return [f"{part} / {whole}", f"{part / whole:.2f}" if whole else ""]
