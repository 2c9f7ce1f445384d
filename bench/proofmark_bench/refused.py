"""What ends a run with a reason and, where something can be done about it, a hint."""
from __future__ import annotations


class Refused(Exception):
    """Exit codes as docs/command-line.md has them: 64 usage, 65 unusable content, 66 a file or program that cannot be read or run."""

    def __init__(self, reason: str, hint: str, code: int = 66) -> None:
        super().__init__(reason)
        self.hint, self.code = hint, code
