"""Claims, the task, steps, interval ends and counts."""
from __future__ import annotations

import copy
from fractions import Fraction

from ..certificates import LARGEST, Certificate, changed, claim, recount, value_at
from ..encodings import MIN_EXPONENT, floor_log2, hexadecimal, parse_hexadecimal
from . import families
from .mutant import Mutant, Mutants, Subject, always, if_true, moved, never, renumbered

DIGITS = 32
LOSS = "loss-lower loss-upper rule-direction interval-reversed"
NUMBERS = f"{LOSS} correct-count claim-not-implied"
WITNESSES = "witness-missing witness-unused witness-shape witness-value"


def mutants(subject: Subject) -> Mutants:
    yield from claims(subject)
    yield from task(subject)
    yield from order_of_steps(subject)
    yield from ranges(subject)
    yield from rules(subject)
    yield from ends(subject)
    yield from correct(subject)
    yield from counts(subject)


def recounted(target: Certificate) -> Certificate:
    """A copy whose counts are those of its rules, task and witnesses. What has no count keeps what it had."""
    target = copy.deepcopy(target)
    for step in target["steps"]:
        step["operations"] = families.of(target).step(target, step)
    return recount(target)


# -- claims --------------------------------------------------------------------------------------------------------

def implied(target: Certificate, one: dict[str, str]) -> bool:
    """Whether the declared steps imply a claim."""
    inputs, bound = target["task"]["vocabulary"] ** target["task"]["context"], Fraction(one["bound"])
    if one["quantity"] == "accuracy":
        return bound <= 1 and sum(step["correct"] for step in target["steps"]) >= bound * inputs
    end = one["direction"] == "upper"
    total = sum(parse_hexadecimal(step["loss"][end]) for step in target["steps"])
    return total <= bound * inputs if end else total >= bound * inputs


def claims(subject: Subject) -> Mutants:
    target = subject.certificate
    for i, one in enumerate(target["claims"]):
        for bound, where in bounds(target, one):
            mutant = changed(target, f"/claims/{i}/bound", bound)
            yield judged_claim("claim moved", f"claim {i} to {bound}, {where}", mutant, mutant["claims"][i])
        for quantity, direction in (("cross-entropy", "upper"), ("cross-entropy", "lower"), ("accuracy", "lower"), ("accuracy", "upper"),
                                    ("loss", "upper")):
            if (quantity, direction) != (one["quantity"], one["direction"]):
                other = changed(target, f"/claims/{i}", claim(quantity, direction, one["bound"]))
                if quantity == "accuracy" and "correct" not in target["steps"][0]:
                    yield never("accuracy claimed of steps without it", f"claim {i}", other, "claim-unknown claim-unsupported claim-range")
                    continue
                yield if_true("claim of another quantity or direction", f"claim {i}: {quantity} {direction}", other,
                              "claim-unknown claim-duplicate claim-not-implied claim-range")
        rest = [*target["claims"][:i], *target["claims"][i + 1:]]
        yield never("claim dropped", f"claim {i}", changed(target, "/claims", rest), "operations-mismatch claim-none")
        if rest:
            yield always("claim dropped, counts repaired", f"claim {i}", recount(changed(target, "/claims", rest)))
        yield never("claim twice", f"claim {i}", recount(changed(target, "/claims", [*target["claims"], one])), "claim-duplicate limit-claims")
    if len(target["claims"]) > 1:
        yield always("claims in another order", "reversed", changed(target, "/claims", target["claims"][::-1]))


