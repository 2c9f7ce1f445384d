"""One file of the corpus, and the certificates that most of them are changed from."""
from __future__ import annotations

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass

from .. import models
from ..certificates import Certificate, certificate, render


@dataclass(frozen=True)
class Case:
    """`code` is a reason code, or `accept`; `folder` is set for files that accompany a certificate."""

    code: str
    name: str
    content: bytes
    folder: str = ""
    suffix: str = ".json"


def case(code: str, name: str, target: Certificate | bytes) -> Case:
    return Case(code, name, target if isinstance(target, bytes) else render(target))


def shared(make: Callable[[], Certificate]) -> Callable[[], Certificate]:
    """Built once: changes are made on copies."""
    return functools.cache(make)


@shared
def base() -> Certificate:
    """V = 3, d = 2, n = 2, two steps by different rules: the certificate that most faults are planted in."""
    weights = models.random_model(random.Random("base"), 3, 2)
    return certificate(weights, 2, [("symmetry@1", 0, 2), ("enumeration@1", 2, 3)])


@shared
def square() -> Certificate:
    """V = d = 2: transposing or exchanging tensors leaves their shapes alone."""
    return certificate(models.random_model(random.Random("square"), 2, 2), 2)


@shared
def dyadic() -> Certificate:
    """V = 2, n = 2 with loss in [0.25, 7.5]: claims 0.0625 and 1.875 meet the declared sums exactly."""
    weights = models.model("float32", [[1, -1]], [[1]], [[1], [-1]])
    return certificate(weights, 2, intervals=[["0x1p-2", "0x1.ep+2"]])
