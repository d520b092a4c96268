from . import test_score_tables, test_scoring