def bounds(target: Certificate, one: dict[str, str]) -> list[tuple[str, str]]:
    """Of one unit of its last place up and down, the last that the steps imply with 60 decimals, and what is just beyond; absurd ones."""
    whole, _, fraction = one["bound"].partition(".")
    digits, value = len(fraction), int(whole + fraction)
    found = [(value + by, digits, f"{by:+d} of its last digit") for by in (-1, 1) if value + by >= 0]
    inputs, up = target["task"]["vocabulary"] ** target["task"]["context"], one["direction"] == "upper"
    if one["quantity"] == "accuracy":
        best = Fraction(sum(step["correct"] for step in target["steps"]), inputs)
        found.append((10**digits + 1, digits, "above 1"))
    else:
        best = sum(parse_hexadecimal(step["loss"][up]) for step in target["steps"]) / inputs
    scaled = best * 10**60
    last = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    found += [(last, 60, "the last that the steps imply"), (last - 1 if up else last + 1, 60, "just beyond")]
    found.append((0 if up else 10**19, 0, "absurd"))
    return [(written_decimal(*number), where) for *number, where in found if 0 <= number[0] < 10 ** (20 + number[1])]


def written_decimal(value: int, digits: int) -> str:
    return f"{value // 10**digits}.{value % 10**digits:0{digits}d}" if digits else str(value)


def judged_claim(kind: str, where: str, target: Certificate, one: dict[str, str]) -> Mutant:
    if implied(target, one):
        return always(f"{kind}, still implied", where, target)
    code = "claim-range" if one["quantity"] == "accuracy" and Fraction(one["bound"]) > 1 else "claim-not-implied"
    return never(f"{kind}, beyond the steps", where, target, code)


# -- task ----------------------------------------------------------------------------------------------------------

def task(subject: Subject) -> Mutants:
    target = subject.certificate
    yield never("version", "one more", moved(target, "/version", 1), "version-unknown")
    yield never("version", "one less", moved(target, "/version", -1), "version-unknown")
    for by in (-1, 1):
        yield never("vocabulary by one", f"{by:+d}", moved(target, "/task/vocabulary", by), "tensor-shape limit-vocabulary")
        mutant = moved(target, "/task/context", by)
        if families.of(target).context_in_weights:
            yield never("context by one", f"{by:+d}", mutant, "tensor-shape limit-context")
            continue
        codes = f"operations-mismatch limit-context limit-length rule-context {WITNESSES} {NUMBERS}"
        yield never("context by one", f"{by:+d}", mutant, codes)
        if mutant["task"]["context"] >= 1 and "levels" not in target["witnesses"]:
            yield if_true("context by one, counts repaired", f"{by:+d}", recounted(mutant), codes.replace("operations-mismatch", ""))


# -- steps ---------------------------------------------------------------------------------------------------------

def order_of_steps(subject: Subject) -> Mutants:
    target, steps = subject.certificate, subject.certificate["steps"]
    codes = f"step-id step-coverage step-none {WITNESSES}"
    for i in subject.pick(range(len(steps))):
        changes = [("dropped", [*steps[:i], *steps[i + 1:]]), ("twice", [*steps[:i + 1], *steps[i:]])]
        if i + 1 < len(steps):
            changes += [("swapped", [*steps[:i], steps[i + 1], steps[i], *steps[i + 2:]]),
                        ("merged into the next, keeping its loss", [*steps[:i], steps[i + 1] | {"labels": [steps[i]["labels"][0], steps[i + 1]["labels"][1]]},
                                                                    *steps[i + 2:]])]
        for what, mutated in changes:
            mutant = changed(target, "/steps", mutated)
            if what.startswith("merged"):
                yield if_true(f"step {what}, ids and counts repaired", f"step {i}", renumbered(recounted(mutant)),
                              f"{codes} {NUMBERS} step-blocks")
                continue
            yield never(f"step {what}", f"step {i}", mutant, f"{codes} operations-mismatch claim-not-implied")
            yield never(f"step {what}, ids and counts repaired", f"step {i}", renumbered(mutant), f"{codes} operations-mismatch claim-not-implied")


