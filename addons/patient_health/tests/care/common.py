from freezegun import freeze_time

from ..common import NOW, PatientHealthCase


class CareCase(PatientHealthCase):
    """The small hospital of the health record, at one moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(cls._freeze(NOW))
        cls.user_nurse = cls._make_health_user("ph_nurse", "clinician", name="赵护士")
        cls.user_nurse.patient_department_ids = cls.cardiology
        cls.stranger = cls._make_patient(
            "李四", mrn="T0002", birth_date="1970-01-01", gender="female"
        )

    @staticmethod
    def _freeze(moment):
        return freeze_time(moment)

    def _duties(self, patient=None, **facts):
        """Return the duties about a patient, those with some facts only."""
        domain = [("patient_id", "=", (patient or self.patient).id)]
        domain += [(name, "=", value) for name, value in facts.items()]
        return self.env["patient.health.duty"].search(domain)

    def _close(self, duty, user=None, state="done", note="已电话随访"):
        """End duties through the dialog, as a person does."""
        dialog = self.env["patient.health.duty.close"].with_user(user or self.env.user)
        dialog = dialog.create({"duty_ids": duty.ids, "state": state, "note": note})
        dialog.action_confirm()
