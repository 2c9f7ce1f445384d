"""Witnesses of the shape attention-only: missing, unused, of another element type or shape, out of range by one."""
from __future__ import annotations

import random
from collections.abc import Iterator

from rules.attention.certificates import certificate
from rules.attention.models import random_model
from rules.attention.witnesses import filled, gaps, heads, joint, near, widest
from ..certificates import Certificate, changed, without
from ..witnesses import Witness, Witnesses, block_jensen, witness
from .case import Case, case, shared

V, N = 4, 3
PARTS = [("near-far@1", 0, 1), ("placements@1", 1, 2), ("subcubic@1", 2, 3), ("soft-near-far@1", 3, 4)]
GAPS = [min(1, widest(N, m, q, s)) for m in range(V) for q in range(V) for s in range(N)]
HEADS = [[1, 2], [0, 2], [3, 0], [1, 2]]


def everything() -> Witnesses:
    return near([0, 1, 1, 2]) | heads(HEADS) | joint([0, 1, 1, 0]) | filled([0, 1, 2, 0]) | gaps(V, N, GAPS)


@shared
def hinted() -> Certificate:
    return certificate(random_model(random.Random("attention, hinted"), V, N, 2, 2), PARTS, True, everything())


def replaced(name: str, value: Witness) -> Certificate:
    return changed(hinted(), f"/witnesses/{name}", value.json())


def cases() -> Iterator[Case]:
    yield case("accept", "attention-witnesses", hinted())
    widest_gaps = [widest(N, m, q, s) for m in range(V) for q in range(V) for s in range(N)]
    for name, value in (("near", near([0, 1, 2, 3])), ("gaps", gaps(V, N, widest_gaps)), ("filled", filled([N - 1] * V)), ("joint", joint([1] * V))):
        given = everything() | value
        yield case("accept", f"attention-{name}-largest", certificate(random_model(random.Random("attention, hinted"), V, N, 2, 2), PARTS, True, given))
    yield from missing_or_unused()
    yield from forms()
    yield from ranges()


def missing_or_unused() -> Iterator[Case]:
    for name in ("near", "filled", "gaps"):
        yield case("witness-missing", f"attention-{name}", without(hinted(), f"/witnesses/{name}"))
    weights = random_model(random.Random("attention, unused"), V, N, 1, 1)
    given = {"near-far@1": near([0] * V), "band@1": near([0] * V), "soft-near-far@1": near([0] * V), "placements@1": near([0] * V) | filled([0] * V),
             "subcubic@1": gaps(V, N, [0] * len(GAPS)), "cubic@1": {}, "enumeration@1": {}}
    unused = {"near-far@1": ("filled", "gaps"), "band@1": ("filled", "gaps"), "soft-near-far@1": ("filled", "gaps"), "placements@1": ("heads", "joint", "gaps"),
              "subcubic@1": ("near", "heads", "joint", "filled"), "cubic@1": ("near", "heads", "joint", "filled", "gaps"), "enumeration@1": ("near", "gaps", "filled")}
    for rule, listed in unused.items():
        target, short = certificate(weights, [(rule, 0, V)], True, given[rule]), rule.removesuffix("@1")
        for name in listed:
            yield case("witness-unused", f"attention-{name}-by-{short}", changed(target, f"/witnesses/{name}", everything()[name].json()))
        for name in given[rule]:
            yield case("witness-missing", f"attention-{name}-by-{short}", without(target, f"/witnesses/{name}"))
    for name, value in (("blocks", block_jensen([0])["blocks"]), ("head-sizes", witness("uint16", [1])), ("levels", witness("uint8", [0] * 20)), ("Near", witness("uint16", [0] * V)),
                        ("tokens", witness("uint16", [0] * V))):
        yield case("witness-unused", f"attention-{name.lower()}-of-no-rule", changed(hinted(), f"/witnesses/{name}", value.json()))


