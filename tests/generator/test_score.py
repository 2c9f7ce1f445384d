"""`score`: every number is the verifier's, parts add up digit for digit, a right explanation is worth more than a wrong one."""
from __future__ import annotations

import hashlib
import json
import os
import xml.etree.ElementTree as xml
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from generator.test_explanations import S5, explanation
from proofmark_testing.context import Context

BEGUN = {"format": "proofmark-explanation", "version": 1}
WRONG = BEGUN | {"strategy": "block-tables", "right": ["residues:5"], "left": ["residues:5"]}
RIGHT = BEGUN | {"strategy": "block-tables", "right": [*(f"images:{k}" for k in range(5)), "sign", "one"], "left": [*(f"preimages:{k}" for k in range(5)), "sign", "one"]}


def scored(context: Context, model: tuple[object, ...], files: dict[str, dict[str, Any]], *options: object) -> Any:
    paths = []
    for name, fields in files.items():
        paths.append(context.temporary / f"{name}.json")
        paths[-1].write_text(json.dumps(fields))
    outcome = context.generator.run("score", model[0], *paths, *model[1:], "--json", *options, timeout=600)
    assert outcome.exit == 0, outcome.shown()
    return json.loads(outcome.output)


def require_sums(context: Context, scores: Any) -> None:
    """Established less exact is the sum of the parts, exactly; what rounding adds is tiny beside what a wrong bound gives away."""
    check, exact = context.check, scores["exact"]
    with localcontext() as digits:
        digits.prec = 400
        for proof in scores["proofs"]:
            if proof["explanation"] is None:
                check.equal((proof["loss_slack"], proof["accuracy_slack"]), (None, None), f"{proof['name']}: the search's own is not taken apart")
                continue
            for slack, difference in ((proof["loss_slack"], proof["upper"] and Decimal(proof["upper"]) - Decimal(exact["lower"])),
                                      (proof["accuracy_slack"], proof["accuracy"] and Decimal(exact["accuracy"]) - Decimal(proof["accuracy"]))):
                if difference is None or slack is None:
                    check.equal(slack, None, f"{proof['name']}: nothing to take apart")
                    continue
                check.equal(sum(Decimal(part["amount"]) for part in slack["parts"]), difference, f"{proof['name']}: parts add up")
                check.equal(Decimal(slack["whole"]), difference, f"{proof['name']}: whole")
                check.equal([part["kind"] for part in slack["parts"]].count("rounding"), 1, f"{proof['name']}: rounding is one part")
                check(abs(Decimal(slack["parts"][-1]["amount"])) <= Decimal("1e-9") * max(1, difference), f"{proof['name']}: rounding is small", slack["parts"][-1])


@pytest.fixture(scope="module")
def token_sum(tmp_path_factory: pytest.TempPathFactory, generator: Any) -> Path:
    path = tmp_path_factory.mktemp("scored") / "token-sum"
    outcome = generator.run("train", "--vocabulary", 16, "--width", 8, "--steps", 150, "--batch", 64, "--output", path)
    assert outcome.exit == 0, outcome.shown()
    return path


def test_token_sum(context: Context, token_sum: Path) -> None:
    check, folder = context.check, context.temporary / "kept"
    files = {"mine": BEGUN | {"strategy": "head-tail", "top": 4}, "Odd name": BEGUN | {"strategy": "head-tail", "heads": [[(a + i) % 16 for i in (5, 6, 7, 8)] for a in range(16)]},
             "blocks": BEGUN | {"strategy": "block-jensen", "blocks": [0, 4, 9]}}
    scores = scored(context, (token_sum,), files, "--output", folder, "--figure", context.temporary / "score.svg")
    require_sums(context, scores)
    proofs = {proof["name"]: proof for proof in scores["proofs"]}
    check.equal(list(proofs), ["mine", "odd-name", "blocks", "searched-head-tail", "searched-block-jensen"], "what is compared")
    check.equal(proofs["odd-name"]["behind"], "mine", "wrong heads are behind")
    check(float(proofs["mine"]["upper"]) < float(proofs["odd-name"]["upper"]), "and looser")
    check.equal({part["kind"] for part in proofs["mine"]["loss_slack"]["parts"]}, {"labels", "rounding"}, "taken apart by labels")
    check.equal({part["kind"] for part in proofs["blocks"]["loss_slack"]["parts"]}, {"labels", "rounding"}, "by those of its own steps")
    # Every number is that of the receipt, and the receipt is that of the certificate.
    for proof in [*scores["proofs"], scores["exact"]]:
        receipt = json.loads((folder / "receipts" / f"{proof['name']}.json").read_text())
        certificate = (folder / "certificates" / f"{proof['name']}.json").read_bytes()
        check.equal(hashlib.sha256(certificate).hexdigest(), proof["certificate_sha256"], f"{proof['name']}: its certificate")
        check.equal((receipt["verdict"], receipt["certificate_sha256"], receipt["operations"]["length"]), ("VERIFIED", proof["certificate_sha256"], proof["length"]), f"{proof['name']}: its receipt")
        established = {(claim["quantity"], claim["direction"]): claim["established"] for claim in receipt["claims"]}
        check.equal([established.get(key) for key in (("cross-entropy", "upper"), ("cross-entropy", "lower"), ("accuracy", "lower"))], [proof["upper"], proof["lower"], proof["accuracy"]], f"{proof['name']}: what is established")
    check.equal((folder / "score.svg").read_text(), (context.temporary / "score.svg").read_text(), "one picture")
    picture = xml.parse(folder / "score.svg").getroot()
    texts = " ".join(picture.itertext())
    check(all(name in texts for name in proofs), "every proof is in it")
    check.equal(json.loads((folder / "score.json").read_text()), scores, "one JSON")
    text = context.generator.run("score", token_sum, context.temporary / "mine.json", context.temporary / "Odd name.json")
    check(text.exit == 0 and "mine: the loss is bounded" in text.output and "behind mine" in text.output, "in words", text.shown())


