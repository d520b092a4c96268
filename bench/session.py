"""Start Odoo's libraries in this process, without a server."""

import os

from odoo.tools import config


def start():
    """Read the configuration that ``ODOO_RC`` names; warnings go to ``BENCH_LOG``."""
    words = ["--no-http", "--log-level=warn"]
    if os.environ.get("BENCH_LOG"):
        words.append(f"--logfile={os.environ['BENCH_LOG']}")
    config.parse_config(words, setup_logging=True)
