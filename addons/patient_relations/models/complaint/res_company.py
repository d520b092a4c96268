from odoo import api, models

SEQUENCE_CODE = "patient.complaint"


class ResCompany(models.Model):
    _inherit = "res.company"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_complaint_sequences()
        return companies

    # BUSINESS

    def _get_complaint_sequence(self):
        """Return the sequence (sudo) that numbers the complaints of one hospital."""
        self.ensure_one()
        # sudo: ir.sequence: whoever may register a complaint may draw its number
        sequence_sudo = (
            self.env["ir.sequence"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [("code", "=", SEQUENCE_CODE), ("company_id", "=", self.id)],
                order="id",
                limit=1,
            )
        )
        return sequence_sudo or self._create_complaint_sequences()

    @api.model
    def _create_missing_complaint_sequences(self):
        """Give every hospital its sequence; called at each installation and update."""
        # sudo: res.company: all hospitals, whichever the installing user has chosen
        companies_sudo = self.sudo().with_context(active_test=False)
        companies_sudo.search([("id", "!=", False)])._create_complaint_sequences()

    def _create_complaint_sequences(self):
        """Create the sequences of those that have none; return the new ones (sudo)."""
        # sudo: ir.sequence, ir.model.data: a hospital gets its numbers from whoever
        # creates it
        sequences_sudo = self.env["ir.sequence"].sudo()
        taken = sequences_sudo.with_context(active_test=False).search(
            [("code", "=", SEQUENCE_CODE), ("company_id", "in", self.ids)]
        )
        missing = self - taken.company_id
        created_sudo = sequences_sudo.create(
            [company._prepare_complaint_sequence() for company in missing]
        )
        # Known by name, so that they leave with the addon.
        self.env["ir.model.data"].sudo()._update_xmlids(
            [
                {
                    "xml_id": f"patient_relations.patient_complaint_sequence_{company.id}",
                    "record": sequence,
                    "noupdate": True,
                }
                for company, sequence in zip(missing, created_sudo, strict=True)
            ]
        )
        return created_sudo

    def _prepare_complaint_sequence(self):
        return {
            "name": self.env._("Complaints of %(hospital)s", hospital=self.name),
            "code": SEQUENCE_CODE,
            "company_id": self.id,
            # TS: 投诉, as hospitals and the 12345 hotline abbreviate it
            "prefix": "TS%(range_year)s-",
            "padding": 5,
            "use_date_range": True,
        }
