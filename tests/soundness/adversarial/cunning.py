"""Witnesses chosen to deceive: the worst heads, multipliers where the rule changes its mind, numbers at the ends of their types."""
from __future__ import annotations

import math
import random
from math import comb

from proofmark_testing import witnesses
from proofmark_testing.witnesses import Hints, Witness, Witnesses

Matrix = list[list[float]]
EXPONENTS = {"float32": (-149, 127), "float64": (-1074, 1023)}
SCALES = ("one", "small", "small", "near", "tangent", "boundary", "boundary", "far", "ends")


def exponentials(M: list[list]) -> Matrix:
    return [[math.exp(max(-700.0, float(value - max(row)))) for value in row] for row in M]


def positive(rng: random.Random, dtype: str, scale: str) -> float:
    low, high = EXPONENTS[dtype]
    if scale == "one":
        return 1.0
    if scale == "small":                                 # most operations exact: one that rounds wrongly shows
        return rng.choice((1.0, 1.0, 1.0, 1.5, 2.0, 3.0, 5.0, stored_third(dtype)))
    if scale == "near":
        return rng.uniform(0.5, 2.0)
    if scale == "far":
        return 2.0 ** rng.uniform(low / 5, high / 5)
    return rng.choice((2.0**low, 2.0 ** (low + rng.randint(0, 30)), 1.0, 2.0**high, math.nextafter(2.0**high, 0.0), 2.0 ** rng.randint(low, high)))


def stored_third(dtype: str) -> float:
    """1/3 as the type has it."""
    return float(Witness(dtype, (1,), witnesses.witness(dtype, [1 / 3]).raw).numbers()[0])


def stored(dtype: str, number: float, zero: bool = False) -> float:
    """The nearest number that the type has, and positive unless it may be zero."""
    low, high = EXPONENTS[dtype]
    if not number < 2.0**high * 1.99:                    # infinite, or not a number
        return 2.0**high
    if number < 2.0**low:
        return 0.0 if zero else 2.0**low
    return number


# -- head-tail@1 ---------------------------------------------------------------------------------------------------

def head_tail(rng: random.Random, A: Matrix, n: int) -> Witnesses:
    V = len(A)
    m = rng.choice((1, V, max(1, V - 1), rng.randint(1, V)))
    heads = [ordered(rng, row)[:m] for row in A]
    sizes = sorted(rng.sample(range(1, m + 1), rng.randint(1, m)))
    if sizes[-1] < V and rng.random() < 0.3:
        sizes.append(V)
    levels = [rng.randrange(len(sizes)) for _input in range(comb(V + n - 1, n))] if rng.random() < 0.5 else None
    groups = rng.choice((None, [0] * V, list(range(V)), [rng.randrange(V) for _output in range(V)]))
    dtype = rng.choice(tuple(EXPONENTS))
    weights = None
    if n <= 3 and rng.random() < 0.5:
        scale = rng.choice(("one", "near", "far", "ends"))
        weights = [stored(dtype, positive(rng, dtype, scale)) for _output in range(V)]
    given = witnesses.head_tail(heads, sizes, levels, groups, weights, dtype=dtype)
    if rng.random() < 0.8:
        given |= multipliers(rng, A, n, dtype, Hints(given, n, V))
    return given


def ordered(rng: random.Random, row: list[float]) -> list[int]:
    """Outputs: the best first, the worst first, or any."""
    found = sorted(range(len(row)), key=lambda k: -row[k])
    way = rng.randrange(3)
    if way == 2:
        rng.shuffle(found)
    return found[::-1] if way == 1 else found


def multipliers(rng: random.Random, A: Matrix, n: int, dtype: str, hints: Hints) -> Witnesses:
    scale, V = rng.choice(SCALES), len(A)
    if scale in ("tangent", "boundary"):
        u = [rng.choice((1.0, 2.0 ** rng.randint(-8, 8), sum(x * x for x in row) ** -0.5)) for row in A]
    else:
        u = [positive(rng, dtype, scale) for _token in range(V)]
    v = [1.0] * V
    for y in range(V):
        if scale in ("boundary", "tangent"):
            t = sorted([*(rng.randint(0, y) for _position in range(n - 1)), y])
            v[y] = near(rng, reciprocal(boundary(rng, A, t, hints) * math.prod(u[a] for a in t)), 0 if scale == "tangent" else 3)
        elif rng.random() < 0.5:
            v[y] = positive(rng, dtype, scale)
    for numbers in (u, v):
        if rng.random() < 0.15:
            numbers[rng.randrange(V)] = rng.choice((0.0, -0.0))
    return {name: witnesses.witness(dtype, [stored(dtype, x, zero=True) for x in numbers])
            for name, numbers in (("token-multipliers", u), ("label-multipliers", v))}


