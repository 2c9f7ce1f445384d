"""The corpus is what make_corpus.py writes, byte for byte."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..context import CORPUS, ROOT, Context


def run(context: Context) -> None:
    corpus_is_reproduced(context)
    context.check.equal((ROOT / "schema" / "smallest.json").read_bytes(), (CORPUS / "accept" / "smallest.json").read_bytes(),
                        "corpus: schema/smallest.json is the file of the corpus")


def corpus_is_reproduced(context: Context) -> None:
    output = context.temporary / "corpus"
    subprocess.run([sys.executable, str(CORPUS / "make_corpus.py"), "--output", str(output)], check=True)
    committed, made = contents(CORPUS), contents(output)
    differing = sorted(str(path) for path in committed.keys() | made.keys() if committed.get(path) != made.get(path))
    context.check.equal(differing[:20], [], "corpus: make_corpus.py reproduces the committed files")


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.suffix in (".json", ".safetensors")}
