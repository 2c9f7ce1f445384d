"""Certificates that the generator makes from small models it trains: verified, agreed with, and moved by one unit.

And training for provability: it does what it is for.
"""
from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest
from proofmark_testing.context import Context, schema_errors
from proofmark_testing.models import Tensor
from rules.token_sum.head_tail_bound import mean_bound
from proofmark_testing.safetensors import header_and_data, packed, read, safetensors
from proofmark_testing.verifier import ENGINES
from second_opinion import second_opinion
from soundness import ulp

MODELS = ((8, 4, 2), (13, 5, 2), (5, 3, 3))        # V, d, n
STRATEGIES = ("enumeration", "symmetry", "convexity")
COMPACT = (                                              # strategy, options, the context lengths that it is tried at
    ("head-tail", ("--top", 2), (2, 3, 4)),
    ("head-tail", ("--top", 1, "--groups", 2, "--no-multipliers"), (2, 3)),
    ("head-tail", ("--top", 1, "--weights"), (2,)),
    ("head-tail", ("--budget", 100_000), (2, 3)),
    ("head-tail", ("--quantity", "accuracy"), (2, 3)),
    ("mixed", ("--budget", "0.95"), (2, 3)),
    ("block-jensen", ("--blocks", 2), (2,)),
    ("block-jensen", ("--blocks", 4, "--steps", 2), (2,)))


def trained(context: Context, V: int, d: int, n: int) -> Path:
    model = context.temporary / f"model-{V}-{d}-{n}.safetensors"
    outcome = context.generator.run("train", "--context", n, "--vocabulary", V, "--width", d, "--steps", 20, "--batch", 16, "--seed", 57, "--output", model)
    assert outcome.exit == 0 and model.exists(), outcome.shown()
    return model


@pytest.fixture
def model(context: Context) -> Path:
    return trained(context, 8, 4, 2)


@pytest.mark.parametrize(("V", "d", "n"), MODELS)
def test_prove(context: Context, V: int, d: int, n: int) -> None:
    model = trained(context, V, d, n)
    for strategy in STRATEGIES:
        prove(context, model, n, strategy)
    for strategy, options, lengths in COMPACT:
        if n in lengths and V <= 8:
            prove(context, model, n, strategy, *options)


def test_provability(context: Context) -> None:
    """Trained on the head-tail bound, a model has a lower one, hardly a higher loss, and each seed one file."""
    for n, V, d, m, steps in ((2, 64, 16, 1, 600), (2, 64, 16, 3, 600), (3, 24, 8, 1, 300)):
        name = f"generator: trained for provability n={n} V={V} m={m}"
        bounds, losses, files = {}, {}, {}
        for objective, options in (("cross-entropy", ()), ("head-tail", ("--top", m)), ("head-tail again", ("--top", m, "--threads", 1))):
            path = context.temporary / "provable.safetensors"
            outcome = context.generator.run("train", "--context", n, "--vocabulary", V, "--width", d, "--steps", steps, "--batch", 128,
                                            "--learning-rate", "0.01", "--objective", objective.split()[0], *options, "--output", path)
            if not context.check(outcome.exit == 0, f"{name}: train on {objective}", outcome.shown()):
                return
            files[objective] = path.read_bytes()
            if objective != "head-tail again":
                bounds[objective], losses[objective] = mean_bound(path, n, m), mean_bound(path, n, V)
        context.check.equal(files["head-tail"], files["head-tail again"], f"{name}: one seed, one file")
        excess = {objective: bounds[objective] - losses[objective] for objective in bounds}
        context.check(0 < excess["head-tail"] < excess["cross-entropy"] / 2, f"{name}: bounded more closely", bounds, losses)
        context.check(bounds["head-tail"] < bounds["cross-entropy"], f"{name}: a lower bound", bounds)
        context.check(losses["head-tail"] < losses["cross-entropy"] * 1.2, f"{name}: as good a model", losses)


