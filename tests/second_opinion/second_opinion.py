#!/usr/bin/env python3
"""A second opinion on a Proofmark certificate, independent of the C++ verifier.

Written from schema/FORMAT.md and docs/rules/ alone. It is slow and meant for small certificates: every step is recomputed by
the definition of the loss, with exact weights, over all inputs; for `convexity@1`, `head-tail@1` and `block-jensen@1` by the right side of
their theorems. Needs gmpy2. Read: strict_json, reading, witnesses, counting, enclosure, head_tail, block_jensen, then this file.

    second_opinion.py CERT        first line `s VERDICT`, then `c reason CODE at POINTER`; exit 0, 1, 2, 3, 64 or 66
"""
from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from gmpy2 import mpfr

import counting
import enclosure
import reading
import strict_json
import witnesses
from block_jensen import BlockJensen
from exact_numbers import DTYPES
from head_tail import HeadTail
from intervals import Interval
from reading import KINDS, RULES, UPPER_ONLY, Certificate, Step
from refusal import EXIT, Refusal, require
from witnesses import Witnesses

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
    check_model(certificate)
    check_claims(certificate)
    check_steps(certificate)
    hints = witnesses.read(certificate)
    check_blocks(certificate, hints)
    check_totals(certificate, hints)
    check_conclusion(certificate)
    check_step_contents(certificate, hints)


def check_model(certificate: Certificate) -> None:
    for name, tensor in certificate.tensors.items():
        rows, columns = tensor.shape
        require(rows > 0 and columns > 0 and rows * columns * DTYPES[tensor.dtype][0] == len(tensor.raw),
                "tensor-size", f"/model/tensors/{name}")
    V, d = certificate.V, certificate.tensors["embedding.weight"].shape[0]
    for name, shape in (("embedding", [d, V]), ("linear", [d, d]), ("unembedding", [V, d])):
        at = f"{name}.weight"
        require(certificate.tensors[at].shape == shape, "tensor-shape", f"/model/tensors/{at}/shape")
    require(d <= 4096, "limit-width", "/model/tensors/linear.weight/shape")
    for name in sorted(certificate.tensors):
        enclosure.rows(certificate, name)            # refuses what is not finite
    require(model_digest(certificate) == certificate.sha256, "digest-mismatch", "/model/sha256")


def model_digest(certificate: Certificate) -> str:
    digest = hashlib.sha256(b"proofmark-model 1\nfamily token-sum\n")
    for name in sorted(certificate.tensors):
        tensor = certificate.tensors[name]
        digest.update(f"{name} {tensor.dtype} {tensor.shape[0]}x{tensor.shape[1]}\n".encode() + tensor.raw)
    return digest.hexdigest()


def check_claims(certificate: Certificate) -> None:
    require(bool(certificate.claims), "claim-none", "/claims")
    seen = set()
    for i, claim in enumerate(certificate.claims):
        require((claim.quantity, claim.direction) not in seen, "claim-duplicate", f"/claims/{i}")
        seen.add((claim.quantity, claim.direction))
        require(claim.quantity != "accuracy" or claim.bound <= 1, "claim-range", f"/claims/{i}/bound")


def check_steps(certificate: Certificate) -> None:
    require(bool(certificate.steps), "step-none", "/steps")
    reached, with_correct = 0, certificate.steps[0].correct is not None
    for i, step in enumerate(certificate.steps):
        at = f"/steps/{i}"
        require(step.id == i, "step-id", f"{at}/id")
        require(step.rule in RULES, "rule-unknown", f"{at}/rule", step.rule)
        require(covers(step.rule, certificate.n), "rule-context", f"{at}/rule", step.rule)
        require(step.labels[0] == reached and reached < step.labels[1] <= certificate.V, "step-coverage", f"{at}/labels")
        reached = step.labels[1]
        require((step.correct is not None) == with_correct, "step-mixed", at)
        require(step.rule not in UPPER_ONLY or step.loss[0] == 0, "rule-direction", f"{at}/loss/0", step.rule)
        require(step.loss[0] <= step.loss[1], "interval-reversed", f"{at}/loss")
    require(reached == certificate.V, "step-coverage", "/steps")
    require(certificate.length <= 2**50, "limit-length", "/operations/length")


