"""The command line: usage errors, --quiet, --explain, --trust, --version, --help."""
from __future__ import annotations

from proofmark_testing.context import BASE, CORPUS, Context
from proofmark_testing.verifier import ENGINES, well_formed

REJECTED = CORPUS / "reject" / "claim-none" / "no-claims.json"
USAGE: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("nothing", ()), ("unknown option", (BASE, "--quick")), ("unknown short option", (BASE, "-x")), ("two certificates", (BASE, BASE)),
    ("unknown engine", (BASE, "--engine", "exact")), ("empty engine", (BASE, "--engine", "")),
    ("engine without a name", (BASE, "--engine")), ("claim without a file", (BASE, "--claim")),
    ("weights without a file", (BASE, "--weights")), ("receipt without a file", (BASE, "--receipt")),
    ("threads without a number", (BASE, "--threads")), ("threads 0", (BASE, "--threads", "0")),
    ("threads -1", (BASE, "--threads", "-1")), ("threads with a fraction", (BASE, "--threads", "1.5")),
    ("threads with an exponent", (BASE, "--threads", "1e1")), ("threads in words", (BASE, "--threads", "two")),
    ("threads empty", (BASE, "--threads", "")), ("threads with a space", (BASE, "--threads", " 2")),
    ("threads with a suffix", (BASE, "--threads", "2x")), ("threads beyond 64 bits", (BASE, "--threads", "18446744073709551617")),
    ("claim twice", (BASE, "--claim", "a", "--claim", "b")), ("a flag with a value", (BASE, "--quiet=yes")),
    ("empty certificate name", ("",)), ("options alone", ("--quiet",)), ("explain without a certificate", ("--explain",)))


def test_usage(context: Context) -> None:
    for name, arguments in USAGE:
        outcome = context.verifier.run(*arguments)
        good = outcome.exit == 64 and outcome.lines[:1] == ["s ERROR"] and outcome.reason == "usage"
        context.check(good, f"options: usage, {name}", "expected exit 64, s ERROR, c reason usage", outcome.shown())


def test_texts(context: Context) -> None:
    for option, word in (("--trust", "MPFR"), ("--version", "0."), ("--help", "--claim")):
        outcome = context.verifier.run(option)
        context.check(outcome.exit == 0 and word in outcome.output and "s VERIFIED" not in outcome.lines, f"options: {option}", outcome.shown())


def test_quiet(context: Context) -> None:
    for path, expected in ((BASE, "s VERIFIED\n"), (REJECTED, "s REJECTED\n")):
        outcome = context.verifier.run(path, "--quiet")
        context.check.equal(outcome.output, expected, f"options: --quiet, {path.name}", outcome.shown())


def test_gap(context: Context) -> None:
    """What the rules leave open is told from rounding, but for those that compute with sets of numbers."""
    for name, words in (("base", "the rules leave open 0, rounding adds at most"), ("block-tables-everything", "what the rules leave open, with rounding")):
        outcome = context.verifier.run(CORPUS / "accept" / f"{name}.json")
        context.check(outcome.exit == 0 and f"nats between the bounds on the mean loss: {words}" in outcome.output, f"options: the gap of {name}", outcome.shown())


def test_order(context: Context) -> None:
    """Options before the certificate and after it; every engine says which one it is, and both say the claim."""
    for engine in ENGINES:
        before, after = context.verifier.run("--engine", engine, BASE), context.verifier.run(BASE, "--engine", engine)
        context.check.equal(before.output, after.output, f"options: --engine {engine} before and after the certificate")
        context.check(before.verdict == "VERIFIED" and "cross-entropy" in before.output and not well_formed(before),
                            f"options: --engine {engine} prints the claim back", before.shown())
    single, seven = (context.verifier.run(BASE, "--threads", threads) for threads in (1, 7))
    context.check.equal(single.output, seven.output, "options: --threads 1 and 7 print the same")


def test_explain(context: Context) -> None:
    outcome = context.verifier.run("--explain", BASE)
    good = outcome.exit == 0 and "nothing was verified" in outcome.output and "VERIFIED" not in (outcome.lines or [""])[0]
    context.check(good, "options: --explain", outcome.shown())
    context.check(not any(line.startswith("s VERIFIED") for line in outcome.lines), "options: --explain gives no verdict")
    malformed = context.verifier.run("--explain", CORPUS / "malformed" / "json-syntax" / "empty.json")
    context.check(malformed.exit != 0, "options: --explain of what is no certificate fails", malformed.shown())
    forged = context.verifier.run("--explain", CORPUS / "accept" / "provenance-forged-verdict.json")
    context.check("s VERIFIED" not in forged.output, "options: --explain never prints provenance", forged.shown())
