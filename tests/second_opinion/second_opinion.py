#!/usr/bin/env python3
"""A second opinion on a Proofmark certificate, independent of the C++ verifier.

Written from schema/FORMAT.md and docs/rules/ alone. It is slow and meant for small certificates: every step is recomputed with exact
weights, by the right side of its rule's theorem, and where the inputs are few by the definition of the model over all of them. It counts
the operations of rules that close ranges of inputs; of other budgets it knows the sum. Needs gmpy2. Read: strict_json, reading, description, task, matrices, network, logits,
truth, then this file, then the rules: rules/*/second_opinion/proof.py.

    second_opinion.py CERT        first line `s VERDICT`, then `c reason CODE at POINTER`; exit 0, 1, 2, 3, 64 or 66
"""
from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

try:
    import gmpy2  # noqa: F401
except ImportError:
    print("s ERROR")
    print("second_opinion.py: error: gmpy2 is not installed for", sys.executable, file=sys.stderr)
    print("hint: Debian has it as python3-gmpy2, for /usr/bin/python3; elsewhere: pip install gmpy2", file=sys.stderr)
    sys.exit(66)

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])      # its rules lie with the other tests of their shape

from rules.any.second_opinion.proof import AnyNetwork                       # noqa: E402
from rules.attention.second_opinion.proof import AttentionOnly              # noqa: E402
from rules.token_sum.second_opinion.proof import TokenSum                   # noqa: E402
from second_opinion import reading, strict_json                             # noqa: E402
from second_opinion.charges import Charges                                  # noqa: E402
from second_opinion.logits import NotPositive                               # noqa: E402
from second_opinion.network import Model, model_of                          # noqa: E402
from second_opinion.reading import Certificate, Step                        # noqa: E402
from second_opinion.refusal import EXIT, Refusal, require                   # noqa: E402
from second_opinion.rule import Found, Proof, Rule                          # noqa: E402
from second_opinion.task import Inputs                                      # noqa: E402
from second_opinion.truth import Truth, truths                              # noqa: E402

# By shape: they close ranges of labels; AnyNetwork closes ranges of inputs.
SHAPES: dict[str, type[Proof]] = {"token-sum": TokenSum, "attention-only": AttentionOnly}
PRECISIONS = (450, 2000, 10000)
AFFORDABLE = 1500                          # inputs, for the truth
KNOWN = {name for proof in (AnyNetwork, *SHAPES.values()) for name in proof.RULES}
MOST_TOKENS = {"attention-only": 1024}


class Unsound(Exception):
    """What a rule proves is not so: a fault of the rule or of this program, not of the certificate."""


def judge(path: Path) -> Refusal | None:
    """None when the certificate proves its claims, otherwise the first refusal."""
    try:
        require(path.stat().st_size <= 2**30, "limit-file", "")
        check(reading.certificate(strict_json.parse(path.read_bytes())))
    except Refusal as refusal:
        return refusal
    return None


def check(certificate: Certificate) -> None:
    model, inputs = model_of(certificate), Inputs(certificate.task)
    require(inputs.n == model.n, "task-inputs", "/task/inputs", f"the model has {model.n} positions")
    require(all(token < V for token, V in zip(inputs.largest_tokens(), model.Vs)), "task-inputs", "/task/inputs", f"the model has {model.Vs} tokens")
    inputs.check_labels(model.C)
    check_claims(certificate)
    check_steps(certificate, model, inputs)
    proof = proof_of(certificate, model, inputs)
    check_conclusion(certificate, inputs.N)
    truth = truths(model, inputs, PRECISIONS[0]) if inputs.N <= AFFORDABLE and certificate.steps[0].by == "labels" else None
    if isinstance(proof, AnyNetwork):
        within(certificate.tables_budget, [proof.tables()], "/tables/operations")
    for i, step in enumerate(certificate.steps):
        if isinstance(proof, AnyNetwork):
            within(step.budget, proof.charges(step), f"/steps/{i}/operations")
        check_step(step, proof, truth, f"/steps/{i}")


