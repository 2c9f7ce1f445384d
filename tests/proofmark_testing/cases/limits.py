"""Just outside each limit that a small file can pass; the twins just inside are in accepted.py or named here."""
from __future__ import annotations

from collections.abc import Iterator

from .. import lengths, models
from ..certificates import Certificate, certificate, changed, claim, recount, value_at
from .case import Case, base, case

CLAIM = "/claims"


def cases() -> Iterator[Case]:
    for value in (0, 65, 2**32 + 2, 2**63 - 1):
        yield case("limit-context", str(value), changed(base(), "/task/context", value))
    for value in (0, 16385, 2**32 + 3, 2**63 - 1):
        yield case("limit-vocabulary", str(value), changed(base(), "/task/vocabulary", value))
    yield case("tensor-shape", "vocabulary-16384-is-not-too-large", changed(base(), "/task/vocabulary", 16384))
    listed = value_at(base(), CLAIM)
    yield case("limit-claims", "17", recount(changed(base(), CLAIM, (listed * 6)[:17])))
    provenance = {f"key-{i}": "" for i in range(65)}
    yield case("limit-provenance", "65", changed(base(), "/provenance", provenance))
    yield from long_proofs()
    yield from ranges()


def long_proofs() -> Iterator[Case]:
    """V = 2 by enumeration over 2^47 inputs and more: honest counts, too many to perform."""
    yield case("limit-length", "declared-2-to-50-plus-1", changed(base(), "/operations/length", 2**50 + 1))
    yield case("limit-length", "declared-2-to-63-less-1", changed(base(), "/operations/length", 2**63 - 1))
    for n in (47, 56):
        yield case("limit-length", f"enumeration-context-{n}", enumerated(n))


def enumerated(n: int) -> Certificate:
    weights = models.model("float32", [[0, 0]], [[0]], [[0], [0]])
    result = certificate(weights, n, with_correct=False, intervals=[["0x0p+0", "0x1p+64"]])
    result["claims"] = [claim("cross-entropy", "lower", "0")]
    result["steps"][0] |= {"rule": "enumeration@1", "operations": lengths.step("enumeration@1", n, 2, (0, 2), False)}
    return recount(result)


def ranges() -> Iterator[Case]:
    """Logits of one token that differ by more than 2^20."""
    for name, dtype, embedding, top in (
            ("one-ulp-over", "float32", 1.0, 2.0**20 + 0.125), ("one-ulp-over-float64", "float64", 1.0, 2.0**20 + 2.0**-32),
            ("negative", "float32", -1.0, 2.0**20 + 1), ("1e30", "float32", 1e15, 1e15), ("1e600", "float64", 1e300, 1e300),
            ("second-token", "float32", None, 2.0**21)):
        row = [embedding, embedding] if embedding is not None else [0.25, 1.0]
        weights = models.model(dtype, [row], [[1.0]], [[0.0], [top]])
        vacuous = certificate(weights, 1, with_correct=False, intervals=[["0x0p+0", "0x1p+16383"]])
        yield case("limit-logit-range", name, vacuous)
