from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Command

from .visits import Person, Story, Visits

MODULE = "patient_relations"
SYSTEM = "HIS-DEMO"


def get_demo_records(env, model):
    """Return name → record, of the records that this addon's demo data made."""
    data = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", model)])
    records = env[model].browse(data.mapped("res_id"))
    return dict(zip(data.mapped("name"), records, strict=True))


class PatientEncounter(models.Model):
    """Visits of the demo hospital; called by ``demo/visits.xml`` and by nothing else.

    People, departments and complaints are written by hand, in tables and stories. A
    thousand visits are not: see ``visits.py``.
    """

    _inherit = "patient.encounter"

    @api.model
    def _create_demo_visits(self):
        """Create visits, diagnoses and appointments of the demo patients, once."""
        if self.search_count([("source_system", "=", SYSTEM)], limit=1):
            return
        company = self.env.ref("base.main_company")
        now = company._patient_local_time(fields.Datetime.now()).replace(tzinfo=None)
        patients = get_demo_records(self.env, "patient.patient")
        departments = get_demo_records(self.env, "hr.department")
        rows = Visits(self._read_demo_people(patients), now).plan(
            self._read_demo_stories(patients, departments)
        )
        visits = self._create_demo_rows(rows, departments)
        self._link_demo_stories(rows, visits)
        self._create_demo_appointments(visits)

    @api.model
    def _read_demo_people(self, patients):
        return [
            Person(
                patient.id,
                key,
                patient.gender,
                patient.birth_date or None,
                self._to_demo_clock(patient.deceased_at),
            )
            for key, patient in patients.items()
        ]

    @api.model
    def _read_demo_stories(self, patients, departments):
        names = {department: key for key, department in departments.items()}
        complaints = self.env["patient.complaint"].search(
            [
                ("patient_id", "in", [patient.id for patient in patients.values()]),
                ("lead_department_id", "!=", False),
                ("kind", "in", ("complaint", "praise")),
            ],
            order="received_at, id",
        )
        return [
            Story(
                complaint.id,
                complaint.patient_id.id,
                names[complaint.lead_department_id].removeprefix("department_"),
                f"{complaint.summary} {complaint.narrative}",
                self._to_demo_clock(complaint.received_at),
                complaint.channel in ("in_person", "visit_round"),
            )
            for complaint in complaints
        ]

    @api.model
    def _create_demo_rows(self, rows, departments):
        doctors = self._get_demo_doctors()
        values = []
        for number, row in enumerate(rows):
            department = departments[f"department_{row['department']}"]
            staff = doctors[department]
            values.append(
                {
                    **self._to_demo_values(row),
                    "department_id": department.id,
                    "practitioner_id": staff[number % len(staff)].id,
                    "source_system": SYSTEM,
                    "source_id": row["name"],
                }
            )
        visits = self.create(values)
        self.env["patient.condition"].create(
            [
                {**self._to_demo_values(row["condition"]), "encounter_id": visit.id}
                for row, visit in zip(rows, visits, strict=True)
                if "condition" in row
            ]
        )
        return visits

    @api.model
    def _get_demo_doctors(self):
        """Return department → its doctors."""
        return (
            self.env["hr.employee"].search([("job_title", "like", "医师")])
        ).grouped("department_id")

    @api.model
    def _link_demo_stories(self, rows, visits):
        quiet = self.env["patient.complaint"].with_context(tracking_disable=True)
        for row, visit in zip(rows, visits, strict=True):
            quiet.browse(row["stories"]).encounter_id = visit

    @api.model
    def _create_demo_appointments(self, visits):
        """Appointments of last week and of the coming days, in the officer's calendar."""
        last_week = fields.Datetime.now() - timedelta(days=7)
        chosen = visits.filtered(
            lambda visit: (
                visit.encounter_class == "AMB"
                and visit.status != "cancelled"
                and visit.begins_at > last_week
            )
        )
        officer = self.env.ref(f"{MODULE}.user_officer")
        self.env["calendar.event"].with_user(officer).with_context(
            no_mail_to_attendees=True, mail_create_nolog=True
        ).create([visit._prepare_demo_appointment(officer) for visit in chosen])

    def _prepare_demo_appointment(self, officer):
        self.ensure_one()
        begin = self.planned_at or self.arrived_at
        begin = begin.replace(minute=begin.minute // 15 * 15, second=0)
        return {
            "name": f"{self.department_id.name} · {self.reason}",
            "start": begin,
            "stop": begin + timedelta(minutes=30),
            "patient_id": self.patient_id.id,
            "patient_department_id": self.department_id.id,
            "partner_ids": [Command.link(officer.partner_id.id)],
        }

    # TOOLS

    @api.model
    def _to_demo_clock(self, moment):
        """Return a naive UTC datetime on the hospital's clock, naive too."""
        if not moment:
            return None
        company = self.env.ref("base.main_company")
        return company._patient_local_time(moment).replace(tzinfo=None)

    @api.model
    def _to_demo_values(self, row):
        """Return values for the ORM: its fields only, datetimes in UTC."""
        zone = self.env.ref("base.main_company")._get_patient_tz()
        return {
            key: zone.localize(value).astimezone(pytz.utc).replace(tzinfo=None)
            if isinstance(value, datetime)
            else value
            for key, value in row.items()
            if key not in ("department", "stories", "condition")
        }
