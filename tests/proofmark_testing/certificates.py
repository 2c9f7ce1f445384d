"""Certificates built from scratch, and written as JSON with room for deliberate faults."""
from __future__ import annotations

import copy
import json
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from . import losses
from .encodings import decimal_bound, parse_hexadecimal
from .models import Architecture, Model, architecture, digest, logit_matrix, shape
from .witnesses import Hints, Witnesses

Certificate = dict[str, Any]
Part = tuple[str, int, int]                 # rule, from, to
LARGEST = 2**63 - 1                         # of the integers that can be written
BUDGET = 2**30                              # more than any step of the corpus takes, or its tables


class Raw(str):
    """A JSON token to be written as it stands."""


class Pairs(list):
    """An object as a list of (key, value), so that a key can occur twice. A key may be a Raw token."""


def certificate(weights: Model, n: int, parts: Sequence[Part] | None = None, with_correct: bool = True,
                intervals: Sequence[Sequence[str]] | None = None, given: Witnesses | None = None,
                with_margin: bool = False) -> Certificate:
    """A certificate of the shape token-sum that claims all that its steps give. `parts` defaults to one step by symmetry."""
    V, _ = shape(weights)
    parts = parts or [("symmetry@1", 0, V)]
    M, hints = logit_matrix(weights), Hints(given or {}, n, V)
    steps = [step(i, part, hints, M, with_correct, with_margin, intervals and intervals[i]) for i, part in enumerate(parts)]
    return assembled(architecture(n), weights, n, V, steps, given or {})


def assembled(description: Architecture, weights: Model, n: int, V: int, steps: list[dict[str, Any]], given: Witnesses) -> Certificate:
    result = {
        "format": "proofmark-certificate", "version": 2, "claims": [], "task": task(n, V),
        "model": {"architecture": description, "tensors": {name: tensor.json() for name, tensor in weights.items()},
                  "sha256": digest(weights, description)},
        "witnesses": {name: one.json() for name, one in given.items()}, "tables": {"operations": BUDGET}, "steps": steps, "provenance": {}}
    return result | {"claims": claims(result)}


def task(n: int, V: int) -> dict[str, Any]:
    """The largest of n tokens."""
    return {"inputs": {"ranges": [[0, V] for _position in range(n)]}, "label": {"name": "max"}}


def positions(target: Certificate) -> int:
    return target["model"]["architecture"]["positions"]


def tokens(target: Certificate) -> int:
    """Of the first position; of a list nothing is known."""
    return target["task"]["inputs"]["ranges"][0][1] if "ranges" in target["task"]["inputs"] else 0


def input_count(target: Certificate) -> int:
    inputs = target["task"]["inputs"]
    return inputs["list"]["shape"][0] if "list" in inputs else math.prod(end - start for start, end in inputs["ranges"])


def step(i: int, part: Part, hints: Hints, M: losses.Matrix, with_correct: bool, with_margin: bool,
         interval: Sequence[str] | None) -> dict[str, Any]:
    rule, *labels = part
    n, both = hints.n, (part[1], part[2])
    result: dict[str, Any] = {"id": i, "rule": rule, "labels": labels,
                              "loss": list(interval or losses.declared_interval(rule, M, n, both, hints))}
    if with_correct:
        result["correct"] = [count(number) for number in losses.declared_correct(rule, M, n, both, hints)]
    if with_margin:
        result["margin"] = losses.declared_margin(M, n, both)
    return result | {"operations": BUDGET}


def count(inputs: int) -> int | str:
    """A number, or a string of its digits from 2^63 on."""
    return inputs if inputs <= LARGEST else str(inputs)


# -- claims --------------------------------------------------------------------------------------------------------

def claims(target: Certificate) -> list[dict[str, str]]:
    """The best claims that the steps imply, rounded outward to 12 decimals; a bound too large to write is left out."""
    steps, inputs = target["steps"], input_count(target)
    result = []
    if "loss" in steps[0]:
        low, high = (sum((parse_hexadecimal(one["loss"][end]) for one in steps), Fraction(0)) / inputs for end in (0, 1))
        result += [claim("cross-entropy", direction, decimal_bound(end, up)) for direction, end, up in (("upper", high, True), ("lower", low, False))
                   if end < 10**20 - 1]
    if "correct" in steps[0]:
        least, most = (Fraction(sum(int(one["correct"][end]) for one in steps), inputs) for end in (0, 1))
        result.append(claim("accuracy", "lower", decimal_bound(least, up=False)))
        if most < 1:
            result.append(claim("accuracy", "upper", decimal_bound(most, up=True)))
    if "margin" in steps[0]:
        margin = min(parse_hexadecimal(one["margin"]) for one in steps)
        if abs(margin) < 10**20 - 1:
            result.append(claim("margin", "lower", decimal_bound(margin, up=False)))
    return result


def claim(quantity: str, direction: str, bound: str) -> dict[str, str]:
    return {"quantity": quantity, "direction": direction, "bound": bound}


def length(target: Certificate) -> int:
    """FORMAT.md section 8: all budgets and what the conclusion takes."""
    steps, claimed = target["steps"], len(target["claims"])
    declared = sum(2 * ("loss" in one) + 2 * ("correct" in one) + ("margin" in one) for one in steps)
    return target["tables"]["operations"] + sum(one["operations"] for one in steps) + 2 * declared + 2 * claimed


# -- changes -------------------------------------------------------------------------------------------------------

def at(target: Any, path: str) -> tuple[Any, Any]:
    """The container and the key that a JSON pointer names; array positions are numbers."""
    *parents, last = [int(key) if key.isdigit() else key for key in path.removeprefix("/").split("/")]
    for key in parents:
        target = target[key]
    return target, last


def changed(target: Certificate, path: str, value: Any) -> Certificate:
    """A copy with the value at `path` replaced or added."""
    result = copy.deepcopy(target)
    container, key = at(result, path)
    container[key] = value
    return result


def without(target: Certificate, path: str) -> Certificate:
    result = copy.deepcopy(target)
    container, key = at(result, path)
    del container[key]
    return result


def with_model(target: Certificate, weights: Model, description: Architecture | None = None) -> Certificate:
    """Another model, and its digest."""
    described = description or target["model"]["architecture"]
    model = {"architecture": described, "tensors": {name: one.json() for name, one in weights.items()}, "sha256": digest(weights, described)}
    return changed(target, "/model", model)


def value_at(target: Certificate, path: str) -> Any:
    container, key = at(target, path)
    return container[key]


# -- writing -------------------------------------------------------------------------------------------------------

def render(target: Any) -> bytes:
    """JSON with one line for each value of the first two levels, each step and each claim."""
    return (written(target, 2) + "\n").encode("utf-8", "surrogatepass")


def written(value: Any, levels: int, indent: str = "") -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, (dict, Pairs)):
        pairs = value.items() if isinstance(value, dict) else value
        texts = [f"{key if isinstance(key, Raw) else json.dumps(key)}: {written(one, levels - 1, indent + '  ')}"
                 for key, one in pairs]
        return enclosed("{}", texts, levels, indent)
    if isinstance(value, list):
        return enclosed("[]", [written(one, levels - 1, indent + "  ") for one in value], levels, indent)
    return json.dumps(value)


def enclosed(brackets: str, texts: list[str], levels: int, indent: str) -> str:
    if levels <= 0 or not texts:
        return brackets[0] + ", ".join(texts) + brackets[1]
    inner = ",\n".join(indent + "  " + text for text in texts)
    return f"{brackets[0]}\n{inner}\n{indent}{brackets[1]}"
