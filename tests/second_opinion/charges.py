"""Operations by kind (FORMAT.md section 8): what each step of a program is charged, from shapes alone."""
from __future__ import annotations

from collections import Counter

KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read")


class Charges(Counter[str]):
    """Kind -> how many. `R` rows and `C` columns of a result, `K` terms."""

    def charge(self, **kinds: int) -> None:
        for kind, times in kinds.items():
            self[kind] += times

    def product(self, R: int, K: int, C: int) -> None:
        """Of matrices; dot products of `K` terms."""
        if K > 0:
            self.charge(mul=R * K * C, add=R * C * (K - 1))

    def sum(self, R: int, K: int) -> None:
        """Of the columns of each row."""
        if K > 0:
            self.charge(add=R * (K - 1))

    def log_sum_exp(self, R: int, K: int) -> None:
        self.charge(exp=R * K, add=R * (K - 1), log=R)

    def length(self) -> int:
        return self.total()
