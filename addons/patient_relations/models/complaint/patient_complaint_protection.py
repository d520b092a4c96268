from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.selections import get_model_label
from .patient_complaint import OFFICER_GROUP
from .patient_complaint_identity import IDENTITY_FIELDS, PERSON_FIELDS

CUSTODIAN_GROUP = "patient_relations.patient_relations_group_custodian"
GUARDED_FIELDS = {"protection", "is_patient_hidden", *IDENTITY_FIELDS}


class PatientComplaint(models.Model):
    """Complaints of people who must not be known to those they complain about.

    Who they are is moved to the vault (``patient.complaint.identity``), and out of
    everything that was ever written about the complaint.
    """

    _inherit = "patient.complaint"

    protection = fields.Selection(
        selection=[
            ("open", "Named"),
            ("protected", "Protected"),
            ("anonymous", "Anonymous"),
        ],
        string="Identity",
        default="open",
        required=True,
        help="Open: who complains is seen by all who handle the complaint.\n"
        "Protected: it is kept in the vault; an identity custodian opens it with a reason, "
        "and every opening is on record.\n"
        "Anonymous: the complainant gave no name; what is known all the same is kept in "
        "the vault.",
    )
    is_patient_hidden = fields.Boolean(
        string="Patient Hidden",
        readonly=True,
        help="Patient and visit are in the vault as well.",
    )
    identity_access_ids = fields.One2many(
        comodel_name="patient.complaint.identity.access",
        inverse_name="complaint_id",
        string="Openings of the Identity",
        readonly=True,
        groups=OFFICER_GROUP,
    )

    is_identity_custodian = fields.Boolean(compute="_compute_is_identity_custodian")

    _protection_check = models.Constraint(
        "CHECK(protection = 'open' OR (complainant_name IS NULL"
        " AND complainant_phone IS NULL AND complainant_email IS NULL"
        " AND complainant_relation IS NULL AND lead_id IS NULL AND (is_patient_hidden"
        " IS NOT TRUE OR (patient_id IS NULL AND encounter_id IS NULL))))",
        "Who stands behind a protected complaint is kept in the vault only.",
    )

    @api.depends_context("uid")
    def _compute_is_identity_custodian(self):
        self.is_identity_custodian = self.env.user.has_group(CUSTODIAN_GROUP)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list, secrets = self._separate_identities(vals_list)
        complaints = super().create(vals_list)
        known = {
            complaint: secret
            for complaint, secret in zip(complaints, secrets, strict=True)
            if secret
        }
        if known:
            self._keep_identities(known)
            self.browse(complaint.id for complaint in known)._redact_history()
        return complaints

    def write(self, vals):
        guarded = self._filter_guarded(vals)
        if not guarded:
            return super().write(vals)
        if others := self - guarded:
            super(PatientComplaint, others).write(vals)
        guarded._check_guarded(vals)
        hides = vals.get("is_patient_hidden")
        for hidden, complaints in guarded.grouped(
            lambda complaint: complaint._is_to_hide_patient(hides)
        ).items():
            names = IDENTITY_FIELDS if hidden else PERSON_FIELDS
            parts = complaints._part_guarded(vals, names)
            blank, rest = parts["blank"], parts["rest"]
            untold = complaints.with_context(tracking_disable=True)
            super(PatientComplaint, untold).write(
                {**blank, "is_patient_hidden": hidden}
            )
            if rest:
                super(PatientComplaint, complaints).write(rest)
            complaints._finish_guarded(names, **parts)
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_identity_opened(self):
        # sudo: patient.complaint.identity.access: what is on record counts, seen or not
        accesses_sudo = self.env["patient.complaint.identity.access"].sudo()
        kept = accesses_sudo.search([("complaint_id", "in", self.ids)], limit=1)
        if kept:
            raise UserError(
                self.env._(
                    "%(complaint)s cannot be deleted: the record of who opened its "
                    "protected identity must stay. Archive it instead.",
                    complaint=kept.complaint_id.name,
                )
            )

    # ACTIONS

    def action_protect(self):
        """Ask how to protect, and tell what happens then."""
        return self._get_wizard_action("patient.complaint.protect")

    def action_open_identity(self):
        return self._get_wizard_action("patient.complaint.identity.open")

    def action_erase_identity(self):
        return self._get_wizard_action("patient.complaint.identity.erase")

    # BUSINESS

    def _check_custodian(self):
        """Refuse to open the identity to any but an impartial custodian."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group(CUSTODIAN_GROUP):
            raise AccessError(
                self.env._(
                    "Only an identity custodian may open who stands behind %(complaint)s. "
                    "Ask one, and tell the reason.",
                    # sudo: patient.complaint: its number, which the user clicked on
                    complaint=self.sudo().name,
                )
            )
        # sudo: hr.employee, patient.complaint.problem: who is above whom, seen or not
        accused_sudo = self.sudo().problem_ids.employee_id
        own_sudo = user.sudo().employee_ids
        if own_sudo._is_on_the_line_of(accused_sudo):
            raise AccessError(
                self.env._(
                    "%(user)s cannot open the identity behind %(complaint)s: it is a "
                    "complaint about this person, or about somebody in the same line of "
                    "command. Ask a custodian of another department.",
                    user=user.name,
                    complaint=self.sudo().name,
                )
            )
        self.check_access("read")

    def _get_identity(self):
        """Return what the vault holds of these complaints (sudo)."""
        # sudo: patient.complaint.identity: nobody has rights there; callers check
        return (
            self.env["patient.complaint.identity"]
            .sudo()
            .search([("complaint_id", "in", self.ids)])
        )

    def _log_identity_access(self, action, reason):
        """Write down that an identity is opened, changed or deleted; return the entry."""
        self.ensure_one()
        pattern = self._get_patterns().get(self.id, "")
        # sudo: patient.complaint.identity.access: nobody writes it by hand
        return (
            self.env["patient.complaint.identity.access"]
            .sudo()
            .create(
                {
                    "complaint_id": self.id,
                    "company_id": self.company_id.id,
                    "user_id": self.env.uid,
                    "action": action,
                    "reason": self._redact_text(reason, pattern),
                }
            )
        )

    @api.model
    def _separate_identities(self, vals_list):
        """Part the values of protected complaints from who stands behind them.

        :return: the values to create, and for each what goes into the vault
        """
        defaults = self.default_get(
            ["protection", "is_patient_hidden", *IDENTITY_FIELDS]
        )
        kept, secrets = [], []
        for vals in vals_list:
            whole = {**defaults, **vals}
            if whole["protection"] == "open":
                kept.append(vals)
                secrets.append({})
                continue
            hides = whole.get("is_patient_hidden", True)
            names = IDENTITY_FIELDS if hides else PERSON_FIELDS
            secrets.append({name: whole[name] for name in names if whole.get(name)})
            whole.update(dict.fromkeys(names, False), is_patient_hidden=hides)
            kept.append(whole)
        self._follow_hidden_visits(kept, secrets)
        return kept, secrets

    @api.model
    def _follow_hidden_visits(self, vals_list, secrets):
        """Take patient and department from visits that are about to be hidden."""
        # sudo: patient.encounter: of which patient and where, whoever registers
        visits_sudo = (
            self.env["patient.encounter"]
            .sudo()
            .browse(
                [
                    secret["encounter_id"]
                    for secret in secrets
                    if secret.get("encounter_id")
                ]
            )
        )
        by_id = {visit.id: visit for visit in visits_sudo}
        for vals, secret in zip(vals_list, secrets, strict=True):
            if visit := by_id.get(secret.get("encounter_id")):
                secret["patient_id"] = secret.get("patient_id") or visit.patient_id.id
                if not vals.get("lead_department_id"):
                    vals["lead_department_id"] = visit.department_id.id

    def _filter_guarded(self, vals):
        """Return those of the complaints whose identity these values would touch."""
        if not GUARDED_FIELDS & vals.keys():
            return self.browse()
        if vals.get("protection", "open") != "open":
            return self
        return self.filtered(lambda complaint: complaint.protection != "open")

    def _check_guarded(self, vals):
        """Refuse what may not be done to protected complaints."""
        if vals.get("protection") == "open":
            raise UserError(
                self.env._(
                    "The protection of %(complaint)s cannot be taken back: who complained "
                    "was promised it. An identity custodian can open the identity with a "
                    "reason.",
                    complaint=self[0].name,
                )
            )
        changes = {"protection", "is_patient_hidden"} & vals.keys()
        if changes and not self.env.su and not self.env.user.has_group(OFFICER_GROUP):
            raise UserError(
                self.env._(
                    "Only the patient-relations office can protect %(complaint)s. Ask the "
                    "officer in charge.",
                    complaint=self[0].name,
                )
            )

    def _is_to_hide_patient(self, hides):
        """Tell whether the patient goes to the vault: asked for, done, or not said."""
        self.ensure_one()
        if self.is_patient_hidden or hides:
            return True
        return self.protection == "open" and hides is None

    def _part_guarded(self, vals, names):
        """Part values: what empties the complaints, the rest, what the vault gets.

        :param names: the fields that are kept in the vault
        """
        given = {name: vals[name] for name in names if vals.get(name)}
        known = self.filtered(lambda complaint: complaint.protection != "open")
        if given:
            known._check_given(given)
        self._track_finalize()  # what was changed before, so that it is cleaned below
        blank = dict.fromkeys(names, False)
        if "protection" in vals:
            blank["protection"] = vals["protection"]
        passed = {*blank, "is_patient_hidden"}
        return {
            "blank": blank,
            "rest": {name: value for name, value in vals.items() if name not in passed},
            "secrets": {
                complaint: complaint._get_open_identity(names) | given
                for complaint in self
            },
            "new": self - known,
            "changed": known if given else self.browse(),
        }

    def _finish_guarded(self, names, *, secrets, new, changed, **_parts):
        """Fill the vault, and take what it holds out of all that was written."""
        self._keep_identities(secrets)
        new._hide_files()
        self._forget_tracking(names)
        self._redact_history()
        new._log_protection()
        for complaint in changed:
            complaint._log_identity_access(
                "changed", self.env._("Entered in the complaint's form.")
            )

    def _get_open_identity(self, names):
        """Return what this complaint itself still tells, as values."""
        self.ensure_one()
        return {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in names
            if self[name]
        }

    def _check_given(self, given):
        """Let only custodians enter an identity where it is protected already."""
        if self.env.su:
            return
        for complaint in self:
            if self.env.user.has_group(CUSTODIAN_GROUP):
                complaint._check_custodian()
                continue
            raise UserError(
                self.env._(
                    "%(complaint)s is protected: “%(field)s” is not kept here. Ask an "
                    "identity custodian to enter it; what a custodian enters goes into the "
                    "vault.",
                    complaint=complaint.name,
                    field=self._fields[next(iter(given))]._description_string(self.env),
                )
            )

    def _hide_files(self):
        """Take all evidence there is for telling who complained."""
        # sudo: patient.complaint.evidence: also what the user does not see
        self.sudo().evidence_ids.reveals_identity = True

    @api.model
    def _keep_identities(self, secrets):
        """Put values into the vault.

        :param dict secrets: complaint → values of IDENTITY_FIELDS, may be empty
        """
        complaints = self.browse(complaint.id for complaint in secrets)
        kept = complaints._get_identity().grouped("complaint_id")
        fresh = []
        for complaint, values in secrets.items():
            if values and complaint in kept:
                kept[complaint].write({**values, "erased_at": False})
            elif values:
                fresh.append({"complaint_id": complaint.id, **values})
        # sudo: patient.complaint.identity: nobody has rights there
        self.env["patient.complaint.identity"].sudo().create(fresh)

    def _log_protection(self):
        bodies = {
            complaint.id: self.env._(
                "The identity behind this complaint is protected from now on."
            )
            for complaint in self
        }
        self._message_log_batch(bodies=bodies)

    def _check_merging(self, main):
        """Keep protected and open complaints apart: merged, one would tell the other."""
        for complaint in self:
            if "open" in {complaint.protection, main.protection} and (
                complaint.protection != main.protection
            ):
                protected, other = complaint, main
                if main.protection != "open":
                    protected, other = main, complaint
                raise UserError(
                    self.env._(
                        "%(protected)s is protected and %(other)s is not: merged, they "
                        "would tell who complained. Protect %(other)s first.",
                        protected=protected.name,
                        other=other.name,
                    )
                )
        return super()._check_merging(main)

    # TOOLS

    def _get_wizard_action(self, model):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": get_model_label(self.env, model),
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }
