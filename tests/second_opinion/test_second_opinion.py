"""The second opinion by itself: its logits of random descriptions with any words, to 50 digits; its inputs and labels of every kind of task."""
from __future__ import annotations

import itertools
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from gmpy2 import mpq
from proofmark_testing import described, networks
from proofmark_testing.checks import Checks
from proofmark_testing.context import CORPUS, ROOT
from proofmark_testing.network_certificates import fraction, listed, table
from second_opinion import description, labels, network, reading
from second_opinion.intervals import Arithmetic
from second_opinion.logits import Evaluation
from second_opinion.real import Real
from second_opinion.refusal import Refusal
from second_opinion.task import Inputs

CLOSE = 1e-40


def test_says_what_it_lacks(check: Checks, temporary: Path) -> None:
    absent = temporary / "absent" / "gmpy2.py"
    absent.parent.mkdir()
    absent.write_text("raise ModuleNotFoundError(\"No module named 'gmpy2'\")\n")
    run = subprocess.run([sys.executable, str(ROOT / "tests" / "second_opinion" / "second_opinion.py"), str(CORPUS / "accept" / "base.json")],
                         env={"PYTHONPATH": str(absent.parent)}, capture_output=True, text=True)
    check.equal((run.returncode, run.stdout, run.stderr.splitlines()[1:]),
                        (66, "s ERROR\n", ["hint: Debian has it as python3-gmpy2, for /usr/bin/python3; elsewhere: pip install gmpy2"]),
                        "second opinion: without gmpy2")


@pytest.mark.parametrize("part", range(4))
def test_evaluates(check: Checks, part: int) -> None:
    rng = random.Random(part)
    for number in range(60):
        V, n = rng.choice(((4, 3), (3, 2), (2, 4)))
        evaluates(check, rng, f"{part}.{number}", *described.drawn(rng, V, n), [tuple(rng.randrange(V) for _ in range(n)) for _ in range(2)])


def evaluates(check: Checks, rng: random.Random, name: str, words: dict, weights: dict, inputs: list[tuple[int, ...]]) -> None:
    model = network.Model(description.architecture(words), reading.tensors({name: one.json() for name, one in weights.items()}, "/model/tensors"))
    evaluation, peer = Evaluation(model, Arithmetic(250)), networks.Network(words, weights)
    for tokens in inputs:
        found, expected = evaluation.logits(tokens), peer.logits(tokens)
        narrow = all(one.hi - one.lo < CLOSE * (1 + abs(one.hi)) for one in found if isinstance(one, Real))
        near = all(abs(exact(one) - fraction(other)) <= CLOSE * (1 + abs(fraction(other))) for one, other in zip(found, expected, strict=True))
        check(narrow and near, f"second opinion: description {name}, {words}, {tokens}", f"expected {expected}", f"found    {found}")


def exact(value: mpq | Real) -> Fraction:
    """The lower end of an enclosure."""
    return Fraction(*map(int, value.lo.as_integer_ratio() if isinstance(value, Real) else (value.numerator, value.denominator)))


# -- tasks -----------------------------------------------------------------------------------------------------------

def test_reads_tasks(check: Checks) -> None:
    ranges, rows = {"ranges": [[0, 3], [5, 6], [1, 3]]}, [(1, 5, 7), (1, 0, 44), (1, 0, 44), (0, 4, 0)]
    product = list(itertools.product(range(0, 3), range(5, 6), range(1, 3)))
    for given, inputs in ((ranges, product), (listed(rows, "uint16"), rows)):
        of_table = [(7 * i + 3) % 11 for i in range(len(inputs))]
        for label, expected in (({"name": "max"}, [max(t) for t in inputs]), ({"name": "max", "positions": [2, 0]}, [max(t[2], t[0]) for t in inputs]),
                                ({"name": "min"}, [min(t) for t in inputs]), ({"name": "sum-modulo", "modulus": 5}, [sum(t) % 5 for t in inputs]), (table(of_table), of_table)):
            read = Inputs(reading.task({"inputs": given, "label": label}))
            check.equal((read.N, read.n, list(read), list(read.between(0, read.N)), read.largest_tokens()),
                        (len(inputs), 3, list(zip(inputs, expected)), list(zip(inputs, expected)), [max(column) for column in zip(*inputs)]), f"second opinion: task {given}, {label}")


@pytest.mark.parametrize("name,parameter,k,most", (("max", None, 3, 4), ("min", None, 3, 4), ("sum-modulo", 3, 3, 4), ("sum-modulo", 7, 2, 5), ("symmetric-group", 1, 2, 1),
                                                    ("symmetric-group", 3, 2, 6), ("symmetric-group", 4, 2, 24), ("balanced-brackets", None, 6, 2), ("induction", None, 4, 3),
                                                    ("longest-cycle", None, 4, 4), ("longest-cycle", None, 5, 5)))
def test_labels(check: Checks, name: str, parameter: int | None, k: int, most: int) -> None:
    """Against another way to write each, and no label is beyond the bound."""
    bound = labels.bound(name, [most - 1] * k, parameter)
    parameters = {"modulus": parameter, "degree": parameter} if parameter else {}
    for tokens in itertools.product(range(most), repeat=k):
        found = labels.label(name, tokens, parameter)
        expected = None if name == "induction" and tokens[-1] not in tokens[:-1] else networks.named({"name": name, **parameters}, tokens)
        check(found == expected and (found is None or found <= bound), f"second opinion: {name} of {tokens}", found, expected)


def test_labels_that_are_not_defined(check: Checks) -> None:
    for name, parameter, tokens in (("symmetric-group", 3, (6, 0)), ("symmetric-group", 3, (0, 6)), ("balanced-brackets", None, (0, 2)), ("induction", None, (0, 1)), ("induction", None, (0, 1, 2)),
                                    ("longest-cycle", None, (0, 2)), ("longest-cycle", None, (1,))):
        check.equal(labels.label(name, tokens, parameter), None, f"second opinion: {name} of {tokens} is not defined")
        if name != "induction":
            check.equal(labels.bound(name, tokens, parameter), None, f"second opinion: {name} to {tokens} is not defined")


@pytest.mark.parametrize("text,value", (("0", (0, 1)), ("1e-5", (1, 10**5)), ("0.044715", (44715, 10**6)), ("10.000000000000000000", (10, 1)), ("2.5e-3", (25, 10**4)), ("10e-19", (1, 10**18)),
                                        ("922337203685477580e1", (9223372036854775800, 1)), ("1e-19", None), ("922337203685477581e1", None), ("1E5", None), ("", None), ("1.", None), ("-1", None)))
def test_decimals(check: Checks, text: str, value: tuple[int, int] | None) -> None:
    try:
        found = description.decimal(text, "")
        check(value is not None and found * value[1] == value[0], f"second opinion: {text}", found)
    except Refusal as refusal:
        check(value is None and refusal.code == "number-grammar", f"second opinion: {text}", refusal)
