"""`prove --strategy block-tables` and `round`: from the file to VERIFIED by both engines, budgets that the verifier uses up exactly, what is refused."""
from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generator.numpy_networks import Json, Tensors, read, write
from proofmark_testing.context import ROOT, Context
from proofmark_testing.verifier import ENGINES

S5 = (ROOT / "tests" / "models" / "mlp-s5-s2.safetensors", "--architecture", ROOT / "tests" / "models" / "mlp-s5-s2.architecture.json",
      "--inputs", "0..120,0..120", "--label", "symmetric-group:5")
TABLES = ("--strategy", "block-tables")
LOSS = Fraction("0.0309945")                                  # of S5, to be told from that of the rounded network
WHOLE = 120 * 120 * (2 * 128 + 3 * 128 + 2 * 128 * 120 + 6 * 120 + 8)          # about: the forward pass over all inputs


def prove(context: Context, output: Path, *arguments: object, exit: int = 0) -> Any:
    outcome = context.generator.run("prove", *arguments, *TABLES, "--output", output)
    assert outcome.exit == exit, outcome.shown()
    return outcome


def verified(context: Context, proof: Path, what: str) -> dict[str, Fraction]:
    """What both engines establish; what they perform is what the certificate says, of the tables and of every step."""
    certificate, receipt = json.loads(proof.read_bytes()), context.temporary / "receipt.json"
    said = certificate["tables"]["operations"] + sum(step["operations"] for step in certificate["steps"])
    established: dict[str, Fraction] = {}
    for engine in ENGINES:
        outcome = context.verifier.run(proof, "--engine", engine, "--receipt", receipt)
        assert context.check.equal(outcome.verdict, "VERIFIED", f"{what}: {engine}", outcome.shown())
        found = json.loads(receipt.read_bytes())
        D, S, K = 5, len(certificate["steps"]), len(certificate["claims"])
        context.check.equal(found["operations"]["length"], said + 2 * D * S + 2 * K, f"{what}: {engine}: operations")
        established = {f"{claim['quantity']} {claim['direction']}": Fraction(claim["established"]) for claim in found["claims"]}
    return established


def length(proof: Path) -> int:
    return next(int(claim["bound"]) for claim in json.loads(proof.read_bytes())["claims"] if claim["quantity"] == "length")


# -- S5 ------------------------------------------------------------------------------------------------------------

def test_exact_accuracy(context: Context) -> None:
    proof, again = context.temporary / "proof.json", context.temporary / "again.json"
    prove(context, proof, *S5, "--threads", 1)
    prove(context, again, *S5, "--threads", 3)
    context.check.equal(proof.read_bytes(), again.read_bytes(), "the certificate does not depend on threads")
    found = verified(context, proof, "S5")
    context.check.equal(found["accuracy lower"], 1, "S5: the exact accuracy")
    context.check(found["cross-entropy lower"] < LOSS < found["cross-entropy upper"], "S5: the loss lies between the bounds", found)
    context.check(length(proof) < WHOLE * 0.03, "S5: a short proof", length(proof))


def test_budgets(context: Context) -> None:
    gaps = []
    for budget in ("0.04", "0.08", "0.13"):
        proof = context.temporary / f"{budget}.json"
        prove(context, proof, *S5, "--budget", budget)
        found = verified(context, proof, f"S5 within {budget}")
        share = length(proof) / WHOLE
        context.check(float(budget) * 0.97 < share <= float(budget) * 1.001, "a budget is used up and kept", budget, share)
        gaps.append(found["cross-entropy upper"] - LOSS)
    context.check(all(gap > 0 for gap in gaps) and gaps == sorted(gaps, reverse=True), "more operations, a tighter bound", gaps)
    context.check(gaps[2] < LOSS / 4, "S5 within 0.13: the loss within a quarter", gaps)


def test_opening(context: Context) -> None:
    sizes = {}
    for tau in ("none", "0", "2", "4"):
        proof = context.temporary / f"{tau}.json"
        prove(context, proof, *S5, "--open", tau)
        found = verified(context, proof, f"S5, opened to {tau}")
        sizes[tau] = json.loads(proof.read_bytes())["witnesses"].get("opened-inputs", {"shape": [0]})["shape"][0], found["cross-entropy upper"]
    context.check.equal(sizes["none"][0], 0, "nothing is opened")
    context.check(sizes["0"][0] <= sizes["2"][0] < sizes["4"][0], "a larger tau opens more", sizes)
    context.check(sizes["4"][1] < sizes["2"][1] <= sizes["none"][1], "and tightens the loss", sizes)


