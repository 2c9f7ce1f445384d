"""Certificates that hold: random models of every element type, and the strangest content that the format allows."""
from __future__ import annotations

import json
import random
from collections.abc import Iterator

from .. import models
from ..certificates import Certificate, Part, Raw, certificate, changed, claim, render, value_at
from .case import base, certain, dyadic, identity, square, with_claims

DTYPES = ("float16", "bfloat16", "float32", "float64")
SMALLEST_SUBNORMAL = {"float16": 2.0**-24, "bfloat16": 2.0**-133, "float32": 2.0**-149, "float64": 2.0**-1074}


def certificates() -> Iterator[tuple[str, Certificate | bytes]]:
    yield from randoms()
    yield from plain()
    yield from boundaries()
    yield from strange_weights()
    yield from many_inputs()
    small = certificate(models.random_model(random.Random("endless"), 8, 2), 2, [("enumeration@1", 0, 8)], False)
    yield "enumeration-V8-n2-loss-only", small


def parts(rng: random.Random, V: int) -> list[Part]:
    """A random partition of the labels, each part closed by a random rule."""
    cuts = sorted({0, V, *(rng.randrange(V + 1) for _ in range(rng.randrange(3)))})
    return [(rng.choice(("symmetry@1", "enumeration@1")), start, end) for start, end in zip(cuts, cuts[1:])]


