"""The published certificates: as listed, verified by both engines for the model and claim beside them, and their receipts reproduced."""
from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from proofmark_testing.certificates import length
from proofmark_testing.context import ROOT, Context, schema_errors
from proofmark_testing.theorems import performed
from proofmark_testing.verifier import ENGINES

FOLDER = ROOT / "certificates"
FILES = {"README.md", "SHA256SUMS", "claim.json", "model.safetensors", "proof.cert.json", "receipt.json"}
ROW = re.compile(r"^\| \[`([\w-]+)`\]\(\1/README\.md\) \|(.*)\|$", re.M)
SECOND = ("max2-v64-convexity", "max4-v8")          # of which the second opinion is quick
LARGEST = 6_000_000                                              # bytes; two thirds of them are the weights of a transformer and three MLPs, and what is opened
CLOSE = Fraction(1, 10**6)                          # how far two engines' established bounds may lie apart


FOLDERS = sorted(path for path in FOLDER.iterdir() if path.is_dir())
ROWS = {match[1]: match[2] for match in ROW.finditer((FOLDER / "README.md").read_text())}


def test_list(context: Context) -> None:
    context.check.equal(sorted(ROWS), [folder.name for folder in FOLDERS], "published: certificates/README.md lists the folders")
    context.check(len(FOLDERS) > 0, "published: there are some")
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    context.check(size <= LARGEST, "published: they are small", size)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_published(context: Context, folder: Path) -> None:
    published(context, folder)
    if folder.name in SECOND:
        done = subprocess.run([sys.executable, ROOT / "tests" / "second_opinion" / "second_opinion.py", folder / "proof.cert.json"], capture_output=True, text=True)
        context.check.equal((done.returncode, done.stdout.split("\n")[0]), (0, "s VERIFIED"), f"published: {folder.name}: second opinion", done.stderr)
    if "inputs" in json.loads((folder / "proof.cert.json").read_text())["steps"][0]:
        context.check.equal(performed(folder / "proof.cert.json"), json.loads((folder / "receipt.json").read_text())["operations"], f"published: {folder.name}: operations, as the second opinion counts them")
    if folder.name in ROWS:
        listed(context, folder, [cell.strip() for cell in ROWS[folder.name].split("|")])


def listed(context: Context, folder: Path, cells: list[str]) -> None:
    """The row of certificates/README.md, decimals rounded outward, against the receipt."""
    receipt = json.loads((folder / "receipt.json").read_text())
    established = {(claim["quantity"], claim["direction"]): Fraction(claim["established"]) for claim in receipt["claims"]}
    for cell, key in zip(cells[1:6], (("cross-entropy", "lower"), ("cross-entropy", "upper"), ("accuracy", "lower"), ("accuracy", "upper"), ("margin", "lower"))):
        exact = established.get(key)
        unit = Fraction(1, 10 ** len(cell.partition(".")[2]))
        right = cell == "" if exact is None else exact <= Fraction(cell) < exact + unit if key[1] == "upper" else exact - unit < Fraction(cell) <= exact
        context.check(right, f"published: {folder.name}: the list's {key[1]} bound on {key[0]}", cell, receipt["claims"])
    context.check.equal(int(cells[6].replace(" ", "")), receipt["operations"]["length"], f"published: {folder.name}: the list's length")
    declared = json.loads((folder / "proof.cert.json").read_text())
    context.check.equal(length(declared), receipt["operations"]["length"], f"published: {folder.name}: what is performed is what was declared")


def published(context: Context, folder: Path) -> None:
    check, name = context.check, f"published: {folder.name}"
    if not check.equal({path.name for path in folder.iterdir()}, FILES, f"{name}: files"):
        return
    digests = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    check.equal(digests, {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in FILES - {"SHA256SUMS"}}, f"{name}: SHA256SUMS")
    committed = json.loads((folder / "receipt.json").read_text())
    check.equal(schema_errors("receipt", committed), [], f"{name}: the receipt's schema")
    check.equal(schema_errors("certificate", json.loads((folder / "proof.cert.json").read_text())), [], f"{name}: the certificate's schema")
    for engine in ENGINES:
        path = context.temporary / "receipt.json"
        outcome = context.verifier.run(folder / "proof.cert.json", "--weights", folder / "model.safetensors", "--claim", folder / "claim.json",
                                       "--engine", engine, "--receipt", path)
        if not check.equal(outcome.verdict, "VERIFIED", f"{name}: {engine}", outcome.shown()):
            continue
        if engine == committed["engine"]:
            check.equal(path.read_bytes(), (folder / "receipt.json").read_bytes(), f"{name}: the receipt is reproduced")
        same_but_established(context, f"{name}: {engine}", json.loads(path.read_text()), committed)
        card = (folder / "README.md").read_text()
        if engine == committed["engine"]:
            missing = [line for line in outcome.lines if line.startswith(("c claim ", "c established ")) and f"\n{line[2:]}\n" not in card]
            check.equal(missing, [], f"{name}: the model card has the verifier's words")
            check.equal(yaml.safe_load(card.split("---\n")[1])["license"], "mit", f"{name}: the model card's licence")


def same_but_established(context: Context, name: str, found: dict, committed: dict) -> None:
    """Engines agree on everything but the last digits of what they establish, and each establishes the claim."""
    check = context.check
    bare = [{key: value for key, value in receipt.items() if key not in ("engine", "precision", "claims")} for receipt in (found, committed)]
    check.equal(bare[0], bare[1], f"{name}: the receipt")
    for own, other in zip(found["claims"], committed["claims"], strict=True):
        check.equal({**own, "established": ""}, {**other, "established": ""}, f"{name}: the receipt's claim")
        bound, established, before = (Fraction(text) for text in (own["bound"], own["established"], other["established"]))
        check(established <= bound if own["direction"] == "upper" else established >= bound, f"{name}: the claim is established", own)
        check(abs(established - before) <= CLOSE, f"{name}: close to the published bound", own, other)
