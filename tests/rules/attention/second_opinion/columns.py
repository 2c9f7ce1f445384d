"""The columns of `band@1` and `near-far@1` (docs/rules/attention/README.md, "Columns"): heads one by one, the tail by maxima. All exact."""
from __future__ import annotations

from gmpy2 import mpq

from .label import Label

Row = list[mpq]


class Columns:
    def __init__(self, label: Label) -> None:
        self.label = label
        tail = [w for w in label.outputs if w not in label.heads]
        self.heads, self.tail = label.heads, tail
        EU, OV, m = label.tables.EU, label.tables.OV, label.m
        self.u = [[label.u[q][w] for w in self.heads] + [max(EU[q][w] for w in label.outputs) - EU[q][m]] for q in range(m + 1)]
        self.y = [self.cheap(OV[t], t) if t in label.far else [label.v[t][w] + label.top[w] for w in self.heads]
                  + [max(label.v[t][w] + label.top[w] for w in tail)] for t in range(m + 1)]
        self.main = [self.with_label(q) for q in range(m + 1)]
        self.Y = [max(column) for column in zip(*(self.y[t] for t in label.far))]

    def cheap(self, row: Row, t: int) -> Row:
        label = self.label
        return ([label.v[t][w] + label.top[w] for w in self.heads]
                + [max(row[w] for w in label.outputs) - row[label.m] + max(label.top.values())])

    def with_label(self, q: int) -> Row:
        label, m = self.label, self.label.m
        apart = [a + b for a, b in zip(self.u[q], self.y[m])]
        if label.joint:
            apart[-1] = max(label.u[q][w] + label.v[m][w] + label.top[w] for w in self.tail)
        return apart

    def sum(self, q: int, row: Row) -> Row:
        return [a + b for a, b in zip(self.u[q], row)]
