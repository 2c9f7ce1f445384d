"""The command line of both programs: man pages and completions, JSON, standard streams, terminals, signals, spelling."""
from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from proofmark_testing.completion import Zsh, bash
from proofmark_testing.certificates import length
from proofmark_testing.context import BASE, ROOT, Context
from proofmark_testing.terminal import on_terminal
from proofmark_testing.verifier import Verifier

MODEL = ROOT / "tests" / "models" / "tutorial-max2-v2048-d128.safetensors"
EXIT_CODES = ("0", "1", "64", "65", "66", "70", "130")
SMALL = ("--vocabulary", 16, "--width", 8, "--steps", 50, "--batch", 32)


@pytest.fixture(scope="module")
def made(verifier: Verifier) -> Path:
    """The folder of the man page and the completions."""
    folder = Path(verifier.path).parent.parent / "manual"
    assert (folder / "proofmark.1").exists(), f"ninja makes {folder} with everything else"
    return folder


@pytest.fixture(scope="module")
def small(shared: Context) -> Path:
    model = shared.temporary / "small.safetensors"
    outcome = shared.generator.run("train", *SMALL, "--output", model)
    assert outcome.exit == 0, outcome.shown()
    return model


def commands(context: Context) -> list[str]:
    block = generator_help(context, "").split("\ncommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", block, re.M)


def generator_help(context: Context, command: str) -> str:
    return context.generator.run(*command.split(), "--help").output


def long_names(text: str) -> list[str]:
    """The options of a --help."""
    titles = re.findall(r"^  (-.*?)(?:  |$)", text, re.M)
    return sorted(name for title in titles for name in re.findall(r"--[a-z-]+", title))


def test_man_pages(context: Context, made: Path) -> None:
    """Made from --help: every option and example is there, and the tools find no fault with the page."""
    version = context.verifier.run("--version").output.split()[1]
    for program, texts in (("proofmark", [generator_help(context, name) for name in ("", *commands(context))]), ("proofmark-verify", [context.verifier.run("--help").output])):
        path = made / f"{program}.1"
        page = path.read_text().replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\")
        for text in texts:
            wanted = [*(f"\\fB{name}\\fR" for name in long_names(text)), *text.split("examples:\n")[1].split("\n\n")[0].splitlines()]
            missing = [words for words in wanted if words not in page]
            context.check(len(wanted) > 2 and not missing, f"command-line: {path.name}: {text.splitlines()[0]}", missing)
        context.check(f'"proofmark {version}"' in page.splitlines()[1], f"command-line: {path.name}: version")
        lint(context, path)


def lint(context: Context, path: Path) -> None:
    for program, package in (("mandoc", "mandoc"), ("groff", "groff-base")):
        if not shutil.which(program):
            context.check.skip(f"command-line: {path.name} by {program}, which is not installed (Debian: {package})")
    if shutil.which("mandoc"):
        # A page has no date: it belongs to a version, which its foot names.
        done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", path], capture_output=True, text=True)
        faults = [line for line in done.stdout.splitlines() if "missing date" not in line]
        context.check.equal(faults, [], f"command-line: {path.name}: mandoc -Tlint")
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-ww", "-z", path], capture_output=True, text=True)
        context.check.equal((done.returncode, done.stderr), (0, ""), f"command-line: {path.name}: groff -man -ww")


