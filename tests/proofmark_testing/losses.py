"""The sum of the loss and the number of correct inputs of a label range, and the bounds of `convexity@1`, for writing certificates.

`decimal` arithmetic, one term for each multiset of tokens; for `convexity@1` the formulas of its page. It is not rigorous to the
last digit, so a declared interval is widened (see `declared_interval`); the rigorous recomputation is tests/second_opinion.
"""
from __future__ import annotations

import decimal
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from .encodings import hexadecimal
from .models import Matrix

CONTEXT = decimal.Context(prec=60, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
WIDENING = Fraction(1, 2**40)
WHOLE = 1 + Fraction(1, 10**45)              # what is so near a whole number counts as that number


def multisets(n: int, label: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Each sorted input with this label, and the number of its orderings."""
    for others in itertools.combinations_with_replacement(range(label + 1), n - 1):
        orders = math.factorial(n)
        for times in Counter(others + (label,)).values():
            orders //= math.factorial(times)
        yield others + (label,), orders


def logits(M: Matrix, t: tuple[int, ...]) -> list[Fraction]:
    tokens = Counter(t).items()
    return [sum((times * M[token][k] for token, times in tokens), Fraction(0)) for k in range(len(M))]


def loss(M: Matrix, t: tuple[int, ...]) -> Decimal:
    values = logits(M, t)
    label = values[max(t)]
    total = Decimal(0)
    for value in values:
        difference = value - label
        total = CONTEXT.add(total, CONTEXT.exp(rounded(difference)))
    return CONTEXT.ln(total)


def rounded(value: Fraction) -> Decimal:
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def loss_sum(M: Matrix, n: int, labels: tuple[int, int]) -> Fraction:
    total = Decimal(0)
    for label in range(*labels):
        for t, orders in multisets(n, label):
            total = CONTEXT.add(total, CONTEXT.multiply(Decimal(orders), loss(M, t)))
    return Fraction(total)


def declared_interval(rule: str, M: Matrix, n: int, labels: tuple[int, int]) -> list[str]:
    """[lo, hi] around the sum, wider by 2^-40 of the sum and 2^-40 nats per input; `convexity@1` has its bound and 0."""
    total = (convexity_sum if rule == "convexity@1" else loss_sum)(M, n, labels)
    margin = (total + labels[1] ** n - labels[0] ** n) * WIDENING
    low = Fraction(0) if rule == "convexity@1" else max(Fraction(0), total - margin)
    return [hexadecimal(low, up=False), hexadecimal(total + margin, up=True)]


def declared_correct(rule: str, M: Matrix, n: int, labels: tuple[int, int]) -> int:
    return (correct_by_loss if rule == "convexity@1" else correct_inputs)(M, n, labels)


def correct_inputs(M: Matrix, n: int, labels: tuple[int, int]) -> int:
    return sum(orders for label in range(*labels) for t, orders in multisets(n, label) if is_correct(M, t))


def is_correct(M: Matrix, t: tuple[int, ...]) -> bool:
    values, label = logits(M, t), max(t)
    return all(value < values[label] for k, value in enumerate(values) if k != label)


# -- convexity@1 ---------------------------------------------------------------------------------------------------

def convexity_sum(M: Matrix, n: int, labels: tuple[int, int]) -> Fraction:
    return sum((convexity_bound(M, n, y) for y in range(*labels)), Fraction(0))


def convexity_bound(M: Matrix, n: int, y: int) -> Fraction:
    """The right side of the theorem of convexity.md for label y."""
    D = [[max(row) - value for value in row] for row in M]
    if n == 2:
        logarithms = [(1, ln_Z(D, {a: 2})) for a in range(y)] + [(y + 1, ln_Z(D, {y: 2}))]
    else:
        logarithms = [(math.comb(n, m) * y ** (n - m - 1), ln_Z(D, {a: n - m, y: m})) for m in range(1, n) for a in range(y)]
        logarithms.append((1, ln_Z(D, {y: n})))
    total = Decimal(0)
    for weight, logarithm in logarithms:
        total = CONTEXT.add(total, CONTEXT.multiply(Decimal(weight), logarithm))
    c_1, c_2 = n * ((y + 1) ** (n - 1) - y ** (n - 1)), n * (y + 1) ** (n - 1)
    return Fraction(total) + c_1 * sum((D[a][y] for a in range(y)), Fraction(0)) + c_2 * D[y][y]


def ln_Z(D: Matrix, tokens: dict[int, int]) -> Decimal:
    """ln sum_k exp(-sum of D[a][k] over the tokens a, so many times each)."""
    total = Decimal(0)
    for k in range(len(D)):
        total = CONTEXT.add(total, CONTEXT.exp(rounded(-sum((times * D[a][k] for a, times in tokens.items()), Fraction(0)))))
    return CONTEXT.ln(total)


def correct_by_loss(M: Matrix, n: int, labels: tuple[int, int]) -> int:
    """An input that is not correct has a loss of ln 2 or more."""
    ln_2 = Fraction(CONTEXT.ln(Decimal(2)))
    return sum(max(0, (y + 1) ** n - y**n - math.floor(convexity_bound(M, n, y) / ln_2 * WHOLE)) for y in range(*labels))
