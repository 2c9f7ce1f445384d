"""`proofmark evaluate`: what every word of descriptions computes, against numpy; whose numbers lie outside; what is refused."""
from __future__ import annotations

import base64
import itertools
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generator.numpy_networks import Json, Maker, Tensors, logits, losses, read, write
from proofmark_testing.context import CORPUS, ROOT, Context
from proofmark_testing.corpus import cases
from proofmark_testing.encodings import parse_hexadecimal
from proofmark_testing.models import Tensor
from proofmark_testing.safetensors import safetensors

MODELS = ROOT / "tests" / "models"
PERMUTATIONS = list(itertools.permutations(range(5)))
INPUTS: dict[str, np.ndarray] = {                                # of models that others trained, a few of each
    "mlp-s5-s2": np.array([[x, y] for x in (0, 7, 60, 119) for y in (0, 33, 119)]),
    "gptlike-min3-s1": np.array([[a, b, c, 20] for a, b, c in itertools.product((0, 5, 19), repeat=3)]),
    "induction-v8-n5-s1": np.array([[*p, p[i]] for p in ((0, 1, 2, 3), (7, 5, 3, 1)) for i in range(3)]),
    "cycle-n5-s1": np.array([[1, 2, 3, 4, 0], [0, 0, 0, 0, 0], [4, 3, 2, 1, 0], [2, 0, 1, 4, 3]]),
}


def write_csv(path: Path, rows: Any, number: str = "%.17g") -> Path:
    np.savetxt(path, rows, fmt=number, delimiter=",")
    return path


def evaluate(context: Context, *arguments: Any) -> Any:
    assert context.generator is not None
    return context.generator.run("evaluate", *arguments)


def compared(context: Context, name: str, model: Path, architecture: Path, X: np.ndarray, expected: np.ndarray, tolerance: str, *more: Any) -> None:
    tokens, logit_file = write_csv(context.temporary / "tokens.csv", X, "%d"), write_csv(context.temporary / "logits.csv", expected)
    outcome = evaluate(context, model, "--architecture", architecture, "--tokens", tokens, "--expect", logit_file, "--tolerance", tolerance, *more)
    context.check.equal(outcome.exit, 0, f"evaluate: {name}: as numpy computes", outcome.errors[-2000:])


@pytest.mark.parametrize("seed", range(40))
def test_every_word(context: Context, seed: int) -> None:
    """Random networks: logits of numpy lie within their rounding of the enclosures, and those of a changed word do not."""
    maker = Maker(seed)
    description, sizes = maker.network()
    every = np.array(list(itertools.product(*map(range, sizes))))
    X = every[maker.rng.permutation(len(every))[:20]]
    model, architecture = write(context.temporary / "model.safetensors", maker.T), context.temporary / "model.json"
    architecture.write_text(json.dumps(description))
    expected = logits(description, maker.T, X)
    scale = max(1.0, float(np.abs(expected).max()))
    compared(context, f"random network {seed}", model, architecture, X, expected, f"{1e-9 * scale:.3g}")
    expected[0, 0] += 1e-3 * scale
    write_csv(context.temporary / "logits.csv", expected)
    outcome = evaluate(context, model, "--architecture", architecture, "--tokens", context.temporary / "tokens.csv",
                       "--expect", context.temporary / "logits.csv", "--tolerance", f"{1e-9 * scale:.3g}")
    context.check(outcome.exit == 1 and "logit 0" in outcome.errors and "1 of " in outcome.errors, f"evaluate: random network {seed}: another number is named", outcome.shown())


@pytest.mark.parametrize("name", INPUTS)
def test_models(context: Context, name: str) -> None:
    architecture = MODELS / f"{name}.architecture.json"
    tensors = read(MODELS / f"{name}.safetensors")
    compared(context, name, MODELS / f"{name}.safetensors", architecture, INPUTS[name], logits(json.loads(architecture.read_text()), tensors, INPUTS[name]), "1e-9")


