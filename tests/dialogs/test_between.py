"""In the middle of a question, who asks for something else is answered; who tells goes on telling."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.dialogs import everything
from bot.dialogs.between import asks_outright
from bot.services.stations.board import StationBoard
from bot.store.database import Database
from tests.transcript import Player
from tests.understood import understood

ASKS = """
南康哪里有充电的 | 附近有厕所没 | 我想找个热饭的地方 | 哪个地方可以歇一下
李家沱有没有能喝水的驿站 | 巴南有驿站没得
边度有得充电 | 我快没电了哪里能充 | 热饭的地方在哪 | 去最近的驿站怎么走 | 有充电宝借吗附近 | 离我最近的驿站
where can i get hot water | is there a place to charge near here | i need a place to charge my phone nearby
明天早上八点提醒我交材料 | 我要加入支部 | 切换成英文 | 打开菜单 | 我要报到
给我来节课 | 我要报个隐患 | 我的诉求到哪一步了
"""
TELLS = """
附近没有充电的地方 | 站里的微波炉坏了没人修 | 附近的驿站都不给我们进 | 找站长他也不理
找不到地方热饭 | 哪里有这样的道理
老板人在哪里找不到 | 希望给个充电的地方 | 附近哪里都没有厕所
最近的厕所要走两公里 | 在万达那边的充电柜 | 换电柜旁边
天天在哪里跑都不给派单 | 站长叫我明天八点去签到 | 每天要签到打卡不然扣钱 | 扣了我积分 | 提醒过他们三次了
there is no place to charge near here | the nearest toilet is two km away | where i work is near Lijiatuo
换了支部书记以后就没人管了 | he said any rider gets fined there | 他们有没有权利扣我钱
"""


def _said(texts: str) -> list[str]:
    return [text.strip() for line in texts.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", _said(ASKS))
def test_who_asks_is_heard(text: str) -> None:
    assert asks_outright(understood(text))


@pytest.mark.parametrize("text", _said(TELLS))
def test_who_tells_is_not_interrupted(text: str) -> None:
    assert not asks_outright(understood(text))


@pytest.fixture
def player(sqlite: Database, board: StationBoard, now: datetime) -> Player:
    """Somebody who reads Chinese."""
    return Player(sqlite, everything(), board, now)


async def test_a_search_at_the_photo_question_is_no_part_of_the_story(player: Player) -> None:
    for line in ("站点欠我两个月工资不给", "李家沱哪里有充电的"):
        await player.say(line)
    assert "都和广场" in "\n".join(player.lines)
    await player.say("[▶ 接着写]")
    await player.say("站长说再等等")
    await player.say("[没有，下一步]")
    await player.say("[跳过]")
    await player.say("[跳过]")
    said = "\n".join(player.lines)
    assert "📝 站点欠我两个月工资不给\n  站长说再等等\n  🗓" in said


@pytest.mark.parametrize("way_in", ["/hazard", "/appeal", "提醒我"])
async def test_other_questions_do_the_same(player: Player, way_in: str) -> None:
    await player.say(way_in)
    player.lines.clear()
    await player.say("李家沱有没有能热饭的驿站")
    assert "都和广场" in "\n".join(player.lines)
