"""Steps by `block-jensen@1`: blocks and multipliers of every kind, what it bounds, and what it cannot say."""
from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from .. import losses, models
from ..certificates import Certificate, certificate, changed, claim, value_at
from ..models import Matrix
from ..witnesses import Witnesses, block_jensen, powers_of_two, random_blocks
from .case import Case, case
from .claims import WEAKEST, with_claims
from .convexity import sure, zero
from .head_tail import hints_of, with_end

RULE = "block-jensen@1"
MULTIPLIERS = [0.5, 2.0, 1.0, 0.25, 4.0, 1.0]


def cases() -> Iterator[Case]:
    for name, target in (*small(), *beside_others(), *extremes()):
        yield case("accept", f"block-jensen-{name}", target)
    yield from too_low()
    yield from too_many_correct()
    yield from wrong_blocks()
    yield from wrong_context()


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


# -- bounds and counts ---------------------------------------------------------------------------------------------

def planted(multipliers: bool = True, with_correct: bool = True, given: Witnesses | None = None) -> tuple[Certificate, Matrix]:
    """Two steps; faults go into the second, of the block [4, 6)."""
    weights = sure(6, 6, "planted", size=6)
    given = given or block_jensen([0, 2, 4], [2.0, 1.0, 1.0, 0.5, 1.0, 2.0] if multipliers else None)
    return certificate(weights, 2, [(RULE, 0, 4), (RULE, 4, 6)], with_correct, given=given), models.logit_matrix(weights)


def too_low() -> Iterator[Case]:
    for multipliers in (False, True):
        target, M = planted(multipliers)
        bound, truth = losses.block_jensen_bound(M, hints_of(target), 4, 6), losses.loss_sum(M, 2, (4, 6))
        name = "block-jensen-multipliers" if multipliers else "block-jensen"
        assert truth * (1 + Fraction(1, 2**10)) < bound
        yield case("loss-upper", f"{name}-just-below-its-bound", with_end(target, 1, bound * (1 - losses.WIDENING)))
        yield case("loss-upper", f"{name}-true-but-below-its-bound", with_end(target, 1, truth * (1 + Fraction(1, 2**20))))
    finer, M = planted(given=block_jensen([0, 2, 4, 5]))
    bound = sum(losses.block_jensen_bound(M, hints_of(finer), p, q) for p, q in ((4, 5), (5, 6)))
    assert bound * (1 + losses.WIDENING) < losses.block_jensen_bound(M, hints_of(planted(False)[0]), 4, 6)
    yield case("loss-upper", "block-jensen-of-finer-blocks", with_end(planted(False)[0], 1, bound * (1 + losses.WIDENING)))
    target, M = planted()
    for name, lower in (("smallest", "0x1p-16383"), ("true", "0x1p-20")):
        assert losses.loss_sum(M, 2, (4, 6)) > Fraction(1, 2**20)
        yield case("rule-direction", f"block-jensen-{name}", with_claims(changed(target, "/steps/1/loss/0", lower), WEAKEST))


def too_many_correct() -> Iterator[Case]:
    """Counts are made of whole blocks."""
    target, M = planted(given=block_jensen([0, 2, 3, 4, 5], [2.0, 1.0, 1.0, 0.5, 1.0, 2.0]))
    least, (stated, inputs) = "/steps/1/correct/0", value_at(target, "/steps/1/correct")
    truth = losses.correct_inputs(M, 2, (4, 6))
    assert 0 < stated < truth
    yield case("correct-count", "block-jensen-one-more", changed(target, least, stated + 1))
    yield case("correct-count", "block-jensen-one-less-at-most", changed(target, "/steps/1/correct/1", inputs - 1))
    yield case("correct-count", "block-jensen-true-but-not-by-its-loss", changed(target, least, truth))
    yield case("correct-count", "block-jensen-all-inputs", changed(target, least, inputs))
    tied = certificate(zero(), 2, [(RULE, 0, 2)], given=block_jensen([0, 1]))
    yield case("correct-count", "block-jensen-ties", changed(tied, "/steps/0/correct/0", 1))


# -- blocks and contexts -------------------------------------------------------------------------------------------

def wrong_blocks() -> Iterator[Case]:
    """Steps that cut a block: at their start, at their end, inside one block."""
    target, _ = planted()
    weights = sure(6, 6, "planted", size=6)
    for name, parts in (("end", [(RULE, 0, 3), ("symmetry@1", 3, 6)]), ("start", [("symmetry@1", 0, 3), (RULE, 3, 6)]),
                        ("last-token-alone", [(RULE, 0, 4), ("convexity@1", 4, 5), (RULE, 5, 6)]),
                        ("between-two-steps", [(RULE, 0, 3), (RULE, 3, 6)])):
        loose = [["0x0p+0", "0x1p+20"]] * len(parts)
        yield case("step-blocks", name, certificate(weights, 2, parts, False, loose, block_jensen([0, 2, 4])))
    one = changed(target, "/witnesses/blocks", block_jensen([0])["blocks"].json())
    yield case("step-blocks", "one-block-for-two-steps", one)


def wrong_context() -> Iterator[Case]:
    weights = models.random_model(random.Random("context"), 3, 2)
    for n in (1, 3):
        plain = changed(certificate(weights, n, [("convexity@1", 0, 3)]), "/steps/0/rule", RULE)
        yield case("rule-context", f"block-jensen-n{n}", changed(plain, "/witnesses/blocks", block_jensen([0])["blocks"].json()))
