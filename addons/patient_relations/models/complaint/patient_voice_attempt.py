import hashlib
import hmac
import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Five at once, then one more every twelve seconds: never more than ten in a minute.
STEP = timedelta(seconds=12)
BURST = 5
# 24 bits: hundreds of addresses share each key, so that none can be told from it.
KEY_LENGTH = 6


class PatientVoiceAttempt(models.Model):
    """Slows down who tries codes or fills forms at random, without knowing who it is.

    In the database, so that all workers count together. The key is a short keyed hash of
    the address; it is forgotten with the row.
    """

    _name = "patient.voice.attempt"
    _description = "Attempts at the Public Pages"
    _rec_name = "key"
    _log_access = False

    key = fields.Char(required=True)
    free_at = fields.Datetime(
        required=True, index=True, help="When nothing of the attempts counts any more."
    )
    allowed = fields.Boolean(required=True)

    _key_uniq = models.UniqueIndex("(key)")

    # BUSINESS

    @api.model
    def _is_allowed(self, purpose, address):
        """Count one more attempt; tell whether it may go on.

        One statement: two workers at once wait for each other and both count.

        :param str purpose: what is tried; each is counted for itself
        :param str address: of the sender, kept nowhere
        """
        now = fields.Datetime.now()
        self._forget(now)
        [(allowed,)] = self.env.execute_query(
            SQL(
                """INSERT INTO patient_voice_attempt AS a (key, free_at, allowed)
                   VALUES (%(key)s, %(first)s, TRUE)
                   ON CONFLICT (key) DO UPDATE SET
                       allowed = greatest(a.free_at, %(now)s) + %(step)s <= %(last)s,
                       free_at = CASE
                           WHEN greatest(a.free_at, %(now)s) + %(step)s <= %(last)s
                           THEN greatest(a.free_at, %(now)s) + %(step)s
                           ELSE a.free_at END
                   RETURNING allowed""",
                key=self._get_key(purpose, address),
                first=now + STEP,
                now=now,
                step=STEP,
                last=now + BURST * STEP,
            )
        )
        return allowed

    @api.autovacuum
    def _gc_attempts(self):
        self._forget(fields.Datetime.now())

    # TOOLS

    @api.model
    def _forget(self, now):
        self.env.execute_query(
            SQL(
                """DELETE FROM patient_voice_attempt WHERE id IN (
                       SELECT id FROM patient_voice_attempt WHERE free_at <= %s
                       FOR UPDATE SKIP LOCKED
                   ) RETURNING id""",
                now,
            )
        )

    @api.model
    def _get_key(self, purpose, address):
        # sudo: ir.config_parameter: the secret of the server, which no user may read
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        text = f"{purpose}:{self._get_network(address)}".encode()
        digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
        return f"{purpose}:{digest[:KEY_LENGTH]}"

    @api.model
    def _get_network(self, address):
        """Return the address; of IPv6 the part that a household keeps."""
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return ""
        prefix = 32 if parsed.version == 4 else 64
        return ipaddress.ip_network((parsed, prefix), strict=False).network_address
