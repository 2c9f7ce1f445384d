"""Where outputs go, of both programs: never onto an input or another output, through links to what they lead to, and one run at a time into a folder."""
from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from proofmark_testing.context import BASE, Context
from proofmark_testing.processes import wait_until
from proofmark_testing.verifier import Outcome

SMALL = ("--vocabulary", 16, "--width", 8, "--steps", 20, "--batch", 32)
POINTS = ("--points", "symmetry,convexity")
CSV = "step,loss,objective\n1,1.5,cross-entropy\n"


@pytest.fixture(scope="module")
def start(shared: Context) -> Path:
    """A model, a certificate, a receipt, a history and a frontier, each also under other names."""
    start, maker = shared.temporary / "start", shared.generator
    start.mkdir()
    done = [maker.run("train", *SMALL, "--output", start / "model"),
            maker.run("prove", start / "model", "--strategy", "symmetry", "--output", start / "cert"),
            shared.verifier.run(start / "cert", "--receipt", start / "receipt"),
            maker.run("frontier", start / "model", "--verifier", shared.verifier.path, *POINTS, "--output", start / "F")]
    for outcome in done:
        assert outcome.exit == 0, outcome.shown()
    (start / "figures").mkdir()
    (start / "figures" / "training.csv").write_text(CSV)
    (start / "new").mkdir()
    for name in ("model", "cert", "receipt", "F"):
        (start / f"{name}-link").symlink_to(name)
    for name in ("model", "cert", "receipt"):
        os.link(start / name, start / f"{name}-hard")
    (start / "linked-folder").symlink_to("new")
    (start / "outside").write_bytes((start / "F" / "receipts" / "symmetry.json").read_bytes())
    (start / "G").mkdir()
    shutil.copytree(start / "F", start / "G", dirs_exist_ok=True)
    (start / "G" / "receipts" / "symmetry.json").unlink()
    (start / "G" / "receipts" / "symmetry.json").symlink_to(start / "outside")
    shutil.copy(start / "model", start / "F" / "points" / "model")
    return start


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): "-> " + os.readlink(path) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file()}


def copy_of(start: Path, name: str) -> Path:
    folder = start.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(start, folder, symlinks=True)
    for hard in ("model", "cert", "receipt"):                  # copying makes files of their own
        (folder / f"{hard}-hard").unlink()
        os.link(folder / hard, folder / f"{hard}-hard")
    (folder / "G" / "receipts" / "symmetry.json").unlink()
    (folder / "G" / "receipts" / "symmetry.json").symlink_to(folder / "outside")
    return folder


