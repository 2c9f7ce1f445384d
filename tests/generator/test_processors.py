"""Other processors, other variants of the C library's functions, other numbers of threads: the same models, losses, certificates and figures, to the byte.

What models and certificates are is committed, in tests/processors.sha256; `tests/processors GENERATOR >tests/processors.sha256` makes it anew. Processors are those of
qemu-user, one without AVX2 and one with it, and this machine's own.
"""
from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from proofmark_testing.checks import Checks
from proofmark_testing.context import ROOT, Context
from proofmark_testing.verifier import Verifier

DIGESTS = ROOT / "tests" / "processors.sha256"
MODELS = {
    "sum-2": "--vocabulary 19 --width 9 --steps 40 --batch 150 --learning-rate 0.01",
    "sum-3": "--context 3 --vocabulary 9 --width 6 --steps 40 --batch 40 --learning-rate 0.01",
    "sum-2-head-tail": "--vocabulary 19 --width 9 --steps 20 --batch 40 --learning-rate 0.01 --objective head-tail --top 2",
    "sum-3-head-tail": "--context 3 --vocabulary 7 --width 5 --steps 10 --batch 20 --learning-rate 0.01 --objective head-tail",
    "attention": "--family attention-only --context 3 --vocabulary 11 --width 9 --head-width 5 --steps 60 --batch 140 --learning-rate 0.01",
    "attention-cubic": "--family attention-only --context 3 --vocabulary 7 --width 6 --steps 8 --batch 16 --learning-rate 0.01 --objective cubic",
    "mlp": "--family mlp --label symmetric-group:4 --width 9 --steps 15",
    "mlp-low-rank": "--family mlp --label symmetric-group:4 --width 9 --steps 15 --objective low-rank --rank 3 --cool-down 0.5",
    "transformer": "--family transformer --label sum-modulo:29 --width 12 --heads 3 --mlp-width 20 --blocks 2 --steps 8",
    "described": f"--architecture {ROOT}/tests/models/gptlike-min3-s1.architecture.json --inputs 0..6,0..6,0..6,6 --label min@0,1,2 --width 10 --mlp-width 14 --steps 20",
}
PROOFS = {
    "symmetry": ("sum-3", "--strategy symmetry"),
    "convexity": ("sum-3", "--strategy convexity"),
    "convexity-2": ("sum-2", "--strategy convexity"),
    "head-tail": ("sum-3", "--strategy head-tail --top 2"),
    "head-tail-weights": ("sum-2", "--strategy head-tail --top 2 --groups 3 --weights"),
    "head-tail-budget": ("sum-2", "--strategy head-tail --budget 0.8"),
    "mixed": ("sum-2", "--strategy mixed --budget 0.9 --steps 6"),
    "block-jensen": ("sum-2", "--strategy block-jensen --blocks 4"),
    "near-far": ("attention", "--strategy near-far --near best --outputs 2 --joint"),
    "band": ("attention", "--strategy band --near 2 --outputs 1"),
    "cubic": ("attention", "--strategy cubic"),
    "subcubic": ("attention", "--strategy subcubic"),
    "soft-near-far": ("attention", "--strategy soft-near-far --near 2 --outputs 2 --joint"),
    "placements": ("attention", "--strategy placements --near 2"),
    "attention-enumeration": ("attention", "--strategy enumeration"),
}
# What the C library computes in different ways on different processors.
UNREPRODUCIBLE = re.compile(r" U ((?:exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|sin|cos|tan|sincos|asin|acos|atan|atan2|sinh|cosh|tanh|"
                            r"asinh|acosh|atanh|cbrt|hypot|erf|erfc|tgamma|lgamma)[fl]?)(?:@|$)", re.M)


Digests = dict[str, str]


@pytest.fixture(scope="module")
def here(shared: Context) -> Digests:
    """On this processor, with one thread."""
    return dict(digests([shared.generator.path], shared.temporary / "here", {}, 1))


def same(check: Checks, name: str, found: Digests, here: Digests) -> None:
    committed = dict(reversed(line.split("  ")) for line in DIGESTS.read_text().splitlines())
    check.equal({made: found.get(made) for made in committed}, committed, f"processors: {name}: committed digests")
    check.equal(found, here, f"processors: {name}: the same as elsewhere")


def test_here(context: Context, here: Digests) -> None:
    same(context.check, "this processor", here, here)
    without = ",".join(f"-{feature}" for feature in ("AVX", "AVX2", "FMA", "FMA4", "AVX512F", "AVX512VL", "SSE4_1"))
    found = dict(digests([context.generator.path], context.temporary / "older", {"GLIBC_TUNABLES": f"glibc.cpu.hwcaps={without}"}, 3))
    same(context.check, "3 threads, an older C library's functions", found, here)


def test_library(check: Checks, generator: Verifier) -> None:
    imported = subprocess.run(["nm", "-D", generator.path], capture_output=True, text=True)
    check.equal((imported.returncode, UNREPRODUCIBLE.findall(imported.stdout)), (0, []), "processors: functions of the C library that differ among processors")


@pytest.mark.long
@pytest.mark.parametrize("processor", ("Nehalem", "Haswell"))
def test_elsewhere(context: Context, here: Digests, processor: str) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("other processors are tried on x86-64 only")
    if shutil.which("qemu-x86_64") is None:
        subprocess.run([ROOT / "scripts" / "install-packages", "qemu-user"], capture_output=True, check=False)
    emulator = shutil.which("qemu-x86_64")
    if emulator is None:
        pytest.skip("other processors, for want of qemu-user")
    same(context.check, processor, dict(digests([emulator, "-cpu", processor, context.generator.path], context.temporary / processor, {}, 2)), here)


def digests(command: Sequence[str], folder: Path, environment: dict[str, str], threads: int) -> Iterator[tuple[str, str]]:
    """Of models, the losses of their training and certificates, by name. A file that was not made has what the program said as its digest."""
    folder.mkdir(parents=True)

    def made(path: Path, *arguments: str) -> str:
        done = subprocess.run([*command, *arguments], env=os.environ | environment, capture_output=True, text=True)
        return digest(path) if done.returncode == 0 else done.stderr

    for name, options in MODELS.items():
        model, history = folder / f"{name}.safetensors", folder / f"{name}.csv"
        yield f"{name}.safetensors", made(model, "train", *options.split(), "--threads", str(threads), "--output", str(model), "--history", str(history))
        yield f"{name}.csv", digest(history)
    for name, (model, options) in PROOFS.items():
        context = "3" if model in ("sum-3", "attention") else "2"
        path = folder / f"{name}.json"
        yield path.name, made(path, "prove", str(folder / f"{model}.safetensors"), "--context", context, *options.split(), "--threads", str(threads), "--output", str(path))
    figures = folder / "figures"
    certificates = [str(folder / f"{name}.json") for name in ("head-tail", "convexity")]
    made(folder / "report.html", "report", *certificates, "--verify", "none", "--history", str(folder / "sum-3.csv"), "--figures", str(figures), "--output",
         str(folder / "report.html"))
    yield "figures", hashlib.sha256("".join(f"{digest(path)}  {path.name}\n" for path in sorted(figures.glob("*"))).encode()).hexdigest()


def digest(path: Path) -> str:
    """Of a certificate without its provenance, which names the version."""
    if not path.exists():
        return "no such file"
    content = path.read_bytes()
    if path.suffix == ".json":
        document = json.loads(content)
        del document["provenance"]
        content = json.dumps(document, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()