def test_loss(context: Context) -> None:
    """With a label the loss too: enclosed tightly, around what numpy finds, also in --expect."""
    name, label = "mlp-s5-s2", "symmetric-group:5"
    model, architecture = MODELS / f"{name}.safetensors", MODELS / f"{name}.architecture.json"
    X = INPUTS[name]
    number = {p: i for i, p in enumerate(PERMUTATIONS)}
    labels = np.array([number[tuple(PERMUTATIONS[x][k] for k in PERMUTATIONS[y])] for x, y in X])
    z = logits(json.loads(architecture.read_text()), read(model), X)
    compared(context, "with losses", model, architecture, X, np.column_stack([z, losses(z, labels)]), "1e-9", "--label", label)
    outcome = evaluate(context, model, "--architecture", architecture, "--input", "3,7", "--label", label, "--json")
    context.check.equal(outcome.exit, 0, "evaluate: --json", outcome.shown())
    found = json.loads(outcome.output)["evaluated"][0]
    low, high = (Fraction(end) for end in found["loss"])
    wanted = losses(logits(json.loads(architecture.read_text()), read(model), np.array([[3, 7]])), np.array([found["label"]]))[0]
    context.check(low <= high < low * (1 + Fraction(1, 10**18)) and abs(float(low) - wanted) < 1e-12, "evaluate: the loss is enclosed", found["loss"], wanted)
    context.check.equal(len(found["logits"]), 120, "evaluate: every logit")
    text = evaluate(context, model, "--architecture", architecture, "--input", "3,7", "--label", label).output
    context.check(f"loss with label {found['label']}: {found['loss'][0]} .. {found['loss'][1]}" in text, "evaluate: the text says the same", text[-300:])


def test_without_description(context: Context) -> None:
    """Models whose names say what they are, and files that say it in their metadata."""
    attention = MODELS / "attention-max4-v64-d32.safetensors"
    context.check.equal(evaluate(context, attention, "--input", "1,2,3,63", "--label", "max").exit, 0, "evaluate: a transformer by its names")
    tensors = {"embedding.weight": np.eye(3, dtype="float32"), "linear.weight": np.eye(3, dtype="float32"), "unembedding.weight": np.eye(3, dtype="float32")}
    model = write(context.temporary / "sum.safetensors", tensors)
    outcome = evaluate(context, model, "--input", "0,2,2", "--label", "max")
    context.check("logit 2: 2 .. 2" in outcome.output, "evaluate: a sum of three tokens by its names", outcome.shown())
    description = {"positions": 2, "embedding": {"tokens": {"weight": "e", "layout": "tokens,width"}}, "blocks": [], "pool": "sum",
                   "readout": ["relu", {"weight": "u", "layout": "in,out"}]}
    own = write(context.temporary / "own.safetensors", {"e": np.float32([[1, -3], [2, 1]]), "u": np.float32([[1, 0], [0, 1]])}, {"proofmark.architecture": json.dumps(description)})
    outcome = evaluate(context, own, "--input", "0,1")
    context.check("logit 0: 3 .. 3\n" in outcome.output and "logit 1: 0 .. 0\n" in outcome.output, "evaluate: a description in the metadata", outcome.shown())


NETWORKS = sorted((CORPUS / "accept").glob("network-*.json"))


def label_text(label: Json) -> str:
    parameter = "".join(f":{label[key]}" for key in ("modulus", "degree") if key in label)
    return label["name"] + parameter + ("@" + ",".join(map(str, label["positions"])) if "positions" in label else "")


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_certificates(context: Context, path: Path) -> None:
    """Networks of the corpus: the function in the verifier's words, and losses that add up to what the steps declare."""
    certificate = json.loads(path.read_text())
    model, task = certificate["model"], certificate["task"]
    tensors = {name: Tensor(t["dtype"], tuple(t["shape"]), base64.b64decode(t["data"])) for name, t in model["tensors"].items()}
    weights, architecture, receipt = (context.temporary / name for name in ("model.safetensors", "model.json", "receipt.json"))
    weights.write_bytes(safetensors(tensors))
    architecture.write_text(json.dumps(model["architecture"]))
    if "list" in task["inputs"]:
        given = task["inputs"]["list"]
        X = np.frombuffer(base64.b64decode(given["data"]), given["dtype"]).reshape(given["shape"]).astype(int)
    else:
        X = np.array(list(itertools.product(*(range(*r) for r in task["inputs"]["ranges"]))))
    label = ("--label", label_text(task["label"])) if "name" in task["label"] else ()
    outcome = evaluate(context, weights, "--architecture", architecture, "--tokens", write_csv(context.temporary / "tokens.csv", X, "%d"), *label, "--json")
    if not context.check.equal(outcome.exit, 0, f"evaluate: {path.stem}", outcome.shown()):
        return
    found = json.loads(outcome.output)
    context.verifier.run(path, "--receipt", receipt)
    told = json.loads(receipt.read_text())
    context.check.equal(found["formula"], told["formula"], f"evaluate: {path.stem}: the verifier's formula")
    steps = [step["loss"] for step in certificate["steps"] if "loss" in step]
    if label and steps and "inputs" in certificate["steps"][0]:
        low, high = (sum(parse_hexadecimal(step[end]) for step in steps) for end in (0, 1))
        sums = [sum(Fraction(one["loss"][end]) for one in found["evaluated"]) for end in (0, 1)]
        context.check(low <= sums[1] and sums[0] <= high, f"evaluate: {path.stem}: the losses add up to what is declared", float(low), float(sums[0]), float(high))


