#!/usr/bin/env python3
"""Differential fuzzing, not part of the counted tests: mutated certificates, and containment for random bit patterns.

    tests/fuzz.py --verifier PATH [--seconds 60] [--seed 1] [--keep DIR]

Every mutant is judged by the verifier (an engine at random) and by the second opinion. A crash, a hang or another reason code is
printed, and the file kept. Two reasons can apply to one mutant, so a difference between two refusals is reported as `differs`
and is not an error; a difference in the verdict VERIFIED is.
"""
from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from proofmark_testing import models                                                # noqa: E402
from proofmark_testing.context import CORPUS, Context                               # noqa: E402
from proofmark_testing.encodings import SIZES                                       # noqa: E402
from proofmark_testing.models import Model                                          # noqa: E402
from proofmark_testing.checks import Checks                                           # noqa: E402
from proofmark_testing.verifier import ENGINES, Verifier, well_formed               # noqa: E402
from rules.token_sum import containment                                             # noqa: E402
from second_opinion import second_opinion                                           # noqa: E402

Mutation = Callable[[random.Random, bytes], bytes]
TOKENS = [b"0", b"1", b"-1", b"1.0", b"1e2", b"null", b"true", b'""', b"[]", b"{}", b"9223372036854775807", b"9223372036854775808",
          b'"0x1p+0"', b'"0x0p+0"', b'"0x1p+16383"', b'"0.5"', b'"inf"', b'"nan"', b"4294967296", b'"\\u0000"']


# -- mutations of bytes, tokens and digits -------------------------------------------------------------------------

def flip_bit(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]


def splice(rng: random.Random, data: bytes) -> bytes:
    start, end = sorted(rng.randrange(len(data)) for _ in range(2))
    at = rng.randrange(len(data))
    return data[:at] + data[start:min(end, start + 200)] + data[at:]


def cut(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, 30):]


def replace_match(pattern: bytes, replacement: Callable[[random.Random, bytes], bytes]) -> Mutation:
    def mutate(rng: random.Random, data: bytes) -> bytes:
        matches = list(re.finditer(pattern, data))
        if not matches:
            return data
        match = rng.choice(matches)
        return data[:match.start()] + replacement(rng, match.group()) + data[match.end():]
    return mutate


MUTATIONS: list[Mutation] = [
    flip_bit, splice, cut,
    replace_match(rb'"[^"]*"|[0-9]+', lambda rng, _: rng.choice(TOKENS)),
    replace_match(rb"[0-9]+", lambda rng, token: str(max(0, int(token) + rng.choice((-1, 1, 2, 100)))).encode()),
    replace_match(rb"[0-9a-f](?=[0-9a-f]*p)", lambda rng, _: rng.choice(b"0123456789abcdef").to_bytes(1, "little")),
    replace_match(rb"p[+-][0-9]+", lambda rng, _: f"p{rng.choice('+-')}{rng.choice((0, 1, 2, 63, 64, 16383, 16384))}".encode()),
    replace_match(rb'"[a-z0-9.@-]+"', lambda rng, token: token[:-2] + rng.choice((b'"', b'x"', b'1"')))]


def mutants(rng: random.Random) -> tuple[str, bytes]:
    path = rng.choice(sorted((CORPUS / "accept").glob("*.json")))
    data = path.read_bytes()
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        data = rng.choice(MUTATIONS)(rng, data) or b"{"
    return path.name, data


# -- judging -------------------------------------------------------------------------------------------------------

def compare(rng: random.Random, verifier: Verifier, path: Path) -> tuple[str, str]:
    """`same`, `differs` or `WRONG`, and what was found."""
    outcome = verifier.run(path, "--engine", rng.choice(ENGINES), timeout=30)
    refusal = second_opinion.judge(path)
    expected = (refusal.verdict, refusal.code) if refusal else ("VERIFIED", None)
    found = (outcome.verdict, outcome.reason if outcome.verdict != "VERIFIED" else None)
    shape = well_formed(outcome)
    wrong = shape or outcome.exit not in (0, 1, 2, 3) or "VERIFIED" in (found[0], expected[0]) and found != expected
    return ("WRONG" if wrong else "same" if found == expected else "differs"), f"verifier {found}, second opinion {expected} {shape}"


def bit_pattern_model(rng: random.Random) -> Model:
    """Weights of random bits, finite, with a random common exponent so that logits stay in range now and then."""
    V, d, dtype = rng.randint(1, 6), rng.randint(1, 3), rng.choice(tuple(SIZES))
    spread = {"float16": 12, "bfloat16": 60, "float32": 60, "float64": 500}[dtype]
    centres = [rng.randint(-spread, spread // 2) for _ in range(2)]
    sizes = iter([*centres, 2 - sum(centres)] if rng.random() < 0.9 else [-spread, 0, 0])
    weights: Model = {}
    for name, rows, columns in ((models.EMBEDDING, d, V), (models.LINEAR, d, d), (models.UNEMBEDDING, V, d)):
        centre = max(-spread, min(spread, next(sizes)))
        weights[name] = models.tensor(dtype, [[rng.choice((0.0, 1.0, -1.0, rng.uniform(-2, 2), rng.uniform(-1, 1))) *
                                               2.0 ** (centre + rng.choice((0, 0, rng.randint(-8, 3)))) for _ in range(columns)]
                                              for _ in range(rows)])
    return weights


def in_range(weights: Model) -> bool:
    return all(max(row) - min(row) <= 2**20 for row in models.logit_matrix(weights))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verifier", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "proofmark-fuzz")
    arguments = parser.parse_args()
    arguments.keep.mkdir(exist_ok=True)
    rng, verifier, check = random.Random(arguments.seed), Verifier(arguments.verifier), Checks()
    context = Context(check, arguments.keep, verifier)
    counts = {"same": 0, "differs": 0, "WRONG": 0}
    end = time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        name, data = mutants(rng)
        path = arguments.keep / "mutant.json"
        path.write_bytes(data)
        result, details = compare(rng, verifier, path)
        counts[result] += 1
        if result != "same":
            kept = path.rename(arguments.keep / f"{result}-{sum(counts.values())}.json")
            print(f"{result}: {kept} from {name}: {details}", flush=True)
        weights = bit_pattern_model(rng)
        if in_range(weights):
            containment.check(context, f"fuzz {arguments.seed}/{sum(counts.values())}", weights, rng.randint(1, 4))
    print(f"mutants {counts}; containment {check.summary()}")
    return 1 if counts["WRONG"] or check.failures else 0


if __name__ == "__main__":
    sys.exit(main())
