"""The verifier's enclosures contain the true sum of the loss, and are narrow: containment.py, on ordinary and on wild models."""
from __future__ import annotations

import pytest
from proofmark_testing.context import Context

from rules.token_sum import containment


@pytest.mark.parametrize("models", (containment.ordinary, containment.wild, containment.few_roundings), ids=lambda models: models.__name__)
def test_containment(context: Context, models: containment.Models) -> None:
    for name, weights, n in models():
        containment.check(context, name, weights, n)
