"""The certificate of the shape attention-only that faults are planted in."""
from __future__ import annotations

import base64
import random
from collections.abc import Iterator

from rules.attention.certificates import certificate
from rules.attention.models import random_model
from rules.attention.witnesses import near
from ..certificates import Certificate, value_at
from ..models import Model, Tensor
from .case import shared


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "attention-plain", plain()


def certified(weights: Model) -> Certificate:
    return certificate(weights, [("enumeration@1", 0, 2), ("near-far@1", 2, 4)], True, near([0, 1, 1, 1]))


@shared
def plain() -> Certificate:
    """V = 4, n = 3, d = 3, h = 2, with two rules."""
    return certified(random_model(random.Random("plain"), 4, 3, 3, 2))


def weights_of(target: Certificate) -> Model:
    return {name: Tensor(one["dtype"], tuple(one["shape"]), base64.b64decode(one["data"])) for name, one in value_at(target, "/model/tensors").items()}
