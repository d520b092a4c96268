"""Complaints of four years, with two problems each; one of fifty names a person."""

from odoo.tools import SQL

from .. import hospital
from ..harness import say
from .rows import follow, multiply

# Drawn once for each complaint; the problems and the tickets take them from here.
FACTS = """
    CREATE TEMP TABLE bench_complaint AS
    SELECT n,
           'B' || lpad(n::text, 8, '0') AS name,
           received_at,
           date_trunc(
               'month',
               received_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai'
           )::date AS received_month,
           (%(low)s + floor(a * (%(high)s - %(low)s + 1)))::int AS patient_id,
           (%(departments)s::int[])[1 + floor(b * %(places)s)::int]
               AS lead_department_id,
           (%(departments)s::int[])[
               1 + floor(CASE WHEN c < 0.6 THEN b ELSE d END * %(places)s)::int
           ] AS first_department_id,
           (%(officers)s::int[])[1 + floor(e * %(desks)s)::int] AS user_id,
           CASE WHEN n %% 25 = 0 THEN 'praise'
                WHEN n %% 10 = 0 THEN 'suggestion'
                ELSE 'complaint' END AS kind,
           (ARRAY['in_person', 'phone', 'hotline', 'wechat', 'letter'])[1 + n %% 5]
               AS channel,
           CASE WHEN n %% 50 = 0 THEN '2' WHEN n %% 10 = 0 THEN '1' ELSE '0' END
               AS priority,
           state,
           CASE WHEN state = 'closed' THEN received_at + interval '12 days' END
               AS closed_at
      FROM (
          SELECT n, random() AS a, random() AS b, random() AS c, random() AS d,
                 random() AS e, received_at,
                 CASE WHEN received_at < now() - interval '60 days' THEN 'closed'
                      WHEN n %% 3 = 0 THEN 'received'
                      ELSE 'investigating' END AS state
            FROM (
                SELECT n, date_trunc('second', now() AT TIME ZONE 'UTC'
                           - random() * interval '1460 days') AS received_at
                  FROM generate_series(0, %(last)s) AS n
            ) AS moments
      ) AS facts
"""
PROBLEMS = """
    CREATE TEMP TABLE bench_problem AS
    SELECT s.n * 2 + step AS n, s.n AS parent, s.kind, s.channel, s.state,
           s.received_month, s.patient_id, s.lead_department_id, s.first_department_id,
           1 + (s.n + step) % 4 AS severity,
           CASE WHEN s.state = 'closed' THEN 'founded' ELSE 'pending' END AS finding,
           category.id AS category_id, category.domain_id,
           employee.id AS employee_id, employee.user_id AS employee_user_id
      FROM bench_complaint AS s
     CROSS JOIN generate_series(0, 1) AS step
      JOIN (
          SELECT id, domain_id, row_number() OVER (ORDER BY id) - 1 AS place,
                 count(*) OVER () AS places
            FROM patient_complaint_category
           WHERE hcat_level = 'category'
      ) AS category ON category.place = (s.n + step) % category.places
      LEFT JOIN (
          SELECT id, user_id, row_number() OVER (ORDER BY id) - 1 AS place,
                 count(*) OVER () AS places
            FROM hr_employee
      ) AS employee ON s.n % 50 = 0
                   AND employee.place = (s.n / 50 + step) % employee.places
"""
# Columns that a staged row gives to the column of its own name.
OWN = (
    *("name", "kind", "channel", "priority", "state", "received_at", "received_month"),
    *(
        "closed_at",
        "patient_id",
        "user_id",
        "lead_department_id",
        "first_department_id",
    ),
)
COPIED = (
    *("kind", "channel", "state", "received_month", "patient_id", "finding"),
    *("lead_department_id", "first_department_id", "category_id", "domain_id"),
    *("employee_id", "employee_user_id"),
)


def fill(env, scale, originals):
    say(f"  {scale:,} complaints with two problems each")
    _stage(env, scale)
    first = multiply(
        env.cr,
        "patient_complaint",
        originals["patient.complaint"],
        "bench_complaint",
        {
            **{name: f"s.{name}" for name in OWN},
            "next_due_at": "NULL",
            "problem_count": "2",
            "max_severity": "greatest(1 + s.n % 4, 1 + (s.n + 1) % 4)",
        },
    )
    multiply(
        env.cr,
        "patient_complaint_problem",
        originals["patient.complaint.problem"],
        "bench_problem",
        {
            **{name: f"s.{name}" for name in COPIED},
            "complaint_id": f"{first} + s.parent",
            "department_id": "s.lead_department_id",
            "severity": "s.severity::text",
            "severity_level": "s.severity",
        },
    )
    follow(env.cr, "patient.complaint", "patient_complaint", first)


def _stage(env, scale):
    # those before may have gaps: what a measurement made was rolled back
    env.cr.execute("SELECT max(id) FROM patient_patient")
    [high] = env.cr.fetchone()
    departments = env["hr.department"].search([], order="id").ids
    officers = env["res.users"].search([("login", "=like", f"{hospital.OFFICER}%")]).ids
    env.cr.execute(
        SQL(
            FACTS,
            low=high - scale + 1,
            high=high,
            departments=departments,
            places=len(departments),
            officers=officers,
            desks=len(officers),
            last=scale - 1,
        )
    )
    env.cr.execute(PROBLEMS)
    env.cr.execute("CREATE INDEX ON bench_complaint (n); ANALYZE bench_complaint")
    env.cr.execute("ANALYZE bench_problem")
