"""Debian packages: which are there, and which a group of measurements needs."""
from __future__ import annotations

import functools
import re
import subprocess
from pathlib import Path

from .refused import Refused

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("python3", "time")
OF_GROUP = {
    "peers": ("python3-torch", "python3-numpy", "libopenblas0-pthread", "libflint-arb-dev"),  # without OpenBLAS some ten times slower
    "networks": ("python3-numpy", "libopenblas0-pthread"),
    "kernels": ("libbenchmark-dev",),
    "instructions": ("valgrind",),
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


def try_to_install(packages: tuple[str, ...]) -> None:
    """What cannot be had is skipped later, with a line."""
    if missing(packages):
        print(f"installing: {' '.join(missing(packages))}", flush=True)
        subprocess.run([ROOT / "scripts/install-packages", *packages], capture_output=True)
        version.cache_clear()


def skipped(what: str, packages: list[str]) -> str:
    return f"skipped: {what}: {' '.join(packages)} cannot be had"