def test_generator_apart(context: Context, start: Path) -> None:
    verifier = ("--verifier", context.verifier.path)
    prove, report, frontier, train = (("prove",), ("--strategy", "symmetry")), ("report", *verifier), ("frontier", *verifier), ("train", *SMALL)
    made = copy_of(start, "apart")
    before = content(made)
    refused: list[tuple[str, tuple[object, ...], str]] = [
        *((f"prove, {name}", ("prove", read, "--strategy", "symmetry", "--output", written), "would replace the model")
          for name, read, written in (("the model", "model", "model"), ("another spelling", "model", "./new/../model"), ("an absolute path", "model", made / "model"),
                                      ("a link to the model", "model", "model-link"), ("the model by a link", "model-link", "model"),
                                      ("a hard link", "model", "model-hard"), ("the model beyond a link to a folder", "model", "linked-folder/../model"))),
        ("train, one file twice", (*train, "--output", "x", "--history", "x"), "are one place"),
        ("train, one file twice, another spelling", (*train, "--output", "new/x", "--history", "linked-folder/x"), "are one place"),
        ("train, one hard link twice", (*train, "--output", "model", "--history", "model-hard"), "are one place"),
        ("train, standard output twice", (*train, "--output", "-", "--history", "-"), "are one place"),
        *((f"report, --output {place}", (*report, *inputs, "--output", place), "would ")
          for inputs, place in ((("cert",), "cert"), (("cert",), "cert-link"), (("cert-link",), "cert"), (("cert",), "cert-hard"), (("cert", "receipt"), "receipt"),
                                (("F",), "F/certificates/symmetry.json"), (("F",), "F/frontier.json"), (("F",), "F/labels.csv"), (("F-link",), "F/receipts/new.html"),
                                (("F",), "F-link/points/symmetry.json"), (("G",), "outside"), (("G",), "G/receipts/symmetry.json"),
                                (("cert", "--history", "figures/training.csv"), "figures/training.csv"))),
        ("report, --latex onto a certificate", (*report, "cert", "--output", "r.html", "--latex", "cert"), "would replace the input"),
        ("report, --latex onto the page", (*report, "cert", "--output", "r.html", "--latex", "new/../r.html"), "are one place"),
        ("report, --latex onto a figure", (*report, "cert", "--output", "r.html", "--figures", "figures", "--latex", "figures/labels-cert.svg"), "are one place"),
        ("report, a figure onto the history", (*report, "cert", "--output", "r.html", "--history", "figures/training.csv", "--figures", "figures"),
         "would replace the history"),
        ("report, onto the verifier", ("report", "cert", "--verifier", "tool", "--output", "tool"), "would replace the verifier"),
        ("frontier, a model among its own files", (*frontier, "F/points/model", "--output", "F"), "would replace the model"),
        ("frontier, the same by a link", (*frontier, "F/points/model", "--output", "F-link"), "would replace the model")]
    shutil.copy(context.verifier.path, made / "tool")
    before = content(made)
    for name, arguments, words in refused:
        outcome = context.generator.run(*arguments, cwd=made)
        context.check(outcome.exit == 64 and words in outcome.errors and "hint: " in outcome.errors, f"outputs: {name}: refused", outcome.shown())
        context.check.equal(content(made), before, f"outputs: {name}: nothing was changed")
        if content(made) != before:
            made = copy_of(start, "apart")
            shutil.copy(context.verifier.path, made / "tool")
    streams(context, made, before)
    for place in ("cert", "F"):
        outcome = context.generator.run("archive", "cert", *verifier, "--output", place, cwd=made)
        context.check(outcome.exit == 64 and content(made) == before, f"outputs: archive onto {place}: refused", outcome.shown())
    for name, arguments in (("a page in a frontier's folder", (*report, "F", "--output", "F/report.html")), ("the same again", (*report, "F", "--output", "F/report.html")),
                            ("figures in a frontier's folder", (*report, "F", "--output", "r.html", "--figures", "F/figures")),
                            ("one device twice", (*report, "cert", "--output", "/dev/null", "--latex", "/dev/null")),
                            ("a folder with the certificate in it", (*report, "cert", "--output", "r.html", "--figures", ".")),
                            ("a model beside a frontier's files", (*frontier, "F/model", "--output", "F", "--points", "convexity"))):
        shutil.copy(made / "model", made / "F" / "model")
        outcome = context.generator.run(*arguments, cwd=made)
        context.check.equal(outcome.exit, 0, f"outputs: {name}: nothing is in the way", outcome.shown())


def streams(context: Context, made: Path, before: dict[str, str]) -> None:
    """Standard streams that are files count as what they are."""
    program, verifier = context.generator.path, context.verifier.path
    for name, command in (("prove from standard input onto it", f"{program} prove - --strategy symmetry --output model <model"),
                          ("prove onto standard output", f"{program} prove model --strategy symmetry --output cert --json >>cert"),
                          ("prove from a file onto it", f"{program} prove model --strategy symmetry --output - >>model"),
                          ("frontier onto standard output", f"{program} frontier model --verifier {verifier} --output F --json >>F/frontier.json"),
                          ("prove onto standard error", f"{program} prove model --strategy symmetry --output cert 2>>cert"),
                          ("verify from standard input onto it", f"{verifier} - --receipt cert <cert"),
                          ("verify onto standard output", f"{verifier} cert --receipt receipt >>receipt")):
        done = subprocess.run(["/bin/sh", "-c", command], cwd=made, capture_output=True, text=True)
        changed = {path for path, digest in content(made).items() if before.get(path) != digest}
        said = {"cert", "cert-hard"} if "standard error" in name else {"receipt", "receipt-hard"} if "verify onto" in name else set()
        context.check(done.returncode == 64 and changed == said, f"outputs: {name}: refused", done.returncode, changed, done.stderr)
        for path in changed:                                   # the message itself went there, after what was there
            (made / path).write_bytes((made.parent / "start" / path).read_bytes())
        before.update(content(made))


