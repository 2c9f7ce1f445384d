"""Models from elsewhere: what fits is proved as it is, in every element type; what does not is refused by tensor, shape and expectation."""
from __future__ import annotations

import gzip
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from proofmark_testing.context import Context
from proofmark_testing.encodings import encode
from proofmark_testing.models import Model, Tensor
from proofmark_testing.safetensors import header_and_data, packed, safetensors

V, D = 5, 2
SHAPES = {"embedding.weight": (D, V), "linear.weight": (D, D), "unembedding.weight": (V, D)}
EXPECTED = "expected exactly embedding.weight [d, V], linear.weight [d, d] and unembedding.weight [V, d]"
PACKAGE = """
import sys, torch
from safetensors.torch import save_file
torch.manual_seed(1)
save_file({name: torch.randn(shape) for name, shape in %r.items()}, sys.argv[1])
"""


def tensor(dtype: str, *shape: int, first: float | None = None) -> Tensor:
    size = 1
    for dimension in shape:
        size *= dimension
    numbers = [((7 * i) % 11 - 5) / 4 for i in range(size)]
    if first is not None and numbers:
        numbers[-1] = first
    return Tensor(dtype, tuple(shape), b"".join(encode(dtype, number) for number in numbers))


def model(dtype: str = "float32", **others: Tensor | None) -> Model:
    """The tensors that fit, but those given; None leaves one out."""
    own = {name: tensor(dtype, *shape) for name, shape in SHAPES.items()} | {name.replace("_", "."): value for name, value in others.items()}
    return {name: value for name, value in own.items() if value is not None}


def prove(context: Context, path: Path) -> tuple[object, Path]:
    output = context.temporary / "interop.cert.json"
    output.unlink(missing_ok=True)
    return context.generator.run("prove", path, "--context", 2, "--strategy", "symmetry", "--output", output), output


def fits(context: Context, name: str, weights: Model | None) -> None:
    path = context.temporary / "model.safetensors"
    if weights is None:
        header, data = header_and_data(dict(reversed(model().items())))
        path.write_bytes(packed(header | {"__metadata__": {"format": "pt"}}, data))
    else:
        path.write_bytes(safetensors(weights))
    outcome, certificate = prove(context, path)
    if not context.check.equal(outcome.exit, 0, f"interop: {name}: proved", outcome.shown()):
        return
    outcome = context.verifier.run(certificate, "--weights", path)
    context.check.equal(outcome.verdict, "VERIFIED", f"interop: {name}: verified for the file", outcome.shown())
    stored = json.loads(certificate.read_text())["model"]["tensors"]
    wanted = {key: value.dtype for key, value in (weights or model()).items()}
    context.check.equal({key: value["dtype"] for key, value in stored.items()}, wanted, f"interop: {name}: no weight is converted")


def test_fits(context: Context) -> None:
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        fits(context, dtype, model(dtype))
    fits(context, "mixed types", model("float32") | {"linear.weight": tensor("bfloat16", D, D)})
    fits(context, "any order, with metadata", None)


def test_beside_the_weights(context: Context) -> None:
    """Biases of zeros, masks and counters stand in nobody's way: the certificate is about the rest."""
    zeros = Tensor("float32", (D,), bytes(4 * D))
    header, data = header_and_data(model() | {"linear.bias": zeros})
    for name, dtype, size in (("mask", "BOOL", 1), ("steps", "I64", 8)):
        header[name] = {"dtype": dtype, "shape": [], "data_offsets": [len(data), len(data) + size]}
        data += bytes(size)
    path = context.temporary / "model.safetensors"
    path.write_bytes(packed(header, data))
    outcome, certificate = prove(context, path)
    if context.check.equal(outcome.exit, 0, "interop: zeros, masks and counters: proved", outcome.shown()):
        context.check.equal(set(json.loads(certificate.read_text())["model"]["tensors"]), set(SHAPES), "interop: zeros, masks and counters are not in the certificate")


