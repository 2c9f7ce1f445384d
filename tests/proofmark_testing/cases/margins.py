"""Margins of every rule that has one, and where there is no other class."""
from __future__ import annotations

import random
from collections.abc import Iterator

from rules.attention import certificates as attention
from rules.attention.models import copying

from .. import models
from ..certificates import Certificate, certificate, changed, claim
from .case import with_claims


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "margin-of-every-label", certificate(models.random_model(random.Random("margins"), 6, 2), 2, [(rule, y, y + 1) for y, rule in enumerate(["symmetry@1", "enumeration@1"] * 3)],
                                               with_margin=True)
    for n in (1, 3, 4):
        weights = models.random_model(random.Random(f"margins {n}"), 4, 2, ("float32", "float64", "float16", "bfloat16")[n - 1])
        yield f"margin-n{n}", certificate(weights, n, [("enumeration@1", 0, 2), ("symmetry@1", 2, 4)], n != 3, with_margin=True)
    tied = certificate(models.model("float32", [[0, 0]], [[0]], [[0], [0]]), 2, with_margin=True)
    yield "margin-ties-just-below-0", with_claims(changed(tied, "/steps/0/margin", "-0x1p-60"), [claim("length", "upper", "9" * 20)])
    weights = copying(random.Random("attention, margins"), 4, 3)
    yield "margin-attention", attention.certificate(weights, [("enumeration@1", 0, 2), ("enumeration@1", 2, 4)], with_margin=True)
    yield "one-class", certificate(models.model("float32", [[3]], [[1]], [[-2]]), 2)
