"""`block-jensen@1`: the bound of its theorem over the blocks of a step, and the inputs that it shows to be correct.

Straight from docs/rules/block-jensen.md; the sums over pairs of tokens are formed pair by pair.
"""
from __future__ import annotations

from collections.abc import Iterator

import gmpy2
from gmpy2 import mpq

from second_opinion.intervals import Arithmetic, Interval
from second_opinion.matrices import Matrix

from .witnesses import Witnesses

Block = range


class BlockJensen:
    def __init__(self, M: Matrix, hints: Witnesses, bits: int) -> None:
        self.hints, self.V, self.arithmetic = hints, hints.V, Arithmetic(bits)
        self.D = [[max(row) - value for value in row] for row in M]
        self.A = [[self.arithmetic.exp(self.arithmetic.number(-deficit)) for deficit in row] for row in self.D]
        self.ln_u = [self.arithmetic.log(self.arithmetic.number(u)) for u in hints.block_multipliers]

    def blocks(self, labels: tuple[int, int]) -> Iterator[Block]:
        starts = [*self.hints.blocks, self.V]
        for start, end in zip(starts, starts[1:]):
            if labels[0] <= start < labels[1]:
                yield range(start, end)

    def bound(self, labels: tuple[int, int]) -> Interval:
        return self.arithmetic.sum(self.block_bound(J) for J in self.blocks(labels))

    def correct(self, labels: tuple[int, int]) -> int:
        """Each input that is not correct costs ln 2 at least."""
        x, correct = self.arithmetic, 0
        for J in self.blocks(labels):
            wrong = int(gmpy2.floor(x.div(self.block_bound(J), x.log(x.number(2))).hi))
            correct += max(0, J.stop**2 - J.start**2 - wrong)
        return correct

    def block_bound(self, J: Block) -> Interval:
        x, p, q = self.arithmetic, J.start, J.stop
        total = x.mul(x.number(len(J) ** 2), self.log_mean(J, J))
        for I in self.blocks((0, p)):
            total = x.add(total, x.mul(x.number(2 * len(I) * len(J)), self.log_mean(I, J)))
        for a in range(q):
            total = x.sub(total, x.mul(x.number(2 * len(J) if a < p else 2 * q), self.ln_u[a]))
        for y in J:
            c_1, c_2 = 2, 2 * (y + 1)
            total = x.add(total, x.number(c_1 * sum((self.D[a][y] for a in range(y)), mpq(0)) + c_2 * self.D[y][y]))
        return total

    def log_mean(self, I: Block, J: Block) -> Interval:
        """ln of the mean of u_a u_b Z_ab over a in I, b in J."""
        x = self.arithmetic
        pairs = x.sum(x.mul(x.number(self.hints.block_multipliers[a] * self.hints.block_multipliers[b]),
                            x.sum(x.mul(self.A[a][k], self.A[b][k]) for k in range(self.V))) for a in I for b in J)
        return x.log(x.div(pairs, x.number(len(I) * len(J))))
