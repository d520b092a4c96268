"""The checksum of frozen content. No ORM."""

import hashlib
import json


def get_content_hash(content):
    """Return the SHA-256 in hexadecimal of what JSON can say, whatever its spaces."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
