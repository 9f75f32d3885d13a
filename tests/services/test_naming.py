"""Whether a text names somebody: what is sent back, and above all what is not."""

from __future__ import annotations

import csv

import pytest

from bot.services.naming import names_somebody
from bot.settings import ROOT

NAMED = [
    "王某天天在楼道充电",
    "是张老板把消防通道堵了",
    "老王又把车停在盲道上",
    "小李把电瓶提上楼",
    "那个人名叫李雷",
    "二单元姓陈的在楼道堆纸箱",
    "李雷在消防通道停车",
    "打 138 0013 8000 找他",
    "电话13800138000",
    "身份证 500113199001011234",
    "赣B·12345 停在盲道上",
    "渝AD12345占道",
    "3栋502的住户飞线充电",
    "找 @some_courier 问",
    "Mr. Smith parks on the sidewalk",
    "his name is Bob",
    "a man called Bob burns rubbish",
    "劉小姐把垃圾倒在路上",
    "谢老板把路堵了",
    "谢谢王老板",
]
PLACES = [
    "李家沱正街路灯坏了",
    "张家湾路口有个坑",
    "高压线下有人搭棚",
    "马路在塌",
    "王府井门口井盖没了",
    "江边护栏停了一截",
    "石头总掉下来",
    "周边在施工，许多钉子",
    "货车司机乱停车",
    "陈家坪李记超市门口积水",
    "12345打不通",
    "刘三姐广场在漏水",
    "那边的保安亭漏电",
    "3号楼2单元楼道里堆满纸箱",
    "the manhole on Hongqi Avenue is open",
    "a van called in for repair",
    "一双43码的棉鞋",
    "给孩子一个书包",
    "杨柳树在倒",
    "何时在这里装个灯",
    "罗汉松树倒了",
    "谢谢老板，手不冷了",
    "多谢大姐的手套",
    "感谢师傅，谢谢谢谢",
]


@pytest.mark.parametrize("text", NAMED)
def test_who_is_named_is_noticed(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize("text", PLACES)
def test_places_and_things_are_nobody(text: str) -> None:
    assert not names_somebody(text)


def test_nothing_that_people_say_of_hazards_and_wishes_is_sent_back() -> None:
    for name in ("hazard_report", "wish", "survey_suggestion"):
        lines = (ROOT / "content" / "intents" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if names_somebody(line)] == []


def test_no_place_and_no_station_is_somebody() -> None:
    files = [ROOT / "content" / "places.csv", *(ROOT / "content" / "stations").glob("*.csv")]
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            named = [row["name"] for row in csv.DictReader(file) if names_somebody(row["name"] + "在漏水")]
        assert named == []
