"""`wayside when`, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

WAYSIDE = Path(sys.executable).with_name("wayside")
NOW = "2026-05-13T14:20"


def wayside_when(*arguments: str, lines: str | bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    given = lines.encode() if isinstance(lines, str) else lines
    return subprocess.run([WAYSIDE, "when", *arguments], input=given, capture_output=True, timeout=60)


def reports(*arguments: str, lines: str | bytes | None = None) -> list[dict[str, Any]]:
    done = wayside_when(*arguments, "--now", NOW, lines=lines)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_one_line_for_each_expression() -> None:
    moment, day, recurring, unclear = reports("明早8点提醒我换电池", "月底", "every Wed at 15:00", "8点")
    assert moment == {
        "text": "明早8点提醒我换电池",
        "kind": "moment",
        "at": "2026-05-14T08:00:00+08:00",
        "until": None,
        "rrule": None,
        "next": ["2026-05-14T08:00:00+08:00"],
        "what": "换电池",
        "choices": [],
        "reason": None,
    }
    assert (day["kind"], day["at"], day["next"]) == ("day", "2026-05-31", ["2026-05-31"])
    assert recurring["rrule"] == "FREQ=WEEKLY;BYDAY=WE;BYHOUR=15;BYMINUTE=0;BYSECOND=0"
    days = ("05-13", "05-20", "05-27", "06-03", "06-10")
    assert recurring["next"] == [f"2026-{day}T15:00:00+08:00" for day in days]
    assert (unclear["kind"], unclear["at"], unclear["reason"]) == ("unclear", None, "half")
    assert unclear["choices"] == ["2026-05-13T20:00:00+08:00", "2026-05-14T08:00:00+08:00"]


def test_lines_on_stdin() -> None:
    found = reports(lines="半小时后叫我\n\nin 20 minutes\n")
    assert [each["at"] for each in found] == ["2026-05-13T14:50:00+08:00", "2026-05-13T14:40:00+08:00"]


def test_bytes_that_are_no_text() -> None:
    assert [each["kind"] for each in reports(lines=b"\xff\xfe\x00\n")] == ["unclear"]


def test_another_zone() -> None:
    (found,) = reports("tomorrow at 8am", "--tz", "Europe/Berlin")
    assert found["at"] == "2026-05-14T08:00:00+02:00"


def test_a_zone_and_a_moment_that_are_none() -> None:
    zone = wayside_when("8am", "--tz", "Mars/Crater")
    assert zone.returncode == 2
    assert b"No time zone" in zone.stderr
    moment = wayside_when("8am", "--now", "yesterday")
    assert moment.returncode == 2
    assert b"ISO 8601" in moment.stderr


def test_nothing_heavy_is_loaded() -> None:
    code = """if True:
        import sys
        from datetime import UTC, datetime
        from zoneinfo import ZoneInfo
        from bot.commands import when
        when.read("每天早上8点", datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
        heavy = ("aiogram", "sqlalchemy", "scipy", "numpy", "telegram")
        print([name for name in heavy if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout.strip() == b"[]"
