"""The corpus is what make_corpus.py writes, byte for byte; the operation formulas agree with the loops."""
from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Iterator
from itertools import combinations
from pathlib import Path

from .. import lengths
from ..context import CORPUS, ROOT, Context, second_opinion

RULES = ("enumeration@1", "symmetry@1", "convexity@1")


def run(context: Context) -> None:
    corpus_is_reproduced(context)
    context.tally.equal((ROOT / "schema" / "smallest.json").read_bytes(), (CORPUS / "accept" / "smallest.json").read_bytes(),
                        "corpus: schema/smallest.json is the file of the corpus")
    formulas_agree(context)


def corpus_is_reproduced(context: Context) -> None:
    output = context.temporary / "corpus"
    subprocess.run([sys.executable, str(CORPUS / "make_corpus.py"), "--output", str(output)], check=True)
    committed, made = contents(CORPUS), contents(output)
    differing = sorted(str(path) for path in committed.keys() | made.keys() if committed.get(path) != made.get(path))
    context.tally.equal(differing[:20], [], "corpus: make_corpus.py reproduces the committed files")


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.suffix in (".json", ".safetensors")}


def formulas_agree(context: Context) -> None:
    """Closed formulas of the rule pages against plain loops, for every label of small tasks."""
    counting = second_opinion("counting")
    for V, d in ((1, 1), (2, 3), (5, 2)):
        for n in (1, 2, 3):
            for rules in subsets(RULES):
                context.tally.equal(lengths.tables(V, d, n, rules), counting.tables(V, d, n, rules),
                                    f"operations: tables, V={V} d={d} n={n} {sorted(rules)}")
    for n in range(1, 7):
        for V in range(1, 6 if n < 5 else 4):
            for rule in RULES:
                for accuracy in (True, False):
                    loops = [counting.step(rule, n, V, (y, y + 1), accuracy, 2**63) for y in range(V)]
                    formulas = [lengths.step(rule, n, V, (y, y + 1), accuracy) for y in range(V)]
                    context.tally.equal(formulas, loops, f"operations: {rule}, n={n} V={V} correct={accuracy}")


def subsets(rules: Collection[str]) -> Iterator[set[str]]:
    """All but the empty one."""
    for size in range(1, len(rules) + 1):
        yield from map(set, combinations(rules, size))