def plain() -> tuple[Json, Tensors]:
    """Two positions, three tokens, width 2, one block with everything, three classes."""
    rng = np.random.default_rng(0)
    T = {name: rng.normal(size=shape).astype("float32") for name, shape in
         {"e": (3, 2), "p": (2, 2), "q": (2, 2), "k": (2, 2), "v": (2, 2), "o": (2, 2), "in": (2, 4), "out": (4, 2), "u": (2, 3), "b": (3,), "w": (2,)}.items()}
    m = lambda name, layout="in,out": {"weight": name, "layout": layout}
    return {"positions": 2, "embedding": {"tokens": m("e", "tokens,width"), "positions": "p"},
            "blocks": [{"attention": {"norm": {"layer": {"eps": "1e-5", "weight": "w"}}, "heads": 1, "query": m("q"), "key": m("k"), "value": m("v"), "output": m("o"),
                                      "mask": "causal", "scores": "scaled"},
                        "mlp": {"in": m("in"), "activation": "gelu", "out": m("out")}}],
            "pool": "last", "readout": [m("u") | {"bias": "b"}]}, T


def at(value: Any, path: str) -> tuple[Any, Any]:
    """The container of a place such as blocks/0/mlp/in, and the last key."""
    *keys, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    for key in keys:
        value = value[key]
    return value, last


