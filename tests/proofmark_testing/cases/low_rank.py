"""`low-rank@1`: features of every kind, witnesses good and bad, at the edges of their ranges, and numbers that hurt."""
from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from ..certificates import Certificate, claim
from ..described import Builder
from ..hinted_certificates import Parts, hinted
from ..models import Tensor
from ..encodings import encode
from ..network_certificates import listed, ranges, table
from ..witnesses import Witness, Witnesses, witness
from .case import identity, shared, with_claims
from .networks import MAX, Described, around, builder
from .network_tasks import sum_of_maps

RULE = "low-rank@1"
Rows = Sequence[Sequence[float]]


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (("everything", everything()), ("exact", exact()), *kinds(), *folded(), *bases(), *metrics(), *labelled(), *opening(), *tasks(), *batches(), *numbers()):
        yield f"low-rank-{name}", target


def proved(described: Described, given: Witnesses, V: int = 3, parts: Parts | None = None, inputs: Any = None, label: Any = MAX, stated: str = "loss correct margin", N: int | None = None) -> Certificate:
    n = described[0]["positions"]
    N = V**n if N is None else N
    return hinted(*described, inputs or ranges(*[[0, V]] * n), label, parts or [(RULE, 0, N)], given, stated)


# -- witnesses -------------------------------------------------------------------------------------------------------

def matrix(rows: Rows, dtype: str = "float32") -> Witness:
    return witness(dtype, [value for row in rows for value in row], (len(rows), len(rows[0])))


def basis(rows: Rows, metric: Rows | None = None, dtype: str = "float32") -> Witnesses:
    """Orthonormal rows have the identity."""
    return {"basis": matrix(rows, dtype), "metric": matrix(metric or identity(len(rows)), dtype)}


def labels(of: Sequence[Sequence[int]], counts: Sequence[int], rows: Rows) -> Witnesses:
    return {"labels": witness("uint16", [one for row in of for one in row], (len(of), len(of[0]))), "label-counts": witness("uint32", counts), "label-tables": matrix(rows)}


def opened(pairs: Sequence[tuple[int, int]]) -> Witnesses:
    inputs, classes = zip(*pairs)
    return {"opened-inputs": witness("uint32", inputs), "opened-classes": witness("uint16", classes)}