def test_completions(context: Context, made: Path) -> None:
    """What is offered where, in bash and, where there is one, in zsh."""
    (context.temporary / "model.safetensors").touch()
    (context.temporary / "folder").mkdir()
    known = commands(context)
    strategies = re.search(r"\(below\);[a-z ;]* one of ([a-z-]+(?:, [a-z-]+)*)", " ".join(generator_help(context, "prove").split()))[1].split(", ")
    context.check(len(strategies) > 3, "command-line: --help lists the strategies")
    files, folders = ["folder", "model.safetensors"], ["folder"]
    cases: list[tuple[str, list[str]]] = [("proofmark ", sorted(known)), ("proofmark fro", ["frontier"]),
                                          ("proofmark prove --strategy ", sorted(strategies)), ("proofmark prove model.safetensors --strategy sy", ["symmetry"]),
                                          ("proofmark prove --strategy=sy", ["symmetry"]), ("proofmark prove --quantity acc", ["accuracy"]),
                                          ("proofmark train --objective ", ["cross-entropy", "cubic", "head-tail", "low-rank"]), ("proofmark train --family att", ["attention-only"]), ("proofmark prove --context ", []),
                                          ("proofmark train --history ", files), ("proofmark report --verify ", ["all", "missing", "none"]),
                                          ("proofmark report --formats ", ["csv", "pdf", "png", "svg"]), ("proofmark frontier model.safetensors --output ", folders),
                                          ("proofmark prove ", files), ("proofmark frontier --context 2 mod", ["model.safetensors"]),
                                          ("proofmark-verify ", files), ("proofmark-verify --engine ref", ["reference"]),
                                          ("proofmark-verify --engine=", ["fast", "reference"]), ("proofmark-verify --threads ", []),
                                          ("proofmark-verify mod", ["model.safetensors"]), ("proofmark-verify x --receipt mod", ["model.safetensors"])]
    for name in ("", *known):
        cases.append((f"proofmark {name} --".replace("  ", " "), long_names(generator_help(context, name))))
    cases.append(("proofmark-verify --", long_names(context.verifier.run("--help").output)))
    scripts = {"proofmark": made / "proofmark", "proofmark-verify": made / "proofmark-verify"}
    for line, expected in cases:
        context.check.equal(bash(scripts[line.split()[0]], line, context.temporary), expected, f"command-line: bash: {line!r}")
    found = bash(scripts["proofmark"], "proofmark frontier --strategies symmetry,con", context.temporary)
    context.check.equal(found, ["symmetry,convexity"], "command-line: bash: a list")
    found = bash(scripts["proofmark"], "proofmark report --formats svg,p", context.temporary)
    context.check.equal(found, ["svg,pdf", "svg,png"], "command-line: bash: a list of formats")
    if shutil.which("zsh") is None:
        context.check.skip("command-line: completions of zsh, which is not installed (Debian: zsh)")
        return
    functions = context.temporary.parent / f"{context.temporary.name}-functions"
    functions.mkdir()
    for source in (made / "_proofmark", made / "_proofmark-verify"):
        shutil.copy(source, functions)
    zsh = Zsh(functions, context.temporary)
    try:
        for line, expected in cases:
            found = zsh.offered(line)
            if "--strategy=" in line or "--engine=" in line:
                found = [word.removeprefix("--strategy=").removeprefix("--engine=") for word in found]
            context.check.equal(found, expected, f"command-line: zsh: {line!r}")
        context.check.equal(zsh.offered("proofmark frontier --strategies symmetry,con"), ["convexity"], "command-line: zsh: a list")
    except TimeoutError as error:
        context.check(False, "command-line: zsh", error)
    finally:
        zsh.close()
        shutil.rmtree(functions)


def test_versions(context: Context) -> None:
    for program, libraries in ((context.generator, ("Boost", "Eigen", "fmt", "GMP", "MPFI", "MPFR", "nlohmann/json", "OpenSSL")),
                               (context.verifier, ("MPFR", "GMP"))):
        outcome = program.run("--version")
        name = Path(program.path).name
        pattern = rf"{name} \d+\.\d+\.\d+ \(commit ([0-9a-f]{{12,40}}\+?|unknown), " + ", ".join(rf"{library} \d+(\.\d+)+" for library in libraries) + r"\)\n"
        context.check(outcome.exit == 0 and re.fullmatch(pattern, outcome.output) is not None, f"command-line: {name} --version", outcome.shown())


