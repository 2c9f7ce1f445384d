"""The mean head-tail bound and the mean loss of a model over all inputs of two or three tokens, in doubles, from the formula as it stands.

Not rigorous: for judging a training by what it was for. `heads` is m; an m of V leaves no tail and gives the mean loss.
"""
from __future__ import annotations

import itertools
import math
from pathlib import Path

from proofmark_testing.models import EMBEDDING, LINEAR, UNEMBEDDING, transpose
from proofmark_testing.safetensors import read

Rows = list[list[float]]


def mean_bound(path: Path, n: int, m: int) -> float:
    M = logits(path)
    V = len(M)
    A = [[math.exp(x) for x in row] for row in M]
    heads = [set(sorted(range(V), key=lambda k: -row[k])[:m]) for row in M]
    total = 0.0
    for t in itertools.combinations_with_replacement(range(V), n):
        orders = math.factorial(n)
        for token in set(t):
            orders //= math.factorial(t.count(token))
        Z = (two if n == 2 else three)(A, heads, *t)
        total += orders * (math.log(Z) - sum(M[token][t[-1]] for token in t))
    return total / V**n


def two(A: Rows, H: list[set[int]], a: int, b: int) -> float:
    tail_a, tail_b = tail(A[a], H[a]), tail(A[b], H[b])
    return (sum(A[a][k] * A[b][k] for k in H[b]) + sum(A[a][k] * tail_b[k] for k in H[a])
            + math.sqrt(sum(x * x for x in tail_a)) * math.sqrt(sum(x * x for x in tail_b)))


def three(A: Rows, H: list[set[int]], a: int, b: int, c: int) -> float:
    tail_a, tail_b, tail_c = (tail(A[token], H[token]) for token in (a, b, c))
    return (sum(A[a][k] * A[b][k] * A[c][k] for k in H[c]) + sum(A[a][k] * A[b][k] * tail_c[k] for k in H[b])
            + sum(A[a][k] * tail_b[k] * tail_c[k] for k in H[a])
            + math.sqrt(sum(x * x * w for x, w in zip(tail_a, tail_c))) * math.sqrt(sum(x * x * w for x, w in zip(tail_b, tail_c))))


def tail(row: list[float], head: set[int]) -> list[float]:
    return [0.0 if k in head else x for k, x in enumerate(row)]


def logits(path: Path) -> Rows:
    weights = {name: [[float(x) for x in row] for row in tensor.rows()] for name, tensor in read(path).items()}
    E, W, U = (transpose(weights[name]) for name in (EMBEDDING, LINEAR, UNEMBEDDING))
    return product(product(E, W), U)


def product(left: Rows, right: Rows) -> Rows:
    columns = transpose(right)
    return [[math.fsum(a * b for a, b in zip(row, column)) for column in columns] for row in left]
