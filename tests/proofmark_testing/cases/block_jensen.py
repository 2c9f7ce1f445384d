"""Steps by `block-jensen@1`: blocks and multipliers of every kind, what it bounds, and what it cannot say."""
from __future__ import annotations

import random
from collections.abc import Iterator

from .. import models
from ..certificates import Certificate, certificate, claim
from ..witnesses import block_jensen, powers_of_two, random_blocks
from .case import with_claims
from .convexity import sure, zero

RULE = "block-jensen@1"
MULTIPLIERS = [0.5, 2.0, 1.0, 0.25, 4.0, 1.0]


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (*small(), *beside_others(), *extremes(), *planted()):
        yield f"block-jensen-{name}", target


def small() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("block-jensen")
    for V in (1, 2, 3, 5, 6):
        given = random_blocks(rng, V, powers_of_two(-4, 4) if V % 2 else None)
        cuts = sorted({0, V, rng.choice([*given["blocks"].numbers(), V])})
        weights = models.random_model(rng, V, 2, rng.choice(("float16", "bfloat16", "float32", "float64")))
        target = certificate(weights, 2, [(RULE, p, q) for p, q in zip(cuts, cuts[1:])], V % 3 != 0, given=given)
        yield f"random-V{V}{'-multipliers' if V % 2 else ''}{'' if V % 3 else '-loss-only'}", target
    weights = sure(6, 6, "blocks", size=6)
    for name, given in (("one-block", block_jensen([0])), ("a-block-for-each-token", block_jensen(range(6))),
                        ("a-block-for-each-token-multipliers", block_jensen(range(6), MULTIPLIERS)),
                        ("last-token-alone", block_jensen([0, 5]))):
        yield name, certificate(weights, 2, [(RULE, 0, 6)], given=given)
    one = certificate(weights, 2, [(RULE, 0, 6)], False, given=block_jensen([0, 2]))
    yield "upper-alone", with_claims(one, one["claims"][:1])
    yield "lower-0-alone", with_claims(one, [claim("cross-entropy", "lower", "0")])
    yield "one-step-per-block", certificate(weights, 2, [(RULE, 0, 2), (RULE, 2, 3), (RULE, 3, 6)],
                                            given=block_jensen([0, 2, 3], MULTIPLIERS))


def beside_others() -> Iterator[tuple[str, Certificate]]:
    weights = sure(6, 6, "blocks and others", size=6)
    given = block_jensen([0, 2, 4], MULTIPLIERS)
    yield "and-others", certificate(weights, 2, [("symmetry@1", 0, 2), (RULE, 2, 4), ("enumeration@1", 4, 6)], given=given)
    yield "and-convexity", certificate(weights, 2, [("convexity@1", 0, 2), (RULE, 2, 6)], given=given)
    yield "blocks-cut-by-others", certificate(weights, 2, [("symmetry@1", 0, 1), ("convexity@1", 1, 4), (RULE, 4, 6)], given=given)


def extremes() -> Iterator[tuple[str, Certificate]]:
    yield "zero", certificate(zero(), 2, [(RULE, 0, 2)], given=block_jensen([0]))
    perfect = models.model("float32", [[8, 0, 0], [0, 32, 0], [0, 0, 128]], *[[[float(i == k) for k in range(3)] for i in range(3)]] * 2)
    yield "perfect", certificate(perfect, 2, [(RULE, 0, 3)], given=block_jensen(range(3)))
    wide = models.model("float32", [[1, -1, 2]], [[1]], [[1e5], [-1e5], [3e4]])
    yield "hundred-thousand-nats", certificate(wide, 2, [(RULE, 0, 3)], given=block_jensen([0, 1]))
    for dtype, low, high in (("float32", 2.0**-149, 2.0**127), ("float64", 2.0**-1074, 2.0**1023)):
        given = block_jensen([0, 2], [low, high] * 2, dtype)
        yield f"multipliers-{dtype}-far-apart", certificate(sure(4, 4, dtype), 2, [(RULE, 0, 4)], given=given)


def planted() -> Iterator[tuple[str, Certificate]]:
    """Two steps; the tables plant faults in the second, of the labels 4 and 5."""
    weights, multipliers = sure(6, 6, "planted", size=6), [2.0, 1.0, 1.0, 0.5, 1.0, 2.0]
    for name, given in (("", block_jensen([0, 2, 4])), ("-multipliers", block_jensen([0, 2, 4], multipliers)), ("-five-blocks", block_jensen([0, 2, 3, 4, 5], multipliers))):
        yield f"planted{name}", certificate(weights, 2, [(RULE, 0, 4), (RULE, 4, 6)], given=given)