def proof_of(certificate: Certificate, model: Model, inputs: Inputs) -> Proof:
    if certificate.steps[0].by == "inputs":
        return AnyNetwork(model, inputs, certificate.steps, certificate.witnesses)
    return SHAPES[model.shape](model, certificate.steps, certificate.witnesses)


def check_claims(certificate: Certificate) -> None:
    require(bool(certificate.claims), "claim-none", "/claims")
    seen = set()
    for i, claim in enumerate(certificate.claims):
        require((claim.quantity, claim.direction) not in seen, "claim-duplicate", f"/claims/{i}")
        seen.add((claim.quantity, claim.direction))
        require(claim.quantity != "accuracy" or claim.bound <= 1, "claim-range", f"/claims/{i}/bound")


def check_steps(certificate: Certificate, model: Model, inputs: Inputs) -> None:
    """Everything about the steps for which nothing is computed."""
    require(bool(certificate.steps), "step-none", "/steps")
    first = certificate.steps[0]
    reached, end = 0, model.C if first.by == "labels" else inputs.N
    for i, step in enumerate(certificate.steps):
        at = f"/steps/{i}"
        require(step.id == i, "step-id", f"{at}/id")
        require(step.by == first.by and declared(step) == declared(first), "step-mixed", at)
        require(any(declared(step)), "step-empty", at)
        require(step.range[0] == reached and reached < step.range[1] <= end, "step-coverage", f"{at}/{step.by}")
        reached = step.range[1]
        require(step.loss is None or step.loss[0] <= step.loss[1], "interval-reversed", f"{at}/loss")
        require(step.correct is None or step.correct[0] <= step.correct[1], "interval-reversed", f"{at}/correct")
    require(reached == end, "step-coverage", "/steps")
    for step in certificate.steps:
        check_use(step, model, inputs, f"/steps/{step.id}")
    require(min(certificate.tables_budget, *(step.budget for step in certificate.steps)) >= 1, "operations-budget", "/steps")
    require(length(certificate) <= 2**50, "limit-length", "/steps")


def declared(step: Step) -> tuple[bool, bool, bool]:
    return step.loss is not None, step.correct is not None, step.margin is not None


def check_use(step: Step, model: Model, inputs: Inputs, at: str) -> None:
    """Whether the rule is for this description and task, closes such ranges, and can state what the step does."""
    require(step.rule in KNOWN, "rule-unknown", f"{at}/rule", step.rule)
    if step.by == "inputs":
        require(step.rule in AnyNetwork.RULES, "rule-steps", f"{at}/inputs", step.rule)
        AnyNetwork.check_use(step, model, inputs, at)
        rule = AnyNetwork.RULES[step.rule]
    else:
        require(any(step.rule in proof.RULES for proof in SHAPES.values()), "rule-steps", f"{at}/labels", step.rule)
        rules = SHAPES[model.shape].RULES if model.shape else {}
        require(step.rule in rules and inputs.is_max_of_all(model.V) and model.V == model.C, "rule-task", f"{at}/rule", step.rule)
        require(model.V <= MOST_TOKENS.get(model.shape, model.V), "limit-vocabulary", "/model/architecture", str(model.V))
        rule = rules[step.rule]
    require(model.n in rule.contexts, "rule-context", f"{at}/rule", step.rule)
    require(step.loss is None or rule.above, "rule-loss", f"{at}/loss", step.rule)
    require(step.loss is None or rule.below or step.loss[0] == 0, "rule-direction", f"{at}/loss/0", step.rule)
    require(step.margin is None or (rule.exact and model.C > 1), "rule-margin", f"{at}/margin", step.rule)


def length(certificate: Certificate) -> int:
    """The sum of all budgets, and what the conclusion takes: add, compare, mul."""
    steps, claims = len(certificate.steps), len(certificate.claims)
    numbers = sum(times for times, there in zip((2, 2, 1), declared(certificate.steps[0])) if there)
    conclusion = numbers * steps + (numbers * steps + claims) + claims
    return certificate.tables_budget + sum(step.budget for step in certificate.steps) + conclusion


