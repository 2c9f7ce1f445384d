"""The corpus, a module for each part of the format. Every module has `cases()`; `every_case` chains them."""
from __future__ import annotations

from collections.abc import Iterator

from . import (accepted, architectures, attention_accepted, attention_model, attention_steps, attention_witnesses, block_jensen, budgets, claims, convexity, digests, documents,
               head_tail, joined, keys, limits, margins, numbers, steps, strings, tasks, tensors, types, witnesses, words)
from .case import Case

MODULES = (accepted, documents, numbers, keys, types, strings, words, tasks, architectures, tensors, digests, claims, steps, margins, convexity, head_tail,
           block_jensen, witnesses, budgets, limits, joined, attention_accepted, attention_model, attention_steps, attention_witnesses)


def every_case() -> Iterator[Case]:
    for module in MODULES:
        yield from module.cases()
