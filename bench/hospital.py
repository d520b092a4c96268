"""The hospital of the measurements: departments, teams, people. Made once a database."""

from odoo.fields import Command

from . import chinese

# The office and its manager, the head of a division of six departments, and a nurse of
# one of them.
OFFICER = "bench_officer"
MANAGER = "bench_manager"
HEAD = "bench_head"
NURSE = "bench_nurse5"
# Who looks after the health records.
HEALTH = "bench_health"
DIVISIONS = (
    "内科",
    "外科",
    "妇产科",
    "儿科",
    "急诊医学",
    "肿瘤",
    "五官",
    "门诊",
    "医技",
    "康复",
)
WARDS = ("一病区", "二病区", "三病区", "门诊部", "日间病房")
OFFICERS = 8
NURSES = 24
PATIENTS = 200

_GROUPS = {
    OFFICER: (
        "patient_relations.patient_relations_group_officer",
        "helpdesk_mgmt.group_helpdesk_user",
    ),
    MANAGER: (
        "patient_relations.patient_relations_group_manager",
        "helpdesk_mgmt.group_helpdesk_manager",
    ),
    HEALTH: ("patient_health.patient_health_group_manager",),
    HEAD: (
        "patient_relations.patient_relations_group_staff",
        "helpdesk_mgmt.group_helpdesk_user_team",
    ),
}


def prepare(bench):
    """Create what all measurements share, unless the database has it; commit."""
    with bench.env(commit=True, no_reset_password=True) as env:
        if env["res.users"].search_count([("login", "=", OFFICER)]):
            return
        _set_company(env)
        departments = _create_departments(env)
        users = _create_users(env)
        env.company.patient_office_manager_id = users.filtered(
            lambda user: user.login == MANAGER
        )
        _create_employees(env, departments, users)
        _create_teams(env, departments, users)
        env["patient.patient"].create(
            [
                {**person, "email": f"patient{number}@example.com"}
                for number, person in enumerate(chinese.people(PATIENTS, seed=1))
            ]
        )


def _set_company(env):
    env.company.partner_id.tz = "Asia/Shanghai"
    env.company.country_id = env.ref("base.cn")


def _create_departments(env):
    """Return ten divisions, each followed by its five departments."""
    department = env["hr.department"]
    divisions = department.create(
        [{"name": name, "is_clinical": True} for name in DIVISIONS]
    )
    wards = department.create(
        [
            {
                "name": f"{division.name}{ward}",
                "parent_id": division.id,
                "is_clinical": True,
                "care_setting": "ward",
            }
            for division in divisions
            for ward in WARDS
        ]
    )
    return divisions | wards


def _create_users(env):
    """Return the officers, the manager, the head of the first division, and nurses."""
    logins = [OFFICER, *(f"bench_officer{number}" for number in range(1, OFFICERS))]
    logins += [
        MANAGER,
        HEALTH,
        HEAD,
        *(f"bench_nurse{number}" for number in range(1, NURSES)),
    ]
    return env["res.users"].create(
        [
            {
                "login": login,
                "name": login,
                "email": f"{login}@example.com",
                "group_ids": [
                    Command.set([env.ref(name).id for name in _groups(login)])
                ],
            }
            for login in logins
        ]
    )


def _groups(login):
    kind = next((kind for kind in _GROUPS if login.startswith(kind)), HEAD)
    return ("base.group_user", *_GROUPS[kind])


def _create_employees(env, departments, users):
    """Give each user an employee, the head one of the first division."""
    places = [departments[number % len(departments)] for number in range(len(users))]
    places[users.mapped("login").index(HEAD)] = departments[0]
    env["hr.employee"].create(
        [
            {"name": user.name, "user_id": user.id, "department_id": place.id}
            for user, place in zip(users, places, strict=True)
        ]
    )


def _create_teams(env, departments, users):
    """Make a helpdesk team of each department; the same people see the same share.

    A ticket is to be answered in five working days, as a complaint is.
    """
    head = users.filtered(lambda user: user.login == HEAD)
    seen = head._get_patient_department_scope()
    officers = users.filtered(lambda user: user.login.startswith(OFFICER))
    env["helpdesk.ticket.team"].create(
        [
            {
                "name": department.name,
                "use_sla": True,
                "user_ids": [
                    Command.set(
                        (officers | head if department.id in seen else officers).ids
                    )
                ],
            }
            for department in departments
        ]
    )
    env["helpdesk.ticket.category"].create(
        [
            {"name": name}
            for name in ("诊疗质量", "服务态度", "环境设施", "收费", "流程")
        ]
    )
    env["helpdesk.sla"].create(
        {
            "name": "五个工作日内答复",
            "days": 5,
            "stage_id": env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id,
        }
    )


def texts():
    """Return the narrative that complaints and tickets share."""
    return (
        "患者于上午八点到门诊就诊，取号后等候两个多小时仍未叫号，询问导诊台时工作人员"
        "态度生硬，未说明延误原因。就诊时医生仅交谈两分钟，未解释检查的必要性和费用，"
        "家属认为沟通不到位，要求医院说明情况、道歉并改进叫号流程。"
    )


def complaint_values(env, patients, count):
    """Return values of complaints with two problems each, for ``create``."""
    categories = env["patient.complaint.category"].search(
        [("hcat_level", "=", "category")]
    )
    departments = env["hr.department"].search([], order="id", limit=60)
    return [
        _complaint(
            env, number, patients[number % len(patients)], categories, departments
        )
        for number in range(count)
    ]


def _complaint(env, number, patient, categories, departments):
    ward = departments[number % len(departments)].id
    return {
        "kind": "complaint",
        "summary": f"门诊等候时间过长、沟通不足（{number}）",
        "narrative": texts(),
        "channel": "phone",
        "priority": "1",
        "user_id": env.uid,
        "lead_department_id": ward,
        "patient_id": patient.id,
        "complainant_name": patient.name,
        "complainant_email": patient.email,
        "complainant_phone": patient.phone,
        "problem_ids": [
            Command.create(
                {
                    "category_id": categories[(number + step) % len(categories)].id,
                    "severity": str(1 + (number + step) % 4),
                    "department_id": ward,
                    "description": "等候超过两小时，无人解释。",
                }
            )
            for step in range(2)
        ],
    }


def ticket_values(env, patients, count):
    """Return values of helpdesk tickets that say the same, for ``create``."""
    teams = env["helpdesk.ticket.team"].search(
        [("user_ids", "in", env.uid)], order="id", limit=60
    )
    categories = env["helpdesk.ticket.category"].search([])
    channel = env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
    return [
        {
            "name": f"门诊等候时间过长、沟通不足（{number}）",
            "description": f"<p>{texts()}</p>",
            "channel_id": channel.id,
            "priority": "2",
            "user_id": env.uid,
            "team_id": teams[number % len(teams)].id,
            "category_id": categories[number % len(categories)].id,
            "partner_id": patients[number % len(patients)].partner_id.id,
            "partner_name": patients[number % len(patients)].name,
            "partner_email": patients[number % len(patients)].email,
        }
        for number in range(count)
    ]
