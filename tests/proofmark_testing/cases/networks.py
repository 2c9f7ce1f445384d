"""Any network: each word of descriptions, by itself and drawn together."""
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from ..certificates import Certificate
from ..described import ACTIVATIONS, Builder, drawn
from ..models import Architecture, Model
from ..network_certificates import certificate, ranges
from .case import shared

Described = tuple[Architecture, Model]
MAX: dict[str, Any] = {"name": "max"}
MASKS, SCORES = ("causal", "none"), {"scaled": "scaled", "unscaled": "unscaled", "uniform": "uniform", "factor": {"factor": "0.125"}}


def builder(name: str) -> Builder:
    return Builder(random.Random(f"network {name}"))


def around(make: Builder, blocks: list[dict[str, Any]], d: int = 2, n: int = 2, V: int = 3, C: int = 3, positions: Any = None, **more: Any) -> Described:
    """A description with these blocks, a plain embedding, the last position and a plain readout, each of which `more` may replace."""
    if "embedding" not in more:
        more["embedding"] = {"tokens": make.map("E", V, d, "tokens,width"), "positions": positions if positions is not None else make.tensor("P", [n, d])}
    if "readout" not in more:
        more["readout"] = [make.map("U", d, C)]
    return {"positions": n, "blocks": blocks, "pool": "last"} | more, make.tensors


def proved(described: Described, V: int = 3, **more: Any) -> Certificate:
    return certificate(*described, ranges(*[[0, V]] * described[0]["positions"]), MAX, **more)


@shared
def plain_network() -> Certificate:
    """V = 3, n = 2, d = 2: attention of one head and a ReLU MLP, two steps, every claim: what most faults of networks are planted in."""
    make = builder("plain")
    return proved(around(make, [{"attention": make.attention("A", 2), "mlp": make.mlp("M", 2, 3)}]), cuts=(4,))


@shared
def wordy_network() -> Certificate:
    """V = 3, n = 2: words that `plain_network` lacks, each at least once."""
    make = builder("wordy")
    packed = make.tensor("packed", [12, 2])
    def third(i: int) -> dict[str, Any]:
        return {"weight": packed, "layout": "out,in", "rows": [4 * i, 4 * i + 4], "bias": "packed.bias"}
    make.tensor("packed.bias", [12])
    attention = {"norm": make.norm("ln1", 2), "heads": 2, "query": third(0), "key": third(1), "value": third(2), "output": make.map("O", 4, 2, bias="plain"), "mask": "none",
                 "scores": {"factor": "0.25"}}
    first = {"attention": attention, "mlp": make.mlp("M", 2, 3, "gelu", make.norm("ln2", 2, "rms")), "reads": "block-input"}
    second = {"order": "post", "mlp": make.mlp("M2", 2, 2, "tanh", make.norm("ln3", 2, bias=False))}
    tokens = [make.map("left", 3, 2, "tokens,width", bias="plain"), make.map("right", 3, 2, "width,tokens")]
    embedding = {"tokens": tokens, "positions": {"tensor": make.tensor("P", [4, 2]), "to": "scores"}}
    readout = [make.map("hidden", 2, 3, stack=2, bias="whole"), "silu", make.norm("ln5", 3), make.map("U", 3, 3, cut="columns", bias="whole")]
    description = {"positions": 2, "embedding": embedding, "blocks": [first, second], "norm": make.norm("ln4", 2, eps="0.001"), "pool": {"position": 1}, "readout": readout}
    return proved((description, make.tensors), cuts=(2, 7))


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (("plain", plain_network()), ("wordy", wordy_network()), *parts(), *norms(), *maps(), *ends(), *sizes(), *together()):
        yield f"network-{name}", target


