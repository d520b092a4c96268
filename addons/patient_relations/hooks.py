from odoo.tools import SQL

from .models.complaint.patient_complaint_identity_access import FUNCTION


def uninstall_hook(env):
    """Take away what guards the log of opened identities, so that it can go.

    The rows would else keep their complaints from being deleted; the function would stay
    when the table is dropped.
    """
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(FUNCTION)))
    env.cr.execute("DELETE FROM patient_complaint_identity_access")
