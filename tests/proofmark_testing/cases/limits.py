"""Just outside each limit that a small file can pass; the twins just inside are in accepted.py, budgets.py or named here."""
from __future__ import annotations

from collections.abc import Iterator

from .. import models
from ..certificates import certificate, changed, value_at, with_model
from .case import Case, base, case

CLAIM = "/claims"


def cases() -> Iterator[Case]:
    for value in (0, 65, 200):
        yield case("limit-context", str(value), changed(base(), "/task/inputs/ranges", [[0, 3]] * value))
    for value in (0, 65, 2**32 + 2, 2**63 - 1):
        yield case("limit-context", f"described-{value}", changed(base(), "/model/architecture/positions", value))
    yield from vocabularies()
    listed = value_at(base(), CLAIM)
    yield case("limit-claims", "17", changed(base(), CLAIM, (listed * 6)[:17]))
    provenance = {f"key-{i}": "" for i in range(65)}
    yield case("limit-provenance", "65", changed(base(), "/provenance", provenance))


def vocabularies() -> Iterator[Case]:
    """16385 outputs, and tokens as many, of width 1; `test_large.py` has the twins just inside."""
    one_step = certificate(models.model("float16", [[0, 0]], [[0]], [[0], [0]]), 2, with_correct=False)
    for name, tokens, classes in (("classes", 2, 16385), ("tokens", 16385, 16385)):
        target = changed(changed(one_step, "/steps/0/labels", [0, classes]), "/task/inputs/ranges", [[0, tokens]] * 2)
        weights = {models.EMBEDDING: zeros(1, tokens), models.LINEAR: zeros(1, 1), models.UNEMBEDDING: zeros(classes, 1)}
        yield case("limit-vocabulary", f"{name}-16385", with_model(target, weights))


def zeros(rows: int, columns: int) -> models.Tensor:
    return models.Tensor("float16", (rows, columns), bytes(2 * rows * columns))
