"""Tensor data: base64, sizes, shapes, and elements that are not finite."""
from __future__ import annotations

import base64
import random
import struct
from collections.abc import Iterator

from .. import models
from ..certificates import Certificate, certificate, changed, value_at, with_model
from ..encodings import SIZES
from .case import Case, base, case

LINEAR = "/model/tensors/linear.weight"

NOT_FINITE = {
    "float16": {"nan": 0x7e00, "infinity": 0x7c00, "minus-infinity": 0xfc00, "nan-payload": 0x7c01},
    "bfloat16": {"nan": 0x7fc0, "infinity": 0x7f80, "minus-infinity": 0xff80, "nan-payload": 0xff81},
    "float32": {"nan": 0x7fc00000, "infinity": 0x7f800000, "minus-infinity": 0xff800000, "nan-payload": 0x7f800001},
    "float64": {"nan": 0x7ff8 << 48, "infinity": 0x7ff0 << 48, "minus-infinity": 0xfff0 << 48, "nan-payload": (0xfff << 52) + 1}}


def cases() -> Iterator[Case]:
    yield from encodings()
    yield from sizes()
    yield from shapes()
    yield from not_finite()


def encodings() -> Iterator[Case]:
    text = value_at(base(), f"{LINEAR}/data")          # 16 bytes: 22 characters and two of padding
    unused_bits = text[:21] + {"A": "B", "Q": "R", "g": "h", "w": "x"}[text[21]] + "=="
    for name, data in (
            ("padding-missing", text[:-2]), ("padding-short", text[:-1]), ("padding-long", text + "="),
            ("padding-in-the-middle", "AA==" + text[4:]), ("padding-only", "===="), ("unused-bits-set", unused_bits),
            ("space", text[:4] + " " + text[4:]), ("space-after", text + " "), ("newline", text[:4] + "\n" + text[4:]),
            ("url-alphabet", "-_" + text[2:]), ("star", "*" + text[1:]), ("length-1", "A"), ("length-5", "AAAAA"),
            ("nul", text[:4] + "\0" + text[5:]), ("accent", "\u00e9" + text[1:]), ("comma", "," + text[1:]),
            ("padding-then-data", text + "AAAA")):
        yield case("base64", name, changed(base(), f"{LINEAR}/data", data))


def sizes() -> Iterator[Case]:
    raw = base64.b64decode(value_at(base(), f"{LINEAR}/data"))
    for name, data in (("data-empty", b""), ("data-one-byte-short", raw[:-1]), ("data-one-element-short", raw[:-4]),
                       ("data-one-byte-long", raw + b"\0"), ("data-one-element-long", raw + b"\0\0\0\0")):
        yield case("tensor-size", name, changed(base(), f"{LINEAR}/data", base64.b64encode(data).decode()))
    for name, shape in (
            ("zero-rows", [0, 2]), ("zero-columns", [2, 0]), ("zero-both", [0, 0]), ("product-wraps-to-0", [2**32, 2**32]),
            ("product-wraps-to-4", [2**62 + 1, 4]), ("largest", [2**63 - 1, 2**63 - 1]), ("bytes-wrap", [2**62 + 4, 1]),
            ("rows-2-to-63-less-1", [2**63 - 1, 1]), ("rows-wrap-32-bits", [2**32 + 2, 2]), ("one-row-more", [3, 2])):
        yield case("tensor-size", name, changed(base(), f"{LINEAR}/shape", shape))
    empty = changed(changed(base(), f"{LINEAR}/shape", [0, 0]), f"{LINEAR}/data", "")
    yield case("tensor-size", "zero-and-empty", empty)
    for dtype in ("float16", "float64"):
        yield case("tensor-size", f"float32-read-as-{dtype}", changed(base(), f"{LINEAR}/dtype", dtype))


def shapes() -> Iterator[Case]:
    rng = random.Random("shapes")
    def of(embedding: tuple[int, int], linear: tuple[int, int], unembedding: tuple[int, int]) -> Certificate:
        return with_model(base(), {name: models.tensor("float32", [[rng.uniform(-1, 1)] * shape[1] for _ in range(shape[0])])
                             for name, shape in zip((models.EMBEDDING, models.LINEAR, models.UNEMBEDDING),
                                                    (embedding, linear, unembedding))})
    for name, three in (
            ("embedding-transposed", ((3, 2), (2, 2), (3, 2))), ("unembedding-transposed", ((2, 3), (2, 2), (2, 3))),
            ("embedding-and-unembedding-exchanged", ((3, 2), (2, 2), (2, 3))), ("linear-not-square", ((2, 3), (2, 3), (3, 2))),
            ("linear-too-large", ((2, 3), (3, 3), (3, 2))), ("linear-too-small", ((2, 3), (1, 1), (3, 2))),
            ("linear-wide", ((2, 3), (3, 2), (3, 2))), ("unembedding-narrow", ((2, 3), (2, 2), (3, 1))),
            ("unembedding-flattened", ((2, 3), (2, 2), (1, 6)))):
        yield case("tensor-shape", name, of(*three))
    for name, shape in (("one-dimension", (4,)), ("three-dimensions", (1, 2, 2)), ("three-dimensions-last", (2, 2, 1)), ("64-dimensions", (1,) * 62 + (2, 2))):
        linear = models.Tensor("float32", shape, bytes(16))
        yield case("tensor-shape", f"linear-{name}", with_model(base(), models.random_model(random.Random("base"), 3, 2) | {models.LINEAR: linear}))


def not_finite() -> Iterator[Case]:
    for dtype, patterns in NOT_FINITE.items():
        for (name, bits), tensor in zip(patterns.items(), (*models.random_model(random.Random(0), 3, 2), models.LINEAR)):
            weights = models.random_model(random.Random(dtype), 3, 2, dtype)
            size, raw = SIZES[dtype], weights[tensor].raw
            spoilt = raw[:-size] + bits.to_bytes(size, "little")
            weights[tensor] = models.Tensor(dtype, weights[tensor].shape, spoilt)
            yield case("weight-not-finite", f"{dtype}-{name}", with_model(base(), weights))
    yield case("weight-not-finite", "nan-that-nothing-multiplies", unused_nan())


def unused_nan() -> Certificate:
    """A NaN where every factor is zero: still refused."""
    good = models.model("float32", [[0, 0]], [[0]], [[0], [0]])
    spoilt = good | {models.LINEAR: models.Tensor("float32", (1, 1), struct.pack("<f", float("nan")))}
    return with_model(certificate(good, 2), spoilt)
