from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.ages import get_age
from ...tools.ranges import write_number, write_range
from ...tools.report_pages import read_blocks, thin

OUT_OF_RANGE = ("abnormal", "act", "critical")
# Points that are drawn of one course; sentences about values out of range of one indicator.
MAX_POINTS = 60
MAX_SENTENCES = 3


class PatientHealthReport(models.Model):
    """What a report tells, as data: the same for paper and page, and frozen with both."""

    _inherit = "patient.health.report"

    # BUSINESS

    def _get_content(self, moment):
        """Return all that the report tells, in its language, as JSON can keep it.

        :param datetime moment: when it is issued (naive UTC)
        :return: dict hospital, patient (facts as pairs of label and text), name, mrn,
            period, made_by, made_on, notice (str, or empty), sections (see
            ``_get_report_sections``)
        """
        self.ensure_one()
        told = self.with_context(lang=self.lang)
        patient, company = told.patient_id, told.company_id
        sections = told._get_report_sections()
        return {
            "hospital": company.name,
            "name": patient.name,
            "mrn": patient.mrn or "",
            "patient": told._get_identity(),
            "period": " – ".join(map(told._tell_day, (told.date_from, told.date_to))),
            "made_by": self.env.user.name,
            "made_on": told._tell_day(company._patient_local_date(moment)),
            "notice": told._get_empty_notice(sections),
            "sections": sections,
        }

    def _get_report_sections(self):
        """Return the sections that were chosen and have something to tell, in order.

        An addon adds a section by a row of ``patient.health.report.section`` with a code,
        and a method ``_get_report_section_<code>`` here, which returns a list of blocks.
        Sections without blocks are left out. The method runs in the language of the report
        and with the rights of whoever issues it; it leaves sensitive facts out where
        ``_get_sensitive_domain`` says so.

        A block is a dict of what JSON can keep, each key optional:

        - title: str
        - level: normal, abnormal, act or critical, for the colour at its edge
        - texts: list of str, each a paragraph
        - columns: list of str, and rows: lists of str, for a table
        - trend: dict points (dicts at: ISO date, value: number), bands (dicts first,
          last: ISO dates, band: the numbers of a ``Band``), begin and end: ISO dates

        :return: list of dict code, title, blocks
        """
        self.ensure_one()
        sections = [
            {
                "code": section.code,
                "title": section.name,
                "blocks": getattr(self, f"_get_report_section_{section.code}")(),
            }
            for section in self.section_ids.sorted()
        ]
        return [section for section in sections if section["blocks"]]

    # identity

    def _get_identity(self):
        """Return who the report is about as (label, text); never the identity number."""
        patient = self.patient_id
        age = get_age(patient.birth_date, self.company_id._patient_today())
        facts = [
            (self.env._("Full Name"), patient.name),
            (self.env._("Record No."), patient.mrn),
            (self.env._("Sex"), get_label(patient, "gender")),
            (self.env._("Age"), age is not None and str(int(age))),
            (self.env._("Birth Date"), self._tell_day(patient.birth_date)),
        ]
        return [[label, text] for label, text in facts if text]

    def _get_empty_notice(self, sections):
        """Say so where the record has no values of the period; else return nothing."""
        if any(section["code"] in ("trends", "abnormal") for section in sections):
            return ""
        first, after = self._get_moments()
        found = self.env["patient.measurement"].search_count(
            self._get_values_domain(first, after), limit=1
        )
        if found:
            return ""
        return self.env._(
            "From %(first)s to %(last)s the record holds no values of %(patient)s that "
            "this report may tell: nothing was measured here, or it has not been entered.",
            first=self._tell_day(self.date_from),
            last=self._tell_day(self.date_to),
            patient=self.patient_id.name,
        )

    # conditions

    def _get_report_section_conditions(self):
        found = self.env["patient.condition"].search(
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("verification_status", "in", (False, "provisional", "confirmed")),
            order="onset_at desc, id desc",
        )
        seen = {}
        for condition in found:
            key = condition.code_system, condition.code or condition.name
            seen.setdefault(key, condition)
        return seen and [
            {
                "columns": [
                    self.env._("Diagnosis"),
                    self.env._("Known Since"),
                    self.env._("State"),
                ],
                "rows": [self._get_condition_row(one) for one in seen.values()],
            }
        ]

    def _get_condition_row(self, condition):
        state = get_label(condition, "clinical_status")
        if condition.verification_status == "provisional":
            doubt = get_label(condition, "verification_status")
            state = f"{state} ({doubt})" if state else doubt
        return [condition.name, self._tell_moment_day(condition.onset_at), state]

    # trends

    def _get_report_section_trends(self):
        patient = self.patient_id
        facts = self.env["patient.indicator"]._get_all_facts()
        numbers = [
            choice["id"]
            for choice in patient.get_health_trend_choices()
            if self.is_sensitive or not facts[choice["id"]].is_sensitive
        ]
        trends = patient._get_health_trends(numbers, self.date_from, self.date_to)
        return [self._get_trend_block(one) for one in trends if one["points"]]

    def _get_trend_block(self, trend):
        unit = f" ({trend['unit']})" if trend["unit"] else ""
        points = trend["points"]
        day = self.company_id._patient_local_date
        return {
            "title": f"{trend['name']}{unit}",
            "texts": [self._tell_trend(trend)],
            "trend": {
                "points": [
                    {"at": day(point["at"]).isoformat(), "value": point["value"]}
                    for point in thin(points, MAX_POINTS)
                ],
                "bands": [
                    {
                        "first": one.first.isoformat(),
                        "last": one.last.isoformat(),
                        "band": list(one.band),
                    }
                    for one in trend["bands"]
                ],
                "begin": self.date_from.isoformat(),
                "end": self.date_to.isoformat(),
            },
        }

    def _tell_trend(self, trend):
        """Return the first and the last number of a course in words, and the range."""
        points, places = trend["points"], trend["decimals"]
        normal = self._tell_normal(trend["bands"][-1].band if trend["bands"] else None)
        first, last = (
            f"{point['value']:.{places}f} ({self._tell_moment_day(point['at'])})"
            for point in (points[0], points[-1])
        )
        if len(points) == 1:
            parts = [self.env._("One value: %(value)s.", value=last)]
        else:
            parts = [
                self.env._(
                    "%(count)s values, from %(first)s to %(last)s.",
                    count=len(points),
                    first=first,
                    last=last,
                )
            ]
        if normal:
            parts.append(self.env._("Normal: %(range)s.", range=normal))
        return " ".join(parts)

    def _tell_normal(self, band):
        return band and write_range(band.normal_low, band.normal_high)

    # abnormal values

    def _get_report_section_abnormal(self):
        first, after = self._get_moments()
        values = self.env["patient.measurement"].search(
            self._get_values_domain(first, after) & Domain("level", "in", OUT_OF_RANGE),
            order="indicator_id, effective_at desc, id desc",
        )
        return [
            self._get_abnormal_block(indicator, found)
            for indicator, found in values.grouped("indicator_id").items()
        ]

    def _get_abnormal_block(self, indicator, values):
        """Tell the latest values and the worst one, and how many there are besides."""
        rank = OUT_OF_RANGE.index
        worst = max(values, key=lambda one: (rank(one.level), one.effective_at))
        told = values[:MAX_SENTENCES]
        if worst not in told:
            told = told[:-1] + worst
        texts = [self._tell_abnormal(one) for one in told]
        if others := len(values) - len(told):
            texts.append(
                self.env._(
                    "Besides, out of range in this period: %(count)s.",
                    count=others,
                )
            )
        texts.append(self._tell_meaning(worst.level))
        return {"title": indicator.name, "level": worst.level, "texts": texts}

    def _tell_abnormal(self, value):
        """Return when, what, and how far outside of which range, as a sentence."""
        facts = {
            "day": self._tell_moment_day(value.effective_at),
            "value": value.value_label,
        }
        band = value.value is not False and self._get_band(value)
        line = band and (band.normal_low if value.side == "low" else band.normal_high)
        if not value.side or not band or line is None:
            return self.env._("%(day)s: %(value)s, which is not normal.", **facts)
        places = value.indicator_id.decimals
        distance = abs(round(value.value, places) - line)
        facts["distance"] = write_number(round(distance, places))
        facts["range"] = self._tell_normal(band)
        if value.side == "low":
            return self.env._(
                "%(day)s: %(value)s, %(distance)s below the normal range (%(range)s).",
                **facts,
            )
        return self.env._(
            "%(day)s: %(value)s, %(distance)s above the normal range (%(range)s).",
            **facts,
        )

    def _get_band(self, value):
        """Return the ``Band`` that was meant for the patient on the day of a value."""
        day = self.company_id._patient_local_date(value.effective_at)
        patient = self.patient_id
        facts = value.indicator_id._get_facts()
        return facts.choose_band(patient.gender, patient.birth_date, day)

    @api.model
    def _tell_meaning(self, level):
        """Return what a level asks of the patient, in a sentence."""
        return {
            "abnormal": self.env._(
                "A little out of range: bring it up at your next visit."
            ),
            "act": self.env._(
                "Something should be done about it: make an appointment with your doctor "
                "soon."
            ),
            "critical": self.env._(
                "Such a value can be dangerous. If your doctor has not spoken with you "
                "about it, call the hospital now."
            ),
        }[level]

    # scores

    def _get_report_section_scores(self):
        first, after = self._get_moments()
        found = self.env["patient.assessment"].search(
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("assessed_at", ">=", first)
            & Domain("assessed_at", "<", after)
            & self._get_sensitive_domain(),
            order="assessed_at desc, id desc",
        )
        latest = [same[0] for same in found.grouped("score_code").values()]
        return [self._get_score_block(assessment) for assessment in latest]

    def _get_score_block(self, assessment):
        """Tell the total, its band, and where each point comes from."""
        score = assessment.score_id
        result = self.env._(
            "%(day)s: %(total)s points, of %(least)s to %(most)s.",
            day=self._tell_moment_day(assessment.assessed_at),
            total=assessment.total,
            least=score.min_total,
            most=score.max_total,
        )
        band = assessment.band_id.name
        return {
            "title": score.name,
            "level": assessment.level,
            "texts": [f"{result} {band}" if band else result],
            "columns": [
                self.env._("Asked For"),
                self.env._("Answer"),
                self.env._("Points"),
                self.env._("Where From"),
            ],
            "rows": [
                [
                    line["name"] or "",
                    line["value_text"] or "",
                    str(line["points"]),
                    line["origin"] or "",
                ]
                for line in assessment._explain()
            ],
        }

    # advice

    def _get_report_section_interventions(self):
        found = self.env["patient.intervention"].search(
            self._get_interventions_domain()
            & Domain("state", "in", ("active", "finished"))
        )
        return [self._get_intervention_block(one) for one in found]

    def _get_intervention_block(self, advice):
        days = " – ".join(
            self._tell_day(day) for day in (advice.date_start, advice.date_end) if day
        )
        target, result = advice._get_target_label(), advice._get_result_label()
        texts = [advice.advice or "", f"{get_label(advice, 'state')}: {days}"]
        if target:
            texts.append(
                self.env._(
                    "Goal: %(indicator)s %(target)s.",
                    indicator=advice.indicator_id.name,
                    target=target,
                )
            )
        if result:
            texts.append(self.env._("Result: %(result)s.", result=result))
        return {"title": advice.name, "texts": [text for text in texts if text]}

    # medicines

    def _get_report_section_medicines(self):
        found = self.patient_id._get_adherence(
            self.date_from, self.date_to, self._get_sensitive_domain()
        )
        return found and [
            {
                "columns": [
                    self.env._("Medicine"),
                    self.env._("Taken Since"),
                    self.env._("Days with Medicine at Home"),
                ],
                "rows": [
                    [
                        one["name"],
                        self._tell_day(one["since"]),
                        f"{one['coverage'].covered} / {one['coverage'].days}",
                    ]
                    for one in found
                ],
            }
        ]

    # next dates

    def _get_report_section_dates(self):
        """List what is to come, as the patient may read it: no notes of the staff."""
        rows = [
            *self._get_visit_rows(),
            *self._get_event_rows(),
            *self._get_duty_rows(),
        ]
        return rows and [
            {
                "columns": [
                    self.env._("When"),
                    self.env._("Where"),
                    self.env._("What"),
                ],
                "rows": [row for _moment, row in sorted(rows)],
            }
        ]

    def _get_visit_rows(self):
        visits = self.env["patient.encounter"].search(
            [
                ("patient_id", "=", self.patient_id.id),
                ("status", "=", "planned"),
                ("planned_at", ">=", fields.Datetime.now()),
            ]
        )
        return [
            self._get_date_row(
                visit.planned_at,
                visit.department_id.name,
                get_label(visit, "encounter_class"),
            )
            for visit in visits
        ]

    def _get_event_rows(self):
        """Tell of appointments to which the patient is invited; not what they are called."""
        events = self.env["calendar.event"].search(
            [
                ("patient_id", "=", self.patient_id.id),
                ("partner_ids", "in", self.patient_id.partner_id.ids),
                ("start", ">=", fields.Datetime.now()),
            ]
        )
        return [
            self._get_date_row(
                event.start, event.patient_department_id.name, self.env._("Appointment")
            )
            for event in events
        ]

    def _get_duty_rows(self):
        duties = self.env["patient.health.duty"].search(
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("state", "=", "open")
            & self._get_sensitive_domain()
        )
        return [
            self._get_date_row(
                duty.next_due_at, duty.department_id.name, self._tell_duty(duty)
            )
            for duty in duties
        ]

    def _tell_duty(self, duty):
        """Return what a duty means for the patient, without the words of the staff."""
        if duty.indicator_id:
            return self.env._(
                "Check of %(indicator)s: the department will contact you, or call it.",
                indicator=duty.indicator_id.name,
            )
        return self.env._("The department will contact you, or call it.")

    def _get_date_row(self, moment, department, text):
        """Return (sort key, row) of something that is to come."""
        told = moment and self._tell_moment(moment)
        key = str(moment or "9999"), text
        return key, [told or self.env._("soon"), department or "", text]

    # summary

    def _get_report_section_summary(self):
        """Return the latest signed summary that ends in the period or later."""
        summary = self.env["patient.health.summary"].search(
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("state", "=", "signed")
            & Domain("date_to", ">=", self.date_from)
            & Domain("date_from", "<=", self.date_to)
            & self._get_sensitive_domain(),
            order="date_to desc, id desc",
            limit=1,
        )
        if not summary:
            return []
        signature = self.env._(
            "Signed by %(user)s on %(day)s, about %(first)s to %(last)s.",
            # sudo: res.users: the name of whoever signed
            user=summary.signed_by_id.sudo().name,
            day=self._tell_moment_day(summary.signed_at),
            first=self._tell_day(summary.date_from),
            last=self._tell_day(summary.date_to),
        )
        return [{"texts": [signature]}, *read_blocks(summary.body)]

    # TOOLS

    def _get_values_domain(self, first, after):
        return (
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("effective_at", ">=", first)
            & Domain("effective_at", "<", after)
            & self._get_sensitive_domain()
        )

    def _tell_day(self, day):
        return format_date(self.env, day) if day else ""

    def _tell_moment_day(self, moment):
        return self._tell_day(moment and self.company_id._patient_local_date(moment))

    def _tell_moment(self, moment):
        zone = str(self.company_id._get_patient_tz())
        return format_datetime(self.env, moment, tz=zone, dt_format="short")
