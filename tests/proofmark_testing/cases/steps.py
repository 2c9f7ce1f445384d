"""Steps: ids, coverage, what some state and others do not, and statements that are not true."""
from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction

from .. import models
from ..certificates import Certificate, certificate, changed, claims, value_at
from ..encodings import hexadecimal, parse_hexadecimal
from .case import Case, base, case
from .claims import WEAKEST, with_claims, without_step_key



def cases() -> Iterator[Case]:
    yield from ids()
    yield from coverage()
    yield from mixed()
    yield from intervals()
    yield from counts()
    for name, lower in (("convexity-smallest", "0x1p-16383"), ("convexity-true-but-not-its-own", value_at(base(), "/steps/1/loss/0"))):
        upper_only = changed(changed(without_step_key(base(), "margin"), "/steps/1/rule", "convexity@1"), "/steps/1/correct", [0, 5])
        yield case("rule-direction", name, changed(upper_only, "/steps/1/loss", [lower, "0x1p+10"]) | {"claims": WEAKEST})


def with_steps(*order: int) -> Certificate:
    """The base certificate with these of its steps; ids follow, the claims ask for nothing."""
    result = copy.deepcopy(base())
    result["steps"] = [result["steps"][i] | {"id": position} for position, i in enumerate(order)]
    return result | {"claims": WEAKEST}


def ids() -> Iterator[Case]:
    for name, first, second in (("twice", 0, 0), ("exchanged", 1, 0), ("from-1", 1, 2), ("gap", 0, 2), ("far", 0, 2**63 - 1),
                                ("wraps-32-bits", 0, 2**32 + 1)):
        yield case("step-id", name, changed(changed(base(), "/steps/0/id", first), "/steps/1/id", second))


def coverage() -> Iterator[Case]:
    yield case("step-none", "", with_steps())
    for name, order in (("first-alone", [0]), ("second-alone", [1]), ("exchanged", [1, 0]), ("last-twice", [0, 1, 1]),
                        ("first-twice", [0, 0, 1])):
        yield case("step-coverage", name, with_steps(*order))
    for name, first, second in (
            ("gap", [0, 1], [2, 3]), ("overlap", [0, 2], [1, 3]), ("reversed", [2, 0], [2, 3]), ("empty-first", [0, 0], [0, 3]),
            ("empty-last", [0, 3], [3, 3]), ("beyond", [0, 2], [2, 4]), ("far-beyond", [0, 2], [2, 2**63 - 1]), ("short", [0, 1], [1, 2]),
            ("starts-at-1", [1, 2], [2, 3]), ("wraps-32-bits", [0, 2**32 + 2], [2, 3]), ("same-twice", [0, 3], [0, 3])):
        yield case("step-coverage", name, changed(changed(base(), "/steps/0/labels", first), "/steps/1/labels", second))


def mixed() -> Iterator[Case]:
    for i, name in ((0, "first-without"), (1, "last-without")):
        for key in ("loss", "correct", "margin"):
            target = with_steps(0, 1)
            del target["steps"][i][key]
            yield case("step-mixed", f"{name}-{key}", target)
        target = with_steps(0, 1)
        for key in ("correct", "margin") if i else ("loss", "margin"):
            del target["steps"][0][key]
        for key in ("loss", "margin") if i else ("correct", "margin"):
            del target["steps"][1][key]
        yield case("step-mixed", f"{name.split('-')[0]}-loss-alone", target)
    for i, name, inputs in ((0, "first-by-inputs", [0, 2]), (1, "last-by-inputs", [2, 3])):
        target = with_steps(0, 1)
        target["steps"][i] = {("inputs" if key == "labels" else key): value for key, value in target["steps"][i].items()} | {"inputs": inputs}
        yield case("step-mixed", name, target)


def restated(i: int, lo: str, hi: str) -> Certificate:
    """Step i states another interval, and the claims follow from it."""
    result = changed(base(), f"/steps/{i}/loss", [lo, hi])
    return result | {"claims": claims(result)}


