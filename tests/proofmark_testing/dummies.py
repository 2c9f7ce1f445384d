"""Verifiers that do not verify: what tests say of these is known beforehand."""
from __future__ import annotations

from pathlib import Path

from .context import Context

SCRIPTS = {
    "always-accept": "echo 's VERIFIED'; exit 0",
    "always-reject": "echo 's REJECTED'; echo 'c reason claim-not-implied at /claims/0/bound'; exit 1",
    "always-malformed": "echo 's MALFORMED'; echo 'c reason json-syntax at /'; exit 3",
    "always-silent": "exit 0",
    "always-crash": "echo 's REJECTED'; kill -SEGV $$",
    "accept-with-exit-1": "echo 's VERIFIED'; exit 1"}


def executable(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def script(context: Context, name: str, body: str) -> Path:
    """A verifier of our own: `$real` is the true one, `$certificate` and `$receipt` what it is asked about."""
    path = context.temporary / name
    path.write_text(f"""#!/bin/bash
real={context.verifier.path}
[ "$1" = --version ] && exec "$real" --version
certificate=${{@: -1}}
while [ $# -gt 1 ]; do [ "$1" = --receipt ] && receipt=$2; shift; done
{body}
""")
    path.chmod(0o755)
    return path