def test_tokens(context: Context) -> None:
    """How many tokens an input has is recorded by `train`, asked for where nothing says it, and never guessed."""
    check, run_ = context.check, context.generator.run
    recorded = trained(context, 5, 3, 3)
    silent = context.temporary / "silent.safetensors"
    silent.write_bytes(safetensors(read(recorded)))
    output, folder = context.temporary / "tokens.json", context.temporary / "tokens"
    attention = context.temporary / "tokens-attention.safetensors"
    run_("train", "--family", "attention-only", "--context", 3, "--vocabulary", 4, "--width", 2, "--steps", 2, "--batch", 8, "--output", attention)
    check(b"proofmark.context" not in attention.read_bytes(), "generator: tokens: a transformer's positions are its record")
    header, data = header_and_data(read(attention))
    contradicting, contradiction = context.temporary / "contradicting.safetensors", "the model has 3 positions, but its metadata 'proofmark.context' is 2"
    contradicting.write_bytes(packed(header | {"__metadata__": {"proofmark.context": "2"}}, data))
    unknown, note = "does not say how many are meant", "note: the model's file says that its inputs have 3 tokens; --context asks for 2\n"
    for name, model, options, code, n, words in (
            ("recorded", recorded, (), 0, 3, "3 tokens of 5, summed; "), ("the same", recorded, ("--context", 3), 0, 3, "3 tokens of 5, summed; "),
            ("another", recorded, ("--context", 2), 0, 2, note), ("not recorded", silent, (), 64, None, unknown),
            ("given", silent, ("--context", 3), 0, 3, "3 tokens of 5, summed; "), ("positions", attention, (), 0, 3, "3 tokens of 4, one attention head, "),
            ("not those of the positions", attention, ("--context", 2), 64, None, "this model has 3 positions"), ("contradicted", contradicting, (), 65, None, contradiction)):
        strategy = "enumeration"
        output.unlink(missing_ok=True)
        outcome = run_("prove", model, "--strategy", strategy, *options, "--output", output)
        check.equal(outcome.exit, code, f"generator: tokens: {name}: exit code", outcome.shown())
        check(words in outcome.errors and (words == note) == (note in outcome.errors), f"generator: tokens: {name}: says {words!r}", outcome.shown())
        if code != 0:
            check("\nhint: " in outcome.errors and not output.exists(), f"generator: tokens: {name}: a hint, and no certificate", outcome.shown())
        elif check.equal(json.loads(output.read_bytes())["model"]["architecture"]["positions"], n, f"generator: tokens: {name}: the certificate's"):
            function = outcome.errors.splitlines()[0]
            explained, verified = context.verifier.run("--explain", output), context.verifier.run(output)
            check(f"Model: {function}. The real function" in explained.output, f"generator: tokens: {name}: --explain names the same function", explained.shown())
            check(f"c function {function}" in verified.lines, f"generator: tokens: {name}: the verifier names the same function", verified.shown())
        for listing in (("--list",), ("--verifier", context.verifier.path, "--points", strategy, "--output", folder)):
            outcome = run_("frontier", model, *options, *listing)
            check.equal(outcome.exit, code, f"generator: tokens: {name}: frontier {listing[0]}: exit code", outcome.shown())
            check(words in outcome.errors + outcome.output, f"generator: tokens: {name}: frontier {listing[0]}: says {words!r}", outcome.shown())
    header, data = header_and_data(read(recorded))
    for text in ("", "0", "65", "2 ", "two", "-2", "1e1", "\x1b[2J", "2" * 5000):
        contradicting.write_bytes(packed(header | {"__metadata__": {"proofmark.context": text}}, data))
        for options in ((), ("--context", 2)):
            outcome = run_("prove", contradicting, "--strategy", "symmetry", *options, "--output", output)
            check(outcome.exit == 65 and "expected a number of tokens from 1 to 64\nhint: " in outcome.errors and "\x1b" not in outcome.errors and
                        len(outcome.errors) < 500, f"generator: tokens: metadata {text[:8]!r}", outcome.shown())


