"""Enclosures of real numbers: two ends, each operation rounded away from the other."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import gmpy2
from gmpy2 import mpfr, mpq


def rounding(bits: int, direction: int) -> gmpy2.context:
    return gmpy2.context(precision=bits, round=direction, emax=gmpy2.get_emax_max(), emin=gmpy2.get_emin_min())


@dataclass(frozen=True)
class Interval:
    lo: mpfr
    hi: mpfr


class Arithmetic:
    """Operations at one precision. `with`, since gmpy2 2.1's context.div rounds by another context than its own."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.down, self.up = rounding(bits, gmpy2.RoundDown), rounding(bits, gmpy2.RoundUp)

    def both(self, lower: Callable[[], mpfr], upper: Callable[[], mpfr]) -> Interval:
        with gmpy2.local_context(self.down):
            lo = lower()
        with gmpy2.local_context(self.up):
            return Interval(lo, upper())

    def number(self, value: mpq | int) -> Interval:
        return self.both(lambda: mpfr(mpq(value)), lambda: mpfr(mpq(value)))

    def add(self, a: Interval, b: Interval) -> Interval:
        return self.both(lambda: a.lo + b.lo, lambda: a.hi + b.hi)

    def sub(self, a: Interval, b: Interval) -> Interval:
        return self.both(lambda: a.lo - b.hi, lambda: a.hi - b.lo)

    def mul(self, a: Interval, b: Interval) -> Interval:
        """Of any signs."""
        if a.lo >= 0 and b.lo >= 0:
            return self.both(lambda: a.lo * b.lo, lambda: a.hi * b.hi)
        ends = [(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
        return self.both(lambda: min(x * y for x, y in ends), lambda: max(x * y for x, y in ends))

    def div(self, a: Interval, b: Interval) -> Interval:
        """By what is positive."""
        return self.both(lambda: a.lo / (b.lo if a.lo < 0 else b.hi), lambda: a.hi / (b.hi if a.hi < 0 else b.lo))

    def exp(self, a: Interval) -> Interval:
        return self.both(lambda: gmpy2.exp(a.lo), lambda: gmpy2.exp(a.hi))

    def log(self, a: Interval) -> Interval:
        return self.both(lambda: gmpy2.log(a.lo), lambda: gmpy2.log(a.hi))

    def log1p(self, a: Interval) -> Interval:
        return self.both(lambda: gmpy2.log1p(a.lo), lambda: gmpy2.log1p(a.hi))

    def tanh(self, a: Interval) -> Interval:
        return self.both(lambda: gmpy2.tanh(a.lo), lambda: gmpy2.tanh(a.hi))

    def erfc(self, a: Interval) -> Interval:
        """Decreasing."""
        return self.both(lambda: gmpy2.erfc(a.hi), lambda: gmpy2.erfc(a.lo))

    def pi(self) -> Interval:
        return self.both(gmpy2.const_pi, gmpy2.const_pi)

    def root(self, a: Interval, p: int) -> Interval:
        """The p-th root of what is not negative."""
        return self.both(lambda: gmpy2.rootn(a.lo, p), lambda: gmpy2.rootn(a.hi, p))

    def sum(self, terms: Iterable[Interval]) -> Interval:
        total = self.number(0)
        for term in terms:
            total = self.add(total, term)
        return total

    def prod(self, factors: Iterable[Interval]) -> Interval:
        product = self.number(1)
        for factor in factors:
            product = self.mul(product, factor)
        return product

    def power(self, a: Interval, exponent: int) -> Interval:
        return self.prod([a] * exponent)


def hull(a: Interval, b: Interval) -> Interval:
    return Interval(min(a.lo, b.lo), max(a.hi, b.hi))
