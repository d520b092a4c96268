"""Two officers send one reply at once (R2): one wins, the other reads why.

The reply is committed and stays: the database is a throw-away copy.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

THREADS = 4

DATABASE = os.environ.get("ODOO_TEST_DB")
pytestmark = pytest.mark.skipif(not DATABASE, reason="ODOO_TEST_DB names no database")


def _make_reply(registry):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
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


def _count_mails(registry, reply_id):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        complaint = env["patient.complaint.reply"].browse(reply_id).complaint_id
        domain = [("model", "=", complaint._name), ("res_id", "=", complaint.id)]
        mails = env["mail.mail"].search_count(domain)
        files = env["ir.attachment"].search_count(
            [("res_model", "=", "patient.complaint.reply"), ("res_id", "=", reply_id)]
        )
        return mails, files, complaint.state


def test_reply_goes_out_once_however_many_press_the_button(caplog):
    registry = Registry(DATABASE)
    reply_id = _make_reply(registry)
    barrier = threading.Barrier(THREADS)

    def send(_thread):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            reply = env["patient.complaint.reply"].browse(reply_id)
            assert reply.state == "draft"
            barrier.wait(timeout=30)
            try:
                retrying(reply.action_send, env)
            except UserError as refusal:
                return str(refusal)
            return "sent"

    with registry.cursor() as cr:
        report = type(api.Environment(cr, SUPERUSER_ID, {})["ir.actions.report"])
    with (
        patch.object(report, "_render_qweb_pdf", lambda *_args: (b"letter", "pdf")),
        ThreadPoolExecutor(THREADS) as pool,
    ):
        results = list(pool.map(send, range(THREADS)))

    assert results.count("sent") == 1, results
    for text in results:
        assert text == "sent" or "Somebody else" in text or "go out again" in text
    assert _count_mails(registry, reply_id) == (1, 1, "acknowledged")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
