"""Explanations: read, completed and written; a written one gives the same certificate; what is malformed is refused; a wrong one is sound."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from proofmark_testing.context import ROOT, Context

MODELS = ROOT / "tests" / "models"
ATTENTION = MODELS / "attention-max4-v64-d32.safetensors"
S5 = (MODELS / "mlp-s5-s2.safetensors", "--architecture", MODELS / "mlp-s5-s2.architecture.json", "--inputs", "0..120,0..120", "--label", "symmetric-group:5")
TOKEN_SUM: tuple[tuple[object, ...], ...] = (                     # strategy and options, each tried on a small model
    ("head-tail",), ("head-tail", "--top", 3, "--groups", 2), ("head-tail", "--top", 2, "--weights", "--no-multipliers"), ("head-tail", "--budget", 100_000),
    ("head-tail", "--quantity", "accuracy"), ("mixed", "--budget", "0.95"), ("block-jensen",), ("block-jensen", "--blocks", 4, "--steps", 2))
ATTENTION_ONLY: tuple[tuple[object, ...], ...] = (
    ("near-far", "--outputs", 2, "--joint"), ("near-far", "--near", "best"), ("band", "--outputs", 1), ("soft-near-far", "--outputs", 2, "--near", 2),
    ("placements", "--near", 2), ("subcubic",))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, generator: Any) -> dict[str, Path]:
    """A model of each family, 16 tokens."""
    folder = tmp_path_factory.mktemp("explained")
    common = ("--vocabulary", 16, "--width", 8, "--steps", 150, "--batch", 64)
    for family, options in (("token-sum", ()), ("attention-only", ("--context", 3))):
        outcome = generator.run("train", "--family", family, *common, *options, "--output", folder / family)
        assert outcome.exit == 0, outcome.shown()
    return {family: folder / family for family in ("token-sum", "attention-only")}


def prove(context: Context, *arguments: object, exit: int = 0) -> Any:
    outcome = context.generator.run("prove", *arguments, timeout=300)
    assert outcome.exit == exit, outcome.shown()
    return outcome


def explanation(folder: Path, strategy: str, **fields: Any) -> Path:
    path = folder / "explanation.json"
    path.write_text(json.dumps({"format": "proofmark-explanation", "version": 1, "strategy": strategy, **fields}))
    return path


def witnesses(path: Path) -> Any:
    return json.loads(path.read_text())["witnesses"]


def claimed(path: Path) -> dict[tuple[str, str], float]:
    return {(claim["quantity"], claim["direction"]): float(claim["bound"]) for claim in json.loads(path.read_text())["claims"]}


def again(context: Context, model: tuple[object, ...], how: tuple[object, ...]) -> None:
    """The search's explanation, read again, gives the certificate to the byte, and is written again to the byte."""
    check, folder = context.check, context.temporary
    name = " ".join(map(str, how))
    first, second, found, written = (folder / part for part in ("first.json", "second.json", "found.json", "written.json"))
    prove(context, *model, "--strategy", *how, "--write-explanation", found, "--output", first)
    others = [word for option, value in zip(how[1:], [*how[2:], None]) if option in ("--quantity", "--steps") for word in (option, value)]
    prove(context, *model, "--explanation", found, *others, "--write-explanation", written, "--output", second)
    check.equal(second.read_bytes(), first.read_bytes(), f"{name}: the same certificate")
    check.equal(written.read_bytes(), found.read_bytes(), f"{name}: the same explanation")
    check(witnesses(first) != {} or how[0] == "mixed", f"{name}: it has witnesses")
    verdict = context.verifier.run(second, "--quiet")
    check(verdict.exit == 0 and verdict.output == "s VERIFIED\n", f"{name}: verified", verdict.shown())


@pytest.mark.parametrize("how", TOKEN_SUM, ids=lambda how: " ".join(map(str, how)))
def test_token_sum_again(context: Context, small: dict[str, Path], how: tuple[object, ...]) -> None:
    again(context, (small["token-sum"],), how)


@pytest.mark.parametrize("how", ATTENTION_ONLY, ids=lambda how: " ".join(map(str, how)))
def test_attention_again(context: Context, small: dict[str, Path], how: tuple[object, ...]) -> None:
    again(context, (small["attention-only"],), how)


@pytest.mark.parametrize("how", (("block-tables",), ("block-tables", "--budget", "0.05"), ("low-rank", "--budget", "0.5", "--open", "none")), ids=lambda how: " ".join(map(str, how)))
def test_network_again(context: Context, how: tuple[object, ...]) -> None:
    again(context, S5, how)


