"""`proofmark frontier` on a small model: its tables against the receipts, what a second run redoes, what an interruption
and a verifier that refuses, lies or is not there leave behind."""
from __future__ import annotations

import csv
import json
import math
import shutil
import signal
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from proofmark_testing.context import Context, schema_errors
from proofmark_testing.dummies import script
from generator.pages import standing
from generator.test_prove_networks import Small
from proofmark_testing.processes import PATIENCE, running, wait_until
from proofmark_testing.verifier import Outcome

V, WIDTH = 48, 16
KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read")
POINTS = {"symmetry", "convexity", "enumeration"}        # what most tests ask for; `tables` takes all points there are
THESE = ("--points", ",".join(sorted(POINTS)))
NAMES = ("name,strategy,parameters,upper,lower,accuracy,accuracy_upper,margin,vacuous,pareto_loss,pareto_accuracy,length,share,mul_of_symmetry,add,mul,div,sqrt,exp,log,compare,read,"
         "certificate_bytes,prove_s,verify_s,claimed_upper,exact_loss,tail_slack,rounding_slack,verdict,reason")


def frontier(context: Context, model: Path, folder: Path, *options: object) -> Outcome:
    return context.generator.run("frontier", model, "--verifier", context.verifier.path, "--output", folder, *options)


def listed(context: Context, model: Path, n: int) -> set[str]:
    """The names that --list gives, of the points that are made by default."""
    outcome = context.generator.run("frontier", model, "--context", n, "--list")
    context.check.equal(outcome.exit, 0, f"frontier: --list: exit code, n={n}", outcome.shown())
    return {line.split()[0] for line in outcome.lines[3:] if "only with" not in line and "cannot be proved" not in line}


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "frontier.csv").open(newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file, strict=True)}


@pytest.fixture(scope="module")
def model(shared: Context) -> Path:
    path = shared.temporary / "model.safetensors"
    outcome = shared.generator.run("train", "--vocabulary", V, "--width", WIDTH, "--steps", 500, "--batch", 64, "--output", path)
    assert outcome.exit == 0, outcome.shown()
    return path


@pytest.mark.parametrize("n", (1, 2, 3))
def test_tables(context: Context, model: Path, n: int) -> None:
    """CSV, JSON, labels and text say what the receipts say."""
    check, folder = context.check, context.temporary / f"tables-{n}"
    outcome = frontier(context, model, folder, "--context", n)
    name = f"frontier: n={n}"
    if not check.equal(outcome.exit, 0, f"{name}: exit code", outcome.shown()):
        return
    check.equal((folder / "frontier.csv").read_text().splitlines()[0], NAMES, f"{name}: columns")
    found = rows(folder)
    check.equal(set(found), listed(context, model, n), f"{name}: points")
    check(POINTS <= set(found), f"{name}: strategies without a size")
    document = json.loads((folder / "frontier.json").read_text())
    check.equal([point["name"] for point in document["points"]], list(found), f"{name}: JSON and CSV have the same points")
    lengths = [int(row["length"]) for row in found.values()]
    check.equal(lengths, sorted(lengths, reverse=True), f"{name}: longest proof first")
    for point in document["points"]:
        row, title = found[point["name"]], f"{name}: {point['name']}"
        receipt = json.loads((folder / point["receipt"]).read_text())
        check(not schema_errors("receipt", receipt), f"{title}: receipt's schema")
        agree_with_receipt(context, title, row, receipt)
        for key in ("strategy", "upper", "lower", "accuracy", "mul_of_symmetry", "prove_s", "verify_s", "claimed_upper", "tail_slack",
                    "rounding_slack", "verdict", "reason"):
            check.equal(point[key] or "", row[key], f"{title}: JSON and CSV agree on {key}")
        check.equal({key: int(row[key]) for key in (*KINDS, "length")}, point["operations"], f"{title}: JSON and CSV agree on operations")
        for key in ("pareto_loss", "pareto_accuracy"):
            check.equal(["no", "yes"][point[key]], row[key], f"{title}: JSON and CSV agree on {key}")
        certificate = folder / point["certificate"]
        check.equal(certificate.stat().st_size, int(row["certificate_bytes"]), f"{title}: size")
        shown = next((line for line in outcome.lines if point["name"] in line.split()[:2]), "")
        check.equal((shown.startswith("* "), shown.endswith(standing(row))), (point["pareto_loss"] or point["pareto_accuracy"], True),
                    f"{title}: the table marks what is Pareto-optimal", shown)
    labels(context, name, folder, found, n)
    check.equal(found["symmetry"]["mul_of_symmetry"], "1", f"{name}: symmetry's multiplications are its own")
    best = {key for key, row in found.items() if row["pareto_loss"] == "yes"}
    check.equal((best, {key for key, row in found.items() if row["pareto_accuracy"] == "yes"}), pareto(found), f"{name}: what is Pareto-optimal")
    check.equal("symmetry" in best, n > 1, f"{name}: symmetry, or for one token convexity, is the shortest exact proof")
    verified = context.verifier.run(folder / "certificates" / "symmetry.json", "--weights", model)
    check.equal(verified.verdict, "VERIFIED", f"{name}: the certificate stands by itself", verified.shown())


