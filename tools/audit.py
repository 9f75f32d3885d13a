"""Ask what is known against the exact versions that we use: `make audit`, and with the checks of a change.

A network that does not know is no flaw of ours: that is said in a line, and passes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

WORDS = (
    "--disable-pip",
    "--requirement",
    "requirements.lock",
    "--format",
    "json",
    "--progress-spinner",
    "off",
)


def main() -> None:
    """Ask, say, and exit 1 where something is known."""
    done = subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, "-m", "pip_audit", *WORDS], capture_output=True, text=True, check=False
    )
    lines, is_well = verdict(done.stdout)
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(0 if is_well else 1)


def verdict(report: str) -> tuple[list[str], bool]:
    """What to say of a report of pip-audit, and whether it may pass."""
    try:
        found: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return ["NOT AUDITED: the list of known flaws is out of reach."], True
    flaws = [_flaw(one, flaw) for one in found for flaw in one.get("vulns", ())]
    unknown = [one["name"] for one in found if "skip_reason" in one]
    if len(unknown) == len(found):
        return ["NOT AUDITED: nobody in reach knows these packages."], True
    said = [f"{len(found) - len(unknown)} dependencies audited, {len(flaws)} known flaws."]
    if unknown:
        said.append(f"Not audited: {', '.join(unknown)}")
    return [*said, *flaws], not flaws


def _flaw(one: dict[str, Any], flaw: dict[str, Any]) -> str:
    mended = ", ".join(flaw.get("fix_versions", ())) or "nowhere yet"
    return f"{one['name']} {one['version']}: {flaw['id']}, mended in {mended}"


if __name__ == "__main__":
    main()
