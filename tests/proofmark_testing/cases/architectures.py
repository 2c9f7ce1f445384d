"""Descriptions of models: every layout, name and sharing of tensors, what has no rule, and what does not fit."""
from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from typing import Any

from .. import models
from rules.attention.models import NAMES, architecture as attention_architecture, model as attention_model, numbers
from ..certificates import Certificate, certificate, changed, value_at, with_model, without
from ..models import EMBEDDING, LINEAR, UNEMBEDDING, Architecture, Model, Tensor, architecture, transpose
from .attention_plain import certified, plain, weights_of
from .case import Case, base, case

DESCRIPTION = "/model/architecture"
LAYOUTS = ("in,out", "out,in", "heads,in,head", "heads,head,out")
OF_HEADS = {"query": "Q", "key": "K", "value": "V", "output": "O"}
SLICES = {key: "heads,head,out" if key == "output" else "heads,in,head" for key in OF_HEADS}
Matrix = Sequence[Sequence[float]]


def cases() -> Iterator[Case]:
    for name, target in (*layouts(), *names(), *shared_tensors(), *written_otherwise()):
        yield case("accept", f"architecture-{name}", target)
    yield from unsupported()
    yield from missing_or_unused()
    yield from shapes()
    yield from forms()


# -- matrices, stored ----------------------------------------------------------------------------------------------

