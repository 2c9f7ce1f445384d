"""What the verifier computes of the corpus is accepted when declared, and refused when moved by one unit in the last place: ulp.py."""
from __future__ import annotations

import json

import pytest
from proofmark_testing import corpus
from proofmark_testing.context import CORPUS, Context
from proofmark_testing.verifier import ENGINES

from soundness import ulp

COUNTED = ("base", "dyadic", "random-03-V4-d1-n2-float64", "convexity-and-others-n2", "convexity-V3-n", "head-tail-everything-n2",
           "head-tail-everything-n3", "block-jensen-random-V3", "attention-every-rule.", "network-")
ATTENTION = ("planted", "every-rule", "n20", "zero", "random")                   # of its many files those whose names have one of these


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("half", range(2))
def test_ends(context: Context, engine: str, half: int) -> None:
    for path in sorted((CORPUS / "accept").glob("*.json"))[half::2]:
        if "forged" not in path.name and "provenance" not in path.name and ("attention" not in path.name or any(name in path.name for name in ATTENTION)):
            ulp.ends(context, path, engine)


@pytest.mark.long
@pytest.mark.parametrize("fourth", range(4))
def test_others(context: Context, fourth: int) -> None:
    """Accepted certificates that are not kept: made again, and the tables' rows."""
    kept = {path.stem for path in (CORPUS / "accept").glob("*.json")}
    for number, case in enumerate(case for case in corpus.cases("accept") if case.name.removeprefix("accept/") not in kept):
        if number % 4 == fourth:
            ulp.ends(context, case.written(context.temporary), ENGINES[number // 4 % 2])


@pytest.mark.parametrize("name", COUNTED)
def test_counts(context: Context, name: str) -> None:
    for path in sorted((CORPUS / "accept").glob("*.json")):
        if path.name.startswith(name):
            ulp.counts(context, path)


def test_claims(context: Context) -> None:
    """With V^n a power of two the best claim can be written exactly; one more unit in its 60th decimal cannot hold."""
    for name in ("square", "dyadic", "random-03-V4-d1-n2-float64", "zero-float32"):
        for path in sorted((CORPUS / "accept").glob(f"{name}*.json")):
            target = ulp.coarse(json.loads(path.read_bytes()))
            for quantity, direction, best in ulp.best_claims(target):
                exact, beyond = (ulp.claimed(target, quantity, direction, best, units) for units in (0, -1 if direction == "upper" else 1))
                context.check.equal(ulp.verdict(context, exact), ("VERIFIED", None), f"ulp: {path.stem} {quantity} {direction} exactly")
                code = "claim-range" if best == 1 and (quantity, direction) == ("accuracy", "lower") else "claim-not-implied"
                context.check.equal(ulp.verdict(context, beyond), ulp.rejected(code), f"ulp: {path.stem} {quantity} {direction} beyond")
