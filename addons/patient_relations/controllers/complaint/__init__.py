from . import voice
