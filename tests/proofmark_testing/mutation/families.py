"""What the mutations need to know of a family: its tensors, rules and witnesses, what its steps cost, and what is true of its models."""
from __future__ import annotations

import math
import struct
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from types import SimpleNamespace
from typing import Any

from .. import attention_only, lengths, witnesses
from ..certificates import Certificate
from ..context import second_opinion
from ..models import Tensor, logit_matrix
from ..witnesses import FORMATS, Hints, Witnesses

Sums = tuple[Any, Any]
POSITIVE = ("column-weights", "block-multipliers")
COUNT_BITS = 450


@dataclass(frozen=True)
class Family:
    """`counted`: witnesses whose values enter the counts. `sum_of_loss` and `correct_inputs` go by the definition, for a model made of tensors by `reality`."""

    tensors: tuple[str, ...]
    rules: tuple[str, ...]
    needed: Collection[str]
    counted: Collection[str]
    context_in_weights: bool
    countable: Callable[[Certificate], bool]
    step: Callable[[Certificate, dict[str, Any]], lengths.Operations]
    in_range: Callable[[Witnesses, str, int, int], bool]
    inputs: Callable[[int, int], int]
    reality: Callable[[dict[str, Tensor], int], Any]
    sum_of_loss: Callable[[Any, int, int, int], Sums]
    correct_inputs: Callable[[Any, int, int], int]


def of(target: Certificate) -> Family:
    return FAMILIES[target["model"]["family"]]


def numbers_of(all_of_them: Witnesses, name: str) -> tuple[Any, ...]:
    one = all_of_them[name]
    return struct.unpack(f"<{math.prod(one.shape)}{FORMATS[one.dtype]}", one.raw)


def rules_of(target: Certificate) -> set[str]:
    return {step["rule"] for step in target["steps"]}


# -- token-sum -----------------------------------------------------------------------------------------------------

def token_sum_countable(target: Certificate) -> bool:
    """Whether the rules of the steps have what they count."""
    given, n, used = target["witnesses"], target["task"]["context"], rules_of(target)
    return ("head-tail@1" not in used or "heads" in given and n > 1) and ("block-jensen@1" not in used or "blocks" in given and n == 2)


def token_sum_step(target: Certificate, step: dict[str, Any]) -> lengths.Operations:
    n, V = target["task"]["context"], target["task"]["vocabulary"]
    return lengths.step(step["rule"], n, V, tuple(step["labels"]), "correct" in step, Hints(witnesses.from_json(target["witnesses"]), n, V))


def token_sum_in_range(all_of_them: Witnesses, name: str, n: int, V: int) -> bool:
    one, numbers = all_of_them[name], numbers_of(all_of_them, name)
    if one.dtype.startswith("float"):
        return all(math.isfinite(x) and (x > 0 or x == 0 and name not in POSITIVE) for x in numbers)
    if name == "heads":
        m = one.shape[1]
        return all(len(set(numbers[i:i + m])) == m and max(numbers[i:i + m]) < V for i in range(0, len(numbers), m))
    if name == "head-sizes":
        m = all_of_them["heads"].shape[1]
        return ascending(numbers) and numbers[0] >= 1 and all(x <= m for x in numbers[:-1]) and (numbers[-1] <= m or numbers[-1] == V)
    if name == "levels":
        return max(numbers) < all_of_them["head-sizes"].shape[0] and len(numbers) == comb(V + n - 1, n)
    if name == "blocks":
        return numbers[0] == 0 and ascending(numbers) and numbers[-1] < V
    return max(numbers) < V                                                # column-groups


def ascending(numbers: Sequence[float]) -> bool:
    return all(a < b for a, b in zip(numbers, numbers[1:]))


def token_sum_reality(weights: dict[str, Tensor], _n: int) -> Any:
    from gmpy2 import mpq
    return [[mpq(value) for value in row] for row in logit_matrix(weights)]


def token_sum_loss(M: Any, n: int, y: int, bits: int) -> Sums:
    return second_opinion("token_sum.enclosure").loss_sum(M, n, (y, y + 1), bits)


def token_sum_correct(M: Any, n: int, y: int) -> int:
    return second_opinion("token_sum.enclosure").correct_inputs(M, n, (y, y + 1))


# -- attention-only ------------------------------------------------------------------------------------------------

def attention_countable(target: Certificate) -> bool:
    return all(name in target["witnesses"] for rule in rules_of(target) for name in attention_only.witnesses.NEEDED.get(rule, ()))


def attention_step(target: Certificate, step: dict[str, Any]) -> lengths.Operations:
    n, V = target["task"]["context"], target["task"]["vocabulary"]
    hints = attention_only.witnesses.Hints(witnesses.from_json(target["witnesses"]), V, n)
    return attention_only.lengths.step(step["rule"], tuple(step["labels"]), "correct" in step, hints)


def attention_in_range(all_of_them: Witnesses, name: str, n: int, V: int) -> bool:
    numbers, widest = numbers_of(all_of_them, name), attention_only.witnesses.widest
    if name == "heads":
        eta = all_of_them[name].shape[1]
        rows = [numbers[m * eta:(m + 1) * eta] for m in range(V)]
        return all(len(set(row)) == eta and max(row) < V and m not in row for m, row in enumerate(rows))
    largest = {"near": range(V), "joint": [1] * V, "filled": [n - 1] * V,
               "gaps": [widest(n, m, q, s) for m in range(V) for q in range(V) for s in range(n)]}[name]
    return all(number <= most for number, most in zip(numbers, largest, strict=True))


def attention_reality(weights: dict[str, Tensor], _n: int) -> Any:
    tensor = second_opinion("reading").Tensor
    return second_opinion("attention_only.tables").read(SimpleNamespace(
        tensors={name: tensor(one.dtype, list(one.shape), one.raw) for name, one in weights.items()}))


def attention_label(tables: Any, y: int, bits: int) -> Any:
    return second_opinion("attention_only.label").Label(tables, None, y, second_opinion("intervals").Arithmetic(bits))


def attention_loss(tables: Any, _n: int, y: int, bits: int) -> Sums:
    total = second_opinion("attention_only.enumeration").bounds(attention_label(tables, y, bits))[0]
    return total.lo, total.hi


def attention_correct(tables: Any, _n: int, y: int) -> int:
    return second_opinion("attention_only.enumeration").correct(attention_label(tables, y, COUNT_BITS))


FAMILIES = {
    "token-sum": Family(
        ("embedding.weight", "linear.weight", "unembedding.weight"), ("enumeration@1", "symmetry@1", "convexity@1", "head-tail@1", "block-jensen@1"),
        ("heads", "head-sizes", "blocks", "token-multipliers", "label-multipliers"), ("levels", "column-groups", "head-sizes", "blocks"), False,
        token_sum_countable, token_sum_step, token_sum_in_range, lambda n, V: comb(V + n - 1, n), token_sum_reality, token_sum_loss, token_sum_correct),
    "attention-only": Family(
        tuple(sorted(attention_only.models.NAMES.values())), tuple(attention_only.lengths.RULES), ("near", "filled", "gaps"), ("near", "joint", "filled", "gaps"), True,
        attention_countable, attention_step, attention_in_range, lambda n, V: V**n, attention_reality, attention_loss, attention_correct)}
