"""The stop-watch: run variants in turn, count their queries, undo what they wrote."""

import contextlib
import gc
import json
import statistics
import threading
import time
from dataclasses import asdict, dataclass, field, replace

import psycopg2.extras
from lxml import etree

from odoo import api
from odoo.modules.registry import Registry
from odoo.service.model import call_kw
from odoo.tools import SQL

# How far the web client lets the server count, unless a view says otherwise.
COUNT_LIMIT = 10_000


@dataclass(slots=True)
class Sample:
    """One run of one variant."""

    wall: float
    cpu: float  # of this process; PostgreSQL's share is the rest of the wall time
    queries: int
    rows: int  # inserted, updated and deleted, in all tables


@dataclass
class Row:
    """One line of the table.

    ``ours``, ``peer`` and ``limit`` are in ``unit``; ``ratio`` is what ``goal`` speaks
    of. ``detail`` holds each variant's median and minimum and its counts.
    """

    id: str
    work: str
    unit: str
    ours: float | None = None
    peer: float | None = None
    limit: float | None = None
    ratio: float | None = None
    goal: str = ""
    passed: bool | None = None
    repeats: int = 0
    detail: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    def as_dict(self):
        found = asdict(self)
        found["pass"] = found.pop("passed")
        return found


class Bench:
    """A database under measurement, and its people.

    :param str database: its name
    """

    def __init__(self, database):
        self.database = database
        self.registry = Registry(database)

    @contextlib.contextmanager
    def env(self, login="__system__", commit=False, **context):
        """Give a fresh environment; what it writes is undone unless ``commit``."""
        cr = self.registry.cursor()
        try:
            uid = self._uid(cr, login)
            yield api.Environment(cr, uid, {**self._context(cr, uid), **context})
            if commit:
                cr.commit()
        finally:
            cr.close()  # rolls back

    def rpc(self, env, model, method, *args, **kwargs):
        """Call a method as a request does, up to the text of the answer."""
        result = call_kw(env[model], method, list(args), kwargs)
        return json.dumps(result, default=str, ensure_ascii=False)

    def _uid(self, cr, login):
        cr.execute("SELECT id FROM res_users WHERE login = %s", [login])
        return cr.fetchone()[0]

    def _context(self, cr, uid):
        cr.execute("SELECT company_id FROM res_users WHERE id = %s", [uid])
        return {
            "lang": "en_US",
            "tz": "Asia/Shanghai",
            "uid": uid,
            "allowed_company_ids": [cr.fetchone()[0]],
        }


def interleave(bench, variants, repeats, warm_up=1):
    """Run variants in turn (ABAB…) and return name → list of ``Sample``.

    Each run has a transaction of its own that is rolled back. The first ``warm_up``
    rounds fill Odoo's caches and are thrown away.

    :param dict variants: name → (login, function of an environment that makes ready,
        off the clock, and returns the work to be timed)
    """
    found = {name: [] for name in variants}
    for turn in range(-warm_up, repeats):
        for name, (login, prepare) in variants.items():
            sample = _run_once(bench, login, prepare)
            if turn >= 0:
                found[name].append(sample)
        say(f"  round {turn + 1} of {repeats}" if turn >= 0 else "  warm-up")
    return found


def _run_once(bench, login, prepare):
    with bench.env(login) as env:
        work = prepare(env)
        env.cr.flush()
        env.invalidate_all()
        before = written(env.cr)
        gc.collect()
        queries = env.cr.sql_log_count
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        env.cr.flush()  # what a request's end would write, tracking included
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        queries = env.cr.sql_log_count - queries
        return Sample(wall, cpu, queries, written(env.cr) - before)


def written(cr):
    """Return how many rows the open transaction has written, in all tables."""
    [(count,)] = _ask(
        cr,
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables",
    )
    return int(count or 0)


def written_by_table(cr):
    """Return table → rows that the open transaction has inserted."""
    return dict(
        _ask(
            cr,
            "SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins > 0",
        )
    )


def _ask(cr, query):
    """Read the catalogue without keeping its locks.

    A transaction that holds a lock on pg_class no longer learns of tables and sequences
    that others make; the savepoint gives the lock back.
    """
    with contextlib.closing(cr.savepoint(flush=False)):
        cr.execute(query)
        return cr.fetchall()


# figures


def median(samples, what="wall"):
    return statistics.median(getattr(sample, what) for sample in samples)


