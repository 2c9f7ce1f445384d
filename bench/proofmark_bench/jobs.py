"""The jobs of docs/performance.md: programs of this project on the tutorial's model and on a max of 3, and the peers beside them."""
from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from .enclosure import Enclosure
from .machine import PEERS
from .packages import ROOT, missing, skipped
from .refused import Refused
from .rows import Rows
from .timed import Run, run
from .turns import Task

COLUMNS = ("group", "job", "round", "seconds", "processor_s", "memory_mb", "load", "result", "length")
TEXTS = ("group", "job", "processor_s", "result", "length")   # numbers that may be empty
PYTHON = "/usr/bin/python3"
SLICES = 16        # of the V that a computation of all inputs has
TRAINING_STEPS = 40


@dataclass(frozen=True)
class Target:
    """What the median may take, and what must never be held."""
    seconds: float
    megabytes: float | None = None

    def judged(self, seconds: float, megabytes: float) -> str:
        met = seconds <= self.seconds and (self.megabytes is None or megabytes < self.megabytes)
        return f"≤ {self.seconds:g} s{f', < {self.megabytes:g} MB' if self.megabytes else ''}: {'met' if met else 'missed'}"


@dataclass
class Job:
    group: str
    name: str
    command: list[object]
    expected: float                       # seconds, roughly
    target: Target | None = None
    makes: Path | None = None             # what later jobs need
    needs: "Job | None" = None
    receipt: Path | None = None
    measures_itself: bool = False         # prints `seconds X`, without its start and scaled to the whole
    environment: dict[str, str] | None = None

    def prepared(self) -> None:
        """What it needs is there; after an interruption it is made again, untimed."""
        if self.needs and self.needs.makes and not self.needs.makes.exists():
            self.needs.prepared()
            run(self.needs.command)

    def measured(self, round_: int) -> dict[str, object]:
        self.prepared()
        done = run(self.command, self.environment)
        seconds, processor = done.seconds, f"{done.processor:.3f}"
        if self.measures_itself:
            seconds, processor = float(said(done, r"^seconds ([0-9.e+-]+)$", self.command)), ""
        return {"group": self.group, "job": self.name, "round": round_, "seconds": f"{seconds:.4f}", "processor_s": processor,
                "memory_mb": f"{done.megabytes:.1f}", "load": f"{done.load:.1f}", "result": self.result(done),
                "length": json.loads(self.receipt.read_text())["operations"]["length"] if self.receipt else ""}

    def result(self, done: Run) -> str:
        """What came out, where it is a mean loss: an enclosure, an upper bound, or a floating-point number that bounds nothing."""
        if self.receipt:
            established = Enclosure.of_receipt(json.loads(self.receipt.read_text()))
            return established.text() if established else ""
        if found := re.search(r"^lower (-?\d+) (-?\d+)\nupper (-?\d+) (-?\d+)$", done.output, re.M):
            return Enclosure.of_binary(*(int(number) for number in found.groups())).text()
        found = re.search(r"^value (\S+)$", done.output, re.M)
        return f"about {found.group(1)}" if found else ""

    def task(self, rows: Rows) -> Task:
        def taken(round_: int) -> float | None:
            found = rows.where(group=self.group, job=self.name, round=round_)
            return None if not found else 0.0 if self.measures_itself else float(found[0]["seconds"])   # a part that was scaled is short

        def measure(round_: int) -> str:
            row = self.measured(round_)
            rows.add(row)
            return f"{float(str(row['seconds'])):.2f} s, {float(str(row['memory_mb'])):.0f} MB"
        return Task(self.name, self.expected, taken, measure)


def said(done: Run, pattern: str, command: list[object]) -> str:
    found = re.search(pattern, done.output, re.M)
    if not found:
        raise Refused(f"{' '.join(map(str, command))} did not print {pattern}", "run that command by itself", 1)
    return found.group(1)


class Programs:
    """Makes pairs of jobs, prove and verify, with their files in one folder."""

    def __init__(self, generator: Path, verifier: Path, scratch: Path) -> None:
        self.generator, self.verifier, self.scratch = generator, verifier, scratch

    def file(self, name: str, ending: str) -> Path:
        return self.scratch / (re.sub(r"[^a-z0-9]+", "-", name.lower()) + ending)

    def train(self, group: str, name: str, expected: float, options: list[object]) -> Job:
        output = self.file(name, ".safetensors")
        return Job(group, name, [self.generator, "train", *options, "--output", output], expected, makes=output)

    def pair(self, group: str, name: str, model: object, options: list[object], expected: tuple[float, float],
             targets: tuple[Target | None, Target | None] = (None, None), needs: Job | None = None) -> list[Job]:
        certificate = self.file(name, ".cert.json")
        prove = Job(group, f"prove {name}", [self.generator, "prove", model, *options, "--output", certificate], expected[0], targets[0], certificate, needs)
        return [prove, self.verify(group, f"verify {name}", prove, [], expected[1], targets[1])]

    def verify(self, group: str, name: str, prove: Job, options: list[object], expected: float, target: Target | None = None) -> Job:
        receipt = self.file(name, ".receipt.json")
        return Job(group, name, [self.verifier, prove.makes, *options, "--receipt", receipt], expected, target, receipt, prove, receipt)