def test_exit_codes(context: Context) -> None:
    """--help, docs/command-line.md and the program agree on them; each that a test can bring about is brought about."""
    check, scratch, run_ = context.check, context.temporary, context.generator.run
    listed = re.findall(r"^  (\d+) +\S", generator_help(context, "").split("exit codes:\n")[1].split("\n\n")[0], re.M)
    check.equal(tuple(listed), EXIT_CODES, "command-line: --help lists the exit codes")
    page = (ROOT / "docs" / "command-line.md").read_text()
    check.equal(tuple(re.findall(r"^\| (\d+) \| ", page.split("## Exit codes")[1].split("\n## ")[0], re.M)), EXIT_CODES,
                "command-line: docs/command-line.md lists the exit codes")
    small = Verifier(context.generator.path)
    small.memory = 90 * 2**20
    (scratch / "text").write_text("no model")
    output = scratch / "output"
    for name, outcome, code in (("help", run_("--help"), 0), ("usage", run_("prove"), 64), ("data", prove(context, scratch / "text", output), 65),
                                ("io", prove(context, scratch / "none", output), 66), ("memory", prove(small, MODEL, output, "--context", 2), 70)):
        check.equal(outcome.exit, code, f"command-line: exit code, {name}", outcome.shown())
        said = "" if code == 0 else "proofmark: error: "
        check(outcome.errors.startswith(said) and (code == 0) == (outcome.errors == ""), f"command-line: message, {name}", outcome.shown())
    check(not output.exists() and not list(scratch.glob(".proofmark*")), "command-line: nothing is written where something fails")
    (scratch / "text").unlink()


def prove(program: Context | Verifier, model: object, output: object, *options: object, **streams: object):
    program = program.generator if isinstance(program, Context) else program
    return program.run("prove", model, "--strategy", "symmetry", "--output", output, *options, **streams)


def test_spelling(context: Context) -> None:
    output = context.temporary / "refused"
    for name, arguments, words in (
            ("command", ("prov",), "there is no command 'prov'\nhint: did you mean 'prove'?"),
            ("command of the other program", ("verify", MODEL), "there is no command 'verify'\nhint: the verifier is a program of its own: 'proofmark-verify CERT'"),
            ("command that is like none", ("xyzzy",), "there is no command 'xyzzy'\nhint: see 'proofmark --help'"),
            ("option of the program", ("--versoin",), "there is no option '--versoin'\nhint: did you mean '--version'?"),
            ("option", ("prove", MODEL, "--strategy", "symmetry", "--output", output, "--step", 3), "there is no option '--step'\nhint: did you mean '--steps'?"),
            ("option that is required", ("prove", MODEL, "--stratgy", "symmetry", "--output", output), "no option '--stratgy'\nhint: did you mean '--strategy'?"),
            ("option with a value", ("train", "--vocabluary=8", "--output", output), "no option '--vocabluary'\nhint: did you mean '--vocabulary'?"),
            ("option by its old name", ("prove", MODEL, "--strategy", "head-tail", "--head", 4, "--output", output), "no option '--head'\nhint: --head is now --top"),
            ("option by its other old name", ("prove", MODEL, "--heads=4", "--strategy", "band", "--output", output), "no option '--heads'\nhint: --heads is now --outputs"),
            ("explanation", ("score", MODEL), "EXPLANATION is required\nhint: 'proofmark prove MODEL --write-explanation FILE"),
            ("strategy", ("prove", MODEL, "--strategy", "symetry", "--output", output), "there is no strategy 'symetry'\nhint: did you mean 'symmetry'?"),
            ("strategy that is like none", ("prove", MODEL, "--strategy", "magic", "--output", output), "strategies are: enumeration, symmetry"),
            ("strategy of a frontier", ("frontier", MODEL, "--strategies", "symetry", "--output", output), "did you mean 'symmetry'?"),
            ("quantity", ("prove", MODEL, "--strategy", "symmetry", "--quantity", "acuracy", "--output", output), "did you mean 'accuracy'?"),
            ("objective", ("train", "--objective", "headtail", "--output", output), "did you mean 'head-tail'?"),
            ("way to verify", ("report", MODEL, "--verify", "mising", "--output", output), "there is no way to verify 'mising'\nhint: did you mean 'missing'?"),
            ("format", ("report", MODEL, "--formats", "svg,pngg", "--output", output), "there is no format 'pngg'\nhint: did you mean 'png'?")):
        outcome = context.generator.run(*arguments)
        context.check.equal((outcome.exit, outcome.output), (64, ""), f"command-line: misspelt {name}: exit code", outcome.shown())
        context.check(words in outcome.errors, f"command-line: misspelt {name}: says {words!r}", outcome.shown())
    for argument, meant in (("--recipt", "--receipt"), ("--threads2", "--threads"), ("--explian", "--explain"), ("--engin=exact", "--engine")):
        outcome = context.verifier.run(BASE, argument)
        context.check.equal((outcome.exit, outcome.reason), (64, "usage"), f"command-line: verifier, misspelt {argument}", outcome.shown())
        context.check(f"c hint: did you mean {meant}?" in outcome.lines, f"command-line: verifier, misspelt {argument}: hint", outcome.shown())
    context.check(not output.exists(), "command-line: what is misspelt writes nothing")


