from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

FUNCTION = "patient_complaint_identity_access_keep"


class PatientComplaintIdentityAccess(models.Model):
    """Who opened a protected identity, when and why: a log that only grows.

    Neither the ORM nor the database changes or deletes a row (ASVS 16.4.2).
    """

    _name = "patient.complaint.identity.access"
    _description = "Opening of a Protected Identity"
    _order = "id desc"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    # not related: a row is never written again
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    opened_at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    action = fields.Selection(
        selection=[
            ("opened", "Opened"),
            ("changed", "Changed"),
            ("erased", "Deleted for Good"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True, readonly=True)

    _reason_check = models.Constraint(
        "CHECK(length(btrim(reason)) > 0)",
        "Say why the identity is needed.",
    )

    def init(self):
        """Let the database itself refuse what the ORM refuses."""
        function, table = SQL.identifier(FUNCTION), SQL.identifier(self._table)
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'The log of opened identities only grows.';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS %(function)s ON %(table)s;
                CREATE TRIGGER %(function)s BEFORE UPDATE OR DELETE ON %(table)s
                    FOR EACH ROW EXECUTE FUNCTION %(function)s();
                """,
                function=function,
                table=table,
            )
        )

    @api.depends("user_id", "opened_at")
    def _compute_display_name(self):
        for access in self:
            access.display_name = self.env._(
                "%(user)s, %(moment)s",
                user=access.user_id.name,
                moment=access.opened_at,
            )

    # CRUD

    def write(self, vals):
        if self:
            raise UserError(self._get_refusal())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_refusal())

    # TOOLS

    def _get_refusal(self):
        return self.env._(
            "The log of opened identities cannot be changed. Open the identity again to "
            "add another entry."
        )
