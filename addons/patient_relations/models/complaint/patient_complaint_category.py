from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PatientComplaintCategory(models.Model):
    """What a complaint is about: a tree that begins with HCAT's domains and categories.

    Source: Healthcare Complaints Analysis Tool (Gillespie and Reader, BMJ Quality &
    Safety 2016), three domains with seven categories. A hospital adds its own finer
    kinds below a category, so that comparisons with other hospitals stay possible.
    """

    _name = "patient.complaint.category"
    _description = "Complaint Category"
    _parent_name = "parent_id"
    _parent_store = True
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code for exchange and import, e.g. COMMUNICATION.")
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    # tree
    parent_id = fields.Many2one(
        comodel_name="patient.complaint.category",
        string="Parent Category",
        index=True,
        ondelete="restrict",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        "patient.complaint.category", "parent_id", string="Sub-categories"
    )
    complete_name = fields.Char(compute="_compute_complete_name", recursive=True)
    domain_id = fields.Many2one(
        comodel_name="patient.complaint.category",
        compute="_compute_domain_id",
        store=True,
        recursive=True,
        index=True,
        help="The top of the tree: the domain of HCAT.",
    )
    hcat_level = fields.Selection(
        selection=[
            ("domain", "Domain"),
            ("category", "Category"),
            ("sub", "Sub-category"),
        ],
        compute="_compute_domain_id",
        store=True,
        recursive=True,
        string="Level",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Another category has this code."
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parts = [category.parent_id.complete_name, category.name]
            category.complete_name = " / ".join(part for part in parts if part)

    @api.depends("parent_id.domain_id", "parent_id.hcat_level")
    def _compute_domain_id(self):
        below = {False: "domain", "domain": "category"}
        for category in self:
            parent = category.parent_id
            category.domain_id = parent.domain_id or category
            category.hcat_level = below.get(parent.hcat_level, "sub")

    @api.depends("name", "complete_name")
    def _compute_display_name(self):
        """Name a category by itself, its finer kinds with it: the domain is understood."""
        for category in self:
            names = (category.complete_name or "").split(" / ")
            category.display_name = " / ".join(names[1:] or names)

    @api.model
    def _search_display_name(self, operator, value):
        """Find a category also by the name or code of one above it."""
        domain = super()._search_display_name(operator, value)
        if operator != "ilike" or not value:
            return domain
        above = self.with_context(active_test=False).search(domain)
        return Domain(domain) | Domain("id", "child_of", above.ids)

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: patient.complaint.problem: also those that the user does not see
        used = (
            self.env["patient.complaint.problem"]
            .sudo()
            .search([("category_id", "in", self.ids)], limit=1)
        )
        if used:
            raise UserError(
                self.env._(
                    "Problems are counted under “%(category)s”. Archive the category "
                    "instead of deleting it.",
                    category=used.category_id.display_name,
                )
            )