def test_standard_streams(context: Context) -> None:
    """- in every place; the same bytes as through files."""
    check, scratch, maker = context.check, context.temporary, context.generator
    model, certificate = scratch / "small.safetensors", scratch / "small.json"
    maker.run("train", *SMALL, "--output", model)
    check.equal(prove(context, model, certificate).exit, 0, "command-line: prove")
    pipeline = subprocess.run(f'"{maker.path}" train {" ".join(map(str, SMALL))} --output - 2>/dev/null | tee "{scratch}/piped.safetensors" | '
                              f'"{maker.path}" prove - --strategy symmetry --output - 2>/dev/null | tee "{scratch}/piped.json" | "{context.verifier.path}" - --quiet',
                              shell=True, capture_output=True, text=True)
    check.equal((pipeline.returncode, pipeline.stdout), (0, "s VERIFIED\n"), "command-line: train | prove | verify", pipeline.stderr)
    check.equal((scratch / "piped.safetensors").read_bytes(), model.read_bytes(), "command-line: a model through a pipe")
    check.equal((scratch / "piped.json").read_bytes(), certificate.read_bytes(), "command-line: a certificate through a pipe")
    device = subprocess.run([maker.path, "train", *map(str, SMALL), "--output", "/dev/stdout"], capture_output=True)
    check(device.returncode == 0 and device.stdout.startswith(model.read_bytes()), "command-line: a model to /dev/stdout", device.stderr)
    outcome = prove(context, "-", scratch / "none.json", stdin=model.read_bytes()[:-1])
    check(outcome.exit == 65 and "standard input is not a usable safetensors file" in outcome.errors, "command-line: a model cut short on standard input",
                outcome.shown())
    outcome = prove(context, "-", scratch / "none.json", stdin=None)
    check.equal(outcome.exit in (65, 66) and "standard input" in outcome.errors, True, "command-line: standard input closed", outcome.shown())
    outcome = maker.run("frontier", "-", "--list", stdin=model.read_bytes())
    check(outcome.exit == 0 and "symmetry" in outcome.output, "command-line: frontier -", outcome.shown())
    for name, arguments in (("prove", ("prove", model, "--strategy", "symmetry", "--output", "-", "--json")), ("train", ("train", *SMALL, "--output", "-", "--json")),
                            ("train's history", ("train", *SMALL, "--output", scratch / "none", "--history", "-", "--json"))):
        outcome = maker.run(*arguments)
        check((outcome.exit, outcome.output) == (64, "") and "--json prints on standard output" in outcome.errors,
                    f"command-line: --json beside other output is refused, {name}", outcome.shown())
    outcome = context.verifier.run(BASE, "--receipt", "-")
    check(outcome.exit == 64 and "standard output, which carries the verdict" in outcome.output, "command-line: a receipt never goes to standard output",
                outcome.shown())
    check(not (scratch / "none.json").exists() and not (scratch / "none").exists(), "command-line: refused streams write nothing")