def test_verifier_apart(context: Context) -> None:
    folder = context.temporary / "verifier"
    folder.mkdir()
    shutil.copy(BASE, folder / "cert")
    for name in ("claim", "weights", "key"):
        (folder / name).write_text("anything")
    context.verifier.run("cert", "--part", "1/1", "--receipt", "part", cwd=folder)
    for name in ("cert", "claim", "weights", "key", "part"):
        (folder / f"{name}-link").symlink_to(name)
        os.link(folder / name, folder / f"{name}-hard")
    before = content(folder)
    for option, arguments in (("cert", ("cert",)), ("claim", ("cert", "--claim", "claim")), ("weights", ("cert", "--weights", "weights")),
                              ("key", ("cert", "--part", "1/1", "--key", "key")), ("part", ("--join", "part")), ("cert", ("--join", "part", "--certificate", "cert"))):
        for place in (option, f"./{option}", folder / option, f"{option}-link", f"{option}-hard"):
            outcome = context.verifier.run(*arguments, "--receipt", place, cwd=folder)
            context.check((outcome.exit, outcome.reason) == (64, "usage") and content(folder) == before,
                                f"outputs: verifier, --receipt {place} onto {' '.join(arguments)}: refused", outcome.shown())


def test_links(context: Context, start: Path) -> None:
    """What a link leads to is replaced, or made; a circle of links is an error. The link stays."""
    made = copy_of(start, "links")
    for program, command in ((context.generator, ("prove", "model", "--strategy", "symmetry", "--output")), (context.verifier, ("cert", "--receipt"))):
        name = Path(program.path).name
        for link, target in (("to-file", "old"), ("to-nothing", "not-yet"), ("to-folder", "new/not-yet"), ("twice", "once"), ("once", "at-last")):
            (made / link).unlink(missing_ok=True)
            (made / link).symlink_to(target)
        (made / "old").write_text("old")
        for link, target in (("to-file", "old"), ("to-nothing", "not-yet"), ("to-folder", "new/not-yet"), ("twice", "at-last")):
            outcome = program.run(*command, link, cwd=made)
            context.check.equal(outcome.exit, 0, f"outputs: {name}, a link {link}: exit code", outcome.shown())
            context.check((made / link).is_symlink() and (made / target).is_file() and not (made / target).is_symlink() and (made / target).stat().st_size > 100,
                                f"outputs: {name}, a link {link}: its file is made, and it stays", sorted(os.listdir(made)))
            (made / target).unlink()
        (made / "circle").unlink(missing_ok=True)
        (made / "circle").symlink_to("circle")
        outcome = program.run(*command, "circle", cwd=made)
        context.check(outcome.exit == 66 and (made / "circle").is_symlink(), f"outputs: {name}, a circle of links: refused", outcome.shown())
    (made / "archive-link").symlink_to("archive")
    outcome = context.generator.run("archive", "cert", "--verifier", context.verifier.path, "--output", "archive-link", cwd=made)
    context.check(outcome.exit == 0 and (made / "archive-link").is_symlink() and (made / "archive" / "SHA256SUMS").is_file(), "outputs: archive, a link to nothing",
                        outcome.shown())


