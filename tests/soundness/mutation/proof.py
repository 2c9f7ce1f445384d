"""Claims and steps: what they declare, and their budgets. The task and the description are changed in shapes.py and networks.py."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

from proofmark_testing.certificates import LARGEST, Certificate, changed, claim, count, input_count, length, value_at
from proofmark_testing.encodings import MIN_EXPONENT, floor_log2, hexadecimal, parse_hexadecimal, signed_hexadecimal, written_decimal
from . import families
from .mutant import Mutant, Mutants, Subject, always, if_true, moved, never, renumbered

DIGITS = 32
LIMIT = 2**50
LOSS = "loss-lower loss-upper rule-direction interval-reversed"
NUMBERS = f"{LOSS} correct-count margin claim-not-implied"
WITNESSES = "witness-missing witness-unused witness-shape witness-value"
OTHER_FUNCTION = "loss-lower loss-upper correct-count margin operations-budget limit-logit-range label-range step-coverage rule-task"


def mutants(subject: Subject) -> Mutants:
    yield from claims(subject)
    yield from order_of_steps(subject)
    yield from ranges(subject)
    yield from rules(subject)
    yield from more_stated(subject)
    yield from ends(subject)
    yield from correct(subject)
    yield from margins(subject)
    yield from budgets(subject)


# -- claims --------------------------------------------------------------------------------------------------------

def best(target: Certificate, one: dict[str, str]) -> Fraction:
    """The strongest bound of its kind that the declared steps imply."""
    steps, end, inputs = target["steps"], int(one["direction"] == "upper"), input_count(target)
    if one["quantity"] == "cross-entropy":
        return sum(parse_hexadecimal(step["loss"][end]) for step in steps) / inputs
    if one["quantity"] == "accuracy":
        return Fraction(sum(int(step["correct"][end]) for step in steps), inputs)
    if one["quantity"] == "margin":
        return min(parse_hexadecimal(step["margin"]) for step in steps)
    return Fraction(length(target))


def implied(target: Certificate, one: dict[str, str]) -> bool:
    """Whether the declared steps imply a claim."""
    bound = Fraction(one["bound"])
    if one["quantity"] == "accuracy" and bound > 1:
        return False
    return best(target, one) <= bound if one["direction"] == "upper" else best(target, one) >= bound


KINDS = (("cross-entropy", "upper"), ("cross-entropy", "lower"), ("accuracy", "lower"), ("accuracy", "upper"), ("margin", "lower"), ("length", "upper"))
STATED_BY = {"cross-entropy": "loss", "accuracy": "correct", "margin": "margin"}


def claims(subject: Subject) -> Mutants:
    target = subject.certificate
    for i, one in enumerate(target["claims"]):
        for bound, where in bounds(target, one):
            mutant = changed(target, f"/claims/{i}/bound", bound)
            yield judged_claim("claim moved", f"claim {i} to {bound}, {where}", mutant, mutant["claims"][i])
        for quantity, direction in (*KINDS, ("loss", "upper"), ("margin", "upper"), ("length", "lower")):
            if (quantity, direction) != (one["quantity"], one["direction"]):
                other = changed(target, f"/claims/{i}", claim(quantity, direction, one["bound"]))
                codes = "claim-unknown claim-duplicate claim-range claim-not-implied number-grammar"
                if STATED_BY.get(quantity, "id") not in target["steps"][0]:
                    yield never("claim on what the steps do not state", f"claim {i}: {quantity} {direction}", other, f"{codes} claim-unsupported")
                else:
                    yield if_true("claim of another quantity or direction", f"claim {i}: {quantity} {direction}", other, codes)
        rest = [*target["claims"][:i], *target["claims"][i + 1:]]
        if rest:
            yield always("claim dropped", f"claim {i}", changed(target, "/claims", rest))
        yield never("claim twice", f"claim {i}", changed(target, "/claims", [*target["claims"], one]), "claim-duplicate limit-claims")
        yield never("claims, none", "all dropped", changed(target, "/claims", []), "claim-none")
    if len(target["claims"]) > 1:
        yield always("claims in another order", "reversed", changed(target, "/claims", target["claims"][::-1]))


def bounds(target: Certificate, one: dict[str, str]) -> list[tuple[str, str]]:
    """Of one unit of its last place up and down, the last that the steps imply with 60 decimals, and what is just beyond; absurd ones."""
    up, signed = one["direction"] == "upper", one["quantity"] == "margin"
    fraction = one["bound"].partition(".")[2]
    digits, most_digits = len(fraction), 0 if one["quantity"] == "length" else 60
    value = int(one["bound"].replace(".", ""))
    found = [(value + by, digits, f"{by:+d} of its last digit") for by in (-1, 1)]
    if one["quantity"] == "accuracy":
        found.append((10**digits + 1, digits, "above 1"))
    scaled = best(target, one) * 10**most_digits
    last = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    found += [(last, most_digits, "the last that the steps imply"), (last - 1 if up else last + 1, most_digits, "just beyond")]
    found.append((0 if up else 10**19, 0, "absurd"))
    return [(written_decimal(*number), where) for *number, where in found if (number[0] >= 0 or signed) and abs(number[0]) < 10 ** (20 + number[1])]


def judged_claim(kind: str, where: str, target: Certificate, one: dict[str, str]) -> Mutant:
    if implied(target, one):
        return always(f"{kind}, still implied", where, target)
    code = "claim-range" if one["quantity"] == "accuracy" and Fraction(one["bound"]) > 1 else "claim-not-implied"
    return never(f"{kind}, beyond the steps", where, target, code)


# -- steps ---------------------------------------------------------------------------------------------------------

def order_of_steps(subject: Subject) -> Mutants:
    target, steps = subject.certificate, subject.certificate["steps"]
    codes = f"step-id step-coverage step-none {WITNESSES}"
    for i in subject.pick(range(len(steps))):
        changes = [("dropped", [*steps[:i], *steps[i + 1:]]), ("twice", [*steps[:i + 1], *steps[i:]])]
        if i + 1 < len(steps):
            changes += [("swapped", [*steps[:i], steps[i + 1], steps[i], *steps[i + 2:]]),
                        ("merged into the next, keeping what that states", [*steps[:i], steps[i + 1] | {subject.by: [steps[i][subject.by][0], steps[i + 1][subject.by][1]]},
                                                                           *steps[i + 2:]])]
        for what, mutated in changes:
            mutant = changed(target, "/steps", mutated)
            if what.startswith("merged"):
                yield if_true(f"step {what}, ids repaired", f"step {i}", renumbered(mutant), f"{codes} {NUMBERS} step-blocks operations-budget")
                continue
            yield never(f"step {what}", f"step {i}", mutant, f"{codes} claim-not-implied")
            yield never(f"step {what}, ids repaired", f"step {i}", renumbered(mutant), f"{codes} claim-not-implied")


def ranges(subject: Subject) -> Mutants:
    target, steps, by = subject.certificate, subject.certificate["steps"], subject.by
    for i in subject.pick(range(len(steps))):
        for one in (-1, 1):
            if steps[i]["id"] + one >= 0:
                yield never("step id by one", f"step {i} {one:+d}", moved(target, f"/steps/{i}/id", one), "step-id")
            for end in (0, 1):
                if steps[i][by][end] + one >= 0:
                    yield never("step range by one", f"step {i}, {('from', 'to')[end]} {one:+d}", moved(target, f"/steps/{i}/{by}/{end}", one), "step-coverage")
            if i + 1 < len(steps):
                boundary = moved(moved(target, f"/steps/{i}/{by}/1", one), f"/steps/{i + 1}/{by}/0", one)
                if all(step[by][0] < step[by][1] for step in boundary["steps"]):
                    yield if_true("boundary of two steps by one", f"after step {i} {one:+d}", boundary, f"{NUMBERS} step-blocks operations-budget")
        yield never("step range reversed", f"step {i}", changed(target, f"/steps/{i}/{by}", steps[i][by][::-1]), "step-coverage")
        yield never("step of the other kind of range", f"step {i}", changed(target, f"/steps/{i}", of_the_other_kind(steps[i])), "step-mixed step-coverage rule-steps rule-task")
    everything = [of_the_other_kind(step) for step in steps]
    if by == "labels":
        everything[-1]["inputs"] = [everything[-1]["inputs"][0], count(input_count(target))]
    yield never("all steps of the other kind of range", "the last to the end", changed(target, "/steps", everything), "rule-steps step-coverage rule-task")


def of_the_other_kind(step: dict[str, Any]) -> dict[str, Any]:
    return {{"labels": "inputs", "inputs": "labels"}.get(key, key): value for key, value in step.items()}


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
            if subject.n == 1 and {rule, other} == {"enumeration@1", "symmetry@1"}:
                yield always("step relabelled as a rule that is the same for n = 1", f"step {i}: {other}", mutant)
                continue
            yield if_true("step relabelled", f"step {i}: {other}", mutant,
                          f"rule-steps rule-task rule-context rule-direction rule-loss rule-margin step-blocks operations-budget {WITNESSES} {LOSS} correct-count margin")


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


def more_stated(subject: Subject) -> Mutants:
    """Next to nothing of what no step states yet: fine where every rule bounds it."""
    target, family = subject.certificate, families.of(subject.certificate)
    used = {step["rule"] for step in target["steps"]}
    for key, value, silent, code in (("loss", ["0x0p+0", "0x1p+16383"], used & set(family.without_loss), "rule-loss"),
                                     ("margin", "-0x1p+16383", used - set(family.exact) or subject.V == 1, "rule-margin"),
                                     ("correct", [0, count(input_count(target))], set(), "")):
        if key not in target["steps"][0]:
            mutant = changed(target, "/steps", [step | {key: value} for step in target["steps"]])
            if silent:
                yield never(f"{key} in every step, of which a rule says nothing", ", ".join(sorted(used)), mutant, code)
            elif all(implied(mutant, one) for one in mutant["claims"]):
                yield if_true(f"{key} in every step, next to nothing", ", ".join(sorted(used)), mutant, "operations-budget")


def ends(subject: Subject) -> Mutants:
    target = subject.certificate
    for i in subject.pick(range(len(target["steps"]))):
        if "loss" not in target["steps"][i]:
            wide = changed(target, f"/steps/{i}/loss", ["0x0p+0", "0x1p+16383"])
            yield never("loss in a step of several without", f"step {i}", wide, "step-mixed rule-loss")
            continue
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
    target, (lo, hi) = subject.certificate, subject.own[i].loss
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
            yield never("correct inputs in a step of several", f"step {i}", changed(target, f"/steps/{i}/correct", [0, LARGEST]),
                        "step-mixed claim-unsupported correct-count")
            continue
        declared, own = [int(one) for one in step["correct"]], subject.own[i].correct if i in subject.own else None
        for end, inward in ((0, 1), (1, -1)):
            values = {declared[end] + 1, declared[end] - 1, 0 if end == 0 else 2**40, 2**40 if end == 0 else 0} | ({own[end] + inward} if own else set())
            for value in sorted(values - {declared[end]}):
                if value >= 0:
                    yield from judged_count(subject, i, end, value, own)


def judged_count(subject: Subject, i: int, end: int, value: int, own: tuple[int, int] | None) -> Mutants:
    declared = [int(one) for one in subject.certificate["steps"][i]["correct"]]
    mutant = changed(subject.certificate, f"/steps/{i}/correct/{end}", count(value))
    where = f"step {i}, {('least', 'most')[end]}: {value} for {declared[end]}"
    inward = value > declared[0] if end == 0 else value < declared[1]
    if end == 0 and value > declared[1] or end == 1 and value < declared[0]:
        yield never("correct inputs, fewer at most than at least", where, mutant, "interval-reversed")
    elif not inward and all(implied(mutant, one) for one in mutant["claims"]):
        yield always("correct inputs within more, nothing depends on it", where, mutant)
    elif not inward:
        yield never("correct inputs within more, a claim depends on it", where, mutant, "claim-not-implied")
    elif own is not None and (value > own[0] if end == 0 else value < own[1]):
        yield never("correct inputs within less than the verifier's own", where, mutant, "correct-count")
    else:
        yield if_true("correct inputs within less", where, mutant, "correct-count")


def margins(subject: Subject) -> Mutants:
    target = subject.certificate
    for i in subject.pick(range(len(target["steps"]))):
        step = target["steps"][i]
        if "margin" not in step:
            yield never("margin in a step of several", f"step {i}", changed(target, f"/steps/{i}/margin", "-0x1p+60"), "step-mixed rule-margin")
            continue
        declared, own = parse_hexadecimal(step["margin"]), subject.own[i].margin if i in subject.own else None
        size = 1 + abs(declared)
        for name, value in (("a unit of 2^-60 more", declared + Fraction(1, 2**60)), ("a millionth more", declared + size / 2**20), ("one more", declared + 1), ("its sign turned", -declared),
                            ("a unit of 2^-60 less", declared - Fraction(1, 2**60)), ("one less", declared - 1), ("very low", Fraction(-2**60)), ("very high", Fraction(2**60))):
            if value != declared:
                yield from judged_margin(subject, i, name, value, own)
        if own is not None:
            yield from judged_margin(subject, i, "just beyond the verifier's own", own + Fraction(1, 2**60), own)


def judged_margin(subject: Subject, i: int, name: str, value: Fraction, own: Fraction | None) -> Mutants:
    declared = parse_hexadecimal(subject.certificate["steps"][i]["margin"])
    mutant, where = changed(subject.certificate, f"/steps/{i}/margin", signed_hexadecimal(value, up=value > declared, digits=DIGITS)), f"step {i}: {name}"
    if value < declared:
        kept = all(implied(mutant, one) for one in mutant["claims"])
        yield always("margin lowered, nothing depends on it", where, mutant) if kept else never("margin lowered, a claim depends on it", where, mutant, "claim-not-implied")
    elif own is not None and value > own and subject.decisive:
        yield never("margin beyond the verifier's own", where, mutant, "margin")
    else:
        yield if_true("margin raised", where, mutant, "margin")


# -- budgets -------------------------------------------------------------------------------------------------------

def budgets(subject: Subject) -> Mutants:
    """A step may take what it takes, and not one operation less; more only costs length."""
    target = subject.certificate
    places_of = ["/tables/operations", *(f"/steps/{i}/operations" for i in range(len(target["steps"])))]
    for place in [places_of[0], *subject.pick(places_of[1:])]:
        declared = value_at(target, place)
        yield never("budget", f"{place} 0", changed(target, place, 0), "operations-budget")
        yield never("budget", f"{place} 1", changed(target, place, 1), "operations-budget")
        yield never("budget", f"{place} 2^50", changed(target, place, LIMIT), "limit-length")
        i = None if place.startswith("/tables") else int(place.split("/")[2])
        for by in (-1, 1):
            mutant, where = moved(target, place, by), f"{place} {by:+d}"
            if not all(implied(mutant, one) for one in mutant["claims"]):
                yield never("budget by one, a claim depends on it", where, mutant, "claim-not-implied")
            elif by > 0:
                yield always("budget by one more", where, mutant)
            elif i in subject.own and declared > subject.own[i].operations:
                yield always("budget by one less, more than it takes", where, mutant)
            else:
                yield if_true("budget by one less", where, mutant, "operations-budget")
        if i in subject.own:
            takes = subject.own[i].operations
            exact = changed(target, place, takes)
            if all(implied(exact, one) for one in exact["claims"]):
                yield always("budget that is what the step takes", place, exact)
            yield never("budget of one operation less than the step takes", place, changed(target, place, takes - 1), "operations-budget")
