import base64

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import identity, names
from .patient_patient import IDENTITY_GROUP

# The numbers that are drawn, and from where
SEQUENCES = {
    "mrn": "patient_relations.patient_mrn_sequence",
    "card_number": "patient_relations.patient_card_sequence",
}


class PatientPatient(models.Model):
    """The numbers by which a file is known: record number, card, identity number."""

    _inherit = "patient.patient"

    mrn = fields.Char(
        string="MRN",
        copy=False,
        tracking=True,
        help="Medical record number of the hospital; drawn when left empty.",
    )
    card_number = fields.Char(copy=False, tracking=True)
    card_issued_on = fields.Date(copy=False)
    national_id = fields.Char(
        string="Resident Identity Number",
        copy=False,
        groups=IDENTITY_GROUP,
        help="Checked by its check digit; searched by the whole number only.",
    )

    _mrn_uniq = models.UniqueIndex(
        "(mrn, company_id)",
        "Another patient of this hospital has this medical record number. Search for the "
        "number to open that file.",
    )
    _card_number_uniq = models.UniqueIndex(
        "(card_number, company_id) WHERE card_number IS NOT NULL",
        "Another patient of this hospital has this card.",
    )
    _national_id_uniq = models.UniqueIndex(
        "(national_id, company_id) WHERE national_id IS NOT NULL",
        "Another patient of this hospital has this identity number.",
    )

    @api.constrains("national_id", "company_id")
    def _check_national_id(self):
        # sudo: patient.patient: the number is checked, not shown
        for patient_sudo in self.sudo().filtered("national_id"):
            country = patient_sudo.company_id.country_id.code or "CN"
            if country == "CN" and not identity.is_valid(patient_sudo.national_id):
                raise ValidationError(
                    self.env._(
                        "The identity number of %(name)s is not valid: its check digit or "
                        "its date of birth is wrong. Compare it with the card.",
                        name=patient_sudo.name,
                    )
                )

    @api.onchange("national_id")
    def _onchange_national_id(self):
        """Take date of birth and sex from the identity number."""
        if identity.is_valid(self.national_id):
            self.birth_date = identity.get_birth_date(self.national_id)
            self.gender = identity.get_gender(self.national_id)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {"company_id": self.env.company.id, **self._normalize_vals(vals)}
            for vals in vals_list
        ]
        self._refuse_taken_national_id(vals_list)
        self._draw_missing_mrn(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        vals = self._normalize_vals(vals)
        if vals.get("national_id"):
            companies = self.company_id.ids
            self._refuse_taken_national_id(
                [{"company_id": company_id, **vals} for company_id in companies]
            )
        return super().write(vals)

    # ACTIONS

    def action_issue_card(self):
        """Give those without a card a number, and print the cards (客户开卡)."""
        without = self.filtered(lambda patient: not patient.card_number)
        numbers = self._draw_free("card_number", len(without))
        for patient, number in zip(without, numbers, strict=True):
            patient.write(
                {
                    "card_number": number,
                    "card_issued_on": patient.company_id._patient_today(),
                }
            )
        return self.env.ref(
            "patient_relations.patient_card_action_report"
        ).report_action(self)

    # BUSINESS

    def _refuse_taken_national_id(self, vals_list):
        """Refuse a number that another file has; asked before the database refuses.

        :param vals_list: values with ``company_id``, about to be written to ``self``
        """
        numbers = {vals.get("national_id") for vals in vals_list} - {None, False}
        if not numbers:
            return
        # sudo: patient.patient: compared with all files, archived ones as well
        others_sudo = self.sudo().with_context(active_test=False)
        taken = {
            (other.company_id.id, other.national_id): other
            for other in others_sudo.search(
                [("national_id", "in", list(numbers)), ("id", "not in", self.ids)]
            )
        }
        for vals in vals_list:
            other_sudo = taken.get((vals["company_id"], vals.get("national_id")))
            if other_sudo:
                raise ValidationError(self._get_taken_national_id_text(other_sudo))

    def _get_taken_national_id_text(self, other_sudo):
        """Name the other file to those who may see it."""
        other = self.browse(other_sudo.id).with_context(active_test=False)
        if other.has_access("read"):
            return self.env._(
                "This identity number is already in the file of %(other)s. Use that file, "
                "or correct the number.",
                other=other.display_name,
            )
        return self.env._(
            "This identity number is already in another patient file, which you may not "
            "see. Ask the patient-relations manager."
        )

    # TOOLS

    def _get_barcode_uri(self, symbology, width, height):
        """Return the card's number as a drawing inside the page, sizes in points.

        A link to Odoo's public barcode page would put the number in server logs, and a
        drawing prints sharper than a picture.
        """
        self.ensure_one()
        drawing = createBarcodeDrawing(
            symbology, value=self.card_number, width=width, height=height
        )
        encoded = base64.b64encode(drawing.asString("svg").encode())
        return f"data:image/svg+xml;base64,{encoded.decode()}"

    @api.model
    def _normalize_vals(self, vals):
        """Return a copy in which numbers are written as they are compared."""
        vals = dict(vals)
        for field in ("mrn", "card_number", "national_id"):
            if isinstance(vals.get(field), str):
                vals[field] = names.fold(vals[field]).strip().upper() or False
        if vals.get("national_id"):
            vals["national_id"] = identity.compact(vals["national_id"])
        return vals

    @api.model
    def _draw_free(self, field, count):
        """Draw numbers for ``mrn`` or ``card_number`` that no file has.

        Numbers of another system may look like ours and come in by import.
        """
        # sudo: ir.sequence: whoever may open a file may draw its number
        sequence_sudo = self.env.ref(SEQUENCES[field]).sudo()
        # sudo: patient.patient: a number is taken in all hospitals, archived or not
        patients_sudo = self.sudo().with_context(active_test=False)
        free = []
        while len(free) < count:
            drawn = sequence_sudo._draw_numbers(count - len(free))
            taken = set(patients_sudo.search([(field, "in", drawn)]).mapped(field))
            free += [number for number in drawn if number not in taken]
        return free

    @api.model
    def _draw_missing_mrn(self, vals_list):
        without = [vals for vals in vals_list if not vals.get("mrn")]
        given = {vals["mrn"] for vals in vals_list if vals.get("mrn")}
        numbers = self._draw_free("mrn", len(without))
        while given.intersection(numbers):
            numbers = [number for number in numbers if number not in given]
            numbers += self._draw_free("mrn", len(without) - len(numbers))
        for vals, number in zip(without, numbers, strict=True):
            vals["mrn"] = number