def test_round(context: Context) -> None:
    rounded, again, proof = (context.temporary / name for name in ("rounded.safetensors", "again.safetensors", "proof.json"))
    outcome = context.generator.run("round", *S5, "--output", rounded)
    assert outcome.exit == 0, outcome.shown()
    context.check("another network than" in outcome.output and "14400 of all 14400" in outcome.output and f"model {rounded}, model digest " in outcome.output, "round says that it makes another network", outcome.output)
    before, after = read(S5[0]), read(rounded)
    for name in before:
        changed = bool((before[name] != after[name]).any())
        context.check.equal(changed, name in ("left.weight", "right.weight"), f"round changes tables of tokens alone: {name}")
    context.check(all(len(set(column)) <= 10 for column in after["left.weight"].T), "columns have few values")
    header = json.loads(rounded.read_bytes()[8:8 + int.from_bytes(rounded.read_bytes()[:8], "little")])["__metadata__"]
    context.check("means of blocks" in header["proofmark.rounded"] and json.loads(S5[2].read_text()).keys() == json.loads(header["proofmark.architecture"]).keys(),
                  "the file says that it was rounded, and what it computes", header)
    prove(context, proof, rounded, *S5[3:])
    found = verified(context, proof, "S5, rounded")
    low, high = found["cross-entropy lower"], found["cross-entropy upper"]
    context.check(high - low < Fraction(1, 10**9) and high < LOSS, "the loss of the rounded network, exactly; it is less", low, high)
    context.check(length(proof) < WHOLE * 0.05, "by a short proof", length(proof))
    outcome = context.generator.run("round", rounded, *S5[3:], "--output", again)
    context.check(outcome.exit == 0 and outcome.output.startswith("nothing was rounded: every column is its blocks' means already"), "round takes what it made", outcome.shown())
    context.check(again.read_bytes() == rounded.read_bytes(), "and says of it what was said")
    context.check(all((read(again)[name] == after[name]).all() for name in after), "and changes nothing more")


def test_round_what_hardly_matters(context: Context) -> None:
    """A neuron that moves a logit by 0.05 nats as it is, by less when it is rounded, becomes a constant: a proof treats it as one."""
    architecture, rounded, proof = (context.temporary / name for name in ("network.json", "rounded.safetensors", "proof.json"))
    T = {"E": np.array([[0, 0], [0, 0], [3, 1], [3, 1.05]], "float32"), "U": np.array([[1, -1], [0.0239, -0.0239]], "float32")}
    architecture.write_text(json.dumps({"positions": 2, "embedding": {"tokens": {"weight": "E", "layout": "tokens,width"}}, "blocks": [], "pool": "sum",
                                        "readout": ["relu", {"weight": "U", "layout": "in,out"}]}))
    described = ("--architecture", architecture, "--label", "sum-modulo:2")
    for scale, values in ((1, 1), (2, 2)):
        model = write(context.temporary / "model.safetensors", T | {"U": T["U"] * np.array([[1], [scale]], "float32")})
        outcome = context.generator.run("round", model, *described, "--output", rounded)
        assert outcome.exit == 0, outcome.shown()
        context.check.equal(len(set(read(rounded)["E"][:, 1])), values, "levels of the second neuron", scale)
        prove(context, proof, rounded, *described)
        found = verified(context, proof, "a rounded network")
        context.check(found["cross-entropy upper"] - found["cross-entropy lower"] < Fraction(1, 10**9), "nothing is given away", found)


# -- any additive network ------------------------------------------------------------------------------------------