def test_summaries(context: Context) -> None:
    """--json agrees with the files, and with what is printed without it; the same in every run."""
    check, scratch, maker = context.check, context.temporary, context.generator
    model, certificate = scratch / "json.safetensors", scratch / "json.cert"
    first = maker.run("train", *SMALL, "--output", model, "--json")
    trained = json.loads(first.output)
    text = maker.run("train", *SMALL, "--output", model).output
    check.equal(maker.run("train", *SMALL, "--output", model, "--json").output, first.output, "command-line: train --json: the same twice")
    check(first.errors == "" and f"model {model}, model digest {trained['model_sha256']}\n" in text and f"final loss {trained['final_loss']:.4f} nats" in text,
                "command-line: train --json agrees with the text", first.shown(), text)
    check.equal((set(trained), trained["steps"], trained["objective"]), ({"model", "model_sha256", "objective", "steps", "final_loss"}, 50, "cross-entropy"),
                "command-line: train --json: keys")

    second = prove(context, model, certificate, "--json", "--noise")
    told, written = json.loads(second.output), json.loads(certificate.read_text())
    check.equal(prove(context, model, certificate, "--json", "--noise").output, second.output, "command-line: prove --json: the same twice")
    check.equal(second.errors, "", "command-line: prove --json prints no text")
    check.equal(set(told), {"certificate", "certificate_sha256", "model_sha256", "task", "function", "formula", "strategy", "parameters", "claims", "steps", "operations", "noise", "notes"},
                "command-line: prove --json: keys")
    check.equal((told["certificate"], told["certificate_sha256"], told["model_sha256"]),
                (str(certificate), hashlib.sha256(certificate.read_bytes()).hexdigest(), trained["model_sha256"]), "command-line: prove --json: digests")
    check.equal([{key: claim[key] for key in ("quantity", "direction", "bound")} for claim in told["claims"]], written["claims"],
                "command-line: prove --json: claims")
    check.equal((told["task"], told["steps"], told["strategy"]), (written["task"], len(written["steps"]), "symmetry"), "command-line: prove --json: task, steps")
    budgets = {"tables": written["tables"]["operations"], "steps": sum(step["operations"] for step in written["steps"]), "length": length(written)}
    check.equal(told["operations"], {**budgets, "conclusion": budgets["length"] - budgets["tables"] - budgets["steps"]}, "command-line: prove --json: operations")
    check(set(told["noise"]) == {"exact_loss", "tail_slack", "rounding_slack"}, "command-line: prove --json: noise", told["noise"])
    vacuous = json.loads(prove(context, model, certificate, "--json", "--quantity", "cross-entropy", "--bound", "9").output)
    check(vacuous["claims"][0]["vacuous"] and "vacuous" in vacuous["notes"][0] and vacuous["noise"] is None, "command-line: prove --json: a vacuous bound", vacuous)

    points = json.loads(maker.run("frontier", model, "--list", "--json").output)
    lines = maker.run("frontier", model, "--list").lines[3:]
    check.equal([(p["name"], p["strategy"], p["predicted_length"] or "cannot") for p in points], [tuple(line.split()[:3]) for line in lines],
                "command-line: frontier --list --json agrees with the text")
    folder = scratch / "frontier"
    outcome = maker.run("frontier", model, "--verifier", context.verifier.path, "--points", "symmetry", "--output", folder, "--json")
    check.equal((outcome.exit, outcome.output), (0, (folder / "frontier.json").read_text()), "command-line: frontier --json prints frontier.json", outcome.shown())


