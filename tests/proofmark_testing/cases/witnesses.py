"""Witnesses as such: their form, which are missing or unused, element types, shapes, and values at the edge of their ranges."""
from __future__ import annotations

import math
import random
import struct
from collections.abc import Iterator, Sequence

from .. import models
from ..certificates import Certificate, Pairs, certificate, changed, value_at, without
from ..witnesses import Witness, Witnesses, block_jensen, head_tail, witness
from .case import Case, base, case, shared

V = 4
HEADS = [[0, 1, 2], [1, 0, 3], [2, 3, 1], [3, 2, 0]]
LOOSE = ["0x0p+0", "0x1p+20"]
BOTH = [("head-tail@1", 0, 2), ("block-jensen@1", 2, 4)]
SPOILT = {"negative": -1.0, "negative-subnormal": -(2.0**-149), "nan": math.nan, "infinite": math.inf, "minus-infinite": -math.inf,
          "zero": 0.0, "minus-zero": -0.0}


@shared
def hinted() -> Certificate:
    """Every witness of both rules; V = 4, n = 2."""
    return with_witnesses(everything(2) | block_jensen([0, 2], [1.0, 0.5, 2.0, 1.0]), 2, BOTH)


def everything(n: int) -> Witnesses:
    inputs = math.comb(V + n - 1, n)
    return head_tail(HEADS, [1, 2, V], [i % 3 for i in range(inputs)], [0, 1, 0, 3], [1.0, 0.5, 2.0, 0.25] if n <= 3 else None,
                     ([0.5, 0.0, 0.25, 1.0], [1.0, 1.0, 0.0, 0.5]))


def with_witnesses(given: Witnesses, n: int, parts: Sequence[tuple[str, int, int]]) -> Certificate:
    weights = models.random_model(random.Random("hinted"), V, 2)
    return certificate(weights, n, list(parts), False, [LOOSE] * len(parts), given)


def cases() -> Iterator[Case]:
    yield case("accept", "witnesses-of-two-rules", hinted())
    yield case("accept", "witnesses-reversed", changed(hinted(), "/witnesses", dict(reversed(hinted()["witnesses"].items()))))
    yield from forms()
    yield from missing_or_unused()
    yield from element_types()
    yield from shapes()
    yield from heads()
    yield from indices()
    yield from positive_numbers()


def replaced(name: str, value: Witness) -> Certificate:
    return changed(hinted(), f"/witnesses/{name}", value.json())


# -- form ----------------------------------------------------------------------------------------------------------

def forms() -> Iterator[Case]:
    path = "/witnesses/column-weights"
    heads = "/witnesses/heads"
    yield case("key-missing", "witness-empty-object", changed(hinted(), heads, {}))
    for key in ("dtype", "shape", "data"):
        yield case("key-missing", f"witness-{key}", without(hinted(), f"{path}/{key}"))
    yield case("key-unknown", "witness-sha256", changed(hinted(), f"{path}/sha256", "0" * 64))
    twice = Pairs([*hinted()["witnesses"].items(), ("blocks", value_at(hinted(), "/witnesses/blocks"))])
    yield case("key-duplicate", "witness-twice", changed(hinted(), "/witnesses", twice))
    for name, where, value in (("witness-array", heads, [[0], [1]]), 
                               ("witness-shape-number", f"{heads}/shape", V),
                               ("witness-shape-empty", f"{path}/shape", []), ("witness-data-array", f"{path}/data", [1])):
        yield case("type-mismatch", name, changed(hinted(), where, value))
    yield case("string-alphabet", "witness-name", changed(base(), "/witnesses/t\u00eates", value_at(hinted(), heads)))
    yield case("string-length", "witness-name", changed(base(), "/witnesses/" + "h" * 4097, value_at(hinted(), heads)))
    text = value_at(hinted(), f"{path}/data")
    for name, data in (("padding-missing", text.rstrip("=")), ("newline", text[:4] + "\n" + text[4:]), ("url-alphabet", "-_" + text[2:])):
        yield case("base64", f"witness-{name}", changed(hinted(), f"{path}/data", data))
    unused = {"dtype": "uint16", "shape": [3, 1], "data": "AAA"}
    yield case("base64", "witness-that-no-rule-takes", changed(base(), "/witnesses/heads", unused))
    for name, where, value in (("data-empty", f"{path}/data", ""), ("element-short", f"{path}/data", "AACAPwAAgD8AAIA/"),
                               ("heads-no-columns", f"{heads}/shape", [V, 0]),
                               ("one-element-more", f"{path}/shape", [V + 1]), ("product-wraps", f"{heads}/shape", [2**32, 2**32 + 3]),
                               ("twice-as-large", f"{path}/dtype", "float64")):
        yield case("tensor-size", f"witness-{name}", changed(hinted(), where, value))
    for dtype in ("float16", "uint32", ""):
        yield case("dtype-unknown", f"witness-{dtype or 'empty'}", changed(hinted(), f"{heads}/dtype", dtype))
    for dtype in ("uint8", "uint16"):
        yield case("dtype-unknown", f"{dtype}-for-weights", changed(base(), "/model/tensors/linear.weight/dtype", dtype))


