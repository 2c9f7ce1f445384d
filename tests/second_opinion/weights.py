"""The weights as exact matrices, and products of them."""
from __future__ import annotations

from gmpy2 import mpq

from exact_numbers import DTYPES, element
from reading import Certificate

Matrix = list[list[mpq]]


def rows(certificate: Certificate, name: str) -> Matrix:
    """A tensor as stored, each element exact, its last dimension along a row."""
    tensor = certificate.tensors[name]
    size = DTYPES[tensor.dtype][0]
    numbers = [element(tensor.dtype, tensor.raw[i:i + size], f"/model/tensors/{name}/data")
               for i in range(0, len(tensor.raw), size)]
    width = tensor.shape[-1]
    return [numbers[i:i + width] for i in range(0, len(numbers), width)]


def transpose(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix)]


def product(left: Matrix, right: Matrix) -> Matrix:
    columns = transpose(right)
    return [[sum((a * b for a, b in zip(row, column)), mpq(0)) for column in columns] for row in left]
