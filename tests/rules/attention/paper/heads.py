"""One way to choose a label's heads (L6), which are a witness: the outputs that most often come closest to the label where near tokens attend."""
from __future__ import annotations

import numpy as np

from rules.attention.paper.model import Label
from rules.attention.paper.slots import split


def frequent(label: Label, g: int, count: int) -> list[int]:
    m, free = label.m, label.tables.n - 1
    c, f = split(m, g)
    token, closest = label.v + label.top, np.zeros(len(label.outputs))
    for q in range(m + 1):
        position, last, r = label.b[q, :-1].sum() / max(free, 1), label.b[q, -1], label.r[q]
        for near in {1, 2, free - 1, free} & set(range(1, free + (q == m))):
            of_label, of_query, of_near = (free - near) * position, r[q] * last, near * position * r[f:m, None]
            margins = label.u[q] + (of_label * token[m] + of_query * token[q] + of_near * token[f:m]) / (of_label + of_query + of_near)
            np.add.at(closest, margins.argmax(axis=1), 1)
    return [int(w) for w in label.outputs[np.argsort(-closest, kind="stable")[:count]]]
