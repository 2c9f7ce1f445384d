"""`prove --strategy low-rank`: the transformer of modular addition at the lengths that are promised, random networks of every description to the operation,
and what is refused."""
from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from generator.test_prove_networks import Small
from proofmark_testing.context import ROOT, Context, schema_errors
from proofmark_testing.processes import PATIENCE
from proofmark_testing.verifier import ENGINES
from rules.any.hinted import hinted
from rules.any.test_agreement import written
from second_opinion import second_opinion

MODELS = ROOT / "tests" / "models"
ADDITION = (MODELS / "modadd-p113-s2.safetensors", "--architecture", MODELS / "modadd-p113-s2.architecture.json", "--inputs", "0..113,0..113,113", "--label", "sum-modulo:113@0,1")
LOSS, MARGIN = Fraction("4.30297e-7"), Fraction("12.4418515")                    # of that model, by enumeration
WHOLE = 7_108_412_917                                                            # operations of every input by itself: `whole` of `frontier`
FORMS = 30


def prove(context: Context, *arguments: object, exit: int = 0, strategy: str = "low-rank") -> Any:
    outcome = context.generator.run("prove", *arguments, "--strategy", strategy, "--output", context.temporary / "proof.json", timeout=PATIENCE)
    assert outcome.exit == exit, outcome.shown()
    return outcome


def claims(context: Context) -> dict[tuple[str, str], Fraction]:
    return {(one["quantity"], one["direction"]): Fraction(one["bound"]) for one in json.loads((context.temporary / "proof.json").read_bytes())["claims"]}


def performed(context: Context, *options: object) -> int:
    """That the verifier establishes it, and how many operations it performs."""
    receipt = context.temporary / "receipt.json"
    receipt.unlink(missing_ok=True)
    outcome = context.verifier.run(context.temporary / "proof.json", "--receipt", receipt, *options, timeout=PATIENCE)
    assert outcome.verdict == "VERIFIED", outcome.shown()
    length: int = json.loads(receipt.read_bytes())["operations"]["length"]
    return length


def test_modular_addition(context: Context) -> None:
    """Accuracy 1 at a tenth of every input by itself, and a loss of 1e-4 at 13 hundredths: it does far better."""
    check = context.check
    lengths = []
    for budget, accuracy, loss in (("0.07", 1, Fraction("4.4e-7")), ("0.1", 1, LOSS * Fraction("1.001")), ("0.13", 1, LOSS * Fraction("1.001"))):
        prove(context, *ADDITION, "--budget", budget)
        found = claims(context)
        check(found["accuracy", "lower"] == accuracy, f"low-rank: {budget}: accuracy", found)
        check(LOSS * Fraction("0.9") < found["cross-entropy", "lower"] <= found["cross-entropy", "upper"] <= loss, f"low-rank: {budget}: loss", found)
        check(MARGIN - Fraction("1e-6") < found["margin", "lower"] <= MARGIN + Fraction("1e-6"), f"low-rank: {budget}: margin", found)
        check(not schema_errors("certificate", json.loads((context.temporary / "proof.json").read_bytes())), f"low-rank: {budget}: schema")
        check.equal(performed(context), int(found["length", "upper"]), f"low-rank: {budget}: the length that is declared is performed")
        check(found["length", "upper"] <= WHOLE * Fraction(budget), f"low-rank: {budget}: length", found)
        lengths.append(int(found["length", "upper"]))
    check(lengths == sorted(lengths), "low-rank: more budget, not less length", lengths)


def test_threads_and_options(context: Context) -> None:
    check, path = context.check, context.temporary / "proof.json"
    prove(context, *ADDITION, "--rank", 6, "--budget", "0.08", "--threads", 1)
    alone = path.read_bytes()
    prove(context, *ADDITION, "--rank", 6, "--budget", "0.08", "--threads", 3)
    check(path.read_bytes() == alone, "low-rank: bytes do not depend on threads")
    stated = json.loads(alone)
    check(stated["witnesses"]["basis"]["shape"][0] <= 6, "low-rank: --rank", stated["provenance"])
    prove(context, *ADDITION, "--rank", 8, "--open", "none")
    none = json.loads(path.read_bytes())
    check("opened-inputs" not in none["witnesses"], "low-rank: --open none opens nothing")
    at_none = claims(context)["cross-entropy", "upper"]
    performed(context)
    prove(context, *ADDITION, "--rank", 8, "--open", "12")
    opened = json.loads(path.read_bytes())["witnesses"]["opened-inputs"]["shape"][0]
    check(opened > 0 and claims(context)["cross-entropy", "upper"] < at_none, "low-rank: --open 12 opens classes, for a smaller loss")
    performed(context)
    prove(context, *ADDITION, "--budget", "400000000")
    check(claims(context)["length", "upper"] <= 400000000, "low-rank: a budget of so many operations")


