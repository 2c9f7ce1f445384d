"""Every way to end from outside, of both programs: what is left is whole files, and what docs/command-line.md says of each signal is so."""
from __future__ import annotations

import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from proofmark_testing.context import ROOT, Context
from proofmark_testing.processes import PATIENCE, ignores, running, wait_until

SMALL = ("--vocabulary", "16", "--width", "8", "--steps", "20", "--batch", "32")
ORDERLY = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGXCPU")
MOMENTS = 6                     # of each signal and command
AT_CALL = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static void come(const char *call) {
  if (strcmp(getenv("TEST_CALL"), call) == 0) raise(atoi(getenv("TEST_SIGNAL")));
}
int fsync(int fd) {
  come("fsync");
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}
int rename(const char *from, const char *to) {
  come("before rename");
  int result = ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(from, to);
  come("after rename");
  return result;
}
"""


@pytest.fixture(scope="module")
def start(shared: Context) -> Path:
    start, maker = shared.temporary / "start", shared.generator
    start.mkdir()
    for outcome in (maker.run("train", *SMALL, "--output", start / "model"), maker.run("prove", start / "model", "--strategy", "symmetry", "--output", start / "cert")):
        assert outcome.exit == 0, outcome.shown()
    return start


COMMANDS = ("train", "prove", "frontier", "report", "archive", "verify", "part")


def commands(context: Context) -> dict[str, list[str]]:
    maker, verifier = context.generator.path, context.verifier.path
    return {"train": [maker, "train", *SMALL, "--output", "out/model", "--history", "out/history"],
            "prove": [maker, "prove", "model", "--strategy", "enumeration", "--output", "out/cert"],
            "frontier": [maker, "frontier", "model", "--verifier", verifier, "--points", "symmetry,convexity", "--output", "out/F"],
            "report": [maker, "report", "cert", "--verifier", verifier, "--output", "out/page", "--latex", "out/tex", "--figures", "out/figures"],
            "archive": [maker, "archive", "cert", "--verifier", verifier, "--output", "out/A"],
            "verify": [verifier, "cert", "--receipt", "out/receipt"],
            "part": [verifier, "cert", "--part", "1/2", "--receipt", "out/part"]}


def test_documented(context: Context) -> None:
    context.check.equal(tuple(commands(context)), COMMANDS, "signals: every command is tried")
    page = (ROOT / "docs" / "command-line.md").read_text().split("## Signals")[1].split("\n## ")[0]
    told = set(re.findall(r"SIG[A-Z0-9]+", page))
    context.check.equal(told, {*ORDERLY, "SIGPIPE", "SIGXFSZ", "SIGKILL"}, "signals: docs/command-line.md has each")


def fresh(start: Path) -> Path:
    """The inputs, and an old file in the place of each that will be written."""
    folder = start.parent / "work"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(start, folder)
    (folder / "out").mkdir()
    return folder


def whole(start: Path, folder: Path, reference: dict[str, bytes]) -> list[str]:
    """What is wrong with what is left: every file has the bytes that it has after a run that nobody disturbed, times apart."""
    wrong = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_file() or name == "out/cert.unfinished":        # a proof of two seconds, as on a loaded machine, keeps what it has found
            continue
        if name not in reference:
            wrong.append(f"{name} is left")
        elif not (complete(path) if grows(name) else without_times(path.read_bytes()) == without_times(reference[name])):
            wrong.append(f"{name} is not whole")
    return wrong


def grows(name: str) -> bool:
    """A frontier's tables, point by point; a part, step by step."""
    return name == "out/part" or (name.startswith("out/F/") and name.count("/") == 2)


def complete(path: Path) -> bool:
    try:
        return path.read_text().endswith("\n") if path.suffix == ".csv" else bool(json.loads(path.read_text()))
    except json.JSONDecodeError:
        return False


def without_times(content: bytes) -> bytes:
    return re.sub(rb'"(prove|verify)_s": [0-9.e-]+', b"", content)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def undisturbed(context: Context, start: Path, command: list[str]) -> tuple[dict[str, bytes], float]:
    folder = fresh(start)
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    context.check(done.returncode == 0, f"signals: {command[1]}: without a signal", done.stderr)
    return files(folder), time.monotonic() - began


