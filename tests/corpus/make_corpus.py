#!/usr/bin/env python3
"""Writes accepted certificates again, as tests/proofmark_testing/cases makes them: those that are kept here, and those that are named.

    make_corpus.py [NAME..]           into accept/ beside this script

Deterministic. Needs numpy and mpmath, for the bounds of the shape attention-only. What is refused is no output of a program: it stands
in files and tables of its own. test_corpus.py holds what is kept against what this makes, byte for byte.
"""
from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from proofmark_testing.cases import every_certificate     # noqa: E402


def main() -> int:
    missing = set(sys.argv[1:])
    for name, content in every_certificate().items():
        path = HERE / "accept" / f"{name}.json"
        if path.exists() or name in missing:
            path.write_bytes(content)
            missing.discard(name)
    if missing:
        print(f"make_corpus.py: no certificate is called {', '.join(sorted(missing))}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
