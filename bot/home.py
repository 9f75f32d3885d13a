"""Where a bot is at home: whose clock counts for who named no other."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
HOME_ZONE: Final = SHANGHAI.key
