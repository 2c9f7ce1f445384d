#!/usr/bin/env python3
"""Writes the corpus with a file for each row of its tables, for programs that do not read tables: the fuzzers, and other verifiers.

    expand.py FOLDER
"""
from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proofmark_testing.corpus import files, rows            # noqa: E402


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 64
    for case in (*files(), *rows()):
        case.written(Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
