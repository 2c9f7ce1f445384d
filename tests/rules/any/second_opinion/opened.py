"""Opened classes (docs/rules/any/README.md): pairs of an input and a class whose logit is evaluated exactly."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from second_opinion.hints import require_form, values
from second_opinion.reading import Tensor
from second_opinion.refusal import require

NAMES = ("opened-inputs", "opened-classes")
Opened = Mapping[int, list[int]]


def read(given: Mapping[str, Tensor], N: int, C: int) -> Opened:
    """Of each input that has any: its classes."""
    of: dict[int, list[int]] = defaultdict(list)
    if NAMES[0] not in given:
        return of
    inputs, classes = (given[name] for name in NAMES)
    require_form(NAMES[0], inputs, ("uint32",), len(inputs.shape) == 1)
    require_form(NAMES[1], classes, ("uint16",), classes.shape == inputs.shape)
    pairs = list(zip(values(NAMES[0], inputs), values(NAMES[1], classes)))
    require(all(one < other for one, other in zip(pairs, pairs[1:])) and pairs[-1][0] < N, "witness-value", f"/witnesses/{NAMES[0]}/data")
    require(all(c < C for _, c in pairs), "witness-value", f"/witnesses/{NAMES[1]}/data")
    for i, c in pairs:
        of[i].append(c)
    return of
