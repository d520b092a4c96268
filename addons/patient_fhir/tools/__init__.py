from . import (
    bundle,
    capability,
    files,
    incoming,
    incoming_common,
    incoming_observation,
    intake,
    log_filters,
    node,
    outcome,
    outgoing,
    searching,
)
