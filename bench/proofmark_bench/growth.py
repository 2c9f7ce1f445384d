"""What proofs cost as the vocabulary grows: every rule on models of V = 256 .. 8192, width 128, from `proofmark train` with the tutorial's recipe."""
from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from .rows import Rows
from .timed import run
from .turns import Task

COLUMNS = ("rule", "vocabulary", "round", "prove_s", "prove_processor_s", "prove_mb", "certificate_bytes",
           "verify_s", "verify_processor_s", "verify_mb", "length", "load")
TEXTS = ("rule",)
VOCABULARIES = (256, 512, 1024, 2048, 4096, 8192)
WIDTH, TRAINING_STEPS = 128, 410


@dataclass(frozen=True)
class Rule:
    name: str
    options: tuple[str, ...]
    expected: float              # seconds at V = 2048 to prove and verify
    exponent: int                # of time and length, in theory; memory grows with V², the certificate with V
    largest: int = 8192          # V that it is measured at


RULES = (
    Rule("symmetry", ("--strategy", "symmetry"), 6.2, 3),
    Rule("enumeration", ("--strategy", "enumeration"), 11.4, 3, 4096),
    Rule("convexity", ("--strategy", "convexity"), 0.8, 2),
    Rule("head-tail, m = 16", ("--strategy", "head-tail", "--top", "16"), 2.3, 2),
    Rule("block-jensen, 32 blocks", ("--strategy", "block-jensen", "--blocks", "32"), 1, 2),
)


class Growth:
    def __init__(self, generator: Path, verifier: Path, scratch: Path, rows: Rows) -> None:
        self.generator, self.verifier, self.scratch, self.rows = generator, verifier, scratch, rows

    def model(self, vocabulary: int) -> Path:
        path = self.scratch / f"max2-v{vocabulary}.safetensors"
        if not path.exists():
            run([self.generator, "train", "--vocabulary", vocabulary, "--width", WIDTH, "--steps", TRAINING_STEPS, "--output", path])
        return path

    def measure(self, rule: Rule, vocabulary: int, round_: int) -> str:
        model, certificate, receipt = self.model(vocabulary), self.scratch / "growth.cert.json", self.scratch / "growth.receipt.json"
        prove = run([self.generator, "prove", model, *rule.options, "--force", "--output", certificate])
        verify = run([self.verifier, certificate, "--receipt", receipt])
        length = json.loads(receipt.read_text())["operations"]["length"]
        self.rows.add({"rule": rule.name, "vocabulary": vocabulary, "round": round_,
                       "prove_s": f"{prove.seconds:.4f}", "prove_processor_s": f"{prove.processor:.3f}", "prove_mb": f"{prove.megabytes:.1f}",
                       "certificate_bytes": certificate.stat().st_size,
                       "verify_s": f"{verify.seconds:.4f}", "verify_processor_s": f"{verify.processor:.3f}", "verify_mb": f"{verify.megabytes:.1f}",
                       "length": length, "load": f"{prove.load:.1f}"})
        certificate.unlink()
        return f"proved in {prove.seconds:.2f} s, verified in {verify.seconds:.2f} s with {verify.megabytes:.0f} MB"

    def task(self, rule: Rule, vocabulary: int) -> Task:
        def taken(round_: int) -> float | None:
            found = self.rows.where(rule=rule.name, vocabulary=vocabulary, round=round_)
            return float(found[0]["prove_s"]) + float(found[0]["verify_s"]) if found else None
        expected = 0.05 + rule.expected * math.pow(vocabulary / 2048, rule.exponent) + 4 * vocabulary / 2048 / len(RULES)
        return Task(f"{rule.name}, V = {vocabulary}", expected, taken, lambda round_: self.measure(rule, vocabulary, round_))

    def tasks(self, vocabularies: list[int]) -> list[Task]:
        return [self.task(rule, vocabulary) for vocabulary in vocabularies for rule in RULES if vocabulary <= rule.largest]
