"""Every file of the corpus: the verdict of its folder and the reason of its name, from both engines and the second opinion."""
from __future__ import annotations

import json

import pytest
from proofmark_testing.checks import Checks
from proofmark_testing.context import CORPUS, schema_errors
from proofmark_testing.corpus import File, files, judge
from proofmark_testing.reasons import FOLDER, verdict_of, verdicts
from proofmark_testing.verifier import Verifier
from second_opinion import second_opinion

ELSEWHERE = {"limit-file", "limit-steps", "limit-width", "limit-tensors", "limit-memory",        # verifier/test_large.py makes these
             "part-seal", "part-mismatch", "part-duplicate", "part-missing", "part-coverage"}        # verifier/test_parts.py
NOT_JUDGED = {"operations-budget", "limit-memory", "limit-logit-range"}       # by the second opinion: what the engines of a verifier do
AGAINST_SCHEMA = {"key-unknown", "key-missing", "type-mismatch", "number-grammar"}


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_file(check: Checks, verifier: Verifier, file: File) -> None:
    opinion(check, file)
    against_schema(check, file)
    judge(check, verifier, [file])


def test_folder(check: Checks) -> None:
    """Every file on disk is one that is run, lies in the right folder, and every reason code has one."""
    listed = list(files())
    on_disk = {path for path in CORPUS.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    check.equal({file.path for file in listed}, on_disk, "corpus: every file in the folder is run")
    check.equal(set(verdicts()) - {file.code for file in listed} - ELSEWHERE, set(), "corpus: every reason code has a file")
    for file in listed:
        known = file.code == "accept" or file.code in verdicts()
        check(known and FOLDER[verdict_of(file.code)] == file.path.parent.name, f"{file.name}: folder and code agree")


def opinion(check: Checks, file: File) -> None:
    if file.kind == "certificate" and file.code not in NOT_JUDGED:
        refusal = second_opinion.judge(file.path)
        found = (refusal.verdict, refusal.code) if refusal else ("VERIFIED", "accept")
        check.equal(found, (verdict_of(file.code), file.code), f"{file.name} (second opinion)", refusal)


def against_schema(check: Checks, file: File) -> None:
    if file.kind != "certificate" or file.code not in AGAINST_SCHEMA | {"accept"}:
        return
    errors = schema_errors("certificate", json.loads(file.path.read_bytes()))
    if file.code == "accept":
        check(not errors, f"{file.name} (schema accepts)", *errors)
    else:
        check(bool(errors), f"{file.name} (schema refuses)", "valid against certificate.schema.json")
