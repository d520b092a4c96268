from odoo import http
from odoo.http import content_disposition, request


class RejectsController(http.Controller):
    @http.route(
        "/patient_fhir/rejects/<int:import_id>", type="http", auth="user", readonly=True
    )
    def download(self, import_id):
        """Return the rejects of an import as CSV, for who may read the import."""
        run = request.env["patient.fhir.import"].browse(import_id).exists()
        if not run or not run.has_access("read"):
            return request.not_found()
        # The mark makes spreadsheets read UTF-8.
        content = "\ufeff" + run.reject_ids._get_csv()
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"rejects-{run.id}.csv")),
        ]
        return request.make_response(content, headers)
