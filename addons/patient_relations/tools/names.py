"""Chinese names as people type them: without the ORM, so that it can be tested alone."""

import re

from pypinyin import Style, lazy_pinyin

# Readings that a character has as a surname only. Source: 通用规范汉字表 / 现代汉语词典,
# entries marked «姓».
SURNAMES = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "令狐": ("ling", "hu"),
    "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"),
    "仇": ("qiu",),
    "任": ("ren",),
    "冼": ("xian",),
    "区": ("ou",),
    "华": ("hua",),
    "单": ("shan",),
    "员": ("yun",),
    "曾": ("zeng",),
    "朴": ("piao",),
    "查": ("zha",),
    "盖": ("ge",),
    "种": ("chong",),
    "缪": ("miao",),
    "翟": ("zhai",),
    "覃": ("qin",),
    "解": ("xie",),
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


def search_words(name):
    """Return the words by which a name is found: itself, its pinyin, its initials.

    ``张伟`` → ``["张伟", "zhangwei", "zw"]``; ``Adam Cronin`` → ``["adam", "cronin"]``.
    """
    words = (name or "").lower().split()
    if HAN.search(name or ""):
        syllables = pinyin(name)
        joined = "".join(words)
        words += [joined] if len(words) > 1 else []
        words.append("".join(syllables))
        words.append("".join(syllable[0] for syllable in syllables))
    return list(dict.fromkeys(words))


def digits(phone):
    """Return the digits of a telephone number without China's country code."""
    found = re.sub(r"\D", "", phone or "")
    if len(found) == 13 and found.startswith("86"):
        return found[2:]
    return found


def _syllables(text):
    return [part.lower() for part in lazy_pinyin(text, style=Style.NORMAL) if part.strip()]
