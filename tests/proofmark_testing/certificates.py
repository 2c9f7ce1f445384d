"""Certificates built from scratch, and written as JSON with room for deliberate faults."""
from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from . import attention_only, lengths, losses, witnesses
from .encodings import decimal_bound, parse_hexadecimal
from .models import Model, digest, logit_matrix, shape
from .witnesses import Hints, Witnesses

Certificate = dict[str, Any]
Part = tuple[str, int, int]                 # rule, from, to
LARGEST = 2**63 - 1                         # of the integers that can be written


class Raw(str):
    """A JSON token to be written as it stands."""


class Pairs(list):
    """An object as a list of (key, value), so that a key can occur twice. A key may be a Raw token."""


def certificate(weights: Model, n: int, parts: Sequence[Part] | None = None, with_correct: bool = True,
                intervals: Sequence[Sequence[str]] | None = None, given: Witnesses | None = None) -> Certificate:
    """A certificate of the family token-sum that claims all that its steps give. `parts` defaults to one step by symmetry."""
    V, _ = shape(weights)
    parts = parts or [("symmetry@1", 0, V)]
    M, hints = logit_matrix(weights), Hints(given or {}, n, V)
    steps = [step(i, part, hints, M, with_correct, intervals and intervals[i]) for i, part in enumerate(parts)]
    return assembled("token-sum", weights, n, V, steps, given or {})


def assembled(family: str, weights: Model, n: int, V: int, steps: list[dict[str, Any]], given: Witnesses) -> Certificate:
    return recount({
        "format": "proofmark-certificate", "version": 1,
        "claims": claims(steps, V**n),
        "task": {"name": "max", "context": n, "vocabulary": V, "inputs": "uniform"},
        "model": {"family": family, "tensors": {name: tensor.json() for name, tensor in weights.items()}, "sha256": digest(weights, family)},
        "witnesses": {name: one.json() for name, one in given.items()}, "steps": steps, "operations": {}, "provenance": {}})


def step(i: int, part: Part, hints: Hints, M: losses.Matrix, with_correct: bool,
         interval: Sequence[str] | None) -> dict[str, Any]:
    rule, *labels = part
    n, V, both = hints.n, hints.V, (part[1], part[2])
    result: dict[str, Any] = {"id": i, "rule": rule, "labels": labels,
                              "loss": list(interval or losses.declared_interval(rule, M, n, both, hints))}
    if with_correct:
        result["correct"] = min(losses.declared_correct(rule, M, n, both, hints), LARGEST)
    return result | {"operations": lengths.step(rule, n, V, both, with_correct, hints)}


def count(inputs: int) -> int | str:
    """A number, or a string of its digits from 2^63 on."""
    return inputs if inputs <= LARGEST else str(inputs)


def claims(steps: Sequence[dict[str, Any]], inputs: int) -> list[dict[str, str]]:
    """The best claims that the steps imply, rounded outward to 12 decimals; an upper bound too large to write is left out."""
    low, high = (sum((parse_hexadecimal(one["loss"][end]) for one in steps), Fraction(0)) for end in (0, 1))
    result = [claim("cross-entropy", "lower", decimal_bound(low / inputs, up=False))]
    if high / inputs < 10**20 - 1:
        result.insert(0, claim("cross-entropy", "upper", decimal_bound(high / inputs, up=True)))
    if "correct" in steps[0]:
        accuracy = Fraction(sum(int(one["correct"]) for one in steps), inputs)
        result.append(claim("accuracy", "lower", decimal_bound(accuracy, up=False)))
    return result


def claim(quantity: str, direction: str, bound: str) -> dict[str, str]:
    return {"quantity": quantity, "direction": direction, "bound": bound}


def recount(target: Certificate) -> Certificate:
    """Writes `operations` anew, from the steps as they stand."""
    steps = target["steps"]
    parts = {
        "tables": TABLES[target["model"]["family"]](target),
        "steps": lengths.total(one["operations"] for one in steps),
        "conclusion": lengths.conclusion(len(steps), len(target["claims"]), bool(steps) and "correct" in steps[0])}
    target["operations"] = parts | {"length": sum(sum(counts.values()) for counts in parts.values())}
    return target


def token_sum_tables(target: Certificate) -> lengths.Operations:
    n, V, d = target["task"]["context"], target["task"]["vocabulary"], target["model"]["tensors"]["embedding.weight"]["shape"][0]
    return lengths.tables(V, d, n, {one["rule"] for one in target["steps"]}, Hints(witnesses.from_json(target["witnesses"]), n, V))


def attention_only_tables(target: Certificate) -> lengths.Operations:
    n, V, (_, d, h) = target["task"]["context"], target["task"]["vocabulary"], target["model"]["tensors"]["blocks.0.attn.W_Q"]["shape"]
    hints = attention_only.witnesses.Hints(witnesses.from_json(target["witnesses"]), V, n)
    return attention_only.lengths.tables(V, n, d, h, {one["rule"] for one in target["steps"]}, hints)


TABLES = {"token-sum": token_sum_tables, "attention-only": attention_only_tables}


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
