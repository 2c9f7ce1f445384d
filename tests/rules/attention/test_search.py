"""A search for a transformer that deceives: models are changed step by step towards what a rule shows too much of, and the verifier asked each time.

It starts from models made to hurt. A step moves or equates entries of the tables, or draws the witnesses again, and is kept when the verifier's
counts come nearer to the number of correct inputs, or its bounds of the loss nearer to the sum. What it says beyond the truth is a failure.
Rules with a mistake, in a verifier's place, are noticed.
"""
from __future__ import annotations

import base64
import dataclasses
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import numpy

from proofmark_testing import theorems
from rules.attention import models
from rules.attention.bounds import WITHOUT_LOSS, oracle
from rules.attention.certificates import loose
from rules.attention.witnesses import Hints, some
from proofmark_testing.certificates import Part, positions, render, tokens
from proofmark_testing.context import Context
from proofmark_testing.models import Tensor
from proofmark_testing.verifier import ENGINES, Outcome, StepLine, Verifier, step_lines
from proofmark_testing.witnesses import from_json

TURNS = 45
STARTS = 30                                      # of the search for a mistake in a rule that has one
V, N = 4, 3
TOLERANCE = 1e-9                                 # relative, of sums of losses in float64
TABLES = ("EU", "OV", "PO", "A", "B")


@pytest.mark.parametrize(("number", "rule"), enumerate((*WITHOUT_LOSS, "soft-near-far@1", "placements@1")))
@pytest.mark.parametrize("kind", ("helpful", pytest.param("heavy_help", marks=pytest.mark.long)))
def test_search(context: Context, number: int, rule: str, kind: str) -> None:
    best, wrong = search(context.verifier, context.temporary / "searched.json", rule, kind, number)
    context.check(not wrong, f"attention-search: {rule} from {kind}: nothing false, nearest {best:.3g}", *wrong)


def test_mistakes(context: Context) -> None:
    for name, module, old, new in FAULTS:
        faulty = Faulty(module, oracle("mutants").rule_of(module, old, new))
        found = (search(faulty, context.temporary / "searched.json", f"{module.replace('_', '-')}@1", "helpful", number)[1] for number in range(STARTS))
        context.check(any(found), f"attention-search: a mistake is noticed: {name}")


FAULTS = (("far tokens that help are credited", "near_far", "np.maximum(u + column.token[:f].max(axis=0), 0)", "(u + column.token[:f].max(axis=0))"),
          ("far tokens weigh nothing", "near_far", "(sums[far].hi * far_slot if far > 0 else 0)", "0"),
          ("a near token passes for all", "near_far", "int((base + sums[near].up(pure) < 0).all(axis=1).sum())", "c * int((base + sums[near].up(pure) < 0).all(axis=1).any())"),
          ("the label itself need not pass", "band", "if not (base + rest.up(column.main[q]) < 0).all():", "if False:"))


class Faulty:
    """A verifier that counts by a rule with a mistake, in float64, and finds every certificate good."""

    def __init__(self, module: str, rule: Callable[..., int]) -> None:
        self.module, self.rule = module, rule

    def run(self, path: Path, *_options: str) -> Outcome:
        target = json.loads(path.read_text())
        n, V, model = positions(target), tokens(target), oracle("model")
        hints = Hints(from_json(target["witnesses"]), V, n)
        weights = {name: Tensor(one["dtype"], tuple(one["shape"]), base64.b64decode(one["data"])) for name, one in target["model"]["tensors"].items()}
        tables = model.tables({letter: numpy.array(rows) for letter, rows in models.numbers(weights).items()})
        with numpy.errstate(all="ignore"):
            counts = [self.rule(model.Label(tables, m), hints.near[m], hints.heads[m], bool(hints.joint[m])) for m in range(V)]
        return Outcome(0, "s VERIFIED\n" + "".join(f"c step {m} correct {count} {(m + 1) ** n - m**n} operations 1 of 1\n" for m, count in enumerate(counts)), "")


def search(verifier: Verifier | Faulty, path: Path, rule: str, kind: str, number: int) -> tuple[float, list[str]]:
    """How near to the truth it came, and what was wrong."""
    rng, wrong, draw = random.Random(f"{rule} {kind} {number}"), [], numpy.random.default_rng(number)
    tables, given = getattr(oracle("small_models"), kind)(draw, V, N), some([rule], V, N, rng)
    best = -numpy.inf
    for turn in range(TURNS):
        tried, hints = (tables, given) if turn == 0 else (changed(tables, rng), given) if rng.random() < 0.8 else (tables, some([rule], V, N, rng))
        parts: list[Part] = [(rule, m, m + 1) for m in range(V)]
        path.write_bytes(render(loose(models.realised(tried), parts, hints)))
        outcome = verifier.run(path, "--engine", ENGINES[turn % 2], "--verbose")
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
    return float(best), wrong


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
        line, slack, (least, most) = lines[m], TOLERANCE * (loss + label.inputs()), lines[m].correct
        lo, hi = (0.0, numpy.inf) if line.lo is None else (float(line.lo), float(line.hi))
        if not least <= correct <= most or lo > loss + slack or hi < loss - slack:
            beyond = f"label {m}: [{lo}, {hi}] and {line.correct} correct, in truth {loss} and {correct}"
        score -= (correct - least) / label.inputs() + min(1.0, hi / max(loss, 1e-300) / 1e3)
    return score, beyond


def really(path: Path, lines: dict[int, StepLine]) -> bool:
    """Whether that is so with exact weights: float64 may take a tie for a mistake."""
    for line, truth in zip((lines[m] for m in sorted(lines)), theorems.truths(path, 450)):
        loss = truth.loss.ends
        if line.correct[0] > truth.correct[1] or line.correct[1] < truth.correct[0] or line.lo is not None and (line.lo > loss.hi or line.hi < loss.lo):
            return True
    return False
