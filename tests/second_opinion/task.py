"""The task (FORMAT.md section 4): which inputs there are, and the label of each."""
from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from second_opinion import labels
from second_opinion.exact_numbers import INTEGERS, numbers
from second_opinion.reading import Task, Tensor
from second_opinion.refusal import require

Input = tuple[int, ...]


class Inputs:
    """All inputs of a task by their index, with their labels."""

    def __init__(self, task: Task) -> None:
        self.task = task
        if task.rows is not None:
            require(task.rows.dtype in INTEGERS and len(task.rows.shape) == 2, "task-inputs", "/task/inputs/list", "rows of integers")
            self.N, self.n = task.rows.shape
        else:
            self.N, self.n = math.prod(max(0, end - start) for start, end in task.ranges), len(task.ranges)
        require(1 <= self.n <= 64, "limit-context", "/task/inputs", str(self.n))
        self.rows = list(zip(*[iter(integers(task.rows))] * self.n)) if task.rows is not None else None
        for p, (start, end) in enumerate(task.ranges or []):
            require(start < end <= 2**32, "task-inputs", f"/task/inputs/ranges/{p}")
        self.read = tuple(range(self.n) if task.positions is None else task.positions)
        self.check_named()
        self.table = integers(task.table) if task.table is not None else None

    def check_named(self) -> None:
        """What can be asked of a label without an input."""
        task, read = self.task, self.read
        require(len(read) > 0 and len(set(read)) == len(read) and max(read) < self.n, "task-label", "/task/label/positions")
        if task.table is not None:
            require(task.table.dtype in ("uint8", "uint16") and task.table.shape == [self.N], "task-label", "/task/label/table")
        if task.name == "sum-modulo":
            require(1 <= task.parameter <= 2**32, "task-label", "/task/label/modulus", str(task.parameter))
        if task.name == "symmetric-group":
            require(1 <= task.parameter <= 7, "task-label", "/task/label/degree", str(task.parameter))
            require(len(read) == 2, "task-label", "/task/label", "of two positions")
        require(task.name != "induction" or len(read) >= 2, "task-label", "/task/label", "of two positions or more")

    def __iter__(self) -> Iterator[tuple[Input, int | None]]:
        return (self.labelled(index, tokens) for index, tokens in
                enumerate(self.rows if self.rows is not None else itertools.product(*(range(*tokens) for tokens in self.task.ranges))))

    def between(self, start: int, end: int) -> Iterator[tuple[Input, int | None]]:
        """Those whose indices are in the range, from the range alone."""
        return (self.labelled(index, self.rows[index] if self.rows is not None else unranked(index, self.task.ranges)) for index in range(start, end))

    def labelled(self, index: int, tokens: Input) -> tuple[Input, int | None]:
        """No label where it is not defined."""
        return tokens, self.table[index] if self.table else labels.label(self.task.name, [tokens[p] for p in self.read], self.task.parameter)

    def largest_tokens(self) -> list[int]:
        """At each position."""
        return [max(column) for column in zip(*self.rows)] if self.rows is not None else [end - 1 for _, end in self.task.ranges]

    def check_labels(self, C: int) -> None:
        """Of a list and of a table each; of ranges by bounds. What these leave open each input that a step evaluates is asked."""
        if self.rows is not None or self.table is not None:
            for one in self:
                check_label(*one, C)
        else:
            largest = [end - 1 for _, end in self.task.ranges]
            bound = labels.bound(self.task.name, [largest[p] for p in self.read], self.task.parameter)
            require(bound is not None, "task-label", "/task/label", "not defined for the largest tokens")
            require(bound < C, "label-range", "/task/label", f"labels to {bound}, and {C} classes")

    def is_max_of_all(self, V: int) -> bool:
        """Whether they are all sequences of V tokens, each with its largest token as label: the task of the rules that close ranges of labels."""
        return self.task.ranges == [(0, V)] * self.n and self.task.name == "max" and self.task.positions is None


def check_label(tokens: Input, label: int | None, C: int) -> None:
    require(label is not None, "task-label", "/task/label", f"not defined for {tokens}")
    require(label < C, "label-range", "/task/label", f"{label} for {tokens}, and {C} classes")


def unranked(index: int, ranges: Sequence[tuple[int, int]]) -> Input:
    tokens = []
    for start, end in reversed(ranges):
        index, digit = divmod(index, end - start)
        tokens.append(start + digit)
    return tuple(reversed(tokens))


def integers(tensor: Tensor) -> list[int]:
    return numbers(tensor.dtype, tensor.raw, "", "")
