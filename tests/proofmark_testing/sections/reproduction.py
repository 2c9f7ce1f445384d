"""The corpus is what make_corpus.py writes, byte for byte; the operation formulas agree with the loops."""
from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from collections.abc import Collection, Iterator
from itertools import combinations
from pathlib import Path

from .. import attention_only, lengths, models, witnesses
from ..attention_only.certificates import loose
from ..certificates import certificate, render
from ..context import CORPUS, ROOT, Context, second_opinion

RULES = ("enumeration@1", "symmetry@1", "convexity@1")


def run(context: Context) -> None:
    corpus_is_reproduced(context)
    context.tally.equal((ROOT / "schema" / "smallest.json").read_bytes(), (CORPUS / "accept" / "smallest.json").read_bytes(),
                        "corpus: schema/smallest.json is the file of the corpus")
    second_opinion_says_what_it_lacks(context)
    formulas_agree(context)
    formulas_with_witnesses_agree(context)
    formulas_of_attention_agree(context)


def corpus_is_reproduced(context: Context) -> None:
    output = context.temporary / "corpus"
    subprocess.run([sys.executable, str(CORPUS / "make_corpus.py"), "--output", str(output)], check=True)
    committed, made = contents(CORPUS), contents(output)
    differing = sorted(str(path) for path in committed.keys() | made.keys() if committed.get(path) != made.get(path))
    context.tally.equal(differing[:20], [], "corpus: make_corpus.py reproduces the committed files")


def second_opinion_says_what_it_lacks(context: Context) -> None:
    absent = context.temporary / "absent" / "gmpy2.py"
    absent.parent.mkdir()
    absent.write_text("raise ModuleNotFoundError(\"No module named 'gmpy2'\")\n")
    run = subprocess.run([sys.executable, str(ROOT / "tests" / "second_opinion" / "second_opinion.py"), str(CORPUS / "accept" / "base.json")],
                         env={"PYTHONPATH": str(absent.parent)}, capture_output=True, text=True)
    context.tally.equal((run.returncode, run.stdout, run.stderr.splitlines()[1:]),
                        (66, "s ERROR\n", ["hint: Debian has it as python3-gmpy2, for /usr/bin/python3; elsewhere: pip install gmpy2"]),
                        "second opinion: without gmpy2")


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.suffix in (".json", ".safetensors")}


def formulas_agree(context: Context) -> None:
    """Closed formulas of the rule pages against plain loops, for every label of small tasks."""
    counting = second_opinion("token_sum.counting")
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


def formulas_with_witnesses_agree(context: Context) -> None:
    """The same for the rules that take witnesses, drawn at random; the loops walk what the second opinion reads of them."""
    counting, reading, strict_json = (second_opinion(module) for module in ("token_sum.counting", "reading", "strict_json"))
    rng, scale = random.Random("witnesses, operations"), witnesses.powers_of_two(-2, 2)
    for i in range(120):
        n = (2, 3, 4, 2, 5, 6)[i % 6]
        V = rng.randint(1, 6 if n < 4 else 4)
        given, parts = witnesses.random_head_tail(rng, n, V, scale), [("head-tail@1", 0, V)]
        if n == 2:
            given |= witnesses.random_blocks(rng, V, scale if i % 4 else None)
            cut = rng.choice([*given["blocks"].numbers()[1:], V])
            parts = [("head-tail@1", 0, cut), ("block-jensen@1", cut, V)] if cut < V else [("block-jensen@1", 0, V)]
            if cut == V:
                given = {name: one for name, one in given.items() if name in witnesses.BLOCK_JENSEN}
        target = certificate(models.random_model(rng, V, 1), n, parts, False, [["0x0p+0", "0x1p+0"]] * len(parts), given)
        read = reading.certificate(strict_json.parse(render(target)))
        hints, theirs = witnesses.Hints(given, n, V), second_opinion("token_sum.witnesses").read(read)
        rules = {rule for rule, _, _ in parts} | ({"symmetry@1"} if i % 2 else set())
        name = f"operations: witnesses {i}, n={n} V={V} {sorted(given)}"
        context.tally.equal(lengths.tables(V, 1, n, rules, hints), counting.tables(V, 1, n, rules, theirs), f"{name}, tables")
        for rule, start, end in parts:
            for accuracy in (True, False):
                context.tally.equal(lengths.step(rule, n, V, (start, end), accuracy, hints),
                                    counting.step(rule, n, V, (start, end), accuracy, 2**63, theirs), f"{name}, {rule} correct={accuracy}")


def formulas_of_attention_agree(context: Context) -> None:
    """The same for the family attention-only: every rule, every label, witnesses drawn at random."""
    walks, family = second_opinion("attention_only.counting"), second_opinion("attention_only.family")
    reading, strict_json = second_opinion("reading"), second_opinion("strict_json")
    rng, rules = random.Random("attention, operations"), tuple(attention_only.lengths.RULES)
    for i in range(60):
        V, n, d, h = rng.randint(1, 6), rng.randint(1, 6), rng.randint(1, 3), rng.randint(1, 3)
        if V**n > 5000:
            n = 3
        used = set(rng.sample(rules, rng.randint(1, len(rules))))
        given = attention_only.witnesses.some(used, V, n, rng)
        listed = sorted(used)
        name = f"operations: attention-only {i}, n={n} V={V} {sorted(given)}"
        target = loose(attention_only.models.random_model(rng, V, n, d, h), [(listed[m % len(listed)], m, m + 1) for m in range(V)], given)
        read = reading.certificate(strict_json.parse(render(target)))
        hints = attention_only.witnesses.Hints(given, V, n)
        theirs = second_opinion("attention_only.witnesses").Witnesses(
            n, V, hints.elements, list(hints.near), [list(row) for row in hints.heads], [bool(one) for one in hints.joint], list(hints.filled),
            [[[hints.gap(m, q, s) for s in range(n)] for q in range(V)] for m in range(V)])
        context.tally.equal(attention_only.lengths.tables(V, n, d, h, used, hints), walks.tables(V, n, d, h, used, theirs), f"{name}, tables")
        for rule in sorted(used):
            for step in read.steps:
                for accuracy in (True, False):
                    stated = dataclasses.replace(step, rule=rule, correct=0 if accuracy else None)
                    context.tally.equal(attention_only.lengths.step(rule, step.labels, accuracy, hints), family.step_operations(theirs, stated, 2**63),
                                        f"{name}, {rule} label {step.id} correct={accuracy}")
