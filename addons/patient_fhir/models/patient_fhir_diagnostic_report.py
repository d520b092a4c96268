from odoo import api, models
from odoo.fields import Domain

from ..tools import searching
from ..tools.report_codes import REPORT_STATUSES


class PatientFhirDiagnosticReport(models.AbstractModel):
    """DiagnosticReport: what was examined, what was found, the values it carries."""

    _name = "patient.fhir.diagnostic.report"
    _inherit = "patient.fhir.report"
    _description = "FHIR DiagnosticReport"

    _fhir_type = "DiagnosticReport"
    _fhir_statuses = REPORT_STATUSES
    _fhir_search = {
        "_id": "_search_by_id",
        "identifier": "_search_by_source",
        "patient": "_search_by_patient",
        "subject": "_search_by_patient",
        "encounter": "_search_by_encounter",
        "code": "_search_by_code",
        "category": "_search_by_category",
        "status": "_search_by_status",
        "date": "_search_by_effective",
        "issued": "_search_by_issued",
    }

    # READ AND SEARCH

    @api.model
    def _search_by_status(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        code = searching.token(value)[1]
        status = REPORT_STATUSES.get(code)
        if not status:
            return Domain.FALSE
        if status.replace("_", "-") != code:
            return Domain("status", "=", status) & Domain("fhir_status", "=", code)
        others = [
            other
            for other, meaning in REPORT_STATUSES.items()
            if meaning == status and other != code
        ]
        return Domain("status", "=", status) & Domain("fhir_status", "not in", others)
