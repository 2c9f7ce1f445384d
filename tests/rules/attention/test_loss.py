"""Proofs of transformers that speak of the loss, from `proofmark prove` to the verdict: enumeration, placements, soft-near-far. What they must show of the
tests' model, that bounds and truth lie in order, and what is refused."""
from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from proofmark_testing.context import ROOT, Context
from proofmark_testing.encodings import parse_hexadecimal
from proofmark_testing.verifier import ENGINES, Outcome

MODEL = ROOT / "tests" / "models" / "attention-max4-v64-d32.safetensors"
SHOWN = (("soft-near-far", ("--near", 5, "--outputs", 4, "--joint"), "0.0081", None, None), ("soft-near-far", ("--near", 4), "0.0575", None, None),
         ("placements", ("--near", 6, "--fill", 2), "0.0023", "0.0019", "0.99978"))          # loss at most, at least, accuracy
OPTIONS = (("enumeration",), ("placements",), ("placements", "--near", 0, "--fill", 0), ("placements", "--near", 9, "--fill", 3), ("placements", "--near", 2, "--fill", 2),
           ("soft-near-far",), ("soft-near-far", "--near", 0), ("soft-near-far", "--near", 30, "--outputs", 1), ("soft-near-far", "--near", "best", "--outputs", 2, "--joint"))
SIZES = ((1, 1), (1, 3), (2, 1), (2, 2), (3, 4), (5, 2), (9, 1), (9, 3))                # V, n
BEYOND_ENUMERATION = (12, 20)


def prove(context: Context, model: Path, output: Path, *options: object) -> Outcome:
    return context.generator.run("prove", model, "--strategy", *options, "--output", output)


def train(context: Context, path: Path, V: int, n: int) -> None:
    outcome = context.generator.run("train", "--family", "attention-only", "--vocabulary", V, "--context", n, "--width", 6, "--head-width", 4,
                                    "--steps", 150, "--output", path)
    context.check.equal(outcome.exit, 0, f"attention-loss: a model of {V} tokens, {n} positions", outcome.shown())


def claims(path: Path) -> dict[str, Decimal]:
    return {f"{claim['quantity']} {claim['direction']}": Decimal(claim["bound"]) for claim in json.loads(path.read_text())["claims"]}


def test_bounds(context: Context) -> None:
    check, path = context.check, context.temporary / "bound.json"
    reference = json.loads(MODEL.with_suffix(".json").read_text())["exact"]
    for strategy, options, most, least, accuracy in SHOWN:
        name = f"attention-loss: {strategy} {' '.join(map(str, options))}"
        asked = ["--bound", most, *(("--bound", f"cross-entropy:lower:{least}") if least else ()),
                 *(("--bound", f"accuracy:lower:{accuracy}") if accuracy else ())]
        outcome = prove(context, MODEL, path, strategy, *options, *asked)
        if check.equal(outcome.exit, 0, f"{name}: shows {most}", outcome.shown()) and strategy == "soft-near-far":
            answer = context.verifier.run(path, "--weights", MODEL)
            check.equal(answer.verdict, "VERIFIED", f"{name}: verified", answer.shown())
    first = path.read_bytes()
    prove(context, MODEL, path, *SHOWN[-1][:1], *SHOWN[-1][1], *asked, "--threads", 1)
    check(path.read_bytes() == first, "attention-loss: the same bytes with one thread")
    outcome = prove(context, MODEL, path, "enumeration")                                 # the verifier is given 64^4 inputs elsewhere
    steps = json.loads(path.read_text())["steps"]
    check.equal([step["correct"] for step in steps], [[count, count] for count in reference["correct"]], "attention-loss: every input: correct ones, label by label", outcome.shown())
    for step, loss in zip(steps, reference["loss"]):
        lo, hi = (parse_hexadecimal(end) for end in step["loss"])
        inputs = step["labels"][1]**4 - step["labels"][0]**4
        near = abs(lo - Fraction(loss)) < Fraction(loss) / 10**8 + Fraction(inputs, 10**12) and 0 < hi - lo < Fraction(loss) / 10**8 + Fraction(inputs, 10**12)
        check(near, f"attention-loss: every input: loss of {step['labels']}", step["loss"], loss)


