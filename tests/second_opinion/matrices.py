"""From stored tensors to matrices and rows of exact numbers: what a map cuts of its tensor, how its layout reads the rest, its bias."""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gmpy2 import mpq

from second_opinion.description import Map, Range
from second_opinion.exact_numbers import numbers
from second_opinion.reading import Tensor
from second_opinion.refusal import require

Matrix = list[list[mpq]]
Flat = list[mpq]

# Of a tensor that is not cut: which of its dimensions are columns. The others are rows, each in their order.
COLUMNS = {"in,out": (1,), "tokens,width": (1,), "out,in": (0,), "width,tokens": (0,), "heads,in,head": (0, 2), "heads,head,out": (2,)}


class Tensors:
    def __init__(self, stored: Mapping[str, Tensor]) -> None:
        self.stored = stored
        self.numbers: dict[str, Flat] = {}

    def read(self) -> None:
        """Refused where an element is not finite, whether it is used or not."""
        for name, tensor in sorted(self.stored.items()):
            self.numbers[name] = numbers(tensor.dtype, tensor.raw, f"/model/tensors/{name}/data", "weight-not-finite")

    def fits(self, name: str, condition: bool) -> None:
        require(condition, "tensor-shape", f"/model/tensors/{name}/shape", str(self.stored[name].shape))

    # -- sizes, before anything is read ------------------------------------------------------------------------------

    def whole(self, one: Map) -> list[int]:
        """The shape without the dimension of the stack."""
        shape = self.stored[one.weight].shape
        stacked = one.index is not None
        self.fits(one.weight, len(shape) == len(one.layout.split(",")) + stacked)
        self.fits(one.weight, not stacked or one.index < shape[0])
        return shape[stacked:]

    def left(self, one: Map) -> list[int]:
        """The shape after the cuts."""
        shape = list(self.whole(one))
        for axis, cut in ((0, one.rows), (-1, one.columns)):
            if cut is not None:
                self.fits(one.weight, cut[0] < cut[1] <= shape[axis])
                shape[axis] = cut[1] - cut[0]
        return shape

    def size(self, one: Map) -> tuple[int, int]:
        """Rows and columns of the matrix; refused unless its bias, if it has one, fits."""
        shape, of_columns = self.left(one), COLUMNS[one.layout]
        columns = math.prod(shape[axis] for axis in of_columns)
        if one.bias is not None:
            self.fits(one.bias, self.count(one.bias) in (columns, math.prod(self.columns_before(one))))
        return math.prod(shape) // columns, columns

    def columns_before(self, one: Map) -> list[int]:
        """The shape of a bias that is cut with its map: of the stack, and of the columns."""
        stack = [self.stored[one.weight].shape[0]] if one.index is not None else []
        return stack + [self.whole(one)[axis] for axis in COLUMNS[one.layout]]

    def count(self, name: str) -> int:
        return math.prod(self.stored[name].shape)

    # -- numbers -----------------------------------------------------------------------------------------------------

    def table(self, name: str) -> Matrix:
        """A tensor as stored, its last dimension along a row."""
        width = self.stored[name].shape[-1]
        return [self.numbers[name][i:i + width] for i in range(0, len(self.numbers[name]), width)]

    def matrix(self, one: Map) -> Matrix:
        shape, of_columns = self.whole(one), COLUMNS[one.layout]
        flat = self.numbers[one.weight]
        if one.index is not None:
            flat = flat[one.index * math.prod(shape):(one.index + 1) * math.prod(shape)]
        flat, shape = cut(flat, shape, 0, one.rows)
        flat, shape = cut(flat, shape, len(shape) - 1, one.columns)
        of_rows = [axis for axis in range(len(shape)) if axis not in of_columns]
        steps = [math.prod(shape[axis + 1:]) for axis in range(len(shape))]
        starts, offsets = (places([(shape[axis], steps[axis]) for axis in axes]) for axes in (of_rows, of_columns))
        return [[flat[start + offset] for offset in offsets] for start in starts]

    def bias(self, one: Map) -> Flat | None:
        if one.bias is None:
            return None
        flat, shape = self.numbers[one.bias], self.columns_before(one)
        if len(flat) == self.size(one)[1]:
            return flat
        if one.index is not None:
            flat, shape = flat[one.index * math.prod(shape[1:]):(one.index + 1) * math.prod(shape[1:])], shape[1:]
        of_columns, last = COLUMNS[one.layout], len(self.whole(one)) - 1
        for axis, by in ((0, one.rows), (last, one.columns)):
            if axis in of_columns:
                flat, shape = cut(flat, shape, of_columns.index(axis), by)
        return flat


def cut(flat: Flat, shape: Sequence[int], axis: int, by: Range | None) -> tuple[Flat, list[int]]:
    """The part of a tensor whose index along an axis is in the range."""
    if by is None:
        return flat, list(shape)
    inner, size = math.prod(shape[axis + 1:]), shape[axis]
    kept = [value for start in range(0, len(flat), size * inner) for value in flat[start + by[0] * inner:start + by[1] * inner]]
    return kept, [*shape[:axis], by[1] - by[0], *shape[axis + 1:]]


def places(axes: Sequence[tuple[int, int]]) -> list[int]:
    """Of every combination of indices of some axes, given by size and step, in lexicographic order."""
    result = [0]
    for size, step in axes:
        result = [place + i * step for place in result for i in range(size)]
    return result


def transpose(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix)]


def product(left: Matrix, right: Matrix) -> Matrix:
    columns = transpose(right)
    return [[sum((a * b for a, b in zip(row, column)), mpq(0)) for column in columns] for row in left]
