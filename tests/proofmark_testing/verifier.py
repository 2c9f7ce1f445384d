"""Runs a verifier as a black box: exit code, lines of standard output, standard error."""
from __future__ import annotations

import functools
import os
import re
import resource
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .encodings import parse_hexadecimal
from .reasons import EXIT

ENGINES = ("fast", "reference")
TIMEOUT = 600                                        # a guard against hanging and no measure: machines are loaded
MEMORY = 6 * 2**30
REASON = re.compile(r"c reason ([a-z0-9-]+)(?: at (/\S*))?")
STEP = re.compile(r"c step ([0-9]+)(?: loss \[(\S+), (\S+)\])?(?: correct ([0-9]+) ([0-9]+))?(?: margin (\S+))? operations ([0-9]+) of ([0-9]+)(?:, slack [0-9.e+]+)?$")


@dataclass(frozen=True)
class Outcome:
    exit: int
    output: str
    errors: str

    @property
    def lines(self) -> list[str]:
        return self.output.splitlines()

    @property
    def verdict(self) -> str:
        """What the first line and the exit code say together; a contradiction is none of the verdicts."""
        first = self.lines[0] if self.lines else ""
        word = first.removeprefix("s ")
        return word if first == f"s {word}" and EXIT.get(word) == self.exit else f"exit {self.exit}, first line {first[:80]!r}"

    @property
    def reason(self) -> str | None:
        match = REASON.match(self.lines[1]) if len(self.lines) > 1 else None
        return match.group(1) if match else None

    def shown(self) -> str:
        return f"exit {self.exit}; output {self.output[:400]!r}; errors {self.errors[:400]!r}"


@dataclass(frozen=True)
class StepLine:
    """A line of --verbose: the verifier's own enclosure of the loss, counts and margin, where the step states such, and operations."""

    lo: Fraction | None
    hi: Fraction | None
    texts: tuple[str, str] | None
    correct: tuple[int, int] | None         # at least, at most
    margin: Fraction | None
    operations: int                         # performed
    budget: int


class Verifier:
    def __init__(self, path: Path | str, limit_memory: bool = True) -> None:
        self.path = str(Path(path).resolve())
        self.memory = MEMORY if limit_memory else resource.RLIM_INFINITY

    def run(self, *arguments: object, stdin: bytes | Path | None = b"", timeout: float = TIMEOUT, largest_file: int | None = None,
            **options: Any) -> Outcome:
        """`stdin` is content or a file, and None closes it; `options` go to subprocess.run."""
        command = [self.path, *(str(argument) for argument in arguments)]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        limited = self.memory != resource.RLIM_INFINITY or stdin is None or largest_file is not None
        prepare = functools.partial(limit, self.memory, stdin is None, largest_file) if limited else None     # without, a start is much quicker
        try:
            if isinstance(stdin, Path):
                with stdin.open("rb") as source:
                    done = subprocess.run(command, stdin=source, timeout=timeout, preexec_fn=prepare, **streams)
            else:
                done = subprocess.run(command, input=stdin, timeout=timeout, preexec_fn=prepare, **streams)
        except subprocess.TimeoutExpired:
            return Outcome(-1, "", f"no answer within {timeout} s")
        return Outcome(done.returncode, readable(done.stdout), readable(done.stderr))


def limit(memory: int, close_stdin: bool, largest_file: int | None) -> None:
    """Bounds what the verifier may use; a file that outgrows `largest_file` is a full disk to it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if largest_file is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    if close_stdin:
        os.close(0)


def readable(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "backslashreplace")


def step_lines(outcome: Outcome) -> dict[int, StepLine]:
    result = {}
    for line in outcome.lines:
        match = STEP.match(line)
        if match:
            step, lo, hi, least, most, margin, operations, budget = match.groups()
            result[int(step)] = StepLine(lo and parse_hexadecimal(lo), hi and parse_hexadecimal(hi), lo and (lo, hi), least and (int(least), int(most)),
                                         margin and parse_hexadecimal(margin), int(operations), int(budget))
    return result


def well_formed(outcome: Outcome) -> Sequence[str]:
    """What is wrong with the shape of the output: one verdict first, then comments, all in printable ASCII."""
    wrong = []
    if sum(line.startswith("s ") for line in outcome.lines) != 1:
        wrong.append("not exactly one verdict line")
    if not all(line.startswith("c ") or line == "c" for line in outcome.lines[1:]):
        wrong.append("a line after the first does not start with c")
    if not all(" " <= character <= "~" for line in outcome.lines for character in line) or "\r" in outcome.output:
        wrong.append("output is not printable ASCII")
    if not outcome.output.endswith("\n"):
        wrong.append("output does not end with a newline")
    return wrong
