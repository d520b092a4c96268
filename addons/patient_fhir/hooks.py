import secrets

from .models.patient_fhir_exchange import MARK


def post_init_hook(env):
    """Give this server the mark with which the ids it hands out begin.

    Two servers that exchange with each other can then never take an id of the other
    for one of their own.
    """
    # sudo: ir.config_parameter: the mark is the server's, whoever installs
    parameters_sudo = env["ir.config_parameter"].sudo()
    if not parameters_sudo.get_param(MARK):
        parameters_sudo.set_param(MARK, secrets.token_hex(4))


def uninstall_hook(env):
    # sudo: ir.config_parameter: parameters of this addon have no XML id
    parameters_sudo = env["ir.config_parameter"].sudo()
    parameters_sudo.search([("key", "=like", "patient_fhir.%")]).unlink()