def pareto(found: dict[str, dict[str, str]]) -> tuple[set[str], set[str]]:
    """In the loss and in the accuracy, by the definition in docs/frontier.md."""
    losses = {key: (int(row["length"]), math.ceil(Fraction(row["upper"]) * 10**9)) for key, row in found.items() if row["vacuous"] == "no"}
    accuracies = {key: (int(row["length"]), -math.floor(Fraction(row["accuracy"]) * 10**9)) for key, row in found.items()
                  if Fraction(row["accuracy"] or 0) > 0}
    return best(losses), best(accuracies)


def best(measures: dict[str, tuple[int, int]]) -> set[str]:
    return {key for key, own in measures.items()
            if not any(other != own and other[0] <= own[0] and other[1] <= own[1] for other in measures.values())}


def agree_with_receipt(context: Context, title: str, row: dict[str, str], receipt: dict) -> None:
    check = context.check
    check.equal((row["verdict"], row["reason"]), ("VERIFIED", ""), f"{title}: verdict")
    check.equal({key: int(row[key]) for key in (*KINDS, "length")}, receipt["operations"], f"{title}: operations")
    established = {(claim["quantity"], claim["direction"]): claim for claim in receipt["claims"]}
    for column, key in (("upper", ("cross-entropy", "upper")), ("lower", ("cross-entropy", "lower")), ("accuracy", ("accuracy", "lower")),
                        ("accuracy_upper", ("accuracy", "upper")), ("margin", ("margin", "lower"))):
        check.equal(row[column], established[key]["established"] if key in established else "", f"{title}: {column}")
    claimed = established[("cross-entropy", "upper")]["bound"]
    check.equal(row["claimed_upper"], claimed, f"{title}: claimed_upper")
    exact, upper = Fraction(row["exact_loss"]), Fraction(row["upper"])
    check.equal(Fraction(row["tail_slack"]), upper - exact, f"{title}: tail_slack")
    check.equal(Fraction(row["rounding_slack"]), Fraction(claimed) - upper, f"{title}: rounding_slack")
    if row["lower"]:
        check(Fraction(row["lower"]) - Fraction(1, 10**12) < exact <= upper, f"{title}: the exact loss lies between the bounds")
    check.equal(row["vacuous"], "yes" if float(upper) >= 3.8712010109 else "no", f"{title}: vacuous")


