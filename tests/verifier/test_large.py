"""Limits that only large files reach: made here, run, removed. Memory and time are bounded by the runner."""
from __future__ import annotations

import base64
import json
import math
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from proofmark_testing import models
from rules import attention as attention_only
from rules.attention.certificates import loose
from proofmark_testing.cases.case import base
from proofmark_testing.certificates import BUDGET, Certificate, certificate, changed, claim, render, task
from proofmark_testing.context import Context
from proofmark_testing.reasons import verdict_of
from proofmark_testing.verifier import ENGINES, well_formed
from proofmark_testing.witnesses import block_jensen, head_tail, witness

GIBIBYTE = 2**30
Writer = Callable[[Path], None]
pytestmark = pytest.mark.xdist_group("memory")         # some take 5 GB: one at a time


def certificates(make: Callable[[], Certificate]) -> Writer:
    return lambda path: path.write_bytes(render(make()))


def cases() -> Iterator[tuple[Any, ...]]:
    """Reason codes, of which one must be found, name, what writes the file, and perhaps options."""
    yield "limit-file", "one byte over 1 GiB", lambda path: sparse(path, GIBIBYTE + 1)
    yield "limit-file", "8 TiB", lambda path: sparse(path, 8 * 2**40)
    yield "accept", "a certificate and 64 MiB of white space", lambda path: path.write_bytes(render(base()) + b" \n" * 2**25)
    yield "json-depth", "ten million open brackets", lambda path: path.write_bytes(b"[" * 10**7)
    yield "json-depth", "two million open objects", lambda path: path.write_bytes(b'{"a":' * 2 * 10**6)
    yield "json-syntax", "ten million empty arrays, unclosed", lambda path: path.write_bytes(b"[" + b"[]," * 10**7)
    yield "json-number", "five million digits", lambda path: path.write_bytes(
        render(base()).replace(b'"version": 2', b'"version": ' + b"1" * 5_000_000))
    for place in ("/claims/0/bound", "/provenance/note", "/steps/0/loss/0", "/model/sha256", "/format"):
        yield "string-length", f"five million characters in {place}", certificates(
            lambda place=place: changed(base(), place, "1" * 5_000_000))
    yield "tensor-size", "five million characters of base64 for 16 bytes", certificates(
        lambda: changed(base(), "/model/tensors/linear.weight/data", "AAAA" * 1_250_000))
    yield "key-unknown", "a key of five million characters", certificates(lambda: changed(base(), "/task/" + "x" * 5_000_000, 0))
    yield "limit-provenance", "a million strings", certificates(
        lambda: changed(base(), "/provenance", {str(i): "" for i in range(10**6)}))
    yield "limit-claims", "a hundred thousand claims", certificates(lambda: changed(base(), "/claims", base()["claims"] * 33_334))
    yield "limit-steps", "65537 steps", lambda path: repeated_steps(path, 65537)
    yield "step-coverage", "65536 steps are not too many", lambda path: repeated_steps(path, 65536)
    yield "limit-tensors", "4097 tensors", certificates(lambda: many_tensors(4097))
    yield "digest-mismatch", "4096 tensors are not too many", certificates(lambda: many_tensors(4096))
    yield from wide()
    yield from tall()
    yield from many_levels()
    yield from transformers()
    yield from networks()


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        try:
            file.truncate(size)
        except OSError:                               # the file system does not have files so large
            file.truncate(GIBIBYTE + 1)


def repeated_steps(path: Path, count: int) -> None:
    """The first step again and again: ids are right, coverage is not."""
    target = base()
    steps = [target["steps"][0] | {"id": i} for i in range(count)]
    path.write_text(json.dumps(target | {"steps": steps}))


def zeros(V: int, d: int) -> models.Model:
    return {name: models.Tensor("float16", shape, bytes(2 * shape[0] * shape[1]))
            for name, shape in ((models.EMBEDDING, (d, V)), (models.LINEAR, (d, d)), (models.UNEMBEDDING, (V, d)))}


def shell(V: int, d: int, n: int = 1, budget: int = BUDGET) -> Certificate:
    """A well-formed certificate around a model too large to prove anything about here: one step, the weakest claim."""
    weights, description = zeros(V, d), models.architecture(n)
    result = certificate(zeros(1, 1), 1, with_correct=False) | {"task": task(n, V), "claims": [claim("cross-entropy", "lower", "0")], "tables": {"operations": budget}}
    result["model"] = {"architecture": description, "tensors": {name: one.json() for name, one in weights.items()}, "sha256": models.digest(weights, description)}
    result["steps"][0] |= {"labels": [0, V], "loss": ["0x0p+0", "0x1p+16383"], "operations": budget}
    return result


