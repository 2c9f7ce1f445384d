"""How many operations `low-rank@1` takes (docs/rules/any/low-rank.md, Computation): lines are those of its tables."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from second_opinion.charges import Charges
from second_opinion.network import Model
from second_opinion.task import Input, Inputs

from . import last_maps
from .features import Kind
from .length import Batch, Places, Shape
from .low_rank import Witnesses


@dataclass(frozen=True)
class Stated:
    """What a step declares."""

    loss: bool
    signs: bool                            # how many are correct, or a margin
    margin: bool


def is_folded(model: Model, of: Kind) -> bool:
    block = of.block
    if block is None or not block.attention or any(one.attention for one in model.description.blocks[:-1]):
        return False
    attention = block.attention
    if attention.scores == "uniform" or block.norm_after and attention.norm or block.mlp.norm or block.in_parallel:
        return False
    P = len(seen(model, of))
    return 2 <= P and P * attention.heads <= model.d


def seen(model: Model, of: Kind) -> range:
    return range(of.position + 1 if of.block.attention.causal else model.n)


class EachToken(Batch):
    """Inputs in which each position has each of its tokens, in so far as one position at a time is looked at."""

    def __init__(self, model: Model, inputs: Inputs) -> None:
        super().__init__(model, ())
        self.tokens = spans(inputs)

    def rows(self, of: Places) -> int:
        (p,) = of
        return self.tokens[p]


def spans(inputs: Inputs) -> list[int]:
    """At each position, tokens from the least to the largest."""
    if inputs.rows is None:
        return [end - start for start, end in inputs.task.ranges]
    return [max(column) - min(column) + 1 for column in zip(*inputs.rows)]


def tables(model: Model, inputs: Inputs, kind: Kind, of: Witnesses) -> Charges:
    C, m, k, L = model.C, model.tensors.size(kind.maps[0])[0], len(of.B), of.rows
    total = Charges(last_maps.charges(model, kind.maps))                                    # 1
    total.charge(read=m * C + 1, add=m * (C - 1) + m * C, div=1, mul=m)                    # 2
    if is_folded(model, kind):
        total.update(folded_tables(model, inputs, kind))                                   # 3
    total.charge(read=k * m + k * k)                                                       # 4
    total.product(k, m, k)                                                                 # 5
    for _ in range(2):                                                                     # A, and D
        total.product(C, m, k)
        total.product(C, k, k)
    total.product(C, k, m)                                                                 # 6
    total.charge(add=C * m)
    for _ in range(2):                                                                     # 7
        total.product(k, k, k)
    total.charge(add=2 * k * k + C * k)                                                    # and D
    total.charge(read=C * m, mul=C * m, add=C * (m - 1), sqrt=C)                           # 9
    total.charge(read=2 * L * m)                                                           # 10
    total.product(L, m, C)
    return total


def folded_tables(model: Model, inputs: Inputs, kind: Kind) -> Charges:
    block, p, positions = kind.block, kind.position, seen(model, kind)
    batch, attention = EachToken(model, inputs), block.attention
    X = {j: batch.embedded(j) for j in positions}
    for one in model.description.blocks[:-1]:
        X = batch.after(one, X, positions)
    for j, value in X.items():
        value = batch.normed(None if block.norm_after else attention.norm, value)
        V = batch.mapped(attention.value, value)
        if model.description.positions_to_scores:
            batch.charge(add=batch.rows(value.of) * value.width)
        batch.mapped(attention.key, value)
        if j == p:
            query = batch.mapped(attention.query, value)
            batch.charge(mul=batch.rows(query.of) * query.width if attention.scores != "unscaled" else 0)
    H, inner, d = attention.heads, model.tensors.size(attention.output)[0], model.d
    there = (block.mlp.into.bias is not None, last_maps.has_constant(kind.maps))
    for a, has in zip((model.tensors.size(block.mlp.into)[1], model.C), there):
        batch.product(inner, d, a)
        if attention.output.bias is not None:
            batch.product(1, d, a)
            batch.charge(add=a if has else 0)
            has = True
        R = batch.rows(frozenset([p]))
        batch.product(R, d, a)
        batch.charge(add=R * a if has else 0)
        for j in positions:
            for _ in range(H):
                batch.product(batch.rows(frozenset([j])), inner // H, a)
    return batch


class LowRankBatch(Batch):
    """Of these inputs, with the number of classes that are opened beside their labels."""

    def __init__(self, model: Model, inputs: Sequence[Input], kind: Kind, of: Witnesses, opened: int, stated: Stated) -> None:
        super().__init__(model, inputs)
        self.kind = kind
        R, K, C, m, k, q = len(inputs), opened, model.C, model.tensors.size(kind.maps[0])[0], len(of.B), len(of.tables)
        entries, rows = sum(value != 0 for row in of.B for value in row), sum(any(row) for row in of.B)
        with_s = self.features()                                                           # 0
        self.charge(add=q * R * m)                                                         # 1
        self.charge(mul=R * entries, add=R * (entries - rows))                             # 2
        self.charge(mul=R * m)                                                             # 3
        self.sum(R, m)
        self.product(R, k, k)
        self.charge(mul=R * k)
        self.sum(R, k)
        self.charge(add=R, compare=R, sqrt=R)
        self.product(R, k, C)                                                              # 4
        self.charge(add=q * R * C + (R * C if with_s else 0))
        self.charge(mul=R * C, add=R * C)                                                  # 5
        self.charge(mul=(R + K) * m, add=(R + K) * (m - 1))                                # 6
        if with_s:
            self.charge(read=R + K, add=R + K)
        self.charge(read=R + K, add=R * C)                                                 # 7
        if stated.loss:
            self.log_sum_exp(R, C)                                                         # 8
            self.charge(add=R)
        if stated.signs and C > 1:
            self.charge(compare=R * (C - 2))                                               # 9
            self.charge(read=1, add=R, compare=4 * R + (R if stated.margin else 0))        # 10

    # -- features ----------------------------------------------------------------------------------------------------

    def features(self) -> bool:
        """Whether there is an s."""
        of, constant = self.model.description, last_maps.has_constant(self.kind.maps)
        if self.kind.block is None:
            value = self.pooled()
            for part in of.readout[:self.kind.parts]:
                value = self.part(part, value)
            self.of_each_input(value)
            return constant
        h, s = self.folded() if is_folded(self.model, self.kind) else self.unfolded(constant)
        self.of_each_input(h)
        self.of_each_input(s)
        return True

    def unfolded(self, with_constant: bool) -> tuple[Shape, Shape]:
        block, p = self.kind.block, self.kind.position
        X = self.through_blocks(self.model.description.blocks[:-1])
        Y = self.after(replace(block, mlp=None), X, [p])[p] if block.attention else X[p]
        h = self.normed(None if block.norm_after else block.mlp.norm, X[p] if block.in_parallel else Y)
        h = self.activated(block.mlp.activation, self.mapped(block.mlp.into, h))
        R = self.rows(Y.of)
        self.product(R, self.model.d, self.model.C)
        self.charge(add=R * self.model.C if with_constant else 0)
        return h, Shape(Y.of, self.model.C)

    def folded(self) -> tuple[Shape, Shape]:
        block, p, positions = self.kind.block, self.kind.position, seen(self.model, self.kind)
        H, width = block.attention.heads, self.model.tensors.size(block.attention.query)[1]
        K = {j: Shape(frozenset([j]), width) for j in positions}
        self.charge(read=sum(self.rows(key.of) for key in K.values()) * width + self.rows(frozenset([p])) * width)
        S = frozenset(positions)
        for j in positions:
            self.score(H, K[p], K[j], S)
        R, P = self.rows(S), len(positions)
        self.shares(R * H, P)
        shapes = []
        for a in (self.model.tensors.size(block.mlp.into)[1], self.model.C):
            self.charge(mul=R * P * H * a, add=R * (P * H - 1) * a + R * a)
            shapes.append(Shape(S, a))
        return self.activated(block.mlp.activation, shapes[0]), shapes[1]
