"""`block-tables@1`: networks in every form that it is for, groups, blocks and trees at the edges of their ranges, and numbers that hurt."""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from ..certificates import Certificate
from ..hinted_certificates import Parts, hinted
from ..network_certificates import ranges, table
from ..witnesses import Witness, Witnesses, witness
from .case import identity, shared
from .low_rank import Rows, basis, opened, stored
from .network_tasks import PERMUTATIONS_OF_3
from .networks import MAX, Described, around, builder

RULE = "block-tables@1"
NORMS, PARTS = 0, 1


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (("everything", everything()), ("one-sided", one_sided()), *forms(), *partitions(), *trees(), *folds(), *radii(), *opening(), *tasks(), *rows(), *numbers(), *products()):
        yield f"block-tables-{name}", target


def proved(described: Described, given: Witnesses, of: Sequence[Sequence[int]] = ((0, 4), (0, 3)), parts: Parts | None = None, label: Any = None, stated: str = "loss correct margin") -> Certificate:
    N = 1
    for start, end in of:
        N *= end - start
    return hinted(*described, ranges(*of), label or {"name": "sum-modulo", "modulus": 4}, parts or [(RULE, 0, N)], given, stated)


# -- witnesses -------------------------------------------------------------------------------------------------------

def right(groups: Sequence[int], blocks: Sequence[Sequence[int]], kinds: Sequence[int] | None = None, tree: Sequence[tuple[int, int]] = (), fold: int | None = None) -> Witnesses:
    result = {"right-groups": witness("uint16", groups), "right-blocks": labels(blocks), "radii": witness("uint8", kinds or [PARTS] * len(blocks))}
    return result | ({"right-tree": steps(tree)} if tree else {}) | ({"right-fold": witness("uint16", [fold])} if fold is not None else {})


def left(groups: Sequence[int], blocks: Sequence[Sequence[int]], trees: Sequence[tuple[int, int]] = ()) -> Witnesses:
    return {"left-groups": witness("uint16", groups), "left-blocks": labels(blocks)} | ({"left-trees": steps(trees)} if trees else {})


def labels(rows: Sequence[Sequence[int]]) -> Witness:
    return witness("uint16", [one for row in rows for one in row], (len(rows), len(rows[0])))


def steps(tree: Sequence[tuple[int, int]]) -> Witness:
    return witness("uint16", [node for step in tree for node in step], (len(tree), 2))


THREE = right([0, 1, 2, 0], [[0, 0, 1], [0, 1, 1], [1, 0, 0]], [PARTS, NORMS, PARTS], [(2, 0), (3, 1)], 3)           # of four neurons and three symbols
LEFT = left([1, 0, 0, 0], [[0, 1, 1, 0], [0, 0, 1, 2]], [(0, 1)])                                                     # of four: the first right group meets both


# -- networks --------------------------------------------------------------------------------------------------------

def near_blocks(name: str, activation: str = "relu", V: int = 4, n: int = 2, m: int = 4, C: int = 4, **more: Any) -> Described:
    """Tables of tokens for each position, then the activation and a map."""
    make = builder(f"block-tables {name}")
    embedding = {"tokens": [make.map(f"E{p}", V, m, "tokens,width") for p in range(n)]}
    return around(make, [], embedding=embedding, readout=[activation, make.map("U", m, C, bias="plain")], pool="sum", n=n, **more)


@shared
def everything() -> Certificate:
    """Two-sided, folded, both kinds of radii, opened classes, three steps: what most faults of this rule are planted in."""
    given = THREE | LEFT | {"radii": witness("uint8", [PARTS, NORMS, PARTS, NORMS, PARTS])} | opened([(0, 1), (1, 1), (4, 0), (4, 2), (11, 3)])
    return proved(near_blocks("everything"), given, parts=[(RULE, 0, 6), ("enumeration@1", 6, 9), (RULE, 9, 12)])


@shared
def one_sided() -> Certificate:
    return proved(near_blocks("one-sided"), right([0, 0, 1, 1], [[0, 1, 0], [0, 0, 1]], tree=[(0, 1)]) | opened([(3, 0)]))


