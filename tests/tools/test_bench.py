"""`bench/run`: what it refuses, what it keeps, the page that it writes from its tables, and the arithmetic of its fits. Speed itself is not tested."""
from __future__ import annotations

import csv
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from proofmark_testing.context import ROOT, Context
from proofmark_testing.processes import PATIENCE, running, wait_until
from proofmark_testing.verifier import Outcome, readable

COMMAND = ROOT / "bench" / "run"
SIZES = (32, 48, 64)
RULES = ("symmetry", "enumeration", "convexity", "head-tail, m = 16", "block-jensen, 32 blocks")


def module(name: str) -> ModuleType:
    folder = str(ROOT / "bench")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(f"proofmark_bench.{name}")


def bench(*arguments: object, **options: object) -> Outcome:
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, timeout=600, **options)
    return Outcome(done.returncode, readable(done.stdout), readable(done.stderr))


def test_usage(context: Context) -> None:
    check, scratch = context.check, context.temporary
    outcome = bench("--help")
    check.equal(outcome.exit, 0, "bench: --help: exit code", outcome.shown())
    for word in ("usage: bench/run", "examples:", "jobs", "peers", "kernels", "growth", "instructions"):
        check(word in outcome.output, f"bench: --help says {word!r}", outcome.output)
    for arguments, code, words in (
            (("--wrong",), 64, "--wrong"), (("--roun", "3"), 64, "--roun"), (("job",), 64, "no group job; there are jobs"),
            (("--rounds", "0"), 64, "--rounds 0"), (("--rounds", "many"), 64, "--rounds"),
            (("--vocabularies", "64,many"), 64, "64,many"), (("--vocabularies", "16", "--output", scratch), 64, "32 to 16384"),
            (("growth", "--vocabularies", "64"), 64, "give another --output"), (("--model", "other.safetensors"), 64, "give another --output"),
            (("--generator", "/bin/true"), 64, "--verifier"),
            (("--page", "--output", "/dev/null"), 66, "/dev/null"),
            (("jobs", "--output", scratch / "out", "--model", scratch / "none", "--generator", "/bin/true", "--verifier", "/bin/true"), 66, "/bin/true does not answer")):
        outcome = bench(*arguments)
        check.equal(outcome.exit, code, f"bench: {arguments}: exit code", outcome.shown())
        check(outcome.errors.startswith("bench/run: error: ") and words in outcome.errors and "\nhint: " in outcome.errors,
                    f"bench: {arguments}: says {words!r} and a hint", outcome.errors)


def test_fits(context: Context) -> None:
    check, fit = context.check, module("fit").fit
    for exponent in (0, 1, 2, 2.5, 3):
        law = fit([(v, 7 * v**exponent) for v in (256, 512, 1024, 2048, 4096)])
        check(abs(law.exponent - exponent) < 1e-9 and abs(law.at(8192) / (7 * 8192**exponent) - 1) < 1e-9, f"bench: fit finds V^{exponent}", law)
    law = fit([(256, 1e6), (2048, 2048.0**2), (1024, 1024.0**2), (4096, 4096.0**2)])
    check(abs(law.exponent - 2) < 1e-9, "bench: fit looks at the three largest sizes, in any order", law)
    law = fit([(1, 1.0), (2, 4.0), (4, 4.0)])
    check(abs(law.exponent - 1) < 1e-9, "bench: fit takes least squares", law)
    for points in ([], [(256, 1.0)], [(256, 1.0), (256, 2.0)], [(256, 1.0), (512, 0.0)]):
        check.equal(fit(points), None, f"bench: no fit through {points}")


