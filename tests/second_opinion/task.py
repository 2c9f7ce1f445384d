"""The task (FORMAT.md section 4): which inputs there are, and the label of each."""
from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from second_opinion.exact_numbers import INTEGERS, numbers
from second_opinion.reading import Tensor, Task
from second_opinion.refusal import require

Input = tuple[int, ...]


class Inputs:
    """All inputs of a task in lexicographic order, with their labels."""

    def __init__(self, task: Task) -> None:
        self.task = task
        if task.rows is not None:
            require(task.rows.dtype in INTEGERS and len(task.rows.shape) == 2, "task-inputs", "/task/inputs/list", "rows of integers")
            self.N, self.n = task.rows.shape
        else:
            self.N, self.n = math.prod(max(0, end - start) for start, end in task.ranges), len(task.ranges)
        require(1 <= self.n <= 64, "limit-context", "/task/inputs", str(self.n))
        self.rows = list(zip(*[iter(integers(task.rows))] * self.n)) if task.rows is not None else None
        if self.rows is not None:
            require(all(a < b for a, b in zip(self.rows, self.rows[1:])), "task-inputs", "/task/inputs/list", "rows that increase")
        else:
            require(all(start < end <= 2**32 for start, end in task.ranges), "task-inputs", "/task/inputs/ranges")
        positions = range(self.n) if task.positions is None else task.positions
        require(len(positions) > 0 and len(set(positions)) == len(positions) and max(positions) < self.n, "task-label", "/task/label/positions")
        self.read = tuple(positions)
        if task.table is not None:
            require(task.table.dtype in ("uint8", "uint16") and task.table.shape == [self.N], "task-label", "/task/label/table")
        self.table = integers(task.table) if task.table is not None else None

    def __iter__(self) -> Iterator[tuple[Input, int]]:
        all_of_them = self.rows if self.rows is not None else itertools.product(*(range(*tokens) for tokens in self.task.ranges))
        for index, tokens in enumerate(all_of_them):
            yield tokens, self.table[index] if self.table else max(tokens[p] for p in self.read)

    def largest_token(self) -> int:
        return max(map(max, self.rows)) if self.rows is not None else max(end for _, end in self.task.ranges) - 1

    def largest_label(self) -> int:
        if self.table is not None:
            return max(self.table)
        if self.rows is not None:
            return max(label for _, label in self)
        return max(self.task.ranges[p][1] for p in self.read) - 1

    def is_max_of_all(self, V: int) -> bool:
        """Whether they are all sequences of V tokens, each with its largest token as label: the task of the rules of this version."""
        return self.task.ranges == [(0, V)] * self.n and self.task.name == "max" and self.task.positions is None


def integers(tensor: Tensor) -> list[int]:
    return numbers(tensor.dtype, tensor.raw, "", "")
