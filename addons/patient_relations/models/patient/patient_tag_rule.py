import ast
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class PatientTagRule(models.Model):
    """A tag that patients carry as long as they match a domain.

    SPECIFICATIONS:
      * a run adds the tag to those who match and lack it, and takes it from those who
        had it from this rule and match no more; tags set by hand are never taken;
      * what a rule holds is kept in a table of its own, so that «undo» takes back that
        and nothing else, and a tag that two rules give stays until both let go;
      * a rule that changes its tag or its hospital first takes back what it gave.
    """

    _name = "patient.tag.rule"
    _description = "Rule that Tags Patients"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    tag_id = fields.Many2one(
        "patient.tag", required=True, index=True, ondelete="cascade"
    )
    domain = fields.Char(string="Who Gets the Tag", required=True, default="[]")
    patient_model = fields.Char(
        default="patient.patient", readonly=True, export_string_translation=False
    )
    patient_ids = fields.Many2many(
        comodel_name="patient.patient",
        relation="patient_tag_rule_patient_rel",
        string="Tagged by this Rule",
        readonly=True,
        copy=False,
    )
    match_count = fields.Integer(compute="_compute_match_count", string="Match Now")
    given_count = fields.Integer(compute="_compute_given_count", string="Tagged")
    last_run_at = fields.Datetime(string="Last Run", readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)

    @api.depends("domain", "company_id")
    def _compute_match_count(self):
        for rule in self:
            try:
                rule.match_count = rule.env["patient.patient"].search_count(
                    rule._get_domain()
                )
            except ValidationError:
                rule.match_count = 0  # half typed in the editor

    @api.depends("patient_ids")
    def _compute_given_count(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT patient_tag_rule_id, count(*)
                     FROM patient_tag_rule_patient_rel
                    WHERE patient_tag_rule_id IN %s
                 GROUP BY patient_tag_rule_id""",
                (*self.ids, 0),
            )
        )
        counts = dict(rows)
        for rule in self:
            rule.given_count = counts.get(rule._origin.id, 0)

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            rule._get_domain()

    # CRUD

    def write(self, vals):
        if {"tag_id", "company_id"} & vals.keys():
            self._take_back()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_take_back(self):
        self._take_back()

    # ACTIONS

    def action_preview(self):
        """Show who would carry the tag, before it is given."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_patient_action"
        )
        return {**action, "domain": list(self._get_domain()), "context": {}}

    def action_run(self):
        self.check_access("write")
        self._run()

    def action_undo(self):
        """Take the tag from all who have it by this rule, and rest the rule."""
        self.check_access("write")
        self._take_back()
        self.active = False

    # BUSINESS

    def _get_domain(self):
        """Return the rule's patients as a Domain; a ValidationError names a bad rule."""
        self.ensure_one()
        try:
            domain = Domain(ast.literal_eval(self.domain or "[]"))
            domain.validate(self.env["patient.patient"].sudo(False))
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "The rule «%(rule)s» has a condition that cannot be read: %(error)s",
                    rule=self.name,
                    error=error,
                )
            ) from error
        return domain & Domain("company_id", "=", self.company_id.id)

    def _run(self):
        """Bring the tags of these rules up to date, in two statements a rule."""
        matching = {rule: rule._get_matching_query() for rule in self}
        self.env.flush_all()
        for rule, query in matching.items():
            rule._let_go(
                SQL("AND held.patient_patient_id NOT IN %s", query.subselect())
            )
        for rule, query in matching.items():
            rule._give(query)
        self.write({"last_run_at": fields.Datetime.now(), "last_error": False})
        self._forget_cached_tags()

    def _take_back(self):
        self.env.flush_all()
        for rule in self:
            rule._let_go()
        self._forget_cached_tags()

    def _get_matching_query(self):
        # sudo: patient.patient: a rule speaks of all patients of its company
        return self.env["patient.patient"].sudo()._search(self._get_domain())

    def _let_go(self, which=None):
        """Take the tag from patients of this rule, unless another rule holds it too.

        :param SQL which: a further condition on ``held``; all of them when not given
        """
        self.env.cr.execute(
            SQL(
                """WITH gone AS (
                    DELETE FROM patient_tag_rule_patient_rel AS held
                          WHERE held.patient_tag_rule_id = %(rule)s %(which)s
                      RETURNING held.patient_patient_id
                   )
                   DELETE FROM patient_patient_tag_rel AS carried
                         USING gone
                         WHERE carried.patient_patient_id = gone.patient_patient_id
                           AND carried.patient_tag_id = %(tag)s
                           AND NOT EXISTS (
                               SELECT FROM patient_tag_rule_patient_rel AS other
                                 JOIN patient_tag_rule AS rule
                                   ON rule.id = other.patient_tag_rule_id
                                WHERE other.patient_patient_id = gone.patient_patient_id
                                  AND rule.tag_id = %(tag)s
                                  AND rule.id != %(rule)s
                           )""",
                rule=self.id,
                which=which or SQL(),
                tag=self.tag_id.id,
            )
        )

    def _give(self, query):
        """Give the tag to those who match, and remember whose it is by a rule.

        Who carries it by hand, that is without any rule, is not remembered.
        """
        self.env.cr.execute(
            SQL(
                """WITH matching AS (%(matching)s), fresh AS (
                    INSERT INTO patient_patient_tag_rel
                                (patient_patient_id, patient_tag_id)
                    SELECT id, %(tag)s FROM matching
                        ON CONFLICT DO NOTHING
                 RETURNING patient_patient_id
                   )
                   INSERT INTO patient_tag_rule_patient_rel
                               (patient_tag_rule_id, patient_patient_id)
                   SELECT %(rule)s, patient_patient_id FROM fresh
                    UNION
                   SELECT %(rule)s, matching.id
                     FROM matching
                     JOIN patient_tag_rule_patient_rel AS other
                       ON other.patient_patient_id = matching.id
                     JOIN patient_tag_rule AS rule
                       ON rule.id = other.patient_tag_rule_id
                    WHERE rule.tag_id = %(tag)s
                       ON CONFLICT DO NOTHING""",
                matching=query.select(),
                tag=self.tag_id.id,
                rule=self.id,
            )
        )

    def _forget_cached_tags(self):
        self.env["patient.patient"].invalidate_model(["tag_ids"])
        self.invalidate_recordset(["patient_ids", "given_count"])

    # CRON

    def _cron_run(self):
        """Run every active rule; one rule's fault does not stop the others."""
        rules = self.search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(rules))
        for rule in rules:
            rule._run_or_tell()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _run_or_tell(self):
        """Run the rule; show on the rule what stopped it."""
        try:
            with self.env.cr.savepoint():
                self._run()
        except (UserError, ValueError, TypeError, psycopg2.Error) as error:
            _logger.info("Tag rule %s cannot run: %s", self.id, error)
            self.last_error = str(error)