def covers(rule: str, n: int) -> bool:
    return {"head-tail@1": n >= 2, "block-jensen@1": n == 2}.get(rule, True)


def check_blocks(certificate: Certificate, hints: Witnesses) -> None:
    for i, step in enumerate(certificate.steps):
        if step.rule == "block-jensen@1":
            for end in step.labels:
                require(end in hints.blocks or end == certificate.V, "step-blocks", f"/steps/{i}/labels", str(end))


def check_totals(certificate: Certificate, hints: Witnesses) -> None:
    steps = certificate.steps
    expected = {
        "tables": counting.tables(certificate.V, certificate.tensors["embedding.weight"].shape[0], certificate.n,
                                  {step.rule for step in steps}, hints),
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


def check_step_contents(certificate: Certificate, hints: Witnesses) -> None:
    for i, step in enumerate(certificate.steps):
        try:
            counts = counting.step(step.rule, certificate.n, certificate.V, step.labels, step.correct is not None,
                                   sum(step.operations.values()), hints)
        except counting.OverBudget:
            counts = {}
        require(counts == step.operations, "operations-mismatch", f"/steps/{i}/operations", str(counts))
    M = enclosure.logit_matrix(certificate)
    for name, row in enumerate(M):
        require(max(row) - min(row) <= 2**20, "limit-logit-range", "/model", f"token {name}")
    for i, step in enumerate(certificate.steps):
        check_loss(certificate, hints, M, i)
        if step.correct is not None:
            found = correct(step, M, hints)
            require(step.correct <= found, "correct-count", f"/steps/{i}/correct", f"found {found}")


def correct(step: Step, M: enclosure.Matrix, hints: Witnesses) -> int:
    if step.rule == "convexity@1":
        return enclosure.correct_by_loss(M, hints.n, step.labels)
    truth = enclosure.correct_inputs(M, hints.n, step.labels)
    if step.rule not in ("head-tail@1", "block-jensen@1"):
        return truth
    found = (HeadTail if step.rule == "head-tail@1" else BlockJensen)(M, hints, PRECISIONS[0]).correct(step.labels)
    if found > truth:
        raise Unsound(f"{step.rule} confirms {found} inputs, and {truth} are correct")
    return found


def check_loss(certificate: Certificate, hints: Witnesses, M: enclosure.Matrix, i: int) -> None:
    """The declared interval contains the true sum, or what the rule puts in its place; decided at rising precision."""
    step = certificate.steps[i]
    lo, hi = step.loss
    for bits in PRECISIONS:
        lower, upper = bounds(step, M, hints, bits)
        require(lo <= lower.hi, "loss-lower", f"/steps/{i}/loss/0", f"found {lower.hi:.30g}")
        require(hi >= upper.lo, "loss-upper", f"/steps/{i}/loss/1", f"found {upper.lo:.30g}")
        if lo <= lower.lo and upper.hi <= hi:
            return
    raise ArithmeticError(f"step {i}: undecided at {PRECISIONS[-1]} bits")


def bounds(step: Step, M: enclosure.Matrix, hints: Witnesses, bits: int) -> tuple[Interval, Interval]:
    """What the rule proves from below and from above, each enclosed; whatever it is, the truth lies between."""
    zero = mpfr(0)
    truth = Interval(*enclosure.loss_sum(M, hints.n, step.labels, bits))
    if step.rule == "convexity@1":
        lower, upper = Interval(zero, zero), Interval(*enclosure.convexity_bound(M, hints.n, step.labels, bits))
    elif step.rule == "head-tail@1":
        lower, upper = HeadTail(M, hints, bits).bounds(step.labels)
    elif step.rule == "block-jensen@1":
        lower, upper = Interval(zero, zero), BlockJensen(M, hints, bits).bound(step.labels)
    else:
        return truth, truth
    if lower.lo > truth.hi or upper.hi < truth.lo:
        raise Unsound(f"{step.rule} gives [{lower.lo:.30g}, {upper.hi:.30g}], and the sum is {truth.lo:.30g}")
    return lower, upper


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
