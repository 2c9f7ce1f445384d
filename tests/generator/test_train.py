"""`proofmark train` for described networks: the recipes, descriptions of one's own, what their files say, and what is refused."""
from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generator.numpy_networks import Json, Tensors, logits, losses, read
from proofmark_testing.context import Context
from proofmark_testing.verifier import Outcome

MLP = ("--family", "mlp", "--label", "symmetric-group:3", "--width", 12)
SMALL_MLP = (*MLP, "--steps", 200)
TRANSFORMER = ("--family", "transformer", "--label", "sum-modulo:5", "--heads", 2, "--steps", 20)
SMALL_TRANSFORMER = (*TRANSFORMER, "--width", 8, "--mlp-width", 16)

# Three tokens of 4, packed queries, keys and values, a stack of MLPs, a tied unembedding, norms in both orders, and positions in the scores.
PART = {"weight": "in", "layout": "out,in", "bias": "in_bias"}
STACK = {"weight": "stack", "layout": "in,out", "bias": "stack_bias"}
OWN: Json = {
    "positions": 3,
    "embedding": {"tokens": {"weight": "embed", "layout": "tokens,width"}, "positions": {"tensor": "pos", "to": "scores"}},
    "blocks": [
        {"order": "post",
         "attention": {"norm": {"layer": {"eps": "1e-5", "weight": "ln1.w", "bias": "ln1.b"}}, "heads": 2, "query": {**PART, "rows": [0, 6]}, "key": {**PART, "rows": [6, 12]},
                       "value": {**PART, "rows": [12, 18]}, "output": {"weight": "out", "layout": "out,in", "bias": "out_bias"}, "mask": "none", "scores": "scaled"},
         "mlp": {"norm": {"rms": {"eps": "0.001", "weight": "ln2.w"}}, "in": {**STACK, "index": 0}, "activation": "gelu", "out": {**STACK, "index": 1}}},
        {"mlp": {"in": {**STACK, "index": 1}, "activation": "silu", "out": {**STACK, "index": 0}}}],
    "norm": {"layer": {"eps": "1e-5"}},
    "pool": "mean",
    "readout": [{"weight": "embed", "layout": "out,in"}],
}
SHAPES = {"embed": (4, 6), "pos": (3, 6), "in": (18, 6), "in_bias": (18,), "out": (6, 6), "out_bias": (6,), "ln1.w": (6,), "ln1.b": (6,), "ln2.w": (6,),
          "stack": (2, 6, 6), "stack_bias": (2, 6)}
X = np.array(list(itertools.product(range(4), repeat=3)))


def train(context: Context, *arguments: Any) -> Outcome:
    assert context.generator is not None
    return context.generator.run("train", *arguments)


def metadata(path: Path) -> dict[str, str]:
    content = path.read_bytes()
    return json.loads(content[8:8 + int.from_bytes(content[:8], "little")])["__metadata__"]


def test_mlp(context: Context) -> None:
    """It learns S3 from two fifths of the pairs; the file says what it is; losses and counts are numpy's."""
    check, model = context.check, context.temporary / "s3.safetensors"
    outcome = train(context, *SMALL_MLP, "--share", 0.6, "--output", model, "--json")
    assert outcome.exit == 0, outcome.shown()
    said, tensors, stated = json.loads(outcome.output), read(model), metadata(model)
    check.equal((said["inputs"], said["trained_on"], said["steps"]), (36, 22, 200), "train: mlp: sizes")
    check.equal({name: tensor.shape for name, tensor in tensors.items()},
                {"left.weight": (6, 12), "right.weight": (6, 12), "unembedding.bias": (6,), "unembedding.weight": (6, 12)}, "train: mlp: tensors")
    check.equal((stated["proofmark.inputs"], stated["proofmark.label"]), ("0..6,0..6", "symmetric-group:3"), "train: mlp: task in the file")
    permutations = list(itertools.permutations(range(3)))
    pairs = np.array(list(itertools.product(range(6), repeat=2)))
    labels = np.array([permutations.index(tuple(permutations[x][i] for i in permutations[y])) for x, y in pairs])
    z = logits(json.loads(stated["proofmark.architecture"]), tensors, pairs)
    check.equal(said["correct"], int((z.argmax(1) == labels).sum()), "train: mlp: right answers")
    check(said["correct"] >= 22 and said["final_loss"] < 0.2, "train: mlp: it learns", said)


