"""Debian packages: which are there, and which optional one would bring what is skipped."""
from __future__ import annotations

import functools
import re
import subprocess
from pathlib import Path

from .refused import Refused

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("python3", "time")
OPTIONAL = {
    "python3-torch": "the tutorial's own computations in PyTorch",
    "python3-numpy": "the same in plain float64 with numpy",
    "libopenblas0-pthread": "a fast BLAS, without which PyTorch and numpy are some ten times slower",
    "libflint-arb-dev": "Arb's enclosure of the same mean loss",
    "libbenchmark-dev": "times of the kernels",
    "valgrind": "instruction counts of the kernels",
}


@functools.cache
def version(package: str) -> str | None:
    """Upstream's version of an installed package."""
    found = subprocess.run(["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Version}", package], capture_output=True, text=True)
    status, _, full = found.stdout.partition(" ")
    return re.sub(r"^\d+:|[+-].*$", "", full) if status == "installed" else None


def missing(packages: tuple[str, ...]) -> list[str]:
    return [package for package in packages if version(package) is None]


def install(packages: tuple[str, ...]) -> None:
    """The way the project's scripts do: only what is missing, with a message where that is not allowed."""
    done = subprocess.run([ROOT / "scripts/install-packages", *packages])
    version.cache_clear()
    if done.returncode != 0:
        raise Refused("packages that are needed are missing", f"apt-get install {' '.join(packages)}", done.returncode)


def skipped(what: str, packages: list[str]) -> str:
    return f"skipped: {what}: needs {' '.join(packages)} (bench/run --install installs what is optional)"