def test_frontier(context: Context, token_sum: Path) -> None:
    folder = context.temporary / "frontier"
    made = context.generator.run("frontier", token_sum, "--points", "symmetry,convexity", "--output", folder)
    assert made.exit == 0, made.shown()
    scores = scored(context, (token_sum,), {"mine": BEGUN | {"strategy": "head-tail", "top": 4}}, "--frontier", folder)
    context.check.equal([proof["name"] for proof in scores["proofs"]], ["mine", "searched-head-tail", "symmetry", "convexity"], "points of a frontier stand beside")
    other = context.temporary / "other"
    context.generator.run("train", "--vocabulary", 16, "--width", 8, "--steps", 20, "--batch", 16, "--output", other)
    outcome = context.generator.run("score", other, context.temporary / "mine.json", "--frontier", folder)
    context.check(outcome.exit == 65 and "no verified point of this model and task" in outcome.errors, "another model's frontier", outcome.shown())


def test_block_tables(context: Context) -> None:
    check = context.check
    scores = scored(context, S5, {"wrong": WRONG, "right": RIGHT}, "--budget", "0.05")
    require_sums(context, scores)
    wrong, right = scores["proofs"][0], scores["proofs"][1]
    check(wrong["vacuous"] and not right["vacuous"] and float(right["upper"]) < 0.1, "right is worth more than wrong", wrong["upper"], right["upper"])
    kinds = {part["kind"] for part in right["loss_slack"]["parts"]}
    check(kinds - {"fold"} == {"left", "right", "rounding"}, "taken apart by side and group", kinds)
    check(any("images:3" in part["what"] for part in right["loss_slack"]["parts"]), "by the names of partitions")


def test_low_rank(context: Context) -> None:
    scores = scored(context, S5, {"rank": BEGUN | {"strategy": "low-rank", "rank": 17, "labellings": ["token@0", "token@1"], "open": "none"}})
    require_sums(context, scores)
    context.check.equal([part["kind"] for part in scores["proofs"][0]["loss_slack"]["parts"]], ["signs", "norms", "rounding"], "signs, then norms")


def test_refused(context: Context, token_sum: Path) -> None:
    check, path = context.check, explanation(context.temporary, "head-tail", tops=3)
    outcome = context.generator.run("score", token_sum, path)
    check(outcome.exit == 65 and "unknown key 'tops'" in outcome.errors, "a malformed one, before any work", outcome.shown())
    outcome = context.generator.run("score", token_sum)
    check(outcome.exit == 64 and "EXPLANATION is required" in outcome.errors, "none", outcome.shown())
    path = explanation(context.temporary, "head-tail")
    outcome = context.generator.run("score", token_sum, path, "--figure", path)
    check(outcome.exit == 64 and "would replace" in outcome.errors, "onto an explanation", outcome.shown())
    tool = context.temporary / "refuses"
    tool.write_text('#!/bin/sh\n[ "$1" = --version ] && exec "$REAL" --version\necho "s REJECTED"\necho "c reason step-loss x"\nexit 1\n')
    tool.chmod(0o755)
    outcome = context.generator.run("score", token_sum, path, "--verifier", tool, env=os.environ | {"REAL": str(context.verifier.path)})
    check(outcome.exit == 1 and "not verified: exact (REJECTED step-loss)" in outcome.errors, "a verifier that refuses", outcome.shown())
