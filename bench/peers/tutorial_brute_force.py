#!/usr/bin/env python3
"""The tutorial's brute force in PyTorch float32, restated, on a slice of the inputs: what an exact mean loss costs its way.

For each first token: all V inputs with it as one-hot vectors [V, 2, V], through the model, cross-entropy. Prints the median time of a slice,
scaled to all V first tokens, without the start of Python. It bounds nothing: float32 rounds as it likes. Needs PyTorch.
"""
from __future__ import annotations

import argparse
import statistics
import time

import torch
from torch.nn import functional
from tutorial_model import Model


def slice_seconds(model: Model, first: int) -> float:
    start = time.perf_counter()
    second = torch.arange(model.vocabulary)
    tokens = torch.stack([torch.full_like(second, first), second], dim=1)
    functional.cross_entropy(model.logits(tokens), tokens.max(dim=1).values, reduction="sum").item()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="safetensors, float32, context 2")
    parser.add_argument("--slices", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = Model(options.model)
    slice_seconds(model, 0)  # warm up
    seconds = [slice_seconds(model, i * model.vocabulary // options.slices) for i in range(options.slices)]
    print(f"slices {options.slices} of {model.vocabulary}, fastest {min(seconds):.4f} s, median {statistics.median(seconds):.4f} s")
    print(f"seconds {statistics.median(seconds) * model.vocabulary:.4f}")


if __name__ == "__main__":
    with torch.inference_mode():
        main()
