"""Limits of the verifier from both sides: just inside a model is proved and verified, just outside every command refuses it before any work."""
from __future__ import annotations

import json
import re
import shutil

from proofmark_testing.context import ROOT, Context
from proofmark_testing.encodings import encode
from proofmark_testing.models import Model, Tensor
from proofmark_testing.safetensors import safetensors

OUTSIDE = "hint: proofmark-verify declines larger models (docs/limits.md)"
# which no proof of the generator comes near, its models having seven tensors at most
UNREACHED = {"json_depth", "string_length", "key_bytes", "memory_of_threads", "tensors", "tensor_name", "witnesses", "dimensions", "token_range", "blocks",
             "elements_of_tables", "safetensors_entries"}


def test_numbers_agree(context: Context) -> None:
    """Programs that share no source have one list of limits each."""
    lists = [dict(re.findall(r"inline constexpr [\w:]+ (\w+) =\s+([^;]+);", (ROOT / program).read_text())) for program in ("verifier/reading/limits.hpp", "generator/support/limits.hpp")]
    context.check(len(lists[0]) > 10, "limits: the verifier's list is read", lists[0])
    context.check.equal({name: value for name, value in lists[0].items() if name not in UNREACHED}, lists[1], "limits: generator/support/limits.hpp has what the verifier has")


def tensor(shape: tuple[int, ...], numbers: dict[int, float] | None = None, dtype: str = "float32") -> Tensor:
    """Zeros, but for the numbers given."""
    size = 1
    for dimension in shape:
        size *= dimension
    raw = bytearray(len(encode(dtype, 0.0)) * size)
    for place, number in (numbers or {}).items():
        one = encode(dtype, number)
        raw[place * len(one):(place + 1) * len(one)] = one
    return Tensor(dtype, shape, bytes(raw))


def token_sum(V: int, d: int, logits: dict[int, float] | None = None) -> Model:
    """The first token's logits are those given, every other token's are zero."""
    return {"embedding.weight": tensor((d, V), {0: 1.0}, "float16" if d > 1 else "float32"), "linear.weight": tensor((d, d), {0: 1.0}, "float16" if d > 1 else "float32"),
            "unembedding.weight": tensor((V, d), logits)}


def attention(V: int, n: int, d: int, h: int, logits: dict[int, float] | None = None) -> Model:
    """The first token's own logits are those given, by default such that it is told right; all others are zero."""
    into = {f"blocks.0.attn.{name}": tensor((1, d, h)) for name in ("W_K", "W_Q", "W_V")}
    return {**into, "blocks.0.attn.W_O": tensor((1, h, d)), "embed.W_E": tensor((V, d), {0: 1.0}), "pos_embed.W_pos": tensor((n, d)),
            "unembed.W_U": tensor((d, V), logits or {0: 1.0})}


def stands(context: Context, name: str, weights: Model, n: int, strategy: str) -> None:
    model, certificate = context.temporary / "inside.safetensors", context.temporary / "inside.json"
    model.write_bytes(safetensors(weights))
    outcome = context.generator.run("prove", model, "--context", n, "--strategy", strategy, "--output", certificate)
    if context.check.equal(outcome.exit, 0, f"limits: {name}: proved", outcome.shown()):
        outcome = context.verifier.run(certificate, "--weights", model)
        context.check.equal(outcome.verdict, "VERIFIED", f"limits: {name}: verified", outcome.shown())


def refused(context: Context, name: str, weights: Model, n: int, strategy: str, code: int, *words: str) -> None:
    """By `prove` and by `frontier` in the same words, and nothing is written; by `frontier --list` where it is known from the sizes."""
    model, output = context.temporary / "outside.safetensors", context.temporary / "outside"
    shutil.rmtree(output, ignore_errors=True)
    model.write_bytes(safetensors(weights))
    commands = {"prove": ("prove", model, "--context", n, "--strategy", strategy, "--output", output),
                "frontier": ("frontier", model, "--context", n, "--points", strategy, "--verifier", context.verifier.path, "--output", output)}
    if OUTSIDE in words:
        commands["list"] = ("frontier", model, "--context", n, "--list")
    for command, arguments in commands.items():
        outcome = context.generator.run(*arguments)
        context.check.equal((outcome.exit, outcome.output), (code, ""), f"limits: {name}: {command} refuses", outcome.shown())
        context.check(all(word in outcome.errors for word in words), f"limits: {name}: {command} says {words}", outcome.shown())
        written = [path for path in ([output, *output.rglob("*")] if output.exists() else []) if path.suffix == ".json" and path.name not in ("frontier.json",)]
        context.check.equal(written, [], f"limits: {name}: {command} writes no certificate")


