"""Certificates that hold, a module for each rule or part of the format. What is refused lies in the corpus, as files and tables."""
from __future__ import annotations

import functools

from ..certificates import render
from . import (accepted, architectures, attention_accepted, attention_plain, attention_steps, attention_witnesses, block_jensen, block_tables, convexity, head_tail, low_rank, margins,
               network_tasks, networks, witnesses)

MODULES = (accepted, architectures, margins, convexity, head_tail, block_jensen, witnesses, attention_plain, attention_accepted, attention_steps, attention_witnesses, networks,
           network_tasks, low_rank, block_tables)


@functools.cache
def every_certificate() -> dict[str, bytes]:
    """By their names. Half a minute of work: once a process."""
    result: dict[str, bytes] = {}
    for module in MODULES:
        for name, target in module.certificates():
            if name in result:
                raise ValueError(f"two certificates are called {name}")
            result[name] = target if isinstance(target, bytes) else render(target)
    return result