def test_enclosures(context: Context) -> None:
    check, enclosure = context.check, module("enclosure").Enclosure
    third, two_thirds = enclosure(Fraction(1, 3), Fraction(2, 3)), enclosure(Fraction(2, 3), Fraction(1))
    check.equal(third.text(), f"[0.{'3' * 20}, 0.{'6' * 19}7]", "bench: enclosures are written outward")
    check.equal(enclosure.of_binary(3, -3, 5, -3).text(), f"[0.375{'0' * 17}, 0.625{'0' * 17}]", "bench: binary ends are exact")
    again = enclosure.of_text(third.text())
    check(again.lower <= third.lower and third.upper <= again.upper, "bench: what is read again contains what was written")
    check(third.overlaps(two_thirds) and two_thirds.overlaps(third), "bench: enclosures that share an end overlap")
    apart = enclosure(Fraction(67, 100), Fraction(1))
    check(not third.overlaps(apart) and not apart.overlaps(third), "bench: enclosures apart do not overlap")
    check.equal(enclosure(None, Fraction(1)).text(), f"[-inf, 1.{'0' * 20}]", "bench: an upper bound")
    check.equal(enclosure.of_text("about 0.5"), None, "bench: a float is no enclosure")


def test_counts(context: Context) -> None:
    check, guard = context.check, module("instructions")

    def made(**instructions: int) -> dict[str, object]:
        return {name: guard.Count("term", 10, number) for name, number in instructions.items()}
    for name, now, good in (("the same", made(a=1000, b=50), True), ("2 % more", made(a=1020, b=50), True), ("more than 2 % more", made(a=1021, b=50), False),
                            ("fewer", made(a=900, b=50), True), ("one is gone", made(a=1000), False), ("one is new", made(a=1000, b=50, c=1), False)):
        lines, found = guard.compare(now, made(a=1000, b=50))
        check.equal(found, good, f"bench: instructions: {name}", *lines)
        check.equal(len(lines), len({*now, "a", "b"}), f"bench: instructions: {name}: a line for each kernel", *lines)
    built_with, kernels = guard.read_baseline(guard.BASELINE)
    check(set(built_with) == set(guard.BUILT_WITH) and len(kernels) > 5, "bench: the committed baseline", built_with)


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "growth.csv").open(newline="") as file:
        return list(csv.DictReader(file, strict=True))


def growth(context: Context, folder: Path) -> tuple[object, ...]:
    return ("growth", "--vocabularies", ",".join(map(str, SIZES)), "--rounds", 1, "--output", folder, "--generator", context.generator.path, "--verifier", context.verifier.path)


@pytest.fixture(scope="module")
def grown(shared: Context) -> Path:
    outcome = bench(*growth(shared, shared.temporary / "growth"))
    assert outcome.exit == 0, outcome.shown()
    return shared.temporary / "growth"


def test_growth(context: Context, grown: Path) -> None:
    """A whole run at small sizes, its page, and what a second run measures again."""
    check, folder = context.check, context.temporary / "growth"
    shutil.copytree(grown, folder)
    command = growth(context, folder)
    found = rows(folder)
    check.equal({(row["rule"], int(row["vocabulary"])) for row in found}, {(rule, v) for rule in RULES for v in SIZES}, "bench: growth: every rule at every size")
    positive = ("prove_s", "prove_mb", "certificate_bytes", "verify_s", "verify_mb", "length")
    check(all(float(row[key]) > 0 for row in found for key in positive), "bench: growth: everything is measured")
    page = (folder / "performance.md").read_text()
    check(all(f"{int(row['length']):,}".replace(",", " ") in page for row in found), "bench: growth: the page has the lengths")
    check("## Growth" in page and "Not measured yet: group `jobs`." in page, "bench: the page says what was not measured")
    check("| symmetry | " in page.partition("measured: exponents")[2], "bench: growth: exponents")
    check("| symmetry | 64 | " in page.partition("measured: predictions")[2], "bench: growth: predictions")
    check.equal(bench("--check", "--output", folder).exit, 0, "bench: --check: a page as written")

    table = (folder / "growth.csv").read_text()
    before = table.splitlines()
    (folder / "growth.csv").write_text("\n".join(before[:3] + before[4:]) + "\n")
    outcome = bench("--check", "--output", folder)
    check.equal((outcome.exit, "bench/run --page writes it" in outcome.errors), (1, True), "bench: --check: a page that is not what the table gives", outcome.shown())
    outcome = bench(*command)
    check.equal((outcome.exit, outcome.lines[0]), (0, f"kept: {len(before) - 2} runs of earlier, 1 to go"), "bench: growth: a second run measures what is missing", outcome.shown())
    check.equal(sorted(rows(folder), key=str)[0].keys(), found[0].keys(), "bench: growth: the same columns")
    kept = set((folder / "growth.csv").read_text().splitlines())
    check.equal((len(kept), set(before[:3] + before[4:]) <= kept), (len(before), True), "bench: growth: what was there is kept")
    check.equal({row["length"] for row in rows(folder)}, {row["length"] for row in found}, "bench: growth: lengths are the same again")
    check(not list(folder.rglob(".*")), "bench: no temporary files are left")

    conditions = folder / "conditions.json"
    good = conditions.read_text()
    conditions.write_text(good.replace('"MPFR": "', '"MPFR": "0.'))
    outcome = bench(*command)
    check.equal((outcome.exit, "MPFR 0." in outcome.errors, "--again" in outcome.errors), (65, True, True), "bench: rows of another build are not mixed", outcome.shown())
    conditions.write_text("{")
    outcome = bench(*command)
    check.equal(outcome.exit, 65, "bench: conditions cut short", outcome.shown())
    conditions.write_text(good)