def ranges(subject: Subject) -> Mutants:
    target, steps = subject.certificate, subject.certificate["steps"]
    for i in subject.pick(range(len(steps))):
        for by in (-1, 1):
            if steps[i]["id"] + by >= 0:
                yield never("step id by one", f"step {i} {by:+d}", moved(target, f"/steps/{i}/id", by), "step-id")
            for end in (0, 1):
                if steps[i]["labels"][end] + by >= 0:
                    yield never("step labels by one", f"step {i}, {('from', 'to')[end]} {by:+d}", moved(target, f"/steps/{i}/labels/{end}", by),
                                "step-coverage")
            if i + 1 < len(steps):
                boundary = moved(moved(target, f"/steps/{i}/labels/1", by), f"/steps/{i + 1}/labels/0", by)
                if all(step["labels"][0] < step["labels"][1] for step in boundary["steps"]):
                    yield never("boundary of two steps by one", f"after step {i} {by:+d}", boundary, "operations-mismatch step-blocks")
                    yield if_true("boundary of two steps by one, counts repaired", f"after step {i} {by:+d}", recounted(boundary),
                                  f"{NUMBERS} step-blocks")
        reversed_labels = changed(target, f"/steps/{i}/labels", steps[i]["labels"][::-1])
        yield never("step labels exchanged", f"step {i}", reversed_labels, "step-coverage")


def rules(subject: Subject) -> Mutants:
    """Relabelled: any rule may close a step, if what the step declares is what that rule can show."""
    target, steps = subject.certificate, subject.certificate["steps"]
    for i in subject.pick(range(len(steps))):
        rule = steps[i]["rule"]
        for other in ("truth@1", rule.replace("@1", "@2"), rule.replace("@1", "@01"), rule.replace("@1", "")):
            yield never("rule that does not exist", f"step {i}: {other}", changed(target, f"/steps/{i}/rule", other), "rule-unknown")
        for other in families.of(target).rules:
            if other == rule:
                continue
            mutant = changed(target, f"/steps/{i}/rule", other)
            codes = f"rule-context rule-direction step-blocks {WITNESSES} {LOSS} correct-count"
            if subject.n == 1 and {rule, other} == {"enumeration@1", "symmetry@1"}:
                yield always("step relabelled as a rule that is the same for n = 1", f"step {i}: {other}", mutant)
                continue
            yield never("step relabelled", f"step {i}: {other}", mutant, f"{codes} operations-mismatch")
            if families.of(mutant).countable(mutant):
                yield if_true("step relabelled, counts repaired", f"step {i}: {other}", recounted(mutant), codes)


# -- losses and correct inputs -------------------------------------------------------------------------------------

def raised(value: Fraction, digits: int = DIGITS) -> Fraction:
    """The next number with so many hexadecimal digits."""
    if value == 0:
        return Fraction(1, 2**-MIN_EXPONENT)
    return value + Fraction(2) ** (floor_log2(value) - 4 * digits)


def lowered(value: Fraction, digits: int = DIGITS) -> Fraction:
    exponent = floor_log2(value)
    below = exponent - 1 if value == Fraction(2) ** exponent else exponent
    return value - Fraction(2) ** (below - 4 * digits)