def intervals() -> Iterator[Case]:
    (lo0, hi0), (lo1, hi1) = (value_at(base(), f"/steps/{i}/loss") for i in (0, 1))
    yield case("interval-reversed", "ends-exchanged", restated(0, hi0, lo0))
    yield case("interval-reversed", "above-zero", restated(1, "0x1p-16383", "0x0p+0"))
    yield case("interval-reversed", "last-digit", restated(0, "0x1." + "0" * 31 + "1p+0", "0x1p+0"))
    yield case("interval-reversed", "exponents-compared-as-text", restated(0, "0x1p+10", "0x1p+9"))
    yield case("loss-lower", "point-above", restated(0, hi0, hi0))
    yield case("loss-upper", "point-below", restated(0, lo0, lo0))
    yield case("loss-lower", "second-step", restated(1, hi1, "0x1p+60"))
    yield case("loss-upper", "second-step", restated(1, "0x0p+0", lo1))
    yield case("loss-upper", "zero", restated(1, "0x0p+0", "0x0p+0"))
    yield case("loss-upper", "smallest", restated(0, "0x0p+0", "0x1p-16383"))
    largest = "0x1." + "f" * 32 + "p+16383"
    yield case("loss-lower", "largest", changed(with_steps(0, 1), "/steps/0/loss", [largest, largest]))
    yield case(exchanged_code(), "steps-exchanged", exchanged())
    yield case("loss-upper", "trade-between-steps", traded())
    yield case("loss-upper", "mean-instead-of-sum", restated(1, "0x0p+0", mean(lo1)))


def exchanged_code() -> str:
    first, second = (parse_hexadecimal(value_at(base(), f"/steps/{i}/loss/0")) for i in (0, 1))
    return "loss-lower" if second > first else "loss-upper"


def exchanged() -> Certificate:
    """The intervals of the two steps in the wrong order: the sum, and so the claims, are still true."""
    first, second = (value_at(base(), f"/steps/{i}/loss") for i in (0, 1))
    return changed(changed(base(), "/steps/0/loss", second), "/steps/1/loss", first)


def traded() -> Certificate:
    """One step promises less loss, the other admits more: the sum is the same."""
    lo, hi = (parse_hexadecimal(value_at(base(), f"/steps/{i}/loss/1")) for i in (0, 1))
    moved = Fraction(1, 1024)
    first = changed(base(), "/steps/0/loss", ["0x0p+0", hexadecimal(lo - moved, up=False)])
    second = changed(first, "/steps/1/loss/1", hexadecimal(hi + moved, up=True))
    return second | {"claims": claims(second)}


def mean(text: str) -> str:
    return hexadecimal(parse_hexadecimal(text) / 9, up=True)


def counts() -> Iterator[Case]:
    """Of base, 2 of 4 inputs and 3 of 5 are correct."""
    for i in (0, 1):
        least, most = value_at(base(), f"/steps/{i}/correct")
        yield case("correct-count", f"least-one-more-in-step-{i}", changed(with_steps(0, 1), f"/steps/{i}/correct", [least + 1, most + 1]))
        yield case("correct-count", f"most-one-less-in-step-{i}", changed(with_steps(0, 1), f"/steps/{i}/correct", [least - 1, most - 1]))
        yield case("accept", f"correct-0-to-all-in-step-{i}", changed(with_steps(0, 1), f"/steps/{i}/correct", [0, 4 + i]))
        yield case("interval-reversed", f"correct-in-step-{i}", changed(with_steps(0, 1), f"/steps/{i}/correct", [most, least - 1]))
    yield case("interval-reversed", "correct-all-to-none", changed(with_steps(0, 1), "/steps/0/correct", [4, 0]))
    yield case("interval-reversed", "correct-strings-compared-as-text", changed(with_steps(0, 1), "/steps/0/correct", ["1" + "0" * 20, "9" + "0" * 19]))
    yield case("accept", "correct-more-than-inputs-at-most", changed(with_steps(0, 1), "/steps/1/correct", [3, 2**63 - 1]))
    yield case("accept", "correct-more-than-2-to-63-at-most", changed(with_steps(0, 1), "/steps/1/correct", [3, "9" * 400]))
    yield case("correct-count", "all-inputs", changed(with_steps(0, 1), "/steps/1/correct", [5, 5]))
    yield case("correct-count", "more-than-inputs", changed(with_steps(0, 1), "/steps/1/correct", [6, 6]))
    yield case("correct-count", "none", changed(with_steps(0, 1), "/steps/1/correct", [0, 0]))
    largest = 2**63 - 1
    yield case("correct-count", "largest", changed(with_steps(0, 1), "/steps/0/correct", [largest, largest]))
    yield case("correct-count", "sum-wraps-64-bits", changed(changed(with_steps(0, 1), "/steps/0/correct", [largest] * 2), "/steps/1/correct", [largest] * 2))
    zero = models.model("float32", [[0, 0]], [[0]], [[0], [0]])
    tied = with_claims(certificate(zero, 2), WEAKEST)
    yield case("correct-count", "ties", changed(tied, "/steps/0/correct", [1, 4]))
    yield case("correct-count", "ties-all", changed(tied, "/steps/0/correct", [4, 4]))
