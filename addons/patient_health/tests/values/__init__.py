from . import (
    test_indicator_set,
    test_measurement_entry,
    test_measurement_import,
    test_trend_svg,
    test_trends,
    test_trends_pure,
    test_values_tours,
)
