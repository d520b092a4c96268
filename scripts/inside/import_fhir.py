# Run inside Odoo's shell: keep the FHIR Bundles that SOURCE names.
# ``env`` is given by the shell. An import that was cut short is taken up again.
import os
import sys
import time
from pathlib import Path

SUFFIXES = (".json", ".zip")
WIDTH = 30


def find_files(source):
    """Return the files of a path: itself, or those in a folder and below it."""
    if source.is_file():
        return [source]
    return sorted(
        path
        for path in source.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file()
    )


def open_run(source):
    """Return the unfinished import of a source, else a new one with its files."""
    runs = env["patient.fhir.import"]
    name = f"import-fhir {source}"
    run = runs.search([("name", "=", name), ("state", "!=", "done")], limit=1)
    if run:
        print(f"An import of {source} was cut short; it goes on.", flush=True)
        return run
    run = runs.create({"name": name})
    run._add_files((path.name, path.read_bytes()) for path in find_files(source))
    env.cr.commit()
    return run


def show(run, began):
    filled = int(WIDTH * run.progress / 100)
    bar = "█" * filled + "░" * (WIDTH - filled)
    line = f"{bar} {run.done_count}/{run.file_count} Bundles, {time.monotonic() - began:.0f} s"
    print(f"\r{line}", end="", file=sys.stderr, flush=True)


def report(run):
    """Print the counts as a table, and where the rejects are."""
    names = ("created", "updated", "unchanged", "ignored", "rejected")
    print(f"\n{'':22}" + "".join(f"{name:>11}" for name in names))
    for row in run.count_ids:
        print(f"{row.resource_type:22}" + "".join(f"{row[name]:>11}" for name in names))
    if run.reject_ids:
        print(f"{len(run.reject_ids)} rejects:")
        for reject in run.reject_ids[:20]:
            print(f"  {reject.file_id.name} {reject.path or ''} {reject.message}")


def main():
    began = time.monotonic()
    run = open_run(Path(os.environ["SOURCE"]))

    def commit():
        env.cr.commit()
        run.invalidate_recordset()
        show(run, began)
        return True

    run._run(commit=commit)
    env.cr.commit()
    run.invalidate_recordset()
    report(run)


main()
