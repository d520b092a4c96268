from datetime import datetime, timedelta

from ..common import PatientHealthCase

# A stay from 2 to 7 March in the hospital's days: five nights.
ADMITTED = datetime(2026, 3, 2, 2)
DISCHARGED = datetime(2026, 3, 7, 2)
ICD10 = "http://hl7.org/fhir/sid/icd-10"
SNOMED = "http://snomed.info/sct"


class ScoreCase(PatientHealthCase):
    """Patients with stays, diagnoses and values, and people who assess them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls._group("sensitive")
        cls.lace = cls._score("lace")
        cls.phq9 = cls._score("phq9")
        cls.stay = cls._make_stay()
        cls.user_mind = cls._make_health_user("ph_mind", "clinician", "sensitive")
        cls.user_mind.patient_department_ids = cls.cardiology

    @classmethod
    def _group(cls, role):
        return cls.env.ref(f"patient_health.patient_health_group_{role}")

    @classmethod
    def _score(cls, code):
        return cls.env.ref(f"patient_health.patient_score_{code}")

    @classmethod
    def _make_stay(cls, patient=None, **values):
        return cls.env["patient.encounter"].create(
            {
                "patient_id": (patient or cls.patient).id,
                "encounter_class": "IMP",
                "status": "finished",
                "department_id": cls.cardiology.id,
                "started_at": ADMITTED,
                "ended_at": DISCHARGED,
                **values,
            }
        )

    @classmethod
    def _make_emergency(cls, before, hours=2, patient=None, **values):
        """Return an emergency visit that began so long before the stay."""
        started_at = ADMITTED - before
        return cls._make_stay(
            patient,
            encounter_class="EMER",
            department_id=cls.emergency.id,
            started_at=started_at,
            ended_at=started_at + timedelta(hours=hours),
            **values,
        )

    @classmethod
    def _diagnose(cls, code, patient=None, **values):
        return cls.env["patient.condition"].create(
            {
                "patient_id": (patient or cls.patient).id,
                "code_system": ICD10,
                "code": code,
                "name": f"诊断{code}",
                "onset_at": datetime(2020, 1, 1),
                **values,
            }
        )

    @classmethod
    def _answer_phq9(cls, **answers):
        return {**{f"q{number}": "0" for number in range(1, 10)}, **answers}

    def _get_facts(self, score, record, assessed_at=None):
        """Return item code → (value, origin) of one visit or patient."""
        subjects = score._get_subjects(record, assessed_at)
        facts = score._read_facts(subjects)[record.id]
        return {code: (fact.value, fact.origin) for code, fact in facts.items()}

    def _get_values(self, score, record, assessed_at=None):
        facts = self._get_facts(score, record, assessed_at)
        return {code: value for code, (value, _origin) in facts.items()}
