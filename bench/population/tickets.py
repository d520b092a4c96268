"""Helpdesk tickets: as many as complaints, of the same days, desks and departments."""

from odoo.tools import SQL

from ..harness import say
from .rows import follow, multiply

STAGED = """
    CREATE TEMP TABLE bench_ticket AS
    SELECT s.n, s.user_id, s.received_at, s.closed_at, s.priority, team.id AS team_id,
           patient.partner_id, partner.name AS partner_name,
           s.state != 'closed' AS unattended,
           CASE WHEN s.state = 'closed' THEN %(done)s ELSE %(new)s END AS stage_id
      FROM bench_complaint AS s
      JOIN unnest(%(departments)s::int[], %(teams)s::int[]) AS team (department_id, id)
        ON team.department_id = s.lead_department_id
      JOIN patient_patient AS patient ON patient.id = s.patient_id
      JOIN res_partner AS partner ON partner.id = patient.partner_id
"""


def fill(env, scale, originals):
    say(f"  {scale:,} helpdesk tickets")
    departments = env["hr.department"].search([], order="id")
    teams = env["helpdesk.ticket.team"].search([], order="id")[-len(departments) :]
    env.cr.execute(
        SQL(
            STAGED,
            done=env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id,
            new=env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new").id,
            departments=departments.ids,
            teams=teams.ids,
        )
    )
    first = multiply(
        env.cr,
        "helpdesk_ticket",
        originals["helpdesk.ticket"],
        "bench_ticket",
        {
            "number": "'HT' || lpad(s.n::text, 8, '0')",
            "priority": "s.priority",
            "user_id": "s.user_id",
            "team_id": "s.team_id",
            "stage_id": "s.stage_id",
            "unattended": "s.unattended",
            "partner_id": "s.partner_id",
            "commercial_partner_id": "s.partner_id",
            "partner_name": "s.partner_name",
            "create_date": "s.received_at",
            "assigned_date": "s.received_at",
            "last_stage_update": "coalesce(s.closed_at, s.received_at)",
            "closed_date": "s.closed_at",
        },
    )
    follow(env.cr, "helpdesk.ticket", "helpdesk_ticket", first)
