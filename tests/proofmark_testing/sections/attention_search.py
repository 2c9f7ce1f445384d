"""A search for a transformer that deceives: models are changed step by step towards what a rule shows too much of, and the verifier asked each time.

It starts from models made to hurt. A step moves or equates entries of the tables, or draws the witnesses again, and is kept when the verifier's
counts come nearer to the number of correct inputs, or its bounds of the loss nearer to the sum. What it says beyond the truth is a failure.
"""
from __future__ import annotations

import dataclasses
import random
from typing import Any

import numpy

from ..attention_only import lengths, models
from ..attention_only.bounds import oracle
from ..attention_only.certificates import loose
from ..attention_only.witnesses import some
from ..certificates import Part, render
from ..context import Context, second_opinion
from ..verifier import ENGINES, StepLine, step_lines

TURNS = 45
V, N = 4, 3
TOLERANCE = 1e-9                                 # relative, of sums of losses in float64
TABLES = ("EU", "OV", "PO", "A", "B")


def run(context: Context) -> None:
    if context.verifier is None:
        return
    for number, rule in enumerate(rule for rule in lengths.RULES if rule != "enumeration@1"):
        for kind in ("helpful", "heavy_help"):
            search(context, rule, kind, numpy.random.default_rng(number))


def search(context: Context, rule: str, kind: str, draw: numpy.random.Generator) -> None:
    rng, wrong = random.Random(f"{rule} {kind}"), []
    tables, given = getattr(oracle("small_models"), kind)(draw, V, N), some([rule], V, N, rng)
    best, path = -numpy.inf, context.temporary / "searched.json"
    for turn in range(TURNS):
        tried, hints = (tables, given) if turn == 0 else (changed(tables, rng), given) if rng.random() < 0.8 else (tables, some([rule], V, N, rng))
        parts: list[Part] = [(rule, m, m + 1) for m in range(V)]
        path.write_bytes(render(loose(models.realised(tried), parts, hints)))
        outcome = context.verifier.run(path, "--engine", ENGINES[turn % 2], "--verbose")
        lines = step_lines(outcome)
        if outcome.verdict != "VERIFIED" or len(lines) != V:
            wrong.append(f"turn {turn}: {outcome.shown()}")
            break
        score, beyond = compare(tried, lines)
        if beyond and really(path, lines):
            wrong.append(f"turn {turn}: {beyond}")
            break
        if score >= best:
            best, tables, given = score, tried, hints
    context.tally.check(not wrong, f"attention-search: {rule} from {kind}: nothing false, nearest {best:.3g}", *wrong)


def changed(tables: Any, rng: random.Random) -> Any:
    """Some entries of one table moved by any order of magnitude, made equal to another, or turned around."""
    name = rng.choice(TABLES)
    table = getattr(tables, name).copy()
    rows, columns = table.shape
    for _ in range(rng.choice((1, 1, 2, 4))):
        row, column = rng.randrange(rows), rng.randrange(columns)
        move = rng.random()
        if move < 0.7:
            table[row, column] += rng.gauss(0, 1) * 10 ** rng.uniform(-3, 1)
        elif move < 0.9:
            table[row, column] = table[rng.randrange(rows), rng.randrange(columns)]
        else:
            table[row, column] = -table[row, column]
    return dataclasses.replace(tables, **{name: table})


def compare(tables: Any, lines: dict[int, StepLine]) -> tuple[float, str]:
    """How near to the truth the verifier came, 0 at best; and what it says beyond it, in float64."""
    model, score, beyond = oracle("model"), 0.0, ""
    for m in range(V):
        label = model.Label(tables, m)
        with numpy.errstate(all="ignore"):
            correct, loss = oracle("enumeration").enumeration(label)
        line, slack = lines[m], TOLERANCE * (loss + label.inputs())
        if line.correct > correct or float(line.lo) > loss + slack or float(line.hi) < loss - slack:
            beyond = f"label {m}: [{float(line.lo)}, {float(line.hi)}] and {line.correct} correct, in truth {loss} and {correct}"
        score -= (correct - line.correct) / label.inputs() + min(1.0, float(line.hi) / max(loss, 1e-300) / 1e3)
    return score, beyond


def really(path: Any, lines: dict[int, StepLine]) -> bool:
    """Whether that is so with exact weights: float64 may take a tie for a mistake."""
    read = second_opinion("reading").certificate(second_opinion("strict_json").parse(path.read_bytes()))
    family = second_opinion("attention_only.family")
    proof = family.Proof(read, family.read_witnesses(read))
    for step in read.steps:
        truth, line = proof.truth(step, 450), lines[step.id]
        if line.correct > proof.truly_correct(step) or line.lo > truth.hi or line.hi < truth.lo:
            return True
    return False