def test_transformer(context: Context) -> None:
    """Names and shapes are TransformerLens'; threads change nothing, seeds do; without an MLP there is none."""
    check, model, other = context.check, context.temporary / "a.safetensors", context.temporary / "b.safetensors"
    outcome = train(context, *SMALL_TRANSFORMER, "--threads", 1, "--output", model, "--history", context.temporary / "a.csv")
    assert outcome.exit == 0, outcome.shown()
    check.equal({name: tensor.shape for name, tensor in read(model).items()},
                {"blocks.0.attn.W_K": (2, 8, 4), "blocks.0.attn.W_O": (2, 4, 8), "blocks.0.attn.W_Q": (2, 8, 4), "blocks.0.attn.W_V": (2, 8, 4), "blocks.0.mlp.W_in": (8, 16),
                 "blocks.0.mlp.W_out": (16, 8), "blocks.0.mlp.b_in": (16,), "blocks.0.mlp.b_out": (8,), "embed.W_E": (6, 8), "pos_embed.W_pos": (3, 8), "unembed.W_U": (8, 5)},
                "train: transformer: tensors")
    check.equal((metadata(model)["proofmark.inputs"], metadata(model)["proofmark.label"]), ("0..5,0..5,5", "sum-modulo:5@0,1"), "train: transformer: task in the file")
    check("on 18 of 25 inputs" in outcome.output and "of all 25 inputs" in outcome.output, "train: transformer: what it says", outcome.output)
    history = (context.temporary / "a.csv").read_text().splitlines()
    check.equal((len(history), history[0], history[1].split(",")[0]), (21, "step,loss,objective", "1"), "train: transformer: history")
    for name, more, same in (("three threads", ("--threads", 3), True), ("another seed", ("--seed", 58), False), ("batches", ("--batch", 7), False)):
        train(context, *SMALL_TRANSFORMER, *more, "--output", other)
        check.equal(other.read_bytes() == model.read_bytes(), same, f"train: transformer: {name}")
    train(context, *TRANSFORMER, "--width", 8, "--mlp-width", 0, "--blocks", 2, "--output", other)
    check.equal(sorted(name for name in read(other) if "W_Q" in name or "mlp" in name), ["blocks.0.attn.W_Q", "blocks.1.attn.W_Q"], "train: transformer: two blocks without MLPs")


def test_low_rank(context: Context) -> None:
    """The objective takes from the last map what it has beyond the rank, in every family that has such a map; the history says so, and threads change nothing."""
    check, model, history = context.check, context.temporary / "a.safetensors", context.temporary / "a.csv"
    def beyond(tensor: np.ndarray) -> float:
        return float((np.linalg.svd(tensor.astype(float) - tensor.mean(0), compute_uv=False)[2:] ** 2).sum())
    for name, arguments, last in (("mlp", (*MLP, "--share", 0.6, "--steps", 500), lambda t: t["unembedding.weight"]), ("transformer", (*TRANSFORMER[:-2], "--width", 8, "--mlp-width", 16, "--steps", 200, "--learning-rate", "0.01"), lambda t: t["unembed.W_U"].T)):
        train(context, *arguments, "--output", model)
        plain = beyond(last(read(model)))
        outcome = train(context, *arguments, "--objective", "low-rank", "--rank", 2, "--output", model, "--history", history)
        assert outcome.exit == 0, outcome.shown()
        check("final loss with penalty" in outcome.output and history.read_text().splitlines()[1].endswith(",low-rank"), f"train: low-rank: {name}: what it says", outcome.output)
        check(beyond(last(read(model))) < 0.8 * plain, f"train: low-rank: {name}: less lies beyond the rank", plain, beyond(last(read(model))))
        content = model.read_bytes()
        train(context, *arguments, "--objective", "low-rank", "--rank", 2, "--threads", 3, "--output", model)
        check(model.read_bytes() == content, f"train: low-rank: {name}: three threads")


