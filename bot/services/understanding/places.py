"""Places as people name them in a story: 融汇路口, 商场门口, 三单元楼道, on Yunan Avenue."""

from __future__ import annotations

import re
from typing import Final

from bot.services.understanding.lexicon import either
from bot.services.understanding.said import Said

# What a place that is in no list ends with.
_ENDINGS: Final = either(
    "单元楼梯间,单元楼道,单元楼,栋楼道,号楼楼道,楼梯间,消防通道,地下车库,十字路口,三岔路口,红绿灯路口,路口,街口,巷口,村口,门口,桥头,"
    "桥下,楼下,楼道,后门,前门,正门,侧门,东门,西门,南门,北门,入口,出口,对面,旁边,背后,地铁站,公交站,火车站,车站,西站,东站,驿站,"
    "加油站,菜市场,市场,广场,商圈,商场,公园,学校,小学,中学,医院,小区,工地,隧道,大道,大桥,立交,正街,老街,大街,街道,步行街,胡同,"
    "巷子,路段,单元,号楼,[0-9一二三四五六七八九十]+栋,村,镇,街,路,桥,巷"
)
_PLACE: Final = re.compile(rf"(?P<place>[\u4e00-\u9fff0-9a-z]{{1,12}}?{_ENDINGS}+)")
# Said before a place without being its name.
_BEFORE: Final = re.compile(
    "^"
    + either(
        "我们,我要,我,咱们,咱,俺,在,到,去,从,就,刚才,刚,路过,经过,那个,这个,那边,这边,看到,发现,有人,报告,现在,上报,一下,每次,每天,天天,"
        "今天,昨天,昨晚,早上,晚上,送餐,送到,送,取餐,给,把,往,的,是,个,报,和,跟,前面,拍到,举报,反映,了,平台,老板,公司,保安,物业,门卫,"
        "站长,交警,城管,不让,不准,不给,进,没地方,停,还,又"
    )
    + "+"
)
# Words that end like a place and name none by themselves.
_NO_PLACE: Final = re.compile(
    either(
        "小区,商场,医院,学校,工地,驿站,车站,市场,公园,广场,楼道,楼下,门口,路口,单元,街道,街,路,桥,村,镇,巷,巷子,大道,大街,入口,出口,旁边,"
        "对面,路段,隧道,商圈,消防通道,楼梯间,地铁站,胡同,马路,道路,走路,上路,骑路,一路,绕路,半路,网路,后门,前门,正门,.*[走绕跑赶修思套养公]路,"
        ".*非机动车道"
    )
    + "$"
)
_ENGLISH: Final = re.compile(
    r"\b(?:on|at|near|in front of|in|outside|behind|by|beside|next to|opposite)\s+"
    r"(?P<place>(?:the\s+)?(?:[a-z0-9'.-]+\s+){0,5}?[a-z0-9'.-]+)"
    r"(?=\s*(?:[,.;!?]|$|\b(?:is|are|was|has|have|and|please|so|with|near|on|at|by|for|keep|but|because)\b))"
)
_NO_ENGLISH: Final = re.compile(
    r"(?:the |my |a |an )?"
    + either(
        "road,street,moment,time,way,rain,hall,corridor,hallway,stairs,stairwell,pay,wages,app,orders?,reviews,lane,"
        "bike lane,air,pavement,night,day,last,this,week,month,food,account,me,us,it"
    )
    + "$"
)


def place_said(said: Said) -> str:
    """The place that a story names, as it stands there; a mere 小区 or 门口 names none."""
    if said.is_chinese:
        return _chinese(said)
    for match in _ENGLISH.finditer(said.folded):
        if not _NO_ENGLISH.match(match["place"]):
            return said.original(match, "place")
    return ""


def _chinese(said: Said) -> str:
    for match in _PLACE.finditer(said.folded):
        name = said.original(match, "place")
        before = _BEFORE.match(name)
        bare = name[before.end() :] if before else name
        if bare and not _NO_PLACE.match(bare):
            return bare
    return ""
