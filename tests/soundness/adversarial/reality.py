"""The sum of the loss by its definition, to any precision, however large or small it is.

loss(t) = w + ln(sum_k exp(logits_k - logits_y - w)) with w the largest of these differences: w is exact, and the logarithm, of a number of 1 or more,
is computed as log1p of the others. Nothing is lost where a loss of 2^20 nats exceeds a whole number by exp(-2^20), or where it is as small as that.
"""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import gmpy2
from gmpy2 import mpfr, mpq

from rules.token_sum.second_opinion import enclosure
from second_opinion.intervals import rounding

LEAST = 20000                                    # fractions keep to multiples of 2^-LEAST


@dataclass(frozen=True)
class Sum:
    """A whole part, exact, and an enclosure of the rest, which is not negative."""

    whole: mpq
    lo: mpfr
    hi: mpfr

    def is_between(self, lo: Fraction, hi: Fraction) -> bool:
        """Decided exactly, whatever the exponents."""
        return mpq(lo) <= self.whole + mpq(self.lo) and self.whole + mpq(self.hi) <= mpq(hi)

    def ends(self) -> tuple[Fraction, Fraction]:
        whole = Fraction(int(self.whole.numerator), int(self.whole.denominator))
        return whole + fraction(self.lo), whole + fraction(self.hi, up=True)


def fraction(x: mpfr, up: bool = False) -> Fraction:
    """Its exact value, or where that has an absurd number of digits one below or above."""
    if x == 0 or gmpy2.get_exp(x) > -LEAST:
        return Fraction(*map(int, x.as_integer_ratio()))
    return Fraction(1, 2**LEAST) if up else Fraction(0)


def loss_sum(M: Any, n: int, labels: tuple[int, int], bits: int) -> Sum:
    """M exact (mpq)."""
    whole, rest = mpq(0), []
    listed = []
    for y in range(*labels):
        for t, times in enclosure.inputs(n, y):
            differences = [*enclosure.margins(M, t, y), mpq(0)]
            differences.sort()
            largest = differences.pop()
            whole += times * largest
            listed.append((times, [difference - largest for difference in differences]))
    for direction in (gmpy2.RoundDown, gmpy2.RoundUp):
        with gmpy2.local_context(rounding(bits, direction)):
            total = mpfr(0)
            for times, differences in listed:
                others = mpfr(0)
                for difference in differences:
                    others += gmpy2.exp(mpfr(difference))
                total += times * gmpy2.log1p(others)
            rest.append(total)
    return Sum(whole, *rest)
