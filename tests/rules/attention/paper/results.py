#!/usr/bin/env python3
"""The table of results in docs/rules/attention/README.md: what each rule shows of the model of tests/models in float64, and its length.

    results.py [--verifier PATH]

Lengths are those of a certificate with one step, which states all that its rule bounds, and one claim: what the verifier performs. Some minutes, most of
them for `placements@1`.
"""
from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from rules.attention.paper import band                                                                                        # noqa: E402
from rules.attention.paper import cubic                                                                                       # noqa: E402
from rules.attention.paper import model                                                                                       # noqa: E402
from rules.attention.paper import near_far                                                                                    # noqa: E402
from rules.attention.paper import placements                                                                                  # noqa: E402
from rules.attention.paper import soft_near_far                                                                               # noqa: E402
from rules.attention.paper import subcubic                                                                                    # noqa: E402
from rules.attention import witnesses                                             # noqa: E402
from rules.attention.certificates import loose                                    # noqa: E402
from proofmark_testing.certificates import claim, render                                           # noqa: E402
from proofmark_testing.safetensors import read                                                     # noqa: E402
from proofmark_testing.verifier import Verifier                                                    # noqa: E402

MODEL = ROOT / "tests" / "models" / "attention-max4-v64-d32.safetensors"


def length(verifier: Verifier, rule: str, V: int, given: witnesses.Witnesses) -> int:
    target = loose(read(MODEL), [(rule, 0, V)], given)
    target["steps"][0]["operations"] = 2**40
    with tempfile.TemporaryDirectory() as folder:
        receipt = Path(folder) / "receipt.json"
        outcome = verifier.run("-", "--receipt", receipt, stdin=render(target | {"claims": [claim("accuracy", "lower", "0")]}))
        assert outcome.verdict == "VERIFIED", outcome.shown()
        return json.loads(receipt.read_bytes())["operations"]["length"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verifier", default=os.environ.get("PROOFMARK_VERIFY", ROOT / "build" / "verifier" / "proofmark-verify"),
                        help="default: PROOFMARK_VERIFY of the environment, or the one in build/")
    verifier = Verifier(parser.parse_args().verifier)
    weights = model.read(MODEL)
    stated = json.loads(MODEL.with_suffix(".json").read_text())
    tables = model.tables(weights)
    labels = [model.Label(tables, m) for m in range(tables.V)]
    V, n = tables.V, tables.n
    inputs = V**n

    def near(g: int, heads: bool = False, joint: bool = False) -> witnesses.Witnesses:
        return (witnesses.near([min(g, m) for m in range(V)]) | (witnesses.heads(stated["heads"]) if heads else {})
                | (witnesses.joint([1] * V) if joint else {}))

    def line(name: str, rule: str, given: witnesses.Witnesses, correct: float | None = None, loss: str = "") -> None:
        shown = "" if correct is None else f"{correct / inputs:.6f}"
        print(f"{name:28} {length(verifier, rule, V, given):12} {shown:10} {loss}", flush=True)

    found = [[subcubic.gap_of(label, q, s) if q <= label.m and s < (n if q == label.m else n - 1) else 0 for q in range(V) for s in range(n)] for label in labels]
    line("subcubic", "subcubic@1", witnesses.gaps(V, n, [gap for row in found for gap in row]), sum(map(subcubic.subcubic, labels)))
    print(f"{'variant':41} {sum(subcubic.subcubic(label, True) for label in labels) / inputs:.6f}")
    line("cubic", "cubic@1", {}, sum(map(cubic.cubic, labels)))
    for rule, function in (("band@1", band.band), ("near-far@1", near_far.near_far)):
        for heads, joint in ((False, False), (False, True), (True, False), (True, True)):
            correct = sum(function(label, 4, stated["heads"][label.m] if heads else [], joint) for label in labels)
            line(f"{rule}{', heads' * heads}{', joint' * joint}", rule, near(4, heads, joint), correct)
    for g, heads, joint in ((4, False, False), (5, False, True), (5, True, True)):
        total = sum(soft_near_far.soft_near_far(label, g, stated["heads"][label.m] if heads else [], joint) for label in labels)
        line(f"soft, {g} near{', heads' * heads}{', joint' * joint}", "soft-near-far@1", near(g, heads, joint), loss=f"{total / inputs:.6f}")
    line("enumeration", "enumeration@1", {})
    for g, e in ((4, 1), (6, 2)):
        bounds = [placements.placements(label, g, e) for label in labels]
        line(f"placements, {g} near, {e} full", "placements@1", near(g) | witnesses.filled([e] * V), sum(one.correct for one in bounds),
             f"{sum(one.lower for one in bounds) / inputs:.6f} to {sum(one.upper for one in bounds) / inputs:.6f}")


if __name__ == "__main__":
    main()
