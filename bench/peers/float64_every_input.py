#!/usr/bin/env python3
"""The mean loss of a max of 2 in plain float64: the logits of tokens once, then a log-sum-exp for each pair of tokens a <= b, row by row.

Only some rows are computed; the median time of a pair is scaled to all V (V + 1) / 2, and the logits are added. It bounds nothing: float64
rounds as it likes. Needs numpy.
"""
from __future__ import annotations

import argparse
import statistics
import time

import numpy
from float64_model import logits


def row_loss(m: numpy.ndarray, b: int) -> float:
    """The sum of the loss over the inputs (a, b) with a <= b."""
    sums = m[: b + 1] + m[b]
    shift = sums.max(axis=1)
    return float((shift + numpy.log(numpy.exp(sums - shift[:, None]).sum(axis=1)) - sums[:, b]).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="safetensors, float32, context 2")
    parser.add_argument("--slices", type=int, default=32)
    parser.add_argument("--threads", type=int, help="of numpy's BLAS; taken from its own environment variable, and stated here for the record")
    options = parser.parse_args()
    start = time.perf_counter()
    m = logits(options.model)
    table = time.perf_counter() - start
    vocabulary = len(m)
    row_loss(m, vocabulary - 1)  # warm up
    pairs = []
    for i in range(options.slices):
        b = (i + 1) * vocabulary // options.slices - 1
        start = time.perf_counter()
        row_loss(m, b)
        pairs.append((time.perf_counter() - start) / (b + 1))
    print(f"seconds {table + statistics.median(pairs) * vocabulary * (vocabulary + 1) / 2:.4f}")


if __name__ == "__main__":
    main()