def test_sizes(context: Context) -> None:
    stands(context, "V = 1024 of attention-only", attention(1024, 1, 1, 1), 1, "band")
    refused(context, "V = 1025 of attention-only", attention(1025, 1, 1, 1), 1, "band", 65, "expected V from 1 to 1024", OUTSIDE)
    stands(context, "n = 64 of attention-only", attention(2, 64, 1, 1), 64, "near-far")
    refused(context, "n = 65 of attention-only", attention(2, 65, 1, 1), 1, "near-far", 65, "expected n from 1 to 64", OUTSIDE)
    stands(context, "d = 4096 of attention-only", attention(1, 1, 4096, 1), 1, "band")
    stands(context, "h = 4096 of attention-only", attention(1, 1, 1, 4096), 1, "band")
    refused(context, "d = 4097 of attention-only", attention(1, 1, 4097, 1), 1, "band", 65, "expected d from 1 to 4096", OUTSIDE)
    refused(context, "h = 4097 of attention-only", attention(1, 1, 1, 4097), 1, "band", 65, "expected h from 1 to 4096", OUTSIDE)
    stands(context, "n = 64 of token-sum", token_sum(2, 1), 64, "symmetry")
    refused(context, "V = 16385 of token-sum", token_sum(16385, 1), 1, "convexity", 65, "with V from 1 to 16384", OUTSIDE)
    refused(context, "d = 4097 of token-sum", token_sum(1, 4097), 1, "convexity", 65, "and d from 1 to 4096", OUTSIDE)
    listed = context.generator.run("frontier", context.temporary / "inside.safetensors", "--context", 65, "--list")
    context.check(listed.exit == 64 and "from 1 to 64" in listed.errors, "limits: --context 65", listed.shown())


def test_ranges(context: Context) -> None:
    """Logits of one token 2^20 apart, and further."""
    for name, make, strategy, words in (("token-sum", lambda logits: token_sum(2, 1, logits), "symmetry", "the logits of one token lie more than 2^20 nats apart"),
                                        ("attention-only", lambda logits: attention(2, 2, 1, 1, logits), "near-far", "an entry of the model's tables exceeds 1048576 nats")):
        stands(context, f"logits within 2^20, {name}", make({0: 2.0**20 - 0.5}), 2, strategy)
        refused(context, f"logits beyond 2^20, {name}", make({0: 2.0**20 + 0.5}), 2, strategy, 65, words, "a model trained with weight decay")
    stands(context, "logits exactly 2^20 apart", token_sum(2, 1, {0: 2.0**19, 1: -2.0**19}), 2, "symmetry")


def test_lengths(context: Context) -> None:
    """A length, and a certificate's file, beyond what the verifier takes: known from the sizes, and no work begins."""
    refused(context, "a length beyond 2^50", token_sum(64, 1), 20, "enumeration", 64, "operations, more than the 1125899906842624 that the verifier takes", "hint: --strategy symmetry")
    model = context.temporary / "outside.safetensors"
    points = {point["name"]: point["predicted_length"] for point in json.loads(context.generator.run("frontier", model, "--context", 20, "--list", "--json").output)}
    context.check(points["enumeration"] is None and all(length is None or int(length) <= 2**50 for length in points.values()), "limits: --list has no length beyond 2^50", points)
    model.write_bytes(safetensors(token_sum(2048, 1)))
    for options in (("head-tail", "--budget", "0.5"), ("head-tail", "--quantity", "accuracy")):
        output = context.temporary / "outside.json"
        outcome = context.generator.run("prove", model, "--context", 3, "--force", "--strategy", *options, "--output", output)
        context.check(outcome.exit == 64 and "bytes, more than the 1073741824 that the verifier takes\nhint: " in outcome.errors and not output.exists(),
                            f"limits: a file beyond 1 GiB, {options[1]}", outcome.shown())


def test_training(context: Context) -> None:
    """What no proof could be about is not trained, by `train` nor for a frontier over seeds."""
    output, folder = context.temporary / "trained.safetensors", context.temporary / "seeds"
    small = ("--width", 1, "--steps", 1, "--batch", 1)
    for name, options, words in (
            ("V = 1025 of attention-only", ("--family", "attention-only", "--vocabulary", 1025), f"--vocabulary 1025: a model of the family attention-only has V from 1 to 1024\n{OUTSIDE}"),):
        for command, arguments in (("train", ("train", "--output", output)), ("seeds", ("frontier", "--seeds", "1..2", "--verifier", context.verifier.path, "--output", folder))):
            outcome = context.generator.run(*arguments, *options, *small)
            context.check(outcome.exit == 64 and words in outcome.errors and "\nhint: " in outcome.errors, f"limits: {name}: {command} refuses", outcome.shown())
            context.check(not output.exists() and not folder.exists(), f"limits: {name}: {command} writes nothing")
    outcome = context.generator.run("train", "--family", "attention-only", "--vocabulary", 1024, "--context", 1, *small, "--output", output)
    context.check(outcome.exit == 0 and output.exists(), "limits: V = 1024 of attention-only is trained", outcome.shown())
    outcome = context.generator.run("frontier", "--seeds", "1..2", "--points", "enumeration", "--context", 20, "--vocabulary", 64, *small, "--verifier", context.verifier.path,
                                    "--output", folder)
    context.check(outcome.exit == 64 and "none of the points can be proved: " in outcome.errors and not folder.exists(),
                        "limits: models whose points cannot be proved are not trained", outcome.shown())