def many_tensors(count: int) -> Certificate:
    target = base()
    one, own = models.Tensor("float16", (1,), bytes(2)).json(), target["model"]["tensors"]
    return changed(target, "/model/tensors", own | {f"tensor-{i}": one for i in range(count - len(own))})


def wrong_digest(target: Certificate) -> Certificate:
    return changed(target, "/model/sha256", "0" * 64)


def wide() -> Iterator[tuple[Any, ...]]:
    yield "limit-width", "width 4097", certificates(lambda: shell(1, 4097))
    yield "digest-mismatch", "width 4096 is not too large", certificates(lambda: wrong_digest(shell(1, 4096)))
    yield "accept", "width 512", certificates(lambda: shell(1, 512))


def tall() -> Iterator[tuple[Any, ...]]:
    yield "limit-vocabulary", "vocabulary 16385", certificates(lambda: shell(16385, 1))
    yield "digest-mismatch", "vocabulary 16384 is not too large", certificates(lambda: wrong_digest(shell(16384, 1)))
    yield "operations-budget", "vocabulary 16384, context 64, a small budget", certificates(lambda: shell(16384, 1, 64, 10**6))
    yield "operations-budget", "vocabulary 512, context 64, a budget for the tables", certificates(
        lambda: shell(512, 1, 64, 10**6) | {"tables": {"operations": BUDGET}})
    yield "limit-memory", "vocabulary 16384, by the reference engine", certificates(lambda: shell(16384, 1)), "--engine", "reference"


