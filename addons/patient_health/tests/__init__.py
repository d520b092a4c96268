from . import (
    test_bands,
    test_demo_pages,
    test_indicator,
    test_measurement,
    test_measurement_access,
    test_measurement_derived,
    test_measurement_performance,
    test_statistics,
    test_units,
)
from .care import *
from .examination import *
from .report import *
from .score import *
from .values import *
