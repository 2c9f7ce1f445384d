"""Claims: empty, repeated, out of range, not stated by the steps, and held or failed at their last digit."""
from __future__ import annotations

import copy
from collections.abc import Iterator

from ..certificates import BUDGET, Certificate, changed, claim, length, value_at
from ..encodings import decimal_bound, parse_hexadecimal
from .case import Case, base, case, certain, dyadic

# The declared sums of `dyadic` are 1/4 and 15/2 over four inputs; `stated` adds what its steps state of the rest.
UPPER, LOWER = "1.875", "0.0625"
WEAKEST = [claim("length", "upper", "9" * 20)]           # implied by any steps
NAMES = ("upper", "lower", "accuracy", "accuracy-upper", "margin", "length")


def cases() -> Iterator[Case]:
    yield case("claim-none", "", with_claims(base(), []))
    listed = value_at(base(), "/claims")
    for one, name in zip(listed, NAMES, strict=True):
        yield case("claim-duplicate", name, with_claims(base(), listed + [one]))
    weaker = claim("cross-entropy", "upper", "9")
    yield case("claim-duplicate", "another-bound", with_claims(base(), [*listed, weaker]))
    yield case("claim-duplicate", "sixteen-are-not-too-many", with_claims(base(), (listed * 6)[:16]))
    for direction in (2, 3):
        for name, bound in (("two", "2"), ("last-digit", "1." + "0" * 59 + "1"), ("large", "9" * 20), ("hundred-percent", "100")):
            yield case("claim-range", f"{NAMES[direction]}-{name}", changed(base(), f"/claims/{direction}/bound", bound))
    yield from unsupported()
    yield from last_digits()
    yield from not_implied()


def with_claims(target: Certificate, claims: list[dict[str, str]]) -> Certificate:
    return changed(target, "/claims", claims)


def without_step_key(target: Certificate, key: str) -> Certificate:
    """Steps that do not state it, and the claims that they still imply."""
    result = copy.deepcopy(target)
    for step in result["steps"]:
        del step[key]
    about = {"loss": "cross-entropy", "correct": "accuracy", "margin": "margin"}[key]
    return result | {"claims": [one for one in result["claims"] if one["quantity"] != about]}


def unsupported() -> Iterator[Case]:
    unsummed, uncounted, unmeasured = (without_step_key(base(), key) for key in ("loss", "correct", "margin"))
    for name, target in (("loss", unsummed), ("correct", uncounted), ("margin", unmeasured), ("loss-and-correct", without_step_key(unsummed, "correct")),
                         ("loss-and-margin", without_step_key(unsummed, "margin")), ("correct-and-margin", without_step_key(uncounted, "margin"))):
        yield case("accept", f"steps-without-{name}", target)
    yield case("step-empty", "", without_step_key(without_step_key(unsummed, "correct"), "margin"))
    for name, target, of in (("upper", unsummed, claim("cross-entropy", "upper", "9" * 20)), ("lower-0", unsummed, claim("cross-entropy", "lower", "0")),
                             ("accuracy", uncounted, claim("accuracy", "lower", "0.1")), ("accuracy-0", uncounted, claim("accuracy", "lower", "0")),
                             ("accuracy-upper-1", uncounted, claim("accuracy", "upper", "1")), ("margin", unmeasured, claim("margin", "lower", "-9")),
                             ("margin-lowest", unmeasured, claim("margin", "lower", "-" + "9" * 20))):
        yield case("claim-unsupported", name, with_claims(target, [*target["claims"], of]))
        yield case("claim-unsupported", f"{name}-alone", with_claims(target, [of]))


def stated(correct: tuple[int, int] = (1, 3), margin: str = "-0x1.4p+1") -> Certificate:
    """Between a quarter and three quarters correct, no margin below -2.5: true of `dyadic`."""
    result = copy.deepcopy(dyadic())
    result["steps"][0] |= {"correct": list(correct), "margin": margin}
    return result


def last_digits() -> Iterator[Case]:
    """For every quantity and direction: the bound that the steps imply, and a unit of the last of 60 decimals beyond it."""
    zeros = "0" * 56
    of = {"upper": ("cross-entropy", "upper", "1.875" + "0" * 57, "1.874" + "9" * 57), "lower": ("cross-entropy", "lower", "0.0625" + zeros, "0.0625" + zeros[1:] + "1"),
          "accuracy": ("accuracy", "lower", "0.25", "0.25" + "0" * 57 + "1"), "accuracy-upper": ("accuracy", "upper", "0.75", "0.74" + "9" * 58),
          "margin": ("margin", "lower", "-2.5", "-2.4" + "9" * 59)}
    for name, (quantity, direction, holds, fails) in of.items():
        yield case("accept", f"claim-{name}-to-the-last-digit", with_claims(stated(), [claim(quantity, direction, holds)]))
        yield case("claim-not-implied", f"{name}-to-the-last-digit", with_claims(stated(), [claim(quantity, direction, fails)]))
    surely = changed(certain(), "/steps/0/margin", "0x1.ap+2")
    yield case("accept", "claim-margin-above-0", with_claims(surely, [claim("margin", "lower", "6.5" + "0" * 59)]))
    yield case("claim-not-implied", "margin-above-0", with_claims(surely, [claim("margin", "lower", "6.5" + "0" * 58 + "1")]))
    yield from lengths()


