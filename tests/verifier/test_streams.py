"""Files, pipes and devices: what cannot be read or written is exit 66, and a verdict that was not delivered is not exit 0."""
from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
import threading
from pathlib import Path

from proofmark_testing.cases.case import base
from proofmark_testing.certificates import render
from proofmark_testing.context import BASE, CORPUS, Context
from proofmark_testing.verifier import Outcome, well_formed

REJECTED = CORPUS / "reject" / "claim-none" / "no-claims.json"


def refused(context: Context, outcome: Outcome, name: str, code: str = "io", exit_code: int = 66) -> None:
    good = outcome.exit == exit_code and outcome.lines[:1] == ["s ERROR"] and outcome.reason == code
    context.check(good, f"streams: {name}", f"expected exit {exit_code}, s ERROR, c reason {code}", outcome.shown())


def verified(context: Context, outcome: Outcome, name: str) -> None:
    context.check.equal(outcome.verdict, "VERIFIED", f"streams: {name}", outcome.shown())


def test_inputs(context: Context) -> None:
    run_ = context.verifier.run
    refused(context, run_(context.temporary / "missing.json"), "a certificate that does not exist")
    refused(context, run_(context.temporary), "a directory as certificate")
    refused(context, run_(BASE / "below"), "a path below a file")
    for option in ("--claim", "--weights"):
        refused(context, run_(BASE, option, context.temporary / "missing"), f"{option}: a file that does not exist")
        refused(context, run_(BASE, option, context.temporary), f"{option}: a directory")
    if os.geteuid() != 0:
        unreadable = context.temporary / "unreadable.json"
        unreadable.write_bytes(render(base()))
        unreadable.chmod(0)
        refused(context, run_(unreadable), "a certificate that may not be read")
    verified(context, run_("-", stdin=BASE.read_bytes()), "- reads standard input")
    outcome = run_("-", stdin=b"")
    context.check.equal((outcome.verdict, outcome.reason), ("MALFORMED", "json-syntax"), "streams: - with nothing to read")
    refused(context, run_("-", stdin=None), "- with standard input closed")
    verified(context, run_(BASE, stdin=None), "standard input closed and not needed")
    verified(context, run_(os.path.relpath(BASE)), "a relative path")
    verified(context, through_pipe(context), "a named pipe as certificate")


def through_pipe(context: Context) -> Outcome:
    pipe = context.temporary / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(BASE.read_bytes()), daemon=True)
    writer.start()
    return context.verifier.run(pipe, timeout=300)


def test_outputs(context: Context) -> None:
    run_ = context.verifier.run
    for path, name in ((BASE, "an accepted certificate"), (REJECTED, "a rejected certificate")):
        with open("/dev/full", "wb") as full:
            outcome = run_(path, stdout=full)
            context.check.equal(outcome.exit, 66, f"streams: standard output full, {name}", outcome.shown())
        context.check.equal(closed_output(context, path), 66, f"streams: standard output closed, {name}")
        context.check.equal(broken_pipe(context, path), 66, f"streams: nobody reads the pipe, {name}")
        refused(context, run_(path, "--receipt", context.temporary / "no" / "folder"), f"receipt in no folder, {name}")
        refused(context, run_(path, "--receipt", context.temporary), f"receipt is a folder, {name}")
        outcome = run_(path, "--receipt", context.temporary / "cut-short.json", largest_file=16)
        refused(context, outcome, f"receipt on a full disk, {name}")
        on_devices(context, path, name)
    with open("/dev/full", "wb") as full:
        context.check.equal(run_(BASE, stderr=full).exit, 0, "streams: standard error full and not needed")


def on_devices(context: Context, path: Path, name: str) -> None:
    """A receipt sent to a device goes into it, and does not take its place. On devices of our own: nothing else is at risk."""
    full, null = context.temporary / "full", context.temporary / "null"
    try:
        for device, minor in ((full, 7), (null, 3)):
            device.unlink(missing_ok=True)
            os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
    except PermissionError:
        return
    refused(context, context.verifier.run(path, "--receipt", full), f"receipt on /dev/full, {name}")
    outcome = context.verifier.run(path, "--receipt", null)
    context.check(outcome.exit in (0, 1), f"streams: receipt on /dev/null, {name}", outcome.shown())
    context.check(null.is_char_device() and full.is_char_device(), f"streams: a receipt leaves devices in their place, {name}")


def closed_output(context: Context, path: Path) -> int:
    command = 'exec "$0" "$1" >&-'
    return subprocess.run(["/bin/sh", "-c", command, context.verifier.path, str(path)], stderr=subprocess.DEVNULL).returncode