# -- missing, unused -----------------------------------------------------------------------------------------------

def missing_or_unused() -> Iterator[Case]:
    for name in ("heads", "head-sizes", "blocks", "token-multipliers", "label-multipliers"):
        yield case("witness-missing", name, without(hinted(), f"/witnesses/{name}"))
    yield case("witness-missing", "all", changed(hinted(), "/witnesses", {}))
    head_tail_alone, jensen_alone = ([(rule, 0, V)] for rule in ("head-tail@1", "block-jensen@1"))
    plain = head_tail(HEADS, [2])
    for name, target in (
            ("heads-for-symmetry", with_witnesses({}, 2, [("symmetry@1", 0, V)])),
            ("heads-for-convexity", with_witnesses({}, 2, [("convexity@1", 0, V)])),
            ("heads-for-block-jensen", with_witnesses(block_jensen([0]), 2, jensen_alone))):
        heads = {key: one.json() for key, one in plain.items()}
        yield case("witness-unused", name, changed(target, "/witnesses", target["witnesses"] | heads))
    extra = {key: one.json() for key, one in everything(2).items()}
    for name in ("levels", "column-groups", "column-weights"):
        target = with_witnesses(block_jensen([0]), 2, jensen_alone)
        yield case("witness-unused", f"{name}-for-block-jensen", changed(target, f"/witnesses/{name}", extra[name]))
    for name, one in block_jensen([0, 2], [1.0] * V).items():
        target = with_witnesses(plain, 2, head_tail_alone)
        yield case("witness-unused", f"{name}-for-head-tail", changed(target, f"/witnesses/{name}", one.json()))
    four = with_witnesses(plain, 4, head_tail_alone)
    yield case("witness-unused", "column-weights-n4", changed(four, "/witnesses/column-weights", extra["column-weights"]))
    for name, key in (("space-after", "heads "), ("underscore", "head_sizes"), ("empty", "")):
        yield case("witness-unused", f"name-{name}", with_name(key, extra["column-groups"]))


def with_name(name: str, value: dict[str, object]) -> Certificate:
    return changed(hinted(), "/witnesses", hinted()["witnesses"] | {name: value})


# -- element types and shapes --------------------------------------------------------------------------------------

def element_types() -> Iterator[Case]:
    flat = [k for row in HEADS for k in row]
    inputs = [0] * 10
    for name, kinds, numbers, shape in (
            ("heads", ("uint8", "float32"), flat, (V, 3)), ("head-sizes", ("uint8",), [1, 2, V], None),
            ("levels", ("uint16",), inputs, None), ("column-groups", ("uint8",), [0] * V, None),
            ("column-weights", ("uint16",), [1] * V, None), ("token-multipliers", ("uint16",), [1] * V, None),
            ("label-multipliers", ("uint8",), [1] * V, None), ("blocks", ("uint8",), [0, 2], None),
            ("block-multipliers", ("uint16",), [1] * V, None)):
        for dtype in kinds:
            yield case("witness-shape", f"{name}-{dtype}", replaced(name, witness(dtype, numbers, shape)))


