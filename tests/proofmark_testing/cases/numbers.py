"""JSON numbers: unsigned integers below 2^63 written with digits alone, each then checked against its range."""
from __future__ import annotations

from collections.abc import Iterator

from ..certificates import Certificate, Raw, changed, value_at
from .case import Case, base, case
from .claims import WEAKEST

INTEGERS = {
    "version": "/version", "positions": "/model/architecture/positions", "token": "/task/inputs/ranges/0/1",
    "dimension": "/model/tensors/embedding.weight/shape/1", "id": "/steps/0/id", "label": "/steps/0/labels/1",
    "least": "/steps/0/correct/0", "most": "/steps/1/correct/1", "step-budget": "/steps/0/operations", "tables-budget": "/tables/operations"}


def cases() -> Iterator[Case]:
    for place, path in INTEGERS.items():
        plain = value_at(base(), path)
        for name, token in (("negative", "-1"), ("point-zero", f"{plain}.0"), ("two-to-64", "18446744073709551616")):
            yield case("json-number", f"{place}-{name}", changed(base(), path, Raw(token)))
    for name, token in (
            ("fraction", "3.7"), ("exponent", "1e2"), ("exponent-zero", "1e0"), ("exponent-capital", "1E+0"),
            ("minus-zero", "-0"), ("minus-zero-point", "-0.0"), ("two-to-63", "9223372036854775808"),
            ("two-to-64-less-1", "18446744073709551615"), ("two-to-64-plus-1", "18446744073709551617"),
            ("two-to-128-plus-1", "340282366920938463463374607431768211457"), ("infinite-as-double", "1e400"),
            ("zero-as-double", "1e-400"), ("digits-400", "1" * 400), ("double-of-1", "0.1e1")):
        yield case("json-number", name, changed(base(), "/version", Raw(token)))
    yield case("json-number", "bound", changed(base(), "/claims/0/bound", Raw("0.5")))
    yield case("json-number", "margin", changed(base(), "/steps/0/margin", Raw("-1")))
    yield case("json-number", "in-provenance", changed(base(), "/provenance/seed", Raw("-57")))
    yield from wrapping()
    yield from digits()


def wrapping() -> Iterator[Case]:
    """Right numbers modulo 2^32 or 2^63 are still other numbers."""
    expected = {"version": "version-unknown", "positions": "limit-context", "token": "task-inputs", "dimension": "tensor-size", "id": "step-id",
                "label": "step-coverage", "least": "interval-reversed"}
    for place, path in INTEGERS.items():
        plain = value_at(base(), path)
        if place in expected:                            # more inputs at most say less, and of budgets see budgets.py
            yield case(expected[place], f"{place}-plus-2-to-32", changed(base(), path, plain + 2**32))
            yield case(expected[place], f"{place}-is-2-to-63-less-1", changed(base(), path, 2**63 - 1))
    both = changed(base(), "/steps/0/correct", [2 + 2**32, 2**63 - 1]) | {"claims": WEAKEST}
    yield case("correct-count", "least-plus-2-to-32", both)


def digits() -> Iterator[Case]:
    """A count of inputs is a string of its digits from 2^63 on, and only there."""
    path = "/steps/0/correct/1"
    for name, text in (
            ("small", str(value_at(base(), path))), ("2-to-63-less-1", str(2**63 - 1)), ("leading-zero", "0" + str(2**63)), ("empty", ""), ("zero", "0"),
            ("sign", "+" + str(2**63)), ("negative", str(-2**63)), ("space", str(2**63) + " "), ("hexadecimal", "0x8000000000000000"),
            ("fraction", str(2**63) + ".0"), ("separator", "9_223_372_036_854_775_808"), ("exponent", "1e19"), ("401-digits", "1" * 401)):
        yield case("number-grammar", f"correct-string-{name}", changed(base(), path, text))
        yield case("number-grammar", f"inputs-string-{name}", by_inputs(text))
    for name, text in (("2-to-63", str(2**63)), ("2-to-64-plus-2", str(2**64 + 2)), ("400-digits", "9" * 400)):
        yield case("correct-count", f"string-{name}", changed(base(), "/steps/0/correct", [text, text]) | {"claims": WEAKEST})
        yield case("step-coverage", f"inputs-string-{name}", by_inputs(text))


def by_inputs(end: int | str) -> Certificate:
    """One step of the base certificate by indices, to another end."""
    step = {("inputs" if key == "labels" else key): value for key, value in base()["steps"][0].items()} | {"inputs": [0, end]}
    return changed(base(), "/steps", [step]) | {"claims": WEAKEST}
