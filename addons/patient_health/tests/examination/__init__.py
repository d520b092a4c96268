from . import test_examination, test_examination_access, test_examination_tours
