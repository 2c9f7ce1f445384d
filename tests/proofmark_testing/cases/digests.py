"""A proof of another statement: other weights under the digest, or a digest of something else."""
from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Callable, Iterator

from .. import models
from ..certificates import Certificate, certificate, changed, value_at
from .case import Case, case, square

TENSORS = "/model/tensors"


def cases() -> Iterator[Case]:
    digest = value_at(square(), "/model/sha256")
    other = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    yield case("digest-mismatch", "last-digit", changed(square(), "/model/sha256", other))
    yield case("digest-mismatch", "zero", changed(square(), "/model/sha256", "0" * 64))
    yield case("digest-mismatch", "of-nothing", changed(square(), "/model/sha256", hashlib.sha256(b"").hexdigest()))
    yield case("digest-mismatch", "of-bytes-only", changed(square(), "/model/sha256", bytes_only(square())))
    yield case("digest-mismatch", "one-bit-of-a-weight", with_data(square(), "linear.weight", flipped))
    yield case("digest-mismatch", "sign-of-a-weight", with_data(square(), "linear.weight", negated))
    for name in ("embedding", "linear", "unembedding"):
        yield case("digest-mismatch", f"{name}-transposed", with_data(square(), f"{name}.weight", transposed))
    yield case("digest-mismatch", "big-endian", with_data(square(), "embedding.weight", big_endian))
    first, second = (value_at(square(), f"{TENSORS}/{name}.weight") for name in ("embedding", "unembedding"))
    exchanged = changed(changed(square(), f"{TENSORS}/embedding.weight", second), f"{TENSORS}/unembedding.weight", first)
    yield case("digest-mismatch", "tensors-exchanged", exchanged)
    yield case("digest-mismatch", "float16-read-as-bfloat16", other_dtype())


def data_of(target: Certificate, name: str) -> bytes:
    return base64.b64decode(value_at(target, f"{TENSORS}/{name}/data"))


def bytes_only(target: Certificate) -> str:
    names = ("embedding.weight", "linear.weight", "unembedding.weight")
    return hashlib.sha256(b"".join(data_of(target, name) for name in names)).hexdigest()


def with_data(target: Certificate, name: str, change: Callable[[bytes], bytes]) -> Certificate:
    return changed(target, f"{TENSORS}/{name}/data", base64.b64encode(change(data_of(target, name))).decode())


def flipped(raw: bytes) -> bytes:
    return bytes([raw[0] ^ 1]) + raw[1:]


def negated(raw: bytes) -> bytes:
    return raw[:3] + bytes([raw[3] ^ 0x80]) + raw[4:]


def transposed(raw: bytes) -> bytes:
    """Two by two float32."""
    return raw[0:4] + raw[8:12] + raw[4:8] + raw[12:16]


def big_endian(raw: bytes) -> bytes:
    return b"".join(raw[i:i + 4][::-1] for i in range(0, len(raw), 4))


def other_dtype() -> Certificate:
    """Every finite float16 is a finite bfloat16, another number."""
    target = certificate(models.random_model(random.Random("square"), 2, 2, "float16"), 2)
    for name in value_at(target, TENSORS):
        target = changed(target, f"{TENSORS}/{name}/dtype", "bfloat16")
    return target
