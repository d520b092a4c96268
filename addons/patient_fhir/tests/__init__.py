from . import (
    test_access,
    test_exchange,
    test_files,
    test_fuzz,
    test_http,
    test_import,
    test_incoming,
    test_mapping,
    test_observation,
    test_scale,
    test_tour,
)