LOSS_ONLY = "symmetry, loss only"


def jobs(programs: Programs, model: Path) -> list[Job]:
    prove, exact = Target(3), Target(8, 400)
    result = [programs.train("jobs", "train 410 steps", 4, [])]
    result += programs.pair("jobs", "symmetry", model, ["--context", 2, "--strategy", "symmetry"], (0.5, 6), (prove, exact))
    result += programs.pair("jobs", LOSS_ONLY, model, ["--context", 2, "--strategy", "symmetry", "--quantity", "cross-entropy"], (0.5, 3), (prove, exact))
    result.append(programs.verify("jobs", "verify symmetry, loss only, reference engine", result[-2], ["--engine", "reference"], 110, Target(150)))
    result += programs.pair("jobs", "enumeration", model, ["--context", 2, "--strategy", "enumeration"], (0.5, 11))
    result += programs.pair("jobs", "convexity", model, ["--context", 2, "--strategy", "convexity"], (0.3, 0.5), (None, Target(2)))
    result += programs.pair("jobs", "head-tail, m = 16", model, ["--context", 2, "--strategy", "head-tail", "--top", 16], (1.2, 1.2), (prove, Target(2.5)))
    result += programs.pair("jobs", "head-tail, m = 16, no multipliers", model, ["--context", 2, "--strategy", "head-tail", "--top", 16, "--no-multipliers"], (0.6, 1))
    result += programs.pair("jobs", "head-tail, 6 % of symmetry", model, ["--context", 2, "--strategy", "head-tail", "--budget", "0.06"], (4, 2.2))
    result += programs.pair("jobs", "block-jensen", model, ["--context", 2, "--strategy", "block-jensen"], (0.5, 0.6))
    return result


def max_of_3(programs: Programs) -> list[Job]:
    result = [programs.train("max-of-3", "train max of 3", 2, ["--context", 3, "--vocabulary", 256])]
    for strategy, expected, target in (("symmetry", 1.3, Target(15)), ("enumeration", 6.3, None), ("convexity", 0.1, Target(3))):
        result += programs.pair("max-of-3", f"{strategy}, max of 3", result[0].makes, ["--context", 3, "--strategy", strategy],
                                (0.5, expected), (None, target), result[0])
    return result


def transformers(programs: Programs, model: Path) -> list[Job]:
    """Of the paper's size, V = 64 and d = 32: `model`, of 4 tokens, and one of 20 that is trained first."""
    group, heads, second = "transformers", ["--outputs", 4, "--joint"], Target(1)
    training = ["--family", "attention-only", "--context", 20, "--seed", 11, "--steps", 6000, "--learning-rate", "0.0005"]
    result = [programs.train(group, "train 3000 steps, 4 tokens", 0.6, ["--family", "attention-only"])]
    result += programs.pair(group, "near-far, 4 tokens", model, ["--strategy", "near-far"], (0.1, 0.1), (None, second))
    result += programs.pair(group, "near-far, 4 heads, joint, 4 tokens", model, ["--strategy", "near-far", *heads], (0.1, 0.1), (None, second))
    result += programs.pair(group, "cubic, 4 tokens", model, ["--strategy", "cubic"], (0.1, 0.3))
    result += programs.pair(group, "soft-near-far, 4 heads, joint, 4 tokens", model, ["--strategy", "soft-near-far", *heads], (0.3, 0.6))
    result += programs.pair(group, "placements, 6 near, 2 in full, 4 tokens", model, ["--strategy", "placements", "--near", 6, "--fill", 2], (0.3, 8))
    result += programs.pair(group, "enumeration, 4 tokens", model, ["--strategy", "enumeration"], (1, 4), (None, Target(60)))
    twenty = programs.train(group, "train 6000 steps, 20 tokens", 4, training)
    return [*result, twenty, *programs.pair(group, "near-far, 4 heads, joint, 20 tokens", twenty.makes, ["--strategy", "near-far", *heads], (0.5, 0.3),
                                            (None, Target(10)), twenty)]


