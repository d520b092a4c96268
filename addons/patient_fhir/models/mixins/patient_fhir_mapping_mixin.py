from odoo import api, fields, models

# What comes with words of a source.
MAPPED = ("patient.encounter", "patient.examination")


class PatientFhirMappingMixin(models.AbstractModel):
    """What a source system calls a department or a person, and which of ours it is.

    SPECIFICATIONS:
      * a row appears when a visit names somebody or some place for the first time, and
        waits to be mapped;
      * filling a row in, or changing it, brings all visits and reports up to date that
        came with it; one whose value somebody set by hand keeps it.

    Set ``_target_field`` (of the row and of the visit) and ``_row_field`` (of the visit);
    reports of examinations have fields of the same names.
    """

    _name = "patient.fhir.mapping.mixin"
    _description = "Mapping of a Source's Words"
    _order = "is_mapped, encounter_count desc, id"

    _target_field = None
    _row_field = None

    name = fields.Char(
        string="Source Name", required=True, help="What the source system calls it."
    )
    key = fields.Char(
        string="Source Key",
        required=True,
        help="The number or address by which the source knows it; else the name.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    encounter_count = fields.Integer(
        string="Visits",
        readonly=True,
        help="How many visits have come with this name; counted every hour and after each import.",
    )
    is_mapped = fields.Boolean(
        compute="_compute_is_mapped", store=True, string="Mapped"
    )

    def _compute_is_mapped(self):
        for row in self:
            row.is_mapped = bool(row[self._target_field])

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered("is_mapped")._map_encounters(rows.browse())
        return rows

    def write(self, vals):
        if self._target_field not in vals:
            return super().write(vals)
        before = self.grouped(self._target_field)
        result = super().write(vals)
        for target, rows in before.items():
            rows._map_encounters(target)
        return result

    # BUSINESS

    def _map_encounters(self, before):
        """Give the visits of these rows the new target.

        :param before: what the rows pointed to until now; a visit that points
            elsewhere was set by hand
        """
        for target, rows in self.grouped(self._target_field).items():
            if target == before:
                continue
            for model in MAPPED:
                # sudo: visits, reports: whoever may map may not be allowed to read them
                self.env[model].sudo().search(
                    [
                        (self._row_field, "in", rows.ids),
                        (self._target_field, "in", [False, *before.ids]),
                    ]
                ).write({self._target_field: target.id})

    @api.model
    def _get_rows(self, wanted):
        """Return key → row for what visits name; rows that are missing are made.

        :param dict wanted: key → words
        """
        # sudo: mapping: an account that exchanges data makes rows, a manager fills them
        rows_sudo = self.sudo().search(
            [("company_id", "=", self.env.company.id), ("key", "in", list(wanted))]
        )
        known = set(rows_sudo.mapped("key"))
        missing = {key: words for key, words in wanted.items() if key not in known}
        rows_sudo |= rows_sudo.create(
            [
                {"key": key, "name": words, **self._guess(words)}
                for key, words in missing.items()
            ]
        )
        return {row.key: row for row in rows_sudo}

    @api.model
    def _guess(self, words):
        """Return values that fill in a new row, where there is no doubt."""
        return {}

    def _count_encounters(self):
        """Bring the number of visits up to date, in one query."""
        # sudo: patient.encounter: a number over all departments
        counts = dict(
            self.env["patient.encounter"]
            .sudo()
            ._read_group(
                [(self._row_field, "in", self.ids)], [self._row_field], ["__count"]
            )
        )
        for row in self:
            if row.encounter_count != counts.get(row, 0):
                row.encounter_count = counts.get(row, 0)

    # ACTIONS

    def action_open_encounters(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_encounter_action"
        )
        return {**action, "domain": [(self._row_field, "=", self.id)], "context": {}}