DESCRIPTIONS = (                                     # place, what is put there (None: removed), what is said, hint
    ("pool", "?", "still has '?' at pool", "a person must say it"),
    ("blocks/0/mlp/activation", "?", "still has '?' at blocks[0].mlp.activation", "a person must say it"),
    ("blocks/0/mlp/activation", "swish", "blocks[0].mlp.activation is 'swish', expected one of relu, gelu, gelu-tanh, silu, tanh", "the words there are"),
    ("blocks/0/mlp/activation", "gelutanh", "is 'gelutanh'", "did you mean 'gelu-tanh'?"),
    ("blocks/0/mlp/activation", 3, "blocks[0].mlp.activation is 3, expected one of", "FORMAT"),
    ("blocks/0/atention", {}, "blocks[0] has the unknown key 'atention'", "did you mean 'attention'?"),
    ("blocks/0/attention/mask", None, "blocks[0].attention has no 'mask'", "FORMAT"),
    ("blocks/0/attention/mask", "bidirectional", "blocks[0].attention.mask is 'bidirectional', expected one of none, causal", "words there are"),
    ("blocks/0/attention/heads", 0, "blocks[0].attention.heads is 0, expected a whole number from 1", "FORMAT"),
    ("blocks/0/attention/heads", "1", "blocks[0].attention.heads is '1', expected a whole number", "FORMAT"),
    ("blocks/0/attention/heads", 3, "tensor 'q' gives 2 columns (blocks[0].attention.query), expected a multiple of its 3 heads", "another"),
    ("blocks/0/attention/scores", "uniform", "blocks[0].attention has the unknown key 'key'", ""),
    ("blocks/0/attention/scores", {"factor": "0"}, "blocks[0].attention.scores.factor is '0', expected a decimal above 0", "18 places"),
    ("blocks/0/attention/scores", {"factor": 0.5}, "blocks[0].attention.scores.factor is 0.5, expected a decimal", ""),
    ("blocks/0/attention/norm", {"batch": {}}, "blocks[0].attention.norm has neither 'layer' nor 'rms'", "a norm is"),
    ("blocks/0/attention/norm/layer/eps", 1e-5, "blocks[0].attention.norm.layer.eps is 1e-05, expected a decimal in quotes", ""),
    ("blocks/0/attention/norm/layer/eps", "1e-19", "eps is '1e-19', expected a decimal", "18 places"),
    ("blocks/0/attention/norm/layer/weight", "u", "tensor 'u' has shape [2, 3], expected 2 elements (blocks[0].attention.norm.weight)", ""),
    ("blocks/0/attention/query/layout", "heads,head,out", "blocks[0].attention.query has the layout heads,head,out, which does not fit there", "heads,in,head fits there"),
    ("blocks/0/attention/query/layout", "heads,in,head", "tensor 'q' has shape [2, 2], expected [1, 2, h] (blocks[0].attention.query as heads,in,head)", "layout"),
    ("blocks/0/attention/query/layout", "tokens,width", "blocks[0].attention.query.layout is 'tokens,width', expected in,out, out,in", "nn.Linear"),
    ("embedding/tokens/layout", "in,out", "embedding.tokens.layout is 'in,out', expected tokens,width or width,tokens", "nn.Embedding"),
    ("embedding/tokens/layout", "width,tokens", "tensor 'p' has shape [2, 2], expected [2 or more, 3] (embedding.positions)", ""),
    ("embedding/positions", {"tensor": "p", "to": "keys"}, "embedding.positions.to is 'keys', expected one of residual, scores", ""),
    ("embedding/tokens/weight", "ee", "the model has no tensor 'ee', which embedding.tokens is of", "did you mean"),
    ("blocks/0/mlp/in/layout", "out,in", "tensor 'in' has shape [2, 4], expected [m, 2] (blocks[0].mlp.in as out,in)", "it fits transposed: \"layout\": \"in,out\""),
    ("blocks/0/mlp/in/rows", [0, 3], "tensor 'in' has shape [2, 4], expected rows [0, 3] to be in it and not empty (blocks[0].mlp.in)", "index comes first"),
    ("blocks/0/mlp/in/columns", [2, 2], "expected columns [2, 2] to be in it and not empty", "index comes first"),
    ("blocks/0/mlp/in/index", 2, "tensor 'in' has shape [2, 4], expected more than 2 instances", "index comes first"),
    ("blocks/0/mlp/in/bias", "b", "tensor 'b' has shape [3], expected 4 elements (bias of blocks[0].mlp.in)", ""),
    ("blocks/0/order", "before", "blocks[0].order is 'before', expected one of pre, post", ""),
    ("positions", 65, "positions is 65, expected a whole number from 1 to 64", ""),
    ("pool", {"position": 2}, "pool.position is 2, expected a whole number from 0 to 1", ""),
    ("readout", [], "readout is an array of 0, expected an array of 1 to 16 parts", ""),
    ("readout", ["relu"], "readout has no map", ""),
    ("readout/0/weight", "in", "tensor 'in' has shape [2, 4], expected [2, C]", None),
    ("readout/0/weight", "out", "tensor 'out' has shape [4, 2], expected [2, C] (readout[0] as in,out)", "it fits transposed"),
    ("blocks", {}, "blocks is an object, expected an array of 0 to 64 blocks", ""),
    ("blocks/0", {}, "blocks[0] has neither 'attention' nor 'mlp'", ""),
    ("comment", "mine", " has the unknown key 'comment'", ""),
)


def test_refused_descriptions(context: Context) -> None:
    assert context.generator is not None
    for place, value, words, hint in DESCRIPTIONS:
        description, T = plain()
        container, key = at(description, place)
        if value is None:
            del container[key]
        else:
            container[key] = value
        if hint is None:
            continue                                     # [2, 4] fits, but not its bias
        model, architecture = write(context.temporary / "m.safetensors", T), context.temporary / "m.json"
        architecture.write_text(json.dumps(description))
        outcome = evaluate(context, model, "--architecture", architecture, "--input", "0,1")
        name = f"evaluate: {place} {value!r}"
        context.check.equal((outcome.exit, outcome.output), (65, ""), f"{name}: is refused", outcome.shown())
        context.check(words in outcome.errors.split("\nhint: ")[0], f"{name}: says {words!r}", outcome.errors)
        context.check(hint in outcome.errors, f"{name}: hint {hint!r}", outcome.errors)
        context.check(outcome.errors.count("\n") <= 2, f"{name}: one line and a hint", outcome.errors)


