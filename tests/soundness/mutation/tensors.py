"""The model: weights by bit and by unit, element types, shapes, digest, base64."""
from __future__ import annotations

import base64
import math
import struct
from fractions import Fraction

from proofmark_testing.certificates import Certificate, changed, value_at, with_model
from proofmark_testing.encodings import SIZES
from proofmark_testing.models import Tensor
from .mutant import Mutants, Subject, if_true, never

OTHER_MODEL = "loss-lower loss-upper correct-count margin operations-budget limit-logit-range"
DIGITS = "0123456789abcdef"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def mutants(subject: Subject) -> Mutants:
    yield from weights(subject)
    yield from shapes(subject)
    yield from digests(subject)
    yield from encodings(subject)


def tensors(target: Certificate) -> dict[str, Tensor]:
    return {name: Tensor(one["dtype"], tuple(one["shape"]), base64.b64decode(one["data"])) for name, one in target["model"]["tensors"].items()}


def with_tensors(target: Certificate, changed_tensors: dict[str, Tensor], repaired: bool) -> Certificate:
    result = with_model(target, changed_tensors)
    return result if repaired else changed(result, "/model/sha256", target["model"]["sha256"])


# -- weights -------------------------------------------------------------------------------------------------------

def weights(subject: Subject) -> Mutants:
    """Any change breaks the digest; with the digest repaired it is a certificate of another model."""
    own = tensors(subject.certificate)
    bits = [(name, bit) for name in own for bit in subject.pick(range(8 * len(own[name].raw)))]
    for name, bit in subject.pick(bits):
        yield from both(subject, own, name, "weight, one bit", f"bit {bit}", flipped(own[name].raw, bit))
    elements = [(name, i) for name in own for i in subject.pick(range(math.prod(own[name].shape)))]
    for name, i in subject.pick(elements):
        size = SIZES[own[name].dtype]
        raw = own[name].raw
        for what, new in special_elements(own[name].dtype, raw[i * size:(i + 1) * size]):
            mutated = raw[:i * size] + new + raw[(i + 1) * size:]
            if mutated != raw:
                yield from both(subject, own, name, "weight, one element", f"element {i} {what}", mutated)


def both(subject: Subject, own: dict[str, Tensor], name: str, kind: str, where: str, raw: bytes) -> Mutants:
    mutated = own | {name: Tensor(own[name].dtype, own[name].shape, raw)}
    yield never(kind, f"{name} {where}", with_tensors(subject.certificate, mutated, False), "digest-mismatch")
    repaired = with_tensors(subject.certificate, mutated, True)
    if finite(mutated[name]):
        yield if_true(f"{kind}, digest repaired", f"{name} {where}", repaired, OTHER_MODEL)
    else:
        yield never("weight that is not finite, digest repaired", f"{name} {where}", repaired, "weight-not-finite")


def finite(one: Tensor) -> bool:
    try:
        return bool(one.rows())
    except (ValueError, OverflowError):                      # no such fraction
        return False


def flipped(raw: bytes, bit: int) -> bytes:
    return raw[:bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1:]


def special_elements(dtype: str, element: bytes) -> list[tuple[str, bytes]]:
    """One unit up and down, negated, zero, the largest, infinite, not a number."""
    size = SIZES[dtype]
    bits, sign = int.from_bytes(element, "little"), 1 << (8 * size - 1)
    exponents = {"float16": 5, "bfloat16": 8, "float32": 8, "float64": 11}[dtype]
    infinite = ((1 << exponents) - 1) << (8 * size - 1 - exponents)
    found = [("one unit away from 0", bits + 1), ("one unit towards 0", bits - 1), ("negated", bits ^ sign), ("0", 0), ("-0", sign),
             ("the largest", infinite - 1), ("the least", 1), ("infinite", infinite), ("not a number", infinite | 1)]
    return [(what, value.to_bytes(size, "little")) for what, value in found if 0 <= value < 1 << 8 * size]


# -- types and shapes ----------------------------------------------------------------------------------------------

