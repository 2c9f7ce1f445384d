"""The labels that FORMAT.md section 4 has names for: functions of the tokens that are read. None where one is not defined."""
from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

Tokens = Sequence[int]


def sum_modulo(tokens: Tokens, modulus: int) -> int:
    return sum(tokens) % modulus


def product_of_permutations(tokens: Tokens, degree: int) -> int | None:
    """(x y)(i) = x(y(i)), each permutation by its rank in lexicographic order."""
    if max(tokens) >= math.factorial(degree):
        return None
    x, y = (permutation(token, degree) for token in tokens)
    return rank([x[y[i]] for i in range(degree)])


def permutation(number: int, degree: int) -> list[int]:
    left, result = list(range(degree)), []
    for size in range(degree, 0, -1):
        digit, number = divmod(number, math.factorial(size - 1))
        result.append(left.pop(digit))
    return result


def rank(one: Sequence[int]) -> int:
    """How many permutations come before it: for each place those that have a smaller number there."""
    return sum(math.factorial(len(one) - 1 - i) * sum(later < first for later in one[i + 1:]) for i, first in enumerate(one))


def balanced_brackets(tokens: Tokens) -> int | None:
    if max(tokens) > 1:
        return None
    depths = list(itertools.accumulate(1 - 2 * token for token in tokens))
    return int(min(depths) >= 0 and depths[-1] == 0)


def induction(tokens: Tokens) -> int | None:
    *before, last = tokens
    return tokens[before.index(last) + 1] if last in before else None


def longest_cycle(tokens: Tokens) -> int | None:
    """Of the map i -> tokens[i]; less one. After k steps from anywhere one is on a cycle."""
    k = len(tokens)
    if max(tokens) >= k:
        return None
    lengths = []
    for start in range(k):
        for _ in range(k):
            start = tokens[start]
        at, length = tokens[start], 1
        while at != start:
            at, length = tokens[at], length + 1
        lengths.append(length)
    return max(lengths) - 1


def label(name: str, tokens: Tokens, parameter: int | None) -> int | None:
    if name in ("max", "min"):
        return max(tokens) if name == "max" else min(tokens)
    if name == "sum-modulo":
        return sum_modulo(tokens, parameter)
    if name == "symmetric-group":
        return product_of_permutations(tokens, parameter)
    return {"balanced-brackets": balanced_brackets, "induction": induction, "longest-cycle": longest_cycle}[name](tokens)


def bound(name: str, largest: Tokens, parameter: int | None) -> int | None:
    """No less than every label, from the largest token at each position that is read; none where some input of these has no label."""
    if name == "sum-modulo":
        return min(parameter - 1, sum(largest))
    if name == "symmetric-group":
        return math.factorial(parameter) - 1 if max(largest) < math.factorial(parameter) else None
    if name == "balanced-brackets":
        return 1 if max(largest) <= 1 else None
    if name == "longest-cycle":
        return len(largest) - 1 if max(largest) < len(largest) else None
    return min(largest) if name == "min" else max(largest[1:] if name == "induction" else largest)
