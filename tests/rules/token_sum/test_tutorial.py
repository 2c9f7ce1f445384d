"""The tutorial's own size: a model that PyTorch trained, as it is, proved and verified over all 4 194 304 inputs."""
from __future__ import annotations

import json
from decimal import Decimal

from proofmark_testing.context import ROOT, Context

MODEL = ROOT / "tests" / "models" / "tutorial-max2-v2048-d128.safetensors"
LOSS = Decimal("0.23415814904276")                # in float64; the enclosures are narrower than its last digit
CORRECT = Decimal(4032761) / Decimal(2048 * 2048)
CONVEXITY = Decimal("11.22382656413695")


def test_symmetry(context: Context) -> None:
    symmetry = established(context, "symmetry")
    if symmetry:
        upper, lower = (symmetry["cross-entropy", end] for end in ("upper", "lower"))
        context.check(Decimal("0.234158149042") <= upper <= Decimal("0.234158149043"), "tutorial: upper bound of symmetry", upper)
        context.check(LOSS - Decimal("2e-13") <= lower <= LOSS <= upper, "tutorial: lower bound of symmetry", lower, upper)
        for end in ("lower", "upper"):
            context.check(abs(symmetry["accuracy", end] - CORRECT) < Decimal("1e-15"), f"tutorial: every correct input is counted ({end})", symmetry)
        context.check.equal(sorted(symmetry), [("accuracy", "lower"), ("accuracy", "upper"), ("cross-entropy", "lower"), ("cross-entropy", "upper"), ("length", "upper"),
                                               ("margin", "lower")], "tutorial: claims of symmetry")


def test_convexity(context: Context) -> None:
    convexity = established(context, "convexity")
    if convexity:
        upper = convexity["cross-entropy", "upper"]
        context.check(CONVEXITY <= upper <= CONVEXITY + Decimal("1e-12"), "tutorial: upper bound of convexity", upper)
        context.check.equal(sorted(convexity), [("cross-entropy", "upper"), ("length", "upper")], "tutorial: claims of convexity")


def established(context: Context, strategy: str) -> dict[tuple[str, str], Decimal] | None:
    """The bounds that the verifier establishes for the certificate that the generator makes."""
    path, receipt = context.temporary / f"{strategy}.json", context.temporary / f"{strategy}.receipt.json"
    outcome = context.generator.run("prove", MODEL, "--context", 2, "--strategy", strategy, "--output", path)
    if not context.check(outcome.exit == 0, f"tutorial: prove {strategy}", outcome.shown()):
        return None
    outcome = context.verifier.run(path, "--weights", MODEL, "--receipt", receipt)
    if not context.check.equal(outcome.verdict, "VERIFIED", f"tutorial: {strategy} is verified", outcome.shown()):
        return None
    return {(claim["quantity"], claim["direction"]): Decimal(claim["established"]) for claim in json.loads(receipt.read_text())["claims"]}