def test_what_is_said_is_used(context: Context, small: dict[str, Path]) -> None:
    """Said by one person for a few tokens: there it stands in the witness, elsewhere is what the search finds."""
    check, folder = context.check, context.temporary
    plain, said = folder / "plain.json", folder / "said.json"

    def elements(path: Path, name: str, size: int = 2) -> list[int]:
        import base64
        data = base64.b64decode(witnesses(path)[name]["data"])
        return [int.from_bytes(data[i:i + size], "little") for i in range(0, len(data), size)]

    prove(context, small["token-sum"], "--strategy", "head-tail", "--top", 3, "--output", plain)
    prove(context, small["token-sum"], "--explanation", explanation(folder, "head-tail", top=3, heads={"5": [1, 2, 3], "7": [0]}), "--output", said)
    before, after = elements(plain, "heads"), elements(said, "heads")
    check.equal(after[15:18], [1, 2, 3], "all of the head of token 5")
    check.equal(after[21], 0, "the first of that of token 7")
    check.equal([k for k in before[21:24] if k != 0][:2], after[22:24], "which is completed")
    check.equal(before[:15] + before[18:21] + before[24:], after[:15] + after[18:21] + after[24:], "the others are searched")

    near = [min(m, 1 + m % 3) for m in range(16)]
    prove(context, small["attention-only"], "--explanation", explanation(folder, "band", near=near, joint={"3": True}, heads={"9": [2, 4]}), "--output", said)
    check.equal(elements(said, "near"), near, "near tokens of each label")
    check.equal(elements(said, "joint", 1), [int(m == 3) for m in range(16)], "joint of one label")
    check.equal(elements(said, "heads")[18:20], [2, 4], "outputs of one label")
    prove(context, small["attention-only"], "--explanation", explanation(folder, "placements", fill={"4": 2}, near={"6": 3}), "--output", said)
    check.equal([elements(said, "filled", 1)[4], elements(said, "filled", 1)[5], elements(said, "near")[6], elements(said, "near")[7]], [2, 1, 3, 4], "placements: near and fill")
    prove(context, ATTENTION, "--explanation", explanation(folder, "subcubic", gaps=2), "--output", said)
    check(set(elements(said, "gaps")) == {0, 1, 2}, "subcubic: one gap for all, where there may be such a gap")
    prove(context, small["token-sum"], "--explanation", explanation(folder, "block-jensen", blocks=[0, 1, 3, 10]), "--output", said)
    check.equal(elements(said, "blocks"), [0, 1, 3, 10], "block-jensen: the blocks")
    check.equal([step["labels"] for step in json.loads(said.read_text())["steps"]], [[0, 1], [1, 3], [3, 10], [10, 16]], "a step each")


def test_wrong_is_sound(context: Context, small: dict[str, Path]) -> None:
    """A wrong explanation verifies, and its bound is no better than the truth and worse than the search's."""
    check, folder = context.check, context.temporary
    upper = ("cross-entropy", "upper")
    good, bad, exact = folder / "good.json", folder / "bad.json", folder / "exact.json"
    prove(context, small["token-sum"], "--strategy", "symmetry", "--output", exact)
    prove(context, small["token-sum"], "--strategy", "head-tail", "--top", 4, "--output", good)
    heads = [[(a + i) % 16 for i in (5, 6, 7, 8)] for a in range(16)]
    prove(context, small["token-sum"], "--explanation", explanation(folder, "head-tail", heads=heads), "--output", bad)
    for path in (good, bad):
        check.equal(context.verifier.run(path, "--quiet").output, "s VERIFIED\n", f"{path.name}: verified")
    check(claimed(exact)[upper] < claimed(good)[upper] < claimed(bad)[upper], "the wrong one is looser", claimed(good), claimed(bad))


