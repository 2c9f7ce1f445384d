"""Mistakes that one could make in a rule, some of them made in the published program, each as a change of the rule's source.

The small models must tell every one of them from the rule: a count too large, or a bound on the wrong side. Mistakes that hide behind the other
inputs of a label are left to lemmas.py, which shows that what they leave out is needed.
"""
from __future__ import annotations

import re
import types
from collections.abc import Callable
from pathlib import Path

from rules.attention.paper.oracle import try_rules

MUTANTS: tuple[tuple[str, str, str, str], ...] = (
    # module, what it tries, old text, new text
    ("near_far", "far tokens that help are credited", "np.maximum(u + column.token[:f].max(axis=0), 0)", "(u + column.token[:f].max(axis=0))"),
    ("near_far", "approximate scores are taken for exact", "wrong = exp(0.0 if spread is None else spread[q])", "wrong = 1.0"),
    ("near_far", "approximate scores: one end for near tokens", "Interval(1 / wrong, wrong).up(", "wrong * ("),
    ("near_far", "approximate scores: the query's is taken for exact", "of_query = 1.0 if q == m else wrong", "of_query = 1.0"),
    ("near_far", "far tokens weigh nothing", "(sums[far].hi * far_slot if far > 0 else 0)", "0"),
    ("near_far", "the label's slots are at the best positions only", "sums[x].up(column.main[q])", "sums[x].hi * column.main[q]"),
    ("near_far", "the query is forgotten", "base = own +", "base = 0 * own +"),
    ("near_far", "one far token too many", "passing ** max(near, 1) * f ** far", "passing ** max(near, 1) * (f + 1) ** far"),
    ("near_far", "a near token passes for all", "int((base + sums[near].up(pure) < 0).all(axis=1).sum())", "c * int((base + sums[near].up(pure) < 0).all(axis=1).any())"),
    ("near_far", "ties are correct", "int((base < 0).all())", "int((base <= 0).all())"),
    ("band", "the slot on the label may be missing", "((passing - 1) ** (n - 1) if q < m else 0)", "0"),
    ("band", "the label itself need not pass", "if not (base + rest.up(column.main[q]) < 0).all():", "if False:"),
    ("band", "a far token passes by its weight alone", "rest.hi * r[:f].max() * np.maximum(Y, 0)", "0"),
    ("cubic", "one order of positions", "(sums[near].lo, sums[near].hi)", "(sums[near].lo,)"),
    ("cubic", "the query is forgotten", "+ label.r[q, q] * last * (u[q] + token[q])", ""),
    ("cubic", "the label counts as a token below it", "int(passing.sum()) ** near", "(int(passing.sum()) + 1) ** near"),
    ("subcubic", "one end of the attention interval, as published", "for a in (share, 1.0)", "for a in (share,)"),
    ("subcubic", "full attention only, by both ends", "for a in (share, 1.0)", "for a in (1.0,)"),
    ("subcubic", "one end of the linear form", "full < 0 and of_label * full + of_rest * rho * max(0, nothing) < 0", "of_label * full + of_rest * rho * nothing < 0"),
    ("subcubic", "full attention only", "of_label * full + of_rest * rho * max(0, nothing) < 0", "True"),
    ("subcubic", "one token too many", "(m - gap + 1) ** others", "(m - gap + 2) ** others"),
    ("subcubic", "the query may be nearer than the gap", "(m if q == m else m - q)", "m"),
    ("soft_near_far", "far tokens that help are credited", "np.maximum(Y - delta, 0)", "(Y - delta)"),
    ("soft_near_far", "the tail by maxima", "from rules.attention.paper.slots import Interval, cells, position_sums, soft_columns, split",
     "from rules.attention.paper.slots import Interval, cells, columns, position_sums, split\nsoft_columns = lambda label, heads, joint: columns(label, label.m, heads, joint)"),
    ("soft_near_far", "far tokens cost nothing", "attended * far_loss", "0"),
    ("placements", "mixtures by the mean of their losses alone", "same * mean + (1 - same) * (max(mean, apart) if others else apart)", "mean"),
    ("placements", "far tokens that help are credited", "a * np.maximum(Y - delta, 0)", "a * (Y - delta)"),
    ("placements", "far tokens that harm are credited from below", "a * np.minimum(Y_low - delta, 0)", "a * (Y_low - delta)"),
    ("placements", "a far token of the best position", "pi[far].max(axis=0)", "pi[far].min(axis=0)"),
)


def rule_of(module: str, old: str, new: str) -> Callable:
    source = (Path(__file__).parent / f"{module}.py").read_text()
    if source.count(old) != 1:
        raise ValueError(f"{module}.py has {old!r} {source.count(old)} times")
    changed = types.ModuleType(module)
    exec(compile(source.replace(old, new), f"{module}.py, changed", "exec"), changed.__dict__)
    return getattr(changed, module)


def unsound(violation: str) -> bool:
    """Not merely weaker than it should be."""
    said = re.search(r"(correct|lower|upper) (\S+), in truth (\S+)$", violation)
    return said is not None and (float(said[2]) < float(said[3])) == (said[1] == "upper")


def noticed(mutant: tuple[str, str, str, str], seed: int, count: int) -> str | None:
    """What it does that is unsound."""
    module, _, old, new = mutant
    return next((violation for violation in try_rules({module: rule_of(module, old, new)}, seed, count) if violation is not None and unsound(violation)), None)
