"""A mutant: a changed certificate and what a verifier must say of it."""
from __future__ import annotations

import enum
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from proofmark_testing.certificates import Certificate, changed, positions, render, tokens, value_at

Item = TypeVar("Item")


class Verified(enum.Enum):
    """What it means when a mutant is verified."""

    NEVER = "it says something that cannot be proved: verified, it has survived"
    IF_TRUE = "it may be provable: verified, it is harmless if what it says is true, and has survived otherwise"
    ALWAYS = "it says the same or less: it must be verified"


@dataclass(frozen=True)
class Mutant:
    """`codes` are the reasons for which it may be refused."""

    kind: str
    where: str
    content: Callable[[], bytes]
    codes: frozenset[str]
    verified: Verified = Verified.NEVER


@dataclass(frozen=True)
class Shown:
    """Of a step: its sum of the loss, correct inputs and least margin, each where it states that; and what closing it takes."""

    loss: tuple[Fraction, Fraction] | None
    correct: tuple[int, int] | None
    margin: Fraction | None
    operations: int


@dataclass(frozen=True)
class Subject:
    """A good certificate. `own`: for each step what the verifier itself shows at best."""

    certificate: Certificate
    raw: bytes
    own: dict[int, Shown] = field(default_factory=dict)
    decisive: bool = True                        # `own` is what the verifier can show at best, not only at first
    rng: random.Random = field(default_factory=random.Random)
    sample: int = 100

    def pick(self, items: Sequence[Item]) -> list[Item]:
        """At most `sample` of them, in their order."""
        if len(items) <= self.sample:
            return list(items)
        return [items[i] for i in sorted(self.rng.sample(range(len(items)), self.sample))]

    @property
    def by(self) -> str:
        """What its steps are ranges of."""
        return "inputs" if "inputs" in self.certificate["steps"][0] else "labels"

    @property
    def n(self) -> int:
        return positions(self.certificate)

    @property
    def V(self) -> int:
        return tokens(self.certificate)


Mutants = Iterator[Mutant]


def never(kind: str, where: str, target: Any, codes: str) -> Mutant:
    return Mutant(kind, where, lambda: render(target), frozenset(codes.split()))


def if_true(kind: str, where: str, target: Any, codes: str) -> Mutant:
    return Mutant(kind, where, lambda: render(target), frozenset(codes.split()), Verified.IF_TRUE)


def always(kind: str, where: str, target: Any) -> Mutant:
    return Mutant(kind, where, lambda: render(target), frozenset(), Verified.ALWAYS)


def moved(target: Certificate, path: str, by: int) -> Certificate:
    return changed(target, path, value_at(target, path) + by)


def renumbered(target: Certificate) -> Certificate:
    """A copy whose steps have their positions as ids."""
    return changed(target, "/steps", [step | {"id": i} for i, step in enumerate(target["steps"])])


def places(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """JSON pointers of everything in a document, the whole first."""
    yield path, value
    items: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places(one, f"{path}/{key}")