def forms() -> Iterator[Case]:
    numbers = {name: one.numbers() for name, one in everything().items()}
    shapes = {name: one.shape for name, one in everything().items()}
    for name, dtypes in (("near", ("uint8", "float32")), ("heads", ("uint8", "float64")), ("joint", ("uint16", "float32")), ("filled", ("uint16",)), ("gaps", ("uint8", "float64"))):
        for dtype in dtypes:
            yield case("witness-shape", f"attention-{name}-{dtype}", replaced(name, witness(dtype, numbers[name], shapes[name])))
    for name, wrong in (("near", ((1, V), (V, 1), (V + 1,), (V - 1,), (2, 2))), ("joint", ((1, V), (V + 1,), (V - 1,), (1,))), ("filled", ((V, 1), (V + 1,), (V - 1,))),
                        ("gaps", ((V * V * N,), (V * V, N), (V, V * N), (N, V, V), (V, V, N + 1), (V, V, N - 1), (V, V, N, 1), (V, V))),
                        ("heads", ((2 * V,), (2, V), (V, 2, 1), (V + 1, 2), (V - 1, 2)))):
        for shape in wrong:
            count = 1
            for size in shape:
                count *= size
            content = (numbers[name] * 4)[:count]
            yield case("witness-shape", f"attention-{name}-{'x'.join(map(str, shape))}", replaced(name, witness("uint8" if name in ("joint", "filled") else "uint16", content, shape)))
    all_outputs = [[w for w in range(V) if w != m] for m in range(V)]
    yield case("witness-shape", "attention-heads-every-wrong-output", replaced("heads", heads(all_outputs)["heads"]))
    yield case("witness-shape", "attention-heads-as-many-as-tokens", replaced("heads", heads([[0, 1, 2, 3]] * V)["heads"]))
    small = certificate(random_model(random.Random("attention, two"), 2, 2, 1, 1), [("near-far@1", 0, 2)], True, near([0, 1]))
    yield case("witness-shape", "attention-heads-of-two-tokens", changed(small, "/witnesses/heads", heads([[1], [0]])["heads"].json()))


def ranges() -> Iterator[Case]:
    for m in range(V):
        counts = [0, 1, 1, 2]
        counts[m] = m + 1
        yield case("witness-value", f"attention-near-of-{m}-is-{m + 1}", replaced("near", near(counts)["near"]))
    yield case("witness-value", "attention-near-65535", replaced("near", near([0, 1, 1, 65535])["near"]))
    for name, rows in (("the-label", [[1, 2], [0, 2], [3, 2], [1, 2]]), ("the-label-0", [[0, 2], [0, 2], [3, 0], [1, 2]]), ("twice", [[1, 2], [0, 2], [3, 3], [1, 2]]),
                       ("no-token", [[1, 2], [0, 2], [3, 0], [1, 4]]), ("65535", [[1, 65535], [0, 2], [3, 0], [1, 2]])):
        yield case("witness-value", f"attention-heads-{name}", replaced("heads", heads(rows)["heads"]))
    for number in (2, 255):
        yield case("witness-value", f"attention-joint-{number}", replaced("joint", joint([0, 1, number, 0])["joint"]))
    for number in (N, 255):
        yield case("witness-value", f"attention-filled-{number}", replaced("filled", filled([0, 1, 2, number])["filled"]))
    places = {"beyond-the-query": (3, 1, 0, 3), "beyond-the-label": (2, 2, 1, 3), "of-the-query-next-to-it": (3, 2, 1, 2), "of-a-larger-query": (1, 2, 0, 1),
              "of-the-label-alone": (3, 3, 0, 1), "of-too-many-others": (3, 1, 2, 1), "of-label-0": (0, 0, 1, 1), "65535": (3, 3, 2, 65535)}
    for name, (m, q, s, gap) in places.items():
        assert gap == widest(N, m, q, s) + 1 or gap == 65535
        numbers = list(GAPS)
        numbers[(m * V + q) * N + s] = gap
        yield case("witness-value", f"attention-gaps-{name}", replaced("gaps", gaps(V, N, numbers)["gaps"]))