REFUSED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("token-sum", {"strategy": "head-tail", "head": 3}, "has the unknown key 'head'", "did you mean 'heads'?"),
    ("token-sum", {"strategy": "head-tail", "top": 0}, "top is 0, expected a whole number from 1 to 16", "docs/explanations.md"),
    ("token-sum", {"strategy": "head-tail", "top": 2, "heads": {"3": [1, 2, 3]}}, "heads.3 is an array of 3, expected an array of 0 to 2 outputs", "docs/explanations.md"),
    ("token-sum", {"strategy": "head-tail", "heads": [[1]] * 15}, "heads is an array of 15, expected an array of 16 heads, one a token", ""),
    ("token-sum", {"strategy": "head-tail", "heads": {"16": [1]}}, "heads has the key '16', expected a token from 0 to 15", ""),
    ("token-sum", {"strategy": "head-tail", "heads": {"03": [1]}}, "heads has the key '03', expected a token from 0 to 15", ""),
    ("token-sum", {"strategy": "head-tail", "heads": {"2": [1, 1]}}, "heads.2 has the output 1 twice", "each output stands in a head once"),
    ("token-sum", {"strategy": "head-tail", "heads": {"2": [16]}}, "heads.2[0] is 16, expected a whole number from 0 to 15", ""),
    ("token-sum", {"strategy": "head-tail", "heads": {"2": [-1]}}, "heads.2[0] is -1, expected a whole number from 0 to 15", ""),
    ("token-sum", {"strategy": "head-tail", "groups": [0] * 15 + [2]}, "groups has 2 groups, and the largest is 2", "each has an output"),
    ("token-sum", {"strategy": "head-tail", "weights": [1] * 15 + [0]}, "weights[15] is 0, expected a number above 0", ""),
    ("token-sum", {"strategy": "head-tail", "weights": [1] * 15 + ["1"]}, "weights[15] is '1', expected a number above 0", ""),
    ("token-sum", {"strategy": "head-tail", "multipliers": 1}, "multipliers is 1, expected true or false", ""),
    ("token-sum", {"strategy": "head-tail", "budget": 0.1}, "budget is 0.1, expected a decimal in quotes", ""),
    ("token-sum", {"strategy": "head-tail", "groups": 2, "budget": "0.5"}, "--groups and --budget cannot be given together", ""),
    ("token-sum", {"strategy": "block-jensen", "blocks": [1, 2]}, "blocks[0] is 1, expected a whole number from 0 to 0", ""),
    ("token-sum", {"strategy": "block-jensen", "blocks": [0, 5, 5]}, "blocks[2] is 5, expected a whole number from 6 to 15", ""),
    ("token-sum", {"strategy": "block-jensen", "blocks": [0, 15, 3]}, "blocks has a block after the last token", ""),
    ("token-sum", {"strategy": "mixed", "budget": "0.5", "rules": ["symetry"]}, "rules[0] is 'symetry', expected one of", "did you mean 'symmetry'?"),
    ("token-sum", {"strategy": "mixed", "budget": "0.5", "rules": ["symmetry"]}, "'rules' has 1 strategies, but there are 16 steps", "--steps"),
    ("token-sum", {"strategy": "mixed", "budget": "0.01", "rules": ["symmetry"] * 16}, "--budget 0.01 is too small", ""),
    ("token-sum", {"strategy": "symmetry"}, "--strategy symmetry takes no explanation", "docs/explanations.md"),
    ("token-sum", {"strategy": "no\x1b[2Jsuch"}, "expected the name of a strategy", "the strategies that take one are: head-tail"),
    ("attention-only", {"strategy": "near-far", "near": [0] * 3 + [4] + [0] * 12}, "near[3] is 4, expected a whole number from 0 to 3", ""),
    ("attention-only", {"strategy": "near-far", "near": "most"}, "near is 'most', expected a number of tokens, 'best', or a list of numbers", ""),
    ("attention-only", {"strategy": "near-far", "heads": {"3": [3]}}, "heads.3 has the output 3, which is the label itself", "wrong outputs"),
    ("attention-only", {"strategy": "near-far", "heads": {"3": [i for i in range(16) if i != 3]}}, "heads has 15 outputs of a label, and the model has 16 outputs", ""),
    ("attention-only", {"strategy": "near-far", "joint": {"3": 1}}, "joint.3 is 1, expected true or false", ""),
    ("attention-only", {"strategy": "placements", "near": "best"}, "near is 'best', expected a whole number", ""),
    ("attention-only", {"strategy": "subcubic", "gaps": {"2": [0, 1]}}, "gaps.2 is an array of 2, expected an array of 3 queries", ""),
    ("attention-only", {"strategy": "subcubic", "gaps": {"2": [[0, 3, 0], 0, 0]}}, "gaps.2[0][1] is 3, expected a whole number from 0 to 2", ""),
)
S5_REFUSED: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"strategy": "block-tables", "right": ["images:5"]}, "right[0] is 'images:5': images: expected a number from 0 to 4", "docs/explanations.md"),
    ({"strategy": "block-tables", "right": ["image:1"]}, "did you mean 'images'?", ""),
    ({"strategy": "block-tables", "right": [[0] * 119]}, "right[0] is an array of 119, expected an array of 120 numbers of blocks", ""),
    ({"strategy": "block-tables", "right": []}, "right is an array of 0, expected an array of 1 to", ""),
    ({"strategy": "block-tables", "right": [{"partition": "sign", "neurons": [3]}, {"partition": "one", "neurons": [5, 3]}]}, "right[1].neurons[1] is the neuron 3 again", "a neuron follows one partition"),
    ({"strategy": "block-tables", "left": "none"}, "left is 'none', expected a list of partitions, or 'exact'", ""),
    ({"strategy": "block-tables", "radii": "parts"}, "radii is 'parts', expected one of norms, positive-parts", ""),
    ({"strategy": "low-rank", "rank": 1, "modulus": 120, "frequencies": [1]}, "rank is 1, expected at least the 2 rows of the frequencies", "two rows"),
    ({"strategy": "low-rank", "frequencies": [1]}, "has no 'modulus'", ""),
    ({"strategy": "low-rank", "modulus": 120, "frequencies": [61]}, "frequencies[0] is 61, expected a whole number from 0 to 60", ""),
    ({"strategy": "low-rank", "modulus": 120, "frequencies": [2, 2]}, "frequencies has the frequency 2 twice", ""),
    ({"strategy": "low-rank", "labellings": ["token@2"]}, "labellings[0] is no labelling: token@2 reads position 2, and inputs have 2", ""),
    ({"strategy": "low-rank", "labellings": [[0, 1]]}, "labellings[0] is an array of 2, expected an array of 14400 labels", ""),
    ({"strategy": "low-rank", "keep": 0}, "keep is 0, expected a number above 0", ""),
    ({"strategy": "head-tail"}, "--strategy head-tail takes no explanation of a described network", ""),
    ({"strategy": "blocktables"}, "explanation.json': strategy is 'blocktables', expected the name of a strategy", "did you mean 'block-tables'?"),
)


