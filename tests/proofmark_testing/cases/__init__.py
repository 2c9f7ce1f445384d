"""The corpus, a module for each part of the format. Every module has `cases()`; `every_case` chains them."""
from __future__ import annotations

from collections.abc import Iterator

from . import (accepted, claims, convexity, digests, documents, joined, keys, limits, numbers, steps, strings, tensors, totals,
               types, words)
from .case import Case

MODULES = (accepted, documents, numbers, keys, types, strings, words, tensors, digests, claims, steps, convexity, totals,
           limits, joined)


def every_case() -> Iterator[Case]:
    for module in MODULES:
        yield from module.cases()
