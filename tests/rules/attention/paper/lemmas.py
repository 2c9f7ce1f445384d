"""The lemmas of docs/rules/attention/README.md on random numbers: that each holds, and that what it asks for is needed.

A line is (what is said, whether it held for every draw). "needed" says that without a part the statement failed for some draw.
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import comb

import numpy as np

from rules.attention.paper.model import log1p_sum_exp, log_sum_exp

Line = tuple[str, bool]
SLACK = 1e-9


def lemmas(seed: int, draws: int) -> Iterator[Line]:
    draw = np.random.default_rng(seed)
    yield from mixing(draw, draws)
    yield from mean_of_mixtures(draw, draws)
    yield from far_tokens(draw, draws)
    yield from heads_and_tail(draw, draws)
    yield from spreads(draw, draws)
    yield from counting()


def weights(draw: np.random.Generator, *shape: int) -> np.ndarray:
    return np.exp(draw.choice([0.1, 1, 4]) * draw.standard_normal(shape))


def mixing(draw: np.random.Generator, draws: int) -> Iterator[Line]:
    """L1, L2, L3: c tokens, N slots that hold them in any combination, J outputs."""
    margins = losses = signs = True
    for _ in range(draws):
        c, N, J = draw.integers(1, 4), draw.integers(1, 4), draw.integers(1, 5)
        b, r, D0, N0 = weights(draw, N), weights(draw, c), weights(draw, 1)[0], 3 * draw.standard_normal(J)
        y, pi = 3 * draw.standard_normal((c, J)), draw.standard_normal((N, J))
        S, share, top = b.sum(), b / b.sum(), pi.max(axis=0)
        D = D0 + S * r
        pure = (N0 + S * r[:, None] * (y + top)) / D[:, None]
        for k in itertools.product(range(c), repeat=N):
            k = np.array(k)
            numerator, mass = N0 + sum(b[p] * r[k[p]] * (y[k[p]] + pi[p]) for p in range(N)), D0 + (b * r[k]).sum()
            delta, mu = numerator / mass, share * D[k] / (share * D[k]).sum()
            signs &= bool(((delta < 0) == (numerator < 0)).all())
            margins &= bool((delta <= mu @ pure[k] + SLACK * (1 + np.abs(pure).max())).all())
            losses &= bool(log1p_sum_exp(delta) <= mu @ log1p_sum_exp(pure[k]) + SLACK * (1 + np.abs(pure).max()))
    yield "L1: a margin and its cleared numerator have the same sign", signs
    yield "L3: the margins of a mixture are at most the mixture of the pure margins", margins
    yield "L3: the loss of a mixture is at most the mixture of the pure losses", losses


def mean_of_mixtures(draw: np.random.Generator, draws: int) -> Iterator[Line]:
    """L4: the mean over all c^n fillings of sum_p mu_p L_(k_p), with a mass F besides."""
    holds = holds_beside = holds_bounds = True
    mean_fails = product_fails = False
    for _ in range(draws):
        c, n = draw.integers(1, 5), draw.integers(1, 4)
        D, F = weights(draw, c), draw.choice([0, 0.1, 1, 10, 1e4])
        L = weights(draw, c) if draw.integers(2) else 1 / D
        share = weights(draw, n)
        share /= share.sum()
        k = np.array(list(itertools.product(range(c), repeat=n)))
        mean_at = lambda mass: ((share * (D[k] + mass) * L[k]).sum(axis=1) / (share * (D[k] + mass)).sum(axis=1)).mean()  # noqa: E731
        same, mean, product = (share ** 2).sum(), L.mean(), (D * L).mean() * (1 / D).mean()
        low, high = D * draw.uniform(0.5, 1, c), D * draw.uniform(1, 2, c)
        holds &= mean_at(0) <= (same * mean + (1 - same) * product) * (1 + SLACK)
        holds_beside &= mean_at(F) <= (same * mean + (1 - same) * max(mean, product)) * (1 + SLACK)
        holds_bounds &= mean_at(F) <= max(mean, (high * L).mean() * (1 / low).mean()) * (1 + SLACK)
        mean_fails |= mean_at(0) > mean * (1 + 1e-3)
        product_fails |= mean_at(F) > (same * mean + (1 - same) * product) * (1 + 1e-3)
    yield "L4: the mean of mixtures", bool(holds)
    yield "L4: with an unknown mass besides", bool(holds_beside)
    yield "L4: from bounds of the masses, whatever the shares", bool(holds_bounds)
    yield "L4: the product is needed: the mean of the losses is no bound", bool(mean_fails)
    yield "L4: the maximum is needed: with a mass besides, the product is no bound", bool(product_fails)


def far_tokens(draw: np.random.Generator, draws: int) -> Iterator[Line]:
    """L5: slots F with any tokens of a set."""
    cleared = upper = lower = mean = True
    clamp_needed = False
    for _ in range(draws):
        T, F, J = draw.integers(1, 4), draw.integers(1, 3), draw.integers(1, 4)
        b, r, y, D = weights(draw, F), weights(draw, T), 3 * draw.standard_normal((T, F, J)), weights(draw, 1)[0]
        rho, Y, Y_low, delta = r.max(), y.max(axis=(0, 1)), y.min(axis=(0, 1)), 3 * draw.standard_normal(J)
        a_max = rho * b.sum() / (D + rho * b.sum())
        total = 0.0
        for t in itertools.product(range(T), repeat=F):
            t = np.array(t)
            own = sum(b[p] * r[t[p]] * y[t[p], p] for p in range(F))
            after = (D * delta + own) / (D + (b * r[t]).sum())
            cleared &= bool((own <= b.sum() * rho * np.maximum(Y, 0) + SLACK * (1 + np.abs(own))).all())
            clamp_needed |= bool((own > b.sum() * rho * Y + 1e-3).any())
            upper &= bool((after <= delta + a_max * np.maximum(Y - delta, 0) + SLACK * (1 + np.abs(after))).all())
            lower &= bool((after >= delta + a_max * np.minimum(Y_low - delta, 0) - SLACK * (1 + np.abs(after))).all())
            total += log1p_sum_exp(after)
        bound = T**F * log1p_sum_exp(delta) + float(T) ** (F - 1) * b.sum() * r.sum() * log1p_sum_exp(Y) / D
        mean &= bool(total <= bound * (1 + SLACK))
    yield "L5: the cleared contribution of far tokens", cleared
    yield "L5: max(0, Y) is needed", clamp_needed
    yield "L5: margins from above", upper
    yield "L5: margins from below", lower
    yield "L5: the sum of losses over all far fillings", mean


def heads_and_tail(draw: np.random.Generator, draws: int) -> Iterator[Line]:
    """L6: I contributions with shares a, J outputs in the tail."""
    maxima = sums = joint = True
    sum_needed = False
    for _ in range(draws):
        I, J = draw.integers(1, 4), draw.integers(1, 6)
        a, u, y = weights(draw, I), draw.standard_normal(J), 3 * draw.standard_normal((I, J))
        a /= a.sum()
        delta = u + a @ y
        one = u.max() + a @ y.max(axis=1)
        soft = u.max() + a @ log_sum_exp(y)
        mixed = a[0] * log_sum_exp(u + y[0]) + (1 - a[0]) * u.max() + a[1:] @ log_sum_exp(y[1:])
        maxima &= bool(delta.max() <= one + SLACK)
        sums &= bool(log_sum_exp(delta) <= soft + SLACK)
        joint &= bool(log_sum_exp(delta) <= mixed + SLACK)
        sum_needed |= bool(log_sum_exp(delta) > one + 1e-3)
    yield "L6: the pseudo-output of maxima is above every output of the tail", maxima
    yield "L6: that of logarithms of sums is above the logarithm of their sum", sums
    yield "L6: also with u and the first contribution at the same output", joint
    yield "L6: for the loss maxima are not enough", sum_needed


def spreads(draw: np.random.Generator, draws: int) -> Iterator[Line]:
    """L9: the spread of each row of a product X F, without the product."""
    holds = True
    for _ in range(draws):
        V, k = draw.integers(2, 8), draw.integers(1, 5)
        X, F = draw.standard_normal((V, k)) + 3 * draw.standard_normal(k), draw.standard_normal((k, V))
        centre = X.mean(axis=0) if draw.integers(2) else draw.standard_normal(k)
        spread = lambda rows: rows.max(axis=-1) - rows.min(axis=-1)                                                      # noqa: E731
        holds &= bool((spread(X @ F) <= abs(X - centre) @ spread(F) + spread(centre @ F) + SLACK).all())
    yield "L9: the spread of the rows of a product, by any centre", holds


def counting() -> Iterator[Line]:
    """L8: the cells partition the inputs of a label, for n = 4 and m = 5."""
    n, m = 4, 5
    right = True
    for g in range(m + 2):
        c, f = min(g, m), m - min(g, m)
        found: dict[tuple[bool, int, int], int] = {}
        for x in itertools.product(range(m + 1), repeat=n):
            if max(x) == m:
                cell = x[-1] == m, sum(t == m for t in x[:-1]), sum(f <= t < m for t in x[:-1])
                found[cell] = found.get(cell, 0) + 1
        for of_label in (False, True):
            for x, near in itertools.product(range(n), repeat=2):
                far = n - 1 - x - near
                expected = comb(n - 1, x) * comb(n - 1 - x, near) * c**near * f**far * (1 if of_label else m) if far >= 0 and (of_label or x > 0) else 0
                right &= found.get((of_label, x, near), 0) == expected
    yield "L8: the cells hold every input of a label once", right
