"""Every file of the corpus: the verdict of its folder and the reason of its name, from both engines and the second opinion."""
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..context import BASE, CORPUS, Context, schema_errors, second_opinion
from ..reasons import FOLDER, verdict_of, verdicts
from ..checks import Checks
from ..verifier import ENGINES, Verifier, well_formed

ELSEWHERE = {"limit-file", "limit-steps", "limit-width", "limit-tensors", "limit-memory",        # sections/large.py makes these
             "part-seal", "part-mismatch", "part-duplicate", "part-missing", "part-coverage"}        # sections/parts.py
NOT_JUDGED = {"operations-budget", "limit-memory", "limit-logit-range"}       # by the second opinion: what the engines of a verifier do
AGAINST_SCHEMA = {"key-unknown", "key-missing", "type-mismatch", "number-grammar"}


@dataclass(frozen=True)
class File:
    """`kind` is certificate, claim or weights; the last two accompany accept/base.json."""

    path: Path
    kind: str
    code: str

    @property
    def name(self) -> str:
        return str(self.path.relative_to(CORPUS))

    def arguments(self) -> list[str]:
        return [str(self.path)] if self.kind == "certificate" else [str(BASE), f"--{self.kind}", str(self.path)]


def files(wanted: str = "") -> Iterator[File]:
    for kind in ("certificate", "claim", "weights"):
        for folder in FOLDER.values():
            place = CORPUS / folder if kind == "certificate" else CORPUS / kind / folder
            for path in sorted(place.glob("*")):
                if wanted in str(path.relative_to(CORPUS)):
                    yield File(path, kind, "accept" if folder == "accept" else path.stem.split("--")[0])


def run(context: Context) -> None:
    listed = list(files(context.wanted))
    if not context.wanted:
        whole(context.check, listed)
    for file in listed:
        opinion(context.check, file)
        against_schema(context.check, file)
    if context.verifier:
        judged = judge(context.check, context.verifier, listed)
        context.check.equal(judged, len(ENGINES) * len(listed), "corpus: every file was run with every engine")


def whole(check: Checks, listed: Sequence[File]) -> None:
    """Every file on disk is one that is run, lies in the right folder, and every reason code has one."""
    on_disk = {path for path in CORPUS.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    check.equal({file.path for file in listed}, on_disk, "corpus: every file in the folder is run")
    check.equal(set(verdicts()) - {file.code for file in listed} - ELSEWHERE, set(), "corpus: every reason code has a file")
    for file in listed:
        known = file.code == "accept" or file.code in verdicts()
        check(known and FOLDER[verdict_of(file.code)] == file.path.parent.name, f"{file.name}: folder and code agree")


def judge(check: Checks, verifier: Verifier, listed: Sequence[File]) -> int:
    """Exit code, first line, reason code and the shape of the output; returns the number of runs."""
    runs = 0
    for file in listed:
        for engine in ENGINES:
            outcome = verifier.run(*file.arguments(), "--engine", engine)
            found = (outcome.verdict, outcome.reason if file.code != "accept" else None)
            expected = (verdict_of(file.code), None if file.code == "accept" else file.code)
            wrong = well_formed(outcome)
            check(found == expected and not wrong, f"{file.name} ({engine})", f"expected {expected}", f"found    {found}",
                        *wrong, outcome.shown())
            runs += 1
    return runs


def opinion(check: Checks, file: File) -> None:
    if file.kind == "certificate" and file.code not in NOT_JUDGED:
        refusal = second_opinion().judge(file.path)
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
