"""Proofs of transformers, from `proofmark prove` to the verdict: every strategy at several sizes, what each must show of the tests' model, and what is refused."""
from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

from proofmark_testing.context import ROOT, Context
from proofmark_testing.verifier import Outcome
from generator.pages import page, standing_agrees

MODEL = ROOT / "tests" / "models" / "attention-max4-v64-d32.safetensors"
ACCURACY = (("near-far", (), "0.982"), ("near-far", ("--outputs", 4, "--joint"), "0.9985"), ("near-far", ("--near", "best"), "0.9828"),
            ("band", (), "0.958"), ("cubic", (), "0.959"), ("subcubic", (), "0.876"))
OPTIONS = (("near-far",), ("near-far", "--near", 0), ("near-far", "--near", 30, "--outputs", 1), ("near-far", "--near", "best", "--outputs", 2, "--joint"),
           ("band",), ("band", "--near", "best", "--joint"), ("cubic",), ("subcubic",))
SIZES = ((1, 1), (1, 3), (2, 1), (2, 2), (3, 4), (9, 1), (9, 3), (12, 20))                # V, n


def prove(context: Context, model: Path, output: Path, *options: object) -> Outcome:
    return context.generator.run("prove", model, "--strategy", *options, "--output", output)


def train(context: Context, path: Path, V: int, n: int, steps: int = 150) -> None:
    outcome = context.generator.run("train", "--family", "attention-only", "--vocabulary", V, "--context", n, "--width", 6, "--head-width", 4,
                                    "--steps", steps, "--output", path)
    context.check.equal(outcome.exit, 0, f"attention-proofs: a model of {V} tokens, {n} positions", outcome.shown())


def test_bounds(context: Context) -> None:
    check, path = context.check, context.temporary / "bound.json"
    for strategy, options, least in ACCURACY:
        name = f"attention-proofs: {strategy} {' '.join(map(str, options))}".rstrip()
        outcome = prove(context, MODEL, path, strategy, *options, "--bound", f"accuracy:lower:{least}")
        check.equal(outcome.exit, 0, f"{name}: shows {least}", outcome.shown())
        check.equal(context.verifier.run(path, "--weights", MODEL).verdict, "VERIFIED", f"{name}: verified")
    first = path.read_bytes()
    prove(context, MODEL, path, *ACCURACY[-1][:1], "--bound", f"accuracy:lower:{ACCURACY[-1][2]}", "--threads", 1, "--context", 4)
    check(path.read_bytes() == first, "attention-proofs: the same bytes with one thread, and with the context that the model has")


def test_sizes(context: Context) -> None:
    """Whatever the size, what is declared is found, and counted alike."""
    check, model, path = context.check, context.temporary / "model.safetensors", context.temporary / "proof.json"
    for V, n in SIZES:
        train(context, model, V, n)
        for options in OPTIONS:
            name = f"attention-proofs: V = {V}, n = {n}, {' '.join(map(str, options))}"
            outcome = prove(context, model, path, *options)
            if "is too many" in outcome.errors and V < 4 and "--outputs" in options or "proves no input" in outcome.errors:
                continue
            if not check.equal(outcome.exit, 0, f"{name}: proved", outcome.shown()):
                continue
            answer = context.verifier.run(path, "--weights", model)
            check.equal(answer.verdict, "VERIFIED", f"{name}: verified", answer.shown())
    counts = [count for step in json.loads(path.read_text())["steps"] for count in step["correct"]]
    check(all(isinstance(count, str) == (int(count) >= 2**63) for count in counts), "attention-proofs: counts from 2^63 on are strings", *counts)


def test_folders(context: Context) -> None:
    """frontier, report and archive take such proofs."""
    check, model, folder = context.check, context.temporary / "model.safetensors", context.temporary / "frontier"
    train(context, model, 16, 3, 400)
    points = "near-far,near-far-4-heads,soft-near-far,placements,band,cubic,subcubic"      # of which two are best in the loss alone, or not at all
    outcome = context.generator.run("frontier", model, "--points", points, "--verifier", context.verifier.path, "--output", folder)
    check.equal(outcome.exit, 0, "attention-proofs: frontier", outcome.shown())
    with (folder / "frontier.csv").open(newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    check.equal(set(rows), set(points.split(",")), "attention-proofs: a row for each point")
    for name, row in rows.items():
        shorter_and_better = any(int(other["length"]) <= int(row["length"]) and Fraction(other["accuracy"] or 0) > Fraction(row["accuracy"] or 0) for other in rows.values())
        check(not (shorter_and_better and row["pareto_accuracy"] == "yes"), f"attention-proofs: {name}: pareto", row)
    check(any(row["pareto_accuracy"] == "yes" for row in rows.values()), "attention-proofs: some point is worth having")
    found = page(context, "transformer", folder)
    check("near-far@1" in found.text, "attention-proofs: report")
    standing_agrees(context, "attention-proofs", folder, found)
    outcome = context.generator.run("archive", folder / "certificates" / "near-far.json", "--title", "Max of three", "--author", "Doe, Jane", "--verifier",
                                    context.verifier.path, "--output", context.temporary / "archive")
    check.equal(outcome.exit, 0, "attention-proofs: archive", outcome.shown())


def test_refusals(context: Context) -> None:
    check, output = context.check, context.temporary / "none.json"
    missing = context.temporary / "missing.safetensors"
    cut = context.temporary / "cut.safetensors"
    cut.write_bytes(MODEL.read_bytes()[:5000])
    for name, model, options, exit_code, said in (
            ("a strategy of the other family", MODEL, ("symmetry",), 64, "for models of the family attention-only\nhint: strategies are: "),
            ("another context", MODEL, ("near-far", "--context", 5), 64, "this model has 4 positions\nhint: leave --context out"),
            ("a misspelt number", MODEL, ("near-far", "--near", "bset"), 64, "--near 'bset': expected a whole number"),
            ("too many heads", MODEL, ("band", "--outputs", 63), 64, "the model has 64 outputs\nhint: "),
            ("an option of another strategy", MODEL, ("cubic", "--outputs", 2), 64, "does not take --outputs\nhint: --strategy near-far does"),
            ("a loss only", MODEL, ("cubic", "--quantity", "cross-entropy"), 64, "nothing of the loss\nhint: --strategy soft-near-far"),
            ("a bound on the loss", MODEL, ("near-far", "--bound", "1000"), 64, "nothing of the loss\nhint: "),
            ("a stronger accuracy", MODEL, ("near-far", "--bound", "accuracy:lower:0.99"), 65, "the proof does not support accuracy >= 0.99"),
            ("no file", missing, ("near-far",), 66, "missing.safetensors"),
            ("a file cut short", cut, ("near-far",), 65, "cut.safetensors")):
        outcome = prove(context, model, output, *options)
        check(outcome.exit == exit_code and said in outcome.errors and outcome.output == "", f"attention-proofs: {name}: refused", outcome.shown())
        check(not output.exists(), f"attention-proofs: {name}: leaves nothing")
