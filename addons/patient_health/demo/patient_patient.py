from datetime import timedelta

from odoo import api, models

from .curves import STORIES

# How often advice, a medicine and a summary are given: to one of so many patients.
ADVISED, SIGNED = 2, 9
DRUGS = {
    "I10": ("苯磺酸氨氯地平片 5 mg", "C08CA01"),
    "E11": ("盐酸二甲双胍缓释片 0.5 g", "A10BA02"),
    "I25": ("阿托伐他汀钙片 20 mg", "C10AA05"),
    "I50": ("沙库巴曲缬沙坦钠片 100 mg", "C09DX04"),
}
ATC = "http://www.whocc.no/atc"
MONTHS, DAYS = 15, 30


class PatientPatient(models.Model):
    """Advice, medicines and summaries of the demo hospital; see ``demo/care.xml``."""

    _inherit = "patient.patient"

    @api.model
    def _load_demo_terms(self):
        """Let the library speak Chinese before its advice is given to somebody.

        Odoo loads the translations of an addon after its demo data.
        """
        if "zh_CN" in dict(self.env["res.lang"].get_installed()):
            self.env["ir.module.module"]._load_module_terms(
                ["patient_health"], ["zh_CN"]
            )

    @api.model
    def _create_demo_care(self):
        """Let health management look after the patients with a chronic disease, once."""
        if self.env["patient.intervention"].search_count([], limit=1):
            return
        manager = self.env.ref("patient_health.user_health")
        patients = self.env["patient.measurement"]._get_demo_adults()
        for number, patient in enumerate(patients):
            codes = patient.condition_ids.mapped("code")
            ill = [
                key for key in DRUGS if any((c or "").startswith(key) for c in codes)
            ]
            if not ill:
                continue
            story = STORIES[number % len(STORIES)]
            care = patient.with_user(manager)
            if number % ADVISED == 0:
                care._give_demo_advice()
            care._hand_out_demo_medicine(DRUGS[ill[0]], story)
            if number % SIGNED == 0:
                care._sign_demo_summary()

    def _give_demo_advice(self):
        begin = self.company_id._patient_today() - timedelta(days=300)
        templates = self.env["patient.intervention.template"]._propose(self)[:2]
        self.env["patient.intervention"].create(
            [
                {
                    "patient_id": self.id,
                    "template_id": template.id,
                    "date_start": begin,
                }
                for template in templates
            ]
        ).action_activate()

    def _hand_out_demo_medicine(self, drug, story):
        """Hand out a month's supply each month; who is neglected does not come for all."""
        today = self.company_id._patient_today()
        gaps = 3 if story == "neglected" else 7
        name, code = drug
        self.env["patient.medication.supply"].create(
            [
                {
                    "patient_id": self.id,
                    "name": name,
                    "code_system": ATC,
                    "code": code,
                    "dispensed_on": today - timedelta(days=DAYS * month + 4),
                    "days": DAYS,
                }
                for month in range(MONTHS)
                if month % gaps != gaps - 1
            ]
        )

    def _sign_demo_summary(self):
        today = self.company_id._patient_today()
        summary = self.env["patient.health.summary"].create(
            {
                "patient_id": self.id,
                "date_from": today - timedelta(days=365),
                "date_to": today,
            }
        )
        summary.action_draft()
        summary.action_sign()
