#!/usr/bin/env python3
"""The convexity bound of a max of 2 as a notebook computes it: PyTorch float32, the V inputs (a, a) through the model. Theorem and symbols:
docs/rules/convexity.md. All of it is computed; prints the median time of seven runs, without the start of Python. It bounds nothing: float32
rounds as it likes. (The tutorial's own code weighs L(2 M[b], b) by 2 where the theorem has 1 + b, at the same cost.) Needs PyTorch.
"""
from __future__ import annotations

import argparse
import statistics
import time

import torch
from tutorial_model import Model

RUNS = 7


def bound(model: Model) -> float:
    """V^-2 ( sum_a L(2 M[a], a) + sum_{a<b} ( L(2 M[a], b) + L(2 M[b], b) ) ),  L(u, y) = ln sum_k exp u_k - u_y"""
    tokens = torch.arange(model.vocabulary)
    logits = model.logits(torch.stack([tokens, tokens], dim=1))                 # 2 M [V x V]
    losses = torch.logsumexp(logits, dim=1, keepdim=True) - logits              # L(2 M[a], b) [V x V]
    total = torch.triu(losses, diagonal=1).sum() + (losses.diagonal() * (1 + tokens)).sum()
    return total.item() / model.vocabulary**2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="safetensors, float32, context 2")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = Model(options.model)
    value = bound(model)  # warm up
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        bound(model)
        seconds.append(time.perf_counter() - start)
    print(f"value {value:.6f}")
    print(f"seconds {statistics.median(seconds):.4f}")


if __name__ == "__main__":
    with torch.inference_mode():
        main()
