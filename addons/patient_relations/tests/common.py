from datetime import datetime

from odoo.tests import TransactionCase, new_test_user

MODULE = "patient_relations"


class PatientRelationsCase(TransactionCase):
    """A small hospital: three departments, one user of each role, one patient."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "mail_create_nolog": True,
                "mail_notrack": True,
                "no_reset_password": True,
            }
        )
        cls.company = cls.env.company
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.company.country_id = cls.env.ref("base.cn")
        cls._create_departments()
        cls._create_users()
        cls._create_patient()

    @classmethod
    def _create_departments(cls):
        cls.cardiology, cls.surgery, cls.emergency = cls.env["hr.department"].create(
            [
                {"name": "心内科", "is_clinical": True, "care_setting": "ward"},
                {"name": "外科", "is_clinical": True, "care_setting": "ward"},
                {"name": "急诊科", "is_clinical": True, "care_setting": "emergency"},
            ]
        )

    @classmethod
    def _create_users(cls):
        cls.user_staff = cls._make_user("pr_staff", "staff")
        cls.user_staff_surgery = cls._make_user("pr_staff_surgery", "staff")
        cls.user_officer = cls._make_user("pr_officer", "officer")
        cls.user_manager = cls._make_user("pr_manager", "manager")
        cls.user_plain = cls._make_user("pr_plain")
        cls.user_portal = new_test_user(
            cls.env, login="pr_portal", password="pr_portal", groups="base.group_portal"
        )
        cls.user_staff.patient_department_ids = cls.cardiology
        cls.user_staff_surgery.patient_department_ids = cls.surgery
        cls.employee_staff, cls.employee_doctor = cls.env["hr.employee"].create(
            [
                {
                    "name": "王芳",
                    "user_id": cls.user_staff.id,
                    "department_id": cls.cardiology.id,
                },
                {"name": "李明医生", "department_id": cls.cardiology.id},
            ]
        )

    @classmethod
    def _create_patient(cls):
        cls.patient = cls._make_patient(
            "张伟", mrn="T0001", phone="13800001234", birth_date="1960-05-01"
        )
        cls.encounter = cls.env["patient.encounter"].create(
            {
                "patient_id": cls.patient.id,
                "encounter_class": "AMB",
                "status": "finished",
                "department_id": cls.cardiology.id,
                "practitioner_id": cls.employee_doctor.id,
                "arrived_at": datetime(2026, 3, 2, 0, 30),
                "called_at": datetime(2026, 3, 2, 1, 0),
                "started_at": datetime(2026, 3, 2, 1, 5),
                "ended_at": datetime(2026, 3, 2, 1, 20),
            }
        )

    @classmethod
    def _make_user(cls, login, *roles, **values):
        """Return an internal user with the named groups of ours; password = login."""
        groups = ["base.group_user"]
        groups += [f"{MODULE}.{MODULE}_group_{role}" for role in roles]
        return new_test_user(
            cls.env, login=login, password=login, groups=",".join(groups), **values
        )

    @classmethod
    def _make_patient(cls, name, **values):
        return cls.env["patient.patient"].create({"name": name, **values})

    @classmethod
    def _make_complaint(cls, **values):
        """Return a complaint; with one problem of communication when none is given."""
        values.setdefault("kind", "complaint")
        values.setdefault("summary", "等候时间过长")
        if values["kind"] == "complaint" and "problem_ids" not in values:
            category = cls.env.ref(f"{MODULE}.patient_complaint_category_communication")
            problem = {"category_id": category.id, "severity": "2"}
            values["problem_ids"] = [(0, 0, problem)]
        return cls.env["patient.complaint"].create(values)

    @classmethod
    def _reply(cls, complaint, kind="final", **values):
        """Return a spoken reply that went out, approved by the manager."""
        reply = cls.env["patient.complaint.reply"].create(
            {
                "complaint_id": complaint.id,
                "kind": kind,
                "way": "in_person",
                "receiver_name": "张伟",
                "template_id": False,
                "body": "<p>已当面说明</p>",
                "state": "approved",
                "approver_id": cls.user_manager.id,
                **values,
            }
        )
        reply.action_send()
        return reply

    @classmethod
    def _make_company(cls, name="另一家医院"):
        """Return a second hospital in which none of the users works."""
        company = cls.env["res.company"].create({"name": name})
        company.partner_id.tz = "Asia/Shanghai"
        return company