def test_refused_rows(context: Context) -> None:
    for name, content in (("other columns", "a,b\n1,2\n"), ("a row too short", "COLUMNS\nsymmetry,64\n"), ("a number that is none", "COLUMNS\nsymmetry,64,1,x,1,1,1,1,1,1,1,1\n"),
                          ("nothing on its machine", "COLUMNS\nsymmetry,64,1,1,1,1,1,1,1,1,1,1\n"), ("binary", "\0\0\n")):
        folder = context.temporary / f"rows-{name.replace(' ', '-')}"
        folder.mkdir()
        columns = ",".join(module("growth").COLUMNS)
        (folder / "growth.csv").write_text(content.replace("COLUMNS", columns))
        outcome = bench("--page", "--output", folder)
        culprit = "conditions.json" if "machine" in name else "growth.csv"
        context.check.equal((outcome.exit, culprit in outcome.errors, "\nhint: " in outcome.errors), (65, True, True), f"bench: a table with {name}", outcome.shown())
        context.check(not (folder / "performance.md").exists(), f"bench: a table with {name}: no page")
    page = module("page")
    empty = page.Results(context.temporary / "none")
    text = (ROOT / "docs" / "performance.md").read_text()
    for name, changed in (("a part is missing", text.replace("<!-- measured: growth -->", "")), ("a part stands twice", text + text)):
        try:
            page.written(changed, empty)
            context.check(False, f"bench: a page where {name} is refused")
        except module("refused").Refused as refused:
            context.check.equal(refused.code, 65, f"bench: a page where {name} is refused")
    results = page.Results(context.temporary / "apart")
    for job, result in (("verify symmetry", "[0.1, 0.2]"), ("Arb", "[0.3, 0.4]"), ("verify enumeration", "[0.15, 0.25]")):
        results.performance.add({"group": "peers" if job == "Arb" else "jobs", "job": job, "round": 1, "seconds": 1, "processor_s": 1, "memory_mb": 1, "load": 0, "result": result, "length": ""})
    context.check.equal(page.disagreements(results), ["Arb and verify symmetry", "verify enumeration and Arb"], "bench: enclosures that have no point in common")


