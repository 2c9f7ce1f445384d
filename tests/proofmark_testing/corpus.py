"""The files of the corpus, and what a verifier must say of each."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .checks import Checks
from .context import BASE, CORPUS
from .reasons import FOLDER, verdict_of
from .verifier import ENGINES, Verifier, well_formed


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


def files() -> Iterator[File]:
    for kind in ("certificate", "claim", "weights"):
        for folder in FOLDER.values():
            place = CORPUS / folder if kind == "certificate" else CORPUS / kind / folder
            for path in sorted(place.glob("*")):
                yield File(path, kind, "accept" if folder == "accept" else path.stem.split("--")[0])


def judge(check: Checks, verifier: Verifier, listed: Sequence[File]) -> None:
    """Exit code, first line, reason code and the shape of the output, of both engines."""
    for file in listed:
        for engine in ENGINES:
            outcome = verifier.run(*file.arguments(), "--engine", engine)
            found = (outcome.verdict, outcome.reason if file.code != "accept" else None)
            expected = (verdict_of(file.code), None if file.code == "accept" else file.code)
            wrong = well_formed(outcome)
            check(found == expected and not wrong, f"{file.name} ({engine})", f"expected {expected}", f"found    {found}",
                        *wrong, outcome.shown())
