from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PatientComplaint(models.Model):
    """Complaints that turn out to be several: some problems go on under a number of their own."""

    _inherit = "patient.complaint"

    split_from_id = fields.Many2one(
        comodel_name="patient.complaint",
        string="Split from",
        readonly=True,
        index="btree_not_null",
        copy=False,
        tracking=True,
    )
    split_ids = fields.One2many(
        comodel_name="patient.complaint",
        inverse_name="split_from_id",
        string="Split Complaints",
        readonly=True,
    )
    split_count = fields.Integer(compute="_compute_split_count")

    @api.depends("split_ids", "split_from_id")
    def _compute_split_count(self):
        counts = self._count_by("split_from_id", self)
        for complaint in self:
            complaint.split_count = counts.get(complaint._origin, 0) + bool(
                complaint.split_from_id
            )

    # ACTIONS

    def action_split(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_split_action"
        )
        return {**action, "context": {"default_complaint_id": self.id}}

    def action_open_splits(self):
        """Open all parts of what was received as one."""
        self.ensure_one()
        source = self.split_from_id or self
        return self._get_list_action(
            self.env._("Parts of One Complaint"), source | source.split_ids
        )

    # BUSINESS

    def _split(self, problems, values):
        """Move problems to a new complaint of the same people and the same receipt.

        Evidence stays: it belongs to the number under which it came.

        :param problems: some, but not all, problems of this complaint
        :param dict values: what is the new one's own: summary, lead department, officer
        :return: the new complaint
        :raise UserError: if the complaint has ended, or nothing would move or stay
        """
        self.ensure_one()
        self._check_split(problems)
        # from the first one, so that all parts know each other
        source = self.split_from_id or self
        part = self.create(
            {**self._prepare_split(), **values, "split_from_id": source.id}
        )
        problems.complaint_id = part
        self._message_log(
            body=self.env._(
                "Split into %(part)s: %(summary)s", part=part.name, summary=part.summary
            )
        )
        part._message_log(
            body=self.env._(
                "Split from %(complaint)s, with its problems.", complaint=self.name
            )
        )
        return part

    def _check_split(self, problems):
        self.check_access("write")
        if not self.is_open or self.duplicate_of_id:
            raise UserError(
                self.env._(
                    "%(complaint)s has ended and cannot be split. Reopen it first.",
                    complaint=self.name,
                )
            )
        if not problems or problems - self.problem_ids:
            raise UserError(
                self.env._(
                    "Choose the problems of %(complaint)s that get a number of their own.",
                    complaint=self.name,
                )
            )
        if not self.problem_ids - problems:
            raise UserError(
                self.env._(
                    "At least one problem must stay with %(complaint)s. Change its lead "
                    "department if all of it belongs elsewhere.",
                    complaint=self.name,
                )
            )

    def _prepare_split(self):
        """Return what both parts have in common, ready for ``create``."""
        self.ensure_one()
        copied = (
            "kind",
            "priority",
            "narrative",
            "expectation",
            "channel",
            "received_at",
            "complainant_type",
            "complainant_name",
            "complainant_phone",
            "complainant_email",
            "complainant_relation",
            "acknowledged_on",
        )
        linked = (
            "company_id",
            "first_receiver_id",
            "first_department_id",
            "patient_id",
            "encounter_id",
        )
        return {
            **{name: self[name] for name in copied},
            **{name: self[name].id for name in linked},
            "tag_ids": [Command.set(self.tag_ids.ids)],
            # what was answered already is not an answer to the new part
            "state": "investigating" if self.state == "responded" else self.state,
        }