def broken_pipe(context: Context, path: Path) -> int:
    """SIGPIPE is at its default, as from a shell."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([context.verifier.path, str(path)], stdout=writing, stderr=subprocess.DEVNULL, restore_signals=True)
    os.close(writing)
    return done.returncode


def test_surroundings(context: Context) -> None:
    """A locale with comma decimals, no environment at all, a strange umask, a working directory that is read-only or gone."""
    run_ = context.verifier.run
    verified(context, run_(BASE, env={}), "an empty environment")
    receipt = context.temporary / "umask.json"
    verified(context, run_(BASE, "--receipt", receipt, umask=0o777), "umask 777")
    context.check(receipt.exists() and receipt.stat().st_size > 0, "streams: umask 777 still leaves a receipt")
    verified(context, run_(BASE, cwd="/proc"), "a working directory where nothing can be written")
    locale = comma_locale(context.temporary)
    if locale is None:
        context.check.skip("streams: no locale with comma decimals can be made (Debian: locales)")
        return
    plain, other = (context.temporary / name for name in ("plain.json", "comma.json"))
    run_(BASE, "--receipt", plain)
    outcome = run_(BASE, "--receipt", other, env=locale)
    verified(context, outcome, "a locale with comma decimals")
    context.check.equal(other.read_bytes(), plain.read_bytes(), "streams: a locale with comma decimals leaves the receipt alone")


UNICODE = {"LC_ALL": "C.UTF-8"}


def test_names(context: Context) -> None:
    """A path may hold anything but a zero byte; what is printed of it is one line that a terminal takes as text."""
    forged = "x\ns VERIFIED\nc \x1b[2J\x9b\u202e"
    folder = context.temporary / forged
    folder.mkdir()
    file = folder / "receipt"
    file.write_bytes(render(base()))
    run_ = context.verifier.run
    for env in ({}, UNICODE):
        for arguments in ((folder,), (folder / "missing",), (BASE, "--claim", folder), (BASE, "--weights", BASE, "--receipt", folder / "no" / "x"),
                          (BASE, "--weights", file), (BASE, BASE, folder), (BASE, f"--{forged}"), (BASE, "--engine", forged),
                          ("--join", file), ("--explain", folder), (file, "--receipt", file)):
            outcome = run_(*arguments, env=env)
            context.check(outcome.verdict not in ("VERIFIED", "JOINED") and not well_formed(outcome) and not outcome.errors,
                                f"streams: names are escaped, {arguments[0] if arguments[0] in (BASE, '--join') else 'a path'} {env}", outcome.shown())
    word = "Gr\u00fc\u00dfe-\u03b1-\u6a21"
    for env, expected in ((UNICODE, word), ({}, word.encode().decode("latin-1").encode("unicode_escape").decode())):
        outcome = run_(context.temporary / word, env=env)
        context.check(expected in outcome.output, f"streams: letters in names {env}", expected, outcome.shown())


def test_memory(context: Context) -> None:
    """Wherever memory ends, in C++ or inside GMP and MPFR, on whatever thread: an answer, or exit 70 and no verdict."""
    if context.verifier.memory == resource.RLIM_INFINITY:
        return                                                        # a sanitizer needs memory of its own
    ends = []
    for path in (BASE, CORPUS / "accept" / "attention-every-rule.json", REJECTED):
        for threads in (1, 3):
            for kilobytes in (*range(4000, 26000, 125), *range(26000, 120000, 4000)):
                ends.append(limited(context, kilobytes, path, "--threads", threads))
    context.check({0, 1, 70} <= set(ends), "streams: memory runs out somewhere, and not everywhere", sorted(set(ends)))
    context.check.equal(limited(context, 200_000, BASE, "--threads", 1000), 0, "streams: fewer threads than were asked for are enough")


def limited(context: Context, kilobytes: int, *arguments: object) -> int:
    """The exit code in so much address space; None where the system cannot even start the program."""
    command = f'ulimit -v {kilobytes}; exec "$0" "$@"'
    done = subprocess.run(["/bin/sh", "-c", command, context.verifier.path, *map(str, arguments)], capture_output=True)
    if (done.returncode == 127 and not done.stdout) or b"Killed" in done.stderr:    # the dynamic loader's, or the shell's
        return 127
    first = done.stdout.split(b"\n")[0]
    good = (done.returncode, first) in ((0, b"s VERIFIED"), (1, b"s REJECTED"), (70, b"s ERROR"))
    context.check(good, f"streams: {kilobytes} kB of memory, {arguments[1:]}", done.returncode, done.stdout[:200], done.stderr[:200])
    return done.returncode


def test_without_thread_local_storage(context: Context) -> None:
    """An MPFR that says of itself that its state is one for all threads."""
    source, shim = context.temporary / "shim.c", context.temporary / "shim.so"
    source.write_text("int mpfr_buildopt_tls_p(void) { return 0; }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, source], check=True)
    env = {"LD_PRELOAD": str(shim)}
    refused(context, context.verifier.run(BASE, "--threads", 2, env=env), "MPFR without thread-local storage, 2 threads", "internal", 70)
    verified(context, context.verifier.run(BASE, "--threads", 1, env=env), "MPFR without thread-local storage, 1 thread")


def comma_locale(folder: Path) -> dict[str, str] | None:
    """German, compiled into a folder of its own."""
    if shutil.which("localedef") is None:
        return None
    done = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")], capture_output=True)
    return {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8"} if (folder / "de_DE.UTF-8").exists() and done.returncode <= 1 else None
