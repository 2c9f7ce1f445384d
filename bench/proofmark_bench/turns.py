"""Tasks take turns, round by round, so that a busy machine hurts all of them alike. Finished runs are kept, and not repeated."""
from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

LONG = 60.0   # seconds: what takes longer in its first round is not repeated
TRUSTED = 10.0   # seconds that runs must have taken before this machine's speed outweighs the expected one


@dataclass(frozen=True)
class Task:
    name: str
    expected: float                           # seconds on the machine of docs/performance.md, for the time left
    taken: Callable[[int], float | None]      # seconds of an earlier run of this round, if there is one
    run: Callable[[int], str]                 # measures, keeps the row, and says what came out

    def wanted(self, round_: int) -> bool:
        first = self.taken(1)
        return self.taken(round_) is None and not (round_ > 1 and first is not None and first > LONG)


class Progress:
    """One line a finished run; the time left on standard error where that is a terminal."""

    def __init__(self, rounds: int, tasks: list[Task]) -> None:
        self.left = [(task, round_) for round_ in range(1, rounds + 1) for task in tasks if task.wanted(round_)]
        self.kept = sum(task.taken(round_) is not None for round_ in range(1, rounds + 1) for task in tasks)
        self.spent = self.expected = 0.0

    def starting(self, task: Task, round_: int) -> None:
        if not sys.stderr.isatty():
            return
        scale = (self.spent + TRUSTED) / (self.expected + TRUSTED)
        ahead = sum(other.expected for other, r in self.left if not (r > 1 and other.expected * scale > LONG))
        print(f"\r\033[K{task.name}, round {round_}; {len(self.left)} runs, about {ahead * scale:.0f} s left", end="", file=sys.stderr, flush=True)

    def finished(self, task: Task, round_: int, seconds: float, said: str) -> None:
        self.left.remove((task, round_))
        self.spent, self.expected = self.spent + seconds, self.expected + task.expected
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        print(f"{task.name}, round {round_}: {said}", flush=True)


def take_turns(tasks: list[Task], rounds: int) -> None:
    progress = Progress(rounds, tasks)
    if progress.kept:
        print(f"kept: {progress.kept} runs of earlier, {len(progress.left)} to go", flush=True)
    for task, round_ in list(progress.left):
        if not task.wanted(round_):               # its first round, by now, took long
            progress.left.remove((task, round_))
            continue
        progress.starting(task, round_)
        start = time.perf_counter()
        said = task.run(round_)
        progress.finished(task, round_, time.perf_counter() - start, said)
