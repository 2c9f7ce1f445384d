"""The sum of the loss, the number of correct inputs and the least margin of a label range, and what rules make of them, for writing certificates.

`decimal` arithmetic, one term for each multiset of tokens; for rules that are no equality the formulas of their pages. It is not rigorous to the
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

from .encodings import hexadecimal, signed_hexadecimal
from .models import Matrix
from .witnesses import Hints

CONTEXT = decimal.Context(prec=60, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
WIDENING = Fraction(1, 2**40)
EXACT = ("enumeration@1", "symmetry@1")         # equalities: from both sides, and with a margin
UPPER_ONLY = ("convexity@1", "block-jensen@1")
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
    largest = max(values)
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, CONTEXT.exp(rounded(value - largest)))
    return CONTEXT.add(rounded(largest - values[max(t)]), CONTEXT.ln(total))


def rounded(value: Fraction) -> Decimal:
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def loss_sum(M: Matrix, n: int, labels: tuple[int, int]) -> Fraction:
    total = Decimal(0)
    for label in range(*labels):
        for t, orders in multisets(n, label):
            total = CONTEXT.add(total, CONTEXT.multiply(Decimal(orders), loss(M, t)))
    return Fraction(total)


def declared_interval(rule: str, M: Matrix, n: int, labels: tuple[int, int], hints: Hints | None = None) -> list[str]:
    """[lo, hi] around what the rule gives, wider by 2^-40 of it and 2^-40 nats per input."""
    low, high = bounds(rule, M, n, labels, hints)
    margin = (high + labels[1] ** n - labels[0] ** n) * WIDENING
    return [hexadecimal(max(Fraction(0), low - margin), up=False), hexadecimal(high + margin, up=True)]


def bounds(rule: str, M: Matrix, n: int, labels: tuple[int, int], hints: Hints | None) -> tuple[Fraction, Fraction]:
    if rule == "convexity@1":
        return Fraction(0), convexity_sum(M, n, labels)
    if rule == "head-tail@1":
        return HeadTail(M, hints).bounds(labels)
    if rule == "block-jensen@1":
        return Fraction(0), sum((block_jensen_bound(M, hints, p, q) for _, p, q in hints.blocks_of(labels)), Fraction(0))
    total = loss_sum(M, n, labels)
    return total, total


def declared_correct(rule: str, M: Matrix, n: int, labels: tuple[int, int], hints: Hints | None = None) -> tuple[int, int]:
    """At least and at most so many: a rule that is no equality says nothing of the other end, and enclosures leave ties open."""
    least = least_correct(rule, M, n, labels, hints)
    return least, least + tied_inputs(M, n, labels) if rule in EXACT else labels[1] ** n - labels[0] ** n


def least_correct(rule: str, M: Matrix, n: int, labels: tuple[int, int], hints: Hints | None) -> int:
    if rule == "head-tail@1":
        return HeadTail(M, hints).correct(labels)
    if rule == "block-jensen@1":
        return sum(surely_correct(q**2 - p**2, block_jensen_bound(M, hints, p, q)) for _, p, q in hints.blocks_of(labels))
    return (correct_by_loss if rule == "convexity@1" else correct_inputs)(M, n, labels)


def correct_inputs(M: Matrix, n: int, labels: tuple[int, int]) -> int:
    return sum(orders for label in range(*labels) for t, orders in multisets(n, label) if is_correct(M, t))


def tied_inputs(M: Matrix, n: int, labels: tuple[int, int]) -> int:
    return sum(orders for label in range(*labels) for t, orders in multisets(n, label) if margin(M, t) == 0)


def is_correct(M: Matrix, t: tuple[int, ...]) -> bool:
    least = margin(M, t)
    return least is None or least > 0


def margin(M: Matrix, t: tuple[int, ...]) -> Fraction | None:
    """What the label's logit has more than the largest other; none where there is no other."""
    values, label = logits(M, t), max(t)
    return min((values[label] - value for k, value in enumerate(values) if k != label), default=None)


def least_margin(M: Matrix, n: int, labels: tuple[int, int]) -> Fraction:
    return min(margin(M, t) for label in range(*labels) for t, _ in multisets(n, label))


def declared_margin(M: Matrix, n: int, labels: tuple[int, int]) -> str:
    """Below the least margin, by 2^-40 of what logits are made of."""
    size = 1 + n * max(abs(value) for row in M for value in row)
    return signed_hexadecimal(least_margin(M, n, labels) - size * WIDENING, up=False)


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
    return sum(surely_correct((y + 1) ** n - y**n, convexity_bound(M, n, y)) for y in range(*labels))


def surely_correct(inputs: int, bound: Fraction) -> int:
    """An input that is not correct has a loss of ln 2 or more. Of more than 2^50 inputs a verifier need not confirm the last."""
    found = max(0, inputs - math.floor(max(bound, Fraction(0)) / Fraction(CONTEXT.ln(Decimal(2))) * WHOLE))
    return found - found // 2**50


def exponentials(M: Matrix) -> list[list[Decimal]]:
    """A[a,k]"""
    return [[CONTEXT.exp(rounded(value - max(row))) for value in row] for row in M]


