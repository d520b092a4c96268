"""One Bundle on its way in: its entries, what each is called, what each points to.

SPECIFICATIONS (see also readme/USAGE.md):
  * A resource is recognised by its keys, pairs of (system, value): its identifiers, and
    the name its source gives it. Where the source is known (``meta.source`` of the
    resource or the Bundle, else the source set for the account or the import) that is
    (source, id); where it is not, (``urn:ietf:rfc:3986``, fullUrl).
  * An id that begins with this server's mark is an id of this server.
  * A reference is looked up in the Bundle first (fullUrl, then type/id), then in the
    record: by this server's id, else by its keys.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from odoo.tools.translate import LazyTranslate

from .incoming import MODELS, join_name
from .node import Node
from .outcome import Problem

_lt = LazyTranslate(__name__)

URI_SYSTEM = "urn:ietf:rfc:3986"
TYPE = re.compile(r"[A-Z][A-Za-z]{0,63}")
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
# Practitioner/7, https://h/fhir/Practitioner/7/_history/2, Practitioner?identifier=…
NAMED_TYPE = re.compile(
    r"(?:.*/)?([A-Z][A-Za-z]{0,63})(?:/[^/?]+(?:/_history/.*)?|\?.*)"
)
OUTCOMES = ("created", "updated", "unchanged", "ignored", "rejected")


class Refused(Exception):
    """Leave the savepoint of a transaction that failed."""


@dataclass(slots=True, eq=False)
class Entry:
    """One entry of a Bundle that is kept here, from arrival to its outcome."""

    index: int
    path: str
    node: Node = None
    kind: str = ""
    method: str = "POST"
    full_url: str | None = None
    criteria: tuple | None = None
    criteria_key: tuple | None = None
    source_key: tuple | None = None
    keys: list = field(default_factory=list)
    own_id: int | None = None
    keep_existing: bool = False
    if_match: str | None = None
    incoming: object = None
    links: dict = field(default_factory=dict)
    vals: dict = field(default_factory=dict)
    record_id: int | None = None
    outcome: str | None = None
    problem: Problem | None = None
    warnings: list = field(default_factory=list)

    @property
    def alive(self):
        return self.problem is None

    def reject(self, problem):
        self.problem = problem
        self.outcome = "rejected"


class Server:
    """What an intake must know of the server it comes to.

    :param str base: address of this server's FHIR root, e.g. ``https://h/fhir/R4``
    :param str mark: begin of every id this server gives
    """

    def __init__(self, base, mark):
        self.base = base
        self.mark = mark

    def id_of(self, record_id):
        return f"{self.mark}-{record_id}"

    def own_id(self, text):
        """Return the database id behind an id that this server gave, or None."""
        mark, _dash, number = (text or "").rpartition("-")
        fits = mark == self.mark and number.isascii() and number.isdigit()
        return int(number) if fits and len(number) < 10 else None


class Intake:
    """The entries of one Bundle.

    :param dict bundle: a Bundle whose shell was checked
    :param Server server: this server
    :param str source: the source system when the Bundle does not name it
    """

    def __init__(self, bundle, server, source=None):
        self.bundle = bundle
        self.server = server
        self.source = self._get_source(bundle) or source or None
        self.atomic = bundle.get("type") == "transaction"
        self.needs_request = bundle.get("type") in ("transaction", "batch")
        self.entries = []
        self.by_url = {}
        self.by_name = {}
        self.owner_of_key = {}

    def sort_entries(self):
        """Sort the entries; those that cannot be kept carry their problem."""
        for index, data in enumerate(self.bundle.get("entry") or ()):
            entry = Entry(index, f"Bundle.entry[{index}]")
            self.entries.append(entry)
            try:
                self._read_entry(entry, data)
            except Problem as problem:
                entry.reject(problem)
        for entry in self.entries:
            if entry.alive and entry.node:
                self._read_keys(entry)

    def refusal(self):
        """Return why a transaction was refused (Problem), or None."""
        failed = [entry.problem for entry in self.entries if entry.problem]
        if not (self.atomic and failed):
            return None
        named = [problem for problem in failed if not problem.of_the_rest] or failed
        status = max(problem.status for problem in named)
        return Problem(status, [issue for problem in named for issue in problem.issues])

    def of_kind(self, kind):
        """Return the entries of a type that are still to be kept."""
        return [entry for entry in self.entries if entry.kind == kind and entry.alive]

    # entries

    def _read_entry(self, entry, data):
        shell = Node(data, entry.path)
        resource = shell.child("resource")
        kind = resource.data.get("resourceType")
        sound = isinstance(kind, str) and TYPE.fullmatch(kind)
        if sound and kind not in MODELS:
            entry.kind, entry.outcome = kind, "ignored"
            self._remember(entry, data.get("fullUrl"), resource.data.get("id"))
            return
        entry.kind = kind if sound else ""
        self._read_request(entry, shell)
        if not sound:
            resource.refuse(
                "resourceType",
                "structure",
                _lt("The type of the resource is missing."),
                400,
            )
        entry.node = resource
        entry.full_url = shell.text("fullUrl")
        if entry.criteria and entry.criteria[0] != kind:
            shell.child("request").refuse(
                "url",
                "invalid",
                _lt("The address and the resource differ in type."),
                400,
            )
        self._remember(entry, entry.full_url, resource.text("id"))

    def _read_request(self, entry, shell):
        request = shell.child("request")
        if not self.needs_request:
            return
        entry.method = request.text("method")
        if entry.method not in ("POST", "PUT"):
            request.refuse(
                "method",
                "not-supported" if entry.method else "required",
                _lt("Only POST and PUT are taken in a Bundle."),
                405 if entry.method else 400,
            )
        self._read_url(entry, request)
        entry.if_match = request.text("ifMatch")
        if "ifNoneExist" in request:
            entry.keep_existing = True
            self._read_criteria(
                entry, request, "ifNoneExist", request.text("ifNoneExist")
            )

    def _read_url(self, entry, request):
        url = (request.text("url") or "").removeprefix(self.server.base + "/")
        path, _mark, query = url.partition("?")
        kind, _slash, name = path.strip("/").partition("/")
        if not TYPE.fullmatch(kind) or (name and not ID.fullmatch(name)):
            request.refuse(
                "url", "value", _lt("An address such as Patient is expected."), 400
            )
        entry.criteria = (kind, name or None)
        if entry.method == "PUT" and query:
            self._read_criteria(entry, request, "url", query)
        elif entry.method == "PUT" and not name:
            request.refuse("url", "value", _lt("PUT needs an id or a condition."), 400)
        elif entry.method == "POST" and (name or query):
            request.refuse(
                "url", "value", _lt("POST takes a type and nothing else."), 400
            )

    def _read_criteria(self, entry, request, key, query):
        """Take ``identifier=system|value``, the one condition that is understood."""
        found = parse_qsl((query or "").partition("?")[2] or query or "")
        if len(found) != 1 or found[0][0] != "identifier":
            request.refuse(
                key, "not-supported", _lt("Only identifier=system|value is taken.")
            )
        system, mark, value = found[0][1].partition("|")
        if not (mark and system and value):
            request.refuse(
                key, "not-supported", _lt("Only identifier=system|value is taken.")
            )
        entry.criteria_key = (system, value)

    def _remember(self, entry, full_url, name):
        if isinstance(full_url, str):
            self.by_url.setdefault(full_url, entry)
        if isinstance(name, str):
            self.by_name.setdefault((entry.kind, name), entry)

    # keys

    def _read_keys(self, entry):
        try:
            entry.source_key = self._get_source_key(entry)
            self._check_own_id(entry)
        except Problem as problem:
            entry.reject(problem)

    def _get_source_key(self, entry):
        source = self._get_source(entry.node.data) or self.source
        name = entry.node.text("id")
        if entry.method == "PUT" and entry.criteria[1]:
            name = entry.criteria[1]
        entry.own_id = self.server.own_id(name)
        if entry.own_id is not None:
            return None
        if source and name:
            return (source, name)
        return (URI_SYSTEM, entry.full_url) if entry.full_url else None

    def _check_own_id(self, entry):
        url_name = entry.criteria and entry.criteria[1]
        if (
            entry.method == "PUT"
            and url_name
            and entry.node.text("id") not in (None, url_name)
        ):
            entry.node.refuse(
                "id", "invalid", _lt("The address and the id differ."), 400
            )

    def add_keys(self, entry):
        """Add the keys that the resource itself carries and refuse a second owner."""
        keys = [row[:2] for row in entry.incoming.identifiers]
        if entry.criteria_key:
            keys.insert(0, entry.criteria_key)
        if entry.source_key:
            # A source that is known keeps its ids; a bare fullUrl may be made anew.
            bare = entry.source_key[0] == URI_SYSTEM
            keys.insert(len(keys) if bare else 0, entry.source_key)
        entry.keys = list(dict.fromkeys(keys))
        if not entry.keys and entry.own_id is None:
            entry.node.refuse(
                None,
                "required",
                _lt(
                    "Nothing tells this resource from another: give it an identifier, a "
                    "fullUrl, or an id and tell who the source is."
                ),
            )
        names = [(entry.kind, key) for key in entry.keys]
        if entry.own_id is not None:
            names.append((entry.kind, entry.own_id))
        for name in names:
            owner = self.owner_of_key.setdefault(name, entry)
            if owner is not entry:
                self._refuse_duplicate(entry, owner)

    def _refuse_duplicate(self, entry, owner):
        raise Problem.of(
            422,
            "duplicate",
            _lt(
                "Entry %(other)s of this Bundle is the same: they share an identifier.",
                other=owner.index,
            ),
            f"{entry.path}.resource.identifier"
            if "identifier" in entry.node
            else f"{entry.path}.fullUrl",
        )

    @staticmethod
    def _get_source(resource):
        """Return ``meta.source`` of a resource without its fragment, if it is a text."""
        meta = resource.get("meta")
        source = meta.get("source") if isinstance(meta, dict) else None
        text = Node({"source": source}, "meta").text("source") if source else None
        return text and text.partition("#")[0] or None

    # references

    def resolve(self, reference, kind, entry):
        """Return what a Reference points to: an Entry, a database id, or a list of keys.

        :param Node reference: the Reference
        :param str kind: the type it must point to
        :return: None when it is empty
        """
        text = reference.text("reference", 2000)
        if not text:
            key = self._get_logical_key(reference)
            return [key] if key else None
        found = self._find_in_bundle(text, entry)
        if found:
            if found.kind != kind:
                reference.refuse(
                    "reference", "value", _lt("A %(kind)s is expected here.", kind=kind)
                )
            return found
        return self._find_elsewhere(reference, text, kind, entry)

    def _find_elsewhere(self, reference, text, kind, entry):
        text = text.removeprefix(self.server.base + "/")
        if text.startswith(f"{kind}?"):
            return self._get_conditional_keys(reference, text)
        if "://" in text or text.startswith("urn:"):
            keys = [(URI_SYSTEM, text)]
            source = self._get_source(entry.node.data) or self.source
            return [*keys, (source, text.rpartition(":")[2])] if source else keys
        named, _slash, name = text.partition("/")
        name = name.partition("/")[0]
        if named != kind or not ID.fullmatch(name):
            reference.refuse(
                "reference", "value", _lt("A %(kind)s is expected here.", kind=kind)
            )
        own_id = self.server.own_id(name)
        source = self._get_source(entry.node.data) or self.source
        return own_id or ([(source, name)] if source else [])

    def _get_conditional_keys(self, reference, text):
        found = dict(parse_qsl(text.partition("?")[2]))
        system, _mark, value = found.get("identifier", "").partition("|")
        if len(found) != 1 or not value:
            reference.refuse(
                "reference",
                "not-supported",
                _lt("Only identifier=system|value is taken."),
            )
        return [(system, value)]

    def _get_logical_key(self, reference):
        identifier = reference.child("identifier")
        system, value = identifier.text("system"), identifier.text("value")
        return (system, value) if system and value else None

    def _find_in_bundle(self, text, entry):
        """Look for a fullUrl, or for type/id next to the entry's own address."""
        if text in self.by_url:
            return self.by_url[text]
        if "://" in text or text.startswith(("urn:", "#")):
            return None
        kind, _slash, name = text.partition("/")
        return self.by_name.get((kind, name.partition("/")[0]))

    # organisations and practitioners

    def describe(self, reference, entry):
        """Return (key, words) of a department or person, or None.

        The key is what stays the same in the source: an identifier, else a lasting
        reference, else the words themselves.
        """
        text = reference.text("reference", 2000)
        resource = self._get_described(text, entry) if text else None
        words = _get_label(resource) if resource else None
        words = words or reference.text("display")
        key = self._get_logical_key(reference)
        if not key and resource:
            key = _get_first_key(resource)
        lasting = text if text and not text.startswith(("urn:uuid:", "#")) else None
        key = "|".join(key) if key else (lasting or words or text)
        if not key:
            return None
        return key[:255], (words or key)[:255]

    def get_kind(self, reference, entry):
        """Return the type of what a Reference points to; None where nothing tells."""
        text = reference.text("reference", 2000)
        resource = self._get_described(text, entry) if text else None
        if resource:
            kind = resource.data.get("resourceType")
            return kind if isinstance(kind, str) else None
        named = NAMED_TYPE.fullmatch(text or "")
        return named[1] if named else reference.text("type")

    def _get_described(self, text, entry):
        """Return the Node of a contained or enclosed resource that is not kept."""
        if text.startswith("#"):
            for item in entry.node.children("contained"):
                if item.data.get("id") == text[1:]:
                    return item
            return None
        found = self._find_in_bundle(text, entry)
        if not found:
            return None
        data = self.bundle["entry"][found.index]["resource"]
        return Node(data, f"{found.path}.resource")


def _get_label(resource):
    """Return the words that name an Organization, Location or Practitioner."""
    name = resource.data.get("name")
    if isinstance(name, list):
        person = next(iter(resource.children("name")), None)
        if not person:
            return None
        given = " ".join(person.texts("given"))
        return person.text("text") or join_name(person.text("family"), given) or None
    return resource.text("name")


def _get_first_key(resource):
    for item in resource.children("identifier"):
        if item.text("system") and item.text("value"):
            return item.text("system"), item.text("value")
    return None


def count(entries):
    """Return type → outcome → number, for all entries."""
    found = {}
    for entry in entries:
        row = found.setdefault(entry.kind or "?", dict.fromkeys(OUTCOMES, 0))
        row[entry.outcome or "rejected"] += 1
    return found


def failed_with_the_rest(entry):
    """Return the problem of a sound entry whose transaction was refused."""
    problem = Problem.of(
        422,
        "processing",
        _lt("Not kept: another entry of the transaction failed."),
        entry.path,
    )
    problem.of_the_rest = True
    return problem
