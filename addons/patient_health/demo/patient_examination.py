from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.patient_relations.demo.patient_encounter import get_demo_records

from .curves import STORIES
from .reports import BY_DEPARTMENT, CHECK_UP_ADVICE, conclude, draw_page

SYSTEM = "LIS-DEMO"
LOINC = "http://loinc.org"
# One of so many visits is examined; one of so many reports brings its page.
EXAMINED, FILED = 4, 9
# An examination counts to a visit of so many days before.
ORDERED = timedelta(days=3)
# Before, there was nothing to compare with.
FIRST = timedelta(days=900)
# Values that a nurse takes are no laboratory's.
LABORATORY = ("vital", "body", "mind", "lifestyle")
OUT_OF_RANGE = ("abnormal", "act", "critical")


class PatientExamination(models.Model):
    """Reports of the demo hospital; called by ``demo/examinations.xml`` and nothing else."""

    _inherit = "patient.examination"

    @api.model
    def _create_demo_examinations(self):
        """Create three years of reports with their values and some pages, once."""
        if self.search_count([("source_system", "=", SYSTEM)], limit=1):
            return
        # Odoo does so after the demo data, which already speaks of indicators and scores.
        self.env.ref("base.module_patient_health")._update_translations()
        patients = self.env["patient.measurement"]._get_demo_adults()
        stories = {
            patient.id: STORIES[number % len(STORIES)]
            for number, patient in enumerate(patients)
        }
        groups = self._get_demo_groups(patients)
        rows = [self._prepare_demo_values(*group, stories) for group in groups]
        rows += self._prepare_demo_visits(patients, stories)
        rows = [
            {**row, "source_system": SYSTEM, "source_id": f"BG{number:06d}"}
            for number, row in enumerate(rows, 1)
        ]
        pages = [row.pop("page", None) for row in rows]
        reports = self.create(rows)
        for report, (*_key, values) in zip(reports, groups, strict=False):
            values.examination_id = report
        reports._add_demo_pages(pages)

    # with values

    @api.model
    def _get_demo_groups(self, patients):
        """Return (patient, moment, values) of what was taken at once, once a year.

        The laboratory reports what it measured; a check-up all of its values.
        """
        values = self.env["patient.measurement"].search(
            [("patient_id", "in", patients.ids), ("origin", "in", ("hand", "derived"))],
            order="patient_id, effective_at, id",
        )
        places = values.grouped(lambda value: (value.patient_id, value.effective_at))
        groups = []
        for (patient, moment), taken in places.items():
            measured = taken.filtered(
                lambda value: value.indicator_id.category not in LABORATORY
            )
            if len(measured) > 1:
                groups.append(
                    (patient, moment, self._choose_demo_values(taken, measured))
                )
        return groups

    @api.model
    def _choose_demo_values(self, taken, measured):
        is_checkup = self._is_demo_checkup(measured)
        return taken if is_checkup else measured

    @api.model
    def _is_demo_checkup(self, values):
        return "uric_acid" in values.indicator_id.mapped("code")

    @api.model
    def _prepare_demo_values(self, patient, moment, values, stories):
        is_first = fields.Datetime.now() - moment > FIRST
        story = None if is_first else stories[patient.id]
        abnormal = [
            f"{value.indicator_id.name} {value.value_label}"
            for value in values
            if value.level in OUT_OF_RANGE
        ]
        checkup = self._is_demo_checkup(values)
        words = conclude(abnormal, story)
        visit = self._find_demo_visit(patient, moment)
        return {
            "patient_id": patient.id,
            "category": "checkup" if checkup else "laboratory",
            "name": "体检报告" if checkup else "检验报告单（生化）",
            "conclusion": f"{words}\n{CHECK_UP_ADVICE[story]}" if checkup else words,
            "performer": "体检中心" if checkup else "检验科",
            "department_id": (values.department_id or visit.department_id)[:1].id,
            "encounter_id": visit.id,
            "effective_at": moment,
            "issued_at": moment + timedelta(hours=6 if checkup else 2),
            "page": "pdf" if checkup else None,
        }

    @api.model
    def _find_demo_visit(self, patient, moment):
        """Return the visit at which the values were ordered, if there was one."""
        visits = patient.encounter_ids.filtered(
            lambda visit: (
                visit.status == "finished"
                and visit.begins_at
                and visit.begins_at <= moment <= visit.begins_at + ORDERED
            )
        )
        return visits.sorted("begins_at")[-1:]

    # of visits

    @api.model
    def _prepare_demo_visits(self, patients, stories):
        """Return the values of what departments have examined at visits."""
        names = {
            department: name
            for name, department in get_demo_records(self.env, "hr.department").items()
        }
        visits = patients.encounter_ids.filtered(
            lambda visit: (
                visit.status == "finished"
                and visit.started_at
                and names.get(visit.department_id) in BY_DEPARTMENT
            )
        ).sorted(lambda visit: (visit.begins_at, visit.id))
        rows = []
        for number, visit in enumerate(visits[::EXAMINED]):
            kinds = BY_DEPARTMENT[names[visit.department_id]]
            kind = kinds[number % len(kinds)]
            rows.append(self._prepare_demo_visit(visit, kind, stories))
        return rows

    @api.model
    def _prepare_demo_visit(self, visit, kind, stories):
        moment = visit.started_at + timedelta(minutes=35)
        limit = fields.Datetime.now() - timedelta(hours=1)
        moment = min(moment, limit)
        return {
            "patient_id": visit.patient_id.id,
            "encounter_id": visit.id,
            "category": kind.category,
            "name": kind.name,
            "code": kind.code,
            "code_system": LOINC,
            "performer": kind.performer,
            "conclusion": kind.texts[stories[visit.patient_id.id]],
            "effective_at": moment,
            "issued_at": moment + timedelta(minutes=50),
            "page": kind.page,
        }

    # pages

    def _add_demo_pages(self, kinds):
        """Add a small file to some of the reports.

        :param list kinds: pdf, png or None of each report
        """
        filed = [
            (report, kind) for report, kind in zip(self, kinds, strict=True) if kind
        ]
        file = self.env["patient.examination.file"]
        file.create(
            [
                {
                    "examination_id": report.id,
                    **file._pack(f"{report.name}.{kind}", report._draw_demo_page(kind)),
                }
                for report, kind in filed[::FILED]
            ]
        )

    def _draw_demo_page(self, kind):
        self.ensure_one()
        day = self.company_id._patient_local_date(self.effective_at)
        head = f"姓名：{self.patient_id.name}　检查日期：{day}"
        lines = [head, f"检查科室：{self.performer}", "", *self.conclusion.split("\n")]
        return draw_page(kind, self.name, [*lines, "", "（演示数据，人物均为虚构）"])