def test_noise(context: Context, model: Path) -> None:
    """`prove --noise`: the parts of the bound add up to it."""
    path = context.temporary / "noise.json"
    for strategy, *options in (*((one,) for one in STRATEGIES), ("head-tail", "--top", 1), ("block-jensen", "--blocks", 2)):
        outcome = context.generator.run("prove", model, "--strategy", strategy, *options, "--noise", "--output", path)
        match = re.search(r"^noise: of the bound, (\S+) is the exact loss, (\S+) tail slack, (\S+) rounding slack$", outcome.errors, re.M)
        name = f"generator: noise of {strategy}"
        if context.check(outcome.exit == 0 and match is not None, name, outcome.shown()):
            bound = float(json.loads(path.read_bytes())["claims"][0]["bound"])
            exact, tail, rounding = map(float, match.groups())
            context.check(abs(exact + tail + rounding - bound) < 1e-9 + 0.01 * tail, f"{name}: adds up", outcome.shown())
            context.check((tail < 1e-9) == (strategy in ("enumeration", "symmetry")) and rounding < 1e-9, f"{name}: what is exact", outcome.shown())
    outcome = context.generator.run("prove", model, "--strategy", "symmetry", "--noise", "--quantity", "accuracy", "--output", path)
    context.check.equal(outcome.exit, 64, "generator: noise of an accuracy", outcome.shown())


def test_refusals(context: Context, model: Path) -> None:
    """What `prove` will not do: the exit code, words of the message or its hint, and no file left behind."""
    cut = context.temporary / "cut.safetensors"
    cut.write_bytes(model.read_bytes()[:-1])
    empty = context.temporary / "no-such-model.safetensors"
    for name, path, options, code, words in (
            ("misspelt strategy", model, ("--strategy", "symetry"), 64, "did you mean 'symmetry'?"),
            ("unknown option", model, ("--strategy", "symmetry", "--bond", "1"), 64, "--bond"),
            ("a lower bound by convexity", model, ("--strategy", "convexity", "--bound", "cross-entropy:lower:0.1"), 64, "from above only"),
            ("a bound that is not supported", model, ("--strategy", "symmetry", "--bound", "0.0001"), 65, "hint: "),
            ("a bound that is no decimal", model, ("--strategy", "symmetry", "--bound", "1e-3"), 64, "1e-3"),
            ("heads and a budget", model, ("--strategy", "head-tail", "--top", "2", "--budget", "0.5"), 64, "cannot be given together"),
            ("a budget for nothing", model, ("--strategy", "mixed", "--budget", "0"), 64, "nothing"),
            ("no budget", model, ("--strategy", "mixed"), 64, "--budget"),
            ("a budget that is too small", model, ("--strategy", "head-tail", "--budget", "0.001"), 64, "hint: "),
            ("heads for symmetry", model, ("--strategy", "symmetry", "--top", "2"), 64, "--top"),
            ("heads wider than the outputs", model, ("--strategy", "head-tail", "--top", "9"), 64, "only 8"),
            ("heads of single tokens", model, ("--strategy", "head-tail", "--context", "1"), 64, "two tokens"),
            ("blocks of three tokens", model, ("--strategy", "block-jensen", "--context", "3"), 64, "two tokens"),
            ("more blocks than tokens", model, ("--strategy", "block-jensen", "--blocks", "9"), 64, "--blocks 9"),
            ("blocks across steps", model, ("--strategy", "block-jensen", "--blocks", "4", "--steps", "3"), 64, "--steps"),
            ("weights and a budget", model, ("--strategy", "head-tail", "--weights", "--budget", "0.5"), 64, "together"),
            ("days of work", model, ("--strategy", "enumeration", "--context", "20"), 64, "hint: "),
            ("an option that is empty", model, ("--strategy", "symmetry", "--label", ""), 64, "--label is empty"),
            ("a file cut short", cut, ("--strategy", "symmetry"), 65, "hint: "),
            ("no file", empty, ("--strategy", "symmetry"), 66, "no such file")):
        output = context.temporary / "refused.json"
        outcome = context.generator.run("prove", path, *options, "--output", output)
        context.check.equal(outcome.exit, code, f"generator: {name}: exit code", outcome.shown())
        context.check(words in outcome.errors, f"generator: {name}: says {words!r}", outcome.shown())
        context.check(not list(context.temporary.glob("refused*")), f"generator: {name}: no file is left")


