"""Descriptions of models: every layout, name and sharing of tensors."""
from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from .. import models
from rules.attention.models import NAMES, architecture as attention_architecture, model as attention_model, numbers
from ..certificates import Certificate, certificate, changed, with_model
from ..models import EMBEDDING, LINEAR, UNEMBEDDING, Architecture, Tensor, architecture, transpose
from .attention_plain import certified, plain, weights_of
from .case import base

DESCRIPTION = "/model/architecture"
LAYOUTS = ("in,out", "out,in", "heads,in,head", "heads,head,out")
OF_HEADS = {"query": "Q", "key": "K", "value": "V", "output": "O"}
SLICES = {key: "heads,head,out" if key == "output" else "heads,in,head" for key in OF_HEADS}
Matrix = Sequence[Sequence[float]]


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, target in (*layouts(), *names(), *shared_tensors(), *written_otherwise()):
        yield f"architecture-{name}", target


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


def layouts() -> Iterator[tuple[str, Certificate]]:
    """One model stored in every way; its proof stays the same."""
    E, W, U = matrices()
    for of_tokens, of_W, of_U in (("tokens,width", "in,out", "out,in"), ("width,tokens", "out,in", "in,out")):
        weights = {EMBEDDING: stored(E, of_tokens), LINEAR: stored(W, of_W), UNEMBEDDING: stored(U, of_U)}
        description = sum_of(2, a_map(EMBEDDING, of_tokens), a_map(LINEAR, of_W), a_map(UNEMBEDDING, of_U))
        yield "-".join(word.replace(",", "-") for word in (of_tokens, of_W, of_U)), with_model(base(), weights, description)
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
        of_U = ("in,out", "out,in")[i % 2]
        description["readout"], weights[NAMES["U"]] = [a_map(NAMES["U"], of_U)], stored(letters["U"], of_U)
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
