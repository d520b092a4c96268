from odoo import api, fields, models
from odoo.tools import SQL


class PatientInterventionTemplate(models.Model):
    """Which advice of the library suits a patient, and why."""

    _inherit = "patient.intervention.template"

    # BUSINESS

    @api.model
    def _propose(self, patient):
        """Return the advice that suits a patient, in the order of the library.

        What is going on already is left out.
        """
        return self.browse([one.id for one in self._explain_proposals(patient)])

    @api.model
    def _explain_proposals(self, patient):
        """Return template → list of reasons in words, of what suits a patient."""
        patient.ensure_one()
        going = self.env["patient.intervention"].search(
            [("patient_id", "=", patient.id), ("state", "in", ("planned", "active"))]
        )
        templates = self.search([("active", "=", True)]) - going.template_id
        facts = self._get_proposal_facts(patient)
        explained = {one: one._get_proposal_reasons(facts) for one in templates}
        return {one: reasons for one, reasons in explained.items() if reasons}

    @api.model
    def _get_proposal_facts(self, patient):
        """Return what is asked of a patient, read once for the whole library.

        Rooms add what their reasons need, such as the bands of scores.

        :return: dict of patient, tags, conditions, values (indicator → the latest
            measurement) and now (naive UTC)
        """
        now = fields.Datetime.now()
        return {
            "patient": patient,
            "tags": patient.tag_ids,
            "conditions": patient.condition_ids.filtered(
                lambda one: one._is_present(now)
            ),
            "values": self._find_latest_values(patient),
            "now": now,
        }

    def _get_proposal_reasons(self, facts):
        """Return in words why the advice suits a patient; rooms add theirs by ``super()``.

        :param dict facts: see ``_get_proposal_facts``
        """
        self.ensure_one()
        tags = self.tag_ids & facts["tags"]
        prefixes = self._get_condition_prefixes()
        conditions = facts["conditions"].filtered(
            lambda one: prefixes and (one.code or "").upper().startswith(prefixes)
        )
        values = [
            facts["values"][trigger.indicator_id]
            for trigger in self.trigger_ids
            if trigger.indicator_id in facts["values"]
            and trigger._fits(facts["values"][trigger.indicator_id], facts["now"])
        ]
        return [
            *tags.mapped("name"),
            *conditions.mapped("name"),
            *(f"{one.indicator_id.name} {one.value_label}" for one in values),
        ]

    @api.model
    def _find_latest_values(self, patient):
        """Return indicator → the latest valid measurement that the user may see."""
        measurements = self.env["patient.measurement"]
        measurements.flush_model()
        query = measurements._search([("patient_id", "=", patient.id)])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (indicator_id) id FROM patient_measurement"
                " WHERE id IN %s ORDER BY indicator_id, effective_at DESC, id DESC",
                query.subselect(),
            )
        )
        latest = measurements.browse([one for (one,) in rows])
        return {one.indicator_id: one for one in latest}