def test_terminals(context: Context) -> None:
    """Progress with the time left, colours unless NO_COLOR, no binary data; without a terminal none of the three."""
    check, scratch, maker = context.check, context.temporary, context.generator
    model = scratch / "long.safetensors"                # n = 3: work for longer than anybody waits here
    maker.run("train", "--context", 3, "--vocabulary", 768, "--width", 8, "--steps", 2, "--batch", 32, "--output", model)
    work = [maker.path, "prove", model, "--context", 3, "--strategy", "symmetry", "--output", scratch / "long.json"]
    able = {**os.environ, "TERM": "xterm"}
    shown = on_terminal(work, "stderr", until=" s left", env=able)
    check(re.search(r"\rproving: \d+ %, \d+ s left", shown.terminal.replace("\x1b[K", "")) is not None, "command-line: prove shows the time left", shown)
    check(re.search(r"a proof of about \d+ operations: about \d+ seconds? to find, and about \d+ \w+ to verify", shown.terminal) is not None,
                "command-line: prove announces long work", shown)
    check.equal(shown.exit, 130, "command-line: prove is interrupted at a terminal", shown)
    shown = on_terminal([maker.path, "train", "--vocabulary", 64, "--width", 8, "--steps", 1000000, "--output", scratch / "long"], "stderr", until=" s left", env=able)
    check("training: " in shown.terminal and shown.exit == 130, "command-line: train shows the time left", shown)
    shown = on_terminal([maker.path, "train", "--vocabulary", 256, "--steps", 1500, "--threads", 1, "--output", scratch / "dumb"], "stderr", env={"TERM": "dumb"})
    check(shown.exit == 0 and shown.terminal == "", "command-line: no progress where TERM is dumb", shown)
    model, certificate = scratch / "wait.safetensors", scratch / "wait.json"
    maker.run("train", "--vocabulary", 1024, "--width", 8, "--steps", 2, "--batch", 32, "--output", model)
    quiet = maker.run("prove", model, "--strategy", "enumeration", "--threads", 1, "--output", certificate)
    check(quiet.exit == 0 and "\r" not in quiet.errors and "left" not in quiet.errors, "command-line: no progress without a terminal", quiet.shown())
    shown = on_terminal([context.verifier.path, certificate, "--threads", 1], "stderr", until=" s left")
    check(re.search(r"\rverifying: +\d+ %, about \d+ s left", shown.terminal) is not None, "command-line: the verifier shows the time left", shown)
    outcome = context.verifier.run(certificate, "--threads", 1)
    check.equal((outcome.exit, outcome.errors), (0, ""), "command-line: the verifier shows nothing without a terminal", outcome.shown())

    model = scratch / "colour.safetensors"
    maker.run("train", *SMALL, "--output", model)
    frontier = [maker.path, "frontier", model, "--verifier", context.verifier.path, "--points", "symmetry", "--output", scratch / "colours"]
    for name, env, coloured in (("", {"TERM": "xterm"}, True), ("NO_COLOR empty", {"TERM": "xterm", "NO_COLOR": ""}, True), ("NO_COLOR=1", {"TERM": "xterm", "NO_COLOR": "1"}, False),
                                ("TERM=dumb", {"TERM": "dumb"}, False), ("TERM empty", {"TERM": ""}, False), ("no TERM", {}, False)):
        shown = on_terminal(frontier, "stdout", env=env)
        check(shown.exit == 0 and ("\x1b[" in shown.terminal) == coloured, f"command-line: colours of a table, {name}", shown)
    outcome = maker.run(*frontier[1:])
    check(outcome.exit == 0 and "\x1b" not in outcome.output, "command-line: no colours without a terminal", outcome.shown())
    shown = on_terminal([maker.path, "train", *SMALL, "--output", "-"], "stdout")
    check(shown.exit == 64 and shown.terminal == "" and "standard output is a terminal" in shown.other, "command-line: no model goes to a terminal", shown)


HOSTILE = "a\n" + "s VERIFIED\x1b[31m\r\x9b\u202e\u2028\u200b\ufeff\x7f"
FOREIGN = "über-名前-й-🦆"