def parts() -> Iterator[tuple[str, Certificate]]:
    for activation in ACTIVATIONS:
        make = builder(f"mlp {activation}")
        yield f"mlp-{activation}", proved(around(make, [{"mlp": make.mlp("M", 2, 3, activation)}]))
        make = builder(f"readout {activation}")
        yield f"readout-{activation}", proved(around(make, [], readout=[make.map("W", 2, 3), activation, make.map("U", 3, 3, bias="plain")]))
    for mask in MASKS:
        for scores, value in SCORES.items():
            make = builder(f"attention {mask} {scores}")
            yield f"attention-{mask}-{scores}", proved(around(make, [{"attention": make.attention("A", 3, 2, 1, 2, mask, value)} for _ in range(2)], d=3))
    for order in ("pre", "post", "parallel", "post-without-norms"):
        make = builder(order)
        norms = {} if order == "post-without-norms" else {"attention": make.norm("n1", 2), "mlp": make.norm("n2", 2)}
        block = {"attention": make.attention("A", 2, norm=norms.get("attention")), "mlp": make.mlp("M", 2, 3, "gelu", norms.get("mlp"))}
        block |= {"reads": "block-input"} if order == "parallel" else {"order": order.partition("-")[0]}
        yield f"order-{order}", proved(around(make, [block, {"mlp": make.mlp("M2", 2, 2)}]))
    for name, to in (("residual", "residual"), ("scores", "scores")):
        make = builder(f"positions {name}")
        attention = [{"attention": make.attention("A", 2, norm=make.norm("n", 2))}, {"attention": make.attention("B", 2, mask="none")}]
        yield f"positions-to-{name}", proved(around(make, attention, positions={"tensor": make.tensor("P", [2, 2]), "to": to}))
    make = builder("positions alone")
    yield "positions-to-scores-of-nothing", proved(around(make, [{"mlp": make.mlp("M", 2, 2)}], positions={"tensor": make.tensor("P", [2, 2]), "to": "scores"}))
    make = builder("positions, more rows")
    yield "positions-more-rows", proved(around(make, [], positions=make.tensor("P", [9, 2])))


def norms() -> Iterator[tuple[str, Certificate]]:
    for kind in ("layer", "rms"):
        for weight, bias in ((True, True), (True, False), (False, True), (False, False)):
            make = builder(f"{kind} {weight} {bias}")
            norm = make.norm("n", 3, kind, "0.000001", weight, bias)
            name = f"{kind}{'-weight' if weight else ''}{'-bias' if bias else ''}"
            block = {"attention": make.attention("A", 3, norm=norm), "mlp": make.mlp("M", 3, 2, norm=norm)}
            yield f"norm-{name}", proved(around(make, [block], 3, norm=norm, readout=[norm, make.map("U", 3, 3), norm]))
    for name, eps in (("0", "0"), ("0-with-exponent", "0.0e5"), ("18-decimals", "0.000000000000000001"), ("large", "9e18"), ("exponent", "2.5e-3"), ("tenfold", "0.5e1"), ("largest", "922337203685477580e1"), ("18-zeros", "10.000000000000000000"), ("2-to-53-and-1", "9007199254740993"), ("least-of-exponents", "10e-19")):
        make = builder(f"eps {name}")
        yield f"eps-{name}", proved(around(make, [{"mlp": make.mlp("M", 3, 2, norm=make.norm("n", 3, eps=eps))}], 3))


def maps() -> Iterator[tuple[str, Certificate]]:
    """Layouts, cuts, stacks, biases and the tensors that several share."""
    for layout in ("in,out", "out,in"):
        for name, how in (("plain", {}), ("stack", {"stack": 2}), ("rows", {"cut": "rows"}), ("columns", {"cut": "columns"}), ("everything", {"cut": "rows columns", "stack": 3})):
            for bias in ("plain", "shaped", "whole") if name == "everything" else ("whole",):
                make = builder(f"{layout} {name} {bias}")
                readout = [make.map("W", 2, 4, layout, bias=bias, **how), make.map("U", 4, 3, layout, bias=bias, **how)]
                yield f"map-{layout.replace(',', '-')}-{name}-bias-{bias}", proved(around(make, [], readout=readout))
    for name, how in (("plain", {}), ("stack", {"stack": 2}), ("columns", {"cut": "columns"}), ("both", {"cut": "columns", "stack": 2}), ("rows", {"cut": "rows"})):
        make = builder(f"heads {name}")
        def of_heads(key: str) -> dict[str, Any]:
            return {"layout": "heads,head,out" if key == "output" else "heads,in,head", "bias": "whole", **how}
        yield f"map-heads-{name}", proved(around(make, [{"attention": make.attention("A", 2, 2, 2, 3, of_maps=of_heads)}]))
    for layout in ("tokens,width", "width,tokens"):
        make = builder(layout)
        embedding = {"tokens": [make.map("E0", 3, 2, layout, stack=2, bias="whole"), make.map("E1", 5, 2, layout, cut="rows columns", bias="plain")]}
        yield f"map-{layout.replace(',', '-')}", proved(around(make, [], embedding=embedding))
    make = builder("tied")
    table = make.tensor("table", [3, 3])
    tied = {"weight": table, "layout": "in,out", "bias": table, "rows": [0, 3]}
    attention = {"heads": 1, "query": {"weight": table, "layout": "in,out"}, "key": {"weight": table, "layout": "out,in"}, "value": {"weight": table, "layout": "in,out"},
                 "output": {"weight": table, "layout": "out,in"}, "mask": "none", "scores": "scaled"}
    description = {"positions": 2, "embedding": {"tokens": {"weight": table, "layout": "tokens,width"}, "positions": table}, "blocks": [{"attention": attention}], "pool": "sum",
                   "readout": [{key: value for key, value in tied.items() if key != "bias"}]}
    yield "one-tensor-for-all", proved((description, make.tensors))
    make = builder("name")
    tokens = make.map(" ~\"\\", 3, 2, "tokens,width", bias="plain")
    yield "tensor-name-escaped", proved(around(make, [], embedding={"tokens": tokens}))