def test_quantities(context: Context) -> None:
    """Steps that state less are charged less, to the operation."""
    for quantity in ("accuracy,length", "cross-entropy,length", "margin,length"):
        prove(context, *ADDITION, "--quantity", quantity, "--budget", "0.08")
        length = claims(context).get(("length", "upper"))
        context.check.equal(performed(context), length, f"low-rank: --quantity {quantity}: the length that is declared is performed")


@pytest.mark.parametrize("engine", ENGINES)
def test_descriptions(context: Context, engine: str) -> None:
    """Of random networks of every description: VERIFIED, and the length is performed to the operation."""
    made = 0
    for name, kind, target in hinted("proved by low-rank", FORMS):
        outcome = context.generator.run("prove", *written(target, context.temporary), "--strategy", "low-rank", "--force", "--output", context.temporary / "proof.json")
        if outcome.exit != 0 and ("does not end with one" in outcome.errors or "too large" in outcome.errors or "range" in outcome.errors or "beyond" in outcome.errors):
            continue
        if not context.check(outcome.exit == 0, f"low-rank: {name}: proved", target["model"]["architecture"], target["task"], outcome.shown()):
            continue
        made += 1
        verified = context.verifier.run(context.temporary / "proof.json", "--engine", engine, "--receipt", context.temporary / "receipt.json")
        if context.check(verified.verdict == "VERIFIED", f"low-rank: {name} ({engine}): VERIFIED", target["model"]["architecture"], target["task"], verified.shown()):
            length = json.loads((context.temporary / "receipt.json").read_bytes())["operations"]["length"]
            context.check.equal(length, int(claims(context)["length", "upper"]), f"low-rank: {name} ({engine}): length", target["model"]["architecture"], target["task"])
        if engine == "fast":
            context.check.equal(second_opinion.judge(context.temporary / "proof.json"), None, f"low-rank: {name}: the second opinion")
        (context.temporary / "receipt.json").unlink(missing_ok=True)
    context.check(made >= FORMS // 2, "low-rank: most descriptions end with a map", made)


REFUSED: dict[str, tuple[tuple[object, ...], str]] = {
    "a rank above the dimensions": (("--rank", "114"), "--rank 114 is more than the 113 dimensions of the last map"),
    "a negative threshold": (("--open", "-1"), "--open '-1': expected a decimal from 0, or none"),
    "a threshold that is no number": (("--open", "nan"), "--open 'nan': expected a decimal from 0, or none"),
    "a budget of nothing": (("--budget", "0"), "--budget '0': nothing can be proved for nothing"),
    "a budget below the least": (("--budget", "0.001"), "--budget 0.001: the shortest proof by low-rank that was found takes "),
    "an option of another strategy": (("--blocks", "3"), "this strategy does not take --blocks")}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(context: Context, what: str) -> None:
    options, said = REFUSED[what]
    outcome = prove(context, *ADDITION, *options, exit=64)
    lines = outcome.errors.splitlines()
    context.check(lines[0].startswith(f"proofmark: error: {said}") and len(lines) == 2 and lines[1].startswith("hint: "), f"low-rank: {what}", outcome.shown())
    context.check(not (context.temporary / "proof.json").exists(), f"low-rank: {what}: no file")


def test_without_a_last_map(context: Context) -> None:
    small = Small(context.temporary, readout=[{"weight": "U", "layout": "in,out"}, "relu"])
    outcome = prove(context, *small.described(), "--label", "max", exit=64)
    context.check("the readout of this description does not end with one" in outcome.errors, "low-rank: no last map", outcome.shown())


def test_option_of_low_rank_elsewhere(context: Context) -> None:
    small = Small(context.temporary)
    outcome = prove(context, *small.described(), "--label", "max", "--rank", 2, exit=64, strategy="enumeration")
    context.check("this strategy does not take --rank" in outcome.errors and "low-rank" in outcome.errors, "low-rank: --rank of another strategy", outcome.shown())
