import io
import zipfile

from odoo.tests import BaseCase, tagged

from ..tools import bundle as bundles, files
from ..tools.outcome import Problem


def make_zip(members, **options):
    """Return the bytes of a zip; ``members`` is name → bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestFiles(BaseCase):
    """Files that somebody hands in, hostile ones too."""

    def _list(self, content):
        return files.list_members(io.BytesIO(content))

    def _read(self, content, name, limit=1000):
        return files.read_member(io.BytesIO(content), name, limit)

    def test_json_files_are_found_and_the_rest_is_left_out(self):
        content = make_zip(
            {
                "a.json": b"{}",
                "folder/b.JSON": b"{}",
                "folder/": b"",
                "notes.txt": b"",
                "__MACOSX/a.json": b"",
                "folder/._b.json": b"",
                "inner.zip": b"PK",
            }
        )
        self.assertTrue(files.is_zip(content))
        self.assertEqual(self._list(content), ["a.json", "folder/b.JSON"])

    def test_names_are_labels_and_never_paths(self):
        content = make_zip({"../../etc/passwd.json": b"{}", "/abs.json": b"[]"})
        names = self._list(content)
        self.assertEqual(
            [files.shorten(name) for name in names], ["passwd.json", "abs.json"]
        )
        self.assertEqual(self._read(content, names[0]), b"{}")
        self.assertEqual(files.shorten("C:\\x\\y.json"), "y.json")
        self.assertEqual(files.shorten("a\x1b[31m\n.json"), "a�[31m�.json")
        self.assertEqual(len(files.shorten("x" * 5000)), files.NAME_LENGTH)

    def test_a_bomb_is_not_unpacked_beyond_the_limit(self):
        content = make_zip({"bomb.json": b"0" * 50_000_000})
        self.assertLess(len(content), 100_000)
        self.assertEqual(len(self._read(content, "bomb.json")), 1001)
        with self.assertRaises(Problem) as caught:
            bundles.parse(self._read(content, "bomb.json"), 1000)
        self.assertEqual(caught.exception.status, 413)

    def test_too_many_members_are_refused(self):
        content = make_zip({f"{number}.json": b"" for number in range(10)})
        limit, files.MAX_MEMBERS = files.MAX_MEMBERS, 9
        self.addCleanup(setattr, files, "MAX_MEMBERS", limit)
        with self.assertRaises(Problem):
            self._list(content)

    def test_a_damaged_zip_is_refused(self):
        content = make_zip({"a.json": b'{"resourceType": "Bundle"}' * 50})
        for damaged in (b"PK\x03\x04", content[:40], b"PK\x05\x06" + b"\0" * 3):
            with self.subTest(damaged=damaged[:8]), self.assertRaises(Problem):
                self._list(damaged)
        middle = content.index(b"a.json") + 10
        broken = content[:middle] + bytes(20) + content[middle + 20 :]
        with self.assertRaises(Problem):
            self._read(broken, "a.json")
        with self.assertRaises(Problem):
            self._read(content, "missing.json")

    def test_a_password_is_refused(self):
        content = bytearray(make_zip({"a.json": b"{}"}))
        for mark in (b"PK\x03\x04", b"PK\x01\x02"):
            at = content.index(mark) + (6 if mark[2] == 3 else 8)
            content[at] |= 1
        with self.assertRaises(Problem) as caught:
            self._read(bytes(content), "a.json")
        self.assertEqual(caught.exception.issues[0].code, "security")

    def test_a_mark_at_the_begin_of_utf8_is_taken(self):
        self.assertEqual(bundles.parse(b"\xef\xbb\xbf{}"), {})
