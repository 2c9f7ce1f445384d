"""`proofmark frontier --seeds`: its table against the frontiers of the models, what a second run keeps, verifiers that refuse, wrong use."""
from __future__ import annotations

import csv
import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from proofmark_testing.context import Context
from proofmark_testing.verifier import Outcome
from proofmark_testing.dummies import script

SETTING = ("--family", "attention-only", "--context", 2, "--vocabulary", 10, "--width", 6, "--steps", 200, "--batch", 32)
POINTS = ("near-far", "soft-near-far", "enumeration")
NUMBERS = ("accuracy", "upper", "lower", "length", "prove_s", "verify_s")


def frontier(context: Context, folder: Path, seeds: str, *options: object, points: str = ",".join(POINTS)) -> Outcome:
    return context.generator.run("frontier", "--seeds", seeds, "--verifier", context.verifier.path, "--output", folder, "--points", points, *options)


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file, strict=True)}


@pytest.fixture(scope="module")
def folder(shared: Context) -> Path:
    outcome = frontier(shared, shared.temporary / "seeds", "1..3", *SETTING)
    assert outcome.exit == 0, outcome.shown()
    return shared.temporary / "seeds"


def test_table(context: Context, folder: Path) -> None:
    """Means, deviations and extremes are those of the three frontiers."""
    check, found = context.check, rows(folder / "seeds.csv")
    single = [rows(folder / f"seed-{seed}" / "frontier.csv") for seed in (1, 2, 3)]
    document = json.loads((folder / "seeds.json").read_text())
    check.equal((set(found), [point["name"] for point in document["points"]]), (set(POINTS), list(found)), "seeds: points of CSV and JSON")
    check.equal([model["seed"] for model in document["models"]], ["1", "2", "3"], "seeds: models of the JSON")
    check.equal((document["setting"]["family"], document["setting"]["steps"], document["setting"]["context"]), ("attention-only", "200", "2"), "seeds: setting")
    for name, row in found.items():
        check.equal((row["models"], row["verified"]), ("3", "3"), f"seeds: {name}: models")
        own = {quantity: [Fraction(model[name][quantity]) for model in single if model[name][quantity]] for quantity in NUMBERS}
        exact = [Fraction(model["enumeration"]["accuracy"]) for model in single]
        own["accuracy_of_exact"] = [a / b for a, b in zip(own["accuracy"], exact)] if len(own["accuracy"]) == 3 else []
        point = next(point for point in document["points"] if point["name"] == name)
        for quantity, values in own.items():
            said = {part: row[f"{quantity}_{part}"] for part in ("mean", "sd", "least", "largest")}
            check.equal({part: text or None for part, text in said.items()}, point[quantity], f"seeds: {name}: {quantity}: CSV and JSON")
            if not values:
                check.equal(set(said.values()), {""}, f"seeds: {name}: {quantity}: empty")
                continue
            mean = sum(values) / len(values)
            deviation = math.sqrt(sum((value - mean)**2 for value in values) / (len(values) - 1))
            up = quantity in ("upper", "length", "prove_s", "verify_s")
            for part, truth in (("mean", mean), ("least", min(values)), ("largest", max(values))):
                gap = (Fraction(said[part]) - truth) * (1 if up else -1)
                check(0 <= gap <= max(truth, 1) * Fraction(1, 10**16), f"seeds: {name}: {quantity}: {part}", said[part], float(truth))
            check(math.isclose(float(said["sd"]), deviation, rel_tol=2e-5, abs_tol=1e-12), f"seeds: {name}: {quantity}: deviation", said["sd"], deviation)
    check.equal(found["enumeration"]["accuracy_of_exact_mean"], "1", "seeds: enumeration relative to itself")
    check(len({model["near-far"]["upper"] or model["near-far"]["accuracy"] for model in single}) == 3, "seeds: three different models")


def test_models(context: Context, folder: Path) -> None:
    """A model of the table is the one that `train` makes."""
    alone = context.temporary / "alone.safetensors"
    context.generator.run("train", *SETTING, "--seed", 2, "--output", alone)
    context.check.equal((folder / "seed-2" / "model.safetensors").read_bytes(), alone.read_bytes(), "seeds: the model of seed 2 is that of 'train --seed 2'")


def stamps(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for name in ("model.safetensors", "certificates/*.json") for path in folder.glob(f"seed-*/{name}")}


def test_kept(context: Context, folder: Path) -> None:
    check = context.check
    record = folder / "seed-3" / "training.json"
    for name, damage, seeds, options, expected in (
            ("unchanged", lambda: None, "1..3", (), set()),
            ("one seed more", lambda: None, "1..4", (), {"seed-4"}),
            ("a model is changed", lambda: (folder / "seed-1" / "model.safetensors").write_bytes((folder / "seed-2" / "model.safetensors").read_bytes()),
             "1,2", (), {"seed-1"}),
            ("a record is cut", lambda: record.write_text(record.read_text()[:20]), "3", (), {"seed-3"}),
            ("other training", lambda: None, "2", ("--learning-rate", 0.003), {"seed-2"})):
        before = stamps(folder)
        damage()
        changed_by_hand = {"seed-1"} if name == "a model is changed" else set()
        outcome = frontier(context, folder, seeds, *SETTING, *options)
        after = stamps(folder)
        check.equal(outcome.exit, 0, f"seeds: {name}: exit code", outcome.shown())
        retrained = {path.split("/")[0] for path, stamp in after.items() if path.endswith("model.safetensors") and before.get(path) != stamp}
        check.equal(retrained, expected | changed_by_hand, f"seeds: {name}: these are trained", outcome.shown())
        if name == "unchanged":
            check.equal(after, before, "seeds: unchanged: everything is kept")
    check(not list(folder.rglob(".*")) and not list(folder.rglob("*.partial*")), "seeds: no temporary files are left")


