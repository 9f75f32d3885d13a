"""`wayside understand`, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

WAYSIDE = Path(sys.executable).with_name("wayside")
NOW = "2026-05-13T14:20"


def reports(*arguments: str, lines: bytes | None = None) -> list[dict[str, Any]]:
    command = [str(WAYSIDE), "understand", "--now", NOW, *arguments]
    done = subprocess.run(command, input=lines, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_one_line_for_each_text() -> None:
    asked, reminded, talk = reports("哪里能给手机充个电", "后天早上9点提醒我年检", "晚上好呀")
    assert set(asked) == {"text", "intent", "slots", "confidence", "choices"}
    assert (asked["text"], asked["intent"]) == ("哪里能给手机充个电", "find_station")
    assert asked["slots"] == {"service": ["phone_charge"]}
    assert reminded["slots"] == {"when": "后天早上9点", "iso": "2026-05-15T09:00", "what": "年检"}
    assert (talk["intent"], talk["slots"], talk["choices"][0]) == ("none", {}, "none")
    assert all(0 <= report["confidence"] <= 1 for report in (asked, reminded, talk))


def test_lines_on_stdin_and_why() -> None:
    first, second, _broken = reports("--why", lines="A1210 转给城管\n\nhelp me\n".encode() + b"\xff\n")
    assert first["why"][0] == {"kind": "rule", "piece": "receipt number", "weight": 3.0}
    assert (second["text"], second["intent"]) == ("help me", "help")