def forms() -> Iterator[tuple[str, Certificate]]:
    for activation in ("relu", "tanh", "silu", "gelu"):
        yield f"{activation}-one-sided", proved(near_blocks(activation, activation), {name: one for name, one in THREE.items()})
        yield f"{activation}-two-sided", proved(near_blocks(activation, activation), THREE | LEFT | {"radii": witness("uint8", [PARTS, NORMS, NORMS, PARTS, NORMS])})
    two = right([0, 1, 0], [[0, 1, 1], [0, 0, 1]], [PARTS, NORMS], [(0, 1)])
    for name, before, after, positions in (("maps-before", 1, 1, False), ("maps-before-and-after", 2, 2, True), ("maps-before-with-biases", 3, 1, True), ("maps-after", 0, 3, False)):
        make = builder(f"block-tables {name}")
        width, maps = (3, []) if before == 0 else (2, [])
        for i in range(before):
            maps.append(make.map(f"W{i}", width, 3, ("in,out", "out,in")[i % 2], bias="plain" if i != 1 or name.endswith("biases") else None))
            width = 3
        for i in range(after):
            after_maps = [make.map(f"U{i}", 3, 4 if i == after - 1 else 3, bias="plain" if i == 0 else None)]
            maps += ["relu", *after_maps] if i == 0 else after_maps
        d = 2 if before else 3
        embedding: Any = {"tokens": make.map("E", 4, d, "width,tokens", bias="plain")} | ({"positions": make.tensor("P", [2, d])} if positions else {})
        yield name, proved(around(make, [], embedding=embedding, readout=maps, pool="sum"), two)
    yield "one-position", proved(near_blocks("one position", n=1), right([0, 0, 1, 1], [[0, 1, 0, 2], [0, 0, 1, 1]], tree=[(1, 0)]), [(0, 4)])
    yield "one-position-two-sided", proved(near_blocks("one position", n=1), right([0, 0, 1, 1], [[0, 1, 0, 2], [0, 0, 1, 1]], [PARTS, PARTS, NORMS], [(1, 0)]) | left([0] * 4, [[0]]), [(0, 4)])
    yield "three-positions", proved(near_blocks("three positions", V=2, n=3), right([0, 0, 1, 1], [[0, 1], [0, 0]], [PARTS, PARTS, NORMS], [(1, 0)], 1) | left([0] * 4, [[0, 1, 2, 0]]), [(0, 2)] * 3)
    yield "right-position-is-not-the-last", proved(near_blocks("not the last", n=3), THREE, [(0, 2), (1, 4), (2, 3)])
    yield "ranges-from-1", proved(near_blocks("from 1"), right([0] * 4, [[0, 1]]), [(1, 4), (2, 4)])
    yield "one-input", proved(near_blocks("one input"), right([0] * 4, [[0]]) | left([0] * 4, [[0]]) | {"radii": witness("uint8", [NORMS, PARTS])}, [(1, 2), (2, 3)])


def partitions() -> Iterator[tuple[str, Certificate]]:
    network = near_blocks("partitions")
    for name, given in (("one-group-one-block", right([0] * 4, [[0, 0, 0]])), ("one-group-all-blocks", right([0] * 4, [[2, 0, 1]])), ("a-group-for-each-neuron", right([3, 1, 0, 2], [[0, 1, 1]] * 4, tree=[(0, 3), (1, 2), (5, 4)])),
                        ("all-blocks-of-both-sides", right([0] * 4, [[0, 1, 2]], [PARTS, PARTS]) | left([0] * 4, [[3, 2, 1, 0]])), ("left-one-block", right([0] * 4, [[0, 1, 1]], [PARTS, NORMS]) | left([0] * 4, [[0] * 4]))):
        yield name, proved(network, given)


def trees() -> Iterator[tuple[str, Certificate]]:
    network, four = near_blocks("trees"), [[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 1, 2]]
    for name, tree in (("chain", [(0, 1), (4, 2), (5, 3)]), ("balanced", [(0, 1), (2, 3), (4, 5)]), ("balanced-root-reversed", [(2, 3), (0, 1), (5, 4)]), ("last-first", [(3, 2), (4, 1), (5, 0)])):
        yield f"tree-{name}", proved(network, right([0, 1, 2, 3], four, tree=tree))
        every = left([0, 0, 1, 1], [[0, 1, 0, 1], [0, 0, 1, 1]])
        yield f"tree-{name}-two-sided", proved(network, right([0, 1, 2, 3], four, [PARTS] * 6, tree) | every)
    meets = right([0] * 4, [[0, 1, 2]], [PARTS] * 5) | left([0, 1, 2, 3], [[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 2, 3], [0, 0, 0, 0]], [(3, 0), (1, 2), (5, 4)])
    yield "tree-of-left-groups-alone", proved(network, meets)


