"""What a step states: the sum of the loss, the number of correct inputs and the least margin, over all inputs of a range.

M is exact. loss(t) = ln sum_k exp(logits_k - logits_y), rounded down and up by MPFR at `bits` bits.
Of a step by `convexity@1`, which states the bound of a theorem and not the sum: that bound, from the losses of the mixtures.
"""
from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator

import gmpy2
from gmpy2 import mpfr, mpq

from second_opinion.intervals import rounding
from second_opinion.matrices import Matrix, product
from second_opinion.network import Model

Weighed = Iterator[tuple[tuple[int, ...], int]]          # tokens, and how often their loss counts
BRUTE_FORCE = 200_000
CORRECT_BITS = 450


def logit_matrix(model: Model) -> Matrix:
    """M = E W U, row a: what token a adds to the logits."""
    W, U = (model.matrices[one] for one in model.description.readout)
    return product(product(model.E, W), U)


def inputs(n: int, label: int) -> Weighed:
    """All inputs with this label, with multiplicity. Many inputs are listed once per multiset of tokens."""
    if (label + 1) ** n <= BRUTE_FORCE:
        for t in itertools.product(range(label + 1), repeat=n):
            if max(t) == label:
                yield t, 1
        return
    for others in itertools.combinations_with_replacement(range(label + 1), n - 1):
        orders = math.factorial(n)
        t = others + (label,)
        for times in Counter(t).values():
            orders //= math.factorial(times)
        yield t, orders


def mixtures(n: int, label: int) -> Weighed:
    """The tokens whose loss, each taken with this label, bounds the sum over its inputs: theorem of convexity.md.

    For n = 2 the label need not occur among them.
    """
    if n == 2:
        for a in range(label):
            yield (a, a), 1
        yield (label, label), label + 1
        return
    for m in range(1, n):
        k = n - m
        for a in range(label):
            yield (a,) * k + (label,) * m, math.comb(n, m) * label ** (k - 1)
    yield (label,) * n, 1


def margins(M: Matrix, t: tuple[int, ...], label: int) -> list[mpq]:
    """logits(t)_k - logits(t)_label for every k other than the label."""
    tokens = Counter(t).items()
    logits = [sum((times * M[token][k] for token, times in tokens), mpq(0)) for k in range(len(M))]
    return [logit - logits[label] for k, logit in enumerate(logits) if k != label]


def correct_inputs(M: Matrix, n: int, labels: tuple[int, int]) -> int:
    return sum(times for y in range(*labels) for t, times in inputs(n, y) if all(m < 0 for m in margins(M, t, y)))


def least_margin(M: Matrix, n: int, labels: tuple[int, int]) -> mpq:
    """Of the label's logit over each other."""
    return min(-max(margins(M, t, y)) for y in range(*labels) for t, _ in inputs(n, y))


def correct_by_loss(M: Matrix, n: int, labels: tuple[int, int]) -> int:
    """Inputs of the range that must be correct if no label's loss exceeds its bound: each of the others costs ln 2 at least.

    The quotient is rounded up, so one that is a whole number counts as that number.
    """
    correct = 0
    for y in range(*labels):
        _, bound = convexity_bound(M, n, (y, y + 1), CORRECT_BITS)
        with gmpy2.local_context(rounding(CORRECT_BITS, gmpy2.RoundDown)):
            ln2 = gmpy2.log(mpfr(2))
        with gmpy2.local_context(rounding(CORRECT_BITS, gmpy2.RoundUp)):
            wrong = int(gmpy2.floor(bound / ln2))
        correct += max(0, (y + 1) ** n - y**n - wrong)
    return correct


def loss_sum(M: Matrix, n: int, labels: tuple[int, int], bits: int) -> tuple[mpfr, mpfr]:
    """An enclosure of the sum of the loss over all inputs of the range."""
    return _both_ends(M, inputs, n, labels, bits)


def convexity_bound(M: Matrix, n: int, labels: tuple[int, int], bits: int) -> tuple[mpfr, mpfr]:
    """An enclosure of what `convexity@1` puts in the place of that sum."""
    return _both_ends(M, mixtures, n, labels, bits)


def _both_ends(M: Matrix, weighed: Callable[[int, int], Weighed], n: int, labels: tuple[int, int], bits: int) -> tuple[mpfr, mpfr]:
    down, up = (_one_end(M, weighed, n, labels, rounding(bits, direction)) for direction in (gmpy2.RoundDown, gmpy2.RoundUp))
    return down, up


def _one_end(M: Matrix, weighed: Callable[[int, int], Weighed], n: int, labels: tuple[int, int], towards: gmpy2.context) -> mpfr:
    """ln sum exp, from the largest; every operation is monotone in its operands, so one direction of rounding throughout gives one end."""
    with gmpy2.local_context(towards):
        total = mpfr(0)
        for y in range(*labels):
            for t, times in weighed(n, y):
                differences = sorted([*margins(M, t, y), mpq(0)])
                largest, others = differences.pop(), mpfr(0)
                for difference in differences:
                    others += gmpy2.exp(mpfr(difference - largest))
                total += times * (mpfr(largest) + gmpy2.log1p(others))
        return total
