"""Run inside Odoo's shell: switch on languages and load their translations."""

import os

codes = os.environ["LANGUAGES"].split(",")
for code in codes:
    env["res.lang"]._activate_lang(code)
env["ir.module.module"].search([("state", "=", "installed")])._update_translations(
    codes
)
env.cr.commit()