def folds() -> Iterator[tuple[str, Certificate]]:
    network, four = near_blocks("folds"), [[0, 0, 1], [0, 1, 0], [0, 0, 0], [0, 1, 2]]
    for node in range(6):
        yield f"fold-{node}-of-7", proved(network, right([0, 1, 2, 3], four, [PARTS, NORMS] * 2, [(0, 1), (2, 3), (4, 5)], node))
    yield "fold-two-sided", proved(network, right([0, 1, 2, 3], four, [PARTS, NORMS, NORMS, PARTS, PARTS], [(0, 1), (2, 3), (4, 5)], 4) | left([0] * 4, [[0, 0, 1, 1]]))


def radii() -> Iterator[tuple[str, Certificate]]:
    network = near_blocks("radii")
    for i, kinds in enumerate(itertools.product((NORMS, PARTS), repeat=3)):
        given = right([0, 1, 0, 1], [[0, 0, 1], [0, 1, 1]], kinds, [(0, 1)]) | left([0] * 4, [[0, 1, 1, 0]])
        yield f"radii-{''.join('np'[kind] for kind in kinds)}", proved(network, given)
    bent = near_blocks("radii gelu", "gelu")
    yield "radii-gelu-norms", proved(bent, right([0, 1, 0, 1], [[0, 0, 0], [0, 1, 1]], [NORMS, NORMS], [(0, 1)]))


def opening() -> Iterator[tuple[str, Certificate]]:
    network, every = near_blocks("opened"), [(i, c) for i in range(12) for c in range(4)]
    given = right([0] * 4, [[0, 0, 1]])
    yield "opened-all", proved(network, given | opened(every))
    yield "opened-labels-alone", proved(network, given | opened([(3 * x + y, (x + y) % 4) for x in range(4) for y in range(3)]))
    yield "opened-last-input", proved(network, given | opened([(11, 0)]))
    yield "opened-in-a-step-by-enumeration", proved(network, given | opened([(0, 1), (11, 1)]), parts=[(RULE, 0, 9), ("enumeration@1", 9, 12)])
    tied = described([[1, 0], [0, 1]], [[1, 0], [0, 1]], identity(2))                            # of (0, 1) and (1, 0) both logits are 1
    for name, pairs in (("opened-tie", [(1, 0)]), ("opened-ties-and-labels", [(1, 0), (1, 1), (2, 0)]), ("ties-not-opened", [(0, 1)])):
        yield name, proved(tied, right([0, 0], [[0, 0]] if pairs != [(0, 1)] else [[0, 1]]) | opened(pairs), [(0, 2), (0, 2)], label=MAX)


def tasks() -> Iterator[tuple[str, Certificate]]:
    network, given = near_blocks("tasks"), right([0, 1, 0, 1], [[0, 0, 1], [0, 1, 1]], tree=[(0, 1)])
    for stated in ("loss", "correct", "margin", "loss margin"):
        yield f"states-{stated.replace(' ', '-')}", proved(network, given, stated=stated)
    yield "a-step-for-each-row", proved(network, given, parts=[(RULE, 3 * i, 3 * i + 3) for i in range(4)])
    yield "label-table", proved(network, given, label=table([0, 1, 2, 3] * 3))
    yield "one-class", proved(near_blocks("one class", C=1), given | opened([(0, 0)]), label={"name": "sum-modulo", "modulus": 1}, stated="loss correct")
    yield "two-classes", proved(near_blocks("two classes", C=2), given | opened([(0, 1), (5, 0)]), label={"name": "sum-modulo", "modulus": 2})
    both = given | basis([[0.5, 0.5, 0.5, 0.5]]) | opened([(0, 1), (11, 0)])
    yield "with-low-rank-and-enumeration", proved(network, both, parts=[(RULE, 0, 6), ("low-rank@1", 6, 8), ("enumeration@1", 8, 10), ("low-rank@1", 10, 12)])


