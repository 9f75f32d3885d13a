"""Yes and no as people type or say them, instead of tapping."""

from __future__ import annotations

import re
from typing import Final

_ENDS: Final = r"(?:的|了|吧|啊|呀|嘛|呢|哦|喔|嘞|哈|谢谢|thanks|thank you|please|[\s,，。.!！~～])*"
_YES: Final = re.compile(
    r"(?:对+|嗯+|好+|是|行|可以|没错|没问题|同意|愿意|确定|确认|要得|中|ok(?:ay)?|yes|yep|yeah|y|sure|right|fine"
    r"|all right|of course)" + _ENDS,
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"(?:不+(?:行|要|用|可以|同意|愿意|想|是|好|对|必)?|算|先不|否|no|nope|n|not now|never mind|rather not)"
    + _ENDS,
    re.IGNORECASE,
)


def plain_answer(text: str) -> bool | None:
    """Whether a text says yes or no and nothing else; None where it does not."""
    said = text.strip()
    if _YES.fullmatch(said):
        return True
    return False if _NO.fullmatch(said) else None
