"""`prove` of any described network, on any task: from the file to VERIFIED within 1e-11, with the exact count and margin; and what it refuses."""
from __future__ import annotations

import itertools
import json
import random
import re
import signal
import struct
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from proofmark_testing.context import ROOT, Context, schema_errors
from proofmark_testing.models import Tensor
from proofmark_testing.processes import PATIENCE, wait_until
from proofmark_testing.safetensors import header_and_data, packed, safetensors
from rules.any.test_references import references
from second_opinion import second_opinion

MODELS = ROOT / "tests" / "models"
NEAR, MARGIN = Fraction(1, 10**11), Fraction(1, 10**9)
TASKS: dict[str, tuple[str, ...]] = {
    "mlp-s5-s2": ("--inputs", "0..120,0..120", "--label", "symmetric-group:5"),
    "gptlike-min3-s1": ("--inputs", "0..20,0..20,0..20,20", "--label", "min@0,1,2"),
    "induction-v8-n5-s1": ("--inputs", "induction.csv", "--label", "induction"),
    "cycle-n5-s1": ("--label", "longest-cycle"),
    "modadd-p113-s2": ("--inputs", "0..113,0..113,113", "--label", "sum-modulo:113@0,1")}
SMALL = {"embedding": {"tokens": {"weight": "E", "layout": "tokens,width"}}, "positions": 2, "blocks": [], "pool": "sum",
         "readout": ["relu", {"weight": "U", "layout": "in,out"}]}
FAMILY = ("train", "--vocabulary", 6, "--width", 4, "--steps", 5, "--batch", 8, "--context", 2, "--output")


def matrix(rng: random.Random, rows: int, columns: int) -> Tensor:
    return Tensor("float32", (rows, columns), struct.pack(f"<{rows * columns}f", *(rng.uniform(-1, 1) for _ in range(rows * columns))))