def randoms() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("accept")
    for i in range(32):
        V, d, n, dtype = 1 + i % 5, 1 + i % 3, 1 + (i // 2) % 4, DTYPES[i % 4]
        with_correct = i % 3 != 1
        weights = models.random_model(rng, V, d, dtype)
        name = f"random-{i:02d}-V{V}-d{d}-n{n}-{dtype}{'' if with_correct else '-loss-only'}"
        yield name, certificate(weights, n, parts(rng, V), with_correct, with_margin=V > 1 and i % 2 == 0)
    yield "random-mixed-dtypes", certificate(models.random_model(rng, 3, 2, ("float16", "float64", "bfloat16")), 2)
    weights = models.random_model(rng, 7, 1)
    yield "one-step-per-label", certificate(weights, 2, [(("symmetry@1", "enumeration@1")[y % 2], y, y + 1) for y in range(7)])
    yield "three-inputs-of-nine-tokens", certificate(models.random_model(rng, 9, 3), 3, [("symmetry@1", 0, 8), ("enumeration@1", 8, 9)])


def plain() -> Iterator[tuple[str, Certificate | bytes]]:
    """The certificates that others are changed from, and other ways to write them down."""
    yield "smallest", smallest()
    yield "base", base()
    yield "square", square()
    yield "dyadic", dyadic()
    yield "claims-exactly-implied", changed(changed(dyadic(), "/claims/0/bound", "1.875"), "/claims/1/bound", "0.0625")
    text = render(base())
    value = json.loads(text)
    yield "one-line", json.dumps(value, separators=(",", ":")).encode()
    yield "indented", json.dumps(value, indent=4).encode()
    yield "carriage-returns-and-tabs", text.replace(b"\n", b"\r\n\t") + b" \t\r\n" * 3
    yield "white-space-first", b" \n\r\t" + text
    yield "keys-reversed", reverse(value)
    yield "keys-escaped", text.replace(b'"format"', rb'"\u0066orm\u0061t"').replace(b'"rule"', rb'"\u0072ule"')
    yield "data-escaped", escaped_data(value)


def smallest() -> Certificate:
    """schema/smallest.json, which schema/smallest.md explains line by line. M = [[0, 0], [0, 1]]. Its budgets are what checking takes."""
    result = certificate(models.model("float32", [[0, 1]], [[1]], [[0], [1]]), 2, intervals=[["0x1.72p+0", "0x1.73p+0"]])
    for claimed, bound in zip(result["claims"], ("0.3624", "0.3613", "0.75")):
        claimed["bound"] = bound
    result["tables"]["operations"], result["steps"][0]["operations"] = 29, 62
    result["claims"].append(claim("length", "upper", "107"))
    return changed(result, "/provenance", {"author": "written by hand"})


def reverse(value: Certificate) -> Certificate:
    if isinstance(value, dict):
        return {key: reverse(one) for key, one in reversed(value.items())}
    return [reverse(one) for one in value] if isinstance(value, list) else value


def escaped_data(value: Certificate) -> Certificate:
    path = "/model/tensors/linear.weight/data"
    return changed(value, path, Raw('"' + "".join(f"\\u{ord(character):04x}" for character in value_at(value, path)) + '"'))


def boundaries() -> Iterator[tuple[str, Certificate]]:
    """Just inside the limits."""
    yield "provenance-64-entries", changed(base(), "/provenance", {f"key-{i}": "" for i in range(64)})
    yield "provenance-4096-characters", changed(base(), "/provenance", {"x" * 4096: "y" * 4096})
    alphabet = "".join(chr(code) for code in range(0x20, 0x7f))
    yield "provenance-whole-alphabet", changed(base(), "/provenance", {alphabet: alphabet, "": ""})
    yield "provenance-forged-verdict", changed(base(), "/provenance", {"s VERIFIED": "s REJECTED", "c reason": "%s%n%x\\n"})
    yield "context-64-vocabulary-1", certificate(models.model("float32", [[3]], [[1]], [[-2]]), 64)
    yield "accuracy-1", with_claims(certain(), [claim("accuracy", "lower", "1")])
    wrong = certificate(models.model("float32", [[1, -4]], [[1]], [[-1], [1]]), 2)
    yield "accuracy-0", with_claims(wrong, [claim("accuracy", "upper", "0"), claim("accuracy", "lower", "0.0")])
    for name, top in (("2-to-20", 2.0**20), ("2-to-20-negative", -(2.0**20)), ("1e30", 1e30), ("1e300", 1e300)):
        weights = models.model("float64", [[1.0, 1.0]], [[1.0]], [[0.0], [top]])
        yield f"logit-range-{name}", certificate(weights, 2)
    yield "logit-range-1e600", certificate(models.model("float64", [[1e300, 1e300]], [[1.0]], [[0.0], [1e300]]), 1)


def strange_weights() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("strange")
    both = [("symmetry@1", 0, 1), ("enumeration@1", 1, 2)]
    for dtype in DTYPES:
        tiny = SMALLEST_SUBNORMAL[dtype]
        yield f"zero-{dtype}", certificate(models.model(dtype, [[0, 0]], [[0]], [[0], [0]]), 2, both)
        yield f"minus-zero-{dtype}", certificate(models.model(dtype, [[-0.0, 1.0]], [[-0.0]], [[-0.0], [0.0]]), 2, both)
        yield f"subnormal-{dtype}", certificate(models.model(dtype, [[tiny, -tiny]], [[1.0]], [[1.0], [3 * tiny]]), 2, both)
    for name, size in (("1e30", 1e30), ("1e300", 1e300)):
        weights = models.model("float64", [[size, -size, 3 * size]], [[1 / size]], [[1.0], [2.0], [-1.5]])
        yield f"wide-{name}", certificate(weights, 2)
    yield "cancelling-1e30", certificate(models.model("float32", [[1e30, 1e30], [-1e30, -1e30]], identity(2), [[1, 1], [2.5, 2.5]]), 2)
    yield "huge-ties", certificate(models.model("float64", [[1e300, 1e300]], [[1e300]], [[1e300], [1e300]]), 2)
    yield "huge-equal-but-one-ulp", certificate(
        models.model("float64", [[2.0**52, 2.0**51]], [[1.0]], [[1.0], [1.0 + 2.0**-52]]), 2)
    yield "thousands-of-nats", certificate(models.random_model(rng, 4, 2, number=lambda source: source.uniform(-30, 30)), 2)
    yield "hundred-thousand-nats", certificate(models.model("float32", [[1, -1, 2]], [[1]], [[1e5], [-1e5], [3e4]]), 2)
    yield "ties-in-small-integers", certificate(models.random_model(rng, 5, 1, "float16", lambda source: float(source.randint(-1, 1))), 2)
    wide = models.random_model(rng, 3, 3, "float64", lambda source: source.uniform(-2, 2) * 2.0 ** source.randint(-40, 0))
    yield "wide-exponents", certificate(wide, 2)


def many_inputs() -> Iterator[tuple[str, Certificate]]:
    """More inputs than 64-bit integers hold, few multisets of tokens."""
    rng = random.Random("many")
    for V, n in ((2, 20), (2, 62), (2, 63), (2, 64), (3, 20), (3, 41), (3, 64)):
        weights = models.random_model(rng, V, 1)
        yield f"many-V{V}-n{n}", certificate(weights, n)
    yield "many-all-correct-V2-n64", certificate(models.model("float32", [[1, 0], [0, 1]], identity(2), [[1, 0], [0, 64]]), 64)
