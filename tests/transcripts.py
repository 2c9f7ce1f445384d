#!/usr/bin/env python3
"""Runs the commands that the documents show.

A fenced block after a line `<!-- transcript -->` holds commands, each after `$ `, and perhaps what they print. Each command must end
with exit code 0; after `<!-- transcript: exit N -->` with N, the same for the whole block. Lines that follow a command must be its
output, line by line; a line `...` stands for any lines. After `<!-- transcript: small model -->` every `proofmark train` gets options
that make it a matter of a second. After `<!-- transcript: needs MODULE -->` they are run only where Debian's Python has the module.
A fenced block after `<!-- file: NAME -->` is a file that the commands of the document find. Blocks run in one scratch copy of the
checkout's documents and data per file, with both programs on the PATH (taken from $PROOFMARK and $PROOFMARK_VERIFY).

A command that is shown anywhere else stands in tests/commands_not_run, with the reason; nothing else stands there.
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
BLOCK = re.compile(r"<!-- transcript(?:: (?:exit (\d+)|(small model)|needs (\w+)))? -->\n```[a-z]*\n(.*?)\n```", re.S)
FILE = re.compile(r"<!-- file: ([\w.-]+) -->\n```[a-z]*\n(.*?)\n```", re.S)
SMALL_MODEL = " --vocabulary 256 --width 16 --steps 300 --batch 64"
OTHER_CODE = re.compile(r"^```[a-z]*\n(.*?)\n```|((?:^    .*\n)+)", re.S | re.M)
COMMAND = re.compile(r"(?:\$ |\./|\.ci/|tests/|scripts/|build/|bench/|formal/|web/|proofmark|g\+\+ |git |meson |ninja |make |coqc |apt|sudo |cp |curl |python|pytest|pip )\S*")


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
        for name in ("schema", "tests", "certificates", "cluster"):
            (Path(scratch) / name).symlink_to(ROOT / name)
        for name, text in FILE.findall(document.read_text()):
            (Path(scratch) / name).write_text(text + "\n")
        for exit_code, small, module, block in BLOCK.findall(document.read_text()):
            if module and not has_module(module):
                print(f"skipped: {document.relative_to(ROOT)}: {len(commands(block))} commands need Debian's python3-{module}")
                continue
            for command, expected in commands(block):
                if small:
                    command = command.replace("proofmark train", "proofmark train" + SMALL_MODEL)
                run = subprocess.run(["bash", "-c", command], cwd=scratch, env=environment, capture_output=True, text=True, timeout=600)
                code = int(exit_code or 0)
                if run.returncode == code and (not expected or matches(expected, run.stdout.rstrip("\n").split("\n"))):
                    passed += 1
                    continue
                failed += 1
                print(f"FAILED {document.relative_to(ROOT)}: $ {command}\n  exit {run.returncode}, expected {code}\n{run.stdout}{run.stderr}")
    return passed, failed


def shown_elsewhere(document: Path) -> set[str]:
    """Commands in code that is no transcript, as `DOCUMENT: COMMAND`, without the comment behind them."""
    lines = "\n".join(fenced or indented for fenced, indented in OTHER_CODE.findall(BLOCK.sub("", document.read_text()))).splitlines()
    return {f"{document.relative_to(ROOT)}: {re.sub(r' +# .*', '', line.strip())}" for line in lines if COMMAND.match(line.strip())}


def not_run() -> set[str]:
    """What tests/commands_not_run lists. A reason is a comment above the commands that it is the reason of."""
    lines = (ROOT / "tests" / "commands_not_run").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def documents() -> list[Path]:
    """Every document of the repository; not those of builds."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split() if listed.returncode == 0 else [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.md") if "build" not in path.parts]
    return sorted(ROOT / name for name in names if (ROOT / name).exists())


def main() -> int:
    programs = {"proofmark": os.environ["PROOFMARK"], "proofmark-verify": os.environ["PROOFMARK_VERIFY"]}
    with tempfile.TemporaryDirectory() as bin_directory:
        for name, path in programs.items():
            (Path(bin_directory) / name).symlink_to(Path(path).resolve())
        (Path(bin_directory) / "python3").symlink_to(PYTHON)
        environment = os.environ | {"PATH": f"{bin_directory}:{os.environ['PATH']}"}
        totals = [0, 0]
        for document in documents():
            for i, count in enumerate(run_document(document, environment)):
                totals[i] += count
    if totals == [0, 0]:
        totals[1] = 1
        print("no transcript was found in any document")
    # The cards of published certificates are as `proofmark archive` writes them; `test_published.py` runs their command.
    shown = set().union(*(shown_elsewhere(document) for document in documents() if document.parent.parent != ROOT / "certificates"))
    for difference, what in ((shown - not_run(), "neither a transcript nor in tests/commands_not_run"), (not_run() - shown, "in tests/commands_not_run, but not shown")):
        for line in sorted(difference):
            print(f"FAILED {line}\n  is {what}")
        totals[1 if difference else 0] += 1
    print(f"{totals[0]} passed, {totals[1]} failed")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