def reciprocal(x: float) -> float:
    return 1 / x if x > 1e-300 else 1e300


def near(rng: random.Random, x: float, units: int) -> float:
    """At most so many units in the last place away."""
    for _unit in range(rng.randint(0, units)):
        x = math.nextafter(x, rng.choice((0.0, math.inf)))
    return x


def boundary(rng: random.Random, A: Matrix, t: list[int], hints: Hints) -> float:
    """L, U or Z of an input: where m z = 1, and the rule takes another z."""
    size, which = hints.sizes[hints.level(t)], rng.choice("LUZ")
    inside = range(len(A)) if which == "Z" or size == len(A) else {k for a in t for k in hints.heads[a][:size]}
    L = math.fsum(math.prod(A[a][k] for a in t) for k in inside)
    return L + tail(A, t, size, hints) if which == "U" and size < len(A) else L


def tail(A: Matrix, t: list[int], size: int, hints: Hints) -> float:
    """U - L, nearly."""
    p, total = max(2, hints.n - 1), 0.0
    for group in set(hints.groups):
        product = 1.0
        for i, a in enumerate(t if hints.n == 2 else t[:-1]):
            inner = 0.0
            for k in range(len(A)):
                outside = hints.groups[k] == group and k not in hints.heads[a][:size]
                if outside and (hints.n == 2 or k not in hints.heads[t[-1]][:size]):
                    w = float(hints.weights[k]) if hints.weights else 1.0
                    inner += A[a][k] ** p * (1 if hints.n == 2 else A[t[-1]][k]) * (w if i == 0 else min(1e300, 1 / w) if w > 1e-300 else 1e300)
            product *= inner ** (1 / p)
        total += product
    return total


# -- block-jensen@1 ------------------------------------------------------------------------------------------------

def blocks(rng: random.Random, A: Matrix) -> Witnesses:
    V = len(A)
    starts = rng.choice(([0], list(range(V)), [0, *sorted(rng.sample(range(1, V), rng.randrange(V)))]))
    dtype, scale = rng.choice(tuple(EXPONENTS)), rng.choice(SCALES)
    if rng.random() < 0.2:
        return witnesses.block_jensen(starts)
    if scale in ("tangent", "boundary"):
        numbers = [near(rng, sum(x * x for x in row) ** -0.5, 3) for row in A]
    else:
        numbers = [positive(rng, dtype, scale) for _token in range(V)]
    return witnesses.block_jensen(starts, [stored(dtype, x) for x in numbers], dtype)


# -- search --------------------------------------------------------------------------------------------------------

def altered(rng: random.Random, given: Witnesses, V: int) -> Witnesses:
    """One entry of one witness, or the order of a head, moved a little or a lot; always within its range."""
    floats = [name for name, one in given.items() if one.dtype.startswith("float")]
    if floats and rng.random() < 0.8:
        name = rng.choice(floats)
        one = given[name]
        numbers = [float(x) for x in one.numbers()]
        i = rng.randrange(len(numbers))
        numbers[i] = rng.choice((math.nextafter(numbers[i], 0.0), math.nextafter(numbers[i], math.inf), numbers[i] * (1 + rng.uniform(-1, 1) * 2.0**-20),
                                 numbers[i] * rng.uniform(0.5, 2), numbers[i] * rng.choice((0.5, 2.0))))
        numbers[i] = stored(one.dtype, numbers[i], zero=name.endswith(("token-multipliers", "label-multipliers")))
        return given | {name: witnesses.witness(one.dtype, numbers)}
    name = rng.choice([name for name in given if name in ("heads", "levels", "column-groups")] or list(given))
    one = given[name]
    numbers = [int(x) for x in one.numbers()] if one.dtype.startswith("uint") else []
    if name == "heads":
        m, row = one.shape[1], rng.randrange(V)
        numbers[row * m:(row + 1) * m] = rng.sample(range(V), m)
    elif name == "levels":
        numbers[rng.randrange(len(numbers))] = rng.randrange(given["head-sizes"].shape[0])
    elif name == "column-groups":
        numbers[rng.randrange(V)] = rng.randrange(V)
    else:
        return given
    return given | {name: Witness(one.dtype, one.shape, witnesses.witness(one.dtype, numbers).raw)}
