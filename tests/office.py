"""The command line as somebody in an office uses it: a shell with settings of its own."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT

# A key for tests, good for nothing else.
KEYS = "test " + base64.b64encode(bytes(range(32))).decode()


class Office:
    """A shell with settings of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "WAYSIDE_TOKEN": "700000001:abcdefghijklmnopqrstuvwxyz0123456789",
            "WAYSIDE_KEYS": KEYS,
            "WAYSIDE_DATABASE_URL": f"sqlite:///{folder}/wayside.sqlite",
        }

    def write(self, name: str, *rows: str) -> None:
        """A CSV file as Excel writes it in China; the first row is the header."""
        (self.folder / name).write_text("\n".join(rows), encoding="gb18030")

    def run(
        self, *words: str, given: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `wayside …`."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env={**self._environment, "PYTHONPATH": str(ROOT), **environment},
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