def network(seed: int) -> tuple[Json, Tensors, str, str]:
    """Some positions, maps before and after the activation, biases, noisy levels; a label by its formula."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    n = rng.choice((1, 2, 2, 3))
    sizes = [rng.randint(1, 6) for _ in range(n)]
    d, m, C = rng.randint(1, 5), rng.randint(1, 6), max(2, *sizes)
    T: Tensors = {}

    def tensor(name: str, *shape: int) -> str:
        T[name] = (numbers.normal(size=shape) if rng.random() < 0.5 else numbers.integers(-2, 3, size=shape) + 1e-3 * numbers.normal(size=shape)).astype(rng.choice(("float32", "float64")))
        return name

    def map_of(name: str, rows: int, columns: int, layouts: tuple[str, str]) -> Json:
        turned = rng.random() < 0.5
        result: Json = {"weight": tensor(name, *((columns, rows) if turned else (rows, columns))), "layout": layouts[turned]}
        if rng.random() < 0.4:
            result["bias"] = tensor(name + ".bias", columns)
        return result

    width = d if rng.random() < 0.4 else m
    maps = ("in,out", "out,in")
    readout: list[Any] = [map_of("A", width, m, maps)] if width != m or rng.random() < 0.2 else []
    readout += [rng.choice(("relu", "tanh", "silu", "gelu"))]
    readout += [map_of("B", m, 3, maps), map_of("C", 3, C, maps)] if rng.random() < 0.3 else [map_of("C", m, C, maps)]
    embedding: Json = {"tokens": [map_of(f"E{p}", sizes[p], width, ("tokens,width", "width,tokens")) for p in range(n)]}
    if rng.random() < 0.3:
        embedding["positions"] = tensor("P", n, width)
    description = {"positions": n, "embedding": embedding, "blocks": [], "pool": "sum", "readout": readout}
    return description, T, ",".join(f"0..{size}" for size in sizes), rng.choice(("max", f"sum-modulo:{C}"))


@pytest.mark.parametrize("part", range(4))
def test_any_network(context: Context, part: int) -> None:
    for seed in range(12 * part, 12 * part + 12):
        description, T, inputs, label = network(seed)
        model, architecture, proof = write(context.temporary / "model.safetensors", T), context.temporary / "network.json", context.temporary / "proof.json"
        architecture.write_text(json.dumps(description))
        described, found = (model, "--architecture", architecture, "--inputs", inputs, "--label", label), {}
        for option in (("--open", "0"), ("--open", "none", "--steps", 1), ("--open", "1.5"), ("--budget", "0.9"), ("--budget", "100000")):
            outcome = context.generator.run("prove", *described, *TABLES, *option, "--output", proof)
            if option == ("--budget", "0.9") and outcome.exit == 64 and "the shortest proof by" in outcome.errors:
                continue                                                        # a small network has no short proof
            if context.check.equal(outcome.exit, 0, f"network {seed}: {option}", outcome.shown(), description):
                found[option[1]] = verified(context, proof, f"network {seed}: {option}")
        context.generator.run("prove", *described, "--strategy", "enumeration", "--output", proof)
        exact = {f"{claim['quantity']} {claim['direction']}": Fraction(claim["bound"]) for claim in json.loads(proof.read_bytes())["claims"]}
        for tau, bounds in found.items():
            context.check(bounds["cross-entropy upper"] >= exact["cross-entropy lower"] and bounds.get("cross-entropy lower", Fraction(0)) <= exact["cross-entropy upper"],
                          f"network {seed}: {tau}: the loss", bounds, exact)
            context.check(bounds.get("accuracy lower", Fraction(0)) <= exact.get("accuracy upper", Fraction(1)), f"network {seed}: {tau}: the accuracy", bounds, exact)
        context.check(abs(found["0"].get("accuracy lower", 0) - exact.get("accuracy lower", 0)) < 1e-12, f"network {seed}: the exact accuracy", found["0"], exact, description)


# -- what is refused -----------------------------------------------------------------------------------------------

def test_refusals(context: Context) -> None:
    output, listed = context.temporary / "no.json", context.temporary / "listed.csv"
    listed.write_text("0,1\n3,4\n")
    description = json.loads(S5[2].read_text())
    cases: list[tuple[Json, tuple[object, ...], str]] = [
        ({}, ("--budget", "0.001"), "the shortest proof by block-tables takes"),
        ({}, ("--budget", "0.1", "--open", "1"), "--open too"),
        ({}, ("--open", "-1"), "expected a decimal from 0"),
        ({}, ("--steps", 121), "rows of 120 inputs"),
        ({}, ("--rank", 3), "--rank"),
        ({"pool": "mean"}, (), "its pool is not"),
        ({"readout": ["gelu-tanh", description["readout"][1]]}, (), "gelu-tanh"),
        ({"readout": [description["readout"][1]]}, (), "no activation")]
    for changes, arguments, words in cases:
        changed = context.temporary / "changed.json"
        changed.write_text(json.dumps(description | changes))
        outcome = prove(context, output, S5[0], "--architecture", changed, *S5[3:], *arguments, exit=64)
        context.check(words in outcome.errors and "hint: " in outcome.errors, f"refused: {words}", outcome.errors)
    outcome = prove(context, output, *S5[:3], "--inputs", listed, "--label", "symmetric-group:5", exit=64)
    context.check("its inputs are a list" in outcome.errors, "refused: a list", outcome.errors)
    context.check(not output.exists(), "nothing is written")


def test_round_refusals(context: Context) -> None:
    output, architecture = context.temporary / "no.safetensors", context.temporary / "network.json"
    T = {"E": np.ones((4, 3), "float16"), "A": np.ones((3, 3), "float32"), "U": np.ones((3, 4), "float32")}
    model = write(context.temporary / "model.safetensors", T)
    description: Json = {"positions": 2, "embedding": {"tokens": {"weight": "E", "layout": "tokens,width"}}, "blocks": [], "pool": "sum",
                         "readout": ["relu", {"weight": "U", "layout": "in,out"}]}
    mapped = {"readout": [{"weight": "A", "layout": "in,out"}, *description["readout"]]}
    cases: list[tuple[Json, tuple[object, ...], int, str]] = [
        ({}, (), 65, "has elements of type F16"), (mapped, (), 64, "there are maps"), ({"pool": "last"}, (), 64, "its pool is not"),
        ({}, ("--inputs", "0..5,0..4"), 64, "the embedding has no row for it"), ({}, ("--gap", "0"), 64, "above 0"),
        ({}, ("--label", "nonsense"), 64, "nonsense"), ({}, ("--json", "--output", "-"), 64, "--json prints on standard output")]
    for changes, arguments, exit, words in cases:
        architecture.write_text(json.dumps(description | changes))
        outcome = context.generator.run("round", model, "--architecture", architecture, *(() if "--output" in arguments else ("--output", output)), *arguments)
        context.check.equal(outcome.exit, exit, f"round refuses: {words}", outcome.shown())
        context.check(words in outcome.errors, f"round refuses: {words}", outcome.errors)
    outcome = context.generator.run("round", model, "--output", output)
    context.check(outcome.exit == 65 and "nothing says what the model computes" in outcome.errors, "round: no description", outcome.shown())
    context.check(not output.exists(), "nothing is written")
