"""Several transactions at once on one database, for the tests of concurrency.

What is committed stays: the database is a throw-away copy.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying

DATABASE = os.environ.get("ODOO_TEST_DB")
needs_database = pytest.mark.skipif(
    not DATABASE, reason="ODOO_TEST_DB names no database"
)


def commit(registry, work):
    """Run work(env) as the superuser and keep what it did."""
    with registry.cursor() as cr:
        return work(api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True}))


def make_users(registry, group, *logins):
    """Return the ids of new users with a group, which is an external id."""

    def make(env):
        groups = env.ref("base.group_user") + env.ref(group)
        return (
            env["res.users"]
            .create(
                [
                    {"name": login, "login": login, "group_ids": [(6, 0, groups.ids)]}
                    for login in logins
                ]
            )
            .ids
        )

    return commit(registry, make)


def race(registry, user_ids, prepare):
    """Let users act at the same moment, each as a request in its own transaction.

    :param prepare: prepare(env, place) looks at what all see before anybody acts, and
        returns the function that acts
    :return: what each function returned, or the words in which it was refused
    """
    barrier = threading.Barrier(len(user_ids))

    def run(place, user_id):
        with registry.cursor() as cr:
            env = api.Environment(cr, user_id, {})
            act = prepare(env, place)
            barrier.wait(timeout=30)
            try:
                return retrying(act, env)
            except UserError as refusal:
                return str(refusal)

    with ThreadPoolExecutor(len(user_ids)) as pool:
        return list(pool.map(run, range(len(user_ids)), user_ids))
