"""On what something was measured: nothing that names the machine, everything that its speed depends on."""
from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

from .packages import ROOT, version
from .refused import Refused

PEERS = {"PyTorch": "python3-torch", "numpy": "python3-numpy", "OpenBLAS": "libopenblas0-pthread", "Arb": "libflint-arb-dev"}


def processor() -> str:
    text = Path("/proc/cpuinfo").read_text()
    field = {name: found.group(1) for name in ("model name", "cpu family", "model") if (found := re.search(rf"^{name}\s*: (.*)", text, re.M))}
    if "model name" not in field:
        return platform.machine()
    return f"{field['model name']} (family {field.get('cpu family', '?')}, model {field.get('model', '?')})"


def compiler() -> str:
    return f"g++ {subprocess.run(['c++', '-dumpfullversion'], capture_output=True, text=True).stdout.strip()}"


def sources() -> str:
    """The commit that last changed the programs; another commit, or a page that was written, changes no speed."""
    parts = ["verifier", "generator", "meson.build"]
    found = subprocess.run(["git", "log", "-1", "--format=%h", "--abbrev=12", "--", *parts], cwd=ROOT, capture_output=True, text=True)
    changed = subprocess.run(["git", "status", "--porcelain", "--", *parts], cwd=ROOT, capture_output=True, text=True).stdout
    return (found.stdout.strip() or "unknown") + ("+" if changed else "")


def memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def describe(verifier: Path) -> dict[str, str]:
    """Every value is one that a measurement depends on: rows are only ever joined with rows of an equal description."""
    said = subprocess.run([verifier, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"MPFR ([^,]+), GMP ([^,)\s]+)", said)
    if not found:
        raise Refused(f"{verifier} does not answer like proofmark-verify", "scripts/build builds it")
    description = {"processor": processor(), "processors": str(os.cpu_count()), "memory": f"{memory_gib()} GiB", "compiler": compiler(),
                   "sources": sources(), "MPFR": found.group(1), "GMP": found.group(2)}
    return description | {name: known for name, package in PEERS.items() if (known := version(package))}


def in_words(description: dict[str, str]) -> str:
    d = dict(description)
    first = f"{d.pop('processor')}, {d.pop('processors')} processors, {d.pop('memory')}; {d.pop('compiler')}; programs of commit {d.pop('sources')}"
    weights = f"; weights sha256 {d.pop('model')}.." if "model" in d else ""
    return f"{first}; {', '.join(f'{name} {number}' for name, number in d.items())}{weights}."
