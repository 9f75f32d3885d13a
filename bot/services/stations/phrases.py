"""The words around a search: how people ask, what they say without meaning it, and what is another matter.

What a station offers and its kinds have their words in content/; these here belong to the language itself.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


NEAR_ZH: Final = _words(
    """
    附近 最近 就近 旁边 周围 周边 身边 这附近 离我近 近一点 近点 跟前 边上 左近 隔壁 最近的 附近的
    """
)

NEAR_EN: Final = _phrases(
    """
    near me, nearest, closest, nearby, near here, around here, close by, close to me, around me, near
    """
)

QUESTION_ZH: Final = _words(
    """
    哪里有 哪儿有 哪里能 哪里可以 哪能 哪有 哪里 哪儿 哪个 哪家 哪些 在哪 在哪里 在哪儿 啥地方 什么地方
    有没有 有没得 有得没得 有没 有吗 有不 有啥 有什么 哪哈 哪凯 咋走 怎么走 怎么去 找个 找一个 找一下
    找下 找找 帮我找 帮忙找 给我找 我要找 想找 找 搜 搜索 查一下 推荐 求 能不能找 有木有 吗 想 要 想要 需要
    借 憋不住
    """
)

QUESTION_EN: Final = _phrases(
    """
    where can i, where is, where are, where s, where, is there, are there, any, find me, find,
    looking for, look for, search, show me, i need, i want, need, want, which, what s, whats,
    how do i get to, take me to, somewhere, a place to
    """
)

OPEN_ZH: Final = _words(
    """
    现在开门 现在开着 现在开的 现在还开 现在营业 还开门 还开着 还营业 还开 开着的 开着门 开着 开门的
    营业中 正在营业 没关门 不关门 没打烊 这会儿开
    """
)

OPEN_EN: Final = _phrases(
    """
    open now, open right now, still open, currently open, that is open, that s open, opened, open
    """
)

ALWAYS_ZH: Final = _words(
    """
    24小时 二十四小时 24个小时 24h 全天候 全天 通宵 整夜 一整晚 昼夜 7x24 7乘24 24时
    """
)

ALWAYS_EN: Final = _phrases(
    """
    24 7, 24 hours, 24 hour, 24h, 24hr, 24hrs, around the clock, all night, always open, day and night
    """
)

HOURS_ZH: Final = _words(
    """
    几点关门 几点开门 几点关 几点开 几点打烊 几点下班 几点上班 几点营业 开到几点 开到好久 好久关门
    好久开门 营业时间 开放时间 什么时候开门 什么时候关门 啥时候关门 啥时候开门 开门没 关门没 开门了吗
    关门了吗
    """
)

HOURS_EN: Final = _phrases(
    """
    opening hours, opening times, business hours, what time does it open, what time does it close,
    what time does, what time do, when does it open, when does it close, when do they open,
    when do they close, when does, when do, hours, until when
    """
)

ON_FOOT_ZH: Final = _words(
    """
    步行 走路 走过去 走得到 走着去 走到 走
    """
)

ON_FOOT_EN: Final = _phrases(
    """
    on foot, walking, walk, walkable
    """
)

BY_EBIKE_ZH: Final = _words(
    """
    骑车 骑行 骑电动车 骑电瓶车 骑过去 骑
    """
)

BY_EBIKE_EN: Final = _phrases(
    """
    by e bike, by ebike, on my e bike, by bike, by scooter, riding, ride, cycling
    """
)

# Said without changing what is looked for. Longer ones first is the reader's business.
FILLER_ZH: Final = _words(
    """
    请问一下 请问 麻烦 你好 您好 哈喽 师傅 老板 兄弟 大哥 我在 我到 我现在在 我现在 我们 我想 我要 能够
    可以 可不可以 能不能 的地方 地方 的地 点儿 一点 这边 那边 这里 那里 这儿 那儿 一个 一下 哈子 赶紧
    马上 现在 今晚 晚上 中午 上午 下午 早上 半夜 夜里 骑手 小哥 外卖员 外卖 快递员 快递小哥 司机 货车
    卡车 网约车 送餐 跑单 送单 什么 提供 免费 方便 比较 告诉我 看看 咋办 怎么办 咋整 想要 需要 用一下 借用
    要能 能用 以内 之内 范围 左右 大概 差不多 手机 电话 带着 位置 地址 信息 列表 全部 所有 一些 几个 周五 周末
    时候 间隙 我这 不远
    """
)

FILLER_EN: Final = _phrases(
    """
    can i, could i, can you, could you, please, pls, hi, hello, hey, i m, i am, im, i, me, my, a, an,
    the, to, in, at, on, of, for, with, and, or, that, this, there, here, it, is, are, be, do, does,
    get, go, have, has, got, some, one, from, by, place, places, spot, spots, somewhere, area, around,
    within, about, right, now, just, really, thanks, you, we, us, our, can, could, would, like, may,
    use, let, s, free, good, best, also, which, who, rider, riders, courier, couriers, driver, drivers,
    phone, has a, having, minutes, minute, min, mins, tonight, today, so, very, its, available, stop,
    stops, point, points of, outside, still
    """
)

# Pinyin of the one-character fillers; longer ones are spelled by the reader.
FILLER_PINYIN: Final = _words(
    """
    you ma zai na de zhao qu wo li ge ne a ba dao neng yao xiang shi le mei
    """
)

# A line with one of these is about something else, whatever else it says.
OTHER_MATTER_ZH: Final = _words(
    """
    提醒 叫我 喊我 闹钟 微课 课程 的课 节课 上课 一课 课堂 学习一 学一 学完 学到 培训 考试 答题 投诉
    反映 诉求 举报 维权 申诉 匿名 积分 打卡 签到 签个到 报到 兑换 微心愿 心愿 许愿 许个愿 建议 问卷
    反馈 退订 取消 别发 别给我发 删掉 删除 删了 导出 名单 花名册 统计 多少人 通知全体 全体 群发 发一条
    发给 转给 转交 指派 派给 欠我 欠薪 欠款 拖欠 扣钱 扣款 罚款 贴条 封号 差评 超时 工伤 职业伤害 受伤
    理赔 报销 补贴 津贴 社保 医保 合同 劳动关系 入会 入党 加入 申请 隐患 井盖 坏了 坏掉 损坏 被偷 丢了
    漏水 路灯 堵死 堆满 不让进 不让停 不给停 太贵 涨价 换成 切换 吃饭了吗 吃了吗 吃了没 谢谢 多谢 感谢 再见
    拜拜 你是谁 能干啥 能干什么 帮助 菜单 语言 设置 天气 预警 注意 祝 笑话 新闻
    """
)

OTHER_MATTER_EN: Final = _phrases(
    """
    remind, reminder, reminders, alarm, lesson, lessons, course, courses, quiz, learn, study, training,
    complain, complaint, complaints, appeal, appeals, report, points, redeem, check in, check ins,
    checkin, sign in, wish, wishes, suggestion, suggest, survey, feedback, unsubscribe, messaging,
    cancel, delete, export, roster, list of members, statistics, how many, send everyone, send all,
    broadcast, assign, owe, owes, unpaid, paid, pay me, salary, wage, wages, fine, fined, banned,
    suspended, injury, injured, insurance, contract, allowance, subsidy, pothole, manhole, broken,
    stolen, lost, hazard, guards, let me in, won t let, too expensive, switch to, change language,
    language, settings, thank, thank you, thanks, bye, goodbye, who are you, what can you do, help,
    menu, joke, weather, news, my data, forget me
    """
)

# One character says as little, but may belong to a name: these are dropped only where a piece begins or ends.
EDGE_ZH: Final = frozenset(
    "我你他想要能可的地得点吗呢啊呀吧嘛哦哈哇不没了着过这那个下有是在到去来给把和跟与或还又也都再就快啥哪里带好借用家处所间头上可本该离近远"
)
