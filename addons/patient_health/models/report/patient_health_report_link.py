import secrets
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.patient_relations.models.complaint.patient_complaint_inquiry_link import (
    MAX_TOKEN,
)

from ...tools.birth_dates import parse_birth_date

LINK_PATH = "/patient/report/"
# So many wrong birth dates close the link for a time.
MAX_FAILURES = 5
BLOCK = timedelta(hours=1)
# How long the right birth date opens the report without being typed again.
PROOF_MINUTES = 30
PROOF_SCOPE = "patient_health.report"
# Of the hash of the token, in the proof: enough to tell a new link from a former one.
DIGEST_LENGTH = 16


class PatientHealthReport(models.Model):
    """The link by which a patient opens the report without an account.

    SPECIFICATIONS:
    - 256 random bits, of which only the SHA-256 is kept; a new link ends the one before.
    - It opens with the patient's birth date only. Wrong ones are counted in the database,
      and five close it for an hour, whoever asks from wherever.
    - It ends by its day, by hand, with the report, and with the patient's life.
    - Every attempt is written down: when, and what came of it.
    """

    _inherit = "patient.health.report"

    link_token_hash = fields.Char(
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    link_made_at = fields.Datetime(string="Link Made on", readonly=True, copy=False)
    link_expires_at = fields.Datetime(
        string="Link Works until", readonly=True, copy=False
    )
    link_failures = fields.Integer(
        string="Wrong Birth Dates",
        readonly=True,
        copy=False,
        help="Since the link was last opened, or closed for an hour.",
    )
    link_blocked_until = fields.Datetime(
        string="Link Closed until", readonly=True, copy=False
    )
    link_ended_at = fields.Datetime(string="Link Ended on", readonly=True, copy=False)
    link_ended_reason = fields.Char(
        string="Why the Link Ended", readonly=True, copy=False
    )
    link_state = fields.Selection(
        selection=[
            ("none", "No Link"),
            ("open", "In Force"),
            ("blocked", "Closed for an Hour"),
            ("expired", "Expired"),
            ("withdrawn", "Ended"),
        ],
        compute="_compute_link_state",
        string="Link",
    )
    sheet_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Page with the Code",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    opening_ids = fields.One2many(
        comodel_name="patient.health.report.opening",
        inverse_name="report_id",
        string="Openings",
        readonly=True,
    )

    _link_token_uniq = models.UniqueIndex(
        "(link_token_hash) WHERE link_token_hash IS NOT NULL",
        "This link belongs to another report.",
    )

    @api.depends(
        "link_made_at", "link_expires_at", "link_blocked_until", "link_ended_at"
    )
    def _compute_link_state(self):
        now = fields.Datetime.now()
        for report in self:
            if not report.link_made_at:
                report.link_state = "none"
            elif report.link_ended_at:
                report.link_state = "withdrawn"
            elif report.link_expires_at <= now:
                report.link_state = "expired"
            else:
                blocked = (report.link_blocked_until or now) > now
                report.link_state = "blocked" if blocked else "open"

    # ACTIONS

    def action_make_link(self):
        """Make a new link and give its page; the one before no longer works.

        Where nothing prints, the address is shown this once.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_issued()
        self._check_link_possible()
        url = self._make_link()
        if self._can_print():
            return self._get_download_action(self._print_sheet(url))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "title": self.env._("Copy this link now: it is shown only once"),
                "message": url,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_end_link(self):
        """End the links at once; the paper stays with the patient."""
        self.check_access("write")
        self._end_link(self.env._("Ended by hand."))

    # BUSINESS

    def _is_linkable(self):
        """Tell whether the report is to have a link, and may."""
        self.ensure_one()
        return self.with_link and not self.patient_id._get_report_link_problem()

    def _check_link_possible(self):
        for report in self:
            if problem := report.patient_id._get_report_link_problem():
                raise UserError(problem)

    def _make_link(self):
        """Make the token anew; return the address, which is kept nowhere as text."""
        self.ensure_one()
        token = secrets.token_urlsafe(32)
        now = fields.Datetime.now()
        days = self.company_id.patient_report_link_days
        # sudo: patient.health.report: the hash is hidden from everybody
        self.sudo().write(
            {
                "link_token_hash": self._get_token_hash(token),
                "link_made_at": now,
                "link_expires_at": now + timedelta(days=days),
                "link_failures": 0,
                "link_blocked_until": False,
                "link_ended_at": False,
                "link_ended_reason": False,
            }
        )
        return f"{self.get_base_url()}{LINK_PATH}{token}"

    def _end_link(self, reason):
        """End the links that still work, with the reason."""
        living = self.filtered(lambda one: one.link_made_at and not one.link_ended_at)
        # sudo: patient.health.report: a link is ended by buttons, and by a death
        living_sudo = living.sudo()
        living_sudo.write(
            {"link_ended_at": fields.Datetime.now(), "link_ended_reason": reason}
        )
        # sudo: ir.attachment: its code opens nothing any more
        living_sudo.sheet_id.unlink()

    # opening

    @api.model
    def _try_link(self, token, typed):
        """Count one attempt to open a report; return its id, or None.

        It is kept in a transaction of its own: what was counted stays, whatever becomes
        of the request. Attempts at one link wait for each other.

        :param str token: of the address
        :param str typed: the birth date as somebody typed it
        """
        birth_date = parse_birth_date(typed)
        with self.env.registry.cursor() as cr:
            # sudo: patient.health.report: who holds the link has no account
            reports_sudo = self.with_env(api.Environment(cr, SUPERUSER_ID, {}))
            report_sudo = reports_sudo._lock_link(token)
            outcome = report_sudo._judge_opening(birth_date)
            report_sudo._count_opening(outcome)
            return report_sudo.id if outcome == "opened" else None

    @api.model
    def _lock_link(self, token):
        """Return the report of a token, locked; empty for what is no token."""
        self.flush_model(["link_token_hash"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM patient_health_report WHERE link_token_hash = %s"
                " FOR NO KEY UPDATE",
                self._get_token_hash((token or "")[:MAX_TOKEN]),
            )
        )
        return self.browse([row[0] for row in rows])

    def _judge_opening(self, birth_date):
        """Return what an attempt comes to: an outcome of the log; None without a report."""
        if not self:
            return None
        if closed := self._get_closed_reason():
            return closed
        if (self.link_blocked_until or fields.Datetime.now()) > fields.Datetime.now():
            return "blocked"
        right = birth_date and birth_date == self.patient_id.birth_date
        return "opened" if right else "wrong"

    def _get_closed_reason(self):
        """Return why a link opens nothing, as an outcome of the log, or None."""
        if self.patient_id.deceased_at:
            return "deceased"
        if self.link_ended_at or self.state != "issued":
            return "withdrawn"
        if self.link_expires_at <= fields.Datetime.now():
            return "expired"
        return None

    def _count_opening(self, outcome):
        """Write an attempt down, and close the link after too many wrong ones."""
        now = fields.Datetime.now()
        self.env["patient.health.report.opening"].create(
            [
                {"report_id": report.id, "opened_at": now, "outcome": outcome}
                for report in self
            ]
        )
        if outcome == "opened":
            self.link_failures = 0
        elif outcome == "wrong":
            self.link_failures += 1
            if self.link_failures >= MAX_FAILURES:
                self.write({"link_failures": 0, "link_blocked_until": now + BLOCK})

    # proof

    def _sign_proof(self):
        """Return a text that proves, for a short time, that the birth date was right."""
        self.ensure_one()
        return hash_sign(
            self.env,
            PROOF_SCOPE,
            [self.id, self.link_token_hash[:DIGEST_LENGTH]],
            expiration=timedelta(minutes=PROOF_MINUTES),
        )

    @api.model
    def _find_by_proof(self, token, proof):
        """Return the report (sudo) of a token for whom proves the birth date, or none."""
        # sudo: patient.health.report: who holds the link has no account
        reports_sudo = self.with_user(SUPERUSER_ID).sudo()
        digest = self._get_token_hash((token or "")[:MAX_TOKEN])
        try:
            proven = verify_hash_signed(reports_sudo.env, PROOF_SCOPE, proof or "")
        except ValueError:
            return reports_sudo.browse()
        if not proven or proven[1] != digest[:DIGEST_LENGTH]:
            return reports_sudo.browse()
        found_sudo = reports_sudo.search(
            [("id", "=", proven[0]), ("link_token_hash", "=", digest)]
        )
        return found_sudo.filtered(lambda one: not one._get_closed_reason())

    # TOOLS

    @api.model
    def _get_token_hash(self, token):
        return self.env["patient.complaint.inquiry"]._get_token_hash(token)
