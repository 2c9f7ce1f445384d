"""What the rules of every shape ask of witnesses: that rules take them and have them, of the right element type and shape; and their values."""
from __future__ import annotations

from collections.abc import Collection, Mapping

from gmpy2 import mpq

from second_opinion.exact_numbers import numbers
from second_opinion.reading import Tensor
from second_opinion.refusal import require

FLOATS = ("float32", "float64")


def require_taken(given: Mapping[str, Tensor], taken: Collection[str], needed: Collection[str]) -> None:
    for name in given:
        require(name in taken, "witness-unused", f"/witnesses/{name}")
    for name in sorted(needed):
        require(name in given, "witness-missing", "/witnesses", name)


def require_form(name: str, tensor: Tensor, dtypes: Collection[str], fits: bool) -> None:
    require(tensor.dtype in dtypes, "witness-shape", f"/witnesses/{name}/dtype", tensor.dtype)
    require(fits, "witness-shape", f"/witnesses/{name}/shape", str(tensor.shape))


def values(name: str, tensor: Tensor) -> list[int] | list[mpq]:
    return numbers(tensor.dtype, tensor.raw, f"/witnesses/{name}/data", "witness-value")