def test_misfits(context: Context) -> None:
    inf, nan = float("inf"), float("nan")
    cases: list[tuple[str, bytes, str, str]] = [
        ("a tensor missing", safetensors(model(linear_weight=None)),
         "it has no tensor 'linear.weight', but 'embedding.weight' [2, 5], 'unembedding.weight' [5, 2]", EXPECTED),
        ("other names", safetensors({f"net.{name}": value for name, value in model().items()}), "no tensor 'embedding.weight', but 'net.embedding.weight' [2, 5]", EXPECTED),
        ("nothing at all", safetensors({}), "nothing says what the model computes, and this is not a token-sum model: it has no tensor 'embedding.weight', but no tensors", EXPECTED),
        ("a bias", safetensors(model(linear_bias=tensor("float32", D))), "it has the tensor 'linear.bias' of shape [2], which the family does not have", "without biases"),
        ("a layer more", safetensors(model(hidden_weight=tensor("float32", D, D))), "the tensor 'hidden.weight' of shape [2, 2]", EXPECTED),
        ("a name that controls terminals", safetensors({"\x1b[2J": tensor("float32", 1), **model()}), "the tensor '\\x1b[2J'", EXPECTED),
        ("a vector", safetensors(model(linear_weight=tensor("float32", D * D))), "tensor 'linear.weight' has shape [4], expected [d, d]", EXPECTED),
        ("a scalar", safetensors(model(linear_weight=tensor("float32"))), "tensor 'linear.weight' has shape [], expected [d, d]", EXPECTED),
        ("rank 3", safetensors(model(embedding_weight=tensor("float32", D, V, 1))), "tensor 'embedding.weight' has shape [2, 5, 1], expected [d, V]", EXPECTED),
        ("embedding transposed", safetensors(model(embedding_weight=tensor("float32", V, D))),
         "tensor 'embedding.weight' has shape [5, 2], expected [2, 5] (V = 5, d = 2)", "save its transpose"),
        ("unembedding transposed", safetensors(model(unembedding_weight=tensor("float32", D, V))),
         "tensor 'unembedding.weight' has shape [2, 5], expected [5, 2] (V = 5, d = 2)", "save its transpose"),
        ("linear of another width", safetensors(model(linear_weight=tensor("float32", 3, 3))), "tensor 'linear.weight' has shape [3, 3], expected [2, 2]", EXPECTED),
        ("linear not square", safetensors(model(linear_weight=tensor("float32", 2, 3))), "tensor 'linear.weight' has shape [2, 3], expected [2, 2]", EXPECTED),
        ("another vocabulary", safetensors(model(unembedding_weight=tensor("float32", V + 1, D))), "has shape ", EXPECTED),
        ("another width", safetensors(model(embedding_weight=tensor("float32", D + 1, V))), "tensor 'embedding.weight' has shape [3, 5], expected [2, 5]", EXPECTED),
        ("an empty dimension", safetensors(model(unembedding_weight=tensor("float32", 0, D))), "has shape [0, 2], expected [", ""),
        ("float16 out of range", safetensors(model(linear_weight=tensor("float16", D, D, first=inf))), "tensor 'linear.weight' is inf at [1, 1]", "float16 ends at 65504"),
        ("infinite", safetensors(model(linear_weight=tensor("float32", D, D, first=inf))), "tensor 'linear.weight' is inf at [1, 1], expected finite numbers", "diverged"),
        ("not a number", safetensors(model(unembedding_weight=tensor("bfloat16", V, D, first=nan))), "tensor 'unembedding.weight' is nan at [4, 1]", "diverged"),
        ("integers", typed("I64", 8), "tensor 'linear.weight' has elements of type 'I64', expected F16, BF16, F32 or F64", "convert the model first"),
        ("float8", typed("F8_E4M3", 1), "tensor 'linear.weight' has elements of type 'F8_E4M3'", "convert the model first"),
        ("booleans", typed("BOOL", 1), "tensor 'linear.weight' has elements of type 'BOOL'", "convert the model first"),
        ("more shape than bytes", packed({"linear.weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 12]}}, bytes(12)),
         "tensor 'linear.weight' of shape [2, 2] and type F32 needs 16 bytes, but its offsets span 12", "hint: "),
        ("a file of torch.save", b"PK\x03\x04" + bytes(60), "is not a usable safetensors file: it is a zip file, as torch.save writes", "safetensors.torch.save_file"),
        ("a pickle", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19" + bytes(60), "a Python pickle, as torch.save once wrote", "safetensors.torch.save_file"),
        ("gzip", gzip.compress(safetensors(model()), mtime=0), "it is compressed with gzip", "unpack"),
        ("a page", b"<!DOCTYPE html>\n<html>404</html>\n", "it is an HTML page", "fetch the file itself"),
    ]
    for name, content, words, hint in cases:
        path = context.temporary / "misfit.safetensors"
        path.write_bytes(content)
        outcome, certificate = prove(context, path)
        context.check.equal((outcome.exit, outcome.output), (65, ""), f"interop: {name}: exit code and output", outcome.shown())
        context.check(words in outcome.errors, f"interop: {name}: says {words!r}", outcome.errors)
        context.check("\nhint: " in outcome.errors and hint in outcome.errors, f"interop: {name}: hint {hint!r}", outcome.errors)
        context.check(not certificate.exists(), f"interop: {name}: leaves nothing")


def test_other_weights(context: Context) -> None:
    """What the verifier says of `--weights` that are not the certificate's: what differs, and of other files what they are."""
    path = context.temporary / "model.safetensors"
    path.write_bytes(safetensors(model()))
    _, certificate = prove(context, path)
    linear = tensor("float32", D, D)
    for name, content, reason, found in (
            ("a tensor missing", safetensors(model(linear_weight=None)), "weights-mismatch at /model/tensors/linear.weight", "found none"),
            ("another type", safetensors(model(linear_weight=tensor("float64", D, D))), "weights-mismatch at /model/tensors/linear.weight", "found float32 [2, 2]"),
            ("another shape", safetensors(model(linear_weight=Tensor("float32", (D * D,), linear.raw))), "weights-mismatch at /model/tensors/linear.weight", "found float32 [2, 2]"),
            ("other bytes", safetensors(model(linear_weight=tensor("float32", D, D, first=3))), "weights-mismatch at /model/tensors/linear.weight", "found other bytes"),
            ("a file of torch.save", b"PK\x03\x04" + bytes(60), "safetensors", "found a zip file, as torch.save writes"),
            ("a pickle", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19" + bytes(60), "safetensors", "found a Python pickle, as torch.save once wrote"),
            ("gzip", gzip.compress(safetensors(model()), mtime=0), "safetensors", "found a file compressed with gzip"),
            ("a page", b"<!DOCTYPE html>\n<html>404</html>\n", "safetensors", "found a web page"),
            ("a pointer", b"version https://git-lfs.github.com/spec/v1\n", "safetensors", "found a pointer of Git LFS"),
            ("a certificate", certificate.read_bytes(), "safetensors", "found JSON text, such as a certificate or the index of several files")):
        other = context.temporary / "other.safetensors"
        other.write_bytes(content)
        outcome = context.verifier.run(certificate, "--weights", other)
        context.check(f"c reason {reason}" in outcome.output and f"c {found}" in outcome.lines, f"interop: --weights, {name}: says {found!r}", outcome.shown())


def test_bounds_as_numbers(context: Context) -> None:
    """A bound that is a JSON number, in a certificate and in a claim file: the answer says how to write it."""
    path = context.temporary / "model.safetensors"
    path.write_bytes(safetensors(model()))
    _, certificate = prove(context, path)
    stated = json.loads(certificate.read_text())
    claim = {"format": "proofmark-claim", "version": 2, "task": stated["task"], "model_sha256": stated["model"]["sha256"],
             "claims": [{"quantity": "cross-entropy", "direction": "upper", "bound": "9"}]}
    for number in (0.02, 1, -1, 1e-3):
        for name, document, arguments in (("certificate", stated, ("number.json",)), ("claim", claim, (certificate, "--claim", "number.json"))):
            changed = json.loads(json.dumps(document))
            changed["claims"][0]["bound"] = number
            (context.temporary / "number.json").write_text(json.dumps(changed))
            outcome = context.verifier.run(*arguments, cwd=context.temporary)
            context.check(outcome.verdict == "MALFORMED" and 'c hint: a bound is a string: write "0.02" and not 0.02' in outcome.lines,
                                f"interop: a bound {number} in a {name}", outcome.shown())


def typed(dtype: str, size: int) -> bytes:
    return packed({"linear.weight": {"dtype": dtype, "shape": [2, 2], "data_offsets": [0, 4 * size]}}, bytes(4 * size))


def test_package(context: Context) -> None:
    """What the safetensors package writes of PyTorch tensors, where both are there; docs/interop.md is run by tests/repository."""
    missing = [name for name in ("torch", "safetensors") if importlib.util.find_spec(name) is None]
    if missing:
        context.check.skip(f"interop: a file written by the safetensors package (not there: {', '.join(missing)})")
        return
    path = context.temporary / "package.safetensors"
    done = subprocess.run([sys.executable, "-c", PACKAGE % SHAPES, path], capture_output=True, text=True)
    if context.check.equal(done.returncode, 0, "interop: the safetensors package writes a file", done.stderr):
        outcome, certificate = prove(context, path)
        verified = context.verifier.run(certificate, "--weights", path)
        context.check.equal((outcome.exit, verified.verdict), (0, "VERIFIED"), "interop: the safetensors package's file", outcome.shown(), verified.shown())
