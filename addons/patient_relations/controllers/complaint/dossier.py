import tempfile

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

# Above this a dossier is put together on the disk, not in memory.
IN_MEMORY = 16 * 1024 * 1024


class ComplaintDossier(http.Controller):
    @http.route(
        "/patient/complaint/<int:complaint_id>/dossier", auth="user", methods=["GET"]
    )
    def download(self, complaint_id):
        """Give the dossier of a complaint to an officer who may read it."""
        complaint = request.env["patient.complaint"].browse(complaint_id)
        if not request.env.user.has_group(
            "patient_relations.patient_relations_group_officer"
        ):
            raise request.not_found()
        try:
            complaint.check_access("read")
            name = complaint._get_dossier_name()
        except (AccessError, MissingError):
            # the same answer for what is not there and for what must not be seen
            raise request.not_found() from None
        stream = tempfile.SpooledTemporaryFile(  # noqa: SIM115  the response closes it
            max_size=IN_MEMORY
        )
        complaint._write_dossier(stream)
        size = stream.tell()
        stream.seek(0)
        response = request.make_response(
            stream,
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(f"{name}.zip")),
                ("Cache-Control", "no-store"),
            ],
        )
        response.direct_passthrough = True
        return response
