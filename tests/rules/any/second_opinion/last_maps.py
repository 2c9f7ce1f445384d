"""The last maps of a readout (docs/rules/any/README.md): what follows its last norm or activation, multiplied from the right; and their constant."""
from __future__ import annotations

from collections.abc import Sequence

from gmpy2 import mpq

from second_opinion.charges import Charges
from second_opinion.description import Map, Part
from second_opinion.logits import added
from second_opinion.matrices import Matrix, product
from second_opinion.network import Model


def last_maps(readout: Sequence[Part]) -> tuple[Map, ...]:
    """None where a readout ends with a norm or an activation."""
    first = max((i + 1 for i, part in enumerate(readout) if not isinstance(part, Map)), default=0)
    return readout[first:]


def multiplied(model: Model, maps: Sequence[Map]) -> Matrix:
    result = model.matrices[maps[-1]]
    for one in reversed(maps[:-1]):
        result = product(model.matrices[one], result)
    return result


def constant(model: Model, maps: Sequence[Map]) -> list[mpq] | None:
    """None without any bias."""
    if not has_constant(maps):
        return None
    result = model.biases[maps[-1]]
    for i, one in enumerate(maps[:-1]):
        if model.biases[one] is not None:
            (more,) = product([model.biases[one]], multiplied(model, maps[i + 1:]))
            result = more if result is None else added(result, more)
    return result


def has_constant(maps: Sequence[Map]) -> bool:
    return any(one.bias is not None for one in maps)


def charges(model: Model, maps: Sequence[Map]) -> Charges:
    of, C, there = Charges(), model.tensors.size(maps[-1])[1], maps[-1].bias is not None
    for one in reversed(maps[:-1]):
        a, b = model.tensors.size(one)
        of.product(a, b, C)
        if one.bias is not None:
            of.product(1, b, C)
            of.charge(add=C if there else 0)
            there = True
    return of
