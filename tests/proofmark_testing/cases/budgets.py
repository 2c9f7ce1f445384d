"""Budgets: none, too small, too large; the work of a step ends where its budget does. `test_ulp.py` moves them by one."""
from __future__ import annotations

import random
from collections.abc import Iterator

from .. import models
from ..certificates import BUDGET, Certificate, Raw, certificate, changed, claim, with_model
from .accepted import smallest
from .attention_plain import plain
from .case import Case, base, case
from .claims import WEAKEST, with_claims

LIMIT = 2**50
PLACES = {"tables": "/tables/operations", "first-step": "/steps/0/operations", "last-step": "/steps/1/operations"}


def cases() -> Iterator[Case]:
    for name, path in PLACES.items():
        yield case("operations-budget", f"{name}-0", changed(base(), path, 0))
        for budget in (1, 2, 16):
            yield case("operations-budget", f"{name}-{budget}", changed(base(), path, budget))
            yield case("operations-budget", f"attention-{name}-{budget}", changed(plain(), path, budget))
        yield from too_large(name, path)
        yield case("key-missing", f"budget-of-{name}", changed(base(), path.rpartition("/")[0], {key: one for key, one in container(base(), path).items() if key != "operations"}))
    yield case("key-missing", "tables", {key: one for key, one in base().items() if key != "tables"})
    for name, value in (("format-1", {"add": 1}), ("string", "1"), ("array", [1])):
        yield case("type-mismatch", f"budget-{name}", changed(base(), "/steps/0/operations", value))
    for name, path, budget in (("tables", "/tables/operations", 28), ("step", "/steps/0/operations", 61)):
        yield case("operations-budget", f"smallest-{name}-{budget}", changed(smallest(), path, budget))
    yield from sums()
    yield from endless()


def container(target: Certificate, path: str) -> dict[str, object]:
    return target["tables"] if path.startswith("/tables") else target["steps"][int(path.split("/")[2])]


def too_large(name: str, path: str) -> Iterator[Case]:
    for word, budget in (("2-to-50-plus-1", LIMIT + 1), ("2-to-62", 2**62), ("2-to-63-less-1", 2**63 - 1)):
        yield case("limit-length", f"{name}-{word}", with_claims(changed(base(), path, budget), WEAKEST))
    for word, budget in (("2-to-63", 2**63), ("2-to-64-plus-1", 2**64 + 1), ("negative", -1)):
        yield case("json-number", f"{name}-{word}", changed(base(), path, Raw(str(budget))))


def sums() -> Iterator[Case]:
    """All budgets and the conclusion together: 20 operations for what two steps declare, and 2 for a claim."""
    free = LIMIT - 2 * BUDGET - 22
    asked = [claim("accuracy", "lower", "0")]
    whole = with_claims(base(), asked)
    for name, path in PLACES.items():
        yield case("accept", f"length-2-to-50-by-{name}", changed(whole, path, free))
        yield case("limit-length", f"sum-by-{name}", changed(whole, path, free + 1))
    halves = changed(changed(whole, "/steps/0/operations", LIMIT // 2), "/steps/1/operations", LIMIT // 2)
    yield case("limit-length", "two-halves", halves)
    claimed = with_claims(changed(base(), "/tables/operations", free), [*asked, claim("length", "upper", str(LIMIT + 2))])
    yield case("limit-length", "a-claim-more", claimed)
    yield case("accept", "length-2-to-50-claimed", with_claims(changed(base(), "/tables/operations", free - 2), [*asked, claim("length", "upper", str(LIMIT))]))


def endless() -> Iterator[Case]:
    """More work than anyone has time for ends at the budget: every input of 8^30, and of 2^64."""
    weights = models.random_model(random.Random("endless"), 8, 2)
    small = certificate(weights, 2, [("enumeration@1", 0, 8)], False)
    yield case("accept", "enumeration-V8-n2-loss-only", small)
    for n, rule in ((30, "enumeration@1"), (64, "enumeration@1"), (64, "symmetry@1")):
        target = changed(changed(small, "/task/inputs/ranges", [[0, 8]] * n), "/steps/0", small["steps"][0] | {"rule": rule, "loss": ["0x0p+0", "0x1p+250"], "operations": 20000})
        yield case("operations-budget", f"{rule.removesuffix('@1')}-V8-n{n}", with_claims(with_model(target, weights, models.architecture(n)), WEAKEST))
