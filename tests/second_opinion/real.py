"""Real numbers, each known to lie in an interval; operators round outward. Rationals may stand beside them and are exact."""
from __future__ import annotations

from collections.abc import Iterable

from gmpy2 import mpfr, mpq

from second_opinion.intervals import Arithmetic, Interval

Exact = mpq | int


class Real:
    __slots__ = ("x", "ends")

    def __init__(self, x: Arithmetic, ends: Interval) -> None:
        self.x, self.ends = x, ends

    def with_(self, other: Real | Exact) -> Interval:
        return other.ends if isinstance(other, Real) else self.x.number(other)

    def __add__(self, other: Real | Exact) -> Real:
        return Real(self.x, self.x.add(self.ends, self.with_(other)))

    def __sub__(self, other: Real | Exact) -> Real:
        return Real(self.x, self.x.sub(self.ends, self.with_(other)))

    def __rsub__(self, other: Exact) -> Real:
        return Real(self.x, self.x.sub(self.with_(other), self.ends))

    def __mul__(self, other: Real | Exact) -> Real:
        return Real(self.x, self.x.mul(self.ends, self.with_(other)))

    def __truediv__(self, other: Real | Exact) -> Real:
        """By what is positive."""
        return Real(self.x, self.x.div(self.ends, self.with_(other)))

    def __rtruediv__(self, other: Exact) -> Real:
        return Real(self.x, self.x.div(self.with_(other), self.ends))

    __radd__, __rmul__ = __add__, __mul__

    def exp(self) -> Real:
        return Real(self.x, self.x.exp(self.ends))

    def log(self) -> Real:
        return Real(self.x, self.x.log(self.ends))

    def log1p(self) -> Real:
        return Real(self.x, self.x.log1p(self.ends))

    def tanh(self) -> Real:
        return Real(self.x, self.x.tanh(self.ends))

    def erfc(self) -> Real:
        return Real(self.x, self.x.erfc(self.ends))

    def square(self) -> Real:
        """Never negative, as the product of two numbers in one interval may be."""
        ends = self.x.mul(self.ends, self.ends)
        return Real(self.x, Interval(max(ends.lo, mpfr(0)), ends.hi))

    def positive_part(self) -> Real:
        return Real(self.x, Interval(max(self.lo, mpfr(0)), max(self.hi, mpfr(0))))

    @property
    def lo(self) -> mpfr:
        return self.ends.lo

    @property
    def hi(self) -> mpfr:
        return self.ends.hi


def number(x: Arithmetic, value: Exact) -> Real:
    return Real(x, x.number(value))


def pi(x: Arithmetic) -> Real:
    return Real(x, x.pi())


def largest(values: Iterable[Real]) -> Real:
    listed = list(values)
    return Real(listed[0].x, Interval(max(one.lo for one in listed), max(one.hi for one in listed)))


def smallest(values: Iterable[Real]) -> Real:
    listed = list(values)
    return Real(listed[0].x, Interval(min(one.lo for one in listed), min(one.hi for one in listed)))


def mean(values: Iterable[Real]) -> Real:
    listed = list(values)
    return sum(listed[1:], listed[0]) / len(listed)


def log_sum_exp(values: Iterable[Real]) -> Real:
    """Each end from the same ends: it increases with each of them."""
    listed = list(values)
    x = listed[0].x
    lower, upper = (at_ends(x, ends) for ends in ([one.lo for one in listed], [one.hi for one in listed]))
    return Real(x, Interval(lower.lo, upper.hi))


def at_ends(x: Arithmetic, ends: list[mpfr]) -> Interval:
    """Shifted by the largest, whose own term is 1, so that nothing is beyond the exponents."""
    shift, *others = (Interval(end, end) for end in sorted(ends, reverse=True))
    return x.add(shift, x.log1p(x.sum(x.exp(x.sub(other, shift)) for other in others)))


def loss(x: Arithmetic, margins: Iterable[Real]) -> Real:
    """ln(1 + sum exp)"""
    listed = list(margins)
    if any(one.hi > 0 for one in listed):
        return log_sum_exp([*listed, number(x, 0)])
    return sum((one.exp() for one in listed), number(x, 0)).log1p()