@pytest.mark.parametrize(("family", "fields", "message", "hint"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_refused(context: Context, small: dict[str, Path], family: str, fields: dict[str, Any], message: str, hint: str) -> None:
    refuse(context, (small[family],), fields, message, hint)


@pytest.mark.parametrize(("fields", "message", "hint"), S5_REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_network_refused(context: Context, fields: dict[str, Any], message: str, hint: str) -> None:
    refuse(context, S5, fields, message, hint)


def refuse(context: Context, model: tuple[object, ...], fields: dict[str, Any], message: str, hint: str) -> None:
    output = context.temporary / "refused.json"
    outcome = context.generator.run("prove", *model, "--explanation", explanation(context.temporary, **fields), "--output", output)
    lines = outcome.errors.splitlines()
    context.check(outcome.exit in (64, 65) and message in lines[0] and hint in outcome.errors and len(lines) <= 2 and "\x1b" not in outcome.errors, f"refused: {message}", outcome.shown())
    context.check(not output.exists(), f"nothing is written: {message}")


def test_no_explanation(context: Context, small: dict[str, Path]) -> None:
    """What is no explanation at all, and what is said twice."""
    path, model, output = context.temporary / "file.json", small["token-sum"], ("--output", context.temporary / "out.json")
    begun = {"format": "proofmark-explanation", "version": 1, "strategy": "head-tail"}
    for text, message, exit in (("[1]", "is an array of 1, expected an object", 65), ("{", "is not JSON: line 1, column 2", 65), ('{"format": 1,\n  version: 1}', "is not JSON: line 2, column 3", 65), ("{", "docs/explanations.md has examples", 65), ("{}", "has no 'format'", 65),
                                ('{"format": 1, "format": 2}', "has the key 'format' twice", 65),
                                (json.dumps(begun | {"version": 2}), "version is 2, expected a whole number from 1 to 1", 65),
                                (json.dumps(begun | {"format": "proofmark-certificate"}), "format is 'proofmark-certificate', expected 'proofmark-explanation'", 65),
                                (json.dumps(begun | {"strategy": 3}), "strategy is 3, expected the name of a strategy", 65)):
        path.write_text(text)
        outcome = context.generator.run("prove", model, "--explanation", path, *output)
        context.check(outcome.exit == exit and message in outcome.errors, f"no explanation: {message}", outcome.shown())
    path.write_text(json.dumps(begun | {"top": 3}))
    for options, message in ((("--strategy", "mixed"), "--strategy mixed is not that of the explanation, 'head-tail'"), (("--top", 3), "--top and the explanation's 'top' say the same thing")):
        outcome = context.generator.run("prove", model, "--explanation", path, *options, *output)
        context.check(outcome.exit == 64 and message in outcome.errors, f"said twice: {message}", outcome.shown())
    outcome = context.generator.run("prove", model, "--strategy", "symmetry", "--write-explanation", path, *output)
    context.check(outcome.exit == 64 and "--strategy symmetry has no witnesses" in outcome.errors, "nothing to write", outcome.shown())
    outcome = context.generator.run("prove", model, "--explanation", context.temporary / "absent", *output)
    context.check(outcome.exit == 66, "no such file", outcome.shown())
    outcome = context.generator.run("prove", model, *output)
    context.check(outcome.exit == 64 and "--strategy is required" in outcome.errors, "neither strategy nor explanation", outcome.shown())
