"""The commands behind the Makefile."""

import argparse
import os
import subprocess

from . import cluster, demo, places, steps


def main():
    args = _parser().parse_args()
    places.make_folders()
    try:
        args.run(args)
    except steps.Stop as stop:
        steps.end(stop)
    except subprocess.CalledProcessError as error:
        steps.end(f"{error}\n{error.stderr or ''}")
    except KeyboardInterrupt:
        steps.end("Stopped from the keyboard.")


def _parser():
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name, run, summary):
        sub = commands.add_parser(name, help=summary)
        sub.set_defaults(run=run)
        return sub

    sub = add("demo", _demo, "start the demo hospital")
    sub.add_argument("--port", type=int, default=8069)
    sub.add_argument("--locale", choices=("zh_CN", "en_US"), default="zh_CN")
    add("stop", _stop, "stop the demo server and its database server")
    add("clean", _clean, "delete all that this checkout made")
    sub = add("test", _test, "run all tests, or a part")
    sub.add_argument("part", nargs="*", help="an addon or a test file")
    add("lint", _lint, "run the linters")
    sub = add("bench", _bench, "measure")
    sub.add_argument("--scale", type=int, default=200_000)
    sub.add_argument("only", nargs="*", help="ids of rows, all when none is given")
    add("shell", _shell, "open a Python shell on the demo hospital")
    add("i18n", _i18n, "export and merge translations")
    add("screenshots", _screenshots, "take the pictures of the README")
    sub = add("import-fhir", _import_fhir, "load FHIR bundles into the demo hospital")
    sub.add_argument("source")
    return parser


def _demo(args):
    demo.start(args.port, args.locale)


def _stop(args):
    demo.stop()
    cluster.stop()


def _clean(args):
    demo.stop()
    cluster.remove()
    steps.run(["rm", "-rf", places.STATE])


def _test(args):
    from . import suite  # noqa: PLC0415  each command loads what it needs

    suite.run(args.part)


def _lint(args):
    from . import lint  # noqa: PLC0415

    lint.run()


def _bench(args):
    from . import bench  # noqa: PLC0415

    bench.run(args.scale, args.only)


def _shell(args):
    command = demo.shell_command()
    os.execv(command[0], [str(part) for part in command])


def _i18n(args):
    from . import i18n  # noqa: PLC0415

    i18n.run()


def _screenshots(args):
    from . import screenshots  # noqa: PLC0415

    screenshots.run()


def _import_fhir(args):
    from . import import_fhir  # noqa: PLC0415

    import_fhir.run(args.source)