def shapes(subject: Subject) -> Mutants:
    target, own = subject.certificate, tensors(subject.certificate)
    more = own | {"bias": Tensor("float16", (1, 1), bytes(2))}
    yield never("tensor that nothing uses, digest repaired", "bias", with_tensors(target, more, True), "tensor-unused")
    for name, one in own.items():
        fewer = {other: tensor for other, tensor in own.items() if other != name}
        yield never("tensor removed, digest repaired", name, with_tensors(target, fewer, True), "tensor-missing")
        for other in (*SIZES, "uint8", "uint16", "float8", "F32"):
            if other == one.dtype:
                continue
            mutated = with_tensors(target, own | {name: Tensor(other, one.shape, one.raw)}, False)
            yield never("weights read as another type", f"{name} as {other}", mutated, "dtype-unknown tensor-size digest-mismatch")
            if SIZES.get(other) == SIZES[one.dtype]:
                mutated = with_tensors(target, own | {name: Tensor(other, one.shape, one.raw)}, True)
                yield if_true("weights read as another type, digest repaired", f"{name} as {other}", mutated, f"{OTHER_MODEL} weight-not-finite")
        for other, raw in recoded(one):
            mutated = own | {name: Tensor(other, one.shape, raw)}
            yield never("weights in another type, the same numbers", f"{name} as {other}", with_tensors(target, mutated, False), "digest-mismatch")
            yield if_true("weights in another type, the same numbers, digest repaired", f"{name} as {other}", with_tensors(target, mutated, True), "")
        for i in range(len(one.shape)):
            for by in (-1, 1):
                mutated = changed(target, f"/model/tensors/{name}/shape/{i}", one.shape[i] + by)
                yield never("dimension by one", f"{name} {i} {by:+d}", mutated, "tensor-size")
        if len(one.shape) > 1 and one.shape[-2] != one.shape[-1]:
            transposed = own | {name: Tensor(one.dtype, (*one.shape[:-2], one.shape[-1], one.shape[-2]), one.raw)}
            yield never("shape transposed", name, with_tensors(target, transposed, False), "digest-mismatch tensor-shape")
            biases_have_any_shape = if_true if subject.by == "inputs" else never
            yield biases_have_any_shape("shape transposed, digest repaired", name, with_tensors(target, transposed, True), "tensor-shape")
        width = one.shape[-1] * SIZES[one.dtype]
        rows = [one.raw[i:i + width] for i in range(0, len(one.raw), width)]
        exchanged = own | {name: Tensor(one.dtype, one.shape, b"".join(rows[::-1]))}
        if exchanged[name].raw != one.raw:
            yield never("rows in another order", name, with_tensors(target, exchanged, False), "digest-mismatch")
            yield if_true("rows in another order, digest repaired", name, with_tensors(target, exchanged, True), OTHER_MODEL)
    names = list(own)
    for left, right in zip(names, names[1:] + names[:1]):
        swapped = own | {left: own[right], right: own[left]}
        if own[left] != own[right]:
            if len(own[left].shape) != len(own[right].shape):
                yield never("tensors exchanged", f"{left}, {right}", with_tensors(target, swapped, True), "tensor-shape")
                continue
            yield never("tensors exchanged", f"{left}, {right}", with_tensors(target, swapped, False), "digest-mismatch tensor-shape")
            yield if_true("tensors exchanged, digest repaired", f"{left}, {right}", with_tensors(target, swapped, True), f"tensor-shape task-inputs label-range rule-task step-coverage {OTHER_MODEL}")


def recoded(one: Tensor) -> list[tuple[str, bytes]]:
    """The same numbers with more bits; not of what is very large, since a float64 has them all."""
    if one.dtype == "float64":
        return []
    numbers = [number for row in one.rows() for number in row]
    return [("float64", b"".join(struct.pack("<d", Fraction(number)) for number in numbers))]


# -- digest and base64 ---------------------------------------------------------------------------------------------

def digests(subject: Subject) -> Mutants:
    own = subject.certificate["model"]["sha256"]
    for i in subject.pick(range(64)):
        for other in subject.rng.sample([digit for digit in DIGITS if digit != own[i]], 2):
            yield never("digest, one digit", f"digit {i} {other}", changed(subject.certificate, "/model/sha256", own[:i] + other + own[i + 1:]),
                        "digest-mismatch")


def encodings(subject: Subject) -> Mutants:
    target = subject.certificate
    fields = [f"/model/tensors/{name}/data" for name in target["model"]["tensors"]] + [f"/witnesses/{name}/data" for name in target["witnesses"]]
    for field in fields:
        text = value_at(target, field)
        for what, other in others(text):
            yield never("base64 that is not canonical", f"{field}: {what}", changed(target, field, other), "base64")
        codes = "digest-mismatch tensor-size" if field.startswith("/model") else "tensor-size"
        for what, raw in (("four bytes more", base64.b64decode(text) + bytes(4)), ("its first byte gone", base64.b64decode(text)[1:]), ("nothing", b"")):
            yield never("data longer or shorter", f"{field}: {what}", changed(target, field, base64.b64encode(raw).decode()), codes)


def others(text: str) -> list[tuple[str, str]]:
    found = [("white space within", text[:2] + "\n" + text[2:]), ("padding more", text + "===="), ("a character gone", text[1:]),
             ("an alphabet for URLs", "-_" + text[2:])]
    if text.endswith("="):
        at = len(text.rstrip("=")) - 1
        found += [("no padding", text.rstrip("=")), ("an unused bit set", text[:at] + ALPHABET[ALPHABET.index(text[at]) | 1] + text[at + 1:])]
    return [(what, other) for what, other in found if other != text]
