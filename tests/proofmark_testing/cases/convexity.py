"""Steps by `convexity@1`: what it bounds, alone and beside other rules, and what it cannot say."""
from __future__ import annotations

import random
from collections.abc import Iterator

from .. import models
from ..certificates import Certificate, Part, certificate, claim
from ..models import Model
from .case import with_claims

CONVEXITY = "convexity@1"
DTYPES = ("float32", "bfloat16", "float64", "float16")


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (*alone(), *beside_others(), *extremes(), *planted()):
        yield f"convexity-{name}", target


def all_by_convexity(rng: random.Random, V: int) -> list[Part]:
    cuts = sorted({0, V, rng.randrange(V + 1)})
    return [(CONVEXITY, start, end) for start, end in zip(cuts, cuts[1:])]


def sure(V: int, d: int, seed: str, dtype: str = "float32", size: float = 2) -> Model:
    """Token a asks for output a, a larger token more loudly, with noise: the rule confirms some inputs, not all."""
    rng = random.Random(seed)
    scale = size / V

    def noisy(value: float) -> float:
        return value + rng.uniform(-0.25, 0.25)
    embedding = [[noisy(scale * (a + 1) ** 2 if a == k else 0) for a in range(V)] for k in range(d)]
    return models.model(dtype, embedding, [[float(i == k) for k in range(d)] for i in range(d)],
                        [[noisy(float(i == k)) for k in range(d)] for i in range(V)])


def alone() -> Iterator[tuple[str, Certificate]]:
    """Every small n and V; two claims of three need no counts."""
    rng = random.Random("convexity")
    for n in (1, 2, 3, 4):
        for V in (1, 2, 3, 4, 5):
            with_correct = (n + V) % 3 != 0
            target = certificate(sure(V, V, f"{V} {n}", DTYPES[(n + V) % 4], 6), n, all_by_convexity(rng, V), with_correct)
            yield f"V{V}-n{n}{'' if with_correct else '-loss-only'}", target
    for n in (2, 3):
        weights = models.random_model(rng, 4, 2)
        yield f"random-n{n}", certificate(weights, n, all_by_convexity(rng, 4))
        target = certificate(weights, n, [(CONVEXITY, 0, 4)], with_correct=False)
        yield f"upper-alone-n{n}", with_claims(target, target["claims"][:1])
        yield f"lower-0-alone-n{n}", with_claims(target, [claim("cross-entropy", "lower", "0")])
        yield f"one-step-per-label-n{n}", certificate(weights, n, [(CONVEXITY, y, y + 1) for y in range(4)])


def beside_others() -> Iterator[tuple[str, Certificate]]:
    """A lower claim rests on the steps of the other rules alone."""
    three = [(CONVEXITY, 0, 2), ("symmetry@1", 2, 3), ("enumeration@1", 3, 4)]
    for n in (1, 2, 3):
        weights = sure(4, 4, f"mixed {n}", size=6)
        yield f"and-others-n{n}", certificate(weights, n, three)
        yield f"and-others-n{n}-loss-only", certificate(weights, n, [("symmetry@1", 0, 1), (CONVEXITY, 1, 3), (CONVEXITY, 3, 4)], False)
    yield "and-enumeration", certificate(sure(3, 2, "enumeration"), 2, [("enumeration@1", 0, 2), (CONVEXITY, 2, 3)])
    yield "first-label-by-symmetry", certificate(sure(3, 2, "first"), 3, [("symmetry@1", 0, 1), (CONVEXITY, 1, 3)])


def extremes() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("convexity, extremes")
    whole = [(CONVEXITY, 0, 2)]
    for n in (1, 2, 3):
        yield f"zero-n{n}", certificate(zero(), n, whole)
        tiny = models.model("float64", [[1.0, -1.0]], [[2.0**-1074]], [[0.0], [1.0]])
        yield f"subnormal-n{n}", certificate(tiny, n, whole, with_correct=False)
        top = models.model("float64", [[1.0, 1.0]], [[1.0]], [[0.0], [2.0**20]])
        yield f"logit-range-2-to-20-n{n}", certificate(top, n, whole)
    huge = models.model("float32", [[1e30, 1e30], [-1e30, -1e30]], [[1, 0], [0, 1]], [[1, 1], [2.5, 2.5]])
    yield "cancelling-1e30", certificate(huge, 2, whole, with_correct=False)
    for n in (2, 3):
        perfect = models.model("float32", [[8, 0, 0], [0, 32, 0], [0, 0, 128]], *[[[float(i == k) for k in range(3)] for i in range(3)]] * 2)
        yield f"perfect-n{n}", certificate(perfect, n, [(CONVEXITY, 0, 3)])
        worst = models.model("float32", [[8, 16, 32]], [[1]], [[1], [0], [-1]])
        yield f"worst-n{n}", certificate(worst, n, [(CONVEXITY, 0, 3)])
    for V, n in ((2, 20), (2, 62), (2, 64), (3, 41), (3, 64)):
        yield f"many-V{V}-n{n}", certificate(models.random_model(rng, V, 1), n, [(CONVEXITY, 0, V)])
    for n in (20, 62, 64):
        yield f"many-nearly-all-correct-V2-n{n}", nearly_all_correct(n)


def zero() -> Model:
    """Every loss is ln 2: the quotient by ln 2 is a whole number, and no input is correct."""
    return models.model("float32", [[0, 0]], [[0]], [[0], [0]])


def loud_maximum() -> Model:
    """Token 1 asks for output 1 louder than 64 tokens 0 can for output 0, though not by much."""
    return models.model("float32", [[1, 0], [0, 1]], [[1, 0], [0, 1]], [[1, 0], [0, 64]])


def nearly_all_correct(n: int) -> Certificate:
    return certificate(loud_maximum(), n, [(CONVEXITY, 0, 2)])


def planted() -> Iterator[tuple[str, Certificate]]:
    """Two steps; the tables plant faults in the second, of label 3."""
    for n in (1, 2, 3, 4):
        yield f"planted-n{n}", certificate(sure(4, 4, f"planted {n}", size=6), n, [(CONVEXITY, 0, 3), (CONVEXITY, 3, 4)])
