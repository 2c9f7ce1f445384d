"""`subcubic@1`: the paper's idea repaired. Every token but the label is below it by a gap, and the gap is a witness."""
from __future__ import annotations

from collections.abc import Callable
from math import comb

from rules.attention.paper.model import Label
from rules.attention.paper.slots import all_label, position_sums


def slots(label: Label, q: int, others: int) -> tuple[float, float]:
    """The least weight of the slots that hold the label, and the largest of the rest, where a token weighs 1."""
    sums, last, free = position_sums(label, q), label.b[q, -1], label.tables.n - 1
    return sums[free - others].lo + (last if q == label.m else 0), sums[others].hi + (0 if q == label.m else last)


def accepts(label: Label, q: int, others: int, gap: int) -> bool:
    """Whether every input is shown to be correct that has query q, `others` free slots on tokens below the label by the gap, and the label in all other free slots.

    Linear in the attention on the label.
    """
    m, EU = label.m, label.tables.EU
    of_label, of_rest = slots(label, q, others)
    direct, W = EU[q].max() - EU[q].min(), label.v[:m - gap + 1].max()
    full = direct + (label.v[m] + label.top).max()
    nothing = direct + label.top.max() + W
    rho = label.r[q, :m - gap + 1].max()
    return bool(full < 0 and of_label * full + of_rest * rho * max(0, nothing) < 0)


def accepts_inside(label: Label, q: int, others: int, gap: int) -> bool:
    """The variant with u and V[m] at the same output, by both ends of the attention on the label: convex, so the ends suffice."""
    m = label.m
    of_label, of_rest = slots(label, q, others)
    share, W = of_label / (of_label + of_rest * label.r[q, :m - gap + 1].max()), label.v[:m - gap + 1].max()
    bound = [(label.top + a * label.v[m] + label.u[q]).max() + (1 - a) * W for a in (share, 1.0)]
    return max(bound) < 0


def gap_of(label: Label, q: int, others: int, inside: bool = False) -> int:
    """The least gap that shows something, or 0."""
    test = accepts_inside if inside else accepts
    m = label.m
    if q == m and others == 0:
        return 0
    return next((gap for gap in range(1, (m if q == m else m - q) + 1) if test(label, q, others, gap)), 0)


def subcubic(label: Label, inside: bool = False) -> int:
    """With the best gap for each query and number of others; `inside`: the variant."""
    test = accepts_inside if inside else accepts
    return shown(label, lambda q, others: gap_of(label, q, others, inside), test)


def by_gaps(label: Label, gaps: Callable[[int, int], int]) -> int:
    """With the gap that a witness gives for a query and a number of others, 0 for none."""
    return shown(label, gaps, accepts)


def shown(label: Label, gaps: Callable[[int, int], int], test: Callable[[Label, int, int, int], bool]) -> int:
    m, n, count = label.m, label.tables.n, 0
    if len(label.outputs) == 0:
        return label.inputs()
    for q in range(m if n == 1 else 0, m + 1):
        for others in range(n if q == m else n - 1):
            if q == m and others == 0:     # nothing but the label
                count += all_label(label, q)
                continue
            gap = gaps(q, others)
            if gap > 0 and test(label, q, others, gap):
                count += comb(n - 1, others) * (m - gap + 1) ** others
    return count
