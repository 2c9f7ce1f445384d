"""Networks that others' code trained and evaluated (tests/models/README.md): verified within 1e-11 of that loss, with exactly that count, and its margin to
1e-9; of some inputs the verifier's enclosure holds what the second opinion finds."""
from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from proofmark_testing import safetensors
from proofmark_testing.certificates import Certificate, claim, render
from proofmark_testing.context import ROOT, Context
from proofmark_testing.encodings import hexadecimal, signed_hexadecimal
from proofmark_testing.models import digest
from proofmark_testing.network_certificates import listed, ranges
from proofmark_testing.verifier import ENGINES, step_lines
from second_opinion import reading, strict_json
from second_opinion.network import model_of
from second_opinion.task import Inputs
from second_opinion.truth import truth_of

MODELS = ROOT / "tests" / "models"
ROW = re.compile(r"\| `([a-z0-9-]+)` \| .* \| ([0-9.e-]+) \| ([0-9 ]+) of ([0-9 ]+) \| ([0-9.-]+) \|")
NEAR, SOME = Fraction(1, 10**11), 12             # of the mean loss; inputs that the second opinion evaluates
BUDGET = 2**40
TASKS: dict[str, Any] = {
    "mlp-s5-s2": (ranges([0, 120], [0, 120]), {"name": "symmetric-group", "degree": 5}),
    "modadd-p113-s2": (ranges([0, 113], [0, 113], [113, 114]), {"name": "sum-modulo", "modulus": 113, "positions": [0, 1]}),
    "gptlike-min3-s1": (ranges([0, 20], [0, 20], [0, 20], [20, 21]), {"name": "min", "positions": [0, 1, 2]}),
    "induction-v8-n5-s1": (listed([(*four, again) for four in itertools.permutations(range(8), 4) for again in four[:3]]), {"name": "induction"}),
    "cycle-n5-s1": (ranges(*[[0, 5]] * 5), {"name": "longest-cycle"})}


def references() -> Iterator[tuple[str, Fraction, int, int, Fraction]]:
    for row in ROW.finditer((MODELS / "README.md").read_text()):
        name, loss, correct, inputs, margin = row.groups()
        yield name, Fraction(loss), int(correct.replace(" ", "")), int(inputs.replace(" ", "")), Fraction(margin)


def certificate(name: str, N: int, first: dict[str, Any], rest: dict[str, Any]) -> Certificate:
    """Two steps: of some inputs and of the others."""
    description, weights = json.loads((MODELS / f"{name}.architecture.json").read_text()), safetensors.read(MODELS / f"{name}.safetensors")
    inputs, label = TASKS[name]
    steps = [{"id": i, "rule": "enumeration@1", "inputs": of, **stated, "operations": BUDGET} for i, (of, stated) in enumerate((([0, SOME], first), ([SOME, N], rest)))]
    return {"format": "proofmark-certificate", "version": 2, "claims": [claim("length", "upper", "9" * 20)], "task": {"inputs": inputs, "label": label},
            "model": {"architecture": description, "tensors": {tensor: one.json() for tensor, one in weights.items()}, "sha256": digest(weights, description)},
            "witnesses": {}, "tables": {"operations": BUDGET}, "steps": steps, "provenance": {}}


def stated(loss: tuple[Fraction, Fraction], correct: tuple[int, int], margin: Fraction) -> dict[str, Any]:
    return {"loss": [hexadecimal(max(loss[0], Fraction(0)), up=False), hexadecimal(loss[1], up=True)], "correct": list(correct), "margin": signed_hexadecimal(margin, up=False)}


def exact(end: Any) -> Fraction:
    return Fraction(*map(int, end.as_integer_ratio()))


def test_table_is_read(context: Context) -> None:
    context.check.equal({name for name, *_ in references()}, set(TASKS), "references: every model of the table")


@pytest.mark.parametrize(("name", "loss", "correct", "N", "margin"), references(), ids=lambda value: value if isinstance(value, str) else "")
def test_reference(context: Context, name: str, loss: Fraction, correct: int, N: int, margin: Fraction) -> None:
    path = context.temporary / "reference.json"
    loose = {"loss": ["0x0p+0", "0x1p+99"], "margin": "-0x1p+99"}
    path.write_bytes(render(certificate(name, N, loose | {"correct": [0, SOME]}, loose | {"correct": [0, N - SOME]})))
    truth = of_some(path)
    for engine in ENGINES if N <= 6000 else ENGINES[:1]:
        line = step_lines(context.verifier.run(path, "--engine", engine, "--verbose"))[0]
        context.check(line.lo <= exact(truth.loss.hi) and exact(truth.loss.lo) <= line.hi and line.correct == truth.correct and line.margin <= exact(truth.margin.hi),
                      f"references: {name} ({engine}): the second opinion's loss of {SOME} inputs", line, truth)
    low, high, room = exact(truth.loss.lo), exact(truth.loss.hi), NEAR * N
    first = stated((low - room / 2, high + room / 2), truth.correct, exact(truth.margin.lo) - NEAR)
    total, others = loss * N, correct - truth.correct[0]
    declared = certificate(name, N, first, stated((total - high - room / 2, total - low + room / 2), (others, others), margin - Fraction(1, 10**9)))
    N_claims = [claim("cross-entropy", "upper", f"{float(loss + 2 * NEAR):.40f}"), claim("accuracy", "lower", f"{correct * 10**30 // N:031d}"[:-30] + "." + f"{correct * 10**30 // N:031d}"[-30:])]
    path.write_bytes(render(declared | {"claims": N_claims}))
    outcome = context.verifier.run(path)
    context.check(outcome.verdict == "VERIFIED", f"references: {name}: the loss, the count and the margin that others found", outcome.shown())
    for what, step in (("one correct more", stated((Fraction(0), total), (others + 1, others + 1), margin - 1)), ("a margin 1e-9 above", stated((Fraction(0), 2 * total), (0, N), margin + Fraction(1, 10**9)))):
        path.write_bytes(render(certificate(name, N, first, step)))
        context.check(context.verifier.run(path).verdict == "REJECTED", f"references: {name}: {what} is refused")


def of_some(path: Path) -> Any:
    read = reading.certificate(strict_json.parse(path.read_bytes()))
    return truth_of(model_of(read), Inputs(read.task).between(0, SOME), 200)
