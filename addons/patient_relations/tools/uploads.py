"""What the files of strangers are, by their first bytes and never by their names."""

MIB = 1024 * 1024
MAX_BYTES = 10 * MIB
MAX_FILES = 5
# (offset, bytes there, bytes at 8 or nothing, kind of evidence, ending of the name)
SIGNATURES = (
    (0, b"\xff\xd8\xff", b"", "photo", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", b"", "photo", "png"),
    (0, b"GIF8", b"", "photo", "gif"),
    (0, b"RIFF", b"WEBP", "photo", "webp"),
    (4, b"ftypheic", b"", "photo", "heic"),
    (4, b"ftypM4A", b"", "audio", "m4a"),
    (4, b"ftyp", b"", "video", "mp4"),
    (0, b"RIFF", b"WAVE", "audio", "wav"),
    (0, b"ID3", b"", "audio", "mp3"),
    (0, b"\xff\xfb", b"", "audio", "mp3"),
    (0, b"OggS", b"", "audio", "ogg"),
    (0, b"#!AMR", b"", "audio", "amr"),
    (0, b"%PDF-", b"", "document", "pdf"),
)


def recognize(content):
    """Return (kind of evidence, ending) of a picture, sound, film or PDF, else None."""
    for offset, sign, later, kind, ending in SIGNATURES:
        if content[offset:].startswith(sign) and content[8:].startswith(later):
            return kind, ending
    return None