NETWORKS = {    # of tests/models: inputs, label, roughly how many seconds
    "mlp-s5-s2": ("0..120,0..120", "symmetric-group:5", 0.2), "modadd-p113-s2": ("0..113,0..113,113", "sum-modulo:113@0,1", 1), "gptlike-min3-s1": ("0..20,0..20,0..20,20", "min@0,1,2", 0.2),
    "cycle-n5-s1": ("0..5,0..5,0..5,0..5,0..5", "longest-cycle", 3)}
COMPACT = {     # rules that do not run every input, beside enumeration of the same model: options of prove, seconds of proving
    "mlp-s5-s2": ("block-tables", ["--budget", "0.05"], 1), "modadd-p113-s2": ("low-rank", ["--budget", "0.1"], 6)}


def networks(programs: Programs) -> tuple[list[Job], list[str]]:
    """Networks that are described, every input, and by a shorter rule; and the forward pass of the same inputs, which proves nothing."""
    group, result, second = "networks", [], Target(1, 500)
    lacking = missing(("python3-numpy",))
    for name, (inputs, label, expected) in NETWORKS.items():
        model, description = ROOT / f"tests/models/{name}.safetensors", ROOT / f"tests/models/{name}.architecture.json"
        target = second if expected < 1 else Target(10, 500)
        options: list[object] = ["--architecture", description, "--inputs", inputs, "--label", label, "--strategy"]
        result += programs.pair(group, name, model, [*options, "enumeration"], (expected, expected), (target, target))
        if name in COMPACT:
            rule, more, proving = COMPACT[name]
            result += programs.pair(group, f"{name}, {rule}", model, [*options, rule, *more], (proving, expected), (Target(30), second))
        if not lacking:
            result.append(Job(group, f"forward pass, numpy float32, {name}", [PYTHON, ROOT / "bench/peers/float32_forward_pass.py", model, description, inputs], 1,
                              measures_itself=True))
    return result, [skipped("forward passes", lacking)] if lacking else []


TUTORIAL_BRUTE_FORCE = "tutorial's brute force, PyTorch float32"
TUTORIAL_CONVEXITY = "tutorial's convexity, PyTorch float32"
TUTORIAL_TRAINING = "tutorial's training, PyTorch"
FLOAT64, FLOAT64_PRODUCT = "numpy float64, every input", "numpy float64, one matrix product"
ARB = "Arb, matrix product of balls"


def threads_of(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"


def peers(model: Path) -> tuple[list[Job], list[str]]:
    """Those whose packages are there, and a line for each of the others. 1 thread, and as many as there are processors."""
    result: list[Job] = []
    without: list[str] = []
    # PyTorch and numpy choose their kernels themselves; settings meant for other programs would slow them down.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("OPENBLAS", "OMP_"))}
    here = ROOT / "bench/peers"
    for name, script, options, expected, packages in (
            (TUTORIAL_BRUTE_FORCE, "tutorial_brute_force.py", [model, "--slices", SLICES], 4, ("python3-torch", "libopenblas0-pthread")),
            (TUTORIAL_CONVEXITY, "tutorial_convexity.py", [model], 3, ("python3-torch", "libopenblas0-pthread")),
            (TUTORIAL_TRAINING, "tutorial_training.py", ["--time-steps", TRAINING_STEPS], 5, ("python3-torch", "libopenblas0-pthread")),
            (FLOAT64, "float64_every_input.py", [model, "--slices", SLICES], 3, ("python3-numpy", "libopenblas0-pthread")),
            (FLOAT64_PRODUCT, "float64_matrix_product.py", [model], 2, ("python3-numpy", "libopenblas0-pthread"))):
        if lacking := missing(packages):
            without.append(skipped(name, lacking))
            continue
        for count in sorted({1, os.cpu_count() or 1}):
            result.append(Job("peers", f"{name}, {threads_of(count)}", [PYTHON, here / script, *options, "--threads", count], expected, measures_itself=True,
                              environment=environment | {"OPENBLAS_NUM_THREADS": str(count)}))
    program = ROOT / "build/bench/arb_mean_loss"
    if lacking := missing((PEERS["Arb"],)):
        without.append(skipped(ARB, lacking))
    else:
        for bits, count in ((53, 1), (53, os.cpu_count() or 1), (64, os.cpu_count() or 1)):
            job = Job("peers", f"{ARB}, {bits} bits, {threads_of(count)}", [program, model, bits, count], 30)
            if job.name not in {other.name for other in result}:
                result.append(job)
    return result, without
