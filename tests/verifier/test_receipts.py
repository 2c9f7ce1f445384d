"""Receipts: valid, the same bytes for any number of threads, and in agreement with the certificate."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from proofmark_testing.certificates import length
from proofmark_testing.context import BASE, Context, schema_errors
from proofmark_testing.reasons import verdict_of
from proofmark_testing.verifier import ENGINES
from proofmark_testing.corpus import Case, cases, files

KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read")


def chosen() -> Iterator[Case]:
    """All accepted certificates, also those that are not kept, and the first file of every other code."""
    yield from cases("accept")
    seen = {"accept"}
    for case in files():
        if case.kind == "certificate" and case.code not in seen:
            seen.add(case.code)
            yield case


@pytest.mark.parametrize("engine", ENGINES)
def test_receipt(context: Context, engine: str) -> None:
    for case in chosen():
        check(context, case, engine)


def check(context: Context, case: Case, engine: str) -> None:
    path = context.temporary / "receipt.json"
    path.unlink(missing_ok=True)
    context.verifier.run(case.written(context.temporary), "--receipt", path, "--engine", engine)
    name = f"receipt: {case.name} ({engine})"
    if not context.check(path.exists(), f"{name} is written"):
        return
    try:
        receipt = json.loads(path.read_bytes())
    except ValueError as error:
        context.check(False, f"{name} is JSON", error)
        return
    errors = schema_errors("receipt", receipt) or disagreements(case, receipt, engine)
    context.check(not errors, name, *errors)


def disagreements(case: Case, receipt: dict[str, Any], engine: str) -> list[str]:
    expected = {"verdict": verdict_of(case.code), "reason": None if case.code == "accept" else case.code, "engine": engine,
                "certificate_sha256": hashlib.sha256(case.content).hexdigest()}
    wrong = [f"{key}: expected {value!r}, found {receipt[key]!r}" for key, value in expected.items() if receipt[key] != value]
    if case.code == "accept":
        wrong += against_certificate(receipt, json.loads(case.content))
    return wrong


def against_certificate(receipt: dict[str, Any], certificate: dict[str, Any]) -> Iterator[str]:
    performed = receipt["operations"]
    if sum(performed[kind] for kind in KINDS) != performed["length"] or not 0 < performed["length"] <= length(certificate):
        yield f"operations: {performed}"
    if receipt["task"] != certificate["task"] or receipt["model_sha256"] != certificate["model"]["sha256"] or receipt["architecture"] != certificate["model"]["architecture"]:
        yield "task, architecture or model_sha256 differ"
    stated = [{key: one[key] for key in ("quantity", "direction", "bound")} for one in receipt["claims"]]
    if stated != certificate["claims"]:
        yield f"claims: {stated}"
    for one in receipt["claims"]:
        bound, established = Fraction(one["bound"]), Fraction(one["established"])
        if (established > bound) if one["direction"] == "upper" else (established < bound):
            yield f"established {one['established']} is weaker than {one['direction']} {one['bound']}"
        if one["quantity"] == "length" and established != performed["length"]:
            yield f"established length {one['established']}"
        digits = one["established"].lstrip("-").replace(".", "").lstrip("0")
        if one["quantity"] == "cross-entropy" and established != 0 and len(digits) < 17:
            yield f"established {one['established']} has {len(digits)} significant digits"


def test_threads(context: Context) -> None:
    for engine in ENGINES:
        receipts = []
        for count in (1, 2, 7):
            path = context.temporary / f"threads-{count}.json"
            context.verifier.run(BASE, "--receipt", path, "--threads", count, "--engine", engine)
            receipts.append(path.read_bytes() if path.exists() else None)
        context.check(receipts[0] is not None and receipts.count(receipts[0]) == 3,
                            f"receipt: the same bytes with 1, 2 and 7 threads ({engine})")