def test_interruption(context: Context) -> None:
    """SIGINT and SIGTERM: exit 130, finished rows are kept, the program that ran is ended."""
    for name in ("SIGINT", "SIGTERM"):
        folder, pid = context.temporary / f"interrupted-{name}", context.temporary / f"slow-{name}.pid"
        slow = script(context, f"slow-{name}", f"grep -q enumeration@1 \"$1\" && {{ echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 1000; }}\n"
                                                      f"exec {context.verifier.path} \"$@\"")
        process = subprocess.Popen([COMMAND, "growth", "--vocabularies", "32", "--rounds", "1", "--output", folder, "--generator", context.generator.path, "--verifier", slow],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: pid.exists() or process.poll() is not None)
        process.send_signal(getattr(signal, name))
        output, errors = process.communicate(timeout=PATIENCE)
        context.check.equal((process.returncode, "interrupted; finished runs are kept" in errors), (130, True), f"bench: {name}: exit code and message", output, errors)
        context.check.equal([row["rule"] for row in rows(folder)], ["symmetry"], f"bench: {name}: what was finished is kept")
        context.check(pid.exists() and not running(int(pid.read_text())), f"bench: {name}: the verifier is ended")


def script(context: Context, name: str, body: str) -> Path:
    path = context.temporary / name
    path.write_text(f"#!/bin/bash\n[ \"$1\" = --version ] && exec {context.verifier.path} --version\n{body}\n")
    path.chmod(0o755)
    return path


def test_failing_program(context: Context) -> None:
    folder = context.temporary / "failing"
    refusing = script(context, "refusing", "echo s REJECTED; exit 1")
    outcome = bench("growth", "--vocabularies", 32, "--rounds", 1, "--output", folder, "--generator", context.generator.path, "--verifier", refusing)
    context.check.equal((outcome.exit, "ended with exit code 1: s REJECTED" in outcome.errors), (1, True), "bench: a certificate that is not verified ends it", outcome.shown())
    context.check(not (folder / "growth.csv").exists() and not (folder / "performance.md").exists(), "bench: a certificate that is not verified leaves no row and no page")


def test_without_packages(context: Context, grown: Path) -> None:
    """Optional packages that are not there: a line each that names them, and no failure."""
    folder = context.temporary / "bin"
    folder.mkdir()
    fake = folder / "dpkg-query"
    fake.write_text("#!/bin/sh\nfor last; do :; done\ncase $last in python3|time) exec /usr/bin/dpkg-query \"$@\";; esac\nexit 1\n")
    fake.chmod(0o755)
    apt = folder / "apt-get"
    apt.write_text("#!/bin/sh\necho apt-get was asked >>\"$0.log\"\nexit 100\n")
    apt.chmod(0o755)
    outcome = bench("kernels", "instructions", "--output", context.temporary / "without", "--generator", context.generator.path, "--verifier", context.verifier.path, env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"})
    context.check.equal(outcome.exit, 0, "bench: without optional packages: exit code", outcome.shown())
    for group, package in (("kernels", "libbenchmark-dev"), ("instructions", "valgrind")):
        line = f"skipped: {group}: {package} cannot be had"
        context.check(line in outcome.lines, f"bench: without optional packages: {line}", outcome.shown())
    apart = context.temporary / "apart-and-measured"
    apart.mkdir()
    (apart / "performance.csv").write_text(",".join(module("jobs").COLUMNS) + """
jobs,verify symmetry,1,1,1,1,0,"[0.1, 0.2]",
peers,Arb,1,1,1,1,0,"[0.3, 0.4]",
""")
    machine = json.loads((grown / "conditions.json").read_text())["growth"]
    (apart / "conditions.json").write_text(json.dumps({"jobs": machine, "peers": machine}))
    outcome = bench("instructions", "--output", apart, "--generator", context.generator.path, "--verifier", context.verifier.path, env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"})
    context.check.equal((outcome.exit, "have no point in common: Arb and verify symmetry" in outcome.errors), (1, True),
                        "bench: enclosures that have no point in common fail the run", outcome.shown())
    jobs = module("jobs")
    real, jobs.missing = jobs.missing, list
    try:
        listed, without = jobs.peers(Path("model"))
    finally:
        jobs.missing = real
    context.check.equal((listed, len(without)), ([], 6), "bench: without optional packages: no peers")
    for package in ("python3-torch", "python3-numpy", "libflint-arb-dev"):
        context.check(any(line.startswith("skipped: ") and package in line for line in without), f"bench: without optional packages: {package} is named", *without)
