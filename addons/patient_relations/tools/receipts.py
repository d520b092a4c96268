"""Codes with which somebody without a name comes back to their complaint."""

import hashlib
import hmac
import secrets
import unicodedata

# Without 0 and O, 1 and I and L, which people take for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# 20 of 31 signs: 99 bits
GROUPS = 5
GROUP_LENGTH = 4


def draw_code():
    """Return a new code in groups, as ``7KQM-…`` (5 groups of 4)."""
    groups = (
        "".join(secrets.choice(ALPHABET) for _sign in range(GROUP_LENGTH))
        for _group in range(GROUPS)
    )
    return "-".join(groups)


def normalize_code(text):
    """Return what somebody typed as bare signs: width, case and gaps do not matter."""
    wide = unicodedata.normalize("NFKC", (text or "")[:200]).upper()
    return "".join(sign for sign in wide if sign in ALPHABET)


def get_digest(code, secret):
    """Return the keyed hash (64 hexadecimal digits) under which a code is stored."""
    signs = normalize_code(code).encode()
    return hmac.new(secret.encode(), signs, hashlib.sha256).hexdigest()
