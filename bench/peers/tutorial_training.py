#!/usr/bin/env python3
"""The tutorial's training loop, restated: what `proofmark train` is timed against.

What makes it the tutorial's loop and not a faster one: tokens drawn one by one by Python's generator behind a DataLoader,
dense one-hot inputs [batch, context, vocabulary] summed over the positions, three nn.Linear without bias, cross-entropy,
loss.backward(), AdamW with PyTorch's defaults. It needs PyTorch; nothing else in this project does.

Prints the time of the steps alone, and the time of the whole call, which also splits the input space as the tutorial does.

PyTorch is as fast as its BLAS. Debian's uses the system's libblas.so.3: install libopenblas0-pthread, for the reference
implementation (libblas3) makes it some ten times slower, and a ratio to that says nothing.
"""
import argparse
import random
import time

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, random_split


class MaxInputs(Dataset):
    """As many items as there are inputs; every look at an item draws fresh tokens."""

    def __init__(self, context, vocabulary):
        self.context, self.vocabulary = context, vocabulary

    def __len__(self):
        return self.vocabulary**self.context

    def __getitem__(self, _):
        tokens = [random.randint(0, self.vocabulary - 1) for _ in range(self.context)]
        return tokens + [max(tokens)]


class TokenSum(torch.nn.Module):
    def __init__(self, vocabulary, width):
        super().__init__()
        self.embedding = torch.nn.Linear(vocabulary, width, bias=False)
        self.linear = torch.nn.Linear(width, width, bias=False)
        self.unembedding = torch.nn.Linear(width, vocabulary, bias=False)

    def forward(self, one_hot):
        return self.unembedding(self.linear(self.embedding(one_hot.sum(dim=1))))


def batches(loader, steps):
    done = 0
    while done < steps:
        for batch in loader:
            yield batch
            done += 1
            if done == steps:
                return


def tutorial_seconds(options):
    """One run of the tutorial's loop: seconds of its steps, seconds of everything, mean of its last five losses."""
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    timed = options.time_steps or options.steps

    begin = time.perf_counter()
    inputs = MaxInputs(options.context, options.vocabulary)
    part = len(inputs) * 5 // 100  # an epoch is 5 % of the inputs
    sample, _ = random_split(inputs, [part, len(inputs) - part])
    loader = DataLoader(sample, batch_size=options.batch, shuffle=True)
    model = TokenSum(options.vocabulary, options.width)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    criterion = torch.nn.CrossEntropyLoss()

    first_step = time.perf_counter()
    history = []
    for *columns, labels in batches(loader, timed):
        one_hot = functional.one_hot(torch.stack(columns, dim=1), options.vocabulary).float()
        loss = criterion(model(one_hot), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        history.append(loss.item())
    steps = (time.perf_counter() - first_step) * options.steps / timed
    last = history[-5:]
    return steps, steps + first_step - begin, sum(last) / len(last)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--context", type=int, default=2)
    parser.add_argument("--vocabulary", type=int, default=2048)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--steps", type=int, default=410, help="of the tutorial's run")
    parser.add_argument("--time-steps", type=int, help="run only so many of the tutorial's steps and scale to --steps")
    parser.add_argument("--threads", type=int, help="PyTorch's threads (default: its own choice)")
    parser.add_argument("--seed", type=int, default=57)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    steps, whole, loss = tutorial_seconds(options)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads; {whole:.2f} s whole, final loss {loss:.4f}")
    print(f"seconds {steps:.4f}")


if __name__ == "__main__":
    main()
