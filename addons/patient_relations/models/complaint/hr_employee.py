from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    # BUSINESS

    def _is_on_the_line_of(self, others):
        """Tell whether any of these is one of the others, above them or below them.

        By the managers of people, and by departments, of which a part is below the whole;
        members of the same department count as well. Managers of a department count as
        its members.
        """
        if self & others or self._get_superiors() & others:
            return True
        if others._get_superiors() & self:
            return True
        own, theirs = self._get_lines(), others._get_lines()
        return any(
            one.startswith(other) or other.startswith(one)
            for one in own
            for other in theirs
        )

    def _get_superiors(self):
        """Return all above these, up to the top."""
        superiors = level = self.parent_id
        while level := level.parent_id - superiors:
            superiors |= level
        return superiors

    def _get_lines(self):
        """Return the paths of the departments in which these work or which they lead."""
        led = self.env["hr.department"].search([("manager_id", "in", self.ids)])
        departments = self.department_id | led
        return [path for path in departments.mapped("parent_path") if path]
