from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ...tools import scoring

# What may be written once a score is in use.
FREE_FIELDS = frozenset({"state", "sequence"})


class PatientScore(models.Model):
    """One version of a score: a table of items, points and bands with its source.

    SPECIFICATIONS:
    - Nothing about a score stands in code: points, bands and alerts are rows.
    - A score without a licence note is not taken up: many are protected.
    - A draft is changed; what is in use is not, so that what was assessed can be
      checked. A change is a new version, which retires the former one.
    - A missing value refuses; nothing is guessed.
    """

    _name = "patient.score"
    _description = "Score"
    _order = "sequence, name, version desc, id desc"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="A short name without spaces, the same for all versions."
    )
    version = fields.Integer(default=1, required=True, readonly=True)
    sequence = fields.Integer(default=100)
    state = fields.Selection(
        selection=[("draft", "Draft"), ("in_use", "In Use"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    purpose = fields.Text(translate=True, help="What it says, and of whom.")
    # where it comes from
    source = fields.Text(required=True, help="The publication of the table.")
    licence_note = fields.Text(
        string="Licence",
        required=True,
        help="Why the hospital may use the score: a permission, or that it is free.",
    )
    # how it is read
    method = fields.Selection(
        selection=[
            (scoring.SUM, "Sum of the Points"),
            (scoring.HIGHEST, "Highest of the Points"),
        ],
        string="Total",
        default=scoring.SUM,
        required=True,
    )
    reference = fields.Selection(
        selection=[
            ("assessment", "The Day of the Assessment"),
            ("visit", "The End of a Stay"),
        ],
        string="Read as of",
        default="assessment",
        required=True,
        help="A score of a stay is read as the record was at its end, and stands once for "
        "each stay: assessed anew, it takes the place of the former.",
    )
    min_total = fields.Integer(string="Lowest Total", required=True)
    max_total = fields.Integer(string="Highest Total", required=True)
    is_sensitive = fields.Boolean(
        string="Sensitive",
        help="Its results are read only by people with the right to sensitive values.",
    )
    item_ids = fields.One2many(
        "patient.score.item", "score_id", string="Items", copy=True
    )
    band_ids = fields.One2many(
        "patient.score.band", "score_id", string="Bands", copy=True
    )
    alert_ids = fields.One2many(
        "patient.score.alert", "score_id", string="Alerts", copy=True
    )

    _version_uniq = models.UniqueIndex(
        "(code, version)", "The score has this version already."
    )
    _in_use_uniq = models.UniqueIndex(
        "(code) WHERE state = 'in_use'",
        "Another version of the score is in use. Retire it first.",
    )
    _licence_check = models.Constraint(
        "CHECK(trim(licence_note) != '')",
        "A score needs a licence note: why the hospital may use it.",
    )
    _source_check = models.Constraint(
        "CHECK(trim(source) != '')",
        "A score needs a source: where its table was published.",
    )
    _total_check = models.Constraint(
        "CHECK(min_total <= max_total)", "The lowest total is not above the highest."
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for score in self:
            score.display_name = (
                f"{score.name} (v{score.version})" if score.version > 1 else score.name
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_without_licence(vals_list)
        scores = super().create(vals_list)
        self.env.registry.clear_cache()
        return scores

    def write(self, vals):
        if vals.keys() - FREE_FIELDS:
            self._check_changeable()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for score, vals in zip(self, vals_list, strict=True):
            vals["version"] = score._get_next_version()
        return vals_list

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._check_changeable()

    # ACTIONS

    def action_use(self):
        """Put drafts in use, after a check of their tables; retire former versions."""
        self.check_access("write")
        for score in self:
            score._check_table()
            former = self.search([("code", "=", score.code), ("state", "=", "in_use")])
            (former - score).write({"state": "retired"})
            self.flush_model(["state"])
            score.state = "in_use"

    def action_draft(self):
        """Go back to the draft of what has never been assessed."""
        self.check_access("write")
        for score in self:
            if score._is_assessed():
                raise UserError(
                    self.env._(
                        "%(score)s has been assessed and stays as it is, so that results "
                        "can be checked. Make a new version of it.",
                        score=score.display_name,
                    )
                )
        self.write({"state": "draft"})

    def action_retire(self):
        self.check_access("write")
        self.write({"state": "retired"})

    def action_new_version(self):
        """Open a draft that begins as this version is."""
        self.ensure_one()
        self.check_access("write")
        version = self.copy()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "views": [[False, "form"]],
        }

    # BUSINESS

    def _evaluate(self, inputs):
        """Return what a dict item code → value comes to.

        Values are numbers, codes of choices, and True, False, "yes" or "no".

        :return: dict with ``total``, ``band`` (its code) and ``points`` (a dict item
            code → points)
        :raise UserError: names all that is missing, not permitted, or no item
        """
        self.ensure_one()
        try:
            result = scoring.evaluate(self._get_table(), inputs)
        except scoring.InputError as error:
            raise UserError(self._describe_problems(error)) from error
        return {"total": result.total, "band": result.band, "points": result.points}

    def _describe_problems(self, error):
        """Return sentences about an ``InputError``, for people."""
        self.ensure_one()
        sentences = []
        if error.missing:
            sentences.append(
                self.env._(
                    "%(score)s is not calculated: missing is %(items)s.",
                    score=self.display_name,
                    items="; ".join(self._get_item_labels(error.missing)),
                )
            )
        names = self._get_names()
        sentences += [
            self.env._(
                "%(score)s: “%(value)s” is not permitted for %(item)s. Permitted: "
                "%(permitted)s.",
                score=self.display_name,
                value=value,
                item=names[code],
                permitted=self._get_permitted(code),
            )
            for code, value in error.refused
        ]
        if error.unknown:
            sentences.append(
                self.env._(
                    "%(score)s has no item %(codes)s. Its items: %(known)s.",
                    score=self.display_name,
                    codes=", ".join(map(str, error.unknown)),
                    known=", ".join(self.item_ids.mapped("code")),
                )
            )
        return "\n".join(sentences)

    def _check_table(self):
        """Refuse a table that would not give every patient one total and one band."""
        self.ensure_one()
        faults = [
            self._describe_fault(what, code)
            for what, code in scoring.find_faults(self._get_table())
        ]
        if not self.item_ids:
            faults.append(self.env._("There is no item."))
        found = self._get_extremes()
        if not faults and found != (self.min_total, self.max_total):
            faults.append(
                self.env._(
                    "The points give totals from %(low)s to %(high)s.",
                    low=found[0],
                    high=found[1],
                )
            )
        if faults:
            raise UserError(
                self.env._(
                    "%(score)s cannot be used yet. Correct its table:\n%(faults)s",
                    score=self.display_name,
                    faults="\n".join(faults),
                )
            )

    def _describe_fault(self, what, code):
        messages = {
            "empty": self.env._("Item %(code)s has no points.", code=code),
            "choices": self.env._(
                "Item %(code)s needs points for yes and for no.", code=code
            ),
            "overlap": self.env._(
                "Item %(code)s has points twice for the same number.", code=code
            ),
            "gap": self.env._("Item %(code)s leaves out numbers.", code=code),
            "bands": self.env._(
                "Total %(code)s is not in exactly one band.", code=code
            ),
        }
        return messages[what]

    # refusals

    @api.model
    def _refuse_without_licence(self, vals_list):
        for vals in vals_list:
            if not (vals.get("licence_note") or "").strip():
                raise UserError(
                    self.env._(
                        "The score “%(score)s” has no licence note and is not taken up. "
                        "Write why the hospital may use it: the permission, or where it "
                        "says that it is free.",
                        score=vals.get("name") or vals.get("code") or "?",
                    )
                )

    def _check_changeable(self):
        for score in self:
            if score.state != "draft":
                raise UserError(
                    self.env._(
                        "%(score)s is in use and stays as it is, so that results can be "
                        "checked. Make a new version of it.",
                        score=score.display_name,
                    )
                )

    # TOOLS

    def _is_assessed(self):
        self.ensure_one()
        # sudo: patient.assessment: whether there are any, in every hospital
        assessments = self.env["patient.assessment"].sudo()
        domain = [("score_id", "=", self.id)]
        return bool(
            assessments.with_context(active_test=False).search_count(domain, limit=1)
        )

    def _get_next_version(self):
        [[latest]] = self._read_group([("code", "=", self.code)], [], ["version:max"])
        return (latest or 0) + 1

    def _get_current(self):
        """Return the version in use of the same score; this one if none is."""
        self.ensure_one()
        current = self.search([("code", "=", self.code), ("state", "=", "in_use")])
        return current or self

    @api.model
    def _get_by_code(self, code):
        """Return the version of a score that is in use.

        :raise UserError: if there is none
        """
        score = self.search([("code", "=", code), ("state", "=", "in_use")])
        if not score:
            raise UserError(
                self.env._("No score with the code “%(code)s” is in use.", code=code)
            )
        return score

    def _get_table(self):
        """Return the score as the calculation knows it (``scoring.Table``)."""
        self.ensure_one()
        return self._get_all_tables()[self.id]

    @api.model
    @tools.ormcache()
    def _get_all_tables(self):
        """Return score id → ``scoring.Table``."""
        # sudo: patient.score, its lines: definitions, the same for everybody
        return {score.id: score._build_table() for score in self.sudo().search([])}

    def _build_table(self):
        sex_item = self.item_ids.filtered(lambda item: item.fact == "sex")
        return scoring.Table(
            tuple(item._get_item() for item in self.item_ids),
            tuple(band._get_band() for band in self.band_ids),
            self.method,
            sex_item.code or None,
            tuple(alert._get_alert() for alert in self.alert_ids),
        )

    def _get_extremes(self):
        table = self._get_table()
        extremes = [
            scoring.get_extremes(table, sex) for sex in scoring.get_sexes(table)
        ]
        return min(low for low, _h in extremes), max(high for _l, high in extremes)

    def _get_names(self):
        """Return item code → question."""
        return {item.code: item.name for item in self.item_ids}

    def _get_item_labels(self, codes):
        """Return questions with their codes, for messages."""
        names = self._get_names()
        return [f"{names[code]} ({code})" for code in codes]

    def _get_permitted(self, code):
        """Return what an item permits, for messages."""
        item = self.item_ids.filtered(lambda one: one.code == code)
        if item.kind == scoring.YES_NO:
            return self.env._("yes, no")
        if item.kind == scoring.CHOICE:
            return ", ".join(
                f"{option.code} ({option.name or option.code})"
                for option in item.option_ids
            )
        return item._get_permitted_numbers()
