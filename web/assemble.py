#!/usr/bin/env python3
"""usage: assemble.py OBJECTS LIBRARIES OUTPUT
Puts the engine and the parts of the page into one file. The same parts give the same bytes."""
import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
from html import escape
from pathlib import Path

objects, libraries, output = map(Path, sys.argv[1:])
web = Path(__file__).parent
most_bytes = 1_500_000


def text(name: str) -> str:
    return (web / name).read_text().strip()


def hash_of(inline: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"


def package(name: str) -> str:
    return next(libraries.glob(f"sources/{name}_*.dsc")).stem.split("_")[1]


wasm = (objects / "engine.wasm").read_bytes()
style, script = text("page.css"), text("page.js")
policy = f"default-src 'none'; script-src {hash_of(script)} 'wasm-unsafe-eval'; worker-src blob:; style-src {hash_of(style)}; base-uri 'none'; form-action 'none'"
commit = subprocess.run(["git", "describe", "--always", "--exclude=*", "--abbrev=12", "--dirty=+"], cwd=web, capture_output=True, text=True).stdout.strip()
version = re.search(r'program_version = "(.*)"', (web.parent / "verifier/version.hpp").read_text())[1]
parts = {
    "POLICY": policy,
    "STYLE": style,
    "SCRIPT": script,
    "VERSION": escape(f"proofmark-verify {version}, commit {commit or 'unknown'}"),
    "RELEASE": version,
    "ENGINE": hashlib.sha256(wasm).hexdigest(),
    "GMP": package("gmp"),
    "MPFR": package("mpfr4"),
    "LICENCES": escape("\n\n".join((libraries / "licences" / name).read_text() for name in ("COPYING.LESSERv3", "COPYINGv3"))),
    "WASM": base64.b64encode(gzip.compress(wasm, 9, mtime=0)).decode(),
    "CODE": json.dumps((objects / "engine.js").read_text() + text("worker.js")).replace("<", "\\u003c"),
}
page = re.sub(r"@([A-Z]+)@", lambda name: parts[name[1]], text("page.html")) + "\n"
if len(page) > most_bytes:
    sys.exit(f"error: the page has {len(page)} bytes, more than {most_bytes}")
output.write_text(page)
print(f"{output}: {len(page)} bytes, sha256 {hashlib.sha256(page.encode()).hexdigest()}")
