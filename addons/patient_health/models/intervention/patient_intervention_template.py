import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.patient_relations.tools.nullable import NullableFloat

KINDS = [
    ("diet", "Diet"),
    ("exercise", "Exercise"),
    ("medication", "Medication"),
    ("mind", "Mental Health"),
    ("education", "Education"),
    ("habit", "Habits"),
]
CODE_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9.]*", re.I)


class PatientInterventionTemplate(models.Model):
    """A piece of advice of the library (FHIR: ActivityDefinition).

    SPECIFICATIONS:
    - It is proposed to a patient who has one of its tags, a diagnosis whose code begins
      with one of its prefixes, or a value at one of its triggers; rooms add reasons.
    - It proposes a goal: an indicator and a target. Whether the goal is reached is
      worked out from measurements.
    """

    _name = "patient.intervention.template"
    _description = "Advice"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=100)
    kind = fields.Selection(selection=KINDS, required=True)
    advice = fields.Text(
        required=True,
        translate=True,
        help="What the patient is told, in a few sentences. It can be adapted to each one.",
    )
    body = fields.Html(
        string="Article for Patients",
        translate=True,
        help="What patients take home to read.",
    )
    source = fields.Char(required=True, help="The guideline or rule it comes from.")
    # goal
    indicator_id = fields.Many2one(
        comodel_name="patient.indicator",
        string="Goal",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('value_kind', '=', 'number')]",
        help="What is measured to see whether the advice works.",
    )
    target_low = NullableFloat(string="Target from", digits=(16, 4))
    target_high = NullableFloat(string="Target to", digits=(16, 4))
    unit_label = fields.Char(related="indicator_id.unit_label")
    days = fields.Integer(
        string="Period (Days)", default=90, required=True, help="How long it is tried."
    )
    # for whom
    tag_ids = fields.Many2many(
        comodel_name="patient.tag",
        relation="patient_intervention_template_tag_rel",
        column1="template_id",
        column2="tag_id",
        string="Patient Tags",
    )
    condition_prefixes = fields.Char(
        string="Diagnoses Beginning with",
        help="Beginnings of codes, with commas between: I10, E11. A diagnosis of the "
        "patient that is not over counts.",
    )
    trigger_ids = fields.One2many(
        "patient.intervention.trigger", "template_id", string="Values"
    )

    _days_check = models.Constraint("CHECK(days > 0)", "A period has at least one day.")
    _target_check = models.Constraint(
        "CHECK(target_low IS NULL OR target_high IS NULL OR target_low <= target_high)",
        "A target ends at or above where it begins.",
    )
    _goal_check = models.Constraint(
        "CHECK(indicator_id IS NOT NULL OR (target_low IS NULL AND target_high IS NULL))",
        "A target needs the indicator that is measured.",
    )

    @api.constrains("condition_prefixes")
    def _check_condition_prefixes(self):
        for template in self:
            for prefix in template._get_condition_prefixes():
                if not CODE_PREFIX.fullmatch(prefix):
                    raise ValidationError(
                        self.env._(
                            "“%(prefix)s” of “%(advice)s” is no beginning of a code. "
                            "Write codes with commas between: I10, E11.",
                            prefix=prefix,
                            advice=template.name,
                        )
                    )

    # BUSINESS

    def _get_condition_prefixes(self):
        """Return the beginnings of codes as a tuple, in capitals."""
        self.ensure_one()
        parts = re.split(r"[,，、;；\s]+", self.condition_prefixes or "")
        return tuple(part.upper() for part in parts if part)
