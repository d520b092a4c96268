from odoo import api, models
from odoo.tools.translate import LazyGettext

from ..tools import bundle as bundles, log_filters
from ..tools.intake import Intake, Refused, Server, failed_with_the_rest
from ..tools.outcome import operation_outcome

MARK = "patient_fhir.mark"
MAX_MIB = "patient_fhir.max_mib"
MAX_ENTRIES = "patient_fhir.max_entries"
ROOT = "/fhir/R4"

log_filters.install()


class PatientFhirExchange(models.AbstractModel):
    """The intake of Bundles: for the HTTP server, for files and for the demo data."""

    _name = "patient.fhir.exchange"
    _description = "FHIR Exchange"

    # INTAKE

    @api.model
    def _take(self, bundle, source=None, server=None):
        """Keep what a Bundle brings, for the present company.

        :param dict bundle: a Bundle whose shell was checked
        :param str source: the source system when the Bundle does not name it
        :return: the Intake; every entry has its outcome. Of a transaction either all
            entries are kept or none: see ``Intake.refusal``.
        :raise ConcurrencyError: another worker is keeping the same records
        """
        intake = Intake(bundle, server or self._get_server(), source)
        intake.sort_entries()
        for resource in self._get_resources():
            resource._read_entries(intake)
        if intake.refusal():
            self._refuse_all(intake)
        elif intake.atomic:
            self._keep_all_or_none(intake)
        else:
            self._keep(intake)
        return intake

    @api.model
    def _keep(self, intake):
        for resource in self._get_resources():
            resource._keep_entries(intake)

    @api.model
    def _keep_all_or_none(self, intake):
        try:
            with self.env.cr.savepoint():
                self._keep(intake)
                if intake.refusal():
                    raise Refused
        except Refused:
            self._refuse_all(intake)

    @api.model
    def _refuse_all(self, intake):
        for entry in intake.entries:
            if entry.alive and entry.outcome != "ignored":
                entry.reject(failed_with_the_rest(entry))

    @api.model
    def _get_resources(self):
        """Return the models of the resources that are kept, in the order of need."""
        return [
            self.env["patient.fhir.patient"],
            self.env["patient.fhir.encounter"],
            self.env["patient.fhir.condition"],
            self.env["patient.fhir.observation"],
            self.env["patient.fhir.diagnostic.report"],
            self.env["patient.fhir.document.reference"],
        ]

    @api.model
    def _get_resource(self, kind):
        """Return the model of a resource type, or None."""
        return next(
            (found for found in self._get_resources() if found._fhir_type == kind), None
        )

    # LIMITS

    @api.model
    def _get_server(self, base=None):
        # sudo: ir.config_parameter: the mark of this server is in every id it gives
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        base = base or f"{self.get_base_url()}{ROOT}"
        return Server(base, parameters_sudo.get_param(MARK) or "local")

    @api.model
    def _get_max_bytes(self):
        default = bundles.DEFAULT_MAX_BYTES // bundles.MIB
        return int(self._get_limit(MAX_MIB, default) * bundles.MIB)

    @api.model
    def _get_max_entries(self):
        return int(self._get_limit(MAX_ENTRIES, bundles.DEFAULT_MAX_ENTRIES))

    @api.model
    def _get_limit(self, name, default):
        # sudo: ir.config_parameter: limits hold for everybody
        value = self.env["ir.config_parameter"].sudo().get_param(name)
        try:
            return float(value) if value else default
        except ValueError:
            return default

    # TOOLS

    @api.model
    def _translate(self, text):
        translate = self.env._
        return translate(text) if isinstance(text, LazyGettext) else str(text)

    @api.model
    def _outcome(self, issues):
        """Return an OperationOutcome in the language of the user."""
        return operation_outcome(issues, self._translate)