def test_refused_files(context: Context) -> None:
    description, T = plain()
    model, architecture = write(context.temporary / "m.safetensors", T), context.temporary / "m.json"
    architecture.write_text(json.dumps(description))
    check = context.check

    def refused(name: str, words: str, *arguments: Any, code: int = 65) -> None:
        outcome = evaluate(context, *arguments)
        check.equal((outcome.exit, outcome.output), (code, ""), f"evaluate: {name}: is refused", outcome.shown())
        check(words in outcome.errors, f"evaluate: {name}: says {words!r}", outcome.errors)

    def described(text: str) -> Path:
        path = context.temporary / "other.json"
        path.write_text(text)
        return path

    one = ("--input", "0,1")
    refused("a key twice", "the key 'pool' twice", model, "--architecture", described(json.dumps(description)[:-1] + ',"pool":"sum"}'), *one)
    refused("no JSON", "is not JSON", model, "--architecture", described("{"), *one)
    refused("no object", "is an array of 0, expected an object", model, "--architecture", described("[]"), *one)
    refused("no description", "no tensor 'embedding.weight'", model, *one)
    refused("a token that is not there", "has token 3 at position 1, expected one below 3", model, "--architecture", architecture, "--input", "0,3")
    refused("too many tokens", "an input has 3 tokens, expected 2", model, "--architecture", architecture, "--input", "0,1,2")
    refused("no token", "expected a token", model, "--architecture", architecture, "--input", "0,", code=64)
    refused("a word", "--input has 'x', expected a token", model, "--architecture", architecture, "--input", "0,x", code=64)
    refused("no input", "there is no input", model, "--architecture", architecture, code=64)
    refused("a label beyond the classes", "", model, "--architecture", architecture, *one, "--label", "sum-modulo:0", code=64)
    expect = write_csv(context.temporary / "z.csv", [[0, 0, 0]])
    refused("no tolerance", "--expect needs --tolerance", model, "--architecture", architecture, *one, "--expect", expect, code=64)
    refused("a tolerance of nothing", "--tolerance is of --expect", model, "--architecture", architecture, *one, "--tolerance", "1", code=64)
    refused("a tolerance below zero", "--tolerance is '-1', expected a number from 0", model, "--architecture", architecture, *one, "--expect", expect, "--tolerance", "-1", code=64)
    for name, text, words in (("too few numbers", "1,2\n", "has 2 numbers in line 1, expected 3 logits"), ("too many rows", "1,2,3\n1,2,3\n", "more rows than the 1 inputs (line 2)"),
                              ("no rows", "\n", "has 0 rows, expected 1"), ("a name", "a,b,c\n", "has 'a' in line 1, expected a number")):
        (context.temporary / "z.csv").write_text(text)
        refused(name, words, model, "--architecture", architecture, *one, "--expect", expect, "--tolerance", "1")
    (context.temporary / "z.csv").write_text("nan,inf,1e400\n")
    outcome = evaluate(context, model, "--architecture", architecture, *one, "--expect", expect, "--tolerance", "1e300")
    check(outcome.exit == 1 and "nan lies infinitely far" in outcome.errors and "3 of 3 numbers" in outcome.errors, "evaluate: no number is as expected", outcome.shown())
    for name, number, words in (("infinite", math.inf, "tensor 'v' is inf at [1, 0], expected finite numbers"), ("not a number", math.nan, "tensor 'v' is nan at [1, 0]")):
        bad = T["v"].copy()
        bad[1, 0] = number
        refused(name, words, write(context.temporary / "bad.safetensors", T | {"v": bad}), "--architecture", architecture, *one)
    refused("a list of integers", "tensor 'v', which the description names, has elements of type 'I64'", write(context.temporary / "bad.safetensors", T | {"v": np.ones((2, 2), "int64")}),
            "--architecture", architecture, *one)
    constant = write(context.temporary / "bad.safetensors", T | {"e": np.ones((3, 2), "float32"), "p": np.ones((2, 2), "float32")})
    description["blocks"][0]["attention"]["norm"]["layer"]["eps"] = "0"
    refused("variance 0", "a norm with eps 0 meets a row of variance 0", constant, "--architecture", described(json.dumps(description)), *one)


