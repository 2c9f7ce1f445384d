"""The corpus is what make_corpus.py writes, byte for byte."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from proofmark_testing.checks import Checks
from proofmark_testing.context import CORPUS, ROOT


def test_corpus_is_reproduced(check: Checks, temporary: Path) -> None:
    output = temporary / "corpus"
    subprocess.run([sys.executable, str(CORPUS / "make_corpus.py"), "--output", str(output)], check=True)
    committed, made = contents(CORPUS), contents(output)
    differing = sorted(str(path) for path in committed.keys() | made.keys() if committed.get(path) != made.get(path))
    check.equal(differing[:20], [], "corpus: make_corpus.py reproduces the committed files")


def test_smallest(check: Checks) -> None:
    check.equal((ROOT / "schema" / "smallest.json").read_bytes(), (CORPUS / "accept" / "smallest.json").read_bytes(), "corpus: schema/smallest.json is the file of the corpus")


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.suffix in (".json", ".safetensors")}
