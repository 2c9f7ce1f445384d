"""Verifiers that do not verify: the corpus check must catch every one of them."""
from __future__ import annotations

from pathlib import Path

from ..context import Context
from ..checks import Checks
from ..verifier import ENGINES, Verifier
from . import corpus

SCRIPTS = {
    "always-accept": "echo 's VERIFIED'; exit 0",
    "always-reject": "echo 's REJECTED'; echo 'c reason claim-not-implied at /claims/0/bound'; exit 1",
    "always-malformed": "echo 's MALFORMED'; echo 'c reason json-syntax at /'; exit 3",
    "always-silent": "exit 0",
    "always-crash": "echo 's REJECTED'; kill -SEGV $$",
    "accept-with-exit-1": "echo 's VERIFIED'; exit 1"}
# How many files of a folder a dummy may get right: the code that it always gives, and no others.
MAY_PASS = {"always-accept": "accept", "always-reject": "claim-not-implied", "always-malformed": "json-syntax"}


def run(context: Context) -> None:
    listed = list(corpus.files())[::3]
    for name, script in SCRIPTS.items():
        check = Checks()
        corpus.judge(check, Verifier(executable(context.temporary / name, script)), listed)
        right = len(ENGINES) * sum(file.code == MAY_PASS.get(name) for file in listed)
        context.check.equal((check.passed, len(check.failures)), (right, len(ENGINES) * len(listed) - right),
                            f"dummy {name}: passes for its own code and fails for every other")


def executable(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
