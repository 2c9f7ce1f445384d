"""Counts the single checks of a test, and keeps what failed: no failure hides another."""
from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Checks:
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)           # parts that this machine has no means for

    def __call__(self, condition: bool, name: str, *details: object) -> bool:
        if condition:
            self.passed += 1
        else:
            self.failures.append("\n    ".join([f"FAILED {name}", *map(str, details)]))
        return condition

    def equal(self, found: object, expected: object, name: str, *details: object) -> bool:
        return self(found == expected, name, f"expected {expected!r}", f"found    {found!r}", *details)

    def skip(self, why: str) -> None:
        self.skipped.append(why)

    def summary(self) -> str:
        return f"{self.passed} passed, {len(self.failures)} failed"
