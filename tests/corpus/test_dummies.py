"""Verifiers that do not verify: the corpus check must catch every one of them."""
from __future__ import annotations

from pathlib import Path

import pytest
from proofmark_testing.checks import Checks
from proofmark_testing.corpus import files, judge
from proofmark_testing.dummies import SCRIPTS, executable
from proofmark_testing.verifier import ENGINES, Verifier

# How many files of a folder a dummy may get right: the code that it always gives, and no others.
MAY_PASS = {"always-accept": "accept", "always-reject": "claim-not-implied", "always-malformed": "json-syntax"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_dummy(check: Checks, temporary: Path, name: str) -> None:
    listed, of_dummy = list(files())[::3], Checks()
    judge(of_dummy, Verifier(executable(temporary / name, SCRIPTS[name])), listed)
    right = len(ENGINES) * sum(file.code == MAY_PASS.get(name) for file in listed)
    check.equal((of_dummy.passed, len(of_dummy.failures)), (right, len(ENGINES) * len(listed) - right), f"dummy {name}: passes for its own code and fails for every other")
