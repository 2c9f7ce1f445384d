"""The float64 of these programs against 50 digits from the exact weights."""
from __future__ import annotations

from collections.abc import Iterator

import mpmath
import numpy as np

from rules.attention.paper import enumeration
from rules.attention.paper.model import Label, log1p_sum_exp, tables

Line = tuple[str, bool, object]


def drawn_weights(draw: np.random.Generator, V: int, n: int, d: int, h: int) -> dict[str, np.ndarray]:
    shapes = {"E": (V, d), "P": (n, d), "Q": (d, h), "K": (d, h), "V": (d, h), "O": (h, d), "U": (d, V)}
    return {letter: draw.standard_normal(shape).astype(np.float32).astype(float) for letter, shape in shapes.items()}


def every_input(seed: int) -> Iterator[Line]:
    """Of small models: the sums of losses, and the counts."""
    mpmath.mp.dps = 50
    draw = np.random.default_rng(seed)
    for V, n, d, h in ((4, 3, 3, 2), (5, 2, 4, 4), (6, 1, 2, 1), (4, 4, 3, 3)):
        weights = drawn_weights(draw, V, n, d, h)
        for m in range(V):
            fast, slow = (enumeration.enumeration(Label(tables(weights, mp), m)) for mp in (False, True))
            yield f"every input, V = {V}, n = {n}, label {m}", fast[0] == slow[0] and abs(fast[1] / slow[1] - 1) < 1e-12, (fast, slow)


def some_inputs(weights: dict[str, np.ndarray], seed: int, count: int) -> Iterator[Line]:
    """Of a model: margins and losses of random inputs."""
    mpmath.mp.dps = 50
    fast, slow = tables(weights), tables(weights, mp=True)
    inputs = np.random.default_rng(seed).integers(0, fast.V, (count, fast.n))
    for x in inputs:
        margins = [enumeration.margins(Label(t, int(x.max())), x[None, :]) for t in (fast, slow)]
        losses = [log1p_sum_exp(delta)[0] for delta in margins]
        near = float(abs(margins[0] - margins[1]).max()) < 1e-11 and abs(losses[0] - losses[1]) < 1e-12
        yield f"the input {x.tolist()}", near, losses