def stored(matrix: Matrix, layout: str, heads: int = 1, dtype: str = "float32") -> Tensor:
    """The tensor that a layout reads as this matrix, of which rows are what is multiplied."""
    if layout in ("out,in", "width,tokens"):
        return models.tensor(dtype, transpose(matrix))
    if layout == "heads,in,head":
        width = len(matrix[0]) // heads
        slices = [[row[i * width:(i + 1) * width] for row in matrix] for i in range(heads)]
        return Tensor(dtype, (heads, len(matrix), width), b"".join(models.tensor(dtype, one).raw for one in slices))
    one = models.tensor(dtype, matrix)
    return one if layout != "heads,head,out" else Tensor(dtype, (heads, len(matrix) // heads, len(matrix[0])), one.raw)


def matrices() -> tuple[Matrix, Matrix, Matrix]:
    """E, W and U of the base certificate."""
    weights = models.random_model(random.Random("base"), 3, 2)
    return tuple(transpose([[float(x) for x in row] for row in weights[name].rows()]) for name in (EMBEDDING, LINEAR, UNEMBEDDING))


def a_map(weight: str, layout: str) -> dict[str, str]:
    return {"weight": weight, "layout": layout}


def sum_of(n: int, tokens: dict[str, str], *readout: dict[str, str]) -> Architecture:
    return {"positions": n, "embedding": {"tokens": tokens}, "blocks": [], "pool": "sum", "readout": list(readout)}


# -- accepted ------------------------------------------------------------------------------------------------------

def layouts() -> Iterator[tuple[str, Certificate]]:
    """One model stored in every way; its proof stays the same."""
    E, W, U = matrices()
    for of_tokens, of_W, heads_W, of_U, heads_U in (
            ("tokens,width", "in,out", 1, "out,in", 1), ("width,tokens", "out,in", 1, "in,out", 1), ("tokens,width", "heads,in,head", 1, "heads,in,head", 1),
            ("width,tokens", "heads,head,out", 1, "heads,head,out", 1), ("tokens,width", "heads,in,head", 2, "heads,in,head", 3),
            ("tokens,width", "heads,head,out", 2, "heads,head,out", 2)):
        weights = {EMBEDDING: stored(E, of_tokens), LINEAR: stored(W, of_W, heads_W), UNEMBEDDING: stored(U, of_U, heads_U)}
        description = sum_of(2, a_map(EMBEDDING, of_tokens), a_map(LINEAR, of_W), a_map(UNEMBEDDING, of_U))
        name = "-".join(word.replace(",", "-") for word in (of_tokens, of_W, of_U))
        yield f"{name}{'' if heads_W == 1 else f'-{heads_W}-and-{heads_U}'}", with_model(base(), weights, description)
    yield from rectangular()
    letters = numbers(weights_of(plain()))
    for i, layout in enumerate(LAYOUTS):
        description, weights = attention_architecture(3, ("none", "causal")[i % 2]), weights_of(plain())
        for j, (key, letter) in enumerate(OF_HEADS.items()):
            one = ("in,out", "out,in", SLICES[key])[(i + j) % 3]
            description["blocks"][0]["attention"][key] = a_map(NAMES[letter], one)
            weights[NAMES[letter]] = stored(letters[letter], one)
        of_tokens = ("width,tokens", "tokens,width")[i % 2]
        description["embedding"]["tokens"], weights[NAMES["E"]] = a_map(NAMES["E"], of_tokens), stored(letters["E"], of_tokens)
        description["readout"], weights[NAMES["U"]] = [a_map(NAMES["U"], layout)], stored(letters["U"], layout)
        yield f"attention-from-{layout.replace(',', '-')}", with_model(plain(), weights, description)
    yield "attention-mask-none", with_model(plain(), weights_of(plain()), attention_architecture(3, "none"))


def rectangular() -> Iterator[tuple[str, Certificate]]:
    """A narrow and a wide map in the middle: [3 x 1] and [1 x 5]."""
    rng = random.Random("rectangular")
    for d, e in ((3, 1), (1, 5)):
        E, W, U = ([[rng.uniform(-1, 1) for _ in range(columns)] for _ in range(rows)] for rows, columns in ((3, d), (d, e), (e, 3)))
        weights = {name: stored(matrix, layout, dtype="float64")
                   for name, matrix, layout in ((EMBEDDING, E, "width,tokens"), (LINEAR, W, "out,in"), (UNEMBEDDING, U, "out,in"))}
        yield f"rectangular-{d}-by-{e}", certificate(weights, 2, [("symmetry@1", 0, 2), ("enumeration@1", 2, 3)], with_margin=True)


def names() -> Iterator[tuple[str, Certificate]]:
    """Every printable name; the digest orders and escapes them by their bytes."""
    weights = models.random_model(random.Random("base"), 3, 2)
    alphabet = "".join(chr(code) for code in range(0x20, 0x7f))
    for name, three in (("of-one-letter", ("b", "a", "B")), ("of-digits-and-space", ("10", "9", " ")), ("with-quotes-and-backslashes", ('"', "\\", '\\"')),
                        ("of-256-characters", ("x" * 256, "x" * 255 + "y", "x" * 255)), ("whole-alphabet", (alphabet, alphabet[::-1], "w")),
                        ("like-pointers", ("/model/tensors", "~0/~1", "linear.weight/data")), ("like-keys", ("dtype", "shape", "__proto__")),
                        ("like-lines", ("linear.weight float32 2x2", "s VERIFIED", "c reason none"))):
        yield f"names-{name}", with_model(base(), dict(zip(three, weights.values(), strict=True)), renamed(architecture(2), dict(zip(weights, three))))
    others = {name: f"model.{letter}" for letter, name in NAMES.items()}
    weights = {others[name]: one for name, one in weights_of(plain()).items()}
    yield "names-of-attention", with_model(plain(), weights, renamed(attention_architecture(3), others))


def renamed(description: Any, names: dict[str, str]) -> Any:
    if isinstance(description, dict):
        return {key: renamed(one, names) for key, one in description.items()}
    if isinstance(description, list):
        return [renamed(one, names) for one in description]
    return names.get(description, description) if isinstance(description, str) else description


def shared_tensors() -> Iterator[tuple[str, Certificate]]:
    """One tensor in two places, or more."""
    rng = random.Random("tied")
    E, W = ([[rng.uniform(-1, 1) for _ in range(3)] for _ in range(rows)] for rows in (4, 3))
    parts = [("symmetry@1", 0, 3), ("enumeration@1", 3, 4)]
    for name, of_tokens, of_U in (("unembedding-is-embedding", "tokens,width", "out,in"), ("unembedding-is-embedding-by-width", "width,tokens", "in,out")):
        one = stored(E, of_tokens)
        separate = certificate({EMBEDDING: stored(E, "width,tokens"), LINEAR: stored(W, "out,in"), UNEMBEDDING: stored(E, "in,out")}, 2, parts, with_margin=True)
        yield name, with_model(separate, {"E": one, "W": stored(W, "in,out")}, sum_of(2, a_map("E", of_tokens), a_map("W", "in,out"), a_map("E", of_U)))
    square = stored(W, "in,out")
    separate = certificate({EMBEDDING: stored(W, "width,tokens"), LINEAR: stored(transpose(W), "out,in"), UNEMBEDDING: stored(W, "out,in")}, 3)
    yield "one-tensor-for-all", with_model(separate, {"all": square}, sum_of(3, a_map("all", "tokens,width"), a_map("all", "out,in"), a_map("all", "in,out")))
    yield from shared_by_attention(rng)


def shared_by_attention(rng: random.Random) -> Iterator[tuple[str, Certificate]]:
    """Tokens and outputs, queries and keys, and positions that are the first tokens' embeddings (rows beyond the positions are not used)."""
    letters = {"E": [[rng.uniform(-1, 1) for _ in range(3)] for _ in range(4)], "Q": [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(3)]}
    letters["V"] = [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(3)]
    separate = attention_model("float32", letters | {"P": letters["E"][:3], "K": letters["Q"], "O": transpose(letters["V"]), "U": transpose(letters["E"])})
    target = certified(separate)
    description = attention_architecture(3)
    description["embedding"] = {"tokens": a_map("E", "tokens,width"), "positions": "E"}
    description["blocks"][0]["attention"] |= {"query": a_map("Q", "heads,in,head"), "key": a_map("Q", "heads,in,head"), "value": a_map("V", "in,out"),
                                             "output": a_map("V", "out,in")}
    description["readout"] = [a_map("E", "out,in")]
    weights = {"E": stored(letters["E"], "tokens,width"), "Q": stored(letters["Q"], "heads,in,head"), "V": stored(letters["V"], "in,out")}
    yield "attention-tied", with_model(target, weights, description)
    more_rows = stored([*letters["E"][:3], [float(2**100)] * 3], "in,out")
    yield "attention-positions-that-are-not-used", with_model(target, separate | {NAMES["P"]: more_rows}, attention_architecture(3))


def written_otherwise() -> Iterator[tuple[str, Certificate]]:
    """The digest is of the description itself, however its text is written."""
    yield "keys-reversed", changed(base(), DESCRIPTION, backwards(architecture(2)))
    yield "attention-keys-reversed", changed(plain(), DESCRIPTION, backwards(attention_architecture(3)))


def backwards(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: backwards(one) for key, one in reversed(value.items())}
    return [backwards(one) for one in value] if isinstance(value, list) else value


# -- without a rule ------------------------------------------------------------------------------------------------

def unsupported() -> Iterator[Case]:
    """Well formed, tensors that fit, and no rule."""
    weights = models.random_model(random.Random("base"), 3, 2)
    W, U = (one for one in architecture(2)["readout"])
    without_W = {name: one for name, one in weights.items() if name != LINEAR}
    for name, readout, of in (("one-map", [U], without_W), ("three-maps", [W, W, U], weights), ("16-maps", [W] * 15 + [U], weights), ("17-maps", [W] * 16 + [U], weights)):
        yield declined(f"sum-{name}", with_model(base(), of, architecture(2) | {"readout": readout}))
    yield declined("sum-pool-last", with_model(base(), weights, architecture(2) | {"pool": "last"}))
    placed = copy.deepcopy(architecture(2))
    placed["embedding"]["positions"] = "P"
    yield declined("sum-with-positions", with_model(base(), weights | {"P": models.tensor("float32", [[1, 0], [0, 1]])}, placed))
    for name, target in of_attention():
        yield declined(f"attention-{name}", target)


def declined(name: str, target: Certificate) -> Case:
    return case("architecture-unsupported", name, target)


def of_attention() -> Iterator[tuple[str, Certificate]]:
    own, weights = attention_architecture(3), weights_of(plain())
    block = own["blocks"][0]
    for count in (0, 2, 64, 65):
        of = weights if count else {name: one for name, one in weights.items() if not name.startswith("blocks")}
        yield f"{count}-blocks", with_model(plain(), of, own | {"blocks": [block] * count})
    yield "pool-sum", with_model(plain(), weights, own | {"pool": "sum"})
    square = {"square": models.tensor("float32", [[float(i == k) for k in range(3)] for i in range(3)])}
    readout = [a_map("square", "in,out"), *own["readout"]]
    yield "two-maps", with_model(plain(), weights | square, own | {"readout": readout})
    yield "pool-sum-two-maps", with_model(plain(), weights | square, own | {"readout": readout, "pool": "sum"})
    unplaced = {name: one for name, one in weights.items() if name != NAMES["P"]}
    yield "without-positions", with_model(plain(), unplaced, own | {"embedding": {"tokens": own["embedding"]["tokens"]}})
    yield "two-heads", with_model(plain(), two_heads(weights), heads(own, 2))
    letters = numbers(weights)
    flat = weights | {NAMES[letter]: stored(letters[letter], "in,out") for letter in "QKVO"}
    yield "two-heads-side-by-side", with_model(plain(), flat, heads(own, 2, "in,out"))


def heads(description: Architecture, count: int, layout: str | None = None) -> Architecture:
    result = copy.deepcopy(description)
    attention = result["blocks"][0]["attention"]
    attention["heads"] = count
    for key in ("query", "key", "value", "output") if layout else ():
        attention[key]["layout"] = layout
    return result


def two_heads(weights: Model) -> Model:
    """Of width 1."""
    letters = numbers(weights)
    return weights | {NAMES[letter]: stored(letters[letter], "heads,head,out" if letter == "O" else "heads,in,head", 2) for letter in "QKVO"}


# -- tensors -------------------------------------------------------------------------------------------------------

def missing_or_unused() -> Iterator[Case]:
    for short, target in (("", base()), ("attention-", plain())):
        tensors = value_at(target, "/model/tensors")
        for name in tensors:
            fewer = {other: one for other, one in weights_of(target).items() if other != name}
            yield case("tensor-missing", f"{short}{name}", with_model(target, fewer))
        for name in ("linear.bias", "blocks.0.attn.b_Q", "mask", "Embedding.weight", "embedding.weight ", "\\"):
            more = weights_of(target) | {name: models.tensor("float32", [[0.0]])}
            yield case("tensor-unused", f"{short}{name.replace(' ', '-space').replace(chr(92), 'backslash').lower()}{'-capital' if name[0] == 'E' else ''}", with_model(target, more))
    yield case("tensor-missing", "all", with_model(base(), {}))
    yield case("tensor-unused", "of-one-dimension", with_model(base(), weights_of(base()) | {"steps": Tensor("float32", (1,), bytes(4))}))


def shapes() -> Iterator[Case]:
    """Layouts that tensors do not have, and sizes that do not fit beside each other."""
    def of(name: str, path: str, layout: str, target: Certificate) -> Case:
        described = changed(target, f"{DESCRIPTION}{path}/layout", layout)
        return case("tensor-shape", f"layout-{name}-{layout.replace(',', '-')}", with_model(target, weights_of(target), value_at(described, DESCRIPTION)))
    yield of("tokens", "/embedding/tokens", "tokens,width", base())
    for layout in ("in,out", "heads,in,head", "heads,head,out"):
        yield of("unembedding", "/readout/1", layout, base())
    for key in ("query", "key", "value"):
        for layout in ("in,out", "out,in", "heads,head,out"):
            yield of(f"attention-{key}", f"/blocks/0/attention/{key}", layout, plain())
    for layout in ("in,out", "out,in", "heads,in,head"):
        yield of("attention-output", "/blocks/0/attention/output", layout, plain())
    yield of("attention-tokens", "/embedding/tokens", "width,tokens", plain())
    yield of("attention-unembedding", "/readout/0", "out,in", plain())
    yield from wrong_heads()


def wrong_heads() -> Iterator[Case]:
    own, weights = attention_architecture(3), weights_of(plain())
    for count in (0, 2, 2**32 + 1, 2**63 - 1):
        yield case("tensor-shape", f"heads-{count}-of-1", with_model(plain(), weights, heads(own, count)))
    yield case("tensor-shape", "heads-1-of-2", with_model(plain(), two_heads(weights), own))
    flat = weights | {NAMES[letter]: stored(numbers(weights)[letter], "in,out") for letter in "QKVO"}
    for count in (0, 3, 4, 2**63 - 1):
        yield case("tensor-shape", f"heads-{count}-of-two-columns", with_model(plain(), flat, heads(own, count, "in,out")))


# -- form ----------------------------------------------------------------------------------------------------------

def forms() -> Iterator[Case]:
    """What is not a description. No digest is repaired: none is asked for."""
    for name, key in (("activation", "activation"), ("normalisation", "normalisation"), ("bias", "readout_bias"), ("family", "family"), ("capital", "Pool")):
        yield case("key-unknown", f"architecture-{name}", changed(base(), f"{DESCRIPTION}/{key}", "relu"))
    own = value_at(plain(), f"{DESCRIPTION}/blocks/0")
    for name in ("mlp", "norm"):
        yield case("key-unknown", f"block-{name}", changed(plain(), f"{DESCRIPTION}/blocks/0", own | {name: {}}))
    yield case("key-missing", "block-empty", changed(plain(), f"{DESCRIPTION}/blocks/0", {}))
    for key in ("bias", "rotary", "query_bias"):
        yield case("key-unknown", f"attention-{key.replace('_', '-')}", changed(plain(), f"{DESCRIPTION}/blocks/0/attention/{key}", "b"))
    for path in ("/embedding/tokens/weight", "/embedding/tokens/layout", "/readout/1/weight"):
        yield case("key-missing", f"architecture{path.replace('/', '-')}", without(base(), DESCRIPTION + path))
    for key in value_at(plain(), f"{DESCRIPTION}/blocks/0/attention"):
        yield case("key-missing", f"attention-{key}", without(plain(), f"{DESCRIPTION}/blocks/0/attention/{key}"))
    yield case("type-mismatch", "readout-none", changed(base(), f"{DESCRIPTION}/readout", []))
    for name, word in (("mask", "none "), ("mask", "Causal"), ("mask", ""), ("scores", "raw"), ("scores", "softmax"), ("scores", "Scaled")):
        yield case("word-unknown", f"{name}-{word.strip() or 'empty'}", changed(plain(), f"{DESCRIPTION}/blocks/0/attention/{name}", word))
    for name, text in (("empty", ""), ("257", "x" * 257)):
        names = {LINEAR: text}
        weights = {names.get(one, one): tensor for one, tensor in weights_of(base()).items()}
        yield case("string-length", f"tensor-name-{name}", with_model(base(), weights, renamed(architecture(2), names)))
    yield case("string-alphabet", "tensor-name", with_model(base(), {("caf\u00e9" if one == LINEAR else one): tensor for one, tensor in weights_of(base()).items()},
                                                            renamed(architecture(2), {LINEAR: "caf\u00e9"})))
