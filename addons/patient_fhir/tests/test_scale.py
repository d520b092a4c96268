import resource

from odoo.tests import tagged

from .common import FhirCase

MIB = 1024 * 1024
# Two identifiers each: one INSERT of the ORM holds 100 rows.
MANY = 50


@tagged("post_install", "-at_install")
class TestScale(FhirCase):
    """Many cost as many queries as few."""

    def _make(self, count, mark):
        resources = []
        for number in range(count):
            name = f"{mark}{number}"
            resources += [
                self._patient(name),
                self._encounter(name, name),
                self._condition(name, name, name),
            ]
        return resources

    def _cost(self, resources):
        before = self.env.cr.sql_log_count
        taken = self._take(*resources)
        self.assertIsNone(taken.refusal())
        return self.env.cr.sql_log_count - before

    def _least_cost(self, count, mark):
        """Return the queries for new patients once the caches of the registry are full."""
        return min(self._cost(self._make(count, f"{mark}{turn}-")) for turn in range(3))

    def test_fifty_patients_cost_as_many_queries_as_one(self):
        self.assertEqual(self._least_cost(MANY, "b"), self._least_cost(1, "a"))

    def test_fifty_known_patients_cost_as_many_queries_as_one(self):
        one, many = self._make(1, "a"), self._make(MANY, "b")
        for resources in (one, many, one, many):
            self._cost(resources)
        self.assertEqual(self._cost(many), self._cost(one))

    def test_fifty_like_changes_cost_as_many_queries_as_two(self):
        few, many, warm = self._make(2, "a"), self._make(MANY, "b"), self._make(2, "c")
        for resources in (few, many, warm):
            self._cost(resources)
            for found in resources:
                if found["resourceType"] == "Encounter":
                    found["reasonCode"] = [{"text": "复诊"}]
        self._cost(warm)
        self.assertEqual(self._cost(many), self._cost(few))

    def test_ten_thousand_resources_stay_below_the_memory_limit(self):
        patients = [self._patient(f"p{number}") for number in range(200)]
        visits = [self._encounter(f"e{n}", f"p{n % 200}") for n in range(9_800)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        taken = self._take(*patients, *visits)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.assertEqual(self._counts(taken, "Encounter")["created"], 9_800)
        self.assertLess((after - before) * 1024, 300 * MIB)
