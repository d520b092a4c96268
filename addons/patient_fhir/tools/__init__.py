from . import (
    bundle,
    capability,
    files,
    incoming,
    intake,
    log_filters,
    node,
    outcome,
    outgoing,
    searching,
)
