#!/usr/bin/env python3
"""A second opinion on a Proofmark certificate, independent of the C++ verifier.

Written from schema/FORMAT.md and docs/rules/ alone. It is slow and meant for small certificates: every step is recomputed by
the definition of the loss, with exact weights, over all inputs; for `convexity@1` over the mixtures of its theorem. Needs gmpy2. Read: strict_json, reading, counting,
enclosure, then this file.

    second_opinion.py CERT        first line `s VERDICT`, then `c reason CODE at POINTER`; exit 0, 1, 2, 3, 64 or 66
"""
from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import counting
import enclosure
import reading
import strict_json
from exact_numbers import DTYPES
from reading import KINDS, RULES, UPPER_ONLY, Certificate
from refusal import EXIT, Refusal, require

PRECISIONS = (450, 2000, 10000)


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
    check_totals(certificate)
    check_conclusion(certificate)
    check_step_contents(certificate)


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
    require(not certificate.witnesses, "witness-unused", "/witnesses")
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
        require(step.labels[0] == reached and reached < step.labels[1] <= certificate.V, "step-coverage", f"{at}/labels")
        reached = step.labels[1]
        require((step.correct is not None) == with_correct, "step-mixed", at)
        require(step.rule not in UPPER_ONLY or step.loss[0] == 0, "rule-direction", f"{at}/loss/0", step.rule)
        require(step.loss[0] <= step.loss[1], "interval-reversed", f"{at}/loss")
    require(reached == certificate.V, "step-coverage", "/steps")
    require(certificate.length <= 2**50, "limit-length", "/operations/length")


def check_totals(certificate: Certificate) -> None:
    steps = certificate.steps
    expected = {
        "tables": counting.tables(certificate.V, certificate.tensors["embedding.weight"].shape[0], certificate.n,
                                  {step.rule for step in steps}),
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


def check_step_contents(certificate: Certificate) -> None:
    for i, step in enumerate(certificate.steps):
        try:
            counts = counting.step(step.rule, certificate.n, certificate.V, step.labels, step.correct is not None,
                                   sum(step.operations.values()))
        except counting.OverBudget:
            counts = {}
        require(counts == step.operations, "operations-mismatch", f"/steps/{i}/operations", str(counts))
    M = enclosure.logit_matrix(certificate)
    for name, row in enumerate(M):
        require(max(row) - min(row) <= 2**20, "limit-logit-range", "/model", f"token {name}")
    for i, step in enumerate(certificate.steps):
        check_loss(certificate, M, i)
        if step.correct is not None:
            count = enclosure.correct_by_loss if step.rule == "convexity@1" else enclosure.correct_inputs
            found = count(M, certificate.n, step.labels)
            require(step.correct <= found, "correct-count", f"/steps/{i}/correct", f"found {found}")


def check_loss(certificate: Certificate, M: enclosure.Matrix, i: int) -> None:
    """The declared interval contains the true sum, or what the rule puts in its place; decided at rising precision."""
    step = certificate.steps[i]
    lo, hi = step.loss
    found = enclosure.convexity_bound if step.rule == "convexity@1" else enclosure.loss_sum
    for bits in PRECISIONS:
        below, above = found(M, certificate.n, step.labels, bits)
        require(lo <= above, "loss-lower", f"/steps/{i}/loss/0", f"found {above:.30g}")
        require(hi >= below, "loss-upper", f"/steps/{i}/loss/1", f"found {below:.30g}")
        if lo <= below and above <= hi:
            return
    raise ArithmeticError(f"step {i}: undecided at {PRECISIONS[-1]} bits")


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
