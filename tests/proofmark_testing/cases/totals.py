"""Operation counts that differ from those performed. tests/run.py moves every count by one (section `ulp`)."""
from __future__ import annotations

import random
from collections.abc import Iterator

from .. import lengths, models
from ..certificates import Certificate, certificate, changed, claim, recount, value_at
from .case import Case, base, case, square


def cases() -> Iterator[Case]:
    for path, by in (("/steps/0/operations/add", 1), ("/steps/0/operations/add", -1), ("/steps/0/operations/div", 1),
                     ("/steps/1/operations/mul", 1), ("/steps/1/operations/mul", -1), ("/steps/1/operations/read", 1),
                     ("/steps/1/operations/log", -1), ("/steps/0/operations/compare", 1)):
        moved = changed(base(), path, value_at(base(), path) + by)
        name = path.replace("/operations", "").replace("/steps", "step").strip("/").replace("/", "-")
        name = f"{name}-{'more' if by > 0 else 'less'}"
        yield case("operations-mismatch", f"{name}-totals-follow", recount(moved))
        if path.startswith("/steps/0"):
            yield case("operations-mismatch", name, moved)
    for part, kind in (("tables", "exp"), ("tables", "read"), ("steps", "mul"), ("conclusion", "add"), ("conclusion", "mul")):
        for by, word in ((1, "more"), (-1, "less")):
            path = f"/operations/{part}/{kind}"
            yield case("operations-mismatch", f"{part}-{kind}-{word}", changed(base(), path, value_at(base(), path) + by))
    yield from whole()


def whole() -> Iterator[Case]:
    length = value_at(base(), "/operations/length")
    for name, value in (("more", length + 1), ("less", length - 1), ("zero", 0), ("two-to-50", 2**50)):
        yield case("operations-mismatch", f"length-{name}", changed(base(), "/operations/length", value))
    zero = lengths.operations()
    yield case("operations-mismatch", "nothing-counted", all_steps(zero))
    yield case("operations-mismatch", "kinds-exchanged", exchanged_kinds())
    plain = certificate_without_accuracy_operations()
    yield case("operations-mismatch", "accuracy-not-paid", plain)
    yield case("operations-mismatch", "enumeration-at-the-price-of-symmetry", other_rule("enumeration@1"))
    for part, kind in (("steps", "add"), ("conclusion", "compare")):
        path = f"/operations/{part}/{kind}"
        yield case("operations-mismatch", f"{part}-largest", changed(base(), path, 2**63 - 1))
    two = changed(changed(base(), "/steps/0/operations/add", 2**63 - 1), "/steps/1/operations/add", 2**63 - 1)
    yield case("operations-mismatch", "sum-wraps-64-bits", two)
    yield from endless()


def endless() -> Iterator[Case]:
    """Every input of 8^30, with counts of the step that are so large that the sum of all wraps to a short length."""
    weights = models.random_model(random.Random("endless"), 8, 2)
    one = certificate(weights, 2, [("enumeration@1", 0, 8)], False)
    yield case("accept", "enumeration-V8-n2-loss-only", one)
    target = changed(changed(one, "/task/context", 30), "/steps/0/loss", ["0x0p+0", "0x1p+150"])
    target["claims"] = [claim("cross-entropy", "lower", "0")]
    target["steps"][0]["operations"] = lengths.operations(**{kind: 2**63 - 1 for kind in ("add", "mul", "div")})
    target = recount(target)
    total = sum(value_at(target, f"/operations/{part}/{kind}") for part in ("tables", "conclusion") for kind in lengths.KINDS)
    yield case("operations-mismatch", "length-wraps-64-bits", changed(target, "/operations/length", total - 1))


def all_steps(counts: lengths.Operations) -> Certificate:
    result = base()
    for i in range(len(result["steps"])):
        result = changed(result, f"/steps/{i}/operations", counts)
    return recount(result)


def exchanged_kinds() -> Certificate:
    """`mul` and `compare` of a step exchanged: the length stays what it was."""
    counts = value_at(base(), "/steps/1/operations")
    return recount(changed(base(), "/steps/1/operations", counts | {"mul": counts["compare"], "compare": counts["mul"]}))


def certificate_without_accuracy_operations() -> Certificate:
    return recount(changed(square(), "/steps/0/operations", lengths.step("symmetry@1", 2, 2, (0, 2), False)))


def other_rule(rule: str) -> Certificate:
    return changed(square(), "/steps/0/rule", rule)
