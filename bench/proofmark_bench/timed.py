"""Runs a program and says what it took. Memory is measured by GNU time: a parent as large as Python would be counted for its child."""
from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .refused import Refused


@dataclass(frozen=True)
class Run:
    seconds: float     # from start to end
    processor: float   # of all threads
    megabytes: float   # the most that was resident
    load: float        # other programs' share of it can only be guessed: the machine's load of the last minute, before the start
    output: str


def end(process: subprocess.Popen[str]) -> None:
    """The program and GNU time, which ends before it; none of them writes anything after this."""
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)


def run(command: list[object], environment: dict[str, str] | None = None) -> Run:
    words = [str(word) for word in command]
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        usage, errors = Path(folder) / "usage", Path(folder) / "errors"
        with errors.open("wb") as error_file:
            start = time.perf_counter()
            process = subprocess.Popen(["/usr/bin/time", "--quiet", "-o", usage, "-f", "%M %U %S", *words], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=error_file, env=environment, text=True, start_new_session=True)
            try:
                output, _ = process.communicate()
            except BaseException:
                end(process)
                raise
            seconds = time.perf_counter() - start
        if process.returncode != 0:
            said = (output + errors.read_text(errors="replace")).strip().splitlines()[-5:]
            raise Refused(f"{' '.join(words)} ended with exit code {process.returncode}: {' | '.join(said)}", "run that command by itself", 1)
        kilobytes, user, system = usage.read_text().split()[-3:]
    return Run(seconds, float(user) + float(system), int(kilobytes) / 1024, load, output)
