import re
from collections import defaultdict

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.i18n import format_list

from ...tools.selections import get_label

KINDS = [
    ("acknowledgement", "Acknowledgement"),
    ("holding", "Holding Reply"),
    ("final", "Final Reply"),
    ("not_accepted", "Explanation of Not Accepting"),
    ("other", "Other"),
]
# What is between two braces; tags inside tell that an editor has cut a placeholder.
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# What stands where a value is not known: to be filled in by hand.
GAP = "____"


class PatientLetterTemplate(models.Model):
    """The wording of one kind of letter in one language; each change is a new version.

    A version in use never changes, so that each reply shows by which words it was made.
    Placeholders such as ``{number}`` are replaced once, when a reply is drafted.
    """

    _name = "patient.letter.template"
    _description = "Letter Template"
    _order = "kind, lang, company_id, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Heading",
        required=True,
        help="Printed in the middle above the letter, in the language of the letter.",
    )
    kind = fields.Selection(selection=KINDS, default="final", required=True)
    lang = fields.Selection(
        selection="_get_languages",
        string="Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        index="btree_not_null",
        help="Empty: for all hospitals that have no letter of their own.",
    )
    version = fields.Integer(readonly=True, copy=False, aggregator=None)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("in_use", "In Use"),
            ("superseded", "Superseded"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    body = fields.Html(
        string="Words",
        required=True,
        help="Words in braces are replaced, for example {number}. Braces that are not in "
        "the list of placeholders are refused.",
    )
    placeholder_help = fields.Html(
        compute="_compute_placeholder_help", string="Placeholders"
    )

    _in_use_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), kind, lang) WHERE state = 'in_use'",
        "Only one letter of a kind, hospital and language can be in use. Make a new "
        "version of it and put that in use.",
    )
    _version_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), kind, lang, version)",
        "Another letter of this kind, hospital and language has this version.",
    )

    _fixed_fields = frozenset({"name", "kind", "lang", "company_id", "body", "version"})
    _next_states = {"draft": "in_use", "in_use": "superseded", "superseded": ""}

    @api.depends("kind")
    def _compute_placeholder_help(self):
        rows = Markup().join(
            Markup("<tr><td><code>{%s}</code></td><td>%s</td></tr>") % (name, text)
            for name, text in self._get_placeholders().items()
        )
        self.placeholder_help = (
            Markup('<table class="table table-sm">%s</table>') % rows
        )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for template in self:
            template.display_name = self.env._(
                "%(heading)s, version %(version)s",
                heading=template.name or "",
                version=template.version,
            )

    @api.model
    def _get_languages(self):
        """Return all languages, those that are installed first."""
        # sudo: res.lang: the names of languages are no secret
        languages = self.env["res.lang"].sudo().with_context(active_test=False)
        found = languages.search([("id", "!=", False)]).sorted(
            lambda lang: (not lang.active, lang.name)
        )
        return [(lang.code, lang.name) for lang in found]

    @api.constrains("body")
    def _check_body(self):
        known = self._get_placeholders()
        for template in self:
            if not html2plaintext(template.body or "").strip():
                raise ValidationError(
                    self.env._("“%(letter)s” needs words.", letter=template.name)
                )
            used = PLACEHOLDER.findall(template.body)
            unknown = {
                html2plaintext(name).strip() for name in used if name not in known
            }
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(letter)s” holds unknown placeholders: %(unknown)s. Known are: "
                        "%(known)s.",
                        letter=template.name,
                        unknown=format_list(
                            self.env, [f"{{{name}}}" for name in sorted(unknown)]
                        ),
                        known=format_list(self.env, [f"{{{name}}}" for name in known]),
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._number_versions(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if self._fixed_fields & vals.keys():
            self._refuse_change()
        if "state" in vals:
            self._check_state(vals["state"])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for template in self.filtered(lambda template: template.state != "draft"):
            raise UserError(
                self.env._(
                    "“%(letter)s” is or was in use and stays in the records. Only drafts "
                    "can be deleted.",
                    letter=template.display_name,
                )
            )

    # ACTIONS

    def action_new_version(self):
        """Open a draft with the same words."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy().id,
            "views": [(False, "form")],
        }

    def action_put_in_use(self):
        """Use this version from now on; the former one stays, superseded."""
        self.ensure_one()
        self._check_state("in_use")
        former = self.search([*self._get_key_domain(), ("state", "=", "in_use")])
        former.state = "superseded"
        former.flush_recordset(["state"])  # never two in use, not for a moment
        self.state = "in_use"

    # BUSINESS

    @api.model
    def _find(self, kind, lang, company):
        """Return the letter in use that fits best; none when there is none of this kind.

        The language counts more than the hospital: first the asked one, then the
        hospital's, then English.

        :param str lang: code of a language, or False
        """
        candidates = self.search(
            Domain("kind", "=", kind)
            & Domain("state", "=", "in_use")
            & Domain("company_id", "in", (False, company.id))
        )
        wanted = [lang, company.partner_id.lang, "en_US"]
        return candidates.sorted(
            lambda letter: (
                wanted.index(letter.lang) if letter.lang in wanted else len(wanted),
                not letter.company_id,
            )
        )[:1]

    @api.model
    def _get_placeholders(self):
        """Return name → what it stands for; the values come from the complaint.

        See ``patient.complaint._get_letter_values``.
        """
        return {
            "complainant": self.env._("Name of the complainant"),
            "patient": self.env._("Name of the patient"),
            "number": self.env._("Number of the complaint"),
            "received_on": self.env._("Day of receipt"),
            "summary": self.env._("What it is about, in one sentence"),
            "department": self.env._("Department in the lead"),
            "reason": self.env._("Lawful reason for not accepting"),
            "note": self.env._("Note on the status"),
            "findings": self.env._("Each problem with its finding"),
            "remedies": self.env._("Remedies given and promised"),
            "officer": self.env._("Officer in charge"),
            "hospital": self.env._("Name of the hospital"),
            "hospital_phone": self.env._("Telephone of the hospital"),
            "today": self.env._("Day on which the reply is drafted"),
        }

    def _render(self, values):
        """Return the words (Markup) with values in place of the placeholders.

        :param dict values: name → text, which is escaped, or Markup; what is missing or
            empty becomes a gap to be filled in by hand
        """
        self.ensure_one()

        def replace(match):
            return escape(values.get(match[1]) or GAP)

        # The words were sanitised when they were saved; the values are escaped here.
        return Markup(PLACEHOLDER.sub(replace, self.body or ""))

    # TOOLS

    def _get_key_domain(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("kind", "=", self.kind),
            ("lang", "=", self.lang),
        ]

    @api.model
    def _number_versions(self, vals_list):
        """Add the next version of each kind, hospital and language; in one query."""
        defaults = self.default_get(["kind", "lang", "company_id"])
        wanted = [{**defaults, **vals} for vals in vals_list]
        rows = self._read_group(
            [
                ("kind", "in", [vals.get("kind") for vals in wanted]),
                ("lang", "in", [vals.get("lang") for vals in wanted]),
            ],
            ["company_id", "kind", "lang"],
            ["version:max"],
        )
        last = defaultdict(int)
        for company, kind, lang, version in rows:
            last[company.id or False, kind, lang] = version
        for vals, full in zip(vals_list, wanted, strict=True):
            key = (full.get("company_id") or False, full.get("kind"), full.get("lang"))
            last[key] += 1
            vals["version"] = last[key]

    def _refuse_change(self):
        for template in self.filtered(lambda template: template.state != "draft"):
            raise UserError(
                self.env._(
                    "“%(letter)s” is or was in use: its words do not change any more. Use "
                    "“New Version”.",
                    letter=template.display_name,
                )
            )

    def _check_state(self, state):
        for template in self:
            if self._next_states[template.state] != state:
                raise UserError(
                    self.env._(
                        "“%(letter)s” is “%(state)s” and cannot become “%(target)s”. Use "
                        "“New Version”.",
                        letter=template.display_name,
                        state=get_label(template, "state"),
                        target=get_label(template, "state", state),
                    )
                )

    def _get_active_lang(self):
        """Return the language of the letter if it is installed, else False."""
        if not self:
            return False
        installed = dict(self.env["res.lang"].get_installed())
        return self.lang if self.lang in installed else False