def ends(subject: Subject) -> Mutants:
    target = subject.certificate
    for i in subject.pick(range(len(target["steps"]))):
        texts = target["steps"][i]["loss"]
        lo, hi = (parse_hexadecimal(text) for text in texts)
        digits = [len(text.partition(".")[2].partition("p")[0]) for text in texts]
        changes: list[tuple[str, int, Fraction, str]] = []
        for unit, of in (("one unit of its last digit", digits), ("one unit of the 13th digit", [13, 13]), ("one unit of the 32nd digit", [DIGITS, DIGITS])):
            changes.append(("inward", 0, raised(lo, of[0]), unit))
            if hi > 0:
                changes.append(("inward", 1, lowered(hi, of[1]), unit))
            changes.append(("outward", 1, raised(hi, of[1]), unit))
            if lo > 0:
                changes.append(("outward", 0, lowered(lo, of[0]), unit))
        for way, end, value, unit in changes:
            mutant = changed(target, f"/steps/{i}/loss/{end}", hexadecimal(value, up=end == 1, digits=DIGITS))
            where = f"step {i}, {('lower', 'upper')[end]} end by {unit}"
            if way == "inward":
                yield if_true("loss end moved inward", where, mutant, LOSS)
            elif all(implied(mutant, one) for one in mutant["claims"]):
                yield always("loss end moved outward, nothing depends on it", where, mutant)
            else:
                yield never("loss end moved outward, a claim depends on it", where, mutant, "claim-not-implied")
        if texts[0] != texts[1]:
            yield never("loss ends exchanged", f"step {i}", changed(target, f"/steps/{i}/loss", texts[::-1]), "interval-reversed claim-not-implied")
        for text in ("0x1.p+0", "0x2p+0", "1.5", "inf", "nan", "-0x1p+0", "0x1p+16384", "0x1.8P+3", "0x0p+1", texts[1] + "0" * 6):
            yield never("number text", f"step {i}: {text}", changed(target, f"/steps/{i}/loss/1", text), "number-grammar")
        if i in subject.own:
            yield from beyond(subject, i)


def beyond(subject: Subject, i: int) -> Mutants:
    """Each end just inside what the verifier can show; everything else as it was."""
    target, (lo, hi, _) = subject.certificate, subject.own[i]
    digits = DIGITS if subject.decisive else 6
    changes = [(0, raised(lo, digits))] + ([(1, lowered(hi, digits))] if hi > 0 else [])
    for end, value in changes:
        text = hexadecimal(value, up=end == 0, digits=DIGITS)
        yield never("loss end just inside the verifier's own", f"step {i}, {('lower', 'upper')[end]} end {text}",
                    changed(target, f"/steps/{i}/loss/{end}", text), LOSS)


def correct(subject: Subject) -> Mutants:
    target = subject.certificate
    for i in subject.pick(range(len(target["steps"]))):
        step = target["steps"][i]
        if "correct" not in step:
            yield never("correct inputs in a step of several", f"step {i}", changed(target, f"/steps/{i}/correct", 0),
                        "step-mixed operations-mismatch")
            continue
        own = subject.own[i][2] if i in subject.own else None
        for value in {step["correct"] + 1, step["correct"] - 1, 0 if own is None else own + 1, 2**40} - {step["correct"]}:
            if not 0 <= value <= LARGEST:
                continue
            mutant = changed(target, f"/steps/{i}/correct", value)
            where = f"step {i}: {value} for {step['correct']}"
            if value < step["correct"] and all(implied(mutant, one) for one in mutant["claims"]):
                yield always("correct inputs fewer, nothing depends on it", where, mutant)
            elif value < step["correct"]:
                yield never("correct inputs fewer, a claim depends on it", where, mutant, "claim-not-implied")
            elif own is not None and value > own:
                yield never("correct inputs more than the verifier's own", where, mutant, "correct-count")
            else:
                yield if_true("correct inputs more", where, mutant, "correct-count")


# -- operations ----------------------------------------------------------------------------------------------------

def counts(subject: Subject) -> Mutants:
    target = subject.certificate
    places = [f"/steps/{i}/operations/{kind}" for i, step in enumerate(target["steps"]) for kind in step["operations"]]
    places += [f"/operations/{part}/{kind}" for part in ("tables", "steps", "conclusion") for kind in target["operations"][part]]
    for place in [*subject.pick(places), "/operations/length"]:
        for by in (-1, 1):
            mutant = moved(target, place, by)
            if value_at(mutant, place) < 0:
                continue
            yield never("count by one", f"{place} {by:+d}", mutant, "operations-mismatch limit-length")
            if place.startswith("/steps"):
                yield never("count by one, totals repaired", f"{place} {by:+d}", recount(mutant), "operations-mismatch limit-length")
            elif place != "/operations/length":
                yield never("count by one, totals repaired", f"{place} {by:+d}", moved(mutant, "/operations/length", by), "operations-mismatch limit-length")