class Held:
    """A lock as another run has it."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self.file.close()


def slow_verifier(context: Context) -> Path:
    slow = context.temporary / "slow"
    slow.write_text(f'#!/bin/bash\n[ "$1" = --version ] || {{ : >{context.temporary}/slow-begun; sleep 2; }}\nexec {context.verifier.path} "$@"\n')
    slow.chmod(0o755)
    return slow


def test_folders_locked(context: Context, start: Path) -> None:
    check, verifier = context.check, ("--verifier", context.verifier.path)
    made = copy_of(start, "locked")
    seeds = ("frontier", "--seeds", "1..2", "--vocabulary", 8, "--width", 4, "--batch", 8, "--points", "convexity", *verifier, "--output", "S")
    check.equal(context.generator.run(*seeds, cwd=made).exit, 0, "outputs: frontier over seeds")
    for name, folder, arguments in (("frontier", "F", ("frontier", "model", *verifier, *POINTS, "--output", "F", "--steps", 3)), ("frontier over seeds", "S", seeds),
                                    ("frontier of one seed", "S/seed-2", seeds),
                                    ("report --figures", "figures", ("report", "cert", *verifier, "--output", "r.html", "--figures", "figures"))):
        lock = made / folder / ".proofmark.lock"
        with Held(lock):
            before = content(made)
            outcome = context.generator.run(*arguments, cwd=made)
            check(outcome.exit == 66 and f"another run writes into the folder '{folder}'" in outcome.errors and "hint: wait" in outcome.errors,
                        f"outputs: {name}: another run is there", outcome.shown())
            if name != "frontier of one seed":
                check.equal(content(made), before, f"outputs: {name}: another run is there: nothing was changed")
        # the file that a killed run leaves is no lock
        outcome = context.generator.run(*arguments, cwd=made)
        check(outcome.exit == 0 and not lock.exists(), f"outputs: {name}: the lock goes with its run", outcome.shown())
    slow = slow_verifier(context)
    command = [context.generator.path, "frontier", "model", "--verifier", slow, *POINTS, "--steps", "4", "--output", "F"]
    for number in (None, signal.SIGKILL):                      # the first run ends by itself, or is killed
        (context.temporary / "slow-begun").unlink(missing_ok=True)
        first = subprocess.Popen(command, cwd=made, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until((context.temporary / "slow-begun").exists)
        second = context.generator.run(*command[1:], cwd=made)
        check(second.exit == 66 and "another run writes into the folder 'F'" in second.errors, "outputs: two frontiers into one folder: the second is refused", second.shown())
        if number:
            first.kill()
        _, errors = first.communicate()
        check.equal(first.returncode, -number if number else 0, "outputs: two frontiers into one folder: the first goes on", errors)
        command[8] = "5"
    third = context.generator.run(*command[1:], cwd=made)
    check(third.exit == 0 and not (made / "F" / ".proofmark.lock").exists(), "outputs: a killed frontier leaves no lock", third.shown())
    if os.geteuid() != 0:
        (made / "F").chmod(0o555)
        outcome = context.generator.run(*command[1:], cwd=made)
        check(outcome.exit == 66 and "Permission denied" in outcome.errors, "outputs: a folder that may not be written", outcome.shown())
        (made / "F").chmod(0o755)


def test_ledger_locked(context: Context, start: Path) -> None:
    made = copy_of(start, "ledger")
    ledger = made / "x.unfinished"
    ledger.write_text("of another proof\n")
    command = ("prove", "model", "--strategy", "symmetry", "--output", "x")
    with Held(ledger):
        outcome = context.generator.run(*command, cwd=made)
        context.check(outcome.exit == 66 and "another run makes the proof that 'x.unfinished' is kept for" in outcome.errors and not (made / "x").exists(),
                            "outputs: prove: another run is at it", outcome.shown())
    outcome = context.generator.run(*command, cwd=made)
    context.check(outcome.exit == 0 and ledger.exists(), "outputs: prove: the other run has ended", outcome.shown())


def test_archives_at_once(context: Context, start: Path) -> None:
    """Both fill folders of their own; the first to be complete is there, and the other one says so."""
    made = copy_of(start, "archives")
    command = [context.generator.path, "archive", "cert", "--verifier", slow_verifier(context), "--output", "A"]
    both = [subprocess.Popen(command, cwd=made, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate()[1] for process in both]
    context.check(sorted(process.returncode for process in both) == [0, 66] and any("another run has made the folder" in text for text in errors),
                        "outputs: two archives at once", errors)
    context.check.equal(sorted(path.name for path in made.iterdir() if path.name.startswith(".")), [], "outputs: two archives at once: nothing is left")
    done = subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=made / "A", capture_output=True, text=True)
    context.check.equal((done.returncode, done.stdout), (0, ""), "outputs: two archives at once: one is complete", done.stderr)


def test_what_is_there(context: Context, start: Path) -> None:
    """Files of killed runs, with the names that the next run's would have, are neither used nor in the way; nor are a user's own figures."""
    made = copy_of(start, "there")
    command = f"for i in 0 1 2; do : >.proofmark-$$-$i.tmp; done; exec {context.generator.path} "
    done = subprocess.run(["/bin/sh", "-c", command + "prove model --strategy symmetry --output x"], cwd=made, capture_output=True, text=True)
    context.check(done.returncode == 0 and len(list(made.glob(".proofmark-*"))) == 3, "outputs: files of a killed run", done.stderr)
    done = subprocess.run(["/bin/sh", "-c", f"mkdir .proofmark-$$-0.tmp; exec {context.generator.path} archive cert --verifier {context.verifier.path} --output A"], cwd=made,
                          capture_output=True, text=True)
    context.check.equal(done.returncode, 0, "outputs: a folder of a killed run", done.stderr)
    (made / "figures" / "labels-cert.svg").write_text("mine")
    outcome: Outcome = context.generator.run("report", "cert", "--verifier", context.verifier.path, "--output", "r.html", "--figures", "figures", "--formats", "csv", cwd=made)
    context.check(outcome.exit == 0 and (made / "figures" / "labels-cert.svg").read_text() == "mine" and (made / "figures" / "labels-cert.csv").exists(),
                        "outputs: --formats csv leaves pictures alone", outcome.shown())
