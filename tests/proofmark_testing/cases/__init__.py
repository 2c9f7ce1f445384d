"""The corpus, a module for each part of the format. Every module has `cases()`; `every_case` chains them."""
from __future__ import annotations

from collections.abc import Iterator

from . import (accepted, attention_accepted, attention_model, attention_steps, attention_witnesses, block_jensen, claims, convexity, digests, documents, head_tail, joined, keys, limits, numbers, steps, strings,
               tensors, totals, types, witnesses, words)
from .case import Case

MODULES = (accepted, documents, numbers, keys, types, strings, words, tensors, digests, claims, steps, convexity, head_tail,
           block_jensen, witnesses, totals, limits, joined, attention_accepted, attention_model, attention_steps, attention_witnesses)


def every_case() -> Iterator[Case]:
    for module in MODULES:
        yield from module.cases()
