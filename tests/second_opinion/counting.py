"""Counts operations by walking loops, adding as it goes; no closed formula occurs in a walk. The walks are each family's own."""
from __future__ import annotations

from reading import KINDS, Operations


class OverBudget(Exception):
    """More operations than the certificate declares: no need to count on."""


class Counter:
    """Eight counts; a budget stops a walk that is longer than what was declared."""

    def __init__(self, budget: int = 2**63) -> None:
        self.counts: Operations = dict.fromkeys(KINDS, 0)
        self.left = budget

    def __call__(self, kind: str, times: int) -> None:
        self.counts[kind] += times
        self.left -= times
        if self.left < 0:
            raise OverBudget


def conclusion(steps: int, claims: int, with_correct: bool) -> Operations:
    count = Counter()
    for _step in range(steps):
        for _end in ("lower", "upper"):
            count("add", 1)
            count("compare", 1)
        if with_correct:
            count("add", 1)
            count("compare", 1)
    for _claim in range(claims):
        count("mul", 1)
        count("compare", 1)
    return count.counts
