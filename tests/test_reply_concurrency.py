"""Two officers send one reply at once (R2): one wins, the other reads why.

The reply is committed and stays: the database is a throw-away copy.
"""

from unittest.mock import patch

from racing import commit, needs_database, race

from odoo import SUPERUSER_ID

THREADS = 4

pytestmark = needs_database


def _make_reply(env):
    env.company.email = "hospital@example.com"
    complaint = env["patient.complaint"].create({"summary": "等候时间过长"})
    reply = env["patient.complaint.reply"].create(
        {
            "complaint_id": complaint.id,
            "kind": "acknowledgement",
            "way": "email",
            "receiver_name": "张伟",
            "receiver_email": "zhang@example.com",
            "body": "<p>已受理</p>",
        }
    )
    return reply.id


def _count_mails(env, reply_id):
    complaint = env["patient.complaint.reply"].browse(reply_id).complaint_id
    domain = [("model", "=", complaint._name), ("res_id", "=", complaint.id)]
    mails = env["mail.mail"].search_count(domain)
    files = env["ir.attachment"].search_count(
        [("res_model", "=", "patient.complaint.reply"), ("res_id", "=", reply_id)]
    )
    return mails, files, complaint.state


def test_reply_goes_out_once_however_many_press_the_button(registry, caplog):
    reply_id = commit(registry, _make_reply)

    def prepare(env, _place):
        reply = env["patient.complaint.reply"].browse(reply_id)
        assert reply.state == "draft"

        def send():
            reply.action_send()
            return "sent"

        return send

    report = registry["ir.actions.report"]
    with patch.object(report, "_render_qweb_pdf", lambda *_args: (b"letter", "pdf")):
        results = race(registry, [SUPERUSER_ID] * THREADS, prepare)

    assert results.count("sent") == 1, results
    for text in results:
        assert text == "sent" or "Somebody else" in text or "go out again" in text
    found = commit(registry, lambda env: _count_mails(env, reply_id))
    assert found == (1, 1, "acknowledged")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
