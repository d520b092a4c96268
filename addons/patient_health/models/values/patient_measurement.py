from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.patient_relations.tools.selections import get_selection

from ...exceptions import RefusedBatchError

# The words of a file for yes and no, besides those of the screens.
ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "有", "阳性"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "否", "无", "阴性"), "no"),
}


class PatientMeasurement(models.Model):
    """Values from files: one column for a value of any kind, whole files or nothing.

    SPECIFICATIONS:
    - A row names the patient by record number or card, the indicator by its code, its
      LOINC or its name, and says when, what, and in which unit.
    - What the value is follows from the indicator: a number, a choice by its name or
      code, yes or no, a text.
    - Whatever is wrong is told with its row, and then nothing of the file is kept.
    """

    _inherit = "patient.measurement"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.context.get("import_file") or len(vals_list) < 2:
            return super().create(vals_list)
        try:
            return super().create(vals_list)
        except UserError as error:
            raise RefusedBatchError from error

    @api.model
    def load(self, fields, data):
        if not self.env.context.get("import_file"):
            return super().load(fields, data)
        model = self.with_context(default_origin="file")
        messages = []
        fields, data = model._look_up_import_patients(fields, data, messages)
        fields, data, kinds = model._look_up_import_indicators(fields, data)
        fields, data = model._spread_import_values(fields, data, kinds, messages)
        if messages:
            return {"ids": False, "messages": messages, "nextrow": 0}
        return super(PatientMeasurement, model).load(fields, data)

    # ACTIONS

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template: values"),
                "template": "/patient_health/static/xls/patient_measurement.xlsx",
            }
        ]

    # TOOLS

    @api.model
    def _look_up_import_patients(self, fields, data, messages):
        """Replace record numbers by ids, all in one query.

        A name that two patients have is refused: the value would be somebody else's.
        Where a number is unknown, all are left to Odoo, which tells the rows.
        """
        if "patient_id" not in fields:
            return fields, data
        column = fields.index("patient_id")
        texts = {row[column].strip() for row in data} - {""}
        patients = self.env["patient.patient"].search(
            [("display_name", "in", sorted(texts))]
        )
        found = self._get_patients_by_text(patients, texts)
        for number, row in enumerate(data):
            if len(found.get(row[column].strip(), ())) > 1:
                messages.append(self._prepare_ambiguous(number, row[column]))
        if not all(len(ids) == 1 for ids in found.values()):
            return fields, data
        ids = {text: str(ids[0]) for text, ids in found.items()} | {"": ""}
        fields = [*fields[:column], "patient_id/.id", *fields[column + 1 :]]
        return fields, [
            [*row[:column], ids[row[column].strip()], *row[column + 1 :]]
            for row in data
        ]

    @api.model
    def _get_patients_by_text(self, patients, texts):
        """Return text of a file → ids of the patients whom it can mean."""
        found = {text: [] for text in texts}
        for text, ids in found.items():
            number = text.split(" · ")[-1].strip()
            ids += [
                patient.id
                for patient in patients
                if number.upper() in (patient.mrn, patient.card_number)
                or number == patient.name
            ]
        return found

    @api.model
    def _look_up_import_indicators(self, fields, data):
        """Replace codes of indicators by ids; return the kind of each row as well.

        :return: fields, data, list of ``IndicatorFacts`` or None, one a row
        """
        if "indicator_id" not in fields:
            return fields, data, [None] * len(data)
        column = fields.index("indicator_id")
        known = self._get_import_indicators()
        facts = self.env["patient.indicator"]._get_all_facts()
        ids = [known.get(row[column].strip().lower()) for row in data]
        if all(ids):
            fields = [*fields[:column], "indicator_id/.id", *fields[column + 1 :]]
            data = [
                [*row[:column], str(indicator_id), *row[column + 1 :]]
                for row, indicator_id in zip(data, ids, strict=True)
            ]
        return fields, data, [facts.get(indicator_id) for indicator_id in ids]

    @api.model
    def _get_import_indicators(self):
        """Return code, LOINC or name in lower case → indicator id; codes come first."""
        indicators = self.env["patient.indicator"].search([("code", "!=", False)])
        known = {}
        for name in ("name", "loinc_code", "code"):
            known |= {
                indicator[name].strip().lower(): indicator.id
                for indicator in indicators
                if indicator[name]
            }
        return known

    @api.model
    def _spread_import_values(self, fields, data, kinds, messages):
        """Put what stands in the column of values where its kind belongs."""
        spread = {"option": "option_id/.id", "yes_no": "answer", "text": "text"}
        used = {facts.kind for facts in kinds if facts} & spread.keys()
        if "value" not in fields or not used:
            return fields, data
        column = fields.index("value")
        added = [name for kind, name in spread.items() if kind in used]
        added = [name for name in added if name.partition("/")[0] not in fields]
        choices = self._get_import_choices()
        rows = []
        for number, (row, facts) in enumerate(zip(data, kinds, strict=True)):
            extra = dict.fromkeys(added, "")
            target = spread.get(facts.kind) if facts else None
            if target in extra and row[column].strip():
                text = row[column].strip()
                extra[target] = self._read_import_value(facts, text, choices)
                if not extra[target]:
                    messages.append(self._prepare_unknown(number, facts, text))
                row = [*row[:column], "", *row[column + 1 :]]
            rows.append([*row, *extra.values()])
        return [*fields, *added], rows

    @api.model
    def _read_import_value(self, facts, text, choices):
        """Return a choice as id, an answer as its key, a text as it is; else nothing."""
        if facts.kind == "option":
            return choices.get((facts.id, text.lower()), "")
        if facts.kind == "yes_no":
            labels = get_selection(self.env, self._name, "answer")
            known = ANSWERS | {label.lower(): key for key, label in labels}
            return known.get(text.lower(), "")
        return text

    @api.model
    def _get_import_choices(self):
        """Return (indicator id, name or code in lower case) → id of the choice as text."""
        options = self.env["patient.indicator.option"].search(
            [("indicator_id.active", "=", True)]
        )
        return {
            (option.indicator_id.id, text.strip().lower()): str(option.id)
            for option in options
            for text in (option.name, option.code)
        }

    @api.model
    def _prepare_ambiguous(self, number, text):
        return self._prepare_import_error(
            number,
            "patient_id",
            self.env._(
                "“%(text)s” is the name of more than one patient. Write the record "
                "number instead.",
                text=text,
            ),
        )

    @api.model
    def _prepare_unknown(self, number, facts, text):
        label = self.env["patient.indicator"]._get_all_labels()[facts.id].name
        return self._prepare_import_error(
            number,
            "value",
            self.env._(
                "“%(text)s” is no value of %(indicator)s. Write one of its choices, or "
                "yes or no.",
                text=text,
                indicator=label,
            ),
        )

    @api.model
    def _prepare_import_error(self, number, name, message):
        return {
            "type": "error",
            "message": message,
            "rows": {"from": number, "to": number},
            "record": number,
            "field": name,
        }

    # GRAPHS

    @api.model
    def _web_read_group_fill_temporal(
        self,
        groups,
        groupby,
        aggregates,
        fill_from=False,
        fill_to=False,
        min_groups=False,
    ):
        """Leave months without a value out of charts: a mean of nothing is no zero."""
        if any(aggregate.startswith("value:") for aggregate in aggregates):
            return groups
        return super()._web_read_group_fill_temporal(
            groups, groupby, aggregates, fill_from, fill_to, min_groups
        )