def percentile(values, share):
    """Return the value that ``share`` percent of the values do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * share / 100))]


def middle(values):
    return percentile(values, 50)


def spread(values):
    """Return seconds as the results file holds those of many runs: in ms."""
    found = {
        "min": min(values),
        "median": middle(values),
        "p95": percentile(values, 95),
        "max": max(values),
    }
    return {name: round(seconds * 1000, 3) for name, seconds in found.items()}


def get_ratios(found):
    """Return how many times faster ours is than the peer, by three measures."""
    ours, peer = found["ours"], found["peer"]
    return {
        "median": median(peer) / median(ours),
        "fastest": _get_fastest(peer) / _get_fastest(ours),
        "processor": median(peer, "cpu") / median(ours, "cpu"),
    }


def reaches(ratios, goal):
    """Tell whether a goal is reached for sure: noise must not make a ✓.

    Other programs lengthen the time on the clock at random; processor time they hardly
    touch, but it does not see PostgreSQL's share.
    """
    return min(ratios["median"], ratios["processor"]) >= goal


def tell_ratios(ratios):
    return (
        f"By the fastest runs the ratio is {ratios['fastest']:.2f}, by processor time of "
        f"Odoo alone {ratios['processor']:.2f}; ✓ needs the goal by this one too."
    )


def _get_fastest(samples):
    return min(sample.wall for sample in samples)


def rate(samples, count):
    """Return pieces per second of the median run."""
    return count / median(samples)


def rate_row(found, count, least, *, detail=None, notes=(), **texts):
    """Return a row of pieces per second, of the variants ours, peer and limit.

    :param int count: pieces in each run
    :param float least: how many times as fast as the peer ours must be
    """
    ratios = get_ratios(found)
    return Row(
        ours=rate(found["ours"], count),
        peer=rate(found["peer"], count),
        limit=rate(found["limit"], count),
        ratio=ratios["median"],
        passed=reaches(ratios, least),
        repeats=len(found["ours"]),
        detail={"ratios": ratios, **summaries(found), **(detail or {})},
        notes=[tell_ratios(ratios), *notes],
        **texts,
    )


def per_piece(samples, count):
    """Return the samples of runs of so many pieces as those of one piece.

    So runs of different lengths can be compared; queries and rows stay those of a run.
    """
    return [
        replace(sample, wall=sample.wall / count, cpu=sample.cpu / count)
        for sample in samples
    ]


def summary(samples):
    """Return a variant's figures as the results file holds them."""
    return {
        "wall_median_s": round(median(samples), 6),
        "wall_min_s": round(_get_fastest(samples), 6),
        "cpu_median_s": round(median(samples, "cpu"), 6),
        "queries": round(median(samples, "queries")),
        "rows_written": round(median(samples, "rows")),
    }


def summaries(found):
    return {name: summary(samples) for name, samples in found.items()}


# queries


@contextlib.contextmanager
def recorded():
    """Collect the queries of this thread: a list of (text, parameters, seconds)."""
    queries = []
    thread = threading.current_thread()

    def hook(_cr, query, params, _start, delay):
        queries.append((query, params, delay))

    thread.query_hooks = (hook,)
    try:
        yield queries
    finally:
        del thread.query_hooks


def replay(cr, queries, times=3):
    """Return the seconds that queries take when sent again without Odoo (best of)."""
    return sum(_best_of(cr, query, params, times) for query, params, _ in queries)


def _best_of(cr, query, params, times):
    taken = []
    for _turn in range(times):
        began = time.perf_counter()
        cr._obj.execute(query, params)
        cr._obj.fetchall()
        taken.append(time.perf_counter() - began)
    return min(taken)


def scans(cr, query, params, tables):
    """Return how a query reads some tables in sequence: (table, rows read, of rows).

    The query is run once more: what a LIMIT cuts short counts as far as it went.
    """
    cr.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + cr._format(query, params))
    [[[plan]]] = cr.fetchall()
    found = []
    for node in _get_nodes(plan["Plan"]):
        table = node.get("Relation Name")
        if node["Node Type"] == "Seq Scan" and table in tables:
            read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            cr.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
            found.append((table, read * node["Actual Loops"], int(cr.fetchone()[0])))
    return found


def _get_nodes(node):
    yield node
    for child in node.get("Plans", ()):
        yield from _get_nodes(child)


# raw SQL


def insert_raw(cr, table, columns, rows, page=1000):
    """Insert rows without the ORM: multi-row INSERT through psycopg2."""
    query = SQL(
        "INSERT INTO %s (%s) VALUES ",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, columns)),
    )
    psycopg2.extras.execute_values(cr._obj, f"{query.code}%s", rows, page_size=page)


def prototype(cr, table, record_id):
    """Return the columns (but the id) and the values of one row."""
    cr.execute(SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(table), record_id))
    names = [column.name for column in cr.description]
    values = [_adapt(value) for value in cr.fetchone()]
    place = names.index("id")
    return names[:place] + names[place + 1 :], values[:place] + values[place + 1 :]


def _adapt(value):
    return psycopg2.extras.Json(value) if isinstance(value, dict) else value


# views


def specification(env, model, view):
    """Return what the web client asks to read for a view: all fields of its screen."""
    root, models = _get_screen(env, model, view)
    return _specify(root, models, model)


def count_limit(env, model):
    """Return up to what number the web client asks to count for a list."""
    root, _models = _get_screen(env, model, "list")
    return int(root.get("count_limit") or COUNT_LIMIT) + 1


def _get_screen(env, model, view):
    views = env[model].get_views([(False, view)])
    models = {name: found["fields"] for name, found in views["models"].items()}
    return etree.fromstring(views["views"][view]["arch"]), models


def _specify(node, models, model):
    found = {}
    for element in _own_fields(node):
        name = element.get("name")
        known = models[model].get(name)
        if known:
            found[name] = _specify_field(element, known, models)
    return found


def _specify_field(element, known, models):
    if known["type"] in ("many2one", "reference"):
        # of what is never shown the web client asks the id alone
        hidden = {element.get("invisible"), element.get("column_invisible")}
        shown = not hidden & {"1", "True"}
        return {"fields": {"display_name": {}} if shown else {}}
    if known["type"] not in ("one2many", "many2many"):
        return {}
    for screen in element.iterchildren("list", "kanban"):
        return {"fields": _specify(screen, models, known["relation"])}
    tags = "tags" in (element.get("widget") or "")
    return {"fields": {"display_name": {}}} if tags else {}


def _own_fields(node):
    """Yield the fields of a view, not those of the lists inside its fields."""
    for child in node.iterchildren("*"):
        if child.tag == "field":
            yield child
        elif child.tag != "groupby":
            yield from _own_fields(child)


def say(text):
    print(text, flush=True)
