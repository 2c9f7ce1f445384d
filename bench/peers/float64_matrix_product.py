#!/usr/bin/env python3
"""The mean loss of a max of 2 in plain float64, the fastest way: shared exponentials and one matrix product (docs/rules/enumeration.md), as the
verifier computes it, but rounded as float64 likes: it bounds nothing. All of it is computed, without the start of Python. Needs numpy.
"""
from __future__ import annotations

import argparse
import time

import numpy
from float64_model import logits


def mean_loss(m: numpy.ndarray) -> float:
    """V^-2 ( sum_ab ln Z_ab + sum_b ( 2 sum_{a<b} D[a,b] + 2 (b+1) D[b,b] ) ),  D[a,k] = max_k M[a,k] - M[a,k],  A = exp(-D),  Z = A A^T"""
    vocabulary = len(m)
    deficits = m.max(axis=1, keepdims=True) - m
    a = numpy.exp(-deficits)
    labels = 2 * numpy.triu(deficits, 1).sum() + 2 * (deficits.diagonal() * numpy.arange(1, vocabulary + 1)).sum()
    return float((numpy.log(a @ a.T).sum() + labels) / vocabulary**2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="safetensors, float32, context 2")
    parser.add_argument("--threads", type=int, help="of numpy's BLAS; taken from its own environment variable, and stated here for the record")
    options = parser.parse_args()
    start = time.perf_counter()
    value = mean_loss(logits(options.model))
    seconds = time.perf_counter() - start
    print(f"value {value:.15f}")
    print(f"seconds {seconds:.4f}")


if __name__ == "__main__":
    main()
