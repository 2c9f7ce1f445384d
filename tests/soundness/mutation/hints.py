"""Witnesses: every value within its range may stand, if the bound still holds; one outside never."""
from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from proofmark_testing import witnesses
from proofmark_testing.certificates import Certificate, changed
from proofmark_testing.witnesses import FORMATS, Witness, Witnesses
from . import families
from .mutant import Mutants, Subject, if_true, never
from .proof import LOSS
from .tensors import flipped, special_elements

WITHIN = f"{LOSS} correct-count margin limit-logit-range"


def mutants(subject: Subject) -> Mutants:
    own = witnesses.from_json(subject.certificate["witnesses"])
    for name, one in own.items():
        numbers = struct.unpack(f"<{math.prod(one.shape)}{FORMATS[one.dtype]}", one.raw)
        yield from entries(subject, own, name, numbers)
        yield from exchanged(subject, own, name, numbers)
        yield from shapes(subject, own, name, numbers)


def with_witness(target: Certificate, name: str, one: Witness) -> Certificate:
    return changed(target, f"/witnesses/{name}", one.json())


def entries(subject: Subject, own: Witnesses, name: str, numbers: Sequence[float]) -> Mutants:
    one, size = own[name], len(own[name].raw) // len(numbers)
    for i in subject.pick(range(len(numbers))):
        element = one.raw[i * size:(i + 1) * size]
        if one.dtype.startswith("float"):
            others = special_elements(one.dtype, element) + [(f"times {factor}", struct.pack("<" + FORMATS[one.dtype], numbers[i] * factor))
                                                             for factor in (0.5, 1.001, 2.0)]
        else:
            largest = 2 ** (8 * size) - 1
            others = [(str(value), value.to_bytes(size, "little"))
                      for value in sorted({numbers[i] - 1, numbers[i] + 1, 0, subject.V - 1, subject.V, largest}) if 0 <= value <= largest]
        others += [(f"bit {bit}", flipped(element, bit)) for bit in subject.rng.sample(range(8 * size), 2)]
        for what, new in others:
            yield from judged(subject, own, name, f"{name} {i} becomes {what}", one.raw[:i * size] + new + one.raw[(i + 1) * size:])


def exchanged(subject: Subject, own: Witnesses, name: str, numbers: Sequence[float]) -> Mutants:
    one, size = own[name], len(own[name].raw) // len(numbers)
    for i in subject.pick(range(len(numbers) - 1)):
        left, right = one.raw[i * size:(i + 1) * size], one.raw[(i + 1) * size:(i + 2) * size]
        yield from judged(subject, own, name, f"{name} {i} and {i + 1} exchanged", one.raw[:i * size] + right + left + one.raw[(i + 2) * size:])


def judged(subject: Subject, own: Witnesses, name: str, where: str, raw: bytes) -> Mutants:
    one = own[name]
    if raw == one.raw:
        return
    mutated = Witness(one.dtype, one.shape, raw)
    target = with_witness(subject.certificate, name, mutated)
    family = families.of(target)
    if codes := family.refused(target, own | {name: mutated}, name, subject.n, subject.V):
        yield never("witness entry out of its range", where, target, codes)
        return
    yield if_true("witness entry", where, target, f"{WITHIN} operations-budget step-blocks")


def shapes(subject: Subject, own: Witnesses, name: str, numbers: Sequence[float]) -> Mutants:
    target, one = subject.certificate, own[name]
    for other, letter in FORMATS.items():
        if other == one.dtype:
            continue
        yield never("witness read as another type", f"{name} as {other}", with_witness(target, name, Witness(other, one.shape, one.raw)),
                    "tensor-size witness-shape")
        try:
            raw = struct.pack(f"<{len(numbers)}{letter}", *(numbers if letter in "fd" else (int(x) for x in numbers)))
        except (struct.error, OverflowError):
            continue
        mutated = with_witness(target, name, Witness(other, one.shape, raw))
        if one.dtype.startswith("float") and letter in "fd":
            # float64 holds every float32; the other way the numbers change a little, and may leave their range.
            yield if_true("witness in the other type of its kind", f"{name} as {other}", mutated, "" if letter == "d" else f"{WITHIN} witness-value")
        else:
            yield never("witness in another type", f"{name} as {other}", mutated, "witness-shape")
    yield never("witness of a type of weights", f"{name} as float16", with_witness(target, name, Witness("float16", one.shape, one.raw)), "dtype-unknown")
    for i in range(len(one.shape)):
        for by in (-1, 1):
            yield never("witness dimension by one", f"{name} {i} {by:+d}", changed(target, f"/witnesses/{name}/shape/{i}", one.shape[i] + by),
                        "tensor-size")
    if len(one.shape) > 1:
        flat = Witness(one.dtype, (math.prod(one.shape),), one.raw)
        yield never("witness of another shape", f"{name} flat", with_witness(target, name, flat), "witness-shape")
    deep = Witness(one.dtype, (1, *one.shape), one.raw)
    yield never("witness of another shape", f"{name} with a dimension more", with_witness(target, name, deep), "witness-shape")
    size = len(one.raw) // len(numbers)
    shorter = len(numbers) - math.prod(one.shape[1:])
    if shorter:
        less = Witness(one.dtype, (one.shape[0] - 1, *one.shape[1:]), one.raw[:shorter * size])
        counted = name in ("head-sizes", "blocks")
        if counted:
            yield if_true("witness shorter", name, with_witness(target, name, less), f"{WITHIN} operations-budget step-blocks witness-value")
        else:
            yield never("witness shorter", name, with_witness(target, name, less), "witness-shape")
