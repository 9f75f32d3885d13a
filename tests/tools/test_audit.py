"""What the audit of dependencies says, and when it holds a change up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.audit import verdict

WELL = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
ILL = {"name": "pillow", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "tzdata", "skip_reason": "not found"}


def report(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


@pytest.mark.parametrize(
    ("told", "said", "passes"),
    [
        ("", "NOT AUDITED", True),
        ("Traceback (most recent call last):", "NOT AUDITED", True),
        (report(UNKNOWN, UNKNOWN), "NOT AUDITED", True),
        (report(WELL), "1 dependencies audited, 0 known flaws", True),
        (report(WELL, UNKNOWN), "Not audited: tzdata", True),
        (report(WELL, ILL), "pillow 1.0: CVE-1, mended in 1.1", False),
        (report(ILL, UNKNOWN), "pillow 1.0: CVE-1, mended in 1.1", False),
    ],
)
def test_only_a_known_flaw_holds_a_change_up(told: str, said: str, passes: bool) -> None:
    lines, is_well = verdict(told)
    assert said in "\n".join(lines)
    assert is_well is passes
