"""`head-tail@1`: the two bounds of its theorem, summed over all inputs of a range, and the inputs that they show to be correct.

Straight from docs/rules/head-tail.md: every sorted input has its own L and U, from sets of outputs, and weighs as often as it can
be ordered. Logits and multipliers are exact; enclosures are as wide as `bits` make them.
"""
from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator

from gmpy2 import mpq

from second_opinion.intervals import Arithmetic, Interval, hull
from second_opinion.matrices import Matrix

from .witnesses import Witnesses

Input = tuple[int, ...]


class HeadTail:
    """The rule for one model and one set of witnesses; tokens a, outputs k."""

    def __init__(self, M: Matrix, hints: Witnesses, bits: int) -> None:
        self.M, self.hints, self.n, self.V = M, hints, hints.n, hints.V
        self.arithmetic = Arithmetic(bits)
        self.members = [[k for k in range(self.V) if hints.groups[k] == group] for group in range(hints.group_count)]
        self.known: dict[Input, tuple[Interval, Interval]] = {}
        self.known_norms: dict[tuple[int, int, int | None, int], list[Interval]] = {}
        self.D = [[max(row) - value for value in row] for row in M]
        self.A = [[self.arithmetic.exp(self.arithmetic.number(-deficit)) for deficit in row] for row in self.D]

    def bounds(self, labels: tuple[int, int]) -> tuple[Interval, Interval]:
        """The right sides of the theorem: S is at least the first and at most the second. No loss is negative."""
        x = self.arithmetic
        lower, upper = x.number(0), x.number(0)
        for y in range(*labels):
            terms = x.number(self.label_terms(y))
            lower, upper = x.add(lower, terms), x.add(upper, x.add(terms, self.total(y)))
            for t, orders in sorted_inputs(self.n, y):
                L, U = self.ends(t)
                lower = x.add(lower, x.mul(x.number(orders), x.log(L)))
                upper = x.add(upper, x.mul(x.number(orders), self.phi(L, U, self.multiplier(t))))
        zero = x.number(0)
        return Interval(max(zero.lo, lower.lo), max(zero.hi, lower.hi)), upper

    def correct(self, labels: tuple[int, int]) -> int:
        return sum(orders for y in range(*labels) for t, orders in sorted_inputs(self.n, y) if self.is_correct(t))

    def is_correct(self, t: Input) -> bool:
        y = t[-1]
        if self.hints.is_exact(self.hints.level(t)):
            logits = [sum((self.M[a][k] for a in t), mpq(0)) for k in range(self.V)]
            return all(logit < logits[y] for k, logit in enumerate(logits) if k != y)
        _, U = self.ends(t)
        x = self.arithmetic
        return U.hi < x.mul(x.number(2), self.product(t, y)).lo

    def label_terms(self, y: int) -> mpq:
        c_1, c_2 = self.n * ((y + 1) ** (self.n - 1) - y ** (self.n - 1)), self.n * (y + 1) ** (self.n - 1)
        return c_1 * sum((self.D[a][y] for a in range(y)), mpq(0)) + c_2 * self.D[y][y]

    def product(self, t: Input, k: int) -> Interval:
        return self.arithmetic.prod(self.A[a][k] for a in t)

    def ends(self, t: Input) -> tuple[Interval, Interval]:
        """L(t) and U(t) with the heads of the input's level."""
        if t not in self.known:
            self.known[t] = self.new_ends(t)
        return self.known[t]

    def new_ends(self, t: Input) -> tuple[Interval, Interval]:
        level = self.hints.level(t)
        union = set().union(*(self.hints.head(a, level) for a in t))
        L = self.arithmetic.sum(self.product(t, k) for k in sorted(union))
        if self.hints.is_exact(level):
            return L, L
        return L, self.arithmetic.add(L, self.tail(t, level))

    def tail(self, t: Input, level: int) -> Interval:
        x = self.arithmetic
        bounded = t if self.n == 2 else t[:-1]                      # the tokens with a norm of their own
        weigh = {2: (1, -1), 3: (1, -1)}.get(self.n, (0,) * len(bounded))
        norms = [self.norms(a, exponent, t[-1] if self.n > 2 else None, level) for a, exponent in zip(bounded, weigh)]
        return x.sum(x.prod(of_group) for of_group in zip(*norms))

    def norms(self, a: int, exponent: int, y: int | None, level: int) -> list[Interval]:
        """Of each group."""
        at = a, exponent, y, level
        if at not in self.known_norms:
            self.known_norms[at] = [self.norm(*at, group) for group in range(self.hints.group_count)]
        return self.known_norms[at]

    def norm(self, a: int, exponent: int, y: int | None, level: int, group: int) -> Interval:
        x, p, terms = self.arithmetic, max(2, self.n - 1), []
        for k in self.members[group]:
            if k not in self.hints.head(a, level) and (y is None or k not in self.hints.head(y, level)):
                term = x.mul(x.power(self.A[a][k], p), x.number(self.weight(k) ** exponent))
                terms.append(term if y is None else x.mul(self.A[y][k], term))
        return x.root(x.sum(terms), p)

    def weight(self, k: int) -> mpq:
        return self.hints.weights[k] if self.hints.weights else mpq(1)

    # -- multipliers ---------------------------------------------------------------------------------------------

    def multiplier(self, t: Input) -> mpq:
        """m(t)"""
        if self.hints.token_multipliers is None:
            return mpq(0)
        return self.hints.label_multipliers[t[-1]] * math.prod((self.hints.token_multipliers[a] for a in t), start=mpq(1))

    def total(self, y: int) -> Interval:
        """v_y T_y: the sum of m(t) Z(t) over all inputs with label y, from powers of sums."""
        x = self.arithmetic
        if self.hints.token_multipliers is None:
            return x.number(0)
        T = x.number(0)
        for k in range(self.V):
            below, up_to = (x.sum(x.mul(x.number(self.hints.token_multipliers[a]), self.A[a][k]) for a in range(end)) for end in (y, y + 1))
            T = x.add(T, x.sub(x.power(up_to, self.n), x.power(below, self.n)))
        return x.mul(x.number(self.hints.label_multipliers[y]), T)

    def phi(self, L: Interval, U: Interval, m: mpq) -> Interval:
        """The largest ln z - m z for z from L to U; where the enclosures leave open which z it is, all that it may be."""
        x = self.arithmetic
        if m == 0:
            return x.log(U)
        multiplier = x.number(m)
        mL, mU = x.mul(multiplier, L), x.mul(multiplier, U)
        found = []
        if mL.hi >= 1:
            found.append(x.sub(x.log(L), mL))
        if mU.lo <= 1:
            found.append(x.sub(x.log(U), mU))
        if mL.lo < 1 < mU.hi:
            found.append(x.sub(x.log(x.div(x.number(1), multiplier)), x.number(1)))
        result = found[0]
        for other in found[1:]:
            result = hull(result, other)
        return result


def sorted_inputs(n: int, label: int) -> Iterator[tuple[Input, int]]:
    """Each sorted input with this label, and how many inputs sort to it."""
    for others in itertools.combinations_with_replacement(range(label + 1), n - 1):
        t = others + (label,)
        orders = math.factorial(n)
        for times in Counter(t).values():
            orders //= math.factorial(times)
        yield t, orders
