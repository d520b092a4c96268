from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.mail.tools.discuss import Store

# Rows that belong to a contact rather than refer to it
OWN_TABLES = {
    "mail_followers",
    "res_partner",
    "res_partner_res_partner_category_rel",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_patient = fields.Boolean(
        default=False,
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="This contact is a patient: only users with a patient group see it.",
    )
    patient_ids = fields.One2many(
        comodel_name="patient.patient",
        inverse_name="partner_id",
        string="Patient Files",
        groups="patient_relations.patient_relations_group_reader",
    )

    @api.depends("is_patient")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide a patient's name where Odoo shows names past the record rules.

        The web client reads the names of many2one values with full rights.
        """
        super()._compute_display_name()
        self._filter_hidden_patients().display_name = self.env._("Patient")

    @api.constrains("is_patient")
    def _check_is_patient(self):
        # sudo: patient.patient, res.users: what there is counts, seen or not
        ordinary = self.filtered(lambda partner: not partner.is_patient)
        files_sudo = ordinary.sudo().with_context(active_test=False).patient_ids
        if files_sudo:
            raise ValidationError(
                self.env._(
                    "%(name)s has a patient file and stays hidden from those who see no "
                    "patients.",
                    name=files_sudo[0].name,
                )
            )
        colleagues_sudo = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [("partner_id", "in", (self - ordinary).ids), ("share", "=", False)]
            )
        )
        colleagues_sudo._refuse_patient_contact()

    @api.constrains("company_id")
    def _check_patient_company(self):
        """Keep the contact in the hospital of its file: others would see it there."""
        if self.env.context.get("patient_moves"):
            return
        # sudo: patient.patient: what there is counts, seen or not
        files_sudo = self.filtered("is_patient").sudo().patient_ids
        files_sudo._check_partner_company()

    # BUSINESS

    def _filter_hidden_patients(self):
        """Return the patients among these contacts whom the user may not know."""
        user = self.env.user
        # sudo: res.partner: whether it is a patient, and where, is all that is read
        patients_sudo = self.sudo().filtered("is_patient") - user.sudo().partner_id
        known = patients_sudo.company_id.filtered(user._has_patient_access)
        hidden_sudo = patients_sudo.filtered(
            lambda partner: partner.company_id not in known
        )
        return self.browse(hidden_sudo.ids)

    def _to_store(self, store, fields):
        """Show patients without name and address in chatters of other documents."""
        hidden = self._filter_hidden_patients()
        store.add_records_fields(self - hidden, fields)
        nameless = [Store.Attr("name", self.env._("Patient"))] if fields else []
        store.add_records_fields(hidden, nameless)

    def _become_patients(self, company_id):
        """Hide these contacts: from now on they are patients of a hospital."""
        self.write({"is_patient": True})
        # Without a hospital of its own, the contact is seen in all hospitals.
        self.filtered(lambda partner: not partner.company_id).company_id = company_id

    def _follow_patient_file(self, active):
        """Archive and restore the contact with the file, but for those who log in."""
        # sudo: res.users: accounts of this contact, seen or not
        self.filtered(
            lambda partner: active or not partner.sudo().user_ids
        ).active = active

    def _leave_with_patient_file(self):
        """Delete contacts whose file is gone; where others speak of them, hide them.

        Shown again, the contact would tell everybody who was a patient.
        """
        # sudo: res.partner: whoever may delete the file may delete what it made
        partners_sudo = self.sudo()
        referred_sudo = partners_sudo._filter_referred()
        referred_sudo._follow_patient_file(active=False)
        (partners_sudo - referred_sudo).unlink()

    def _filter_referred(self):
        """Return those of these contacts that records of any model refer to."""
        self.env.flush_all()
        merge = self.env["base.partner.merge.automatic.wizard"]
        found = set()
        for table, column in merge._get_fk_on(self._table):
            if table in OWN_TABLES or not self:
                continue
            name = SQL.identifier(column)
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT %s FROM %s WHERE %s IN %s",
                    name,
                    SQL.identifier(table),
                    name,
                    tuple(self.ids),
                )
            )
            found.update(partner_id for (partner_id,) in rows)
        return self.browse(found)