def shapes() -> Iterator[Case]:
    flat = [k for row in HEADS for k in row]
    for name, shape in (("flat", (12,)), ("three-dimensions", (V, 3, 1)), ("transposed", (3, V))):
        yield case("witness-shape", f"heads-{name}", replaced("heads", witness("uint16", flat, shape)))
    yield case("witness-shape", "heads-one-row-short", replaced("heads", witness("uint16", flat[:9], (3, 3))))
    yield case("witness-shape", "heads-more-columns-than-outputs", replaced("heads", witness("uint16", [0, 1, 2, 3, 0] * V, (V, 5))))
    yield case("witness-shape", "head-sizes-256", replaced("head-sizes", witness("uint16", range(1, 257))))
    yield case("witness-shape", "head-sizes-row", replaced("head-sizes", witness("uint16", [1, 2, V], (1, 3))))
    for length in (9, 11):
        yield case("witness-shape", f"levels-{length}", replaced("levels", witness("uint8", [0] * length)))
    yield case("witness-shape", "levels-square", replaced("levels", witness("uint8", [0] * 16, (V, V))))
    three = with_witnesses(head_tail(HEADS, [1, 2], [0] * 20), 3, [("head-tail@1", 0, V)])
    yield case("accept", "levels-of-n3", three)
    yield case("witness-shape", "levels-of-n2-for-n3", changed(three, "/witnesses/levels", witness("uint8", [0] * 10).json()))
    for i, name in enumerate(("column-groups", "column-weights", "token-multipliers", "label-multipliers", "block-multipliers")):
        dtype = "uint16" if name == "column-groups" else "float32"
        length = (V - 1, V + 1)[i % 2]
        yield case("witness-shape", f"{name}-{length}", replaced(name, witness(dtype, [1] * length)))
    yield case("witness-shape", "column-weights-column", replaced("column-weights", witness("float32", [1] * V, (V, 1))))
    yield case("witness-shape", "blocks-more-than-tokens", replaced("blocks", witness("uint16", [0, 1, 2, 3, 4])))
    yield case("witness-shape", "blocks-column", replaced("blocks", witness("uint16", [0, 2], (2, 1))))


# -- values --------------------------------------------------------------------------------------------------------

def heads() -> Iterator[Case]:
    def head(name: str, *row: int) -> Case:
        rows = [*HEADS[:2], list(row), HEADS[3]]
        return case("witness-value", f"heads-{name}", replaced("heads", witness("uint16", [k for one in rows for k in one], (V, 3))))
    yield head("column-V", V, 3, 1)
    yield head("column-65535", 2, 3, 65535)
    yield head("column-V-beyond-the-sizes", 2, 3, V)
    yield head("twice", 2, 2, 1)
    yield head("twice-apart", 2, 1, 2)
    for name, sizes in (("0", [0, 2]), ("equal", [1, 1, 2]), ("descending", [2, 1, V]),
                        ("beyond-the-vocabulary", [1, 2, V + 1]), ("everything-twice", [1, V, V])):
        yield case("witness-value", f"head-sizes-{name}", replaced("head-sizes", witness("uint16", sizes)))
    narrow = with_witnesses(head_tail([[0], [1], [2], [3]], [1, V], [0] * 10), 2, [("head-tail@1", 0, V)])
    yield case("accept", "head-sizes-1-and-all", narrow)
    for name, sizes in (("beyond-the-columns", [1, 2]), ("one-less-than-all", [1, V - 1]), ("beyond-the-columns-before-all", [2, V])):
        yield case("witness-value", f"head-sizes-{name}", changed(narrow, "/witnesses/head-sizes", witness("uint16", sizes).json()))


def indices() -> Iterator[Case]:
    for name, level, at in (("K", 3, 9), ("255", 255, 0)):
        yield case("witness-value", f"levels-{name}", replaced("levels", witness("uint8", [level if i == at else 0 for i in range(10)])))
    others = with_witnesses(head_tail(HEADS, [2], [0] * 9 + [1]), 2, [("head-tail@1", 0, 2), ("symmetry@1", 2, V)])
    yield case("witness-value", "levels-of-an-input-of-another-rule", others)
    yield case("witness-value", "column-groups-V", replaced("column-groups", witness("uint16", [0, 1, V, 0])))
    for name, blocks in (("not-from-0", [1, 2]), ("equal", [0, 2, 2]), ("descending", [0, 3, 2]), ("V", [0, 2, V]), ("0-twice", [0, 0, 2])):
        yield case("witness-value", f"blocks-{name}", replaced("blocks", witness("uint16", blocks)))


def positive_numbers() -> Iterator[Case]:
    for name, faults in (("column-weights", SPOILT), ("block-multipliers", ("negative", "nan", "zero", "minus-zero")),
                         ("token-multipliers", ("negative-subnormal", "nan", "infinite")), ("label-multipliers", ("negative", "infinite"))):
        for i, what in enumerate(faults):
            number, dtype = SPOILT[what], ("float32", "float64")[i % 2]
            numbers = [1.0] * V
            numbers[i % V] = number
            yield case("witness-value", f"{name}-{what}", replaced(name, witness(dtype, numbers)))
    payload = Witness("float32", (V,), struct.pack("<3f", 1, 1, 1) + struct.pack("<I", 0x7f800001))
    yield case("witness-value", "column-weights-nan-payload", replaced("column-weights", payload))
    for name, number in (("subnormal", 2.0**-149), ("largest", 2.0**127 * (2 - 2.0**-23))):
        yield case("accept", f"column-weights-{name}", replaced("column-weights", witness("float32", [number] * V)))
        yield case("accept", f"block-multipliers-{name}", replaced("block-multipliers", witness("float32", [number] * V)))
