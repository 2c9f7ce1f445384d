#!/usr/bin/env python3
"""The tutorial's brute force in PyTorch float32, restated, on a slice of the inputs: what an exact mean loss costs its way.

For each first token: all V inputs with it as one-hot vectors [V, 2, V], through the model, cross-entropy. Prints the time of each slice and
the median scaled to all V first tokens. It bounds nothing: float32 rounds as it likes. Needs PyTorch.
"""

import argparse
import json
import statistics
import struct
import time

import torch
from torch.nn import functional


def read_weights(path: str) -> dict[str, torch.Tensor]:
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    return {
        name: torch.frombuffer(data, dtype=torch.float32, offset=entry["data_offsets"][0],
                               count=entry["shape"][0] * entry["shape"][1]).reshape(entry["shape"])
        for name, entry in header.items() if name != "__metadata__"
    }


def slice_seconds(weights: dict[str, torch.Tensor], first: int, vocabulary: int) -> float:
    start = time.perf_counter()
    second = torch.arange(vocabulary)
    tokens = torch.stack([torch.full_like(second, first), second], dim=1)
    one_hot = functional.one_hot(tokens, vocabulary).float()
    logits = one_hot.sum(dim=1) @ weights["embedding.weight"].T @ weights["linear.weight"].T @ weights["unembedding.weight"].T
    functional.cross_entropy(logits, tokens.max(dim=1).values, reduction="sum").item()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="safetensors, float32, context 2")
    parser.add_argument("--slices", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    weights = read_weights(options.model)
    vocabulary = weights["unembedding.weight"].shape[0]
    with torch.no_grad():
        slice_seconds(weights, 0, vocabulary)  # warm up
        seconds = [slice_seconds(weights, i * vocabulary // options.slices, vocabulary) for i in range(options.slices)]
    print(f"slices {options.slices} of {vocabulary}, fastest {min(seconds):.4f} s, median {statistics.median(seconds):.4f} s")
    print(f"seconds {statistics.median(seconds) * vocabulary:.1f}")


if __name__ == "__main__":
    with torch.inference_mode():
        main()
