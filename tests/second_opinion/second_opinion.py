#!/usr/bin/env python3
"""A second opinion on a Proofmark certificate, independent of the C++ verifier.

Written from schema/FORMAT.md and docs/rules/ alone. It is slow and meant for small certificates: every step is recomputed with exact
weights, by the definition of the loss over all inputs, or by the right side of its rule's theorem. Needs gmpy2. Read: strict_json,
reading, hints, counting, weights, intervals, then this file, then a family: token_sum/family.py or attention_only/family.py.

    second_opinion.py CERT        first line `s VERDICT`, then `c reason CODE at POINTER`; exit 0, 1, 2, 3, 64 or 66
"""
from __future__ import annotations

import hashlib
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

try:
    import gmpy2  # noqa: F401
except ImportError:
    print("s ERROR")
    print("second_opinion.py: error: gmpy2 is not installed for", sys.executable, file=sys.stderr)
    print("hint: Debian has it as python3-gmpy2, for /usr/bin/python3; elsewhere: pip install gmpy2", file=sys.stderr)
    sys.exit(66)

import counting
import reading
import strict_json
import weights
from attention_only import family as attention_only
from exact_numbers import DTYPES
from intervals import Interval
from reading import KINDS, Certificate, Step
from refusal import EXIT, Refusal, require
from token_sum import family as token_sum

FAMILIES: dict[str, ModuleType] = {"token-sum": token_sum, "attention-only": attention_only}
PRECISIONS = (450, 2000, 10000)


class Unsound(Exception):
    """The bounds of a rule leave the truth outside: a fault of the rule or of this program, not of the certificate."""


def judge(path: Path) -> Refusal | None:
    """None when the certificate proves its claims, otherwise the first refusal."""
    try:
        require(path.stat().st_size <= 2**30, "limit-file", "")
        check(reading.certificate(strict_json.parse(path.read_bytes())))
    except Refusal as refusal:
        return refusal
    return None


def check(certificate: Certificate) -> None:
    family = FAMILIES[certificate.family]
    check_model(certificate, family)
    check_claims(certificate)
    check_steps(certificate, family)
    hints = family.read_witnesses(certificate)
    check_totals(certificate, family.tables(certificate, hints))
    check_conclusion(certificate)
    check_step_operations(certificate, family, hints)
    check_step_contents(certificate, family.Proof(certificate, hints))


def check_model(certificate: Certificate, family: ModuleType) -> None:
    for name, tensor in certificate.tensors.items():
        require(min(tensor.shape) > 0 and math.prod(tensor.shape) * DTYPES[tensor.dtype][0] == len(tensor.raw),
                "tensor-size", f"/model/tensors/{name}")
    family.check_shapes(certificate)
    for name in sorted(certificate.tensors):
        weights.rows(certificate, name)              # refuses what is not finite
    require(model_digest(certificate) == certificate.sha256, "digest-mismatch", "/model/sha256")


def model_digest(certificate: Certificate) -> str:
    digest = hashlib.sha256(f"proofmark-model 1\nfamily {certificate.family}\n".encode())
    for name in sorted(certificate.tensors):
        tensor = certificate.tensors[name]
        digest.update(f"{name} {tensor.dtype} {'x'.join(map(str, tensor.shape))}\n".encode() + tensor.raw)
    return digest.hexdigest()


def check_claims(certificate: Certificate) -> None:
    require(bool(certificate.claims), "claim-none", "/claims")
    seen = set()
    for i, claim in enumerate(certificate.claims):
        require((claim.quantity, claim.direction) not in seen, "claim-duplicate", f"/claims/{i}")
        seen.add((claim.quantity, claim.direction))
        require(claim.quantity != "accuracy" or claim.bound <= 1, "claim-range", f"/claims/{i}/bound")


def check_steps(certificate: Certificate, family: ModuleType) -> None:
    require(bool(certificate.steps), "step-none", "/steps")
    reached, with_correct = 0, certificate.steps[0].correct is not None
    for i, step in enumerate(certificate.steps):
        at = f"/steps/{i}"
        require(step.id == i, "step-id", f"{at}/id")
        require(step.rule in family.RULES, "rule-unknown", f"{at}/rule", step.rule)
        require(family.RULES[step.rule](certificate.n), "rule-context", f"{at}/rule", step.rule)
        require(step.labels[0] == reached and reached < step.labels[1] <= certificate.V, "step-coverage", f"{at}/labels")
        reached = step.labels[1]
        require((step.correct is not None) == with_correct, "step-mixed", at)
        require(step.rule not in family.UPPER_ONLY or step.loss[0] == 0, "rule-direction", f"{at}/loss/0", step.rule)
        require(step.loss[0] <= step.loss[1], "interval-reversed", f"{at}/loss")
    require(reached == certificate.V, "step-coverage", "/steps")
    require(certificate.length <= 2**50, "limit-length", "/operations/length")