LAST, FIRST = [i % 3 for i in range(9)], [i // 3 for i in range(9)]                    # of two tokens out of three
ROWS = [[0.5, 0.25, -0.125], [0.0, 0.5, 0.0], [-0.5, 0.0, 0.25], [0.25, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.125, 0.5]]
TWO = [[0.6, 0.8, 0.0], [0.0, 0.0, 1.0]]


def transformer(name: str, **more: Any) -> Described:
    """V = 3, n = 2, d = 2, m = 3: what is read out is MLP and residual, and the attention folds."""
    make = builder(f"low-rank {name}")
    block = {"attention": make.attention("A", 2, of_maps=lambda key: {"bias": "plain" if key == "output" else None}), "mlp": make.mlp("M", 2, 3)} | more.pop("block", {})
    return around(make, [block], **more)


@shared
def everything() -> Certificate:
    """Every witness, in three steps: what most faults of this rule are planted in."""
    given = basis(TWO) | labels([LAST, FIRST], [3, 3], ROWS) | opened([(0, 1), (2, 0), (2, 2), (5, 1), (8, 0)])
    return proved(transformer("everything"), given, parts=[(RULE, 0, 4), ("enumeration@1", 4, 6), (RULE, 6, 9)])


@shared
def exact() -> Certificate:
    """All of h by a basis of all of it: nothing is left, and the loss is enclosed as enumeration does it."""
    return proved(transformer("exact"), basis(identity(3)))


# -- features --------------------------------------------------------------------------------------------------------

def kinds() -> Iterator[tuple[str, Certificate]]:
    """(a), (b) and (c) of the page, with one number of what is left in each."""
    half = [[0.6, 0.8]]
    for bias in (None, "plain"):
        ending = "" if bias is None else "-bias"
        make = builder(f"low-rank after an activation {bias}")
        readout = [make.map("W", 2, 3, bias="plain"), "tanh", make.map("U", 3, 2, bias=bias), make.map("V", 2, 3, bias=bias)]
        yield f"readout-after-activation{ending}", proved(around(make, [], readout=readout), basis(TWO[:1]))
        make = builder(f"low-rank after a norm {bias}")
        yield f"readout-after-norm{ending}", proved(around(make, [], readout=[make.norm("n", 2), make.map("U", 2, 3, bias=bias)]), basis(half))
        make = builder(f"low-rank pooled {bias}")
        yield f"pooled-row{ending}", proved(around(make, [], pool="sum", readout=[make.map("U", 2, 2, bias=bias), make.map("V", 2, 3, bias=bias)]), basis(half))
    for name, more in (("norm-after-the-blocks", lambda make: {"norm": make.norm("n", 2)}), ("pool-mean", lambda make: {"pool": "mean"}), ("attention-last", lambda make: {})):
        make = builder(f"low-rank {name}")
        blocks: list[Any] = [{"mlp": make.mlp("M", 2, 3)}] if name != "attention-last" else [{"attention": make.attention("A", 2)}]
        yield name, proved(around(make, blocks, **more(make)), basis(half))
    for name, more, block in (("mlp", {}, {}), ("mlp-post-without-norm", {}, {"order": "post"}), ("mlp-of-position-0", {"pool": {"position": 0}}, {}), ("mlp-after-another", {}, {})):
        make = builder(f"low-rank {name}")
        before = [{"mlp": make.mlp("M0", 2, 2, "gelu", make.norm("n", 2))}] if name.endswith("another") else []
        yield name, proved(around(make, [*before, {"mlp": make.mlp("M", 2, 3)} | block], **more), basis(TWO))
    make = builder("low-rank post with norm")
    yield "mlp-post-with-norm-is-the-pooled-row", proved(around(make, [{"mlp": make.mlp("M", 2, 3, norm=make.norm("n", 2)), "order": "post"}]), basis(half))


def folded() -> Iterator[tuple[str, Certificate]]:
    """What folds, and beside each condition what just does not."""
    for name, more in (("folded", {}), ("folded-none-masked", {"block": "mask"}), ("folded-norm-before-attention", {"block": "norm"}), ("not-folded-norm-of-mlp", {"block": "mlp"}),
                       ("not-folded-block-input", {"block": "reads"}), ("not-folded-uniform", {"block": "uniform"}), ("not-folded-post-with-norm", {"block": "post"}), ("folded-post-without-norms", {"block": "after"})):
        make = builder(f"low-rank {name}")
        change = more.get("block")
        attention = make.attention("A", 2, mask="none" if change == "mask" else "causal", scores="uniform" if change == "uniform" else "unscaled", norm=make.norm("n", 2) if change in ("norm", "post") else None)
        block = {"attention": attention, "mlp": make.mlp("M", 2, 3, norm=make.norm("n2", 2) if change == "mlp" else None)}
        block |= {"reads": {"reads": "block-input"}, "post": {"order": "post"}, "after": {"order": "post"}}.get(change, {})
        yield name, proved(around(make, [block]), basis(TWO))
    for name, d, n, heads, pool in (("folded-two-heads-of-two", 4, 2, 2, "last"), ("not-folded-two-heads-of-two", 3, 2, 2, "last"), ("folded-position-1-of-3", 2, 3, 1, {"position": 1}),
                                    ("not-folded-position-2-of-3", 2, 3, 1, "last"), ("not-folded-position-0", 2, 2, 1, {"position": 0})):
        make = builder(f"low-rank {name}")
        readout = [make.map("W", d, 2, bias="plain"), make.map("U", 2, 3)]
        block = {"attention": make.attention("A", d, heads, 1, 2, scores={"factor": "0.5"}, of_maps=lambda key: {"bias": "plain"}), "mlp": make.mlp("M", d, 3, "gelu")}
        yield name, proved(around(make, [block], d=d, n=n, V=2, pool=pool, readout=readout), basis(TWO), 2)
    make = builder("low-rank tokens of their own")
    embedding = {"tokens": [make.map("E0", 4, 2, "tokens,width", bias="plain"), make.map("E1", 3, 2, "tokens,width")], "positions": {"tensor": make.tensor("P", [2, 2]), "to": "scores"}}
    blocks = [{"mlp": make.mlp("M0", 2, 2, norm=make.norm("n", 2))}, {"attention": make.attention("A", 2), "mlp": make.mlp("M", 2, 3, bias=None)}]
    yield "folded-tokens-of-their-own", proved(around(make, blocks, embedding=embedding), basis(TWO), inputs=ranges([1, 3], [0, 3]), N=6)
    yield "folded-list", proved(transformer("list"), basis(TWO), inputs=listed([(0, 2), (2, 2), (0, 2), (2, 0)]), N=4)


# -- witnesses, good and bad ---------------------------------------------------------------------------------------------

def bases() -> Iterator[tuple[str, Certificate]]:
    network = transformer("bases")
    yield "no-witness", proved(network, {})
    for name, rows in (("rank-1", TWO[:1]), ("rank-2", TWO), ("float64", TWO), ("zero-row", [TWO[0], [0, 0, 0]]), ("all-zero", [[0, 0, 0]]), ("equal-rows", [TWO[0], TWO[0]]), ("rows-of-zeros-and-one", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
                       ("nearly-equal-rows", [TWO[0], [0.6, 0.8, 2.0**-30]]), ("minus-zero", [[-0.0, 1.0, -0.0]])):
        yield name, proved(network, basis(rows, dtype="float64" if name == "float64" else "float32"))
    yield "huge-rows", proved(network, basis([[2.0**100, 0, 0]], [[2.0**-200]], "float64"))
    yield "huge-rows-and-metric", proved(network, basis([[2.0**100, 2.0**99, 0]], [[2.0**50]], "float64"), stated="correct margin")
    yield "largest-rows", proved(network, basis([[1.7e308, 0, 0]], [[0.0]], "float64"))
    yield "denormal-rows", proved(network, basis([[2.0**-1074, 0, 0]], [[1.0]], "float64"))
    yield "denormal-rows-and-their-inverse", proved(network, basis([[2.0**-500, 0, 0], [0, 2.0**-511, 0]], [[2.0**1000, 0], [0, 2.0**1022]], "float64"))
    yield "two-types", proved(network, {"basis": matrix(TWO, "float64"), "metric": matrix(identity(2))})
    make = builder("low-rank width 1")
    yield "width-1", proved(around(make, [{"mlp": make.mlp("M", 2, 1)}]), basis([[1.0]]))
    make = builder("low-rank wide")
    yield "more-features-than-inputs", proved(around(make, [{"mlp": make.mlp("M", 2, 12)}]), basis([[float(i == j) for i in range(12)] for j in range(12)]), inputs=ranges([1, 2], [0, 2]), N=2)


def metrics() -> Iterator[tuple[str, Certificate]]:
    network = transformer("metrics")
    for name, of in (("zero", [[0, 0], [0, 0]]), ("not-symmetric", [[1, 0.5], [0, 1]]), ("antisymmetric", [[0, 1], [-1, 0]]), ("negative", [[-1, 0], [0, -1]]), ("indefinite", [[1, 0], [0, -1]]), ("twice", [[2, 0], [0, 2]]),
                     ("nearly", [[1 + 2.0**-20, 0], [0, 1 - 2.0**-20]])):
        yield f"metric-{name}", proved(network, basis(TWO, of))


def labelled() -> Iterator[tuple[str, Certificate]]:
    network = transformer("labelled")
    zeros = [[0.0, 0.0, 0.0]]
    for name, of, counts, rows in (("one-row", [[0] * 9], [1], ROWS[:1]), ("zeros", [[0] * 9], [1], zeros), ("twice", [LAST, LAST], [3, 3], ROWS), ("rows-that-never-occur", [[4] * 9], [6], ROWS),
                                   ("largest-of-each", [[5] * 9, [0] * 9], [6, 1], [*ROWS, *zeros]), ("row-for-each-input", [list(range(9))], [9], [*ROWS, *ROWS[:3]]), ("three", [LAST, FIRST, [0] * 9], [3, 2 + 1, 1], [*ROWS, *zeros])):
        yield f"labels-{name}", proved(network, labels(of, counts, rows))
    yield "labels-and-basis", proved(network, labels([LAST], [3], ROWS[:3]) | basis(TWO))
    yield "labels-huge", proved(network, {**labels([LAST], [3], ROWS[:3]), "label-tables": matrix([[1e30, 0, 0], [0, -1e30, 0], [0, 0, 1e-30]], "float64")}, stated="correct margin")


def opening() -> Iterator[tuple[str, Certificate]]:
    network, every = transformer("opened"), [(i, c) for i in range(9) for c in range(3)]
    yield "opened-all", proved(network, opened(every))
    yield "opened-labels-alone", proved(network, opened([(i, max(LAST[i], FIRST[i])) for i in range(9)]))
    yield "opened-first-and-last", proved(network, opened([(0, 0), (8, 2)]) | basis(TWO))
    yield "opened-of-one", proved(network, opened([(4, 0), (4, 2)]))
    yield "opened-in-a-step-by-enumeration", proved(network, opened([(0, 1), (8, 1)]), parts=[(RULE, 0, 8), ("enumeration@1", 8, 9)])
    tied = sum_of_maps([[1, 0], [0, 1]], [[1, 0], [0, 1]], between=["relu"])                # of (0, 1) both logits are 1
    for name, pairs in (("opened-tie", every[1:2] + [(1, 0), (2, 0), (2, 1)]), ("opened-all-but-the-tie", [(0, 1), (3, 0)])):
        yield name, proved(tied, opened(sorted(set(pairs))), 2)
    yield "tie-by-an-exact-basis", proved(tied, basis(identity(2)), 2)


def tasks() -> Iterator[tuple[str, Certificate]]:
    network = transformer("tasks")
    for stated in ("loss", "correct", "margin", "loss margin"):
        yield f"states-{stated.replace(' ', '-')}", proved(network, basis(TWO), stated=stated)
    yield "step-for-each-input", proved(network, basis(TWO), parts=[(RULE, i, i + 1) for i in range(9)])
    yield "one-input", proved(network, basis(TWO), inputs=ranges([2, 3], [1, 2]), N=1)
    yield "list-with-repeats", proved(network, basis(TWO) | labels([[0, 1, 2, 0]], [3], ROWS[:3]) | opened([(0, 0), (3, 1)]), inputs=listed([(2, 0), (2, 0), (0, 1), (2, 0)]), label=table([0, 2, 1, 2]), N=4)
    make = builder("low-rank one class")
    yield "one-class", proved(around(make, [{"mlp": make.mlp("M", 2, 2)}], C=1), basis([[1.0, 0.0]]) | opened([(0, 0)]), label={"name": "sum-modulo", "modulus": 1}, stated="loss correct")
    make = builder("low-rank two classes")
    yield "two-classes", proved(around(make, [{"mlp": make.mlp("M", 2, 2)}], C=2), basis([[1.0, 0.0]]) | opened([(0, 1), (1, 0)]), label={"name": "sum-modulo", "modulus": 2})


def batches() -> Iterator[tuple[str, Certificate]]:
    """More than 1024 inputs: of each batch its own labels, opened classes and rows."""
    V, N = 33, 33 * 33
    of, pairs = [[7 * i % 5 for i in range(N)], [i // 400 for i in range(N)]], [(0, 2), (999, 1), (1000, 0), (1023, 2), (1024, 0), (1024, 1), (N - 1, 2)]
    given = basis(TWO[:1]) | labels(of, [5, 3], [*ROWS, *ROWS[:2]]) | opened(pairs)
    label = {"name": "sum-modulo", "modulus": 3}
    for name in ("folded", "not-folded"):
        make = builder(f"low-rank batches {name}")
        block = {"attention": make.attention("A", 2), "mlp": make.mlp("M", 2, 3, norm=make.norm("n", 2) if name != "folded" else None)}
        yield f"two-batches-{name}", proved(around(make, [block], V=V), given, V, [(RULE, 0, 1000), (RULE, 1000, 1030), ("enumeration@1", 1030, 1040), (RULE, 1040, N)], label=label)


# -- numbers that hurt -----------------------------------------------------------------------------------------------

def stored(rows: Rows, dtype: str = "float64") -> Tensor:
    return Tensor(dtype, (len(rows), len(rows[0])), b"".join(encode(dtype, value) for row in rows for value in row))


def numbers() -> Iterator[tuple[str, Certificate]]:
    half = basis([[0.6, 0.8]])
    for name, size in (("2-to-1000", 2.0**1000), ("2-to-minus-1000", 2.0**-1000)):
        yield f"weights-{name}", proved(sum_of_maps([[size, 0], [-size, size]], [[1 / size, 0.5 / size], [0, 3 / size]], between=["relu"]), half, 2)
    yield "equal-logits", proved(sum_of_maps([[1, -1], [1, 2]], [[1, 1, 0], [3, 3, 0]], between=["relu"]), half | opened([(0, 1), (3, 0)]), 2)
    yield "constant-columns", proved(sum_of_maps([[1, -1], [1, 2]], [[5, 5, 5], [3, 3, 0]], between=["relu"]), half, 2)
    yield "all-columns-constant", proved(sum_of_maps([[1, -1], [1, 2]], [[5, 5], [3, 3]], between=["relu"]), half, 2)
    make = Builder(random.Random("low-rank mixed"), ("float16", "bfloat16", "float32", "float64"))
    yield "weights-of-four-types", proved(around(make, [{"mlp": make.mlp("M", 2, 3)}]), basis(TWO))
    far = proved(sum_of_maps([[400, -300], [-100, 900]], [[1, 0], [0, 1]], between=["relu"]), half, 2)
    yield "hundreds-of-nats", far
    yield "claim-of-the-length-alone", with_claims(everything(), [claim("length", "upper", str(2**40))])
