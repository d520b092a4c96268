"""Who may what, cell by cell (R16): every model of ours, every role, every right.

`access_matrix.csv` holds a row for each model; a model without a row fails. The letters
are those of the rights: r(ead), w(rite), c(reate), u(nlink). Rows are about rights on the
model; record rules have tests of their own in the addons.
"""

import csv
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

MATRIX = Path(__file__).with_name("access_matrix.csv")
GROUPS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "plain": "base.group_user",
    "reader": "base.group_user,patient_relations.patient_relations_group_reader",
    "staff": "base.group_user,patient_relations.patient_relations_group_staff",
    "officer": "base.group_user,patient_relations.patient_relations_group_officer",
    "manager": "base.group_user,patient_relations.patient_relations_group_manager",
    "identity": "base.group_user,patient_relations.patient_relations_group_identity",
    "integration": "base.group_user,patient_fhir.patient_fhir_group_integration",
}
RIGHTS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# Fields that only some roles see, with those roles.
FIELDS = {
    "patient.patient.national_id": {"manager", "identity"},
}


class TestAccessMatrix(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f"matrix_{role}", groups=groups)
            for role, groups in GROUPS.items()
        }
        cls.models = cls._get_our_models()
        with MATRIX.open() as rows:
            cls.matrix = {row.pop("model"): row for row in csv.DictReader(rows)}

    @classmethod
    def _get_our_models(cls):
        """Return the names of the models that our addons define."""
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if (model._original_module or "").startswith("patient_")
            and not model._abstract
        )

    def test_every_model_has_a_row_and_every_row_a_model(self):
        self.assertEqual(sorted(self.matrix), self.models)

    def test_every_cell(self):
        for name, row in self.matrix.items():
            for role, user in self.users.items():
                model = self.env[name].with_user(user)
                given = "".join(
                    letter
                    for letter, right in RIGHTS.items()
                    if model.has_access(right)
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(given or "-", row[role])

    def test_every_guarded_field(self):
        guarded = {
            f"{name}.{field.name}"
            for name in self.models
            for field in self.env[name]._fields.values()
            if field.groups
            and not field.inherited
            and field._modules
            and next(iter(field._modules)).startswith("patient_")
        }
        self.assertEqual(guarded, set(FIELDS))
        for path, roles in FIELDS.items():
            name, _dot, fname = path.rpartition(".")
            for role, user in self.users.items():
                model = self.env[name].with_user(user)
                seen = model._has_field_access(model._fields[fname], "read")
                with self.subTest(field=path, role=role):
                    self.assertEqual(seen, role in roles)

    def test_no_button_works_for_those_without_a_group(self):
        before = self._get_sums()
        for name in self.models:
            for method in self._get_buttons(name):
                for role in ("public", "portal", "plain"):
                    records = self.env[name].search([], limit=1)
                    call = getattr(records.with_user(self.users[role]), method)
                    with self.subTest(model=name, method=method, role=role):
                        try:
                            with self.env.cr.savepoint():
                                call()
                        except (AccessError, UserError, ValueError, TypeError):
                            continue  # refused, or it wants more than a click
        self.assertEqual(self._get_sums(), before)

    def _get_buttons(self, name):
        model = type(self.env[name])
        return [
            method
            for method in dir(model)
            if method.startswith("action_")
            and any(
                method in vars(parent)
                and (getattr(parent, "_module", "") or "").startswith("patient_")
                for parent in model.mro()
            )
        ]

    def _get_sums(self):
        """Return a checksum of each of our tables."""
        self.env.flush_all()
        return {
            name: self.env.execute_query(
                SQL(
                    "SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM %s AS t",
                    SQL.identifier(self.env[name]._table),
                )
            )
            for name in self.models
            if not self.env[name]._transient
        }