def test_cool_down(context: Context) -> None:
    """One step of a whole cool-down is half a step of Adam."""
    model, started = context.temporary / "a.safetensors", {}
    for share in (0, 1):
        train(context, *MLP, "--steps", 1, "--learning-rate", "1e-2", "--weight-decay", 0, "--cool-down", share, "--output", model)
        started[share] = read(model)["unembedding.bias"]
    train(context, *MLP, "--steps", 1, "--learning-rate", "1e-30", "--weight-decay", 0, "--output", model)
    start = read(model)["unembedding.bias"]
    context.check(np.allclose(started[1] - start, (started[0] - start) / 2, rtol=1e-3), "train: cool-down: half a step", started, start)


def one_step(context: Context, rate: float) -> tuple[Tensors, float]:
    model, description, history = (context.temporary / name for name in ("own.safetensors", "own.json", "own.csv"))
    description.write_text(json.dumps(OWN))
    outcome = train(context, "--architecture", description, "--inputs", "0..4,0..4,0..4", "--label", "max", "--width", 6, "--mlp-width", 6, "--steps", 1, "--batch", 10000,
                    "--learning-rate", rate, "--weight-decay", 0, "--output", model, "--history", history)
    assert outcome.exit == 0, outcome.shown()
    return {name: tensor.astype(float) for name, tensor in read(model).items()}, float(history.read_text().splitlines()[1].split(",")[1])


def test_own_description(context: Context) -> None:
    """Tensors that are cut, stacked and tied: the first step of AdamW goes against the sign of the whole gradient, which numpy finds by differences."""
    check = context.check
    start, loss = one_step(context, 1e-30)
    check.equal({name: tensor.shape for name, tensor in start.items()}, SHAPES, "train: own description: shapes")
    mean = lambda tensors: float(losses(logits(OWN, tensors, X), X.max(1)).mean())
    check(abs(loss / mean(start) - 1) < 0.05, "train: own description: the loss is that of the inputs", loss, mean(start))
    moved, _ = one_step(context, 1e-4)
    wrong, asked = [], 0
    for name, tensor in start.items():
        for place in np.ndindex(tensor.shape):
            ends = []
            for step in (1e-5, -1e-5):
                changed = dict(start, **{name: tensor.copy()})
                changed[name][place] += step
                ends.append(mean(changed))
            slope = (ends[0] - ends[1]) / 2e-5
            if abs(slope) > 0.02:                                    # a batch of 10 000 is near the mean, not equal to it
                asked += 1
                if np.sign(slope) != -np.sign(moved[name][place] - tensor[place]):
                    wrong.append((name, place, slope))
    check(asked > 40 and not wrong, "train: own description: the signs of the gradient", asked, wrong)


def test_lists_and_tables(context: Context) -> None:
    """A list of inputs and a table are not in the model's file, which is said."""
    check, model = context.check, context.temporary / "own.safetensors"
    inputs, table, description = (context.temporary / name for name in ("inputs.csv", "table.csv", "own.json"))
    inputs.write_text("0,1,2\n3,3,1\n0,1,2\n")
    table.write_text("0,1,2,1\n3,3,1,0\n")
    description.write_text(json.dumps(OWN | {"readout": [{"weight": "classes", "layout": "in,out"}]}))
    outcome = train(context, "--architecture", description, "--inputs", inputs, "--label", f"table:{table}", "--width", 6, "--mlp-width", 6, "--steps", 3, "--output", model)
    check.equal(outcome.exit, 0, "train: list and table", outcome.shown())
    check.equal((sorted(metadata(model)), read(model)["classes"].shape), (["proofmark.architecture"], (6, 2)), "train: list and table: metadata, classes")
    check("give --inputs to 'prove' too" in outcome.output and "give --label to 'prove' too" in outcome.output, "train: list and table: said", outcome.output)


