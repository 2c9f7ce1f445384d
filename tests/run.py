#!/usr/bin/env python3
"""Runs the black-box tests of Proofmark and ends with one line: `N passed, N failed`.

    tests/run.py --verifier PATH [--generator PATH] [--section NAME]... [--filter TEXT]

Without --verifier only the corpus, the second opinion and the schemas are checked against each other. tests/README.md
describes the sections. Needs Python 3.11 with gmpy2, jsonschema, yaml, numpy and mpmath (Debian: python3-gmpy2, python3-jsonschema, python3-yaml, python3-numpy,
python3-mpmath).
"""
from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from proofmark_testing.context import Context                                                      # noqa: E402
from proofmark_testing.sections import (adversarial, archive, attention, attention_agreement, attention_loss, attention_proofs, attention_search, bench, cluster,   # noqa: E402
                                        command_line, containment, corpus, dummies, frontier, generator, interop, large, limits, mutation, options, outputs, parts, processors,
                                        published, receipts, report, reproduction, second_opinion, seeds, signals, streams, tutorial, ulp, witnesses)
from proofmark_testing.tally import Tally                                                          # noqa: E402
from proofmark_testing.verifier import Verifier                                                    # noqa: E402

SECTIONS = {"reproduction": reproduction, "second-opinion": second_opinion, "dummies": dummies, "corpus": corpus, "large": large, "options": options, "parts": parts, "cluster": cluster,
            "command-line": command_line, "outputs": outputs, "signals": signals,
            "streams": streams, "receipts": receipts, "ulp": ulp, "containment": containment, "witnesses": witnesses,
            "mutation": mutation, "adversarial": adversarial, "generator": generator, "frontier": frontier,
            "report": report, "tutorial": tutorial, "archive": archive, "bench": bench, "published": published, "interop": interop, "limits": limits,
            "attention": attention, "attention-agreement": attention_agreement, "attention-search": attention_search, "attention-proofs": attention_proofs, "attention-loss": attention_loss, "seeds": seeds, "processors": processors}
WITHOUT_VERIFIER = ("reproduction", "second-opinion", "dummies", "corpus")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verifier", type=Path)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--section", action="append", choices=SECTIONS, help="run this section alone; may be repeated")
    parser.add_argument("--unlimited-memory", action="store_true", help="for builds with a sanitizer")
    parser.add_argument("--filter", default="", help="of the corpus, run only files whose path contains this")
    arguments = parser.parse_args()
    verifier = Verifier(arguments.verifier, not arguments.unlimited_memory) if arguments.verifier else None
    maker = Verifier(arguments.generator, not arguments.unlimited_memory) if arguments.generator else None
    names = arguments.section or (["corpus"] if arguments.filter else list(SECTIONS if verifier else WITHOUT_VERIFIER))
    for name in signals.ORDERLY:                       # programs leave alone what was ignored before, as by nohup or in the background
        if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN:
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    tally = Tally()
    for name in names:
        with tempfile.TemporaryDirectory(prefix="proofmark-tests-") as folder:
            SECTIONS[name].run(Context(tally, Path(folder), verifier, maker, arguments.filter))
    print(tally.summary())
    return 1 if tally.failures or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
