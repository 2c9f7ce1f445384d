"""Certificates of the shape attention-only that must pass: every rule, every size that is small, every element type, extremes."""
from __future__ import annotations

import random
from collections.abc import Iterator

from rules.attention.bounds import RULES as OF_ATTENTION, WITHOUT_LOSS, best_gaps
from rules.attention.certificates import certificate, loose
from rules.attention.models import copying, model, random_model
from rules.attention.witnesses import filled, gaps, heads, joint, near, some
from ..certificates import Certificate, Part, changed, claim
from ..models import Model
from .case import with_claims

RULES = tuple(OF_ATTENTION)
DTYPES = ("float32", "float16", "float64", "bfloat16")
SIZES = ((1, 1), (2, 1), (6, 1), (2, 2), (3, 2), (5, 2), (6, 2), (1, 3), (3, 3), (4, 3), (2, 4), (3, 4))


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (*alone(), *together(), *extremes(), *far_apart(), *many_inputs(), *claims()):
        yield f"attention-{name}", target


def alone() -> Iterator[tuple[str, Certificate]]:
    """Each rule at some sizes: models like trained ones, and random ones."""
    rng = random.Random("attention, alone")
    for i, rule in enumerate(RULES):
        for j in range(4):
            V, n = SIZES[(5 * i + 3 * j + 2) % len(SIZES)] if j else (4, 3)
            dtype, stated = DTYPES[(i + j) % 4], (i + j) % 5 != 0 or rule in WITHOUT_LOSS
            weights = copying(rng, V, n, dtype) if j % 2 == 0 else random_model(rng, V, n, rng.randint(1, 3), rng.randint(1, 3), dtype)
            given = some([rule], V, n, rng)
            if rule == "subcubic@1" and j % 2 == 0:
                given = gaps(V, n, best_gaps(weights))
            cut = rng.randrange(V + 1)
            parts = [(rule, start, end) for start, end in ((0, cut), (cut, V)) if start < end]
            yield f"{rule.removesuffix('@1')}-V{V}-n{n}-{dtype}{'' if stated else '-loss-only'}", certificate(weights, parts, stated, given, rule == "enumeration@1" and V > 1)


def together() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("attention, together")
    weights = copying(rng, 7, 2)
    given = near([0, 1, 1, 2, 2, 3, 3]) | filled([1] * 7) | gaps(7, 2, best_gaps(weights)) | heads([[(m + 1) % 7, (m + 3) % 7] for m in range(7)]) | joint([1, 0] * 3 + [1])
    parts: list[Part] = [(rule, m, m + 1) for m, rule in enumerate(RULES)]
    target = certificate(weights, parts, True, given)
    yield "every-rule", target
    of_loss = [("enumeration@1", 0, 3), ("soft-near-far@1", 3, 5), ("placements@1", 5, 7)]
    several = {name: one for name, one in given.items() if name != "gaps"}
    yield "every-rule-of-the-loss", certificate(weights, of_loss, True, several)
    yield "every-rule-of-the-loss-alone", certificate(weights, of_loss, False, several)
    yield "witnesses-and-tensors-reversed", changed(changed(target, "/witnesses", dict(reversed(target["witnesses"].items()))), "/model/tensors",
                                                    dict(reversed(target["model"]["tensors"].items())))
    small = copying(rng, 4, 3)
    for name, near_to, more in (("all-near", [0, 1, 2, 3], {}), ("none-near", [0] * 4, {}), ("all-near-heads-joint", [0, 1, 2, 3], heads([[1, 2], [0, 3], [3, 0], [2, 1]]) | joint([1] * 4)),
                                ("none-near-joint", [0] * 4, joint([1] * 4)), ("heads-but-one", [0, 1, 1, 1], heads([[1, 2], [2, 0], [0, 1], [1, 2]]))):
        for rule in ("near-far@1", "band@1", "soft-near-far@1"):
            yield f"{rule.removesuffix('@1')}-{name}", certificate(small, [(rule, 0, 4)], True, near(near_to) | more)
    for name, near_to, fill in (("every-filling", [0, 1, 2, 3], [2] * 4), ("mixed", [0, 1, 2, 3], [0] * 4), ("mixed-and-far", [0, 1, 1, 2], [0, 1, 0, 1]), ("all-far", [0] * 4, [2] * 4)):
        yield f"placements-{name}", certificate(small, [("placements@1", 0, 4)], True, near(near_to) | filled(fill))
    yield "subcubic-no-gap", certificate(small, [("subcubic@1", 0, 4)], True, gaps(4, 3, [0] * 48))


def zeros(V: int, n: int, h: int = 1) -> Model:
    """Every logit is 0: nothing is correct, every loss is ln V."""
    return model("float32", {"E": [[0.0]] * V, "P": [[0.0]] * n, "Q": [[0.0] * h], "K": [[0.0] * h], "V": [[0.0] * h], "O": [[0.0]] * h, "U": [[0.0] * V]})


