from odoo import api, fields, models
from odoo.exceptions import UserError


class PatientScorePart(models.AbstractModel):
    """A line of a score; a score in use is kept in memory and is not changed any more."""

    _name = "patient.score.part"
    _description = "Part of a Score"

    sequence = fields.Integer(default=10)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._get_scores()._check_changeable()
        self.env.registry.clear_cache()
        return parts

    def write(self, vals):
        self._get_scores()._check_changeable()
        result = super().write(vals)
        self._get_scores()._check_changeable()
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_drafts(self):
        self._get_scores()._check_changeable()

    # TOOLS

    def _get_scores(self):
        """Return the scores to which these lines belong."""
        raise UserError(self.env._("This line belongs to no score."))
