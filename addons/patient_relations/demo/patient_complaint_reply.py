from datetime import timedelta

from odoo import api, models
from odoo.tools import plaintext2html

from ..tools.selections import get_label
from .patient_encounter import get_demo_records

ACKNOWLEDGED = "您反映的“{summary}”已登记，编号{number}，由{officer}负责联系您。"
ANSWERED = {
    "founded": "经核查，“{summary}”一事属实，我们向您致歉。{department}已在科务会上整改，"
    "医患关系办公室一个月后复查。",
    "partly": "经核查，“{summary}”一事部分属实。做得不到位的地方我们向您致歉，并已要求"
    "{department}改进；其余情况已当面向您说明。",
    "not_founded": "经查阅记录并向有关人员了解，“{summary}”一事与记录不符，已把记录逐项"
    "给您看过并作了解释。您如有新的材料，可随时交来。",
    "suggestion": "您关于“{summary}”的建议已转{department}研究，采纳情况会在院内公示。",
    "enquiry": "您询问的“{summary}”，已为您查明并详细说明。",
}
EXPLAINED = (
    "您反映的“{summary}”（编号{number}）不属于本院受理投诉的范围，原因：{reason}。"
    "{note}如您认为有误或有新的材料，请与我们联系。"
)


class PatientComplaintReply(models.Model):
    """Replies of the demo hospital: those of recent days are told in ``replies.xml``."""

    _inherit = "patient.complaint.reply"

    @api.model
    def _create_demo_replies(self):
        """Record what the other demo complaints were answered, in one batch."""
        records = get_demo_records(self.env, "patient.complaint").values()
        complaints = (
            self.env["patient.complaint"]
            .union(*records)
            .filtered("active")
            .sorted("id")
        )
        self.create(
            [
                self._prepare_demo_reply(complaint, kind, number)
                for number, complaint in enumerate(complaints)
                for kind in self._get_demo_kinds(complaint)
            ]
        )

    @api.model
    def _get_demo_kinds(self, complaint):
        """Return the kinds of replies that the status says and that are not there."""
        state, told = complaint.state, set(complaint.reply_ids.mapped("kind"))
        kinds = []
        if complaint.kind == "praise" or state == "received":
            return kinds
        if state == "not_accepted":
            kinds.append("not_accepted")
        elif complaint.kind == "complaint" or state == "acknowledged":
            kinds.append("acknowledgement")
        if state in ("responded", "closed"):
            kinds.append("final")
        return [kind for kind in kinds if kind not in told]

    @api.model
    def _prepare_demo_reply(self, complaint, kind, number):
        officer = complaint.user_id or self.env.ref("patient_relations.user_officer")
        others = [
            self.env.ref("patient_relations.user_manager"),
            self.env.ref("patient_relations.user_officer_second"),
        ]
        approver = next(user for user in others if user != officer)
        hours = {"acknowledgement": 1 + number % 20, "not_accepted": 30}.get(kind, 48)
        moment = complaint.received_at + timedelta(hours=hours)
        if kind == "final" and complaint.closed_at:
            late = complaint.closed_at - timedelta(hours=2 + number % 30)
            moment = max(complaint.received_at, late)
        spoken = kind == "acknowledgement" or number % 3
        values = {
            "complaint_id": complaint.id,
            "kind": kind,
            "state": "sent",
            "template_id": False,
            "body": plaintext2html(self._get_demo_words(complaint, kind, officer)),
            "author_id": officer.id,
            "sender_id": officer.id,
            "replied_at": moment,
        }
        if complaint.complainant_type == "anonymous":
            values["way"] = "other"
        elif spoken and kind != "not_accepted":
            values["way"] = "phone" if complaint.channel != "in_person" else "in_person"
        if kind != "acknowledgement":
            values.update(approver_id=approver.id, approved_at=moment)
        return values

    @api.model
    def _get_demo_words(self, complaint, kind, officer):
        key = complaint.kind
        if key == "complaint":
            key = complaint.problem_ids[:1].finding
        text = ANSWERED.get(key, ANSWERED["partly"])
        if kind != "final":
            text = ACKNOWLEDGED if kind == "acknowledgement" else EXPLAINED
        return text.format(
            summary=complaint.summary,
            number=complaint.name,
            officer=officer.name,
            department=complaint.lead_department_id.name or "相关科室",
            reason=get_label(
                complaint.with_context(lang="zh_CN"), "not_accepted_reason"
            ),
            note=complaint.state_note or "",
        )
