from datetime import timedelta

from odoo import api, fields, models

from .patient_encounter import MODULE, get_demo_records

# Who had it in hand after the receipt: days later, department, why.
PATHS = {
    "complaint_emergency_18": (
        (0, "emergency", "孩子先到急诊，请急诊科答复。"),
        (1, "paediatrics", "急诊科认为属儿科处置。"),
        (2, "emergency", "儿科认为首诊在急诊。请医患办协调，不得再推。"),
    ),
    "complaint_cardiology_11": (
        (1, "nursing", "请护理部先与当事护士谈话。"),
        (6, "cardiology", "护理部意见已附，退回科室答复。"),
    ),
    "complaint_medical_10": (
        (0, "laboratory", "家属以为是检验报告装错。"),
        (2, "checkup", "核对后是体检中心装订时放错。"),
    ),
    "complaint_medical_07": (
        (0, "imaging", "先问影像科两次检查的间隔。"),
        (2, "neurology", "检查是神经内科开的，请说明指征。"),
    ),
}
# Answers in turn; operations and emergencies please less.
ANSWERS = ("4", "5", "3", "4", "5", "4", "not_reached", "3", "4", "5")
ANSWERS_HARD = ("3", "2", "4", "1", "3", "not_reached", "4", "2", "5", "refused")
HARD = ("department_emergency", "department_general_surgery", "department_orthopaedics")
COMMENTS = {
    "1": "回复都是套话，没人当面道歉。",
    "2": "等了太久才有人联系我。",
    "5": "专员一直跟着，每一步都告诉我。",
}
WAYS = ("phone", "phone", "message", "in_person")


class PatientComplaint(models.Model):
    """What the office did with the demo complaints; called by ``demo/complaints/course.xml``."""

    _inherit = "patient.complaint"

    @api.model
    def _tell_demo_course(self):
        """Give the demo complaints their stages, hand-overs, reopenings and answers."""
        complaints = get_demo_records(self.env, self._name)
        ordered = self.union(*complaints.values()).sorted("received_at")
        ordered._stamp_demo_stages()
        for name, path in PATHS.items():
            complaints[name]._lay_demo_path(path)
        complaints["complaint_cardiology_16"]._reopen_demo_before_its_end()
        complaints["complaint_services_06"]._reopen_demo_now()
        ordered._ask_demo_satisfaction()
        company = self.env.ref("base.main_company")
        company.patient_repeat_user_id = self.env.ref(f"{MODULE}.user_manager")

    def _stamp_demo_stages(self):
        """Spread acknowledgement and response over the time that each complaint took."""
        now = fields.Datetime.now()
        for number, complaint in enumerate(self):
            share = number * 37 % 100 / 100
            took = (complaint.closed_at or now) - complaint.received_at
            first = min(took, timedelta(days=4)) * (0.05 + 0.4 * share)
            if complaint.state not in ("received", "not_accepted", "withdrawn"):
                complaint.acknowledged_on = complaint.received_at + first
            if complaint.state in ("responded", "closed"):
                complaint.responded_on = (
                    complaint.received_at + first + took * (0.3 + 0.25 * share)
                )
            if complaint.acknowledged_on and complaint.user_id:
                complaint._accept_demo(complaint.handover_ids, first)

    def _accept_demo(self, handovers, after):
        for handover in handovers:
            handover.write(
                {
                    "accepted_at": handover.at + after,
                    "accepted_by_id": self.user_id.id,
                }
            )

    def _lay_demo_path(self, path):
        """Replace what follows the receipt by a path that ends in the lead department."""
        self.handover_ids[1:].unlink()
        before = self.first_department_id
        for days, name, note in path:
            department = self.env.ref(f"{MODULE}.department_{name}")
            moment = self.received_at + timedelta(days=days, hours=2)
            handover = self.env["patient.complaint.handover"].create(
                {
                    **self._prepare_handover(moment, before, self.user_id),
                    "to_department_id": department.id,
                    "by_user_id": self.user_id.id,
                    "note": note,
                    "is_pushed_back": department in self._get_givers()[self.id],
                }
            )
            self._accept_demo(handover, timedelta(hours=5))
            before = department
        self._warn_of_handovers()

    def _reopen_demo_before_its_end(self):
        """Tell of a complaint that was closed too soon, and closed again since."""
        moment = self.received_at + timedelta(days=4)
        self.env["patient.complaint.reopening"].create(
            {
                **self._prepare_reopening(),
                "former_state": "closed",
                "former_ended_at": self.received_at + timedelta(days=3),
                "new_facts": "患者带来更正后的小结：用药一栏仍是旧的剂量。",
                "told_by": self.complainant_name,
                "reopened_at": moment,
                "by_user_id": self.user_id.id,
            }
        )
        self.write(
            {
                "reopen_count": 1,
                "reopened_on": moment,
                "acknowledged_on": moment + timedelta(hours=3),
                "responded_on": moment + timedelta(days=2),
            }
        )

    def _reopen_demo_now(self):
        """Open a complaint again that is in hand at present."""
        self._reopen(
            "第五次到窗口，仍有一笔三十六元没有退，附缴费截图。",
            self.complainant_name,
            self.user_id,
        )
        moment = fields.Datetime.now() - timedelta(days=3)
        self.reopening_ids.reopened_at = moment
        self.reopened_on = moment
        self.state = "acknowledged"
        self.acknowledged_on = moment + timedelta(hours=4)

    def _ask_demo_satisfaction(self):
        asked = self.filtered(
            lambda one: one.kind == "complaint" and one.state == "closed"
        )
        hard = self.browse()
        for name in HARD:
            department = self.env.ref(f"{MODULE}.{name}")
            hard |= asked.filtered(
                lambda one, own=department: one.lead_department_id == own
            )
        for complaints, answers in ((asked - hard, ANSWERS), (hard, ANSWERS_HARD)):
            for number, complaint in enumerate(complaints):
                if number % 9 == 8:
                    continue  # nobody asked yet
                answer = answers[number % len(answers)]
                complaint.write(
                    {
                        "satisfaction": answer,
                        "satisfaction_asked_on": complaint.closed_at
                        + timedelta(days=3),
                        "satisfaction_user_id": complaint.user_id.id,
                        "satisfaction_way": WAYS[number % len(WAYS)],
                        "satisfaction_comment": COMMENTS.get(answer),
                    }
                )