def label_terms(M: Matrix, n: int, y: int) -> Fraction:
    c_1, c_2 = n * ((y + 1) ** (n - 1) - y ** (n - 1)), n * (y + 1) ** (n - 1)
    D = [max(M[a]) - M[a][y] for a in range(y + 1)]
    return c_1 * sum(D[:y], Fraction(0)) + c_2 * D[y]


# -- head-tail@1 ---------------------------------------------------------------------------------------------------

class HeadTail:
    """The formulas of head-tail.md, in `decimal` arithmetic: indices a, k; a sorted input t, its label last."""

    def __init__(self, M: Matrix, hints: Hints) -> None:
        self.M, self.hints, self.A = M, hints, exponentials(M)

    def bounds(self, labels: tuple[int, int]) -> tuple[Fraction, Fraction]:
        low = high = Fraction(0)
        for y in range(*labels):
            terms = label_terms(self.M, self.hints.n, y)
            low, high = low + terms, high + terms + self.total(y)
            for t, orders in multisets(self.hints.n, y):
                L, U = self.ends(t)
                m = self.multiplier(t)
                z = L if m * Fraction(L) >= 1 else U if m * Fraction(U) <= 1 else rounded(1 / m)
                low += orders * Fraction(CONTEXT.ln(L))
                high += orders * (Fraction(CONTEXT.ln(z)) - m * Fraction(z))
        return max(low, Fraction(0)), high

    def ends(self, t: tuple[int, ...]) -> tuple[Decimal, Decimal]:
        size = self.hints.sizes[self.hints.level(t)]
        if size == len(self.M):
            head = set(range(size))
        else:
            head = {k for a in t for k in self.hints.heads[a][:size]}
        with decimal.localcontext(CONTEXT):
            L = sum((math.prod((self.A[a][k] for a in t), start=Decimal(1)) for k in sorted(head)), Decimal(0))
            return L, L if size == len(self.M) else L + sum(self.norms(t, size, group) for group in set(self.hints.groups))

    def norms(self, t: tuple[int, ...], size: int, group: int) -> Decimal:
        """The product of the norms of an input's tokens in one group."""
        n, p = self.hints.n, max(2, self.hints.n - 1)
        outside = [k for k in range(len(self.M)) if self.hints.groups[k] == group]
        if n > 2:
            outside = [k for k in outside if k not in self.hints.heads[t[-1]][:size]]
        product = Decimal(1)
        for i, a in enumerate(t if n == 2 else t[:-1]):
            inner = Decimal(0)
            for k in outside:
                if k not in self.hints.heads[a][:size]:
                    w = rounded(self.hints.weights[k]) if self.hints.weights else Decimal(1)
                    inner += self.A[a][k] ** p * (1 / w if i else w) * (1 if n == 2 else self.A[t[-1]][k])
            product *= CONTEXT.power(inner, CONTEXT.divide(Decimal(1), Decimal(p))) if inner else Decimal(0)
        return product

    def multiplier(self, t: tuple[int, ...]) -> Fraction:
        if self.hints.token_multipliers is None:
            return Fraction(0)
        return self.hints.label_multipliers[t[-1]] * math.prod((self.hints.token_multipliers[a] for a in t), start=Fraction(1))

    def total(self, y: int) -> Fraction:
        """v_y T_y"""
        if self.hints.token_multipliers is None:
            return Fraction(0)
        u, T = self.hints.token_multipliers, Fraction(0)
        for k in range(len(self.M)):
            P = [sum((u[a] * Fraction(self.A[a][k]) for a in range(end)), Fraction(0)) for end in (y, y + 1)]
            T += P[1] ** self.hints.n - P[0] ** self.hints.n
        return self.hints.label_multipliers[y] * T

    def correct(self, labels: tuple[int, int]) -> int:
        return sum(orders for y in range(*labels) for t, orders in multisets(self.hints.n, y) if self.is_correct(t))

    def is_correct(self, t: tuple[int, ...]) -> bool:
        if self.hints.sizes[self.hints.level(t)] == len(self.M):
            return is_correct(self.M, t)
        with decimal.localcontext(CONTEXT):
            return self.ends(t)[1] * (1 + Decimal(10) ** -45) < 2 * math.prod((self.A[a][t[-1]] for a in t), start=Decimal(1))


# -- block-jensen@1 ------------------------------------------------------------------------------------------------

def block_jensen_bound(M: Matrix, hints: Hints, p: int, q: int) -> Fraction:
    """The right side of the theorem of block-jensen.md for the block [p, q)."""
    A, u = exponentials(M), hints.block_multipliers
    def block_sum(start: int, end: int) -> list[Fraction]:
        return [sum((u[a] * Fraction(A[a][k]) for a in range(start, end)), Fraction(0)) for k in range(len(M))]
    J, result = block_sum(p, q), Fraction(0)
    for _, start, end in hints.blocks_of((0, q)):
        pairs = (end - start) * (q - p)
        mean = sum((left * right for left, right in zip(block_sum(start, end), J)), Fraction(0)) / pairs
        result += (1 if start == p else 2) * pairs * Fraction(CONTEXT.ln(rounded(mean)))
    for a in range(q):
        result -= (2 * (q - p) if a < p else 2 * q) * Fraction(CONTEXT.ln(rounded(u[a])))
    return result + sum((label_terms(M, 2, y) for y in range(p, q)), Fraction(0))
