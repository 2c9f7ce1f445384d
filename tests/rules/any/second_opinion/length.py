"""How many operations the network of a description takes (docs/rules/any/README.md and enumeration.md): what is computed once for all steps, and
of a batch of inputs. A value is the set of positions that it depends on and its width; its rows are the combinations of tokens there."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from second_opinion.charges import Charges
from second_opinion.description import Architecture, Attention, Block, Map, MLP, Norm
from second_opinion.network import Model, of_attention
from second_opinion.task import Input

Places = frozenset[int]
BATCH = 1024


def batches(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut where the index is a multiple of their size."""
    while start < end:
        until = min(end, start + BATCH - start % BATCH)
        yield start, until
        start = until


@dataclass(frozen=True)
class Shape:
    """Of a value."""

    of: Places
    width: int


class Tables(Charges):
    """What all steps read once."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model, of = model, model.description
        for one in of.tokens:
            self.map(one)
            if model.biases[one] is not None:
                self.charge(add=sum(model.tensors.size(one)[:1]) * model.d)
        if of.positions is not None:
            self.charge(read=model.n * model.d)
        for block in of.blocks:
            if block.attention:
                self.norm(block.attention.norm, model.d)
                for one in of_attention(block.attention):
                    self.map(one)
                self.factor(block.attention)
            if block.mlp:
                self.norm(block.mlp.norm, model.d)
                self.map(block.mlp.into)
                self.map(block.mlp.out)
        self.norm(of.norm, model.d)
        if of.pool == "mean":
            self.charge(read=1, div=1)
        width = model.d
        for part in of.readout:
            if isinstance(part, Map):
                self.map(part)
                width = model.tensors.size(part)[1]
            elif isinstance(part, Norm):
                self.norm(part, width)

    def map(self, one: Map) -> None:
        rows, columns = self.model.tensors.size(one)
        self.charge(read=rows * columns + (columns if one.bias is not None else 0))

    def norm(self, norm: Norm | None, width: int) -> None:
        if norm is not None:
            self.charge(read=2 + width * ((norm.weight is not None) + (norm.bias is not None)), div=1)

    def factor(self, attention: Attention) -> None:
        if attention.scores == "scaled":
            self.charge(read=1, sqrt=1, div=1)
        elif attention.scores not in ("unscaled", "uniform"):
            self.charge(read=1)


def needed_positions(of: Architecture) -> list[list[int]]:
    """Before the first block, and after each."""
    needed = [list(range(of.n)) if of.pool in ("sum", "mean") else [of.n - 1 if of.pool == "last" else of.pool]]
    for block in reversed(of.blocks):
        after = needed[0]
        needed.insert(0, list(range(of.n if not block.attention.causal else max(after) + 1)) if block.attention else after)
    return needed


class Batch(Charges):
    """Of these inputs. Each method charges what makes a value, and returns its shape."""

    def __init__(self, model: Model, inputs: Sequence[Input]) -> None:
        super().__init__()
        self.model, self.inputs = model, inputs
        self.known: dict[Places, int] = {}

    def rows(self, of: Places) -> int:
        if of not in self.known:
            ordered = sorted(of)
            self.known[of] = len({tuple(tokens[p] for p in ordered) for tokens in self.inputs})
        return self.known[of]

    # -- values ------------------------------------------------------------------------------------------------------

    def logits(self) -> Shape:
        """For each input its row."""
        value = self.pooled()
        for part in self.model.description.readout:
            value = self.part(part, value)
        return self.of_each_input(value)

    def of_each_input(self, value: Shape) -> Shape:
        if self.rows(value.of) != len(self.inputs):
            self.charge(read=len(self.inputs) * value.width)
        return value

    def pooled(self) -> Shape:
        X = self.states()
        first, *others = (X[p] for p in sorted(X))
        for one in others:
            first = self.added(first, one)
        if self.model.description.pool == "mean":
            self.charge(mul=self.rows(first.of) * first.width)
        return first

    def states(self) -> dict[int, Shape]:
        """Of the pooled positions, after the last norm."""
        of = self.model.description
        return {p: self.normed(of.norm, value) for p, value in self.through_blocks(of.blocks).items()}

    def through_blocks(self, blocks: Sequence[Block]) -> dict[int, Shape]:
        """Of the positions that are needed after these blocks, the first ones."""
        needed = needed_positions(self.model.description)
        X = {p: self.embedded(p) for p in needed[0]}
        for block, after in zip(blocks, needed[1:]):
            X = self.after(block, X, after)
        return X

    def embedded(self, p: int) -> Shape:
        value = Shape(frozenset([p]), self.model.d)
        size = self.rows(value.of) * value.width
        of = self.model.description
        self.charge(read=size, add=size if of.positions is not None and not of.positions_to_scores else 0)
        return value

    def after(self, block: Block, X: dict[int, Shape], needed: Sequence[int]) -> dict[int, Shape]:
        Y = {p: X[p] for p in needed}
        if block.attention:
            Y = self.joined(block, block.attention.norm, Y, self.attended(block, X, needed))
        if block.mlp:
            source = {p: X[p] for p in needed} if block.in_parallel else Y
            Y = self.joined(block, block.mlp.norm, Y, {p: self.through(block, block.mlp, value) for p, value in source.items()})
        return Y

    def joined(self, block: Block, norm: Norm | None, X: dict[int, Shape], more: dict[int, Shape]) -> dict[int, Shape]:
        return {p: self.normed(norm if block.norm_after else None, self.added(X[p], more[p])) for p in X}

    def through(self, block: Block, mlp: MLP, value: Shape) -> Shape:
        value = self.normed(None if block.norm_after else mlp.norm, value)
        return self.mapped(mlp.out, self.activated(mlp.activation, self.mapped(mlp.into, value)))

    # -- attention ---------------------------------------------------------------------------------------------------

    def attended(self, block: Block, X: dict[int, Shape], needed: Sequence[int]) -> dict[int, Shape]:
        attention, heads = block.attention, block.attention.heads
        seen = {i: [j for j in X if j <= i or not attention.causal] for i in needed}
        with_scores = attention.scores != "uniform" and any(len(of) > 1 for of in seen.values())
        Q: dict[int, Shape] = {}
        K: dict[int, Shape] = {}
        V: dict[int, Shape] = {}
        for p, value in X.items():
            value = self.normed(None if block.norm_after else attention.norm, value)
            V[p] = self.mapped(attention.value, value)
            if with_scores:
                if self.model.description.positions_to_scores:
                    self.charge(add=self.rows(value.of) * value.width)
                K[p] = self.mapped(attention.key, value)
                if p in needed:
                    Q[p] = self.mapped(attention.query, value)
                    if attention.scores != "unscaled":
                        self.charge(mul=self.rows(Q[p].of) * Q[p].width)
        return {i: self.mapped(attention.output, self.mixed(heads, i, seen[i], Q, K, V, attention.scores == "uniform")) for i in needed}

    def mixed(self, heads: int, i: int, seen: Sequence[int], Q: dict[int, Shape], K: dict[int, Shape], V: dict[int, Shape], uniform: bool) -> Shape:
        """What position i sees, weighed."""
        if len(seen) == 1:
            return V[seen[0]]
        m, width = len(seen), V[i].width
        of: Places = frozenset().union(*(V[j].of for j in seen), frozenset() if uniform else V[i].of)
        R = self.rows(of)
        for j in seen:
            if not uniform:
                self.score(heads, Q[i], K[j], of)
            self.taken(V[j], of)
        if uniform:
            self.charge(add=(m - 1) * R * width, read=1, div=1, mul=R * width)
        else:
            self.shares(R * heads, m)
            self.charge(mul=m * R * width, add=(m - 1) * R * width)
        return Shape(of, width)

    def shares(self, RH: int, m: int) -> None:
        """Of m scores, for each row and head."""
        self.charge(compare=(m - 1) * RH, read=RH)
        self.charge(add=m * RH, exp=m * RH)
        self.charge(add=2 * (m - 2) * RH + (m - 2) * RH)
        self.charge(add=m * RH, div=m * RH)

    def score(self, heads: int, query: Shape, key: Shape, of: Places) -> None:
        both = query.of | key.of
        self.taken(query, both)
        self.taken(key, both)
        self.charge(mul=self.rows(both) * query.width, add=self.rows(both) * (query.width - heads))
        self.taken(Shape(both, heads), of)

    # -- parts -------------------------------------------------------------------------------------------------------

    def taken(self, value: Shape, to: Places) -> Shape:
        if value.of != to:
            self.charge(read=self.rows(to) * value.width)
        return Shape(to, value.width)

    def added(self, one: Shape, other: Shape) -> Shape:
        of = one.of | other.of
        if of not in (one.of, other.of):
            self.taken(one, of)
        self.charge(add=self.rows(of) * one.width)
        return Shape(of, one.width)

    def part(self, part: Map | Norm | str, value: Shape) -> Shape:
        return self.mapped(part, value) if isinstance(part, Map) else self.normed(part, value) if isinstance(part, Norm) else self.activated(part, value)

    def mapped(self, one: Map, value: Shape) -> Shape:
        R, columns = self.rows(value.of), self.model.tensors.size(one)[1]
        self.product(R, value.width, columns)
        self.charge(add=R * columns if one.bias is not None else 0)
        return Shape(value.of, columns)

    def normed(self, norm: Norm | None, value: Shape) -> Shape:
        if norm is None:
            return value
        R, a = self.rows(value.of), value.width
        if norm.centred:
            self.charge(add=R * (a - 1) + R * a, mul=R)
        self.charge(mul=R * a + R + R * a, add=R * (a - 1) + R, sqrt=R, div=R)
        self.charge(mul=R * a if norm.weight is not None else 0, add=R * a if norm.bias is not None else 0)
        return value

    def activated(self, word: str, value: Shape) -> Shape:
        activation(self, word, self.rows(value.of) * value.width)
        return value


def activation(of: Charges, word: str, size: int) -> None:
    """Of so many entries."""
    if word == "relu":
        of.charge(compare=size)
    elif word == "gelu":
        of.charge(exp=size, mul=size)
    else:
        if word == "tanh":
            of.charge(read=2, mul=2 * size, add=size)
        elif word == "gelu-tanh":
            of.charge(read=3, div=1, mul=1 + 5 * size, sqrt=1, add=size)
        else:
            of.charge(mul=size)
        of.charge(compare=size, read=size + 1, add=2 * size + size, exp=2 * size, div=size)          # the sigmoid


def of_enumeration(model: Model, inputs: Sequence[Input], margins: bool, declared_margin: bool) -> Charges:
    """`margins`: steps state how many are correct, or a margin."""
    batch, B, C = Batch(model, inputs), len(inputs), model.C
    batch.logits()
    batch.charge(add=B * C)
    batch.log_sum_exp(B, C)
    batch.charge(add=B)
    if margins and C > 1:
        batch.charge(compare=2 * B * C, read=B)
        batch.charge(read=1, add=B)
        batch.charge(compare=4 * B)
        batch.charge(compare=B if declared_margin else 0)
    return batch
