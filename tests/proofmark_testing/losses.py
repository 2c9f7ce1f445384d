"""The sum of the loss and the number of correct inputs of a label range, for writing certificates.

`decimal` arithmetic, one term for each multiset of tokens. It is not rigorous to the last digit, so a declared interval is widened
(see `declared_interval`); the rigorous recomputation is tests/second_opinion.
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
        exponent = CONTEXT.divide(Decimal(difference.numerator), Decimal(difference.denominator))
        total = CONTEXT.add(total, CONTEXT.exp(exponent))
    return CONTEXT.ln(total)


def loss_sum(M: Matrix, n: int, labels: tuple[int, int]) -> Fraction:
    total = Decimal(0)
    for label in range(*labels):
        for t, orders in multisets(n, label):
            total = CONTEXT.add(total, CONTEXT.multiply(Decimal(orders), loss(M, t)))
    return Fraction(total)


def declared_interval(M: Matrix, n: int, labels: tuple[int, int]) -> list[str]:
    """[lo, hi] around the sum, wider by 2^-40 of the sum and 2^-40 nats per input."""
    total = loss_sum(M, n, labels)
    margin = (total + labels[1] ** n - labels[0] ** n) * WIDENING
    return [hexadecimal(max(Fraction(0), total - margin), up=False), hexadecimal(total + margin, up=True)]


def correct_inputs(M: Matrix, n: int, labels: tuple[int, int]) -> int:
    return sum(orders for label in range(*labels) for t, orders in multisets(n, label) if is_correct(M, t))


def is_correct(M: Matrix, t: tuple[int, ...]) -> bool:
    values, label = logits(M, t), max(t)
    return all(value < values[label] for k, value in enumerate(values) if k != label)