def test_huge_numbers(context: Context) -> None:
    """What is written of logits beyond all decimals has the form of a certificate; scores that doubles cannot tell apart are enclosed."""
    model, architecture, path = (context.temporary / name for name in ("huge.safetensors", "huge.json", "proof.json"))
    one = {"layout": "in,out"}
    description = {"positions": 2, "embedding": {"tokens": {"weight": "E", "layout": "tokens,width"}}, "blocks": [], "pool": "sum", "readout": [{"weight": "W"} | one]}
    attention = {"heads": 1, "query": {"weight": "Q"} | one, "key": {"weight": "Q"} | one, "value": {"weight": "V"} | one, "output": {"weight": "V"} | one, "mask": "none", "scores": "unscaled"}
    E, W, V = [-0.7, 0.7, 0.5, -0.5, 0.1, 0.9], [-0.1, 0.8, 0.3, 0.2, -0.6, 0.4], [0.3, -0.2, 0.5, 0.1]
    for name, size, blocks, expected in (("logits of 1e22", 1e11, [], "DECLINED"), ("logits of 1e240", 1e120, [], "DECLINED"),
                                         ("scores of 1e24", 1e12, [{"attention": attention}], "VERIFIED")):
        of_maps = 1.0 if blocks else size
        numbers = {"E": ([3, 2], [x * of_maps for x in E]), "W": ([2, 3], [x * of_maps for x in W])}
        if blocks:
            numbers |= {"Q": ([2, 2], [size, 2 * size, -size, size]), "V": ([2, 2], V)}
        model.write_bytes(safetensors({key: Tensor("float64", tuple(shape), struct.pack(f"<{len(x)}d", *x)) for key, (shape, x) in numbers.items()}))
        architecture.write_text(json.dumps(description | {"blocks": blocks}))
        outcome = context.generator.run("prove", model, "--architecture", architecture, "--inputs", "0..3,0..3", "--label", "max", "--strategy", "enumeration", "--output", path)
        if context.check.equal(outcome.exit, 0, f"generator: {name}: prove", outcome.shown()):
            outcome = context.verifier.run(path)
            context.check.equal(outcome.verdict, expected, f"generator: {name}", outcome.shown())


def prove(context: Context, model: Path, n: int, strategy: str, *options: object) -> None:
    path = context.temporary / f"{model.stem}-{'-'.join(str(word).lstrip('-') for word in (strategy, *options))}.json"
    outcome = context.generator.run("prove", model, "--context", n, "--strategy", strategy, *options, "--output", path)
    name = f"generator: {path.stem}"
    if not context.check(outcome.exit == 0 and path.exists(), f"{name}: prove", outcome.shown()):
        return
    errors = schema_errors("certificate", json.loads(path.read_bytes()))
    context.check(not errors, f"{name}: schema", *errors)
    refusal = second_opinion.judge(path)
    context.check(refusal is None, f"{name}: second opinion", refusal)
    for engine in ENGINES:
        outcome = context.verifier.run(path, "--weights", model, "--engine", engine)
        context.check.equal(outcome.verdict, "VERIFIED", f"{name}: verified with its weights ({engine})", outcome.shown())
        ulp.ends(context, path, engine)
    ulp.counts(context, path)