def rows() -> Iterator[tuple[str, Certificate]]:
    """Many of them, in steps of one and of several."""
    V = 33
    given = right([0, 1, 0, 1], [[i % 5 for i in range(V)], [i // 7 for i in range(V)]], [PARTS, NORMS, PARTS, PARTS], [(0, 1)], 1)
    given |= left([0, 0, 1, 1], [[i // 3 for i in range(V)], [i % 9 for i in range(V)]], [(0, 1), (0, 1)]) | opened([(0, 1), (33, 2), (1023, 0), (1024, 3), (1088, 1)])
    yield "many-rows", proved(near_blocks("many rows", V=V), given, [(0, V), (0, V)], [(RULE, 0, 33), (RULE, 33, 990), ("enumeration@1", 990, 1023), (RULE, 1023, 1089)])


# -- numbers that hurt -----------------------------------------------------------------------------------------------

def described(L: Rows, R: Rows, U: Rows, activation: str = "relu", dtype: str = "float64") -> Described:
    description = {"positions": 2, "embedding": {"tokens": [{"weight": "L", "layout": "tokens,width"}, {"weight": "R", "layout": "tokens,width"}]}, "blocks": [], "pool": "sum",
                   "readout": [activation, {"weight": "U", "layout": "in,out"}]}
    return description, {"L": stored(L, dtype), "R": stored(R, dtype), "U": stored(U, dtype)}


def numbers() -> Iterator[tuple[str, Certificate]]:
    two, one = [(0, 2), (0, 2)], right([0, 0], [[0, 0]])
    each = right([0, 1], [[0, 0], [0, 1]], [NORMS, PARTS, NORMS, PARTS], [(1, 0)], 0) | left([1, 0], [[0, 0], [0, 1]])
    for ending, given in (("", one), ("-two-sided", each)):
        for name, size in (("2-to-1000", 2.0**1000), ("2-to-minus-1000", 2.0**-1000)):
            yield f"weights-{name}{ending}", proved(described([[size, 0], [-size, size]], [[0, size], [size, 0]], [[1 / size, 0.5 / size], [0, 3 / size]]), given, two, label=MAX)
        yield f"weights-denormal{ending}", proved(described([[2.0**-1074, 0], [0, 2.0**-1074]], [[2.0**-1074, 0], [0, 0]], [[2.0**1000, 1], [0, 1]]), given, two, label=MAX)
        yield f"equal-logits{ending}", proved(described([[1, -1], [1, 2]], [[0, 2], [1, 0]], [[1, 1, 0], [3, 3, 0]]), given | opened([(0, 1), (3, 0)]), two, label=MAX)
        yield f"constant-columns{ending}", proved(described([[1, -1], [1, -1]], [[2, 2], [2, 2]], [[5, 5], [3, 3]]), given, two, label=MAX)
        yield f"at-0{ending}", proved(described([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], [[1, 0], [0, 1]]), given, two, label=MAX)
        yield f"dead-neurons{ending}", proved(described([[-9, 1], [-8, 2]], [[-7, 0.5], [1, 0]], [[4, -3], [0, 1]]), given, two, label=MAX)
        for activation in ("silu", "gelu", "tanh"):
            yield f"far-out-{activation}{ending}", proved(described([[-40, 3], [25, -2000]], [[1, -1.5], [0.5, 2]], [[1, -1], [0.5, 2]], activation), given, two, label=MAX)
    yield "float16", proved(described([[1, -1], [1, 2]], [[0, 2], [1, 0]], [[1, 1, 0], [3, 3, 0]], dtype="float16"), one, two, label=MAX)


def products() -> Iterator[tuple[str, Certificate]]:
    """Exactly the product of S_3: x and y each fall into three blocks a group, by y(i) and by where x sends each; by the other convention it is right where they commute."""
    def bits(one: Sequence[int]) -> list[float]:
        return [float(one[i] == k) for i in range(3) for k in range(3)]
    hidden = [(i, k, m) for i in range(3) for k in range(3) for m in range(3)]                       # y(i) = k and x(k) = m
    L = [[bits(x)[3 * k + m] - 1 for _, k, m in hidden] for x in PERMUTATIONS_OF_3]
    R = [[bits(y)[3 * i + k] for i, k, _ in hidden] for y in PERMUTATIONS_OF_3]
    U = [[8 * bits(z)[3 * i + m] for z in PERMUTATIONS_OF_3] for i, _, m in hidden]
    given = right([i for i, _, _ in hidden], [[y[i] for y in PERMUTATIONS_OF_3] for i in range(3)], [NORMS, PARTS, NORMS, PARTS], [(0, 1), (3, 2)]) | left([0] * 27, [list(range(6))])
    for name, positions in (("x-y", [0, 1]), ("y-x", [1, 0])):
        yield f"symmetric-group-exactly-{name}", proved(described(L, R, U, dtype="float32"), given, [(0, 6), (0, 6)], [(RULE, 0, 18), (RULE, 18, 36)], {"name": "symmetric-group", "degree": 3, "positions": positions})