def ends() -> Iterator[tuple[str, Certificate]]:
    for name, pool in (("last", "last"), ("sum", "sum"), ("mean", "mean"), ("position-0", {"position": 0}), ("position-2", {"position": 2})):
        make = builder(f"pool {name}")
        yield f"pool-{name}", proved(around(make, [{"attention": make.attention("A", 2, mask="none")}], n=3, pool=pool, norm=make.norm("n", 2)))
    for name, words in (("map-activation-map", "m relu m"), ("activation-first", "tanh m"), ("activation-last", "m gelu"), ("norm-last", "m n"), ("norm-first", "n m"), ("two-activations", "m silu relu m")):
        make = builder(f"readout {name}")
        readout = [make.map("U", 3, 3) if word == "m" else make.norm("n", 3) if word == "n" else word for word in words.split()]
        yield f"readout-{name}", proved(around(make, [], d=3, readout=readout))


def sizes() -> Iterator[tuple[str, Certificate]]:
    """Just inside the limits, and the smallest."""
    make = builder("readout of 16")
    yield "readout-16-parts", proved(around(make, [], readout=[part for i in range(8) for part in (make.map(f"U{i}", 2 if i == 0 else 3, 3), ACTIVATIONS[i % 5])]))
    make = builder("64 blocks")
    mlp = make.mlp("M", 2, 1, "tanh")
    yield "blocks-64", proved(around(make, [{"mlp": mlp}] * 64))
    make = builder("64 positions")
    yield "positions-64-without-mask", proved(around(make, [{"attention": make.attention("A", 2, 1, 1, mask="none")}], n=64, V=1, C=2), 1)
    make = builder("smallest")
    yield "smallest", proved(around(make, [], 1, 1, 1, 1, embedding={"tokens": make.map("E", 1, 1, "tokens,width")}), 1)
    make = builder("one class")
    yield "one-class", certificate(*around(make, [{"mlp": make.mlp("M", 2, 2)}], C=1), ranges([0, 3], [0, 3]), {"name": "sum-modulo", "modulus": 1}, (5,), "loss correct")
    make = Builder(random.Random("network tensors"))
    tensors = 8 * 7
    norms = [make.norm(f"n{i}", 1) for i in range(tensors // 2)]
    yield "many-tensors-of-one-element", proved(around(make, [{"mlp": make.mlp(f"M{i}", 1, 1, norm=norm)} for i, norm in enumerate(norms)], 1))


def together() -> Iterator[tuple[str, Certificate]]:
    rng = random.Random("networks, drawn")
    for i in range(24):
        V, n = rng.choice(((3, 2), (2, 3), (4, 1), (2, 4)))
        described = drawn(rng, V, n, V + rng.randrange(2))
        N, stated = V**n, rng.choice(("loss correct margin", "loss correct margin", "loss", "correct", "margin"))
        yield f"drawn-{i:02d}-V{V}-n{n}", proved(described, V, cuts=sorted(rng.sample(range(1, N), rng.randrange(3))), stated=stated)