@pytest.mark.parametrize("name", COMMANDS)
def test_at_any_moment(context: Context, start: Path, name: str) -> None:
    draw, command = random.Random(name), commands(context)[name]
    reference, seconds = undisturbed(context, start, command)
    orderly = set()
    for number in (signal.Signals[word] for word in ORDERLY):
        for _ in range(MOMENTS if name != "archive" else 2):
            folder, delay = fresh(start), draw.uniform(0, seconds)
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(delay)
            process.send_signal(number)
            _, errors = process.communicate(timeout=PATIENCE)
            # Before main, and of the verifier at any time but with --part, a signal acts as it does by itself.
            title = f"signals: {name}, {number.name} after {delay:.3f} s"
            context.check(process.returncode in (0, 130, -number), f"{title}: exit code", process.returncode, errors)
            context.check.equal(whole(start, folder, reference), [], f"{title}: whole files alone are left")
            if process.returncode == 130:
                orderly.add(number)
                context.check("proofmark: error: interrupted\n" in errors, f"{title}: says so", errors)
    if name not in ("verify", "part"):
        context.check(len(orderly) > 2, f"signals: {name}: is interrupted in order", orderly)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "archive"])
def test_at_calls(context: Context, start: Path, name: str) -> None:
    """A signal in the very call that makes a file lasting, or gives it its name."""
    library = context.temporary / "at-call.so"
    (context.temporary / "at-call.c").write_text(AT_CALL)
    built = subprocess.run(["cc", "-shared", "-fPIC", "-o", library, context.temporary / "at-call.c", "-ldl"], capture_output=True, text=True)
    if not context.check(built.returncode == 0, "signals: a library that raises them", built.stderr):
        return
    command = commands(context)[name]
    reference, _ = undisturbed(context, start, command)
    for call in ("fsync", "before rename", "after rename"):
        for number in (signal.Signals[word] for word in ORDERLY):
            folder = fresh(start)
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                                  env={**os.environ, "LD_PRELOAD": str(library), "TEST_CALL": call, "TEST_SIGNAL": str(int(number))})
            title = f"signals: {name}, {number.name} {'in' if call == 'fsync' else ''} {call}"
            expected = (130,) if name not in ("verify", "part") else (-number,)
            late = name == "part" or (call != "fsync" and name == "prove")     # there is nothing after it that could be stopped
            context.check(done.returncode in (*expected, *((0,) if late else ())), f"{title}: exit code", done.returncode, done.stderr)
            context.check.equal(whole(start, folder, reference), [], f"{title}: whole files alone are left")


def limited(size: int) -> Callable[[], None]:
    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)          # Python ignores it
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return prepare


@pytest.mark.parametrize("name", COMMANDS)
def test_small_files(context: Context, start: Path, name: str) -> None:
    """A limit to the size of files is a full disk: 66, and nothing half is left."""
    command = commands(context)[name]
    reference, _ = undisturbed(context, start, command)
    largest = max(len(content) for path, content in reference.items() if path.startswith("out/"))
    for size in (0, 100, 1000, largest - 1):
        folder = fresh(start)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, preexec_fn=limited(size))
        # a frontier's verifier that cannot write its receipt is a point that is not verified
        context.check(done.returncode == 66 or (name == "frontier" and done.returncode == 1), f"signals: {name}, files of {size} bytes: exit code", done.returncode,
                            done.stdout, done.stderr)
        context.check.equal([path for path in whole(start, folder, reference) if not path.startswith("out/F/")], [],
                            f"signals: {name}, files of {size} bytes: whole files alone are left")
        context.check.equal([str(path) for path in folder.rglob("*") if ".partial" in path.name or path.name.startswith(".")], [],
                            f"signals: {name}, files of {size} bytes: nothing temporary is left")


def test_small_files_are_named(context: Context, start: Path) -> None:
    done = subprocess.run(commands(context)["verify"], cwd=fresh(start), capture_output=True, text=True, preexec_fn=limited(10))
    context.check("File too large" in done.stdout and done.stdout.startswith("s ERROR\n"), "signals: verify, files of 10 bytes: says so", done.stdout)
    done = subprocess.run([*commands(context)["prove"]], cwd=fresh(start), capture_output=True, text=True, preexec_fn=limited(10))
    context.check("File too large\nhint: 'ulimit -f'" in done.stderr, "signals: prove, files of 10 bytes: says so", done.stderr)


