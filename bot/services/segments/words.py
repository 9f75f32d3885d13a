"""The words of segments: what each condition and its values are called, typed and said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.i18n import Phrase, _, is_chinese, join

LONGEST_NAME: Final = 80
"""Of a branch, in characters."""
EVERYONE: Final = ("all", "everyone", "所有人", "全部", "全体", "大家")

WORK: Final[Mapping[str, tuple[str, ...]]] = {
    "rider": ("riders", "骑手", "外卖", "外卖员", "外卖骑手"),
    "courier": ("couriers", "快递员", "快递", "快递小哥"),
    "driver": ("drivers", "网约车司机", "网约车", "司机"),
    "trucker": ("truckers", "货车司机", "货车", "卡车司机"),
    "streamer": ("streamers", "主播", "网络主播"),
    "other": ("others", "其他", "其它"),
}
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "member": ("members", "成员", "会员"),
    "shop": ("shops", "爱心商户", "商户"),
    "desk": ("desks", "承办员", "承办单位"),
    "organizer": ("organizers", "组织员"),
    "admin": ("admins", "管理员"),
}
LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "zh_CN": ("zh", "chinese", "中文", "汉语"),
    "en": ("english", "英文", "英语"),
}
TO: Final[Mapping[str, tuple[str, ...]]] = {
    "people": ("private", "私聊", "个人"),
    "groups": ("group", "群", "群聊"),
    "both": ("all", "都", "全部"),
}
# Days in what an age is counted in; months are thirty days, as people mean them here.
UNITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("", "d", "day", "days", "天", "日"), 1),
    **dict.fromkeys(("w", "week", "weeks", "周", "星期"), 7),
    **dict.fromkeys(("m", "month", "months", "月", "个月"), 30),
}


def named(value: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    """The value that a word stands for, in either language; None for none."""
    said = value.casefold()
    return next((name for name, others in words.items() if said in (name.casefold(), *others)), None)


def typed(words: Mapping[str, tuple[str, ...]]) -> str:
    """How the reader would type the values: `rider, courier, …`."""
    if is_chinese():
        return "、".join(next(word for word in others if not word.isascii()) for others in words.values())
    return ", ".join(words)


def work_words() -> dict[str, Phrase]:
    """People by their work."""
    return {
        "rider": _("riders"),
        "courier": _("couriers"),
        "driver": _("ride-hailing drivers"),
        "trucker": _("truck drivers"),
        "streamer": _("streamers"),
        "other": _("people of other work"),
    }


def role_words() -> dict[str, Phrase]:
    """People by their role."""
    return {
        "member": _("members of a branch"),
        "shop": _("partner shops"),
        "desk": _("desk officers"),
        "organizer": _("organizers"),
        "admin": _("admins"),
    }


def language_words() -> dict[str, Phrase]:
    """Readers of a language."""
    return {"zh_CN": _("readers of Chinese"), "en": _("readers of English")}


def to_words() -> dict[str, Phrase]:
    """Where it goes."""
    return {"people": _("private chats"), "groups": _("groups"), "both": _("private chats and groups")}


def sentences(*parts: Phrase) -> Phrase:
    """One sentence after another; in Chinese nothing stands between."""
    return join(list(parts), "" if is_chinese() else " ")
