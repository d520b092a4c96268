from datetime import datetime

from odoo.tests import new_test_user

from odoo.addons.patient_relations.tests.common import PatientRelationsCase

NOW = datetime(2026, 3, 2, 1, 10)


class PatientHealthCase(PatientRelationsCase):
    """The small hospital, with people who may see values of patients."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.gender = "male"
        cls.systolic = cls._indicator("systolic")
        cls.glucose = cls._indicator("glucose_fasting")
        cls.weight = cls._indicator("weight")
        cls.user_clinician = cls._make_health_user("ph_clinician", "clinician")
        cls.user_clinician.patient_department_ids = cls.cardiology
        cls.user_health = cls._make_health_user("ph_manager", "manager")
        cls.user_statistics = cls._make_health_user("ph_statistics", "statistics")

    @classmethod
    def _make_health_user(cls, login, *roles, **values):
        """Return an internal user with groups of the health record; password = login."""
        groups = ["base.group_user"]
        groups += [f"patient_health.patient_health_group_{role}" for role in roles]
        return new_test_user(
            cls.env, login=login, password=login, groups=",".join(groups), **values
        )

    @classmethod
    def _indicator(cls, code):
        return cls.env.ref(f"patient_health.patient_indicator_{code}")

    @classmethod
    def _measure(cls, code, value, effective_at=NOW, **values):
        """Return a measurement of the patient, by the code of its indicator."""
        return cls.env["patient.measurement"].create(
            {
                "patient_id": cls.patient.id,
                "indicator_id": cls._indicator(code).id,
                "effective_at": effective_at,
                "value": value,
                **values,
            }
        )