def check_totals(certificate: Certificate, tables: reading.Operations) -> None:
    steps = certificate.steps
    expected = {
        "tables": tables,
        "steps": {kind: sum(step.operations[kind] for step in steps) for kind in KINDS},
        "conclusion": counting.conclusion(len(steps), len(certificate.claims), steps[0].correct is not None)}
    for part, counts in expected.items():
        require(certificate.totals[part] == counts, "operations-mismatch", f"/operations/{part}", str(counts))
    length = sum(sum(counts.values()) for counts in expected.values())
    require(certificate.length == length, "operations-mismatch", "/operations/length", str(length))


def check_conclusion(certificate: Certificate) -> None:
    """The declared intervals and counts imply the claims: comparisons of exact rationals."""
    steps, inputs = certificate.steps, certificate.V ** certificate.n
    for i, claim in enumerate(certificate.claims):
        if claim.quantity == "accuracy":
            require(steps[0].correct is not None, "claim-unsupported", f"/claims/{i}")
            holds = sum(step.correct for step in steps) >= claim.bound * inputs
        elif claim.direction == "upper":
            holds = sum(step.loss[1] for step in steps) <= claim.bound * inputs
        else:
            holds = sum(step.loss[0] for step in steps) >= claim.bound * inputs
        require(holds, "claim-not-implied", f"/claims/{i}/bound")


def check_step_operations(certificate: Certificate, family: ModuleType, hints: Any) -> None:
    for i, step in enumerate(certificate.steps):
        try:
            counts = family.step_operations(hints, step, sum(step.operations.values()))
        except counting.OverBudget:
            counts = {}
        require(counts == step.operations, "operations-mismatch", f"/steps/{i}/operations", str(counts))


def check_step_contents(certificate: Certificate, proof: Any) -> None:
    for i, step in enumerate(certificate.steps):
        check_loss(step, proof, f"/steps/{i}/loss")
        if step.correct is not None:
            found = correct(step, proof)
            require(step.correct <= found, "correct-count", f"/steps/{i}/correct", f"found {found}")


def check_loss(step: Step, proof: Any, at: str) -> None:
    """The declared interval contains the true sum, or what the rule puts in its place; decided at rising precision."""
    lo, hi = step.loss
    for bits in PRECISIONS:
        lower, upper = bounds(step, proof, bits)
        require(lo <= lower.hi, "loss-lower", f"{at}/0", f"found {lower.hi:.30g}")
        require(hi >= upper.lo, "loss-upper", f"{at}/1", f"found {upper.lo:.30g}")
        if lo <= lower.lo and upper.hi <= hi:
            return
    raise ArithmeticError(f"{at}: undecided at {PRECISIONS[-1]} bits")


def bounds(step: Step, proof: Any, bits: int) -> tuple[Interval, Interval]:
    """What the rule proves from below and from above, each enclosed. The truth lies between; a family has none where the inputs are too many."""
    lower, upper = proof.bounds(step, bits)
    truth = proof.truth(step, bits)
    if truth is not None and (lower.lo > truth.hi or upper.hi < truth.lo):
        raise Unsound(f"{step.rule} gives [{lower.lo:.30g}, {upper.hi:.30g}], and the sum is {truth.lo:.30g}")
    return lower, upper


def correct(step: Step, proof: Any) -> int:
    found, truth = proof.correct(step), proof.truly_correct(step)
    if truth is not None and found > truth:
        raise Unsound(f"{step.rule} confirms {found} inputs, and {truth} are correct")
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("s ERROR\nc reason usage: second_opinion.py CERT")
        return 64
    try:
        refusal = judge(Path(arguments[0]))
    except OSError as error:
        print(f"s ERROR\nc reason io: {error.strerror}")
        return 66
    verdict = refusal.verdict if refusal else "VERIFIED"
    print(f"s {verdict}")
    if refusal:
        print(ascii(f"c reason {refusal.code} at {refusal.pointer or '/'}")[1:-1])
        print(ascii(f"c {refusal.details}")[1:-1])
    return EXIT[verdict]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
