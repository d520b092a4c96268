from . import (
    adherence,
    ages,
    bands,
    derivations,
    goals,
    ranges,
    scoring,
    subjects,
    trend_svg,
    trends,
    units,
)