def test_huge_scores(context: Context) -> None:
    """Softmax of scores that are huge is what it is: all of it on the largest."""
    description, T = plain()
    del description["blocks"][0]["mlp"], description["blocks"][0]["attention"]["norm"]
    T |= {"q": np.float32([[1e30, 0], [0, 1e30]]), "k": np.float32([[1e30, 0], [0, 1e30]])}
    model, architecture = write(context.temporary / "m.safetensors", T), context.temporary / "m.json"
    architecture.write_text(json.dumps(description))
    outcome = evaluate(context, model, "--architecture", architecture, "--input", "0,1", "--json")
    x = T["e"][[0, 1]].astype(float) + T["p"]
    best = x[np.argmax(x @ x[1])]
    z = (x[1] + best @ T["v"] @ T["o"]) @ T["u"] + T["b"]
    found = [[float(end) for end in pair] for pair in json.loads(outcome.output)["evaluated"][0]["logits"]]
    context.check(all(low <= high and abs(low - right) < 1e-12 for (low, high), right in zip(found, z)), "evaluate: huge scores", found, z)


def test_several_files(context: Context) -> None:
    """A model in several files with an index; and what is wrong with one."""
    description, T = plain()
    architecture, folder = context.temporary / "m.json", context.temporary
    architecture.write_text(json.dumps(description))
    names = list(T)
    parts = {"a.safetensors": names[:4], "b.safetensors": names[4:]}
    for file, held in parts.items():
        write(folder / file, {name: T[name] for name in held})
    whole = write(folder / "whole.safetensors", T)
    index = folder / "model.safetensors.index.json"
    weight_map = {name: file for file, held in parts.items() for name in held}
    index.write_text(json.dumps({"metadata": {"total_size": 7}, "weight_map": weight_map}))
    arguments = ("--architecture", architecture, "--input", "0,1")
    context.check.equal(evaluate(context, index, *arguments).output, evaluate(context, whole, *arguments).output, "evaluate: several files are one model")
    for name, content, words, code in (
            ("a file that is not there", {"weight_map": weight_map | {"x": "c.safetensors"}}, "no such file", 66),
            ("a tensor that is not there", {"weight_map": weight_map | {"x": "b.safetensors"}}, "'b.safetensors' has no tensor 'x'", 65),
            ("a tensor that is not listed", {"weight_map": {n: f for n, f in weight_map.items() if n != "e"}}, "has the tensor 'e', which the index does not place there", 65),
            ("a path", {"weight_map": weight_map | {"x": "../b.safetensors"}}, "the file '../b.safetensors' is not a name", 65),
            ("no map", {}, "it has no 'weight_map'", 65)):
        index.write_text(json.dumps(content))
        outcome = evaluate(context, index, *arguments)
        context.check(outcome.exit == code and words in outcome.errors, f"evaluate: index: {name}", outcome.shown())


def test_what_the_verifier_refuses(context: Context) -> None:
    """No description of the corpus that the verifier refuses is taken here: each refusal has one line and a hint."""
    refused = 0
    for case in (*cases("reject"), *cases("malformed"), *cases("decline")):
        of_shapes = case.code in ("tensor-shape", "tensor-missing", "weight-not-finite", "limit-width")
        if case.kind != "certificate" or not ((case.pointer or "").startswith("/model/architecture") or of_shapes) or case.code == "key-duplicate":
            continue
        try:
            model = json.loads(case.content)["model"]
            tensors = {name: Tensor(t["dtype"], tuple(t["shape"]), base64.b64decode(t["data"])) for name, t in model["tensors"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        weights, architecture = context.temporary / "model.safetensors", context.temporary / "model.json"
        weights.write_bytes(safetensors(tensors))
        architecture.write_text(json.dumps(model["architecture"]))
        outcome = evaluate(context, weights, "--architecture", architecture, "--input", "0,0")
        context.check(outcome.exit == 65 and outcome.errors.startswith("proofmark: error: ") and outcome.errors.count("\n") <= 2,
                      f"evaluate: {case.name}: is refused as by the verifier", outcome.shown())
        refused += 1
    context.check(refused > 100, "evaluate: the corpus has many descriptions that are refused", refused)
