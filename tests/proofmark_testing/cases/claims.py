"""Claims: empty, repeated, out of range, not stated by the steps, not implied by them."""
from __future__ import annotations

import copy
from collections.abc import Iterator

from .. import lengths
from ..certificates import Certificate, changed, claim, recount, value_at
from .case import Case, base, case, dyadic

# The declared sums of `dyadic` are 1/4 and 15/2 over four inputs.
UPPER, LOWER = "1.875", "0.0625"


def cases() -> Iterator[Case]:
    yield case("claim-none", "", with_claims(base(), []))
    listed = value_at(base(), "/claims")
    for i, name in enumerate(("upper", "lower", "accuracy")):
        yield case("claim-duplicate", name, with_claims(base(), listed + [listed[i]]))
    weaker = claim("cross-entropy", "upper", "9")
    yield case("claim-duplicate", "another-bound", with_claims(base(), [*listed, weaker]))
    yield case("claim-duplicate", "sixteen-are-not-too-many", with_claims(base(), (listed * 6)[:16]))
    for name, bound in (("two", "2"), ("last-digit", "1." + "0" * 59 + "1"), ("large", "9" * 20), ("hundred-percent", "100")):
        yield case("claim-range", f"accuracy-{name}", changed(base(), "/claims/2/bound", bound))
    yield from unsupported()
    yield from not_implied()


def with_claims(target: Certificate, claims: list[dict[str, str]]) -> Certificate:
    return recount(changed(target, "/claims", claims))


def without_correct(target: Certificate) -> Certificate:
    """Steps that state no count, with the operations that then remain."""
    result = copy.deepcopy(target)
    n, V = result["task"]["context"], result["task"]["vocabulary"]
    for step in result["steps"]:
        del step["correct"]
        step["operations"] = lengths.step(step["rule"], n, V, tuple(step["labels"]), False)
    return recount(result)


def unsupported() -> Iterator[Case]:
    yield case("claim-unsupported", "accuracy-without-counts", without_correct(base()))
    nothing = changed(without_correct(base()), "/claims/2/bound", "0")
    yield case("claim-unsupported", "accuracy-0-without-counts", nothing)
    yield case("claim-unsupported", "accuracy-alone", with_claims(without_correct(base()), [claim("accuracy", "lower", "0.1")]))


def not_implied() -> Iterator[Case]:
    for name, bound in (("last-of-3-digits", "1.874"), ("last-of-20-digits", "1.87499999999999999999"),
                        ("last-of-60-digits", "1.874" + "9" * 57), ("zero", "0"), ("lower-end-would-do", "1.0"),
                        ("a-double-would-round-up", "1.87499999999999999")):
        yield case("claim-not-implied", f"upper-{name}", changed(dyadic(), "/claims/0/bound", bound))
    for name, bound in (("last-of-4-digits", "0.0626"), ("last-of-60-digits", "0.0625" + "0" * 55 + "1"), ("upper-end-would-do", "1.0"),
                        ("largest", "9" * 20 + "." + "9" * 60), ("a-double-would-round-down", "0.062500000000000000001")):
        yield case("claim-not-implied", f"lower-{name}", changed(dyadic(), "/claims/1/bound", bound))
    correct = value_at(dyadic(), "/steps/0/correct")
    for name, bound in (("last-of-60-digits", f"{correct / 4:.2f}" + "0" * 57 + "1"), ("all", "1")):
        yield case("claim-not-implied", f"accuracy-{name}", changed(dyadic(), "/claims/2/bound", bound))
    yield case("claim-not-implied", "second-of-two", changed(base(), "/claims/1/bound", "5"))
    yield case("claim-not-implied", "sum-instead-of-mean", changed(dyadic(), "/claims/1/bound", "0.25"))
    one_step = changed(base(), "/claims/0/bound", "0.2")
    yield case("claim-not-implied", "one-step-would-do", one_step)
    yield case("claim-not-implied", "upper-end-huge", changed(base(), "/steps/1/loss/1", "0x1p+16383"))
    yield case("claim-not-implied", "lower-end-0", changed(base(), "/steps/0/loss/0", "0x0p+0"))
