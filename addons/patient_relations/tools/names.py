"""Chinese names as people type them: without the ORM, so that it can be tested alone."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

# Readings that a character has as a surname only. Source: 通用规范汉字表 / 现代汉语词典,
# entries marked «姓».
SURNAMES = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "令狐": ("ling", "hu"),
    "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"),
    "乐": ("yue",),
    "仇": ("qiu",),
    "任": ("ren",),
    "佴": ("nai",),
    "冼": ("xian",),
    "卜": ("bu",),
    "区": ("ou",),
    "华": ("hua",),
    "单": ("shan",),
    "员": ("yun",),
    "折": ("she",),
    "曾": ("zeng",),
    "朴": ("piao",),
    "查": ("zha",),
    "秘": ("bi",),
    "盖": ("ge",),
    "种": ("chong",),
    "繁": ("po",),
    "缪": ("miao",),
    "翟": ("zhai",),
    "能": ("nai",),
    "覃": ("qin",),
    "解": ("xie",),
    "都": ("du",),
    "阚": ("kan",),
    "黑": ("he",),
    "乜": ("nie",),
    "召": ("shao",),
    "洗": ("xian",),
}
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def pinyin(name):
    """Return the syllables of a name, e.g. ``曾小贤`` → ``["zeng", "xiao", "xian"]``.

    Text that is not Chinese stays as it is, in lower case.
    """
    name = "".join((name or "").split())
    for length in (2, 1):
        reading = SURNAMES.get(name[:length])
        if reading and len(name) > length:
            return [*reading, *_syllables(name[length:])]
    return _syllables(name)


def fold(text):
    """Return text as it is compared: lower case, full-width letters made plain."""
    return unicodedata.normalize("NFKC", text or "").lower()


def search_words(name):
    """Return the words by which a name is found, each from its beginning.

    A Chinese name is found by itself, from any character on (so that two characters
    of it are always the start of a word), by its pinyin, and by its initials:
    ``曾小贤`` → ``["曾小贤", "小贤", "zengxiaoxian", "zxx"]``. Other names by their
    parts: ``Adam Cronin`` → ``["adam", "cronin"]``.
    """
    words = fold(name).split()
    if HAN.search(name or ""):
        joined = "".join(words)
        syllables = [part for part in pinyin(name) if part[0].isalnum()]
        words.append(joined)
        words += [joined[start:] for start in range(1, len(joined) - 1)]
        words.append("".join(syllables))
        words.append("".join(syllable[0] for syllable in syllables))
    return list(dict.fromkeys(filter(None, words)))


def digits(phone):
    """Return the digits of a telephone number without China's country code."""
    found = re.sub(r"[^0-9]", "", fold(phone)).removeprefix("00")
    if len(found) == 13 and found.startswith("86"):
        return found[2:]
    return found


def _syllables(text):
    return [
        part.lower() for part in lazy_pinyin(text, style=Style.NORMAL) if part.strip()
    ]
