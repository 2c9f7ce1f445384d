"""Networks with any words, three times: what the verifier finds of each step (`--verbose`, both engines), what the second opinion finds, 50 digits.

Whatever the weights are, an enclosure holds the truth, no count exceeds it, no margin is above it; where weights are ordinary they are narrow too.
"""
from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from proofmark_testing.certificates import Certificate, render
from proofmark_testing.context import Context
from proofmark_testing.models import Tensor
from proofmark_testing.networks import inputs_of, labels_of
from proofmark_testing.safetensors import safetensors
from proofmark_testing.theorems import found
from proofmark_testing.verifier import ENGINES, StepLine, step_lines
from rules.any.networks import networks
from second_opinion import second_opinion

BITS, PARTS, MODELS = 450, 4, 24
LOOSE = {"loss": ["0x0p+0", "0x1p+9999"], "margin": "-0x1p+9999"}
NEAR = {"fast": Fraction(1, 10**7), "reference": Fraction(1, 10**13)}           # of an ordinary network's loss, and of its margin


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_agreement(context: Context, part: int) -> None:
    path = context.temporary / "loose.json"
    for name, kind, target in networks(f"agreement {part}", MODELS):
        path.write_bytes(render(loose(target)))
        truths = found(path, BITS)
        for engine in ENGINES:
            outcome = context.verifier.run(path, "--engine", engine, "--verbose")
            if kind.far and outcome.reason == "limit-logit-range":
                continue
            lines = step_lines(outcome)
            if context.check(outcome.verdict == "VERIFIED" and len(lines) == len(target["steps"]), f"networks: {name} ({engine}): verified", target["model"]["architecture"], outcome.shown()):
                wrong = [f"step {i}: {what}" for i, truth in enumerate(truths) for what in disagreements(lines[i], truth, NEAR[engine] if kind.narrow else None)]
                context.check(not wrong, f"networks: {name} ({engine}): agreement", *wrong[:6], target["model"]["architecture"])
        if kind.narrow:
            path.write_bytes(render(target))
            context.check.equal(context.verifier.run(path).verdict, "VERIFIED", f"networks: {name}: what 50 digits declare", target["claims"])


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_generated(context: Context, part: int) -> None:
    """What `proofmark prove` declares of them is judged by the second opinion, and verified by both engines."""
    proof = context.temporary / "proof.json"
    for name, kind, target in networks(f"generated {part}", MODELS // 2):
        proof.unlink(missing_ok=True)
        made = context.generator.run("prove", *written(target, context.temporary), "--strategy", "enumeration", "--force", "--output", proof)
        if kind.far and made.exit != 0 and "range" in made.errors:
            continue
        if context.check(made.exit == 0 and proof.exists(), f"networks: generated: {name}", target["model"]["architecture"], target["task"], made.shown()):
            context.check.equal(second_opinion.judge(proof), None, f"networks: generated: {name}: the second opinion", made.shown())
            for engine in ENGINES:
                context.check.equal(context.verifier.run(proof, "--engine", engine).verdict, "VERIFIED", f"networks: generated: {name} ({engine})", target["model"]["architecture"], target["task"])


def written(target: Certificate, folder: Path) -> list[object]:
    """The model, its description and its task as files and words of the command line."""
    (folder / "model.safetensors").write_bytes(safetensors({name: Tensor(one["dtype"], tuple(one["shape"]), b64decode(one["data"])) for name, one in target["model"]["tensors"].items()}))
    (folder / "architecture.json").write_text(json.dumps(target["model"]["architecture"]))
    rows, label = inputs_of(target["task"]), target["task"]["label"]
    if "list" in target["task"]["inputs"]:
        (folder / "inputs.csv").write_text("".join(f"{','.join(map(str, row))}\n" for row in rows))
        inputs: object = folder / "inputs.csv"
    else:
        inputs = ",".join(f"{start}..{end}" for start, end in target["task"]["inputs"]["ranges"])
    if "table" in label:
        given = dict(zip(rows, labels_of(target["task"])))
        if len(given) < len(rows):                                           # a file of labels has each input once
            label = {"name": "max"}
        (folder / "labels.csv").write_text("".join(f"{','.join(map(str, row))},{one}\n" for row, one in given.items()))
    name = f"table:{folder / 'labels.csv'}" if "table" in label else label["name"] + (f":{label['modulus']}" if "modulus" in label else "")
    name += "@" + ",".join(map(str, label["positions"])) if "positions" in label else ""
    return [folder / "model.safetensors", "--architecture", folder / "architecture.json", "--inputs", inputs, "--label", name]


def loose(target: Certificate) -> Certificate:
    steps = [step | {key: value for key, value in LOOSE.items() if key in step} | {"correct": [0, step["inputs"][1] - step["inputs"][0]]} for step in target["steps"]]
    return target | {"steps": steps, "claims": [{"quantity": "length", "direction": "upper", "bound": "9" * 20}]}


def disagreements(line: StepLine, truth: Any, near: Fraction | None) -> Iterator[str]:
    lo, hi, margin = mpq(line.lo), mpq(line.hi), mpq(line.margin)
    if not (lo <= truth.upper.hi and hi >= truth.lower.lo):
        yield f"[{float(lo)!r}, {float(hi)!r}] does not enclose the sum {truth.lower.lo:.20g}"
    if line.correct[0] > truth.correct[1] or line.correct[1] < truth.correct[0]:
        yield f"{line.correct} correct, and in truth {truth.correct}"
    if margin > truth.margin.hi:
        yield f"a margin of {float(margin)!r}, and in truth {truth.margin.lo:.20g}"
    if near is not None and (hi - lo > near * (1 + hi) or mpq(truth.margin.lo) - margin > near * (1 + abs(margin)) or line.correct != truth.correct):
        yield f"[{float(lo)!r}, {float(hi)!r}], {line.correct} correct, margin {float(margin)!r} are far from {truth.lower.lo:.20g}, {truth.correct}, {truth.margin.lo:.20g}"
