"""Runs every mutant of a certificate and judges the answers: killed, harmless, survived, or refused where or as it should not be."""
from __future__ import annotations

import concurrent.futures
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from proofmark_testing.certificates import tokens
from proofmark_testing.verifier import ENGINES, Outcome, Verifier, step_lines, well_formed
from . import documents, hints, networks, proof, shapes, tensors
from .mutant import Mutant, Mutants, Shown, Subject, Verified
from .truth import Truth

VERDICTS = ("killed", "harmless", "survived", "wrong")
SMALL = 64                                       # vocabulary: both engines are quick


class NotGood(Exception):
    """The certificate to mutate is not verified, or what is verified is false."""


@dataclass
class Report:
    """Counts by class; what went wrong, in words."""

    counts: dict[str, Counter] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, mutant: Mutant, verdict: str, details: str) -> None:
        self.counts.setdefault(mutant.kind, Counter())[verdict] += 1
        if verdict in ("survived", "wrong"):
            self.failures.append(f"{verdict}: {mutant.kind}: {mutant.where}: {details}")

    def total(self) -> Counter:
        return sum(self.counts.values(), Counter())

    def merge(self, other: Report) -> None:
        for kind, counts in other.counts.items():
            self.counts[kind] = self.counts.get(kind, Counter()) + counts
        self.failures += other.failures

    def table(self) -> str:
        width = max(len(kind) for kind in [*self.counts, "class"])
        head = f"{'class':{width}}  {'mutants':>7}" + "".join(f"  {verdict:>8}" for verdict in VERDICTS)
        lines = [head, "-" * len(head)]
        for kind, counts in [*sorted(self.counts.items()), ("all", self.total())]:
            lines.append(f"{kind:{width}}  {sum(counts.values()):7d}" + "".join(f"  {counts[verdict]:8d}" for verdict in VERDICTS))
        return "\n".join(lines)


def subject_of(verifier: Verifier, raw: bytes, seed: int, sample: int, options: tuple[str, ...] = ()) -> Subject:
    outcome = verifier.run("-", *options, stdin=raw)
    if outcome.verdict != "VERIFIED":
        raise NotGood(outcome.shown())
    certificate = json.loads(raw.decode())
    small = tokens(certificate) <= SMALL
    engines = [("--engine", engine) for engine in ENGINES] if small else [options]
    found = [step_lines(verifier.run("-", "--verbose", *asked, stdin=raw)) for asked in engines]
    own = {}
    for i in range(len(certificate["steps"])):
        lines = [lines[i] for lines in found if i in lines]
        if len(lines) == len(found):
            first = lines[0]
            own[i] = Shown(first.texts and (max(line.lo for line in lines), min(line.hi for line in lines)),
                           first.correct and (max(line.correct[0] for line in lines), min(line.correct[1] for line in lines)),
                           None if first.margin is None else max(line.margin for line in lines), max(line.operations for line in lines))
    return Subject(certificate, raw, own, small, random.Random(seed), sample)


def mutants(subject: Subject) -> Mutants:
    """Those that differ from the certificate."""
    for part in (documents, proof, shapes, networks, tensors, hints):
        yield from part.mutants(subject)


def run(verifier: Verifier, subject: Subject, options: tuple[str, ...] = (), jobs: int = 1) -> Iterator[tuple[Mutant, Outcome]]:
    """Every mutant with the verifier's answer; few at a time, since a mutant may be large."""
    def one(mutant: Mutant) -> tuple[Mutant, Outcome]:
        return mutant, verifier.run("-", *options, stdin=mutant.content())
    rest = mutants(subject)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        while some := list(itertools.islice(rest, 8 * jobs)):
            yield from pool.map(one, some)


def judged(results: Iterable[tuple[Mutant, Outcome]], truth: Truth) -> Report:
    report = Report()
    for mutant, outcome in results:
        report.add(mutant, *judge(mutant, outcome, truth))
    return report


def judge(mutant: Mutant, outcome: Outcome, truth: Truth) -> tuple[str, str]:
    """The verdict on one answer, and details of one that is not as it should be."""
    if (shape := well_formed(outcome)) or outcome.exit not in (0, 1, 2, 3) or " " in outcome.verdict:
        return "wrong", f"{shape} {outcome.shown()}"
    if outcome.verdict == "VERIFIED":
        if mutant.verified is Verified.NEVER:
            return "survived", mutant.verified.value
        doubt = truth.doubt(mutant.content())
        harmless = doubt is None or mutant.verified is Verified.ALWAYS and not doubt.false
        return ("harmless", "") if harmless else ("survived", doubt.why)
    if mutant.verified is Verified.ALWAYS:
        return "wrong", f"refused ({outcome.reason}) though {mutant.verified.value}"
    if outcome.reason not in mutant.codes:
        return "wrong", f"refused for {outcome.reason}, not for one of {', '.join(sorted(mutant.codes)) or 'none'}"
    return "killed", ""
