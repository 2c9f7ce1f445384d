"""What a JSON value must be: its type, its keys, its alphabet and its words; and arrays and pairs of such."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from second_opinion.refusal import require

COUNT = re.compile("[1-9][0-9]{18,399}")


def typed(value: Any, kind: type, pointer: str) -> Any:
    require(type(value) is kind, "type-mismatch", pointer, f"{kind.__name__} expected")
    return value


def keyed(value: Any, pointer: str, keys: str, optional: str = "") -> dict[str, Any]:
    """An object with exactly the keys `keys`, and perhaps some of `optional`."""
    typed(value, dict, pointer)
    for key in value:
        require(key in keys.split() + optional.split(), "key-unknown", f"{pointer}/{key}")
    for key in keys.split():
        require(key in value, "key-missing", pointer, key)
    return value


def one_of(value: Any, pointer: str, first: str, second: str, keys: str = "", optional: str = "") -> str:
    """Which of two keys an object has, beside others."""
    chosen = first if first in typed(value, dict, pointer) else second
    keyed(value, pointer, f"{chosen} {keys}", optional)
    return chosen


def word(value: Any, pointer: str) -> str:
    """A string of printable ASCII, at most 4096 characters long."""
    typed(value, str, pointer)
    require(all(" " <= character <= "~" for character in value), "string-alphabet", pointer)
    require(len(value) <= 4096, "string-length", pointer)
    return value


def known(value: Any, pointer: str, words: Iterable[str]) -> str:
    require(word(value, pointer) in words, "word-unknown", pointer, value)
    return value


def name(value: Any, pointer: str) -> str:
    """Of a tensor of the model."""
    require(1 <= len(word(value, pointer)) <= 256, "string-length", pointer)
    return value


def array(value: Any, pointer: str, element: Callable[[Any, str], Any], length: int | None = None, least: int = 0) -> list[Any]:
    typed(value, list, pointer)
    require(len(value) >= least if length is None else len(value) == length, "type-mismatch", pointer, f"{len(value)} elements")
    return [element(one, f"{pointer}/{i}") for i, one in enumerate(value)]


def natural(value: Any, pointer: str) -> int:
    return typed(value, int, pointer)


def count(value: Any, pointer: str) -> int:
    """Of inputs: a number below 2^63, from there on a string of its digits."""
    if type(value) is not str:
        return natural(value, pointer)
    require(COUNT.fullmatch(word(value, pointer)) is not None and int(value) >= 2**63, "number-grammar", pointer, value[:80])
    return int(value)


def pair(element: Callable[[Any, str], Any]) -> Callable[[Any, str], list[Any]]:
    return lambda value, pointer: array(value, pointer, element, length=2)