class Small:
    """A network of two tokens below 5 with 5 classes, its description and its file."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        rng = random.Random(7)
        self.weights = {"E": matrix(rng, 5, 4), "U": matrix(rng, 4, 5)}
        self.model, self.architecture = folder / "small.safetensors", folder / "small.architecture.json"
        self.model.write_bytes(safetensors(self.weights))
        self.architecture.write_text(json.dumps(SMALL | changes))

    def described(self) -> tuple[object, ...]:
        return (self.model, "--architecture", self.architecture)


def folder(context: Context, name: str) -> Path:
    (context.temporary / name).mkdir()
    return context.temporary / name


@pytest.fixture
def small(context: Context) -> Small:
    return Small(context.temporary)


def task_of(context: Context, name: str) -> list[str]:
    listing = context.temporary / "induction.csv"
    listing.write_text("".join(",".join(map(str, (*four, again))) + "\n" for four in itertools.permutations(range(8), 4) for again in four[:3]))
    return [str(listing) if word == "induction.csv" else word for word in TASKS[name]]


def prove(context: Context, output: Path, *arguments: object, exit: int = 0) -> Any:
    outcome = context.generator.run("prove", *arguments, "--strategy", "enumeration", "--output", output, timeout=PATIENCE)
    assert outcome.exit == exit, outcome.shown()
    return outcome


@pytest.mark.parametrize(("name", "loss", "correct", "N", "margin"), references(), ids=lambda value: value if isinstance(value, str) else "")
def test_model(context: Context, name: str, loss: Fraction, correct: int, N: int, margin: Fraction) -> None:
    check, path, again = context.check, context.temporary / "proof.json", context.temporary / "again.json"
    described = (MODELS / f"{name}.safetensors", "--architecture", MODELS / f"{name}.architecture.json", *task_of(context, name))
    said = prove(context, path, *described, "--threads", 1)
    prove(context, again, *described, "--threads", 3)
    check(path.read_bytes() == again.read_bytes(), f"networks: {name}: bytes do not depend on threads")
    stated = json.loads(path.read_bytes())
    check(not schema_errors("certificate", stated), f"networks: {name}: schema")
    claims = {(one["quantity"], one["direction"]): Fraction(one["bound"]) for one in stated["claims"]}
    check(loss - NEAR <= claims["cross-entropy", "lower"] <= claims["cross-entropy", "upper"] <= loss + NEAR, f"networks: {name}: loss", claims, loss)
    check(Fraction(correct, N) - NEAR <= claims["accuracy", "lower"] <= Fraction(correct, N), f"networks: {name}: accuracy", claims)
    check(abs(claims["margin", "lower"] - margin) <= MARGIN, f"networks: {name}: margin", claims, margin)
    counts = [step["correct"] for step in stated["steps"]]
    check(all(least == most for least, most in counts) and sum(least for least, _ in counts) == correct, f"networks: {name}: exact count", counts)
    receipt = context.temporary / "receipt.json"
    outcome = context.verifier.run(path, "--weights", described[0], "--receipt", receipt)
    check(outcome.verdict == "VERIFIED", f"networks: {name}: VERIFIED", outcome.shown())
    performed = json.loads(receipt.read_bytes())
    check.equal(performed["operations"]["length"], int(claims["length", "upper"]), f"networks: {name}: the length that is declared is performed")
    check(said.errors.startswith(f"{performed['function']}\n{performed['formula']}\n"), f"networks: {name}: prove says the function as the verifier does", said.shown())


def test_parts(context: Context) -> None:
    name, path = "gptlike-min3-s1", context.temporary / "proof.json"
    prove(context, path, MODELS / f"{name}.safetensors", "--architecture", MODELS / f"{name}.architecture.json", *TASKS[name], "--steps", 5)
    cuts = [step["inputs"] for step in json.loads(path.read_bytes())["steps"]]
    context.check.equal(cuts, [[0, 1024], [1024, 3072], [3072, 4096], [4096, 6144], [6144, 8000]], "networks: steps end with batches")
    parts = [context.temporary / f"part-{i}" for i in (1, 2, 3)]
    for i, part in enumerate(parts, 1):
        outcome = context.verifier.run(path, "--part", f"{i}/3", "--receipt", part)
        context.check(outcome.exit == 0, f"networks: part {i}", outcome.shown())
    outcome = context.verifier.run("--join", *parts, "--certificate", path)
    context.check("s JOINED" in outcome.output, "networks: joined", outcome.shown())


def test_other_tasks_of_families(context: Context) -> None:
    """A model of a family is proved by its strategies where it is asked for the largest of all tokens, and else by every input."""
    model, path = context.temporary / "family.safetensors", context.temporary / "proof.json"
    context.generator.run(*FAMILY, model)
    for words, of in ((("--label", "max"), "labels"), (("--label", "max", "--inputs", "0..6,0..6"), "labels"), (("--label", "min"), "inputs"),
                      (("--label", "max", "--inputs", "0..5,0..6"), "inputs"), (("--label", "max@0"), "inputs"), (("--label", "sum-modulo:6"), "inputs")):
        prove(context, path, model, *words)
        context.check(of in json.loads(path.read_bytes())["steps"][0], f"networks: a family's model, {words}: by {of}")
        context.check(context.verifier.run(path, "--weights", model).verdict == "VERIFIED", f"networks: a family's model, {words}: VERIFIED")
        context.check(second_opinion.judge(path) is None, f"networks: a family's model, {words}: second opinion")


def test_tables_and_lists(context: Context, small: Small) -> None:
    check, path, table, listing = context.check, context.temporary / "proof.json", context.temporary / "table.csv", context.temporary / "list.csv"
    table.write_text("a,b,label\n" + "".join(f"{a},{b},{a * b % 5}\n" for a in range(5) for b in range(5)))
    listing.write_text("1,2\n3,4\n1,2\n0,0\n")
    for words in (("--label", f"table:{table}"), ("--label", f"table:{table}", "--inputs", listing), ("--label", "max", "--inputs", listing)):
        outcome = prove(context, path, *small.described(), *words)
        check(context.verifier.run(path).verdict == "VERIFIED" and second_opinion.judge(path) is None, f"networks: {words[1:]}: VERIFIED")
        check(("inputs that are listed again: 1;" in outcome.errors) == ("--inputs" in words), f"networks: {words[1:]}: repeated inputs", outcome.shown())
    other = Small(context.temporary)
    other.model.write_bytes(safetensors(small.weights | {"spare": matrix(random.Random(1), 2, 2)}))
    outcome = prove(context, path, *other.described(), "--label", "max")
    check("does not use 1 of the file's tensors" in outcome.errors and "spare" in outcome.errors, "networks: unused tensors are named", outcome.shown())
    check("spare" not in json.loads(path.read_bytes())["model"]["tensors"] and context.verifier.run(path, "--weights", other.model).verdict == "VERIFIED",
          "networks: unused tensors stand in no certificate")


def test_metadata(context: Context, small: Small) -> None:
    """What the file says of itself need not be said again, and what is said is asked first."""
    header, data = header_and_data(small.weights)
    path = context.temporary / "proof.json"
    small.model.write_bytes(packed(header | {"__metadata__": {"proofmark.architecture": json.dumps(SMALL), "proofmark.inputs": "0..5,2", "proofmark.label": "min"}}, data))
    prove(context, path, small.model)
    context.check.equal(json.loads(path.read_bytes())["task"], {"inputs": {"ranges": [[0, 5], [2, 3]]}, "label": {"name": "min"}}, "networks: metadata")
    prove(context, path, small.model, "--label", "max", "--inputs", "0..2,0..3")
    context.check.equal(json.loads(path.read_bytes())["task"], {"inputs": {"ranges": [[0, 2], [0, 3]]}, "label": {"name": "max"}}, "networks: metadata gives way")
    outcome = context.generator.run("frontier", small.model, "--list")
    context.check(outcome.exit == 0 and {"enumeration", "low-rank"} <= {line.split(" ")[0] for line in outcome.lines}, "networks: frontier lists its points by the metadata", outcome.shown())


def test_quantities(context: Context, small: Small) -> None:
    path = context.temporary / "proof.json"
    for quantity, keys in (("cross-entropy", {"loss"}), ("accuracy", {"correct"}), ("margin", {"margin"}), ("accuracy,margin", {"correct", "margin"})):
        prove(context, path, *small.described(), "--label", "max", "--quantity", f"{quantity},length")
        context.check.equal(set(json.loads(path.read_bytes())["steps"][0]) & {"loss", "correct", "margin"}, keys, f"networks: {quantity}")
        receipt = context.temporary / "receipt.json"
        context.check(context.verifier.run(path, "--receipt", receipt).verdict == "VERIFIED", f"networks: {quantity}: VERIFIED")
        declared = next(one["bound"] for one in json.loads(path.read_bytes())["claims"] if one["quantity"] == "length")
        context.check.equal(json.loads(receipt.read_bytes())["operations"]["length"], int(declared), f"networks: {quantity}: length")
    outcome = prove(context, path, *small.described(), "--label", "max", "--bound", "margin:lower:-100", "--bound", "99", "--json")
    context.check.equal([one["bound"] for one in json.loads(outcome.output)["claims"]], ["-100", "99"], "networks: bounds")
    context.check(json.loads(outcome.output)["formula"].startswith("x = E[t]"), "networks: --json has the formula", outcome.output)


def test_refusals(context: Context, small: Small) -> None:
    """One line, a hint, an exit code, and no file."""
    empty, short = context.temporary / "empty.csv", context.temporary / "short.csv"
    empty.write_text("a,b\n")
    short.write_text("0,0,1\n")
    described = small.described()
    one_class = Small(folder(context, "one"))
    one_class.architecture.write_text(json.dumps(SMALL | {"readout": [{"weight": "U", "layout": "in,out", "columns": [0, 1]}]}))
    huge = Small(folder(context, "huge"))
    huge.model.write_bytes(safetensors({"E": Tensor("float64", (5, 4), struct.pack("<20d", *[1e300] * 20)), "U": Tensor("float64", (4, 5), struct.pack("<20d", *[1e300] * 20))}))
    question = Small(folder(context, "question"), pool="?")
    for name, code, words, arguments in (
            ("no label", 64, "--label is missing", described),
            ("a label that is none", 64, "did you mean 'max'?", (*described, "--label", "mex")),
            ("a label beyond the classes", 65, "may be 6, but the model has 5 classes, 0 to 4", (*described, "--label", "sum-modulo:7")),
            ("an input without a label", 65, "has no label induction", (*described, "--label", "induction")),
            ("a token without a row", 64, "the token 5 at position 1, expected one below 5", (*described, "--label", "min", "--inputs", "0..5,0..6")),
            ("too few positions", 64, "inputs have 1 token, but the model has 2 positions", (*described, "--label", "max", "--inputs", "0..5")),
            ("no input", 64, "is an empty range", (*described, "--label", "max", "--inputs", "0..5,3..3")),
            ("no input in a file", 65, "lists no input", (*described, "--label", "max", "--inputs", empty)),
            ("a table of too few", 65, "has 1 rows, but there are 25 inputs", (*described, "--label", f"table:{short}")),
            ("another strategy", 64, "is about models of a family", (*described, "--label", "min", "--strategy", "symmetry")),
            ("another strategy's option", 64, "does not take --top", (*described, "--label", "min", "--top", 2)),
            ("noise", 64, "--noise splits what strategies of a family give away", (*described, "--label", "min", "--noise")),
            ("more steps than inputs", 64, "--steps 26 is more than the 25 inputs", (*described, "--label", "min", "--steps", 26)),
            ("another context", 64, "--context 3 was asked for, but this model has 2 positions", (*described, "--context", 3)),
            ("a margin of one class", 64, "a model with one output has no margin",
             (*one_class.described(), "--label", "min", "--inputs", "0,0", "--bound", "margin:lower:0")),
            ("numbers beyond doubles", 65, "are beyond what doubles hold", (*huge.described(), "--label", "max")),
            ("a question mark", 65, "?", (*question.described(), "--label", "max")),
            ("a bound that is not supported", 65, "the proof does not support", (*described, "--label", "max", "--bound", "0.000001"))):
        output = context.temporary / "refused.json"
        strategy = () if "--strategy" in arguments else ("--strategy", "enumeration")
        outcome = context.generator.run("prove", *arguments, *strategy, "--output", output)
        context.check(outcome.exit == code and words in outcome.errors, f"networks: refused: {name}", outcome.shown())
        context.check("\nhint: " in outcome.errors and not list(context.temporary.glob("refused*")), f"networks: refused: {name}: a hint, no file", outcome.shown())


def test_large_domains(context: Context) -> None:
    """2^26 inputs and 2^64 are not started: their time, or that the verifier takes no such proof, is said before."""
    rng = random.Random(1)
    model = context.temporary / "large.safetensors"
    model.write_bytes(safetensors({"E": matrix(rng, 2, 64), "A": matrix(rng, 64, 2048), "U": matrix(rng, 2048, 2)}))
    for n, code, words in ((26, 64, "this proof would take about"), (40, 64, "more than the 1125899906842624"), (64, 64, "more than the 1125899906842624 operations")):
        architecture = context.temporary / "large.json"
        readout = [{"weight": "A", "layout": "in,out"}, "relu", {"weight": "U", "layout": "in,out"}]
        architecture.write_text(json.dumps(SMALL | {"positions": n, "readout": readout}))
        output = context.temporary / "large-proof.json"
        outcome = context.generator.run("prove", model, "--architecture", architecture, "--label", "balanced-brackets", "--strategy", "enumeration",
                                        "--threads", 2, "--output", output, timeout=60)
        context.check(outcome.exit == code and words in outcome.errors and not output.exists(), f"networks: 2^{n} inputs", outcome.shown())


def test_interruption(context: Context) -> None:
    """What was found when a proof is told to stop is taken up, and the bytes are those of a proof that was not interrupted."""
    rng = random.Random(2)
    model, architecture, certificate, other = (context.temporary / name for name in ("m.safetensors", "m.json", "m.cert.json", "other.cert.json"))
    model.write_bytes(safetensors({"E": matrix(rng, 128, 512), "A": matrix(rng, 512, 3072), "U": matrix(rng, 3072, 128)}))
    architecture.write_text(json.dumps(SMALL | {"readout": [{"weight": "A", "layout": "in,out"}, "relu", {"weight": "U", "layout": "in,out"}]}))
    command = ("prove", model, "--architecture", architecture, "--label", "max", "--strategy", "enumeration", "--threads", "1", "--output")
    ledger = Path(f"{certificate}.unfinished")
    with subprocess.Popen([context.generator.path, *map(str, command), certificate], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: ledger.exists() or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    if process.returncode == 0:
        pytest.skip("this machine was done before it could be interrupted")
    context.check(process.returncode == 130 and ledger.exists() and not certificate.exists(), "networks: interrupted", process.returncode)
    resumed = context.generator.run(*command, certificate, timeout=PATIENCE)
    context.check(resumed.exit == 0 and re.search(r"going on: \d+ of 16 batches were done", resumed.errors) is not None and not ledger.exists(),
                  "networks: goes on", resumed.shown())
    context.generator.run(*command, other, timeout=PATIENCE)
    context.check(certificate.read_bytes() == other.read_bytes(), "networks: the same bytes")


def test_task(context: Context) -> None:
    outcome = context.generator.run("task")
    names = re.findall(r"^  (\S+)", outcome.output, re.M)
    context.check.equal([name.partition(":")[0] for name in names],
                        ["max", "min", "sum-modulo", "symmetric-group", "balanced-brackets", "induction", "longest-cycle", "table"], "task: lists the labels of the format")
    for name, words in (("induction", "--label induction of 4,2,7,5,2 is 7"), ("sum-modulo", "--label sum-modulo:113 of 70,50 is 7"), ("max", "of 3,7,5 is 7"),
                        ("symmetric-group", "degree: 1 to 7"), ("balanced-brackets", "of 0,0,1,1 is 1"), ("longest-cycle", "of 1,2,0,3 is 2"), ("table", "xor.csv")):
        outcome = context.generator.run("task", name)
        context.check(outcome.exit == 0 and words in outcome.output, f"task: {name}", outcome.shown())
    outcome = context.generator.run("task", "inductoin")
    context.check(outcome.exit == 64 and "did you mean 'induction'?" in outcome.errors, "task: a name that is none", outcome.shown())


def test_archive_and_report(context: Context, small: Small) -> None:
    path, receipt, page, archive = (context.temporary / name for name in ("network.json", "receipt.json", "page.html", "archive"))
    prove(context, path, *small.described(), "--label", "sum-modulo:5")
    context.verifier.run(path, "--receipt", receipt)
    outcome = context.generator.run("report", path, receipt, "--output", page, "--latex", context.temporary / "numbers.tex")
    text = page.read_text()
    context.check(outcome.exit == 0 and "Sum-modulo:5 of 25 inputs" in text and "x = E[t]" in text and "splits the inputs 0 to 24" in text, "networks: report", outcome.shown())
    context.check("the sum of the tokens modulo 5" in text, "networks: report: the task in words")
    outcome = context.generator.run("archive", path, "--verifier", context.verifier.path, "--output", archive)
    card = (archive / "certificates" / "network" / "README.md").read_text() if archive.exists() else ""
    context.check(outcome.exit == 0 and "x = E[t]" in card and "2 tokens of 5, summed" in card, "networks: archive", outcome.shown(), card[:1500])
    again = context.temporary / "again.json"
    prove(context, again, archive / "certificates" / "network" / "model.safetensors")
    context.check(again.read_bytes() == path.read_bytes(), "networks: an archive's model says its description and task")
