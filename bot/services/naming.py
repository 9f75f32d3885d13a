"""Whether a text names a person: hazards are about places, wishes and suggestions about things.

It listens for what points to one person: a name with a title, a name after 叫 or "called", a number that
rings or stands on a card or a plate. Where a name could as well be a place (张家湾, 高压线) it is a place:
who is asked back without reason writes nothing any more, and somebody reads all of it before others do.
"""

from __future__ import annotations

import re
from typing import Final

from bot.services.stations.text import fold

# The commonest ones, without those that are more often part of another word: 车, 和, 于, 全, 单.
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗俞袁柳鲍"
    "唐费廉岑薛雷贺倪汤滕殷罗毕郝邬傅皮齐伍顾孟黄穆萧尹姚邵汪祁毛禹狄戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾"
    "江童颜郭梅林徐邱骆高夏蔡田樊胡霍虞万柯卢莫房缪丁邓郁杭洪左崔吉龚程邢裴陆荣荀甄曲储焦侯栾甘厉武符刘"
    "景詹龙叶谭廖易黎赖文欧肖邱覃钟尚温"
)
# With these, what stands before a deed is a name: not 高(压线), 马(路), 周(边), 石(头).
_PLAIN: Final = "李王刘赵吴徐孙朱胡郭罗宋韩邓冯彭苏蒋蔡魏薛阎潘杜姚谭廖邹郝邱侯邵孟尹黎贺赖龚"
_TITLES: Final = (
    "先生|女士|小姐|太太|老板|经理|主任|站长|队长|组长|店长|师傅|师父|阿姨|大姐|大哥|大爷|大妈|叔叔|叔|嬢嬢|孃孃|"
    "姐|哥|书记|局长|科长|所长|校长|老师|医生|警官"
)
# What often follows a surname in the name of a place or a thing, and hardly in a given name.
_NO_GIVEN: Final = (
    "家路街道桥坝湾坪沟山河湖江村镇乡区院楼号店门口树边围府庄屋塘坡岭沱公交服馆灯渡坊坳滩岩洞寺"
)
_DOES: Final = "在|把|将|又|总|天天|每天|经常|老是|一直|乱|不让|不肯|占|停|堆|骑|住"
_GIVEN: Final = rf"(?:(?![{_NO_GIVEN}])[\u4e00-\u9fff])"

_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Mobile phones, identity cards, number plates.
        r"(?<!\d)1[3-9]\d{9}(?!\d)",
        r"(?<!\d)\d{17}[\dx](?![\da-z])",
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z] ?[a-z0-9]{5,6}(?![a-z0-9])",
        # 王某, 张老板; 老王又…, 小李把…; 名叫李雷, 姓陈的; 李雷在…; 3栋502的住户
        rf"[{_SURNAMES}](?:某|{_TITLES})(?![路街巷桥村店])",
        rf"[老小阿][{_PLAIN}](?=家门|{_DOES}|他|她|不|没)",
        rf"(?:名叫|叫做|叫作|名字[是叫]|他叫|她叫|人叫) ?[{_SURNAMES}]{_GIVEN}{{1,2}}",
        rf"姓[{_SURNAMES}](?:的| |$)",
        rf"(?:^| |是|被)[{_PLAIN}]{_GIVEN}{{1,2}}(?:{_DOES})",
        r"\d ?(?:栋|幢|号楼|单元|室|号房)\d*(?:室|号房?)?的(?:住户|租客|业主|那家|人)",
        # Mr Smith; his name is …
        r"\b(?:mr|mrs|ms|miss|dr) [a-z]{2,}",
        r"\b(?:his|her|their|whose|the guy s) name is\b",
        r"\b(?:man|woman|guy|person) (?:named|called) [a-z]{2,}",
    )
)
_HANDLE: Final = re.compile(r"(?<!\w)@[A-Za-z]\w{4,}")
# What is named after somebody is no person: 王建国路, 刘三姐广场.
_PLACES: Final = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?:路|街|巷|桥|村|广场|小区|公园|驿站|超市|餐馆|饭店|药店|学校|医院)"
)
# 谢 is a surname, but not in 谢谢老板.
_THANKS: Final = re.compile(r"谢{2,}|[多感拜道致答]谢")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d) (?=\d)")


def names_somebody(text: str) -> bool:
    """Whether a text seems to name a person, by name, number or plate."""
    if _HANDLE.search(text):
        return True
    folded = fold(text)
    heard = _PLACES.sub("·", _THANKS.sub("·", _BETWEEN_DIGITS.sub("", folded)))
    return any(pattern.search(heard) for pattern in _PATTERNS)