def many_levels() -> Iterator[tuple[Any, ...]]:
    """Each of 255 head sizes used; a 256th would need a level of more than a byte."""
    V = 257
    weights = models.model("float16", [[a / V for a in range(V)]], [[1.0]], [[k / V] for k in range(V)])
    given = head_tail([[(a + i) % V for i in range(256)] for a in range(V)], range(1, 256), [i % 255 for i in range(V * (V + 1) // 2)])

    def levels() -> Certificate:
        return certificate(weights, 2, [("head-tail@1", 0, V)], False, [["0x0p+0", "0x1p+30"]], given)
    yield "accept", "255 head sizes", certificates(levels)
    yield "witness-value", "level 255 of 255", certificates(
        lambda: changed(levels(), "/witnesses/levels", witness("uint8", [i % 256 for i in range(V * (V + 1) // 2)]).json()))
    yield "witness-shape", "256 head sizes", certificates(
        lambda: changed(levels(), "/witnesses/head-sizes", witness("uint16", range(1, 257)).json()))


def transformer(V: int, n: int, d: int, h: int, rule: str = "cubic@1") -> Certificate:
    """Zeros of the shape attention-only: one step that states next to nothing."""
    shapes = attention_only.models.shapes(V, n, d, h)
    weights = {name: models.Tensor("float16", shapes[letter], bytes(2 * math.prod(shapes[letter]))) for letter, name in attention_only.models.NAMES.items()}
    return loose(weights, [(rule, 0, V)], {})


def transformers() -> Iterator[tuple[Any, ...]]:
    for name, d, h in (("width", 4097, 1), ("head width", 1, 4097)):
        yield "limit-width", f"attention-only, {name} 4097", certificates(lambda d=d, h=h: transformer(1, 1, d, h))
        yield "digest-mismatch", f"attention-only, {name} 4096 is not too large", certificates(
            lambda d=d, h=h: wrong_digest(transformer(1, 1, min(d, 4096), min(h, 4096))))
    yield "digest-mismatch", "attention-only, vocabulary 1024 is not too large", certificates(lambda: wrong_digest(transformer(1024, 1, 1, 1)))
    yield "operations-budget", "attention-only, every input of 256 tokens at 6 positions, a small budget", certificates(
        lambda: changed(transformer(256, 6, 1, 1, "enumeration@1"), "/steps/0/operations", 10**6))


def network(V: int = 1, d: int = 1, m: int = 1, v: int = 1, C: int = 2, norms: int = 0) -> Certificate:
    """Zeros: attention of a head and an MLP, an MLP with a norm for each of `norms`, a readout of two maps; one step of one input that states next to nothing."""
    weights: models.Model = {}

    def a_map(name: str, rows: int, columns: int, layout: str = "in,out", bias: bool = False) -> dict[str, str]:
        weights[name] = models.Tensor("float16", (rows, columns), bytes(2 * rows * columns))
        if bias:
            weights[f"{name}.b"] = models.Tensor("float16", (columns,), bytes(2 * columns))
        return {"weight": name, "layout": layout} | ({"bias": f"{name}.b"} if bias else {})

    def norm(name: str) -> dict[str, Any]:
        weights[name] = weights[f"{name}.b"] = models.Tensor("float16", (1,), bytes(2))
        return {"layer": {"eps": "1", "weight": name, "bias": f"{name}.b"}}
    attention = {"heads": 1, "value": a_map("V", d, v), "output": a_map("O", v, d), "mask": "none", "scores": "uniform"}
    blocks: list[dict[str, Any]] = [{"attention": attention, "mlp": {"in": a_map("in", d, m), "activation": "relu", "out": a_map("out", m, d)}}]
    blocks += [{"mlp": {"norm": norm(f"n{i}"), "in": a_map(f"in{i}", 1, 1, bias=True), "activation": "tanh", "out": a_map(f"out{i}", 1, 1, bias=True)}} for i in range(norms)]
    description = {"positions": 1, "embedding": {"tokens": a_map("E", V, d, "tokens,width")}, "blocks": blocks, "pool": "last", "readout": [a_map("W", d, 1), a_map("U", 1, C)]}
    step = {"id": 0, "rule": "enumeration@1", "inputs": [0, 1], "loss": ["0x0p+0", "0x1p+99"], "operations": BUDGET}
    return {"format": "proofmark-certificate", "version": 2, "claims": [claim("cross-entropy", "lower", "0")], "task": {"inputs": {"ranges": [[0, 1]]}, "label": {"name": "max"}},
            "model": {"architecture": description, "tensors": {name: one.json() for name, one in weights.items()}, "sha256": models.digest(weights, description)},
            "witnesses": {}, "tables": {"operations": BUDGET}, "steps": [step], "provenance": {}}


def networks() -> Iterator[tuple[Any, ...]]:
    for name, given, most in (("width", "d", 4096), ("width of an MLP", "m", 4096), ("head width of values", "v", 4096)):
        yield "limit-width", f"network, {name} {most + 1}", certificates(lambda given=given, most=most: network(**{given: most + 1}))
        yield "accept", f"network, {name} {most} is not too large", certificates(lambda given=given, most=most: network(**{given: most}))
    for name, given in (("tokens", "V"), ("classes", "C")):
        yield "limit-vocabulary", f"network, 16385 {name}", certificates(lambda given=given: network(**{given: 16385}))
        yield "accept", f"network, 16384 {name} are not too many", certificates(lambda given=given: network(**{given: 16384}))
    yield "accept", "network, 64 blocks of tensors of one element", certificates(lambda: network(norms=63))


@pytest.mark.parametrize(("codes", "name", "write", "options"), [(codes, name, write, options) for codes, name, write, *options in cases()],
                         ids=[name for _, name, *_ in cases()])
def test_limit(context: Context, codes: str, name: str, write: Writer, options: list[str]) -> None:
    path = context.temporary / "large.json"
    write(path)
    outcome = context.verifier.run(path, *options)
    found = (outcome.verdict, outcome.reason if outcome.verdict != "VERIFIED" else "accept")
    expected = [(verdict_of(code), code) for code in codes.split()]
    context.check(found in expected and not well_formed(outcome), f"large: {name}", f"expected {expected}", f"found    {found}", outcome.shown())


def test_endless(context: Context) -> None:
    """Standard input that never ends: reading stops at the limit."""
    outcome = context.verifier.run("-", stdin=Path("/dev/zero"))
    context.check(outcome.verdict in ("DECLINED", "MALFORMED") and outcome.reason in ("limit-file", "json-encoding"),
                        "large: /dev/zero as standard input ends", outcome.shown())


def test_many_steps(context: Context) -> None:
    """One step for every one of 500 labels, by alternating rules."""
    V = 500
    weights = models.model("float32", [[a / V for a in range(V)]], [[1.0]], [[k / V] for k in range(V)])
    parts = [(("symmetry@1", "enumeration@1")[y % 2], y, y + 1) for y in range(V)]
    path = context.temporary / "many.json"
    path.write_bytes(render(certificate(weights, 1, parts, False, [["0x1p+2", "0x1p+4"]] * V)))
    for engine in ENGINES:
        outcome = context.verifier.run(path, "--engine", engine)
        context.check.equal(outcome.verdict, "VERIFIED", f"large: 500 steps ({engine})", outcome.shown())


def test_memory(context: Context) -> None:
    """A certificate of 42 MB of tensors in 56 MB of text is read in less than both together (before, in more than twice as much)."""
    path, V, d = context.temporary / "wide.json", 4096, 2048
    weights = zeros(V, d)
    content = certificate(zeros(2, 1), 1, [("convexity@1", 0, 2)], False, [("0x0p+0", "0x1p+20")])       # its proof is not looked at
    content["task"], content["steps"][0]["labels"][1] = task(1, V), V
    content["model"] |= {"tensors": {name: tensor.json() for name, tensor in weights.items()}, "sha256": models.digest(weights, models.architecture(1))}
    path.write_bytes(render(content))
    tensors, text = 2 * (2 * V * d + d * d), path.stat().st_size
    # GNU time, because a process that Python starts counts Python's own memory as its largest.
    done = subprocess.run(["/usr/bin/time", "--format", "%M", context.verifier.path, "--explain", path], capture_output=True)
    used = int(done.stderr.split()[-1]) * 1024
    context.check(done.returncode == 0 and b"Claims:" in done.stdout, "large: a wide model is explained", done.stdout[:300])
    sanitized = context.verifier.memory == resource.RLIM_INFINITY      # a sanitizer needs memory of its own
    context.check(sanitized or used < tensors + 0.75 * text, "large: tensors are not held as text too", used, tensors, text)


def test_bounded(context: Context) -> None:
    """What no certificate has is not held while it is read: 8 MB of text in less memory than the text."""
    path = context.temporary / "endless.json"
    for name, start, repeated in (("claims", '{"claims":[', "0,"), ("arrays", '{"claims":[', "[],"), ("an unknown key", '{"more":[', "{},"),
                                  ("steps", '{"steps":[{"labels":[', "1,"), ("dimensions", '{"model":{"tensors":{"t":{"shape":[', "1,"),
                                  ("a string", '{"format":"', "x"), ("digits", '{"version":', "1")):
        path.write_text(start + repeated * (2**23 // len(repeated)))
        done = subprocess.run(["/usr/bin/time", "--format", "%M", context.verifier.path, path], capture_output=True)
        used = int(done.stderr.split()[-1]) * 1024
        sanitized = context.verifier.memory == resource.RLIM_INFINITY
        context.check(done.returncode == 3 and (sanitized or used < 2**23), f"large: {name} without end are not held", done.stdout[:200], used)


def test_nothing_before_the_proof(context: Context) -> None:
    """A proof of 4096 steps whose claim does not follow takes little more than reading it: nothing is worked out for display."""
    V, path = 4096, context.temporary / "steps.json"
    target = shell(V, 1, 2)
    target["witnesses"] = {name: one.json() for name, one in block_jensen(range(V)).items()}
    target["steps"] = [target["steps"][0] | {"id": y, "rule": "block-jensen@1", "labels": [y, y + 1]} for y in range(V)]
    path.write_bytes(render(changed(target, "/claims", [claim("cross-entropy", "upper", "0")])))
    seconds = []
    for arguments in ((path, "--explain"), (path,)):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        outcome = context.verifier.run(*arguments)
        seconds.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    context.check.equal(outcome.reason, "claim-not-implied", "large: 4096 steps, refused by their sum", outcome.shown())
    context.check(seconds[1] < 1.5 * seconds[0] + 0.5, "large: nothing is worked out before a proof is looked at", seconds)


def test_only_what_is_asked(context: Context) -> None:
    """Of an input words are made, and of a stack numbers, where they are needed: a certificate takes little more than reading its data."""
    inputs, stacked = 2**23, 2**24
    zero = base64.b64encode(bytes(inputs)).decode()
    labels = changed(changed(network(), "/task/inputs", {"list": {"dtype": "uint8", "shape": [inputs, 1], "data": zero}}),
                     "/task/label", {"table": {"dtype": "uint8", "shape": [inputs], "data": zero}})
    labels = changed(changed(labels, "/steps/0/inputs", [0, inputs]), "/steps/0/operations", 1)
    stack, description = models.Tensor("float16", (stacked, 1, 1), bytes(2 * stacked)), network()["model"]["architecture"]
    one = {"weight": "in", "layout": "in,out", "index": 7, "bias": "bias"}
    description["blocks"] = [{"mlp": {"in": one, "activation": "relu", "out": one}}] * 64
    weights = {name: models.Tensor("float16", (1, 2) if name == "U" else (1, 1), bytes(4 if name == "U" else 2)) for name in "EWU"} | {
        "in": stack, "bias": models.Tensor("float16", (stacked,), bytes(2 * stacked))}
    model = {"architecture": description, "tensors": {name: tensor.json() for name, tensor in weights.items()}, "sha256": models.digest(weights, description)}
    for name, target, expected in (("labels", labels, "operations-budget"), ("a stack", changed(network(), "/model", model), None)):
        path, seconds = context.temporary / "asked.json", []
        for content in (wrong_digest(target), target):
            path.write_bytes(render(content))
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            outcome = context.verifier.run(path)
            seconds.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
        context.check.equal(outcome.reason, expected, f"large: {name}, the answer", outcome.shown())
        context.check(seconds[1] < 4 * seconds[0] + 1, f"large: {name}, no more than is asked", seconds)
