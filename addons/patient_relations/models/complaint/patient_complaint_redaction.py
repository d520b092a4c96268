import hashlib

from odoo import api, models
from odoo.tools import SQL

from ...tools import redaction

# Models in which nothing is replaced: the vault and its log, and files, whose names alone
# are texts.
EXCLUDED_MODELS = {
    "ir.attachment",
    "ir.model.data",
    "patient.complaint.identity",
    "patient.complaint.identity.access",
    "patient.complaint.receipt",
}
# Texts by which programs find their way
TECHNICAL_FIELDS = {"message_id", "mimetype", "model", "res_model", "sha256"}
TEXT_TYPES = ("char", "text", "html")


class PatientComplaint(models.Model):
    """Takes what tells an identity out of all that was ever written about a complaint.

    In SQL, one statement a table whatever the number of complaints: no ORM method may
    log, track or mail what is being taken out.
    """

    _inherit = "patient.complaint"

    # CRUD

    def message_post(self, **kwargs):
        """Keep the sender and the words of a mail out of a protected complaint."""
        if not self or self.protection == "open":
            return super().message_post(**kwargs)
        pattern = self._get_patterns().get(self.id, "")
        if kwargs.get("message_type") == "email":
            # sudo: res.partner: the robot, which stands for whoever wrote
            robot_sudo = self.env.ref("base.partner_root").sudo()
            kwargs.update(author_id=robot_sudo.id, email_from=robot_sudo.email)
            for name in ("reply_to", "incoming_email_cc", "incoming_email_to"):
                kwargs.pop(name, None)
            if message_id := kwargs.get("message_id"):
                kwargs["message_id"] = f"<{self._get_mail_fingerprint(message_id)}>"
        for name in {"body", "subject"} & kwargs.keys():
            kwargs[name] = self._redact_text(kwargs[name], pattern)
        return super().message_post(**kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Let nobody from outside follow a protected complaint: followers are listed."""
        if partner_ids and any(one.protection != "open" for one in self):
            partner_ids = self._filter_colleagues(partner_ids)
        return super().message_subscribe(partner_ids, subtype_ids)

    # BUSINESS

    @api.model
    def _find_received_mail(self, company, msg_dict):
        """Know a mail also where its Message-Id is kept as a fingerprint only."""
        known = super()._find_received_mail(company, msg_dict)
        message_id = msg_dict.get("message_id")
        if known or not message_id:
            return known
        return super()._find_received_mail(
            company, {"message_id": self._get_mail_fingerprint(message_id)}
        )

    def _redact_history(self):
        """Take the words of the vault out of all texts about these complaints."""
        patterns = self._get_patterns()
        self.env.flush_all()
        self._forget_senders()
        if patterns:
            self._redact_tables(patterns)
            self._redact_tracking(patterns)
        self._redact_files(patterns)
        self.env.invalidate_all()

    def _forget_tracking(self, names):
        """Delete the history of the fields that are in the vault now."""
        if self:
            self._execute(
                """DELETE FROM mail_tracking_value AS v
                    USING mail_message AS m, ir_model_fields AS f
                    WHERE m.id = v.mail_message_id AND f.id = v.field_id
                      AND m.model = %(model)s AND m.res_id IN %(ids)s
                      AND f.name IN %(names)s""",
                names=tuple(names),
            )

    def _forget_senders(self):
        """Forget from whom mails came and to whom they went, but for colleagues."""
        colleagues = SQL("(SELECT partner_id FROM res_users WHERE share IS NOT TRUE)")
        messages = SQL(
            "(SELECT id FROM mail_message WHERE model = %s AND res_id IN %s)",
            self._name,
            tuple(self.ids),
        )
        robot = self.env.ref("base.partner_root").id
        self._execute(
            """UPDATE mail_message SET author_id = %(robot)s, author_guest_id = NULL,
                      email_from = NULL, reply_to = NULL,
                      message_id = '<' || md5(message_id) || '>'
                WHERE id IN %(messages)s AND (author_id IS NULL AND email_from IS NOT NULL
                      OR author_id NOT IN %(colleagues)s)""",
            robot=robot,
            messages=messages,
            colleagues=SQL("(SELECT %s UNION ALL %s)", robot, colleagues),
        )
        for statement in (
            (
                "DELETE FROM mail_notification WHERE mail_message_id IN %(messages)s"
                " AND (res_partner_id IS NULL OR res_partner_id NOT IN %(colleagues)s)"
            ),
            (
                "DELETE FROM mail_message_res_partner_rel WHERE mail_message_id IN"
                " %(messages)s AND res_partner_id NOT IN %(colleagues)s"
            ),
            "DELETE FROM mail_mail WHERE mail_message_id IN %(messages)s",
            "DELETE FROM sms_sms WHERE mail_message_id IN %(messages)s",
            (
                "DELETE FROM mail_followers WHERE res_model = %(model)s AND res_id IN %(ids)s"
                " AND partner_id NOT IN %(colleagues)s"
            ),
            (
                "DELETE FROM patient_complaint_intake_problem WHERE intake_id IN"
                " (SELECT id FROM patient_complaint_intake WHERE complaint_id IN %(ids)s)"
            ),
            "DELETE FROM patient_complaint_intake WHERE complaint_id IN %(ids)s",
        ):
            self._execute(statement, messages=messages, colleagues=colleagues)
        for complaint in self.filtered("source_message_id"):
            complaint.with_context(
                tracking_disable=True
            ).source_message_id = self._get_mail_fingerprint(
                complaint.source_message_id
            )
        self.env.flush_all()

    def _redact_tables(self, patterns):
        """Redact every text of every row that belongs to the complaints."""
        for table, link, condition, columns in self._get_text_tables():
            self._redact_columns(table, link, condition, columns, patterns)

    def _redact_tracking(self, patterns):
        """Redact the values of fields that are told by the history all the same."""
        condition = SQL(
            "t.mail_message_id IN (SELECT id FROM mail_message WHERE model = %s AND"
            " res_id = p.id)",
            self._name,
        )
        columns = [
            "old_value_char",
            "new_value_char",
            "old_value_text",
            "new_value_text",
        ]
        self._redact_columns("mail_tracking_value", None, condition, columns, patterns)

    def _redact_files(self, patterns):
        """Take the words out of the names of files, and close their public links."""
        self._execute(
            """UPDATE ir_attachment SET access_token = NULL, public = FALSE,
                      index_content = NULL
                WHERE res_model = %(model)s AND res_id IN %(ids)s
                   OR res_model = 'patient.complaint.evidence' AND res_id IN (
                      SELECT id FROM patient_complaint_evidence
                       WHERE complaint_id IN %(ids)s)"""
        )
        if patterns:
            condition = SQL("t.res_model = %s", self._name)
            columns = ["name", "description"]
            self._redact_columns(
                "ir_attachment", "res_id", condition, columns, patterns
            )

    # TOOLS

    def _get_patterns(self):
        """Return complaint id → pattern of its identity, where the vault tells one."""
        patterns = {
            identity_sudo.complaint_id.id: identity_sudo._get_pattern()
            for identity_sudo in self._get_identity()
        }
        return {key: pattern for key, pattern in patterns.items() if pattern}

    @api.model
    def _redact_text(self, text, pattern):
        return redaction.redact(text, pattern)

    @api.model
    def _get_text_tables(self):
        """Return (table, column of the complaint, condition, columns of text).

        Whatever addon a model is of: it belongs to a complaint when it names it.
        """
        found = [(self._table, "id", SQL("TRUE"), self._get_text_columns(self))]
        for name, model in self.env.registry.items():
            if model._abstract or not model._auto or name in EXCLUDED_MODELS:
                continue
            records = self.env[name]
            columns = self._get_text_columns(records)
            for field in records._fields.values() if columns else ():
                condition = self._get_link_condition(field)
                if condition and field.store and field.column_type:
                    found.append((model._table, field.name, condition, columns))
        return found

    @api.model
    def _get_link_condition(self, field):
        """Return when a field of a row points to a complaint, or nothing."""
        if field.type == "many2one" and field.comodel_name == self._name:
            return SQL("TRUE")
        if field.type == "many2one_reference":
            return SQL("t.%s = %s", SQL.identifier(field.model_field), self._name)
        return None

    @api.model
    def _get_text_columns(self, records):
        links = {
            field.model_field
            for field in records._fields.values()
            if field.type == "many2one_reference"
        }
        return [
            field.name
            for field in records._fields.values()
            if field.type in TEXT_TYPES
            and field.store
            and field.column_type
            and not field.translate
            and not field.company_dependent
            and field.name not in TECHNICAL_FIELDS | links
            and (records._name, field.name) != (self._name, "name")
        ]

    @api.model
    def _redact_columns(self, table, link, condition, columns, patterns):
        """Replace what the patterns find in the columns, in one statement."""
        names = [SQL.identifier("t", name) for name in columns]
        rows = SQL(", ").join(SQL("(%s, %s)", *pair) for pair in patterns.items())
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS t SET %s FROM (VALUES %s) AS p(id, pattern)"
                " WHERE %s AND %s AND (%s)",
                SQL.identifier(table),
                SQL(", ").join(
                    SQL(
                        "%s = regexp_replace(%s, p.pattern, %s, 'gi')",
                        SQL.identifier(column),
                        name,
                        redaction.MARK,
                    )
                    for column, name in zip(columns, names, strict=True)
                ),
                rows,
                SQL("%s = p.id", SQL.identifier("t", link)) if link else SQL("TRUE"),
                condition,
                SQL(" OR ").join(SQL("%s ~* p.pattern", name) for name in names),
            )
        )

    @api.model
    def _filter_colleagues(self, partner_ids):
        # sudo: res.users: who of them works here
        users_sudo = self.env["res.users"].sudo()
        colleagues = users_sudo.search(
            [("partner_id", "in", list(partner_ids)), ("share", "=", False)]
        )
        return colleagues.partner_id.ids

    @api.model
    def _get_mail_fingerprint(self, message_id):
        return "sha256:" + hashlib.sha256(message_id.encode()).hexdigest()

    def _execute(self, statement, **parameters):
        """Run SQL on the rows of these complaints: ``model`` and ``ids`` are given."""
        self.env.cr.execute(
            SQL(statement, model=self._name, ids=tuple(self.ids), **parameters)
        )
