"""The model (FORMAT.md section 5): what its description says of its tensors, its digest, and its logits by definition. All weights are exact."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from gmpy2 import mpq

from second_opinion.exact_numbers import numbers
from second_opinion.intervals import Arithmetic
from second_opinion.reading import PLAIN, Architecture, Attention, Certificate, Map, Tensor
from second_opinion.real import Real, number
from second_opinion.refusal import require

Row = Sequence[mpq | Real]
Matrix = list[list[mpq]]
PARTS = ("query", "key", "value", "output")


class Model:
    """`V` tokens, `n` positions, `C` classes; `shape` is one that rules are written for, or none."""

    def __init__(self, description: Architecture, tensors: Mapping[str, Tensor]) -> None:
        self.description, self.tensors = description, tensors
        self.n = self.description.n
        require(1 <= self.n <= 64, "limit-context", "/model/architecture/positions", str(self.n))
        used = set(self.names())
        for name in sorted(used):
            require(name in self.tensors, "tensor-missing", "/model/tensors", name)
        for name in self.tensors:
            require(name in used, "tensor-unused", f"/model/tensors/{name}")
        self.V, self.d, self.h, self.C = self.sizes()
        self.shape = self.recognised()
        self.check_limits()
        self.stored = {name: self.rows(name) for name in sorted(self.tensors)}
        self.matrices = {one: self.matrix(one) for one in set(self.maps())}
        self.E = self.matrices[self.description.tokens]
        self.P = self.stored[self.description.positions][:self.n] if self.description.positions is not None else None

    def maps(self) -> Iterator[Map]:
        yield self.description.tokens
        for block in self.description.blocks:
            yield from (getattr(block, part) for part in PARTS)
        yield from self.description.readout

    def names(self) -> Iterator[str]:
        yield from (one.weight for one in self.maps())
        if self.description.positions is not None:
            yield self.description.positions

    def digest(self) -> str:
        digest = hashlib.sha256(f"proofmark-model 2\narchitecture {self.description.text}\n".encode())
        for name in sorted(self.tensors):
            tensor = self.tensors[name]
            digest.update(f"{name} {tensor.dtype} {'x'.join(map(str, tensor.shape))}\n".encode() + tensor.raw)
        return digest.hexdigest()

    # -- shapes ------------------------------------------------------------------------------------------------------

    def recognised(self) -> str | None:
        of = self.description
        form = of.positions is not None, [block.heads for block in of.blocks], of.pool, len(of.readout)
        shape = {"token-sum": (False, [], "sum", 2), "attention-only": (True, [1], "last", 1)}
        return next((name for name, one in shape.items() if form == one), None)

    def sizes(self) -> tuple[int, int, int, int]:
        """V, d, the last head's width, C; refused unless every matrix fits those beside it."""
        V, d = self.size(self.description.tokens)
        if self.description.positions is not None:
            shape = self.tensors[self.description.positions].shape
            self.require_shape(self.description.positions, len(shape) == 2 and shape[0] >= self.n and shape[1] == d)
        h = 0
        for block in self.description.blocks:
            columns = self.size(block.query)[1]
            h = columns // block.heads if block.heads else 0
            for part in PARTS:
                one, expected, of_heads = getattr(block, part), (d, columns), "heads,in,head"
                if part == "output":
                    expected, of_heads = (columns, d), "heads,head,out"
                self.require_shape(one.weight, self.size(one) == expected and h > 0 and columns == block.heads * h)
                sliced = one.layout == of_heads and self.tensors[one.weight].shape[0] == block.heads
                self.require_shape(one.weight, sliced or one.layout in PLAIN)
        width = d
        for one in self.description.readout:
            rows, columns = self.size(one)
            self.require_shape(one.weight, rows == width)
            width = columns
        return V, d, h, width

    def size(self, one: Map) -> tuple[int, int]:
        shape = self.tensors[one.weight].shape
        self.require_shape(one.weight, len(shape) == len(one.layout.split(",")))
        if one.layout == "heads,in,head":
            return shape[1], shape[0] * shape[2]
        if one.layout == "heads,head,out":
            return shape[0] * shape[1], shape[2]
        return (shape[0], shape[1]) if one.layout in ("in,out", "tokens,width") else (shape[1], shape[0])

    def require_shape(self, name: str, fits: bool) -> None:
        require(fits, "tensor-shape", f"/model/tensors/{name}/shape", str(self.tensors[name].shape))

    def check_limits(self) -> None:
        most = 1024 if self.shape == "attention-only" else 16384
        require(max(self.V, self.C) <= most, "limit-vocabulary", "/model/architecture")
        widths = [self.d, self.h, *(self.size(one)[1] for one in self.description.readout[:-1])]
        require(max(widths) <= 4096, "limit-width", "/model/architecture")

    # -- exact matrices ----------------------------------------------------------------------------------------------

    def rows(self, name: str) -> Matrix:
        """A tensor as stored, its last dimension along a row; refused where an element is not finite."""
        tensor = self.tensors[name]
        listed, width = numbers(tensor.dtype, tensor.raw, f"/model/tensors/{name}/data", "weight-not-finite"), tensor.shape[-1]
        return [listed[i:i + width] for i in range(0, len(listed), width)]

    def matrix(self, one: Map) -> Matrix:
        stored = self.stored[one.weight]
        if one.layout in ("out,in", "width,tokens"):
            return transpose(stored)
        if one.layout == "heads,in,head":
            heads, rows, _ = self.tensors[one.weight].shape
            return [[value for head in range(heads) for value in stored[head * rows + i]] for i in range(rows)]
        return stored                                                # the rows of head after head, too

    # -- the logits, by definition -----------------------------------------------------------------------------------

    def logits(self, tokens: Sequence[int], x: Arithmetic) -> list[mpq | Real]:
        X: list[Row] = [self.E[token] for token in tokens]
        if self.P is not None:
            X = [added(row, place) for row, place in zip(X, self.P)]
        for block in self.description.blocks:
            X = [added(row, change) for row, change in zip(X, self.attended(block, X, x))]
        row = X[-1] if self.description.pool == "last" else [sum(column, mpq(0)) for column in zip(*X)]
        for one in self.description.readout:
            row = times(row, self.matrices[one])
        return row

    def attended(self, block: Attention, X: list[Row], x: Arithmetic) -> list[Row]:
        """What attention adds at each position."""
        Q, K, V = ([times(row, self.matrices[one]) for row in X] for one in (block.query, block.key, block.value))
        O, h = self.matrices[block.output], len(Q[0]) // block.heads
        root = Real(x, x.root(x.number(h), 2))
        changes: list[Row] = [[mpq(0)] * len(O[0]) for _ in X]
        for start in range(0, len(O), h):
            head = slice(start, start + h)
            for i in range(len(X)):
                seen = range(i + 1 if block.causal else len(X))
                scores = [dot(Q[i][head], K[j][head]) for j in seen]
                shift = max(upper_end(score) for score in scores)            # any number is right; with this one nothing is beyond the exponents
                weights = [((score - shift) / root).exp() for score in scores]
                mass = sum(weights, number(x, 0))
                mixed = [sum((weight * V[j][column] for j, weight in zip(seen, weights)), number(x, 0)) / mass for column in range(start, start + h)]
                changes[i] = added(changes[i], times(mixed, O[head]))
        return changes


def model_of(certificate: Certificate) -> Model:
    """One that has rules."""
    model = Model(certificate.architecture, certificate.tensors)
    require(model.shape is not None, "architecture-unsupported", "/model/architecture")
    require(model.digest() == certificate.sha256, "digest-mismatch", "/model/sha256")
    return model


def upper_end(value: mpq | Real) -> mpq:
    return mpq(value.hi) if isinstance(value, Real) else value


def transpose(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix)]


def added(a: Row, b: Row) -> Row:
    return [one + other for one, other in zip(a, b)]


def dot(a: Row, b: Row) -> mpq | Real:
    return sum((one * other for one, other in zip(a, b)), mpq(0))


def times(row: Row, matrix: Matrix) -> Row:
    return [dot(row, column) for column in zip(*matrix)]


def product(left: Matrix, right: Matrix) -> Matrix:
    columns = transpose(right)
    return [[dot(row, column) for column in columns] for row in left]
