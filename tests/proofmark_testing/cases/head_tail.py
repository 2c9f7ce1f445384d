"""Steps by `head-tail@1`: every optional witness, what it bounds from both sides, and what it confirms."""
from __future__ import annotations

import random
from collections.abc import Iterator
from math import comb

from .. import models
from ..certificates import Certificate, Part, certificate
from ..models import Matrix, Model
from ..witnesses import Witnesses, block_jensen, head_tail, largest_first, powers_of_two, random_head_tail, tangent
from .convexity import sure, zero

RULE = "head-tail@1"
SIZES = {2: 6, 3: 5, 4: 4}                  # V of the certificates for each n
OPTIONS = ("levels", "exact", "groups", "weights", "multipliers")


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (*options(), *randoms(), *boundaries(), *beside_others(), *extremes(), *planted()):
        yield f"head-tail-{name}", target
    yield "head-tail-4096-norms", norms(64, 64)


def norms(V: int, sizes: int) -> Certificate:
    """As many column groups as outputs, as many levels as sizes."""
    weights = models.random_model(random.Random(f"norms {V}"), V, 1)
    given = head_tail([list(range(sizes))] * V, range(1, sizes + 1), groups=range(V))
    return certificate(weights, 2, whole(V), with_correct=False, given=given, intervals=[["0x0p+0", "0x1p+60"]])


def whole(V: int) -> list[Part]:
    return [(RULE, 0, V)]


def good(n: int, wanted: str = "") -> tuple[Model, Witnesses]:
    """A model that is right about many inputs, its largest outputs as heads, and the optional witnesses named."""
    V = SIZES[n]
    weights = sure(V, V, f"head-tail {n}", size=2.5)
    M, rng = models.logit_matrix(weights), random.Random(f"{n} columns")
    groups, scale = [rng.randrange(2) for _output in range(V)], [powers_of_two(-2, 2)(rng) for _output in range(V)]
    rng = random.Random(f"{n} levels")
    sizes = [1, 2, V] if "exact" in wanted else [1, 2] if "levels" in wanted else [2]
    return weights, head_tail(
        largest_first(M, 3), sizes,
        [rng.randrange(len(sizes)) for _input in range(comb(V + n - 1, n))] if len(sizes) > 1 else None,
        groups if "groups" in wanted else None, scale if "weights" in wanted and n <= 3 else None,
        tangent(M) if "multipliers" in wanted else None)


def options() -> Iterator[tuple[str, Certificate]]:
    """Every optional witness alone, and all of them; two certificates of three have counts."""
    for n, V in SIZES.items():
        for i, wanted in enumerate(("", *OPTIONS, "exact groups weights multipliers")):
            if n <= 3 or wanted in ("", "exact groups weights multipliers"):
                weights, given = good(n, wanted)
                with_correct = (n + i) % 3 != 0
                name = {"": "plain"}.get(wanted, "everything" if " " in wanted else wanted)
                yield (f"{name}-n{n}{'' if with_correct else '-loss-only'}",
                       certificate(weights, n, [(RULE, 0, 2), (RULE, 2, V)], with_correct, given=given))


def randoms() -> Iterator[tuple[str, Certificate]]:
    """Heads, levels, groups, weights and multipliers that nobody would choose."""
    rng = random.Random("head-tail")
    for i in range(8):
        n = (2, 3, 4, 2, 5)[i % 5]
        V = rng.randint(2, 7 - n)
        weights = models.random_model(rng, V, rng.randint(1, 3), rng.choice(("float16", "bfloat16", "float32", "float64")))
        given = random_head_tail(rng, n, V, powers_of_two(-5, 3))
        yield f"random-{i:02d}-V{V}-n{n}", certificate(weights, n, whole(V), rng.random() < 0.7, given=given)