def test_sizes(context: Context) -> None:
    """Whatever the size, what is declared is found, and counted alike; and no bound lies on the wrong side of the truth."""
    check, model, path = context.check, context.temporary / "model.safetensors", context.temporary / "proof.json"
    for V, n in (*SIZES, BEYOND_ENUMERATION):
        train(context, model, V, n)
        truth: dict[str, Decimal] = {}
        for options in OPTIONS:
            name = f"attention-loss: V = {V}, n = {n}, {' '.join(map(str, options))}"
            if (V, n) == BEYOND_ENUMERATION and options[0] != "soft-near-far":
                continue
            outcome = prove(context, model, path, *options)
            if "is too many" in outcome.errors and V < 4 and "--outputs" in options:
                continue
            if not check.equal(outcome.exit, 0, f"{name}: proved", outcome.shown()):
                continue
            found = claims(path)
            truth = truth or (found if options == ("enumeration",) else {})
            if truth:
                check(found["cross-entropy upper"] >= truth["cross-entropy lower"] and found.get("accuracy lower", 0) <= truth["accuracy lower"]
                            and found.get("cross-entropy lower", 0) <= truth["cross-entropy upper"], f"{name}: no better than the truth", found, truth)
            for engine in ENGINES:
                answer = context.verifier.run(path, "--weights", model, "--engine", engine)
                check.equal(answer.verdict, "VERIFIED", f"{name}: verified by {engine}", answer.shown())


def test_interruption(context: Context) -> None:
    """What the ledger of an interrupted enumeration has is taken up, and the certificate is the same. Its form: tests/unit/generator/strategies/ledger_test.cpp."""
    check, model, path = context.check, context.temporary / "model.safetensors", context.temporary / "whole.json"
    train(context, model, 9, 3)
    prove(context, model, path, "enumeration")
    first = path.read_bytes()
    (context.temporary / "whole.json.unfinished").write_text("another proof\n")
    outcome = prove(context, model, path, "enumeration")
    check(outcome.exit == 0 and path.read_bytes() == first and "is of another proof" in outcome.errors, "attention-loss: a ledger of something else stays", outcome.shown())


def test_refusals(context: Context) -> None:
    check, output = context.check, context.temporary / "none.json"
    long = context.temporary / "long.safetensors"
    train(context, long, 64, 14)
    for name, model, options, exit_code, said in (
            ("heads of placements", MODEL, ("placements", "--outputs", 2), 64, "does not take --outputs\nhint: "),
            ("near of enumeration", MODEL, ("enumeration", "--near", 2), 64, "does not take --near\nhint: "),
            ("the best near tokens of placements", MODEL, ("placements", "--near", "best"), 64, "--near best: more near tokens"),
            ("fill of soft-near-far", MODEL, ("soft-near-far", "--fill", 2), 64, "does not take --fill\nhint: --strategy placements does"),
            ("too many heads", MODEL, ("soft-near-far", "--outputs", 63), 64, "the model has 64 outputs\nhint: "),
            ("a lower bound", MODEL, ("soft-near-far", "--bound", "cross-entropy:lower:0.001"), 64, "bounds it from above only\nhint: --strategy "),
            ("every input of many", long, ("enumeration",), 64, "the verifier takes\nhint: --strategy soft-near-far"),
            ("every placement of many", long, ("placements",), 64, "would take about "),
            ("a stronger bound", MODEL, ("soft-near-far", "--bound", "0.001"), 65, "the proof does not support")):
        outcome = prove(context, model, output, *options)
        check(outcome.exit == exit_code and said in outcome.errors and outcome.output == "", f"attention-loss: {name}: refused", outcome.shown())
        check(not output.exists(), f"attention-loss: {name}: leaves nothing")
