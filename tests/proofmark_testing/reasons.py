"""Reason codes and their verdicts, read from schema/reasons.md: the page is the list."""
from __future__ import annotations

import functools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXIT = {"VERIFIED": 0, "JOINED": 0, "PARTIAL": 0, "REJECTED": 1, "DECLINED": 2, "MALFORMED": 3}
FOLDER = {"VERIFIED": "accept", "REJECTED": "reject", "DECLINED": "decline", "MALFORMED": "malformed"}


@functools.cache
def verdicts() -> dict[str, str]:
    """Reason code -> verdict, for the first three tables."""
    result: dict[str, str] = {}
    verdict = ""
    for line in (ROOT / "schema" / "reasons.md").read_text().splitlines():
        if line.startswith("## "):
            verdict = re.search(r"`s ([A-Z]+)`", line).group(1)
        row = re.match(r"\| `([a-z0-9-]+)` \|", line)
        if row and verdict in EXIT:
            result[row.group(1)] = verdict
    return result


def verdict_of(code: str) -> str:
    return "VERIFIED" if code == "accept" else verdicts()[code]


def folder_of(code: str) -> str:
    return FOLDER[verdict_of(code)]
