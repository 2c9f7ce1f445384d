"""How many operations `block-tables@1` takes (docs/rules/any/block-tables.md, Computation)."""
from __future__ import annotations

from collections.abc import Sequence

from second_opinion.charges import Charges

from . import last_maps
from .additive import Additive
from .blocks import Side, Steps, Witnesses, nodes
from .length import activation
from .low_rank_length import Stated


def tables(of: Additive, given: Witnesses) -> Charges:
    m, C, model, total = of.m, of.model.C, of.model, Charges()
    total.update(last_maps.charges(model, of.maps))
    if not last_maps.has_constant(of.maps):
        total.charge(read=1)
    for span in of.spans:
        total.charge(add=len(span) * model.d if model.P else 0)
        for one in of.before:
            total.product(len(span), *model.tensors.size(one))
    left_side(total, of)
    shift(total, of)
    total.charge(read=m * C + 1, add=m * (C - 1) + m * C, div=1, mul=m)
    side(total, given.right, of.Ny, C)
    if given.left:
        side(total, given.left, of.Nx, C)
        total.charge(add=of.Nx * C)
    if given.fold is not None:
        total.charge(compare=of.Ny * C)
    for neurons, B, (met, tree) in zip(given.right.neurons, given.right.sizes(), given.trees):
        for i in met:
            mu, Bl = len(set(neurons) & set(given.left.neurons[i])), given.left.sizes()[i]
            total.charge(read=(B + Bl) * mu, add=B * Bl * mu)
            activation(total, of.activation, B * Bl * mu)
            total.charge(read=mu * C)
            total.product(B * Bl, mu, C)
        for size in joint([given.left.labels[i] for i in met], tree):
            total.charge(add=B * size * C)
    if not given.left:
        for neurons in given.right.neurons:
            total.charge(read=of.Nx * len(neurons) + len(neurons) * C)
    return total


def left_side(total: Charges, of: Additive) -> None:
    if not of.left:
        total.charge(read=1)
    R = 1
    for i, p in enumerate(of.left):
        R *= len(of.spans[p])
        total.charge(add=R * of.m if i > 0 else 0)


def shift(total: Charges, of: Additive) -> None:
    there = False
    for one in of.before:
        a, b = of.model.tensors.size(one)
        if there:
            total.product(1, a, b)
            total.charge(add=b if one.bias is not None else 0)
        there = there or one.bias is not None
    total.charge(add=of.Nx * of.m if there else 0)


def side(total: Charges, of: Side, N: int, C: int) -> None:
    centres = False
    for g, (neurons, B, by_parts) in enumerate(zip(of.neurons, of.sizes(), of.by_parts)):
        size = len(neurons)
        total.charge(read=N * size)
        total.charge(add=N * size, read=B, div=B, mul=B * size)
        total.charge(read=N * size, add=N * size)
        total.charge(read=size * C)
        if by_parts:
            total.charge(read=1, mul=N * size)
            total.charge(read=size * C)
            total.product(N, size, C)
            total.charge(compare=N * size, read=1, mul=N * size)
            total.charge(compare=size * C)
            total.product(N, size, C)
        else:
            total.charge(mul=N * size, add=N * (size - 1), sqrt=N)
            total.charge(mul=size * C, add=(size - 1) * C, sqrt=C)
            total.charge(read=1, mul=C)
            total.charge(mul=N * C)
        total.charge(add=N * C if g > 0 else 0)
        total.charge(add=N * C if by_parts and centres else 0)
        centres = centres or by_parts
    total.charge(add=N * C, read=0 if centres else 1)


def joint(labels: Sequence[Sequence[int]], steps: Steps) -> list[int]:
    """How many joint blocks each node has that a step makes."""
    return [max(one) + 1 for one in nodes(labels, steps)[len(labels):]]


class Row(Charges):
    """Of all inputs with one x, of which some have so many opened classes beside their labels."""

    def __init__(self, of: Additive, given: Witnesses, opened: Sequence[int], stated: Stated) -> None:
        super().__init__()
        N, C, m, sizes = of.Ny, of.model.C, of.m, given.right.sizes()
        if C == 1:
            return
        if not given.left:
            for neurons, B in zip(given.right.neurons, sizes):                             # 1
                self.charge(add=B * len(neurons))
                activation(self, of.activation, B * len(neurons))
                self.product(B, len(neurons), C)
        self.charge(add=min(sizes) * C)                                                    # 2
        made = joint(given.right.labels, given.tree)
        self.charge(add=sum(made[:-1]) * C)                                                # 3
        if given.fold is not None:
            self.charge(add=[*sizes, *made][given.fold] * C)
        self.charge(add=N * C if given.tree else 0)                                      # 4
        self.charge(add=N * C if given.fold is None else 0)
        self.charge(read=N if given.fold is None else 3 * N, add=0 if given.fold is None else 2 * N)      # 5
        self.charge(add=N * C)                                                             # 6
        I, K = sum(count > 0 for count in opened), sum(opened)
        if K > 0:                                                                          # 7
            self.charge(read=I * m, add=I * m)
            activation(self, of.activation, I * m)
            self.charge(mul=(I + K) * m, add=(I + K) * (m - 1) + I + K, read=I + K)
            self.charge(read=K, add=K)
            self.charge(read=K)
        if stated.loss:                                                                    # 8
            self.log_sum_exp(N, C)
            self.charge(add=N)
        if stated.signs:                                                                   # 9
            self.charge(compare=N * (C - 2))
            self.charge(read=1, add=N, compare=4 * N + (N if stated.margin else 0))
