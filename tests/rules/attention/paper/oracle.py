#!/usr/bin/env python3
"""Tries the rules of the shape `attention-only` (docs/rules/attention/) on small models, where every input can be gone through.

    oracle.py [--seed N] [--models N]

No rule may count more correct inputs of a label than there are, and no bound of the loss may lie on the wrong side of the sum. Prints each
violation and ends with one line, `N passed, N failed`. In float64: it finds mistakes in theorems, and says nothing about rounding.
Needs Python 3.11 with numpy and mpmath (Debian: python3-numpy, python3-mpmath).
"""
from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from rules.attention.paper import band
from rules.attention.paper import cubic
from rules.attention.paper import enumeration
from rules.attention.paper import near_far
from rules.attention.paper import placements
from rules.attention.paper import soft_near_far
from rules.attention.paper import subcubic
from rules.attention.paper.model import Label, Tables
from rules.attention.paper.small_models import small_models

TOLERANCE = 1e-9                           # relative, of sums of losses in float64


RULES: dict[str, Callable] = {"cubic": cubic.cubic, "subcubic": subcubic.subcubic, "band": band.band, "near_far": near_far.near_far,
                              "soft_near_far": soft_near_far.soft_near_far, "placements": placements.placements}


@dataclass
class Parameters:
    """What is drawn for one label."""
    g: int
    e: int
    heads: list[int]


def results(rules: dict[str, Callable], label: Label, drawn: Parameters) -> Iterator[tuple[str, str, float]]:
    """What each rule says of the label: its name with parameters, what is bounded, the bound."""
    V, n = label.tables.V, label.tables.n
    for name, rule in rules.items():
        if name in ("cubic", "subcubic"):
            for finer in (False, True):
                yield f"{name}{', joint' * finer}", "correct", rule(label, finer)
        elif name == "placements":
            for g, e in ((drawn.g, drawn.e), (V, n - 1)):
                found = rule(label, g, e)
                for quantity in ("correct", "lower", "upper"):
                    yield f"{name} g={g} e={e}", quantity, getattr(found, quantity)
        else:
            for joint in (False, True):
                yield (f"{name} g={drawn.g} heads={drawn.heads}{', joint' * joint}", "upper" if name == "soft_near_far" else "correct",
                       rule(label, drawn.g, drawn.heads, joint))
        if name == "near_far":
            yield f"{name} g={drawn.g} heads={drawn.heads}, scores of rank one", "correct", low_rank(rule, label, drawn)


def low_rank(near_far: Callable, label: Label, drawn: Parameters) -> int:
    """near-far with scores of rank one and the spreads of what is left out."""
    left, sizes, right = np.linalg.svd(label.tables.A)
    rank_one = sizes[0] * np.outer(left[:, 0], right[0])
    rest = label.tables.A - rank_one
    return near_far(Label(replace(label.tables, A=rank_one), label.m), drawn.g, drawn.heads, True, rest.max(axis=1) - rest.min(axis=1))


def violations(rules: dict[str, Callable], name: str, tables: Tables, draw: np.random.Generator) -> Iterator[str | None]:
    """For each thing that is compared, what is wrong or nothing."""
    V, n = tables.V, tables.n
    for m in range(V):
        label = Label(tables, m)
        correct, loss = enumeration.enumeration(label)
        drawn = Parameters(int(draw.integers(0, V + 1)), int(draw.integers(0, n)),
                           [int(w) for w in draw.permutation(label.outputs)[:int(draw.integers(0, V))]])
        where, slack = f"{name}, label {m}", TOLERANCE * (loss + label.inputs() * 1e-6)
        counts: dict[str, float] = {}
        for rule, quantity, bound in results(rules, label, drawn):
            if quantity == "correct":
                counts[rule] = bound
                right = 0 <= bound <= correct
            else:
                right = bound >= loss - slack if quantity == "upper" else bound <= loss + slack
            truth = correct if quantity == "correct" else loss
            if rule == f"placements g={V} e={n - 1}":                                    # then the rule is enumeration
                right = bound == correct if quantity == "correct" else abs(bound - loss) <= slack
            yield None if right else f"{where}: {rule}: {quantity} {bound}, in truth {truth}"
        for rule, count in counts.items():
            yield f"{where}: {rule} counts less than without 'joint'" if counts.get(rule.removesuffix(", joint"), 0) > count else None


def try_rules(rules: dict[str, Callable], seed: int, count: int) -> Iterator[str | None]:
    draw = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        for name, tables in small_models(seed, count):
            yield from violations(rules, name, tables, draw)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", type=int, default=100)
    arguments = parser.parse_args()
    passed = failed = 0
    for violation in try_rules(RULES, arguments.seed, arguments.models):
        if violation is None:
            passed += 1
        else:
            failed += 1
            print(violation)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
