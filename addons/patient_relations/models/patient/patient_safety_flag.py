from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

SAFETY_GROUP = "patient_relations.patient_relations_group_safety"
MANAGER_GROUP = "patient_relations.patient_relations_group_manager"
ACTIVITY_TYPE = "patient_relations.mail_activity_type_safety_review"
# A flag that nobody looks at again is an injustice: at most a year, then anew.
MAX_MONTHS = 12


class PatientSafetyFlag(models.Model):
    """A warning to staff about a visitor who harassed or threatened them repeatedly.

    Source: Beijing regulations on hospital security, art. 20 (warn staff, send an
    escort). A complaint, however sharp, is never a reason.
    """

    _name = "patient.safety.flag"
    _description = "Staff-Safety Flag"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "ended_on desc, review_on, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # who
    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    person = fields.Char(
        help="Who it is about when not the patient: name, relation, looks.",
    )
    # what
    facts = fields.Text(
        required=True,
        tracking=True,
        help="What happened, when, and who saw it. Complaints that the person made, and "
        "sharp words in them, are no reason: everybody may complain.",
    )
    has_escort = fields.Boolean(string="Security Escort")
    has_two_persons = fields.Boolean(string="Two Members of Staff")
    has_security_told = fields.Boolean(string="Security Desk Told")
    measures = fields.Text(string="Other Measures", tracking=True)
    # since when and until when
    set_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Set by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    set_on = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._patient_today(),
    )
    reviewed_on = fields.Date(
        string="Last Review",
        readonly=True,
        help="The day on which somebody last decided that the flag is still needed.",
    )
    review_on = fields.Date(
        string="Review by",
        required=True,
        tracking=True,
        help="Decide by this day whether the flag is still needed: twelve months at most.",
    )
    reminded_for = fields.Date(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The day of review for which a reminder has been given.",
    )
    ended_on = fields.Date(readonly=True, copy=False, tracking=True)
    ended_reason = fields.Text(string="Why Ended", copy=False, tracking=True)

    _person_check = models.Constraint(
        "CHECK(patient_id IS NOT NULL OR length(btrim(coalesce(person, ''))) > 0)",
        "Say whom the flag is about: choose the patient, or describe the person.",
    )
    _ended_check = models.Constraint(
        "CHECK(ended_on IS NULL OR length(btrim(coalesce(ended_reason, ''))) > 0)",
        "Say why the flag ends.",
    )
    _review_idx = models.Index("(review_on) WHERE ended_on IS NULL")

    @api.depends("patient_id", "person")
    def _compute_display_name(self):
        for flag in self:
            flag.display_name = flag.person or flag.patient_id.name

    @api.constrains("review_on", "set_on", "reviewed_on")
    def _check_review_on(self):
        for flag in self:
            start = flag.reviewed_on or flag.set_on
            latest = start + relativedelta(months=MAX_MONTHS)
            if not start < flag.review_on <= latest:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the review must be after %(start)s and by %(latest)s.",
                        name=flag.display_name,
                        start=start,
                        latest=latest,
                    )
                )

    # ACTIONS

    def action_confirm_review(self):
        """Keep the flag for another term, of the same length as the last."""
        for flag in self:
            flag._check_running()
            today = flag.company_id._patient_today()
            term = flag.review_on - (flag.reviewed_on or flag.set_on)
            flag.write({"reviewed_on": today, "review_on": today + term})
        self._end_activities()

    def action_end(self):
        """End the flag; the reason must stand in its field."""
        for flag in self:
            flag._check_running()
            if not (flag.ended_reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(name)s: write why the flag ends, then end it.",
                        name=flag.display_name,
                    )
                )
            flag.ended_on = flag.company_id._patient_today()
        self._end_activities()

    # BUSINESS

    def _check_running(self):
        for flag in self.filtered("ended_on"):
            raise UserError(
                self.env._(
                    "The flag of %(name)s ended on %(date)s. Set a new one when it is "
                    "needed again.",
                    name=flag.display_name,
                    date=flag.ended_on,
                )
            )

    def _end_activities(self):
        # sudo: mail.activity: whoever decides ends the duty, whoever has it
        self.sudo().activity_search([ACTIVITY_TYPE]).unlink()

    def _remind(self):
        """Give one activity for each of these flags, and mark them as reminded."""
        activity_type = self.env.ref(ACTIVITY_TYPE)
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": flag.id,
                    "activity_type_id": activity_type.id,
                    "summary": activity_type.summary,
                    "date_deadline": flag.review_on,
                    "user_id": user.id,
                    "automated": True,
                }
                for flag, user in self._get_reviewers().items()
            ]
        )
        for day, flags in self.grouped("review_on").items():
            flags.reminded_for = day

    def _get_reviewers(self):
        """Return flag → who decides: who set it, or a manager when that one may not."""
        allowed = self.env["res.users"].search(
            [("all_group_ids", "in", self.env.ref(SAFETY_GROUP).ids)]
        )
        managers = self.env.ref(MANAGER_GROUP)
        substitutes = allowed.sorted(
            lambda user: (managers not in user.all_group_ids, user.id)
        )
        return {
            flag: next(
                user
                for user in (flag.set_by_id & allowed, *substitutes, flag.set_by_id)
                if user
                and (flag.company_id in user.company_ids or user == flag.set_by_id)
            )
            for flag in self
        }

    # CRON

    @api.model
    def _cron_remind(self):
        """Remind of flags to review, once for each day of review."""
        due = self.browse()
        for company in self.env["res.company"].search([("id", "!=", False)]):
            due += self.search(
                [
                    ("company_id", "=", company.id),
                    ("ended_on", "=", False),
                    ("review_on", "<=", company._patient_today()),
                ]
            )
        due.filtered(lambda flag: flag.reminded_for != flag.review_on)._remind()