def scalar(E: list[float], P: list[float], U: list[float], Q: float = 0.0, K: float = 0.0, V: float = 0.0, dtype: str = "float64") -> Model:
    """d = h = 1: EU[q,w] = (E[q] + P[n-1]) U[w], OV[t,w] = E[t] V U[w], A[q,t] = (E[q] + P[n-1]) Q K E[t], PO and B with P in place of E."""
    return model(dtype, {"E": [[e] for e in E], "P": [[p] for p in P], "Q": [[Q]], "K": [[K]], "V": [[V]], "O": [[1.0]], "U": [list(U)]})


def every(weights: Model, V: int, n: int, rng: random.Random) -> Iterator[tuple[str, Certificate]]:
    for rule in RULES:
        yield rule.removesuffix("@1"), certificate(weights, [(rule, 0, V)], True, some([rule], V, n, rng))


def extremes() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("attention, extremes")
    for rule, target in every(zeros(3, 2, 2), 3, 2, rng):
        yield f"{rule}-zero", target
    for rule, target in every(random_model(rng, 1, 64, 2, 1), 1, 64, rng):
        yield f"{rule}-V1-n64", target
    largest = scalar([0.0, 1.0, -0.5], [0.0, 0.0], [0.25, 2.0**20, -1.0], 2.0**10, 2.0**10, 1.0)
    for rule, target in every(largest, 3, 2, rng):
        yield f"{rule}-entries-2-to-20", target
    for rule, target in every(random_model(rng, 3, 3, 2, 3, "float32", {"Q": 20.0, "K": 12.0}), 3, 3, rng):
        yield f"{rule}-scores-far-apart", target
    for rule, target in every(random_model(rng, 3, 3, 2, 3, "float32", {"P": 10.0}), 3, 3, rng):
        yield f"{rule}-positions-far-apart", target
    subnormal = random_model(rng, 3, 2, 2, 1, "float64", dict.fromkeys("EPQKVOU", 2.0**-1070))
    cancelling = random_model(rng, 3, 2, 2, 1, "float64", {"E": 1e100, "P": 1e100, "U": 1e-100, "Q": 1e-100, "K": 1e-100, "V": 1e-50, "O": 1e-50})
    for rule in ("enumeration@1", "near-far@1", "placements@1"):
        yield f"{rule.removesuffix('@1')}-subnormal", certificate(subnormal, [(rule, 0, 3)], True, some([rule], 3, 2, rng))
        yield f"{rule.removesuffix('@1')}-1e100-and-1e-100", certificate(cancelling, [(rule, 0, 3)], True, some([rule], 3, 2, rng))


def far_apart() -> Iterator[tuple[str, Certificate]]:
    """Scores so far apart that a weight only just stays in the range of the reference engine, 2^(2^30); logits that only rules without a loss can bear."""
    rng = random.Random("attention, limits")
    for rule in RULES:
        short, given = rule.removesuffix("@1"), some([rule], 2, 2, rng, ())
        yield f"tokens-7e8-apart-{short}", certificate(scalar([1.0, 0.0], [0.0, 0.0], [0.0, 1.0], Q=7e8, K=1.0), [(rule, 0, 2)], True, given)
        if rule in WITHOUT_LOSS:
            yield f"logits-1e30-apart-{short}", loose(scalar([1.0, 0.5], [0.0, 0.0], [-1e30, 1e30]), [(rule, 0, 2)], given)


def many_inputs() -> Iterator[tuple[str, Certificate]]:
    """Counts beyond 2^63 are strings; V^n is 10^20."""
    rng = random.Random("attention, many inputs")
    weights = copying(rng, 10, 20, "float16", slope=5.0, copy=20.0, noise=0.05)
    for rule, more in (("near-far@1", near([0] + [1] * 9) | joint([1] * 10)), ("band@1", near([0, 1] + [2] * 8)), ("cubic@1", {}), ("soft-near-far@1", near([0] * 10))):
        yield f"{rule.removesuffix('@1')}-V10-n20", certificate(weights, [(rule, 0, 9), (rule, 9, 10)], True, more)


def claims() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("attention, claims")
    weights = copying(rng, 4, 3)
    both = certificate(weights, [("placements@1", 0, 2), ("enumeration@1", 2, 4)], True, near([0, 1, 1, 2]) | filled([1] * 4))
    for name, one in zip(("upper", "lower", "accuracy"), both["claims"]):
        yield f"claim-{name}-alone", with_claims(both, [one])
    counted = certificate(weights, [("enumeration@1", 0, 4)], with_margin=True)
    for name, one in zip(("upper", "lower", "accuracy", "accuracy-upper", "margin"), counted["claims"]):
        yield f"enumeration-claim-{name}", with_claims(counted, [one])
    above = certificate(weights, [("soft-near-far@1", 0, 4)], False, near([0, 1, 1, 2]))
    yield "claim-lower-0-from-above-only", with_claims(above, [claim("cross-entropy", "lower", "0")])