def lengths() -> Iterator[Case]:
    """A length counts every budget and the conclusion: 2 operations for each number that a step declares, 2 for each claim."""
    uncounted = without_step_key(base(), "correct")
    for name, target, numbers in (("one-step", stated(), 5), ("two-steps", base(), 10), ("without-correct", uncounted, 6), ("without-loss", without_step_key(base(), "loss"), 6),
                                  ("margin-alone", without_step_key(uncounted, "loss"), 2), ("loss-alone", without_step_key(uncounted, "margin"), 4)):
        one = with_claims(target, [*[one for one in target["claims"] if one["quantity"] != "length"][:2], claim("length", "upper", "0")])
        exact = length(one)
        assert exact == BUDGET * (1 + len(one["steps"])) + 2 * numbers + 2 * len(one["claims"])
        for by, code in ((0, "accept"), (1, "accept"), (-1, "claim-not-implied")):
            title = f"{'claim-' if code == 'accept' else ''}length-{name}{'-and-one' if by > 0 else ''}"
            yield case(code, title, changed(one, f"/claims/{len(one['claims']) - 1}/bound", str(exact + by)))
    one = with_claims(base(), [claim("length", "upper", "0")])
    exact = length(one)
    yield case("accept", "claim-length-exact-alone", changed(one, "/claims/0/bound", str(exact)))
    for name, bound in (("zero", 0), ("without-the-conclusion", exact - 2 - 20), ("without-its-own-claim", exact - 2), ("without-the-tables", exact - BUDGET)):
        yield case("claim-not-implied", f"length-{name}", changed(one, "/claims/0/bound", str(bound)))
    yield case("accept", "claim-length-largest", changed(one, "/claims/0/bound", "9" * 20))


def not_implied() -> Iterator[Case]:
    for name, bound in (("last-of-3-digits", "1.874"), ("last-of-20-digits", "1.87499999999999999999"), ("zero", "0"), ("lower-end-would-do", "1.0"),
                        ("a-double-would-round-up", "1.87499999999999999")):
        yield case("claim-not-implied", f"upper-{name}", changed(dyadic(), "/claims/0/bound", bound))
    for name, bound in (("last-of-4-digits", "0.0626"), ("upper-end-would-do", "1.0"),
                        ("largest", "9" * 20 + "." + "9" * 60), ("a-double-would-round-down", "0.062500000000000000001")):
        yield case("claim-not-implied", f"lower-{name}", changed(dyadic(), "/claims/1/bound", bound))
    for quantity, direction, name, bound in (
            ("accuracy", "lower", "all", "1"), ("accuracy", "lower", "between-least-and-most", "0.5"), ("accuracy", "upper", "none", "0"),
            ("accuracy", "upper", "between-least-and-most", "0.5"), ("margin", "lower", "zero", "0"), ("margin", "lower", "without-its-sign", "2.5"),
            ("margin", "lower", "largest", "9" * 20 + "." + "9" * 60)):
        word = quantity if direction == "lower" else f"{quantity}-{direction}"
        yield case("claim-not-implied", f"{word}-{name}", with_claims(stated(), [claim(quantity, direction, bound)]))
    better = between(*(step["margin"] for step in base()["steps"]))
    yield case("claim-not-implied", "margin-of-the-better-step", changed(base(), "/claims/4/bound", better))
    yield case("claim-not-implied", "second-of-two", changed(base(), "/claims/1/bound", "5"))
    yield case("claim-not-implied", "sum-instead-of-mean", changed(dyadic(), "/claims/1/bound", "0.25"))
    one_step = changed(base(), "/claims/0/bound", "0.2")
    yield case("claim-not-implied", "one-step-would-do", one_step)
    yield case("claim-not-implied", "upper-end-huge", changed(base(), "/steps/1/loss/1", "0x1p+16383"))
    yield case("claim-not-implied", "lower-end-0", changed(base(), "/steps/0/loss/0", "0x0p+0"))
    yield case("claim-not-implied", "least-0", changed(base(), "/steps/0/correct/0", 0))
    yield case("claim-not-implied", "most-all", changed(base(), "/steps/0/correct/1", 4))
    yield case("claim-not-implied", "margin-lowest", changed(base(), "/steps/1/margin", "-0x1p+16383"))


def between(first: str, second: str) -> str:
    return decimal_bound((parse_hexadecimal(first) + parse_hexadecimal(second)) / 2, up=False)
