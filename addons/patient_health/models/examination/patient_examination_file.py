import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import human_size

from odoo.addons.patient_relations.tools import uploads

# What a report may bring, by its first bytes, and what browsers call it.
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
}
CONTENT_FIELDS = frozenset({"datas", "examination_id", "size", "mimetype", "sha256"})


class PatientExaminationFile(models.Model):
    """A page of a report: PDF, PNG or JPEG, told by its content and never by its name.

    The content does not change; a better picture is a further file.
    """

    _name = "patient.examination.file"
    _description = "File of an Examination"
    _order = "examination_id, id"
    _check_company_auto = True

    examination_id = fields.Many2one(
        comodel_name="patient.examination",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    name = fields.Char(string="File Name")
    datas = fields.Binary(string="File", required=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    size_text = fields.Char(compute="_compute_size_text", string="Size")
    mimetype = fields.Char(string="Type", readonly=True)
    is_picture = fields.Boolean(compute="_compute_is_picture")
    # facts for access, from the report
    company_id = fields.Many2one(
        related="examination_id.company_id", store=True, precompute=True, index=True
    )
    patient_id = fields.Many2one(
        related="examination_id.patient_id", store=True, precompute=True, index=True
    )
    department_id = fields.Many2one(
        related="examination_id.department_id", store=True, precompute=True, index=True
    )
    is_sensitive = fields.Boolean(
        related="examination_id.is_sensitive", store=True, precompute=True
    )

    _size_check = models.Constraint("CHECK(size > 0)", "A file is not empty.")

    @api.depends("size")
    def _compute_size_text(self):
        for file in self:
            file.size_text = human_size(file.size)

    @api.depends("mimetype")
    def _compute_is_picture(self):
        for file in self:
            file.is_picture = (file.mimetype or "").startswith("image/")

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create([self._prepare_content(vals) for vals in vals_list])
        files.examination_id.check_access("write")
        return files

    def write(self, vals):
        if CONTENT_FIELDS & vals.keys():
            for file in self[:1]:
                raise UserError(
                    self.env._(
                        "“%(file)s” of %(examination)s stays as it came. Add the better "
                        "file as a further one.",
                        file=file.name,
                        examination=file.examination_id.display_name,
                    )
                )
        return super().write(vals)

    # TOOLS

    @api.model
    def _pack(self, name, content):
        """Return the values of a file of bytes."""
        return {"name": name, "datas": base64.b64encode(content)}

    @api.model
    def _prepare_content(self, vals):
        """Return the values with size and type of the file in them.

        :raise UserError: naming the file, where it is empty, too large or of another kind
        """
        name = (vals.get("name") or "").strip()
        try:
            content = base64.b64decode(vals.get("datas") or b"")
        except (binascii.Error, ValueError):
            content = b""
        ending = self._check_content(name or self.env._("File"), content)
        return {
            **vals,
            "name": name or f"{self.env._('Report')}.{ending}",
            "size": len(content),
            "mimetype": TYPES[ending],
        }

    @api.model
    def _check_content(self, name, content):
        """Return the ending of a file that may be kept: pdf, png or jpg."""
        if not content:
            raise UserError(
                self.env._(
                    "The file “%(name)s” is empty. Choose another one.", name=name
                )
            )
        if len(content) > uploads.MAX_BYTES:
            raise UserError(
                self.env._(
                    "The file “%(name)s” is larger than %(size)s. Save it smaller, or in "
                    "parts.",
                    name=name,
                    size=human_size(uploads.MAX_BYTES),
                )
            )
        _kind, ending = uploads.recognize(content) or (None, None)
        if ending not in TYPES:
            raise UserError(
                self.env._(
                    "The file “%(name)s” is no PDF, PNG or JPEG. Save the report as one of "
                    "these and add it again.",
                    name=name,
                )
            )
        return ending
