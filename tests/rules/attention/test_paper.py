"""The rules of the shape attention-only on paper (paper/): lemmas, small models against every input, 50 digits, a model of the paper's recipe."""
from __future__ import annotations

import json
from typing import Any

import pytest
from proofmark_testing.checks import Checks
from proofmark_testing.context import ROOT

from rules.attention.paper import band, cubic, enumeration, lemmas, model, mutants, near_far, oracle, placements, precision, soft_near_far, subcubic

MODEL = ROOT / "tests" / "models" / "attention-max4-v64-d32.safetensors"
INPUTS = 64**4
LARGEST_LABEL_ENUMERATED = 14
RULES = {"band": band.band, "cubic": cubic.cubic, "near_far": near_far.near_far, "placements": placements.placements, "soft_near_far": soft_near_far.soft_near_far,
         "subcubic": subcubic.subcubic}


def test_lemmas(check: Checks) -> None:
    for said, held in lemmas.lemmas(seed=1, draws=400):
        check(held, f"attention: {said}")


def test_rules(check: Checks) -> None:
    """Sound on small models."""
    outcomes = list(oracle.try_rules(oracle.RULES, seed=1, count=120))
    wrong = [violation for violation in outcomes if violation is not None]
    check(len(outcomes) > 10_000 and not wrong, f"attention: {len(outcomes)} comparisons on small models", *wrong[:5])


@pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda mutant: f"{mutant[0]}: {mutant[1]}")
def test_mistake(check: Checks, mutant: tuple[str, str, str, str]) -> None:
    """The small models tell it."""
    check(mutants.noticed(mutant, seed=1, count=150) is not None, f"attention: a mistake is noticed: {mutant[0]}: {mutant[1]}")


def test_precision(check: Checks) -> None:
    for name, near, details in (*precision.every_input(seed=3), *precision.some_inputs(model.read(MODEL), seed=3, count=12)):
        check(near, f"attention: 50 digits: {name}", details)


def test_reference(check: Checks) -> None:
    """A model of the paper's recipe: each rule against the truth by label, and against an earlier program's results."""
    stated = json.loads(MODEL.with_suffix(".json").read_text())
    tables = model.tables(model.read(MODEL))
    labels = [model.Label(tables, m) for m in range(tables.V)]
    truth, loss = stated["exact"]["correct"], stated["exact"]["loss"]
    for m in range(LARGEST_LABEL_ENUMERATED):
        correct, total = enumeration.enumeration(labels[m])
        check(correct == truth[m] and abs(total / loss[m] - 1) < 1e-9, f"attention: every input of label {m}", correct, total)
    for line in stated["rules"]:
        rule, options = line["rule"], line["options"]
        name = f"attention: {rule} {options}, V = 64"
        # The larger fillings take minutes: every ninth label.
        chosen = labels[::9] if options.get("e", 0) > 1 else labels
        found = [by_label(rule, label, dict(options), stated["heads"]) for label in chosen]
        for quantity in ("correct", "lower", "upper"):
            if quantity not in line:
                continue
            values = [getattr(bound, quantity, bound) for bound in found]
            right = [truth[label.m] if quantity == "correct" else loss[label.m] for label in chosen]
            sign = -1 if quantity == "upper" else 1
            check(all(sign * value <= sign * exact + 1e-9 * abs(exact) for value, exact in zip(values, right)), f"{name}: sound for each label")
            before = sum(line[quantity][label.m] for label in chosen)
            check(sign * sum(values) >= sign * before - 1e-5 * before, f"{name}: {quantity} no weaker than before", sum(values), before)
    soft = sum(soft_near_far.soft_near_far(label, 5, stated["heads"][label.m], True) for label in labels) / INPUTS
    check(sum(loss) / INPUTS <= soft <= 0.0091, "attention: soft near-far with heads: mean loss", soft)


def by_label(rule: str, label: Any, options: dict[str, Any], heads: list[list[int]]) -> Any:
    if options.get("heads"):
        options["heads"] = heads[label.m]
    return RULES[rule](label, **options)