def labels(context: Context, name: str, folder: Path, found: dict[str, dict[str, str]], n: int) -> None:
    with (folder / "labels.csv").open(newline="") as file:
        steps = list(csv.DictReader(file, strict=True))
    for point, row in found.items():
        own = [step for step in steps if step["name"] == point]
        ranges = [(int(step["from"]), int(step["to"])) for step in own]
        # block-jensen's steps are its blocks, the others' single labels
        wanted = 8 if point == "block-jensen-8" else V
        context.check.equal(len(ranges), wanted, f"{name}: {point}: labels.csv has a row a step")
        context.check.equal([0, *(to for _, to in ranges)], [*(start for start, _ in ranges), V],
                            f"{name}: {point}: labels.csv covers the labels in order")
        context.check.equal(sum(int(step["inputs"]) for step in own), V**n, f"{name}: {point}: labels.csv has every input once")
        for column, key in (("upper", "upper"), ("exact_loss", "exact_loss")):
            total = sum(Fraction(step[column]) for step in own)
            context.check(abs(total - Fraction(row[key])) < Fraction(1, 10**13), f"{name}: {point}: labels.csv adds up to {key}",
                                float(total), row[key])
        context.check(all(Fraction(step["upper"]) - Fraction(step["exact_loss"]) == Fraction(step["slack"]) >= 0 for step in own),
                            f"{name}: {point}: labels.csv: slack")


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    files = [path for kind in ("certificates", "receipts", "points") for path in sorted((folder / kind).iterdir())]
    return {f"{path.parent.name}/{path.name}": (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}


def changed(before: dict, folder: Path) -> set[str]:
    after = stamps(folder)
    return {Path(name).stem for name in set(before) | set(after) if before.get(name) != after.get(name)}


def test_kept(context: Context, model: Path) -> None:
    """What a second run redoes: nothing; only what was damaged; everything for another model or other parameters."""
    check, folder = context.check, context.temporary / "kept"
    frontier(context, model, folder, *THESE)
    table = (folder / "frontier.csv").read_bytes()
    for name, damage, options, expected in (
            ("unchanged", lambda: None, (), set()),
            ("a certificate is damaged", lambda: flip(folder / "certificates" / "convexity.json"), (), {"convexity"}),
            ("a receipt is gone", lambda: (folder / "receipts" / "symmetry.json").unlink(), (), {"symmetry"}),
            ("a record is cut", lambda: (folder / "points" / "enumeration.json").write_text("{"), (), {"enumeration"}),
            ("other parameters", lambda: None, ("--steps", 5), POINTS),
            ("these again", lambda: None, ("--steps", 5), set())):
        before = stamps(folder)
        damage()
        outcome = frontier(context, model, folder, *THESE, *options)
        title = f"frontier: {name}"
        check.equal(outcome.exit, 0, f"{title}: exit code", outcome.shown())
        check.equal(changed(before, folder), expected, f"{title}: these points are redone", outcome.shown())
        said = {line.split(":")[0] for line in outcome.errors.splitlines() if line.endswith(": kept")}
        check.equal(said, POINTS - expected, f"{title}: says what is kept", outcome.shown())
        if name == "unchanged":
            check.equal((folder / "frontier.csv").read_bytes(), table, f"{title}: the same table")
    other = context.temporary / "other.safetensors"
    context.generator.run("train", "--vocabulary", V, "--width", WIDTH, "--steps", 20, "--batch", 64, "--output", other)
    before = stamps(folder)
    outcome = frontier(context, other, folder, *THESE, "--steps", 5)
    check.equal((outcome.exit, changed(before, folder)), (0, POINTS), "frontier: another model: everything is redone", outcome.shown())
    check(not list(folder.rglob(".*")), "frontier: no temporary files are left")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_selection(context: Context, model: Path) -> None:
    check, folder = context.check, context.temporary / "selection"
    outcome = frontier(context, model, folder, "--points", "convexity")
    check.equal((outcome.exit, set(rows(folder))), (0, {"convexity"}), "frontier: --points", outcome.shown())
    outcome = frontier(context, model, folder, "--strategies", "symmetry,convexity")
    check.equal((outcome.exit, set(rows(folder))), (0, {"symmetry", "convexity"}), "frontier: --strategies", outcome.shown())
    outcome = frontier(context, model, folder, "--points", "enumeration")
    check.equal((outcome.exit, set(rows(folder))), (0, POINTS), "frontier: earlier points stay in the table", outcome.shown())
    outcome = context.generator.run("frontier", model, "--context", 5, "--list")
    check(outcome.exit == 0 and "only with --points" in outcome.output, "frontier: --list", outcome.shown())


def test_refusing_verifiers(context: Context, model: Path) -> None:
    """A point that is not verified is reported with its reason, the others stay, and the exit code is 1."""
    check, scratch = context.check, context.temporary
    good = '"$real" --verbose --receipt "$receipt" "$certificate"'
    special = 'if [[ $certificate != */convexity.json ]]; then exec ' + good + '; fi\n'
    for name, body, verdict, reason in (
            ("rejects", "sed 's/\"id\": 3,/\"id\": 4,/' \"$certificate\" > $0.json; exec \"$real\" --receipt \"$receipt\" $0.json",
             "REJECTED", "step-id"),
            ("crashes", "kill -SEGV $$", "ERROR", "ended-by-signal-11"),
            ("says-nothing", "exit 0", "ERROR", "no-answer"),
            ("says-without-receipt", "echo s VERIFIED", "ERROR", "receipt-unusable"),
            ("another-receipt", good + "; cp ${receipt%convexity.json}symmetry.json \"$receipt\"", "ERROR", "receipt-unusable"),
            ("contradicts-itself", good + "; exit 1", "ERROR", "no-answer"),
            ("errs", "echo 's ERROR'; echo 'c reason io at /x'; exit 66", "ERROR", "io")):
        folder, title = scratch / f"refusing-{name}", f"frontier: a verifier that {name}"
        outcome = context.generator.run("frontier", model, "--verifier", script(context, name, special + body), "--output", folder, *THESE)
        check.equal(outcome.exit, 1, f"{title}: exit code", outcome.shown())
        found = rows(folder)
        check.equal({key: row["verdict"] for key, row in found.items()}, {"symmetry": "VERIFIED", "enumeration": "VERIFIED", "convexity": verdict},
                    f"{title}: verdicts", outcome.shown())
        row = found["convexity"]
        check.equal((row["reason"], row["pareto_loss"], row["upper"], row["length"]), (reason, "no", "", ""), f"{title}: the row", outcome.shown())
        check(any("convexity" in line and verdict in line and reason in line for line in outcome.lines), f"{title}: the table", outcome.shown())
        check("error: not verified: convexity\nhint: " in outcome.errors, f"{title}: the message", outcome.shown())
        before = stamps(folder)
        outcome = frontier(context, model, folder, *THESE)
        check.equal((outcome.exit, changed(before, folder)), (0, {"convexity"}), f"{title}: it is tried again, the others are kept", outcome.shown())


def test_interruption(context: Context, model: Path) -> None:
    """SIGINT while the second point is being verified: exit 130, the first is kept, the verifier is ended too."""
    check, folder = context.check, context.temporary / "interrupted"
    pid = context.temporary / "slow.pid"
    slow = script(context, "slow", f'if [[ $certificate == */convexity.json ]]; then echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 1000; fi\n'
                                   'exec "$real" --verbose --receipt "$receipt" "$certificate"')
    process = subprocess.Popen([context.generator.path, "frontier", str(model), "--verifier", str(slow), "--output", str(folder), *THESE],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: pid.exists() or process.poll() is not None)
    process.send_signal(signal.SIGINT)
    try:
        output, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    check.equal((process.returncode, output), (130, ""), "frontier: interrupted: exit code and output", errors)
    check("error: interrupted\n" in errors, "frontier: interrupted: says so", errors)
    check(pid.exists() and not running(int(pid.read_text())), "frontier: interrupted: the verifier is ended")
    check.equal(set(rows(folder)), {"symmetry"}, "frontier: interrupted: the table has what is finished")
    check.equal({path.stem for path in (folder / "points").iterdir()}, {"symmetry"}, "frontier: interrupted: so do the records")
    check(not list(folder.rglob(".*")) and not list(folder.rglob("*.partial*")), "frontier: interrupted: no temporary files")
    before = stamps(folder)
    outcome = frontier(context, model, folder, *THESE)
    check.equal((outcome.exit, set(rows(folder))), (0, POINTS), "frontier: interrupted: the next run finishes", outcome.shown())
    check.equal(changed(before, folder), POINTS - {"symmetry"}, "frontier: interrupted: and keeps what was finished")


def test_wrong_use(context: Context, model: Path) -> None:
    scratch = context.temporary
    cut = scratch / "cut.safetensors"
    cut.write_bytes(model.read_bytes()[:-1])
    (scratch / "occupied").write_text("a file")
    alone = scratch / "alone" / "proofmark"
    alone.parent.mkdir()
    shutil.copy(context.generator.path, alone)
    output = scratch / "refused"
    for name, arguments, code, words in (
            ("no output", (model,), 64, "--output is required"),
            ("misspelt option", (model, "--point", "symmetry", "--outputt", output), 64, "did you mean"),
            ("misspelt point", (model, "--points", "symetry", "--output", output), 64, "did you mean 'symmetry'?"),
            ("misspelt strategy", (model, "--strategies", "convexitie", "--output", output), 64, "did you mean 'convexity'?"),
            ("too many steps", (model, "--steps", "49", "--output", output), 64, "--steps 49 is more than the 48 labels"),
            ("a point that is too long", (model, "--points", "enumeration", "--context", "20", "--output", output), 64, "the verifier takes"),
            ("no verifier", (model, "--verifier", scratch / "none", "--output", output), 66, "No such file"),
            ("a verifier that is none", (model, "--verifier", "/bin/true", "--output", output), 66, "does not answer like proofmark-verify"),
            ("a verifier that is a folder", (model, "--verifier", scratch, "--output", output), 66, "hint: "),
            ("a folder in no folder", (model, "--output", scratch / "no" / "where"), 66, "hint: "),
            ("a file where the folder goes", (model, "--output", scratch / "occupied"), 66, "hint: "),
            ("a file cut short", (cut, "--output", output), 65, "hint: "),
            ("no model", (scratch / "none.safetensors", "--output", output), 66, "no such file")):
        outcome = context.generator.run("frontier", *arguments)
        context.check.equal(outcome.exit, code, f"frontier: {name}: exit code", outcome.shown())
        context.check(words in outcome.errors, f"frontier: {name}: says {words!r}", outcome.shown())
        context.check.equal(outcome.output, "", f"frontier: {name}: prints nothing")
    done = subprocess.run([alone, "frontier", model, "--output", output], capture_output=True, text=True)
    context.check.equal(done.returncode, 66, "frontier: no verifier beside the program: exit code", done.stderr)
    context.check("--verifier PATH" in done.stderr, "frontier: no verifier beside the program: hint", done.stderr)
    outcome = context.generator.run("frontier", "--help")
    context.check(outcome.exit == 0 and "examples:" in outcome.output, "frontier: --help", outcome.shown())


def test_network(context: Context) -> None:
    """A described network: its points, shares of every input by itself, measures, a second run, the report."""
    check, folder, small = context.check, context.temporary / "network", Small(context.temporary)
    described = (small.model, "--architecture", small.architecture, "--label", "sum-modulo:5")
    outcome = context.generator.run("frontier", *described, "--verifier", context.verifier.path, "--output", folder)
    assert outcome.exit == 0, outcome.shown()
    found = rows(folder)
    check({"enumeration"} < set(found), "frontier: network: points", set(found))
    strategies = {row["strategy"] for row in found.values()}
    check(strategies == {"enumeration", "low-rank", "block-tables"}, "frontier: network: strategies", strategies)
    document = json.loads((folder / "frontier.json").read_text())
    measures = document["measures"]
    whole = int(measures["whole"])
    for row in found.values():
        check(0 <= Fraction(row["share"]) - Fraction(int(row["length"]), whole) < Fraction(1, 10**5), f"frontier: network: share of {row['name']}", row["share"])
        check.equal(row["mul_of_symmetry"], "", f"frontier: network: {row['name']}: no symmetry")
    exact = [row for row in found.values() if row["accuracy"] in ("1", "1.000000000000000000") or row["accuracy"] == row["accuracy_upper"]]
    check.equal(measures["finishing"]["length"], min(int(row["length"]) for row in exact), "frontier: network: the length of finishing")
    for within in measures["within"]:
        short = [row for row in found.values() if int(row["length"]) <= Fraction(within["share"]) * whole]
        best = min((Fraction(row["upper"]) for row in short), default=None)
        check((within["upper"] is None) == (best is None) and (best is None or Fraction(within["upper"]) == best), f"frontier: network: within {within['share']}", within)
    check.equal((folder / "labels.csv").read_text().count("\n"), 1, "frontier: network: no rows by label")
    table = (folder / "frontier.csv").read_bytes()
    again = context.generator.run("frontier", *described, "--verifier", context.verifier.path, "--output", folder)
    check(again.exit == 0 and "enumeration: kept" in again.errors, "frontier: network: a second run keeps", again.shown())
    check.equal((folder / "frontier.csv").read_bytes(), table, "frontier: network: the same table")
    report = context.generator.run("report", folder, "--output", context.temporary / "report.html")
    check.equal(report.exit, 0, "frontier: network: report", report.shown())
    other = context.generator.run("frontier", *described[:-1], "max", "--list")
    check(other.exit == 0 and "low-rank-10" in other.output, "frontier: network: --list", other.shown())
    missing = context.generator.run("frontier", *described[:-2], "--output", folder)
    check(missing.exit == 64 and "--label is missing" in missing.errors, "frontier: network: no label", missing.shown())
