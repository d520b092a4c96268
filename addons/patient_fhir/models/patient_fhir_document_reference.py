from odoo import api, models
from odoo.fields import Domain

from ..tools import searching
from ..tools.report_codes import DOCUMENT_STATUSES, VOID

NOT_CURRENT = {"superseded": "cancelled", "entered-in-error": VOID}


class PatientFhirDocumentReference(models.AbstractModel):
    """DocumentReference: a report of which the source has a document.

    Its source id bears the type in front: a DiagnosticReport of the same source may have
    the same id, and both are rows of one table.
    """

    _name = "patient.fhir.document.reference"
    _inherit = "patient.fhir.report"
    _description = "FHIR DocumentReference"

    _fhir_type = "DocumentReference"
    _fhir_prefix = "DocumentReference/"
    _fhir_statuses = DOCUMENT_STATUSES
    _fhir_search = {
        "_id": "_search_by_id",
        "identifier": "_search_by_source",
        "patient": "_search_by_patient",
        "subject": "_search_by_patient",
        "encounter": "_search_by_encounter",
        "type": "_search_by_code",
        "category": "_search_by_category",
        "status": "_search_by_status",
        "date": "_search_by_date",
    }

    # READ AND SEARCH

    @api.model
    def _search_by_status(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        code = searching.token(value)[1]
        if code == "current":
            return Domain("status", "not in", list(NOT_CURRENT.values()))
        return Domain("status", "=", NOT_CURRENT.get(code, False))

    @api.model
    def _search_by_date(self, name, value, modifier, zone, server):
        """When it was written down, else when what it documents took place."""
        issued = self._search_by_issued(name, value, modifier, zone, server)
        effective = self._search_by_effective(name, value, modifier, zone, server)
        return issued | (Domain("issued_at", "=", False) & effective)