def test_refusing_verifier(context: Context) -> None:
    check, folder = context.check, context.temporary / "refused"
    good = 'exec "$real" --verbose --receipt "$receipt" "$certificate"'
    liar = script(context, "refuses", f'[[ $certificate == *seed-2/certificates/near-far.json ]] && exit 0\n{good}')
    outcome = context.generator.run("frontier", "--seeds", "1..2", "--verifier", liar, "--output", folder, "--points", "near-far,enumeration", *SETTING)
    check.equal(outcome.exit, 1, "seeds: a verifier that refuses: exit code", outcome.shown())
    check("not verified: near-far of seed 2\nhint: " in outcome.errors, "seeds: a verifier that refuses: says what", outcome.shown())
    found = rows(folder / "seeds.csv")
    check.equal((found["near-far"]["verified"], found["near-far"]["accuracy_sd"], found["enumeration"]["verified"]), ("1", "", "2"), "seeds: a verifier that refuses: the table")


def test_token_sum(context: Context) -> None:
    folder = context.temporary / "sums"
    outcome = frontier(context, folder, "7", "--context", 3, "--vocabulary", 8, "--width", 4, "--steps", 50, "--batch", 16, points="symmetry,convexity")
    context.check.equal(outcome.exit, 0, "seeds: the other family", outcome.shown())
    found = rows(folder / "seeds.csv")
    context.check.equal((found["symmetry"]["accuracy_of_exact_mean"], found["convexity"]["upper_sd"], "context=3" in found["symmetry"]["parameters"]), ("1", "", True),
                        "seeds: the other family: the table", outcome.shown())


def test_wrong_use(context: Context, folder: Path) -> None:
    model, output = folder / "seed-1" / "model.safetensors", context.temporary / "none"
    for name, arguments, code, words in (
            ("no number", ("--seeds", "one", "--output", output), 64, "'one' is no seed\nhint: write --seeds 1..8"),
            ("downwards", ("--seeds", "3..1", "--output", output), 64, "has no seeds\nhint: "),
            ("twice", ("--seeds", "1..3,2", "--output", output), 64, "has 2 twice"),
            ("too many", ("--seeds", "0..18446744073709551615", "--output", output), 64, "more than 10000 seeds"),
            ("with a model", (model, "--seeds", "1", "--output", output), 64, "there is a model, and --seeds trains others"),
            ("without either", ("--output", output), 64, "there is no model"),
            ("without a folder", ("--seeds", "1"), 64, "--output is required"),
            ("training without seeds", (model, "--width", 8, "--output", output), 64, "--width says how models are trained"),
            ("a list", ("--seeds", "1", "--list"), 64, "--list shows the points of a model"),
            ("no such objective", ("--seeds", "1", "--objective", "cubic", "--output", output), 64, "hint: "),
            ("no such point", ("--seeds", "1", *SETTING, "--points", "nearfar", "--output", output), 64, "did you mean 'near-far'?"),
            ("no verifier", ("--seeds", "1", "--verifier", context.temporary / "no-verifier", "--output", output), 66, "No such file")):
        outcome = context.generator.run("frontier", *arguments)
        context.check(outcome.exit == code and words in outcome.errors and outcome.output == "", f"seeds: {name}: refused", outcome.shown())


def test_networks(context: Context) -> None:
    """Described networks are trained and proved likewise, and a second run keeps them."""
    check, folder = context.check, context.temporary / "networks"
    training = ("--family", "mlp", "--label", "symmetric-group:3", "--width", 8, "--steps", 30)
    points = "enumeration,low-rank"
    outcome = frontier(context, folder, "1..2", *training, points=points)
    assert outcome.exit == 0, outcome.shown()
    found = rows(folder / "seeds.csv")
    check.equal({(name, row["verified"]) for name, row in found.items()}, {("enumeration", "2"), ("low-rank", "2")}, "seeds: networks: points")
    setting = json.loads((folder / "seeds.json").read_text())["setting"]
    check.equal((setting["family"], setting["label"], setting["steps"]), ("mlp", "symmetric-group:3", "30"), "seeds: networks: setting")
    again = frontier(context, folder, "1..2", *training, points=points)
    check(again.exit == 0 and again.errors.count("model kept") == 2 and "trained" not in again.errors, "seeds: networks: kept", again.shown())
    other = frontier(context, folder, "1", *training[:-1], 31, points=points)
    check(other.exit == 0 and "trained 31 steps" in other.errors, "seeds: networks: another training is another model", other.shown())
    wrong = frontier(context, folder, "1", *training, points="low-rank-31")
    check(wrong.exit == 64 and "there is none of that name" in wrong.errors, "seeds: networks: no such point", wrong.shown())
