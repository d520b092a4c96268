"""Errors of our own."""


class RefusedBatchError(Exception):
    """Rows of a file that cannot be saved together.

    Odoo then goes row by row and tells each; a UserError it would ascribe to the first.
    """