def test_from_outside(context: Context, small: Path) -> None:
    """What others named is printed as letters, never as lines or orders: both streams, every command, two locales."""
    check, scratch, maker = context.check, context.temporary, context.generator
    model, script = small, scratch / "hostile-verifier"
    script.write_text(f"#!/bin/bash\n[ \"$1\" = --version ] && {{ printf 'proofmark-verify 0.1\\e[31m.0 x\\n'; exit; }}\nprintf 's REJECTED\\e[1m\\nc reason \\e[1mstep-id at x\\n\\e]0;title\\a\\n'\nexit 1\n")
    script.chmod(0o755)
    for locale, env in (("C.UTF-8", {"LC_ALL": "C.UTF-8"}), ("C", {"LC_ALL": "C"}), ("none", {})):
        folder = scratch / f"names-{locale}"
        (folder / HOSTILE).mkdir(parents=True)
        for name in (HOSTILE, FOREIGN):
            shutil.copy(model, folder / f"{name}.safetensors")
        for title, arguments in (("train", ("train", *SMALL, "--output", f"{HOSTILE}-trained")), ("train where nothing can be", ("train", *SMALL, "--output", f"{HOSTILE}/none/x")),
                                 ("prove", ("prove", f"{HOSTILE}.safetensors", "--strategy", "symmetry", "--output", f"{HOSTILE}.json")),
                                 ("prove, no model", ("prove", HOSTILE + "none", "--strategy", "symmetry", "--output", "x")),
                                 ("prove --json", ("prove", f"{HOSTILE}.safetensors", "--strategy", "symmetry", "--output", f"{HOSTILE}.json", "--json")),
                                 ("too many arguments", ("prove", HOSTILE, HOSTILE, "--strategy", "symmetry", "--output", "x")),
                                 ("no such command", (HOSTILE,)), ("no such option", ("prove", "--" + HOSTILE)), ("a number", ("train", "--steps", HOSTILE, "--output", "x")),
                                 ("a word", ("prove", "x", "--strategy", HOSTILE, "--output", "x")), ("a point", ("frontier", f"{HOSTILE}.safetensors", "--points", HOSTILE, "--output", "x")),
                                 ("one place twice", ("train", *SMALL, "--output", HOSTILE + "x", "--history", HOSTILE + "x")),
                                 ("report", ("report", f"{HOSTILE}.json", "--verify", "none", "--output", f"{HOSTILE}.html")),
                                 ("report, no frontier", ("report", HOSTILE, "--output", "x")), ("archive", ("archive", f"{HOSTILE}.json", "--output", "x")),
                                 ("frontier, another program's words", ("frontier", f"{HOSTILE}.safetensors", "--verifier", script, "--points", "symmetry", "--output", f"{HOSTILE}-F"))):
            outcome = maker.run(*arguments, cwd=folder, env=env)
            shown = outcome.output + outcome.errors
            bad = sorted(set(character for character in shown if character != "\n" and (ord(character) < 32 or 0x7f <= ord(character) <= 0x9f or character in HOSTILE[1:] and ord(character) > 126)))
            check(not bad and not any(line.startswith("s ") for line in outcome.lines + outcome.errors.splitlines() if "REJECTED" not in line),
                        f"command-line: words from outside, {locale}: {title}", bad, outcome.shown())
            check(shown.isascii() or locale == "C.UTF-8", f"command-line: words from outside, {locale}: {title}: characters of the locale", outcome.shown())
        outcome = maker.run("prove", f"{FOREIGN}.safetensors", "--strategy", "symmetry", "--output", f"{FOREIGN}/x", cwd=folder, env=env)
        check.equal(FOREIGN in outcome.errors, locale == "C.UTF-8", f"command-line: letters of other languages, {locale}", outcome.shown())
        name = os.fsencode(folder / "x") + b"\xff"
        done = subprocess.run([maker.path, "prove", model, "--strategy", "symmetry", "--json", "--output", name], capture_output=True, env=env)
        check(done.returncode == 0 and json.loads(done.stdout)["certificate"].endswith("x\ufffd"), f"command-line: --json of a name that is no text, {locale}", done)
    page = (scratch / "names-C" / f"{HOSTILE}.html").read_text()
    check("\x1b" not in page and "\u202e" not in page and "a\\x0as VERIFIED" in page, "command-line: words from outside, a page")


def test_not_delivered(context: Context, small: Path) -> None:
    for arguments in (("--help",), ("--version",), ("prove", "--help"), ("frontier", small, "--list"), ("frontier", small, "--list", "--json"),
                      ("train", *SMALL, "--output", context.temporary / "delivered")):
        with open("/dev/full", "wb") as full:
            outcome = context.generator.run(*arguments, stdout=full)
        context.check(outcome.exit == 66 and "cannot write to standard output" in outcome.errors, f"command-line: {' '.join(map(str, arguments[:2]))} onto a full disk",
                            outcome.shown())
