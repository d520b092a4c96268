from odoo import models


class PatientCompanyMixin(models.AbstractModel):
    """Check the hospital of what many records point to at the price of a few.

    Odoo evaluates a domain per record and field. Whether it holds depends on the hospitals
    of both ends alone (users have several, and stand for themselves), so one record of each
    combination is checked; all are where one fails, for Odoo's message names them.
    """

    _name = "patient.company.mixin"
    _description = "Belongs to One Hospital"

    # BUSINESS

    def _check_company(self, fnames=None):
        names = fnames
        if fnames is None or "company_id" in fnames:
            names = self._fields
        checked = [
            field
            for field in map(self._fields.get, names)
            if field.relational and field.check_company
        ]
        if len(self) < 2 or not checked:
            return super()._check_company(fnames)
        columns = [
            self._get_companies(field)
            for field in (self._fields["company_id"], *checked)
        ]
        kinds = dict(zip(zip(*columns, strict=True), self._ids, strict=True))
        return super(PatientCompanyMixin, self.browse(kinds.values()))._check_company(
            fnames
        )

    def _get_companies(self, field):
        """Return what the check of one field depends on, a hashable for each record."""
        # sudo: any model: the hospital of what is pointed to, as Odoo's own check
        found = [record[field.name]._ids for record in self.sudo()]
        if field.comodel_name in ("res.company", "res.users"):
            return found
        distinct = set(found)
        comodel = self.env[field.comodel_name].sudo()
        every = comodel.browse({record_id for ids in distinct for record_id in ids})
        companies = {
            ids: comodel.browse(ids).with_prefetch(every._ids).company_id._ids
            for ids in distinct
        }
        return [companies[ids] for ids in found]
