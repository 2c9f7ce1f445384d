#!/usr/bin/env python3
"""Runs the commands that the documents show.

A fenced block after a line `<!-- transcript -->` (or `<!-- transcript: exit N -->`) holds commands, each after `$ `, and perhaps what
they print. After `<!-- transcript: needs MODULE -->` they are run only where Debian's Python has the module. A fenced block after
`<!-- file: NAME -->` is a file that the commands of the document find. Each command must end with the stated exit code, the same for the whole block (0 unless stated). Lines that follow
a command must be its output, line by line; a line `...` stands for any lines. Blocks run in one scratch copy of the checkout's documents and
data per file, with both programs on the PATH (taken from $PROOFMARK and $PROOFMARK_VERIFY).
Ends with `N passed, N failed`.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"
BLOCK = re.compile(r"<!-- transcript(?:: exit (\d+))?(?:: needs (\w+))? -->\n```[a-z]*\n(.*?)\n```", re.S)
FILE = re.compile(r"<!-- file: ([\w.-]+) -->\n```[a-z]*\n(.*?)\n```", re.S)


def matches(expected: list[str], found: list[str]) -> bool:
    """Whether the lines agree, `...` standing for any lines."""
    if not expected:
        return not found
    if expected[0] == "...":
        return any(matches(expected[1:], found[i:]) for i in range(len(found) + 1))
    return bool(found) and expected[0] == found[0] and matches(expected[1:], found[1:])


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each command with the output lines shown below it."""
    result: list[tuple[str, list[str]]] = []
    for line in block.split("\n"):
        if line.startswith("$ "):
            result.append((line[2:], []))
        else:
            result[-1][1].append(line)
    return result


def has_module(name: str) -> bool:
    return subprocess.run([PYTHON, "-c", f"import {name}"], capture_output=True).returncode == 0


def run_document(document: Path, environment: dict[str, str]) -> tuple[int, int]:
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("schema", "tests", "certificates"):
            (Path(scratch) / name).symlink_to(ROOT / name)
        for name, text in FILE.findall(document.read_text()):
            (Path(scratch) / name).write_text(text + "\n")
        for exit_code, module, block in BLOCK.findall(document.read_text()):
            if module and not has_module(module):
                print(f"skipped: {document.relative_to(ROOT)}: {len(commands(block))} commands need Debian's python3-{module}")
                continue
            for command, expected in commands(block):
                run = subprocess.run(["bash", "-c", command], cwd=scratch, env=environment, capture_output=True, text=True, timeout=600)
                code = int(exit_code or 0)
                if run.returncode == code and (not expected or matches(expected, run.stdout.rstrip("\n").split("\n"))):
                    passed += 1
                    continue
                failed += 1
                print(f"FAILED {document.relative_to(ROOT)}: $ {command}\n  exit {run.returncode}, expected {code}\n{run.stdout}{run.stderr}")
    return passed, failed


def main() -> int:
    programs = {"proofmark": os.environ["PROOFMARK"], "proofmark-verify": os.environ["PROOFMARK_VERIFY"]}
    with tempfile.TemporaryDirectory() as bin_directory:
        for name, path in programs.items():
            (Path(bin_directory) / name).symlink_to(Path(path).resolve())
        (Path(bin_directory) / "python3").symlink_to(PYTHON)
        environment = os.environ | {"PATH": f"{bin_directory}:{os.environ['PATH']}"}
        totals = [0, 0]
        for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "schema").glob("*.md")), *sorted((ROOT / "certificates").rglob("*.md"))]:
            for i, count in enumerate(run_document(document, environment)):
                totals[i] += count
    if totals == [0, 0]:
        totals[1] = 1
        print("no transcript was found in any document")
    print(f"{totals[0]} passed, {totals[1]} failed")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
