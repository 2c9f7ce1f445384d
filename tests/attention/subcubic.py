"""`subcubic@1`: the paper's idea repaired. Every token but the label is below it by a gap, and the gap is a witness."""
from __future__ import annotations

from math import comb

from model import Label
from slots import all_label, position_sums


def accepts(label: Label, q: int, others: int, far: range, inside: bool) -> bool:
    """Whether every input is shown to be correct that has query q, `others` free slots on tokens of `far`, and the label in all other free slots."""
    sums, last = position_sums(label, q), label.b[q, -1]
    free = label.tables.n - 1
    of_label = sums[free - others].lo + (last if q == label.m else 0)
    of_rest = sums[free].hi - sums[free - others].lo + (0 if q == label.m else last)
    share, W = of_label / (of_label + of_rest * label.r[q, far].max()), label.v[far].max()
    direct = label.u[q] if inside else label.tables.EU[q].max() - label.tables.EU[q].min()
    bound = [(label.top + a * label.v[label.m] + direct).max() + (1 - a) * W for a in (share, 1.0)]      # convex: the ends suffice
    return max(bound) < 0


def subcubic(label: Label, inside: bool = False) -> int:
    """With the best gap for each query and number of others; `inside`: u and V[m] at the same output."""
    m, n, count = label.m, label.tables.n, 0
    if len(label.outputs) == 0:
        return label.inputs()
    for q in range(m + 1):
        for others in range(n if q == m else n - 1):
            if q == m and others == 0:     # nothing but the label
                count += all_label(label, q)
                continue
            fars = [range(m - gap + 1) for gap in range(1, m + 1) if q == m or q <= m - gap]
            best = next((far for far in fars if accepts(label, q, others, far, inside)), None)
            if best is not None:
                count += comb(n - 1, others) * len(best) ** others
    return count
