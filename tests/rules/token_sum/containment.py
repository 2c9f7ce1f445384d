"""End to end: the verifier's enclosures contain the true sum of the loss, to 450 bits, and are narrow.

Random and wild models with loose declared intervals; what `--verbose` prints is compared with second_opinion/enclosure.py,
which goes by the definition, its counts of correct inputs must be exact, and its least margins nearly so. Every model is proved a second time by `convexity@1`,
whose upper end must lie on or above the bound of its theorem, and close to it; its lower end is 0, and of correct inputs it confirms
what that bound leaves, or one fewer a label where the quotient is nearly a whole number.
"""
from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction

from gmpy2 import mpq

from proofmark_testing import models
from proofmark_testing.certificates import Certificate, Part, certificate, claim, count, render
from proofmark_testing.context import Context
from proofmark_testing.losses import correct_inputs, least_margin, tied_inputs
from proofmark_testing.models import Model, logit_matrix
from proofmark_testing.verifier import ENGINES, StepLine, step_lines
from rules.token_sum.second_opinion import enclosure

LOOSE, FAR = ["0x0p+0", "0x1p+16383"], "-0x1p+16383"
NARROW = Fraction(1, 10**12)
DOUBLE = Fraction(1, 2**50)                      # of the engine of doubles, relative to the largest logit
BITS = (450, 4000)
Number = Callable[[random.Random], float]
Models = Callable[[], Iterator[tuple[str, Model, int]]]


def check(context: Context, name: str, weights: Model, n: int) -> None:
    """Once by the rules that enclose the loss, once by the rule that bounds it from above."""
    parts = partition(random.Random(name), models.shape(weights)[0], n)
    check_parts(context, name, weights, n, parts)
    check_parts(context, name, weights, n, [("convexity@1", start, end) for _, start, end in parts])


def check_parts(context: Context, name: str, weights: Model, n: int, parts: list[Part]) -> None:
    V, d = models.shape(weights)
    M = logit_matrix(weights)
    exact = [[mpq(value) for value in row] for row in M]
    path = context.temporary / "loose.json"
    path.write_bytes(render(loose(weights, n, parts)))
    truths = [functools.cache(functools.partial(enclosure.convexity_bound if rule == "convexity@1" else enclosure.loss_sum,
                                                exact, n, (start, end))) for rule, start, end in parts]
    correct = [enclosure.correct_by_loss(exact, n, (start, end)) if rule == "convexity@1" else correct_inputs(M, n, (start, end))
               for rule, start, end in parts]
    for engine in ENGINES:
        narrow = NARROW + (DOUBLE * n * max(abs(value) for row in M for value in row) if engine == "fast" else 0)
        outcome = context.verifier.run(path, "--engine", engine, "--verbose")
        title = f"containment: {name} V={V} d={d} n={n} ({engine})"
        lines = step_lines(outcome)
        if not context.check(outcome.verdict == "VERIFIED" and len(lines) == len(parts), title, outcome.shown()):
            continue
        for i, (rule, start, end) in enumerate(parts):
            where, inputs = f"{title}: {rule} on labels {start} to {end}", end**n - start**n
            if rule == "convexity@1":
                bounds(context, where, lines[i], truths[i], inputs, narrow)
                fewer = (end - start) + math.ceil(2 * narrow * (inputs + lines[i].hi))
                least, most = lines[i].correct
                context.check(correct[i] - fewer <= least <= correct[i] and most == inputs, f"{where}: correct inputs",
                                    f"found {lines[i].correct}, the bound leaves {correct[i]}")
            else:
                contains(context, where, lines[i], truths[i], inputs, narrow)
                least, most = lines[i].correct
                context.check(least == correct[i] and correct[i] <= most <= correct[i] + tied_inputs(M, n, (start, end)), f"{where}: correct inputs",
                                    f"found {lines[i].correct}, true {correct[i]}")
                if V > 1:
                    margin, size = least_margin(M, n, (start, end)), 1 + n * max(abs(value) for row in M for value in row)
                    context.check(margin - NARROW * size <= lines[i].margin <= margin, f"{where}: least margin", f"found {lines[i].margin}, true {margin}")


def loose(weights: Model, n: int, parts: list[Part]) -> Certificate:
    """Any loss, any number of correct inputs, and any margin of rules that have one."""
    target = certificate(weights, n, parts, False, [LOOSE] * len(parts))
    for step, (rule, start, end) in zip(target["steps"], parts):
        step["correct"] = [0, count(end**n - start**n)]
        if rule != "convexity@1" and len(logit_matrix(weights)) > 1:
            step["margin"] = FAR
    return target | {"claims": [claim("length", "upper", str(2**50))]}


def contains(context: Context, title: str, line: StepLine, truth: Callable[[int], tuple], inputs: int, narrow: Fraction) -> None:
    """`truth(bits)` encloses the true sum, so closely in the end that it lies inside or outside as a whole, or at an end."""
    lo, hi = mpq(line.lo), mpq(line.hi)
    for bits in BITS:
        below, above = truth(bits)
        if lo <= below and above <= hi:
            break
    context.check(lo <= above and below <= hi, f"{title}: contains the sum", f"sum  {below:.40g}",
                        f"from {float(line.lo)!r} = {line.texts[0]}", f"to   {float(line.hi)!r} = {line.texts[1]}")
    width, scale = line.hi - line.lo, inputs + line.hi
    context.check(width <= narrow * scale, f"{title}: is narrow", f"width {float(width)!r} for {inputs} inputs")


