"""Counts checks. Quiet about success, precise about failure."""
from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """`quiet` tallies count for another test: the runner feeds them to dummy verifiers that must fail."""

    quiet: bool = False
    passed: int = 0
    failures: list[str] = field(default_factory=list)

    def check(self, condition: bool, name: str, *details: object) -> bool:
        if condition:
            self.passed += 1
        else:
            self.failures.append(name)
            if not self.quiet:
                print(f"FAILED {name}")
                for line in details:
                    print(f"    {line}", flush=True)
        return condition

    def equal(self, found: object, expected: object, name: str, *details: object) -> bool:
        return self.check(found == expected, name, f"expected {expected!r}", f"found    {found!r}", *details)

    def summary(self) -> str:
        return f"{self.passed} passed, {len(self.failures)} failed"
