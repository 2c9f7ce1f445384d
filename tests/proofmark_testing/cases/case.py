"""The certificates that others are changed from."""
from __future__ import annotations

import functools
import random
from collections.abc import Callable

from .. import models
from ..certificates import Certificate, certificate, changed, claim


def shared(make: Callable[[], Certificate]) -> Callable[[], Certificate]:
    """Built once: changes are made on copies."""
    return functools.cache(make)


def with_claims(target: Certificate, claims: list[dict[str, str]]) -> Certificate:
    return changed(target, "/claims", claims)


@shared
def base() -> Certificate:
    """V = 3, d = 2, n = 2, two steps by different rules, every claim: the certificate that most faults are planted in."""
    weights = models.random_model(random.Random("base"), 3, 2)
    result = certificate(weights, 2, [("symmetry@1", 0, 2), ("enumeration@1", 2, 3)], with_margin=True)
    return result | {"claims": [*result["claims"], claim("length", "upper", str(2**40))]}


@shared
def square() -> Certificate:
    """V = d = 2: transposing or exchanging tensors leaves their shapes alone."""
    return certificate(models.random_model(random.Random("square"), 2, 2), 2)


@shared
def dyadic() -> Certificate:
    """V = 2, n = 2 with loss in [0.25, 7.5]: claims 0.0625 and 1.875 meet the declared sums exactly. Of (0, 0) it is wrong, by a margin of -1."""
    weights = models.model("float32", [[-0.25, -1]], [[1]], [[1], [-1]])
    return certificate(weights, 2, intervals=[["0x1p-2", "0x1.ep+2"]])


@shared
def certain() -> Certificate:
    """Token a adds 8, 16 or 48 to logit a: every input is classified correctly, with a margin of 8 at least."""
    return certificate(models.model("float32", [[8, 0, 0], [0, 16, 0], [0, 0, 48]], identity(3), identity(3)), 2, with_margin=True)


def identity(size: int) -> list[list[float]]:
    return [[float(i == k) for k in range(size)] for i in range(size)]