def bounds(context: Context, title: str, line: StepLine, bound: Callable[[int], tuple], inputs: int, narrow: Fraction) -> None:
    """`bound(bits)` encloses what the rule's theorem puts above the sum."""
    hi = mpq(line.hi)
    for bits in BITS:
        below, above = bound(bits)
        if above <= hi:
            break
    context.check(above <= hi, f"{title}: is no less than the theorem's bound", f"bound {below:.40g}",
                        f"found {float(line.hi)!r} = {line.texts[1]}")
    excess, scale = hi - mpq(below), inputs + line.hi
    context.check(excess <= narrow * scale, f"{title}: is close to the theorem's bound", f"excess {float(excess)!r} for {inputs} inputs")
    context.check.equal(line.texts[0], "0x0p+0", f"{title}: says nothing from below")


def partition(rng: random.Random, V: int, n: int) -> list[Part]:
    """Rules alternate, except where enumeration would take too long."""
    cuts = sorted({0, V, rng.randrange(V + 1), rng.randrange(V + 1)})
    rules = ("symmetry@1", "enumeration@1") if n <= 12 else ("symmetry@1",) * 2
    return [(rules[(i + V) % 2], start, end) for i, (start, end) in enumerate(zip(cuts, cuts[1:]))]


# -- models --------------------------------------------------------------------------------------------------------

def few_roundings() -> Iterator[tuple[str, Model, int]]:
    """Two tokens and nearly equal logits: so few operations round that a single one in the wrong direction shows now and then.

    Many positions: only the products of many exponentials round often.
    """
    rng = random.Random("few roundings")
    for n, models_made in ((1, 100), (2, 60), (3, 60), (9, 20), (50, 40)):
        for i in range(models_made):
            embedding = [[rng.uniform(-1, 1) / n for _token in range(2)]]
            yield f"few roundings {i}", models.model("float64", embedding, [[1.0]], [[0.0], [rng.uniform(0.1, 0.6)]]), n


def uniform(size: float) -> Number:
    return lambda rng: rng.uniform(-size, size)


def ordinary() -> Iterator[tuple[str, Model, int]]:
    rng = random.Random("ordinary")
    for n, sizes in ((1, (2, 3, 8, 33)), (2, (2, 3, 5, 7, 16, 17, 31, 33)), (3, (2, 3, 5, 9, 13)), (4, (2, 3, 5)), (6, (2, 3)), (40, (2,))):
        for V in sizes:
            dtype = rng.choice(("float16", "bfloat16", "float32", "float64"))
            yield dtype, models.random_model(rng, V, rng.randint(1, 6), dtype, uniform(1.0)), n


def wild() -> Iterator[tuple[str, Model, int]]:
    rng = random.Random("wild")
    for V in (3, 9):
        for n in (1, 2, 3):
            yield "hundreds of nats", models.random_model(rng, V, 2, "float32", uniform(8.0)), n
            yield "thousands of nats", models.random_model(rng, V, 2, "float64", uniform(25.0)), n
            yield "nearly 2^20 nats", models.random_model(rng, V, 1, "float32", uniform(79.0)), n
            yield "full float64 of wide exponents", models.random_model(rng, V, 4, "float64", wide(-200, 0)), n
            yield "subnormal float16", models.random_model(rng, V, 2, "float16", wide(-24, -14)), n
            yield "subnormal float64", models.random_model(rng, V, 2, "float64", wide(-1074, -1000)), n
            yield "small integers, many ties", models.random_model(rng, V, 2, "bfloat16", lambda source: float(source.randint(-1, 1))), n
            yield "zeros", models.random_model(rng, V, 2, "float32", lambda _source: 0.0), n
            yield "1e30 and 1e-30", balanced(rng, V), n
            yield "huge common offset", offset(rng, V), n
    for n in (1, 2, 5, 64):
        yield "one token", models.random_model(rng, 1, 3, "float64", uniform(1e3)), n
    for n in (1, 2, 3):
        yield "small losses", confident(6, 40.0), n
        yield "tiny losses", confident(5, 3000.0), n
        yield "differences of one unit in the last place", neighbours(), n


def wide(low: int, high: int) -> Number:
    return lambda rng: rng.uniform(-2, 2) * 2.0 ** rng.randint(low, high)


def balanced(rng: random.Random, V: int) -> Model:
    """Products of 1e30 and 1e-30: ordinary logits from extraordinary weights."""
    return models.model("float64", [[rng.uniform(-1e30, 1e30) for _ in range(V)], [rng.uniform(-1e-30, 1e-30) for _ in range(V)]],
                        [[1e-30, 0.0], [0.0, 1e30]], [[rng.uniform(-2, 2), rng.uniform(-2, 2)] for _ in range(V)])


def offset(rng: random.Random, V: int) -> Model:
    """Every logit carries 2^90 more than what tells it from the others."""
    return models.model("float64", [[2.0**90] * V, [rng.uniform(-1, 1) for _ in range(V)]],
                        [[1.0, 0.0], [0.0, 1.0]], [[1.0, rng.uniform(-4, 4)] for _ in range(V)])


def confident(V: int, size: float) -> Model:
    """Token a asks for output a, a larger token more loudly: nearly every input is classified correctly."""
    embedding = [[size * 3.0**a if a == k else 0.0 for a in range(V)] for k in range(V)]
    identity = [[float(i == k) for k in range(V)] for i in range(V)]
    return models.model("float32", embedding, identity, identity)


def neighbours() -> Model:
    one = 1.0 + 2.0**-52
    return models.model("float64", [[1.0, one, 1.0, one]], [[one]], [[1.0], [one], [1.0], [one + 2.0**-52]])