def check_conclusion(certificate: Certificate, N: int) -> None:
    """What the steps declare implies the claims: comparisons of exact rationals."""
    steps = certificate.steps
    for i, claim in enumerate(certificate.claims):
        of = claim.quantity, claim.direction
        stated = dict(zip(("cross-entropy", "accuracy", "margin"), declared(steps[0])))
        require(stated.get(claim.quantity, True), "claim-unsupported", f"/claims/{i}")
        if of == ("cross-entropy", "upper"):
            holds = sum(step.loss[1] for step in steps) <= claim.bound * N
        elif of == ("cross-entropy", "lower"):
            holds = sum(step.loss[0] for step in steps) >= claim.bound * N
        elif of == ("accuracy", "lower"):
            holds = sum(step.correct[0] for step in steps) >= claim.bound * N
        elif of == ("accuracy", "upper"):
            holds = sum(step.correct[1] for step in steps) <= claim.bound * N
        elif of == ("margin", "lower"):
            holds = min(step.margin for step in steps) >= claim.bound
        else:
            holds = length(certificate) <= claim.bound
        require(holds, "claim-not-implied", f"/claims/{i}/bound")


def within(budget: int, parts: Iterable[Charges], at: str) -> None:
    """Counts no further than the budget: a step may have 2^64 inputs."""
    taken = 0
    for part in parts:
        taken += part.length()
        require(taken <= budget, "operations-budget", at, f"{taken} and more")


# -- one step --------------------------------------------------------------------------------------------------------

def check_step(step: Step, proof: Proof, truth: list[Truth] | None, at: str) -> None:
    """What the step declares is what its rule proves, or less; decided at rising precision."""
    found = None
    for bits in PRECISIONS:
        try:
            found = proof.found(step, bits)
        except NotPositive:
            continue
        require(found.is_finite(), "limit-logit-range", at)
        if truth is not None and not encloses(found, truth[slice(*step.range)]):
            raise Unsound(f"{at}: {step.rule} finds {found}, and the truth is {truth[slice(*step.range)]}")
        if is_decided(step, found, at):
            return
    require(found is not None, "limit-logit-range", at, "a norm of what does not vary")
    raise ArithmeticError(f"{at}: undecided at {PRECISIONS[-1]} bits")


def is_decided(step: Step, found: Found, at: str) -> bool:
    """Whether the step certainly holds; refused where it certainly does not."""
    decided = True
    if step.loss is not None:
        (lo, hi), lower, upper = step.loss, found.lower, found.upper
        require(lo <= lower.hi, "loss-lower", f"{at}/loss/0", f"found {lower.hi:.30g}")
        require(hi >= upper.lo, "loss-upper", f"{at}/loss/1", f"found {upper.lo:.30g}")
        decided = lo <= lower.lo and upper.hi <= hi
    if step.correct is not None:
        require(step.correct[0] <= found.correct[0], "correct-count", f"{at}/correct/0", f"found {found.correct[0]}")
        require(step.correct[1] >= found.correct[1], "correct-count", f"{at}/correct/1", f"found {found.correct[1]}")
    if step.margin is not None:
        require(step.margin <= found.margin.hi, "margin", f"{at}/margin", f"found {found.margin.hi:.30g}")
        decided = decided and step.margin <= found.margin.lo
    return decided


def encloses(found: Found, of_labels: list[Truth]) -> bool:
    """Whether the truth may lie within what the rule proves."""
    loss = sum((one.loss for one in of_labels[1:]), of_labels[0].loss).ends
    least, most = (sum(one.correct[end] for one in of_labels) for end in (0, 1))
    if found.margin is not None:
        lo, hi = min(one.margin.lo for one in of_labels), min(one.margin.hi for one in of_labels)
        if found.margin.lo > hi or found.margin.hi < lo:
            return False
    if found.upper is not None and found.upper.hi < loss.lo:
        return False
    return found.lower.lo <= loss.hi and found.correct[0] <= most and least <= found.correct[1]


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
