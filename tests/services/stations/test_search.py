"""What couriers type, and what it asks for; and what they type that asks for no station."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.stations.index import StationIndex

SEARCHES: list[tuple[str, dict[str, Any], str]] = [
    # text, what it asks for, the place it names
    ("哪里能歇歇脚", {"services": ["rest"]}, ""),
    ("附近有没有厕所", {"services": ["toilet"]}, ""),
    ("廁所", {"services": ["toilet"]}, ""),
    ("cesuo", {"services": ["toilet"]}, ""),
    ("我要充电", {"services": ["phone_charge"]}, ""),
    ("手机没电了咋办 哪有充电宝", {"services": ["phone_charge"]}, ""),
    ("chong dian", {"services": ["phone_charge"]}, ""),
    ("电瓶车没电了 附近有换电柜没", {"services": ["battery_swap"]}, ""),
    ("换电池的地方", {"services": ["battery_swap"]}, ""),
    ("饭凉了想找个微波炉", {"services": ["heat_meal"]}, ""),
    ("热饭", {"services": ["heat_meal"]}, ""),
    ("龙洲湾哪里可以热饭还能充电", {"services": ["heat_meal", "phone_charge"]}, "龙洲湾"),
    ("口渴了 哪点可以接水", {"services": ["water"]}, ""),
    ("下大雨了,找个地方躲雨", {"services": ["rain_shelter"]}, ""),
    ("太热了想吹会儿空调", {"services": ["cool"]}, ""),
    ("冷死了 有没有烤火的地方", {"services": ["warm"]}, ""),
    ("牛华有没有能洗澡的司机之家", {"services": ["shower"], "kinds": ["drivers_home"]}, "牛华"),
    ("手划破了,哪里有创可贴", {"services": ["medicine"]}, ""),
    ("最近的药店", {"kinds": ["pharmacy"]}, ""),
    ("工会驿站在哪", {"kinds": ["union_station"]}, ""),
    ("友好车位", {"kinds": ["friendly_parking"]}, ""),
    ("骑手餐在哪里吃", {"kinds": ["budget_meal"]}, ""),
    ("货车停车的地方 界石附近", {"services": ["parking"]}, "界石"),
    ("安静点看书的地方 章贡区", {"services": ["reading"]}, "章贡区"),
    ("党群服务中心", {"kinds": ["party_centre"]}, ""),
    ("现在还开着的驿站", {"open_now": True}, ""),
    ("通宵的厕所", {"services": ["toilet"], "always": True}, ""),
    ("24小时驿站", {"always": True}, ""),
    ("走路十五分钟以内的驿站", {"minutes": 15}, ""),
    ("一刻钟能走到的厕所", {"services": ["toilet"], "minutes": 15}, ""),
    ("骑车10分钟内能换电的", {"services": ["battery_swap"], "minutes": 10, "mode": "ebike"}, ""),
    ("半小时以内有洗澡的吗", {"services": ["shower"], "minutes": 30}, ""),
    ("附近500米有厕所吗", {"services": ["toilet"], "minutes": 10}, ""),
    ("附近", {}, ""),
    ("巴南区", {}, "巴南"),
    ("🔋", {"services": ["phone_charge"]}, ""),
    ("李家沱 🍱", {"services": ["heat_meal"]}, "李家沱"),
    ("附近有什么驿站", {}, ""),
    ("这附近哪儿能喝口热水", {"services": ["water"]}, ""),
    ("我电动车没电了咋办", {"services": ["battery_swap"]}, ""),
    ("肚子饿了", {"kinds": ["budget_meal"]}, ""),
    ("有没有可以睡午觉的地方", {"services": ["rest"]}, ""),
    ("想上厕所憋不住了", {"services": ["toilet"]}, ""),
    ("南康家居城旁边有没有司机之家", {"kinds": ["drivers_home"]}, "南康家居城"),
    ("火车站附近哪里可以停货车", {"services": ["parking"]}, "赣州火车站"),
    ("3公里以内的换电柜", {"services": ["battery_swap"], "minutes": 55}, ""),
    ("巴南万达", {}, "龙洲湾万达广场"),
    ("充电@李家沱", {"services": ["phone_charge"]}, "李家沱"),
    ("stations near Ganzhou railway station", {}, "赣州火车站"),
    ("my phone died", {"services": ["phone_charge"]}, ""),
    ("any place to pee", {"services": ["toilet"]}, ""),
    ("qù nǎlǐ chōngdiàn", {"services": ["phone_charge"]}, ""),
    ("李家沱", {}, "李家沱"),
    ("李家坨", {}, "李家沱"),
    ("lijiatuo", {}, "李家沱"),
    ("ljt", {}, "李家沱"),
    ("我在李家坨附近", {}, "李家沱"),
    ("去龙州湾怎么走", {}, "龙洲湾"),
    ("lijiatuo fujin nali you cesuo", {"services": ["toilet"]}, "李家沱"),
    ("zhanggong qu you yizhan ma", {}, "章贡区"),
    ("<b>李家沱</b>", {}, "李家沱"),
    ("where's the nearest toilet?", {"services": ["toilet"]}, ""),
    ("I need to charge my phone", {"services": ["phone_charge"]}, ""),
    ("charge", {"services": ["phone_charge"]}, ""),
    ("somewhere to heat my food near Nanmen Square", {"services": ["heat_meal"]}, "南门广场"),
    ("any pharmacy within 15 minutes on foot", {"kinds": ["pharmacy"], "minutes": 15}, ""),
    ("truckers' home with a shower", {"services": ["shower"], "kinds": ["drivers_home"]}, ""),
    ("stations open now", {"open_now": True}, ""),
    ("24/7 battery swap", {"services": ["battery_swap"], "always": True}, ""),
    ("out of the rain near Wutongqiao", {"services": ["rain_shelter"]}, "五通桥"),
    (
        "ten minutes by e-bike, open now, hot meal",
        {"services": ["heat_meal"], "open_now": True, "minutes": 10, "mode": "ebike"},
        "",
    ),
    ("cheap lunch in Lijiatuo", {"kinds": ["budget_meal"]}, "李家沱"),
]

OTHERS = [
    "谢谢啊",
    "多谢师傅",
    "今天好累",
    "今天好高兴",
    "今天跑了三十单",
    "好的",
    "你好",
    "在吗",
    "哈哈哈",
    "1",
    "123456",
    "😀",
    "我爱你",
    "老板不给我结账",
    "客户电话打不通",
    "你吃饭了吗",
    "收藏",
    "今天不想上班",
    "平台又扣我钱了",
    "电动车充电太慢了烦死了",
    "怎么加入工会",
    "这单太远了不想送",
    "路上堵车了",
    "吃饭太贵了",
    "晚上八点提醒我换电池",
    "每小时叫我喝口水",
    "来一节充电安全的微课",
    "电动车被人偷了,丢了咋办",
    "小区保安不让进",
    "商场停车老被罚款",
    "楼道堆满东西还停电动车",
    "路灯坏了没人修",
    "我要投诉站长",
    "积分能换雨衣不",
    "到站打卡",
    "想许个愿 要个充电宝",
    "建议驿站多放几把雨伞",
    "高温补贴怎么领",
    "摔伤算不算工伤",
    "给骑手群发一条下雨注意安全",
    "把龙洲湾的名单导出来",
    "换成英文",
    "菜单",
    "help",
    "hi",
    "hello there",
    "ok",
    "lol",
    "thanks a lot",
    "I'm so tired",
    "how are you",
    "what time is it",
    "yes",
    "coffee",
    "good morning",
    "remind me at eight",
    "remind me to charge my phone at nine",
    "start the rain riding lesson",
    "redeem 30 points for an umbrella",
    "the charger at the station is broken",
    "check in",
    "they won't let me park here",
    "how do I report an injury",
    "send everyone the heat lesson",
    "stop messaging me",
    "",
    "   ",
    "\ud800\ud800",
    "[x](tg://user?id=1)",
]


@pytest.mark.parametrize(("text", "asked", "place"), SEARCHES)
def test_a_search_is_understood(index: StationIndex, text: str, asked: dict[str, Any], place: str) -> None:
    found = index.read(text)
    assert found.is_search, found
    assert found.query.to_dict() == asked
    assert (found.matches[0].name if found.matches else "") == place


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_search_is_left_to_others(index: StationIndex, text: str) -> None:
    assert not index.read(text).is_search


def test_asking_for_hours_is_noticed(index: StationIndex) -> None:
    found = index.read("李家沱驿站几点关门")
    assert found.is_search
    assert found.asks_hours


def test_a_place_nobody_knows_is_named_back(index: StationIndex) -> None:
    found = index.read("北京有驿站吗")
    assert found.is_search
    assert (found.place_text, found.matches) == ("北京", ())


def test_what_is_left_over_is_no_place_unless_it_stands_like_one(index: StationIndex) -> None:
    # "今天好热" once asked for stations near 今天.
    assert index.read("今天好热,哪里有空调").place_text == ""
    assert index.read("去火星的驿站怎么走").place_text == "火星"
    assert index.read("any station in Shanghai").place_text == "shanghai"


def test_near_me_is_meant_where_no_place_is_named(index: StationIndex) -> None:
    assert index.read("哪里有厕所").near
    assert not index.read("李家沱哪里有厕所").near
    assert index.read("nearest toilet").near


def test_the_longer_word_wins(index: StationIndex) -> None:
    # 换电池 holds no 电池 to charge, and 工会驿站 is not just any 驿站.
    assert index.read("换电池").query.services == ("battery_swap",)
    assert index.read("工会驿站").query.kinds == ("union_station",)


def test_a_town_called_happy_is_found_but_happiness_is_no_search(index: StationIndex) -> None:
    # 高兴 is a town in Xingguo county; "今天好高兴" once brought its stations.
    assert index.read("高兴").is_search
    assert not index.read("今天好高兴").is_search


def test_a_long_text_is_no_search(index: StationIndex) -> None:
    assert not index.read("李家沱" * 4000).is_search


@given(st.text(max_size=130))
def test_any_text_is_read(index: StationIndex, text: str) -> None:
    assert 0.0 <= index.read(text).confidence <= 1.0


words = st.sampled_from(
    [
        "附近",
        "厕所",
        "李家沱",
        "驿站",
        "10分钟",
        "24小时",
        "open now",
        "near",
        "的",
        "hot meal",
        "提醒",
        " ",
        "ljt",
    ]
)


@given(st.lists(words, max_size=8).map("".join))
def test_any_mixture_of_words_makes_a_query_that_json_carries(index: StationIndex, text: str) -> None:
    query = index.read(text).query
    assert type(query).from_dict(query.to_dict()) == query