def test_little_memory(context: Context, start: Path) -> None:
    """Wherever the generator's memory ends, in C++ or inside GMP and MPFR: done, or exit 70 in one line, and nothing half is left."""
    ends = set()
    for name in ("train", "prove"):
        command = commands(context)[name]
        reference, _ = undisturbed(context, start, command)
        for kilobytes in range(18000, 46000, 1000):
            folder = fresh(start)
            limited = ["/bin/sh", "-c", f'ulimit -v {kilobytes}; exec "$0" "$@"']
            if subprocess.run([*limited, command[0], "--version"], capture_output=True).returncode:
                continue                                              # it could not even be started: the loader, or C++'s reserve for exceptions
            done = subprocess.run([*limited, *command], cwd=folder, capture_output=True, text=True)
            ends.add(done.returncode)
            said = done.returncode == 0 or done.stderr.startswith("proofmark: error: there is not enough memory\n")
            context.check(done.returncode in (0, 70) and said, f"signals: {name}, {kilobytes} kB of memory", done.returncode, done.stderr)
            context.check.equal(whole(start, folder, reference), [], f"signals: {name}, {kilobytes} kB of memory: whole files alone are left")
    context.check.equal(ends, {0, 70}, "signals: memory runs out somewhere, and not everywhere")


def test_children(context: Context, start: Path) -> None:
    """The verifier that a frontier runs ends with it, however that ends; and Ctrl-C, which reaches both, is no verdict."""
    slow, pid = context.temporary / "slow", context.temporary / "slow.pid"
    slow.write_text(f'#!/bin/bash\n[ "$1" = --version ] && exec {context.verifier.path} --version\necho $$ >{pid}.new; mv {pid}.new {pid}; exec sleep 1000\n')
    slow.chmod(0o755)
    command = commands(context)["frontier"]
    command[4] = str(slow)
    for number, whom in ((signal.SIGKILL, os.kill), (signal.SIGTERM, os.kill), (signal.SIGINT, os.killpg), (signal.SIGQUIT, os.killpg)):
        folder = fresh(start)
        pid.unlink(missing_ok=True)
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        wait_until(pid.exists)
        child = int(pid.read_text())
        whom(process.pid, number)
        output, errors = process.communicate(timeout=PATIENCE)
        title = f"signals: frontier while its verifier runs, {number.name}"
        context.check.equal((process.returncode, output), (-9 if number == signal.SIGKILL else 130, ""), f"{title}: exit code", errors)
        context.check("not verified" not in errors and "ERROR" not in errors, f"{title}: no verdict", errors)
        wait_until(lambda: not running(child))
        context.check(not running(child), f"{title}: the verifier is ended")
        context.check.equal(list((folder / "out" / "F" / "points").iterdir()), [], f"{title}: no record")


def test_ignored(context: Context, start: Path) -> None:
    """What whoever started the program ignores stays ignored, but for the end of a child."""
    command = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *commands(context)["train"]]
    command[command.index("--steps") + 1] = "20000"
    process = subprocess.Popen(command, cwd=fresh(start), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: ignores(process.pid, signal.SIGHUP))
    time.sleep(0.3)
    process.send_signal(signal.SIGHUP)
    _, errors = process.communicate(timeout=PATIENCE)
    context.check.equal(process.returncode, 0, "signals: nohup stays what it is", errors)
    refusing = context.temporary / "refusing"
    refusing.write_text(f'#!/bin/bash\n[ "$1" = --version ] && exec {context.verifier.path} --version\n{context.verifier.path} "$@"\nexit 1\n')
    refusing.chmod(0o755)
    command = commands(context)["frontier"]
    command[4] = str(refusing)
    done = subprocess.run(["/bin/bash", "-c", 'trap "" CHLD; exec "$@"', "bash", *command], cwd=fresh(start), capture_output=True, text=True)
    context.check(done.returncode == 1 and "not verified: symmetry, convexity" in done.stderr, "signals: a verifier's exit code counts even where SIGCHLD was ignored",
                        done.returncode, done.stderr)
