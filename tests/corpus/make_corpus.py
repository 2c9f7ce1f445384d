#!/usr/bin/env python3
"""Writes the corpus: one file for each case, in the folder of the verdict it must get, named after its reason code.

    make_corpus.py [--output DIR]     default: the folder of this script

Deterministic. Needs numpy and mpmath, for the bounds of the family attention-only. The cases are in tests/proofmark_testing/cases. Files that no case makes any more are
removed. A test checks that this script reproduces the committed files byte for byte.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from proofmark_testing.cases import every_case            # noqa: E402
from proofmark_testing.reasons import folder_of           # noqa: E402

TOP = ("accept", "reject", "malformed", "decline", "claim", "weights")


def corpus() -> dict[Path, bytes]:
    """Relative path of every file, and its content."""
    files: dict[Path, bytes] = {}
    for case in every_case():
        stem = case.name if case.code == "accept" else f"{case.code}--{case.name}" if case.name else case.code
        path = Path(case.folder) / folder_of(case.code) / (stem + case.suffix)
        if path in files:
            raise ValueError(f"two cases are called {path}")
        files[path] = case.content
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=HERE)
    output = parser.parse_args().output
    files = corpus()
    for path, content in files.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_bytes(content)
    for folder in TOP:
        for path in (output / folder).rglob("*"):
            if path.is_file() and path.relative_to(output) not in files:
                path.unlink()


if __name__ == "__main__":
    main()
