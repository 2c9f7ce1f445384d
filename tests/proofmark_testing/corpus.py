"""The corpus as cases: its files, the rows of its tables, and accepted certificates that are not kept but made anew each time.

tests/README.md says what lies where.
"""
from __future__ import annotations

import contextlib
import resource
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import tables
from .cases import every_certificate
from .checks import Checks
from .context import BASE, CORPUS
from .reasons import verdict_of
from .verifier import ENGINES, Outcome, Verifier, well_formed

KINDS = {"certificate": ".json", "claim": ".json", "weights": ".safetensors"}


@dataclass(frozen=True)
class Case:
    """`kind` is certificate, claim or weights; the last two accompany accept/base.json. Rows say where the refusal points."""

    name: str
    kind: str
    code: str
    content: bytes
    pointer: str | None = None

    def written(self, folder: Path) -> Path:
        path = folder / (self.name + KINDS[self.kind])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        return path


# -- what there is -------------------------------------------------------------------------------------------------

def cases(folder: str) -> list[Case]:
    """Those of a folder of the corpus."""
    listed = (*files(), *rows(), *(made() if folder == "accept" else ()))
    return [case for case in listed if case.name.startswith(f"{folder}/")]


def files() -> Iterator[Case]:
    for kind, suffix in KINDS.items():
        for path in sorted(place(kind).rglob(f"*{suffix}")):
            if kind == kind_of(path):
                yield Case(name_of(path), kind, code_of(path), path.read_bytes())


def rows() -> Iterator[Case]:
    for path in sorted(CORPUS.rglob(tables.TABLE)):
        for row in tables.rows(path):
            kind, code = kind_of(path), code_of(path)
            try:
                content = changed(kind, row)
            except ValueError as error:
                raise ValueError(f"{path}: {row.name}: {error}") from error
            yield Case(f"{path.parent.relative_to(CORPUS)}/{row.name}", kind, code, content, None if code == "accept" else row.pointer)


def made() -> Iterator[Case]:
    """Accepted certificates of `cases/`, but for those that are files: more models and witnesses than are worth keeping."""
    for name, content in every_certificate().items():
        if not (CORPUS / "accept" / f"{name}.json").exists():
            yield Case(f"accept/{name}", "certificate", "accept", content)


def place(kind: str) -> Path:
    return CORPUS if kind == "certificate" else CORPUS / kind


def kind_of(path: Path) -> str:
    first = path.relative_to(CORPUS).parts[0]
    return first if first in KINDS else "certificate"


def code_of(path: Path) -> str:
    """The folder: of what is accepted that of the verdict, of all else that of the reason."""
    return path.parent.name


def name_of(path: Path) -> str:
    return str(path.relative_to(CORPUS)).removesuffix(path.suffix)


def changed(kind: str, row: tables.Row) -> bytes:
    """The file that a row describes. Of weights it changes the header, around which the frame is made to fit."""
    base = (place(kind) / (row.base if "/" in row.base else f"accept/{row.base}")).as_posix() + KINDS[kind]
    content = Path(base).read_bytes()
    if kind != "weights":
        return tables.changed(content.decode(), row.edits).encode()
    end = 8 + struct.unpack("<Q", content[:8])[0]
    header = tables.changed(content[8:end].decode().rstrip(" "), row.edits).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + content[end:]


# -- judging -------------------------------------------------------------------------------------------------------

def judge(check: Checks, verifier: Verifier, listed: Sequence[Case], folder: Path) -> None:
    """Exit code, first line, reason code, place, and the shape of the output, for each engine."""
    quick = Verifier(verifier.path, limit_memory=False)
    with limited(verifier.memory):
        for case in listed:
            path = case.written(folder)
            for engine in ENGINES:
                arguments = [path] if case.kind == "certificate" else [BASE, f"--{case.kind}", path]
                outcome = quick.run(*arguments, "--engine", engine)
                expected, found, wrong = expectation(case), answer(case, outcome, path), well_formed(outcome)
                check(found == expected and not wrong, f"{case.name} ({engine})", f"expected {expected}", f"found    {found}", *wrong, outcome.shown())


@contextlib.contextmanager
def limited(memory: int) -> Iterator[None]:
    """What is started meanwhile inherits the limit: much quicker than to set it between fork and exec."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def expectation(case: Case) -> tuple[str | None, ...]:
    return (verdict_of(case.code), None if case.code == "accept" else case.code, case.pointer)


def answer(case: Case, outcome: Outcome, path: Path) -> tuple[str | None, ...]:
    return outcome.verdict, None if case.code == "accept" else outcome.reason, None if case.pointer is None else place_of(outcome, path)


def place_of(outcome: Outcome, path: Path) -> str:
    """Where a refusal points, in the file that was given beside the certificate too; `/` where it names no place in a file."""
    second = outcome.lines[1] if len(outcome.lines) > 1 else ""
    return second.partition(" at ")[2].removeprefix(str(path)).removeprefix(": ") or "/"
