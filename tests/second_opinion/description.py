"""From a JSON value to an Architecture: the words of FORMAT.md section 5, their keys and grammars. What they mean for tensors is asked in network.py."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from second_opinion.json_types import array, keyed, known, name, natural, one_of, pair, typed, word
from second_opinion.refusal import require

OF_TOKENS, OTHERS = ("tokens,width", "width,tokens"), ("in,out", "out,in", "heads,in,head", "heads,head,out")
ACTIVATIONS = ("relu", "gelu", "gelu-tanh", "silu", "tanh")
DECIMAL = re.compile(r"(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,18}))?(?:e(-?[0-9]{1,2}))?")
MOST_BLOCKS, MOST_PARTS = 64, 16
Range = tuple[int, int]


@dataclass(frozen=True)
class Map:
    weight: str
    layout: str
    index: int | None = None
    rows: Range | None = None
    columns: Range | None = None
    bias: str | None = None


@dataclass(frozen=True)
class Norm:
    centred: bool                          # layer, and not rms
    eps: mpq
    weight: str | None
    bias: str | None


@dataclass(frozen=True)
class Attention:
    """`scores`: what divides or multiplies them; `query` and `key` are none where they are uniform."""

    norm: Norm | None
    heads: int
    query: Map | None
    key: Map | None
    value: Map
    output: Map
    causal: bool
    scores: str | mpq


@dataclass(frozen=True)
class MLP:
    norm: Norm | None
    into: Map
    activation: str
    out: Map


@dataclass(frozen=True)
class Block:
    attention: Attention | None
    mlp: MLP | None
    norm_after: bool                       # order post
    in_parallel: bool                      # the MLP reads the block's input


Part = Map | Norm | str


@dataclass(frozen=True)
class Architecture:
    """`pool` is a word, or a position."""

    n: int
    tokens: tuple[Map, ...]                # one for all positions, or one for each
    positions: str | None
    positions_to_scores: bool
    blocks: tuple[Block, ...]
    norm: Norm | None
    pool: str | int
    readout: tuple[Part, ...]
    text: str                              # canonical, for the digest


def architecture(value: Any) -> Architecture:
    at = "/model/architecture"
    keyed(value, at, "positions embedding blocks pool readout", "norm")
    n = natural(value["positions"], f"{at}/positions")
    require(1 <= n <= 64, "limit-context", f"{at}/positions", str(n))
    embedding = keyed(value["embedding"], f"{at}/embedding", "tokens", "positions")
    of_positions, to_scores = positions(embedding["positions"], f"{at}/embedding/positions") if "positions" in embedding else (None, False)
    require(len(typed(value["blocks"], list, f"{at}/blocks")) <= MOST_BLOCKS, "architecture-unsupported", f"{at}/blocks")
    require(len(typed(value["readout"], list, f"{at}/readout")) <= MOST_PARTS, "architecture-unsupported", f"{at}/readout")
    readout = tuple(array(value["readout"], f"{at}/readout", part))
    require(any(isinstance(one, Map) for one in readout), "architecture-unsupported", f"{at}/readout", "no map")
    return Architecture(
        n=n,
        tokens=tokens(embedding["tokens"], f"{at}/embedding/tokens", n),
        positions=of_positions,
        positions_to_scores=to_scores,
        blocks=tuple(array(value["blocks"], f"{at}/blocks", block)),
        norm=norm(value["norm"], f"{at}/norm") if "norm" in value else None,
        pool=pool(value["pool"], f"{at}/pool", n),
        readout=readout,
        text=json.dumps(value, sort_keys=True, separators=(",", ":")))


def tokens(value: Any, at: str, n: int) -> tuple[Map, ...]:
    return tuple(array(value, at, token_map, length=n)) if type(value) is list else (token_map(value, at),)


def positions(value: Any, at: str) -> tuple[str, bool]:
    """The tensor, and whether it goes to the scores."""
    if type(value) is not dict:
        return name(value, at), False
    keyed(value, at, "tensor to")
    return name(value["tensor"], f"{at}/tensor"), known(value["to"], f"{at}/to", ("residual", "scores")) == "scores"


def pool(value: Any, at: str, n: int) -> str | int:
    if type(value) is not dict:
        return known(value, at, ("last", "sum", "mean"))
    position = natural(keyed(value, at, "position")["position"], f"{at}/position")
    require(position < n, "architecture-unsupported", f"{at}/position", str(position))
    return position


# -- blocks --------------------------------------------------------------------------------------------------------

def block(value: Any, at: str) -> Block:
    keyed(value, at, "", "attention mlp order reads")
    require("attention" in value or "mlp" in value, "key-missing", at, "attention, mlp or both")
    after = "order" in value and known(value["order"], f"{at}/order", ("pre", "post")) == "post"
    if "reads" in value:
        require(not after, "key-unknown", f"{at}/reads", "beside order post")
        known(value["reads"], f"{at}/reads", ("block-input",))
    return Block(attention=attention(value["attention"], f"{at}/attention") if "attention" in value else None,
                 mlp=mlp(value["mlp"], f"{at}/mlp") if "mlp" in value else None,
                 norm_after=after, in_parallel="reads" in value)


def attention(value: Any, at: str) -> Attention:
    uniform = typed(value, dict, at).get("scores") == "uniform"
    keyed(value, at, "heads value output mask scores" + (" query key" if not uniform else ""), "norm")
    return Attention(norm=norm(value["norm"], f"{at}/norm") if "norm" in value else None,
                     heads=natural(value["heads"], f"{at}/heads"),
                     query=None if uniform else a_map(value["query"], f"{at}/query"),
                     key=None if uniform else a_map(value["key"], f"{at}/key"),
                     value=a_map(value["value"], f"{at}/value"),
                     output=a_map(value["output"], f"{at}/output"),
                     causal=known(value["mask"], f"{at}/mask", ("causal", "none")) == "causal",
                     scores=scores(value["scores"], f"{at}/scores"))


def scores(value: Any, at: str) -> str | mpq:
    if type(value) is not dict:
        return known(value, at, ("scaled", "unscaled", "uniform"))
    factor = decimal(keyed(value, at, "factor")["factor"], f"{at}/factor")
    require(factor > 0, "number-grammar", f"{at}/factor", "a factor of 0")
    return factor


def mlp(value: Any, at: str) -> MLP:
    keyed(value, at, "in activation out", "norm")
    return MLP(norm=norm(value["norm"], f"{at}/norm") if "norm" in value else None, into=a_map(value["in"], f"{at}/in"),
               activation=known(value["activation"], f"{at}/activation", ACTIVATIONS), out=a_map(value["out"], f"{at}/out"))


# -- maps, norms, numbers ------------------------------------------------------------------------------------------

def part(value: Any, at: str) -> Part:
    """Of a readout."""
    if type(value) is not dict:
        return known(value, at, ACTIVATIONS)
    return norm(value, at) if "layer" in value or "rms" in value else a_map(value, at)


def norm(value: Any, at: str) -> Norm:
    kind = one_of(value, at, "layer", "rms")
    of = keyed(value[kind], f"{at}/{kind}", "eps", "weight bias")
    weight, bias = (name(of[key], f"{at}/{kind}/{key}") if key in of else None for key in ("weight", "bias"))
    return Norm(kind == "layer", decimal(of["eps"], f"{at}/{kind}/eps"), weight, bias)


def a_map(value: Any, at: str, layouts: Iterable[str] = OTHERS) -> Map:
    keyed(value, at, "weight layout", "index rows columns bias")
    rows, columns = (tuple(pair(natural)(value[key], f"{at}/{key}")) if key in value else None for key in ("rows", "columns"))
    return Map(weight=name(value["weight"], f"{at}/weight"), layout=known(value["layout"], f"{at}/layout", layouts),
               index=natural(value["index"], f"{at}/index") if "index" in value else None, rows=rows, columns=columns,
               bias=name(value["bias"], f"{at}/bias") if "bias" in value else None)


def token_map(value: Any, at: str) -> Map:
    return a_map(value, at, OF_TOKENS)


def decimal(value: Any, at: str) -> mpq:
    """In lowest terms a / 10^b with a below 2^63 and b at most 18."""
    match = DECIMAL.fullmatch(word(value, at))
    require(match is not None, "number-grammar", at, value[:80])
    whole, fraction, exponent = match.group(1), match.group(2) or "", int(match.group(3) or 0)
    number = mpq(int(whole + fraction)) * mpq(10) ** (exponent - len(fraction))
    places = next((b for b in range(19) if (number * 10**b).denominator == 1), None)
    require(places is not None and number * 10**places < 2**63, "number-grammar", at, value[:80])
    return number
