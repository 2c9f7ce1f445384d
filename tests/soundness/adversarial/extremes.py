"""Models at the edges of what can be written: rounding, ties, subnormal numbers, thousands of nats, next to nothing."""
from __future__ import annotations

import random
from collections.abc import Callable

from proofmark_testing import models
from proofmark_testing.models import Model
from rules.token_sum.containment import balanced, confident, neighbours, offset, uniform, wide

DTYPES = ("float16", "bfloat16", "float32", "float64")
LARGEST_V = {1: 7, 2: 5, 3: 4, 4: 3}                     # by context length
Make = Callable[[random.Random, int, int], Model]


def drawn(dtype: str, number: Callable[[random.Random], float]) -> Make:
    return lambda rng, V, d: models.random_model(rng, V, d, dtype, number)


def mixed(rng: random.Random, V: int, d: int) -> Model:
    return models.random_model(rng, V, d, [rng.choice(DTYPES) for _tensor in range(3)])


def rows(rng: random.Random, V: int, logits: Callable[[int, int], float], dtype: str = "float64") -> Model:
    """M[a][k] = logits(a, k), from a product with the identity."""
    identity = [[float(i == k) for k in range(V)] for i in range(V)]
    return models.model(dtype, [[logits(a, k) for a in range(V)] for k in range(V)], identity, identity)


def equal_rows(rng: random.Random, V: int, d: int) -> Model:
    """Every token says the same: Jensen and convexity lose nothing, so only rounding stands above the truth."""
    row = [rng.uniform(-3, 3) for _output in range(V)]
    return rows(rng, V, lambda a, k: row[k])


def nearly_equal_rows(rng: random.Random, V: int, d: int) -> Model:
    row, step = [rng.uniform(-1, 1) for _output in range(V)], 2.0 ** -rng.randint(20, 52)
    return rows(rng, V, lambda a, k: row[k] + step * rng.randint(-2, 2))


def equal_outputs(rng: random.Random, V: int, d: int) -> Model:
    """Every output alike: the loss is ln V, and Z is V exactly."""
    values = [rng.choice((rng.uniform(-5, 5), 2.0 ** rng.randint(-1074, 60))) for _token in range(V)]
    return rows(rng, V, lambda a, k: values[a])


def zeros(rng: random.Random, V: int, d: int) -> Model:
    return models.random_model(rng, V, d, rng.choice(DTYPES), lambda _source: 0.0)


def powers_of_two_nats(rng: random.Random, V: int, d: int) -> Model:
    return rows(rng, V, lambda a, k: rng.choice((-1, 1)) * 2.0 ** rng.randint(-60, 10))


def huge_ties(rng: random.Random, V: int, d: int) -> Model:
    size = rng.choice((1e3, 1e5, 2.0**19))
    return rows(rng, V, lambda a, k: size * rng.choice((0, 0, 1, 1 - 2.0**-52)))


def anti(rng: random.Random, V: int, d: int) -> Model:
    """The largest token is the least likely output: losses of thousands of nats."""
    size = 10.0 ** rng.uniform(0, 5)
    return rows(rng, V, lambda a, k: size * (V - a if k < a else 0) + rng.uniform(-1, 1))


def sure(rng: random.Random, V: int, d: int) -> Model:
    return confident(V, 10.0 ** rng.uniform(0, 3))


def beyond_the_range(rng: random.Random, V: int, d: int) -> Model:
    """Now and then just within the limit of 2^20 nats."""
    return rows(rng, V, lambda a, k: rng.choice((0.0, 2.0**20, 2.0**20 * (1 + 2.0**-52), 2.0**19, -1.0)))


MODELS: dict[str, Make] = {
    "ordinary": drawn("float32", uniform(1.0)), "ordinary float16": drawn("float16", uniform(2.0)), "mixed types": mixed,
    "hundreds of nats": drawn("float32", uniform(8.0)), "thousands of nats": drawn("float64", uniform(25.0)),
    "wide exponents": drawn("float64", wide(-200, 0)), "small integers": drawn("bfloat16", lambda rng: float(rng.randint(-1, 1))),
    "subnormal float16": drawn("float16", wide(-24, -14)), "subnormal float32": drawn("float32", wide(-149, -126)),
    "subnormal float64": drawn("float64", wide(-1074, -1000)), "zeros": zeros, "equal rows": equal_rows,
    "nearly equal rows": nearly_equal_rows, "equal outputs": equal_outputs, "powers of two": powers_of_two_nats, "huge ties": huge_ties,
    "the wrong answer, surely": anti, "the right answer, surely": sure, "1e30 and 1e-30": lambda rng, V, d: balanced(rng, V),
    "offset of 2^90": lambda rng, V, d: offset(rng, V), "one unit apart": lambda rng, V, d: neighbours(),
    "about 2^20 nats": beyond_the_range}
KINDS = [*MODELS, *["zeros", "equal outputs", "equal rows"] * 2]         # where a bound may be exact, rounding is all there is to exploit


def draw(rng: random.Random) -> tuple[str, Model, int]:
    """A kind of model, a model, and a context length at which all its inputs can be listed."""
    n = rng.choice((1, 2, 2, 2, 3, 3, 4))
    kind = rng.choice(KINDS)
    if kind == "one unit apart":
        n = min(n, 3)                                    # four tokens
    V = rng.choice((1, 2, 2, *range(2, LARGEST_V[n] + 1), *range(2, LARGEST_V[n] + 1)))
    return kind, MODELS[kind](rng, V, rng.choice((1, 1, 2, 3))), n
