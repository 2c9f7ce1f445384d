"""The corpus: what each case must get, from the verifier with both engines and from the second opinion; and what dummies get wrong."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
from proofmark_testing import corpus, tables
from proofmark_testing.cases import every_certificate
from proofmark_testing.checks import Checks
from proofmark_testing.context import CORPUS, ROOT, schema_errors
from proofmark_testing.dummies import SCRIPTS, executable
from proofmark_testing.reasons import FOLDER, verdict_of, verdicts
from proofmark_testing.verifier import ENGINES, Verifier
from second_opinion import second_opinion

FOLDERS = ("accept", "reject", "malformed", "decline", "claim", "weights")
ELSEWHERE = {"limit-file", "limit-steps", "limit-width", "limit-tensors", "limit-memory",        # verifier/test_large.py makes these
             "part-seal", "part-mismatch", "part-duplicate", "part-missing", "part-coverage"}        # verifier/test_parts.py
NOT_JUDGED = {"limit-memory", "limit-logit-range"}                              # by the second opinion: what the engines of a verifier do
AGAINST_SCHEMA = {"key-unknown", "key-missing", "type-mismatch", "number-grammar"}
BEYOND_SCHEMA = ("/eps", "/factor", "/embedding/tokens")                       # where a value must be within limits, or as many as another says
# What a dummy may get right: the code that it always gives, at the place that it names or where none is asked for, and nothing else.
MAY_PASS = {"always-accept": ("accept", (None,)), "always-reject": ("claim-not-implied", (None, "/claims/0/bound")), "always-malformed": ("json-syntax", (None, "/"))}


@pytest.mark.parametrize("folder", FOLDERS)
def test_verdicts(check: Checks, verifier: Verifier, temporary: Path, folder: str) -> None:
    """Of the verifier, of the second opinion and of the schema."""
    listed = corpus.cases(folder)
    corpus.judge(check, verifier, listed, temporary)
    for case in listed:
        if case.kind == "certificate":
            opinion(check, case, temporary)
            against_schema(check, case)


def opinion(check: Checks, case: corpus.Case, temporary: Path) -> None:
    if case.code not in NOT_JUDGED and (case.code != "operations-budget" or b'"inputs": [' in case.content):       # it counts those of ranges of inputs
        refusal = second_opinion.judge(case.written(temporary))
        found = (refusal.verdict, refusal.code) if refusal else ("VERIFIED", "accept")
        check.equal(found, (verdict_of(case.code), case.code), f"{case.name} (second opinion)", refusal)


def against_schema(check: Checks, case: corpus.Case) -> None:
    if case.code in AGAINST_SCHEMA | {"accept"}:
        errors = schema_errors("certificate", json.loads(case.content))
        unseen = case.pointer is not None and case.pointer.endswith(BEYOND_SCHEMA)
        check(bool(errors) == (case.code != "accept") or unseen and not errors, f"{case.name} (schema)", *errors or ["valid against certificate.schema.json"])


def test_folder(check: Checks) -> None:
    """Every file is one that is run and lies in the folder of its verdict and reason; no two cases have one name; no reason lacks a case."""
    kept = list(corpus.files())
    on_disk = {corpus.name_of(path) for path in CORPUS.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc") and path.name != tables.TABLE}
    check.equal({case.name for case in kept}, on_disk, "corpus: every file in the folder is run")
    check.equal(set(verdicts()) - {case.code for case in (*kept, *corpus.rows())} - ELSEWHERE, set(), "corpus: every reason code has a case")
    seen = set()
    for case in (*kept, *corpus.rows()):
        known, verdict = case.code == "accept" or case.code in verdicts(), case.name.split("/")[0 if case.kind == "certificate" else 1]
        check(known and FOLDER[verdict_of(case.code)] == verdict, f"{case.name}: folder and code agree")
        check(case.name not in seen, f"{case.name}: a name of its own")
        seen.add(case.name)


def test_kept_files_are_made_again(check: Checks) -> None:
    """Accepted certificates that are kept are those that make_corpus.py writes, byte for byte."""
    made = every_certificate()
    for path in sorted((CORPUS / "accept").glob("*.json")):
        check(made.get(path.stem) == path.read_bytes(), f"accept/{path.name} is made again")
    check.equal(made.keys() & {row.name for row in tables.rows(CORPUS / "accept" / tables.TABLE)}, set(), "rows have names of their own")
    check.equal((ROOT / "schema" / "smallest.json").read_bytes(), made["smallest"], "schema/smallest.json is the file of the corpus")


@pytest.mark.parametrize("name", SCRIPTS)
def test_dummy(check: Checks, temporary: Path, name: str) -> None:
    """Verifiers that do not verify pass for their own code and fail for every other."""
    listed, of_dummy = [*corpus.files(), *corpus.rows()][::5], Checks()
    corpus.judge(of_dummy, Verifier(executable(temporary / name, SCRIPTS[name])), listed, temporary)
    code, pointers = MAY_PASS.get(name, (None, ()))
    right = len(ENGINES) * sum(case.code == code and case.pointer in pointers for case in listed)
    check.equal((of_dummy.passed, len(of_dummy.failures)), (right, len(ENGINES) * len(listed) - right), f"dummy {name}: passes for its own code and fails for every other")


@pytest.mark.parametrize("place", ("/claims/9/bound", "/claims/-", "/task/label/nothing", "/claims/0/bound/0", "/nothing"))
def test_tables_change_what_is_there(check: Checks, place: str) -> None:
    base = (CORPUS / "accept" / "base.json").read_text()
    for action in "=-":
        with pytest.raises(ValueError):
            tables.changed(base, (tables.Edit(place, action, "1"),))
    check(tables.changed(base, (tables.Edit("/claims/0/bound", "=", "1"),)) == base.replace('"0.784600556246"', "1"), "a place that is there")
