"""A program whose standard output or standard error is a terminal."""
from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .processes import PATIENCE


@dataclass(frozen=True)
class Shown:
    exit: int
    terminal: str              # everything that was written to it
    other: str                 # standard output where standard error is the terminal, and the other way round


def on_terminal(command: Sequence[object], stream: str, until: str = "", env: dict[str, str] | None = None, seconds: float = PATIENCE) -> Shown:
    """Runs to the end, or until the terminal shows `until`: then with SIGINT. `stream` is stdout or stderr."""
    leader, follower = pty.openpty()
    other = "stderr" if stream == "stdout" else "stdout"
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, env=env,
                               **{stream: follower, other: subprocess.PIPE})
    os.close(follower)
    seen, interrupted, deadline = b"", False, time.monotonic() + seconds
    while time.monotonic() < deadline:
        if select.select([leader], [], [], 0.1)[0]:
            try:
                piece = os.read(leader, 65536)
            except OSError:                                    # nobody has the terminal open any more
                break
            seen += piece
        if until and not interrupted and until.encode() in seen:
            process.send_signal(signal.SIGINT)
            interrupted = True
    os.close(leader)
    if process.poll() is None and time.monotonic() >= deadline:
        process.kill()
    rest = process.communicate()[0 if other == "stdout" else 1]
    return Shown(process.returncode, seen.decode("utf-8", "replace"), rest.decode("utf-8", "replace"))
