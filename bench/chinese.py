"""Invented people whose names are as frequent as names are in China.

The weights are round figures in the spirit of the census: a few surnames cover a third
of all people, the hundred most frequent about six in seven.
"""

import bisect
import itertools
import random
from datetime import date, timedelta

_HEAD = [
    *[
        ("王", 72),
        ("李", 71),
        ("张", 68),
        ("刘", 54),
        ("陈", 45),
        ("杨", 31),
        ("黄", 22),
    ],
    *[
        ("赵", 22),
        ("吴", 20),
        ("周", 20),
        ("徐", 14),
        ("孙", 14),
        ("马", 13),
        ("朱", 12),
    ],
    *[("胡", 12), ("郭", 11), ("何", 11), ("林", 11), ("罗", 10), ("高", 10)],
]
_TAIL = (
    "郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
SURNAMES = [
    *_HEAD,
    *((name, max(2, round(95 / rank))) for rank, name in enumerate(_TAIL, 10)),
    *[("欧阳", 1), ("司马", 1), ("上官", 1)],
]
# From frequent to less frequent; the weight falls with the rank.
_GIVEN = (
    "英华玉秀明文国金春红丽志建兰梅军桂芳平海伟强云玲珍林晓敏永杰生辉小霞永凤荣淑"
    "德波光成清新艳娟世超勇涛飞峰立宏东静龙浩家庆斌忠宇鹏燕祥福亮娜洪俊良洁博美子"
    "学振元雪梦佳欣怡思雨天泽浩然嘉诺轩晨阳琳莉萍慧倩颖蓉菊莲琴爱月香彩凡石康宁安"
)
GIVEN = [(name, 1000 / (rank + 8)) for rank, name in enumerate(dict.fromkeys(_GIVEN))]
# How many of ten have a given name of one character: more among the old.
_SHORT_GIVEN = 0.22
_AREAS = (
    "130",
    "131",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "158",
    "177",
    "186",
    "189",
)
STREETS = ("人民路", "解放路", "中山路", "建设路", "和平路", "新华路", "文化路")
CITIES = ("上海市", "杭州市", "南京市", "成都市", "武汉市", "郑州市")


def _picker(weighted):
    names = [name for name, _weight in weighted]
    sums = list(itertools.accumulate(weight for _name, weight in weighted))

    def pick(rng):
        return names[bisect.bisect(sums, rng.random() * sums[-1])]

    return pick


_surname, _given = _picker(SURNAMES), _picker(GIVEN)


def full_name(rng):
    name = _surname(rng) + _given(rng)
    return name if rng.random() < _SHORT_GIVEN else name + _given(rng)


def people(count, seed=19):
    """Yield invented persons, the same ones for the same seed.

    :return: dicts of name, phone, birth_date, gender, street, city
    """
    rng = random.Random(seed)
    first_day, days = date(1930, 1, 1), 95 * 365
    for _person in range(count):
        yield {
            "name": full_name(rng),
            "phone": rng.choice(_AREAS) + f"{rng.randrange(10**8):08d}",
            "birth_date": first_day + timedelta(days=rng.randrange(days)),
            "gender": rng.choice(("male", "female")),
            "street": f"{rng.choice(STREETS)}{rng.randrange(1, 900)}号",
            "city": rng.choice(CITIES),
        }
