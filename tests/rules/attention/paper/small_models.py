"""Small models that rules are tried on: like trained ones, random ones, and ones made to hurt. Tables are drawn directly, as free as they can be."""
from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.attention.paper.model import Tables


def like_trained(draw: np.random.Generator, V: int, n: int) -> Tables:
    """Attention rises with the token, tokens copy themselves; noise of every size."""
    noise = draw.choice([0.02, 0.1, 0.3, 0.6])
    copy, slope, far = draw.uniform(2, 12), draw.uniform(0.3, 4), draw.uniform(0, 0.3)
    normal = lambda *shape: draw.standard_normal(shape)                                                                  # noqa: E731
    distance = -np.abs(np.subtract.outer(np.arange(V), np.arange(V)))
    return Tables(noise * copy * normal(V, V), copy * np.eye(V) + far * distance + noise * copy * normal(V, V), noise * copy * normal(n, V) / 3,
                  slope * np.arange(V)[None, :] + noise * slope * normal(V, V), noise * normal(V, n))


def random(draw: np.random.Generator, V: int, n: int) -> Tables:
    sizes = 10 ** draw.uniform(-1, 1, 5)
    return Tables(*(size * draw.standard_normal(shape) for size, shape in zip(sizes, ((V, V), (V, V), (n, V), (V, V), (V, n)))))


def wild_scores(draw: np.random.Generator, V: int, n: int) -> Tables:
    """Attention on one token, positions that matter more than tokens: weights over two hundred orders of magnitude."""
    base = like_trained(draw, V, n)
    return Tables(base.EU, base.OV, 5 * base.PO, draw.uniform(5, 40) * base.A / max(1, np.abs(base.A).max()), draw.uniform(1, 60) * draw.standard_normal((V, n)))


def ties(draw: np.random.Generator, V: int, n: int) -> Tables:
    """Whole numbers and equal attention: logits that are exactly equal, and sums without rounding."""
    whole = lambda *shape: draw.integers(-1, 2, shape).astype(float)                                                     # noqa: E731
    return Tables(whole(V, V), whole(V, V) + draw.integers(1, 4) * np.eye(V), np.zeros((n, V)), np.zeros((V, V)), np.zeros((V, n)))


def helpful(draw: np.random.Generator, V: int, n: int) -> Tables:
    """The query speaks for a wrong output, every token for the largest label, some are hardly attended to: help that must not be taken for granted."""
    normal = lambda *shape: draw.standard_normal(shape)                                                                  # noqa: E731
    EU, OV = 0.3 * normal(V, V), 0.3 * normal(V, V)
    EU[:, 0] += draw.uniform(1, 4)
    OV[:, -1] += draw.uniform(1, 10)
    OV[-1, -1] = draw.uniform(-1, 6)
    if V > 2:                              # one near token speaks for itself
        OV[-2, -2:] = draw.uniform(1, 10), 0
    return Tables(EU, OV, 0.1 * normal(n, V), draw.uniform(0.5, 4) * normal(V, V), draw.choice([0.1, 8]) * normal(V, n))


def heavy_help(draw: np.random.Generator, V: int, n: int) -> Tables:
    """For the largest label: every wrong output ahead, so that the loss is nearly linear; near tokens help as much as they are attended to; far ones are alike."""
    EU, OV, A = np.zeros((V, V)), np.zeros((V, V)), 40 * np.eye(V)                       # smaller queries attend to themselves
    far = V // 2
    EU[:, 0] = draw.uniform(2, 10)
    OV[:-1, -1] = draw.uniform(1, 12)
    OV[:far, -1] = draw.uniform(-10, 5)
    A[-1, far:] = draw.choice([-3, 3]) * (-1) ** np.arange(V - far)
    A[-1, :far] = draw.uniform(-4, 4)
    A[-1, -1] = 0
    return Tables(EU, OV, np.zeros((n, V)), A, np.tile(draw.choice([0.01, 6]) * draw.standard_normal(n), (V, 1)))


KINDS = (like_trained, random, wild_scores, ties, helpful, heavy_help)


def small_models(seed: int, count: int) -> Iterator[tuple[str, Tables]]:
    draw = np.random.default_rng(seed)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        V, n = int(draw.integers(4, 9)), int(draw.integers(1, 5))
        if number % 29 == 0:
            V = int(draw.integers(1, 4))
        yield f"model {number} ({kind.__name__}, V = {V}, n = {n}, seed {seed})", kind(draw, V, n)
