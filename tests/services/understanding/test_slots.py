"""What is said along: names and values of slots as others who read them expect them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.understood import understood

SAID: list[tuple[str, str, dict[str, Any]]] = [
    # Stations: what was said of place, offer, kind, hours and way, and nothing else.
    ("章贡区附近有换电的没", "find_station", {"place": "章贡区", "service": ["battery_swap"]}),
    ("附近能热饭又有厕所的", "find_station", {"near_me": True, "service": ["heat_meal", "toilet"]}),
    (
        "wenqinglu fujin you cesuo ma",
        "find_station",
        {"place": "文清路", "near_me": False, "service": ["toilet"]},
    ),
    ("李家沱的司机之家几点关门", "find_station", {"place": "李家沱", "type": "司机之家", "ask": "hours"}),
    ("走路8分钟以内的厕所", "find_station", {"near_me": True, "service": ["toilet"], "max_minutes": 8}),
    ("24小时能洗澡的地方", "find_station", {"service": ["shower"], "open24": True}),
    ("现在还开着的驿站", "find_station", {"open_now": True}),
    ("any rest stop near Lijiatuo", "find_station", {"place": "Lijiatuo"}),
    # Lessons and questions: what they are about.
    ("学一节高温作业", "start_lesson", {"topic": "高温作业"}),
    ("来一节微课", "start_lesson", {}),
    ("start the winter riding lesson", "start_lesson", {"topic": "winter riding"}),
    ("接着学", "resume_lesson", {}),
    ("养老保险怎么交", "guide_question", {"topic": "灵活就业社保"}),
    ("how to get legal aid", "guide_question", {"topic": "legal aid"}),
    # What is owed, and whose account it is about, however it is put.
    ("they deactivated me for no reason", "file_appeal", {"category": "account_ban"}),
    ("boss cut 200 from my pay because I was late", "file_appeal", {"category": "deduction", "amount": 200}),
    ("上个月跑了三百单只给我算了两百", "file_appeal", {"category": "unpaid_pay", "amount": 200}),
    (
        "they didnt pay me since last week about 800",
        "file_appeal",
        {"category": "unpaid_pay", "amount": 800, "overdue": "last week"},
    ),
    ("站长从上周五起就不给我派单了", "file_appeal", {"category": "account_ban", "overdue": "上周五"}),
    # Oneself.
    ("我要加入支部", "profile", {"field": "branch", "action": "join"}),
    ("I want to join a branch", "profile", {"field": "branch", "action": "join"}),
    ("我在哪个支部", "profile", {"field": "branch"}),
    # Appeals: kind, sum in yuan, how long, where, unnamed.
    (
        "货主欠我一万二运费两个月了",
        "file_appeal",
        {"category": "unpaid_freight", "amount": 12000, "overdue": "两个月"},
    ),
    (
        "they haven't paid me since last month",
        "file_appeal",
        {"category": "unpaid_pay", "overdue": "last month"},
    ),
    (
        "my wages have not been paid since March 3",
        "file_appeal",
        {"category": "unpaid_pay", "overdue": "March 3"},
    ),
    ("工资拖了快两个半月", "file_appeal", {"category": "unpaid_pay", "overdue": "两个半月"}),
    ("站点从上周五起就没发工资", "file_appeal", {"category": "unpaid_pay", "overdue": "上周五"}),
    ("工资20号到现在没发", "file_appeal", {"category": "unpaid_pay", "overdue": "20号"}),
    # What is owed for last month may be owed since this one.
    ("上个月的工资到现在没发", "file_appeal", {"category": "unpaid_pay"}),
    ("站长扣了我三百", "file_appeal", {"category": "deduction", "amount": 300}),
    ("匿名反映保安不让进", "file_appeal", {"category": "gate_access", "anonymous": True}),
    ("医院门口停车老被贴条", "file_appeal", {"category": "parking", "place": "医院门口"}),
    (
        "they owe me 1,500 for three weeks",
        "file_appeal",
        {"category": "unpaid_pay", "amount": 1500, "overdue": "three weeks"},
    ),
    ("帮我查a1205", "appeal_status", {"appeal_id": "A1205"}),
    ("A1205交给住建局刘科长", "assign_appeal", {"appeal_id": "A1205", "assignee": "住建局刘科长"}),
    ("hand over A1205 to Mr Zhou", "assign_appeal", {"appeal_id": "A1205", "assignee": "Mr Zhou"}),
    # Reminders: as said, as a moment or rule, and what for.
    (
        "后天下午4点提醒我取快递",
        "add_reminder",
        {"when": "后天下午4点", "iso": "2026-05-15T16:00", "what": "取快递"},
    ),
    (
        "每天晚上9点半提醒我给车充电",
        "add_reminder",
        {"when": "每天晚上9点半", "rrule": "DAILY;21:30", "what": "给车充电"},
    ),
    (
        "每月8号上午9点提醒我还款",
        "add_reminder",
        {"when": "每月8号上午9点", "rrule": "MONTHLY;8;09:00", "what": "还款"},
    ),
    ("周一三五早上7点喊我出车", "add_reminder", {"what": "出车"}),
    ("每半小时提醒我喝口水", "add_reminder", {"when": "每半小时", "rrule": "INTERVAL;30", "what": "喝水"}),
    ("把交房租的提醒删了", "list_reminders", {"action": "delete", "what": "交房租"}),
    ("show my reminders", "list_reminders", {}),
    # Oneself.
    ("到党群服务中心了 签到", "check_in", {"place": "党群服务中心"}),
    ("怎么攒积分", "points", {"ask": "how"}),
    ("我还有多少积分", "points", {}),
    ("用80分换双手套", "redeem", {"item": "手套", "points": 80}),
    ("积分能换些什么", "redeem", {"ask": "catalog"}),
    ("redeem 120 points for a helmet", "redeem", {"item": "helmet", "points": 120}),
    ("我许个愿，想要一个保温壶", "wish", {"item": "保温壶"}),
    ("改成中文", "profile", {"field": "language", "value": "zh"}),
    ("把我的资料都删了", "profile", {"field": "privacy", "action": "delete"}),
    # Places that are dangerous, what is suggested.
    ("中山路口井盖翘起来了", "hazard_report", {"kind": "manhole", "place": "中山路口"}),
    ("五单元楼道堆满纸箱", "hazard_report", {"kind": "corridor_blocked", "place": "五单元楼道"}),
    ("open manhole on Station Road", "hazard_report", {"kind": "manhole", "place": "Station Road"}),
    (
        "我有个建议，驿站能不能装个饮水机",
        "survey_suggestion",
        {"kind": "suggestion", "content": "驿站装饮水机"},
    ),
    ("问卷从哪里进", "survey_suggestion", {"kind": "survey"}),
    # Organizers.
    (
        "给全体司机发一条：前方塌方，绕行",
        "broadcast",
        {"audience": "全体司机", "content": "前方塌方，绕行"},
    ),
    (
        "send everyone in branch 7 the fraud lesson",
        "broadcast",
        {"audience": "branch 7", "content": "fraud lesson"},
    ),
    ("把鱼洞站的名单导出来", "roster", {"action": "export", "filter": "鱼洞站"}),
    ("上周多少人打卡", "stats", {"metric": "check_ins", "period": "上周"}),
    ("how many lessons were completed this week", "stats", {"period": "this week"}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), SAID, ids=[text for text, *_ in SAID])
def test_what_is_said_along(text: str, intent: str, slots: dict[str, Any]) -> None:
    found = understood(text)
    assert found.intent == intent
    assert {name: found.slots.get(name) for name in slots} == slots


@pytest.mark.parametrize("text", ["谢谢啊", "退订", "菜单", "接着上次的学", "hello", "help", "打卡"])
def test_what_says_nothing_along_has_no_slots(text: str) -> None:
    assert understood(text).slots == {}