@pytest.mark.parametrize("name, arguments, code, words", (
    ("no label", ("--family", "mlp"), 64, "--label is required"),
    ("no inputs", ("--family", "mlp", "--label", "max"), 64, "--inputs is required"),
    ("no such label", ("--family", "mlp", "--label", "sum-modul:5"), 64, "hint: "),
    ("a label without its number", ("--family", "transformer", "--label", "sum-modulo"), 64, "modulus"),
    ("a share above 1", (*SMALL_MLP, "--share", 1.5), 64, "--share: expected a share of the inputs, at most 1"),
    ("heads of an mlp", (*SMALL_MLP, "--heads", 2), 64, "--heads is given, but the description says it"),
    ("a context", (*SMALL_MLP, "--context", 2), 64, "--context is given, but the inputs say it\nhint: "),
    ("an objective of a family", (*SMALL_MLP, "--objective", "cubic"), 64, "the objective cubic is not of described networks\nhint: "),
    ("heads of tokens", (*SMALL_MLP, "--top", 2), 64, "--top is given, but described networks have no heads of tokens\nhint: "),
    ("low-rank without a rank", (*SMALL_MLP, "--objective", "low-rank"), 64, "--objective low-rank and --rank go together\nhint: write --rank 8"),
    ("a rank without low-rank", (*SMALL_MLP, "--rank", 2), 64, "--objective low-rank and --rank go together\nhint: add --objective low-rank"),
    ("a rank that nothing lies beyond", (*SMALL_MLP, "--objective", "low-rank", "--rank", 6), 64, "--rank 6: the last map has no rank beyond 6\nhint: "),
    ("low-rank of token sums", ("--objective", "low-rank"), 64, "the objective low-rank is of described networks, not of the family token-sum\nhint: "),
    ("a rank of token sums", ("--rank", 2), 64, "--rank is of described networks, not of the family token-sum\nhint: "),
    ("low-rank of a readout without a map", ("--architecture", "MAPLESS", "--inputs", "0..4,0..4,0..4", "--label", "max", "--width", 6, "--mlp-width", 6, "--objective", "low-rank", "--rank", 2), 64,
     "a readout that ends with a map"),
    ("a cool-down above 1", (*SMALL_MLP, "--cool-down", 1.5), 64, "--cool-down: expected a share of the steps, at most 1"),
    ("a label of another family", ("--label", "max"), 64, "--label is given, but the family token-sum is trained on the largest of its tokens\nhint: "),
    ("a width that no heads share", (*TRANSFORMER, "--width", 9), 64, "a width of 9 is no multiple of 2 heads\nhint: "),
    ("a family and a description", ("--family", "mlp", "--architecture", "OWN", "--label", "max"), 64, "--architecture and --family both say"),
    ("other positions", ("--architecture", "OWN", "--inputs", "0..4,0..4", "--label", "max"), 64, "describes 3 positions, but inputs have 2 tokens"),
    ("no such description", ("--architecture", "none.json", "--inputs", "0..4,0..4", "--label", "max"), 66, "none.json"),
    ("an open description", ("--architecture", "OPEN", "--inputs", "0..4,0..4,0..4", "--label", "max"), 65, "'?'"),
    ("inputs without a label", ("--architecture", "OWN", "--inputs", "0..4,0..4,0..4", "--label", "induction"), 65, "has no label induction"),
    ("too many inputs", ("--architecture", "OWN", "--inputs", "0..999,0..999,0..999", "--label", "max"), 64, "there are 997002999 inputs"),
    ("a tensor that cannot be two things", ("--architecture", "CLASH", "--inputs", "0..4,0..4,0..4", "--label", "max", "--width", 6, "--mlp-width", 6), 65, "tensor 'pos'"),
    ("no finite loss", (*SMALL_MLP, "--learning-rate", "1e30"), 65, "the training diverged"),
))
def test_refusals(context: Context, name: str, arguments: tuple[Any, ...], code: int, words: str) -> None:
    model, described = context.temporary / "none.safetensors", {}
    for word, description in (("OWN", OWN), ("OPEN", OWN | {"pool": "?"}), ("MAPLESS", OWN | {"readout": [*OWN["readout"], "relu"]}), ("CLASH", OWN | {"readout": [{"weight": "embed", "layout": "out,in", "bias": "pos"}]})):
        described[word] = context.temporary / f"{word}.json"
        described[word].write_text(json.dumps(description))
    outcome = train(context, *(described.get(argument, argument) for argument in arguments), "--output", model)
    context.check(outcome.exit == code and words in outcome.errors and outcome.output == "" and not model.exists(), f"train: {name}: refused", code, words, outcome.shown())