def boundaries() -> Iterator[tuple[str, Certificate]]:
    """Just inside the ranges of the witnesses."""
    rng = random.Random("head-tail, boundaries")
    one = models.random_model(rng, 1, 2)
    yield "V1", certificate(one, 2, whole(1), given=head_tail([[0]], [1]))
    yield "V1-everything", certificate(one, 3, whole(1), given=head_tail([[0]], [1], [0], [0], [0.5], ([2.0], [0.25])))
    for n, V in ((2, 4), (3, 3)):
        weights = models.random_model(rng, V, 2)
        M, inputs = models.logit_matrix(weights), comb(V + n - 1, n)
        every = largest_first(M, V)
        yield f"all-exact-one-column-n{n}", certificate(weights, n, whole(V), given=head_tail([[0]] * V, [V]))
        yield f"all-exact-all-columns-n{n}", certificate(weights, n, whole(V), given=head_tail(every, [V], multipliers=tangent(M)))
        levels = [i % V for i in range(inputs)]
        yield f"every-size-n{n}", certificate(weights, n, whole(V), given=head_tail(every, range(1, V + 1), levels))
        if n == 2:
            yield "union-is-everything", certificate(weights, n, whole(V), given=head_tail([[a] for a in range(V)], [1]))
            yield "last-group-alone", certificate(weights, n, whole(V), given=head_tail(every, [1], groups=[V - 1] * V))
        else:
            yield "a-group-for-each-output", certificate(weights, n, whole(V), given=head_tail(every, [1], groups=range(V)[::-1]))
    weights, given = good(2, "multipliers")
    M = models.logit_matrix(weights)
    u, v = tangent(M)
    for name, multipliers in (
            ("minus-zero", ([-0.0] * 6, [-0.0] * 6)), ("tokens-zero", ([0.0] * 6, v)), 
            ("first-token-zero", ([0.0, *u[1:]], v)), ("last-label-zero", (u, [*v[:-1], 0.0])),
            ("large", (u, [2.0**20] * 6)), ("exactly-1", ([1.0] * 6, [1.0] * 6))):
        yield f"multipliers-{name}", certificate(weights, 2, whole(6), given=head_tail(largest_first(M, 3), [2], multipliers=multipliers))
    for dtype, low, high in (("float32", 2.0**-149, 2.0**127), ("float64", 2.0**-1074, 2.0**1023)):
        yield f"weights-{dtype}-far-apart", certificate(
            weights, 2, whole(6), given=head_tail(largest_first(M, 3), [2], weights=[low, high] * 3, dtype=dtype))
        yield f"multipliers-{dtype}-subnormal", certificate(
            weights, 2, whole(6), given=head_tail(largest_first(M, 3), [2], multipliers=([low] * 6, [low] * 6), dtype=dtype))


def beside_others() -> Iterator[tuple[str, Certificate]]:
    weights, given = good(2, "exact groups weights multipliers")
    all_rules = [("symmetry@1", 0, 1), (RULE, 1, 2), ("block-jensen@1", 2, 3), ("enumeration@1", 3, 4), ("convexity@1", 4, 5), (RULE, 5, 6)]
    both = given | block_jensen([0, 2, 3], [1.0, 2.0, 0.5, 1.0, 4.0, 0.25])
    yield "and-all-other-rules", certificate(weights, 2, all_rules, given=both)
    yield "and-all-other-rules-loss-only", certificate(weights, 2, all_rules, False, given=both)
    yield "one-step-per-label", certificate(weights, 2, [(RULE, y, y + 1) for y in range(6)], given=given)
    yield "and-block-jensen", certificate(weights, 2, [("block-jensen@1", 0, 4), (RULE, 4, 6)], given=given | block_jensen([0, 1, 4]))
    for n in (3, 4):
        weights, given = good(n, "exact groups weights multipliers")
        parts = [("convexity@1", 0, 1), (RULE, 1, 2), ("symmetry@1", 2, 3), (RULE, 3, SIZES[n])]
        yield f"and-others-n{n}", certificate(weights, n, parts, given=given)


def extremes() -> Iterator[tuple[str, Certificate]]:
    yield "zero", certificate(zero(), 2, whole(2), given=head_tail([[0], [1]], [1]))
    yield "zero-multipliers-1", certificate(zero(), 3, whole(2), given=head_tail([[0], [0]], [1], multipliers=([1, 1], [1, 1])))
    for n in (2, 3):
        wide = models.model("float32", [[1, -1, 2]], [[1]], [[1e5], [-1e5], [3e4]])
        M = models.logit_matrix(wide)
        worst = [row[::-1] for row in largest_first(M, 3)]
        yield f"hundred-thousand-nats-worst-heads-n{n}", certificate(wide, n, whole(3), given=head_tail(worst, [1]))
        negative, given, _ = half_below_zero(n)
        yield f"lower-end-below-0-for-one-label-n{n}", certificate(negative, n, whole(3), given=given)


def half_below_zero(n: int) -> tuple[Model, Witnesses, Matrix]:
    """Of the last label the heads see next to nothing, so what they show from below is negative, and more than the others make up."""
    weights = models.model("float32", [[1, 1, 9]], [[1]], [[0], [0.5], [1]])
    return weights, head_tail([[0], [0], [0]], [1]), models.logit_matrix(weights)


def planted() -> Iterator[tuple[str, Certificate]]:
    """Two steps; the tables plant faults in the second, of the last label."""
    for n, V in SIZES.items():
        for name, wanted in (("", "exact groups weights multipliers"), ("-plain", "")):
            weights, given = good(n, wanted)
            yield f"planted{name}-n{n}", certificate(weights, n, [(RULE, 0, V - 1), (RULE, V - 1, V)], given=given)
