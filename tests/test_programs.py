"""Programs that count what they check by themselves: the unit tests of the C++ code, and the tests that are scripts."""
from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from proofmark_testing.checks import Checks
from proofmark_testing.context import ROOT
from proofmark_testing.verifier import Verifier

UNIT = [f"{path.parent.relative_to(ROOT / 'tests' / 'unit')}/{program}" for path in sorted((ROOT / "tests" / "unit").rglob("meson.build"))
        for program in re.findall(r"executable\('([a-z-]+-tests)'", path.read_text())]
COUNTS = re.compile(r"^\[doctest\] test cases: +[0-9]+ +\| +([0-9]+) passed \| +([0-9]+) failed.*|^([0-9]+) passed, ([0-9]+) failed$", re.M)


def count(check: Checks, command: list[object], **environment: str) -> None:
    """No numbers at the end are a failure, and so is an exit code that they do not explain."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="backslashreplace")
    found = COUNTS.findall(done.stdout)
    passed, failed = (int(number) for number in found[-1] if number) if found else (0, 0)
    check.passed += passed
    if not found or failed or done.returncode:
        check(False, f"{command[0]}: {passed} passed, {failed} failed, exit code {done.returncode}", *done.stdout.splitlines())
        check.failures += [f"FAILED {command[0]}: see above"] * (failed - 1)
    for line in re.findall("^skipped: (.*)$", done.stdout, re.M):
        check.skip(line)


@pytest.mark.parametrize("name", UNIT)
def test_unit(check: Checks, verifier: Verifier, generator: Verifier, name: str) -> None:
    program = Path(generator.path).parents[1] / "tests" / "unit" / name
    if not program.exists():
        pytest.fail(f"there is no {program}\nhint: scripts/build", pytrace=False)
    count(check, [program], PROOFMARK=generator.path, PROOFMARK_VERIFY=verifier.path)


def test_kernel_proofs(check: Checks) -> None:
    count(check, ["tests/kernel_proofs"])


def test_fuzzing(check: Checks) -> None:
    count(check, ["tests/fuzz/run", 10])


def test_formal(check: Checks, pytestconfig: pytest.Config) -> None:
    count(check, ["tests/formal", *(["--replays"] if pytestconfig.option.all else [])])


def test_repository(check: Checks, pytestconfig: pytest.Config, verifier: Verifier, generator: Verifier) -> None:
    count(check, ["tests/repository", *(["--all"] if pytestconfig.option.all else [])], PROOFMARK=generator.path, PROOFMARK_VERIFY=verifier.path)


def test_documents(check: Checks, verifier: Verifier, generator: Verifier) -> None:
    """The commands that they show."""
    count(check, ["/usr/bin/python3", "tests/transcripts.py"], PROOFMARK=generator.path, PROOFMARK_VERIFY=verifier.path)
