"""Parts: several runs that check a proof together say what one run says, and files that do not belong together are refused."""
from __future__ import annotations

import copy
import hashlib
import hmac
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from proofmark_testing import corpus
from proofmark_testing.certificates import render
from proofmark_testing.context import CORPUS, ROOT, Context, schema_errors
from proofmark_testing.processes import PATIENCE, ignores, wait_until
from proofmark_testing.verifier import ENGINES, Outcome, well_formed

SEAL = '"seal": "'
JOINED = "c joined from "
# Mutants that a join cannot tell from the truth: what the runs alone have seen, and what is only reported.
ON_TRUST = ("/established",)
PUBLISHED = ROOT / "certificates" / "max2-v64" / "proof.cert.json"


@dataclass(frozen=True)
class Job:
    """One certificate, cut into parts."""

    context: Context
    certificate: Path
    folder: Path
    of: int
    options: tuple[str, ...] = ()

    def path(self, index: int) -> Path:
        return self.folder / f"{self.certificate.parent.name}-{self.certificate.stem}-{index}-of-{self.of}.json"

    def paths(self) -> list[Path]:
        return [self.path(index) for index in range(1, self.of + 1)]

    def run(self, index: int) -> Outcome:
        return self.context.verifier.run(self.certificate, "--part", f"{index}/{self.of}", "--receipt", self.path(index), *self.options)

    def run_all(self) -> list[Outcome]:
        return [self.run(index) for index in range(1, self.of + 1)]

    def join(self, *options: object, paths: list[Path] | None = None) -> Outcome:
        return self.context.verifier.run("--join", *(paths if paths is not None else self.paths()), *options)


@pytest.fixture
def certificate() -> Path:
    return PUBLISHED


def test_corpus(context: Context) -> None:
    for number, case in enumerate(corpus.cases("accept")):
        if number % 7 == 0 or case.name in ("accept/base", "accept/network-plain", "accept/network-step-for-each-input", "accept/low-rank-everything", "accept/block-tables-everything"):
            same_as_one_run(context, case.written(context.temporary), ENGINES[number % 2])


@pytest.mark.parametrize("of", (1, 2, 5, 64, 100))
def test_published(context: Context, certificate: Path, of: int) -> None:
    same_as_one_run(context, certificate, "fast", of)


def job(context: Context, certificate: Path, of: int, *options: str) -> Job:
    return Job(context, certificate, context.temporary, of, options)


def same_as_one_run(context: Context, path: Path, engine: str, of: int = 3) -> None:
    """Parts say PARTIAL, and together what one run says: the same lines but one, the same receipt but one key."""
    name = f"parts: {path.stem}, {of}, {engine}"
    parts = job(context, path, of, "--engine", engine)
    wrong = [outcome.shown() for outcome in parts.run_all() if outcome.exit != 0 or outcome.lines[:1] != ["s PARTIAL"] or well_formed(outcome)]
    context.check(not wrong, f"{name}: every part holds", *wrong[:1])
    receipts = [context.temporary / f"{kind}-receipt.json" for kind in ("whole", "joined")]
    whole = context.verifier.run(path, "--engine", engine, "--verbose", "--receipt", receipts[0])
    joined = parts.join("--certificate", path, "--verbose", "--receipt", receipts[1])
    if not context.check((joined.verdict, whole.verdict) == ("JOINED", "VERIFIED"), f"{name}: joined", joined.shown()):
        return
    context.check.equal([line for line in joined.lines[1:] if not line.startswith(JOINED)], whole.lines[1:], f"{name}: the answer of one run")
    context.check(sum(line.startswith(JOINED) and "rests on the machines" in line for line in joined.lines) == 1,
                        f"{name}: says on what it rests")
    one, other = (json.loads(receipt.read_bytes()) for receipt in receipts)
    digests = [hashlib.sha256(part.read_bytes()).hexdigest() for part in parts.paths()]
    context.check.equal(other, one | {"verdict": "JOINED", "joined": digests}, f"{name}: the receipt of one run")
    errors = schema_errors("receipt", other) + [error for part in parts.paths() for error in schema_errors("part", json.loads(part.read_bytes()))]
    context.check(not errors, f"{name}: schemas", *errors[:3])
    ranges = [json.loads(part.read_bytes())["part"] for part in parts.paths()]
    context.check.equal([(one["from"], one["to"]) for one in ranges], expected_ranges(path, of), f"{name}: balanced as the format says")


def expected_ranges(path: Path, of: int) -> list[tuple[int, int]]:
    lengths = [step["operations"] for step in json.loads(path.read_bytes())["steps"]]
    starts = [next((i for i in range(len(lengths) + 1) if sum(lengths[:i]) * of >= index * sum(lengths)), len(lengths)) for index in range(of)]
    return list(zip(starts, [*starts[1:], len(lengths)], strict=True))


def test_questions(context: Context, certificate: Path) -> None:
    """--claim and --weights ask of a join as of one run."""
    parts = job(context, certificate, 2)
    parts.run_all()
    content = json.loads(certificate.read_bytes())
    claim = {"format": "proofmark-claim", "version": 2, "task": content["task"], "model_sha256": content["model"]["sha256"], "claims": content["claims"]}
    good, bad = context.temporary / "good.claim.json", context.temporary / "bad.claim.json"
    good.write_text(json.dumps(claim))
    bad.write_text(json.dumps(claim | {"claims": [{"quantity": "cross-entropy", "direction": "upper", "bound": "0.0001"}]}))
    weights = certificate.parent / "model.safetensors"
    context.check.equal(parts.join("--claim", good).verdict, "JOINED", "parts: --claim that the parts prove")
    context.check.equal(parts.join("--claim", bad).reason, "claim-mismatch", "parts: --claim that they do not prove")
    context.check.equal(parts.join("--weights", weights).verdict, "JOINED", "parts: --weights of the model")
    other = ROOT / "certificates" / "max3-v64" / "model.safetensors"
    context.check.equal(parts.join("--weights", other).reason, "weights-mismatch", "parts: --weights of another model")


def sealed(text: str, key: bytes = b"") -> str:
    """The text of a part with the seal that belongs to it."""
    body = text[:text.rindex('"seal"')]
    secret = hashlib.sha256(key).hexdigest().encode() if key else b""
    return body + SEAL + hmac.new(secret, body.encode(), hashlib.sha256).hexdigest() + '"\n}\n'


def rewritten(content: Any, key: bytes = b"") -> str:
    """A part with other content and the seal that belongs to it: what a forger can write who has the key."""
    return sealed(json.dumps(content | {"seal": ""}, indent=1), key)


def test_resuming(context: Context, certificate: Path) -> None:
    parts = job(context, certificate, 2)
    parts.run_all()
    path = parts.path(1)
    whole = path.read_text()
    again = parts.run(1)
    steps = len(json.loads(whole)["steps"])
    context.check(f"c resumed {steps} steps" in again.output and path.read_text() == whole, "parts: a part that is done is done", again.shown())
    content = json.loads(whole)
    for kept in (steps[1:2] for steps in [content["steps"]]):
        path.write_text(rewritten(content | {"steps": kept}))
        context.check.equal(parts.join().reason, "part-coverage", "parts: one that has not ended is refused")
        resumed = parts.run(1)
        context.check("c resumed 1 steps" in resumed.output and path.read_text() == whole, "parts: one that has not ended goes on", resumed.shown())
    other = job(context, certificate, 3)
    other.run(1)
    forged = copy.deepcopy(content)
    forged["steps"][0]["loss"][1] = "0x1p-20"
    too_good = copy.deepcopy(content)
    too_good["steps"][0]["established"]["loss"][1] = str(2**80)
    for what, text in (("a cut file", whole[:len(whole) // 2]), ("an empty file", ""), ("a receipt", '{"format": "proofmark-receipt", "version": 1}')):
        path.write_text(text)
        outcome = parts.run(1)
        context.check(outcome.exit == 0 and "c resumed" not in outcome.output and path.read_text() == whole, f"parts: {what} in the part's place is replaced",
                            outcome.shown())
    for what, text in (("damage", whole.replace("symmetry@1", "symmetry@2", 1)), ("a part of another commit", rewritten(content | {"verifier": content["verifier"] | {"commit": "0" * 12}})),
                       ("another certificate", rewritten(content | {"certificate_sha256": "0" * 64})), ("another division", other.path(1).read_text()),
                       ("another part", parts.path(2).read_text()), ("another key", sealed(whole, b"secret")), ("a later version", rewritten(content | {"version": 3})),
                       ("steps that are not the certificate's", rewritten(forged)), ("steps that do not hold", rewritten(too_good))):
        path.write_text(text)
        outcome = parts.run(1)
        context.check(outcome.exit == 66 and outcome.reason == "io" and "c hint: move it away" in outcome.output and path.read_text() == text,
                            f"parts: {what} in the part's place stays, and stops the run", outcome.shown())
    path.unlink()
    leftover = subprocess.run(["bash", "-c", f'touch "$2.partial-$$" "$2.partial-$$-0"; exec "$0" "$1" --part 1/2 --receipt "$2" --quiet', context.verifier.path, certificate, path],
                              capture_output=True, text=True)
    context.check(leftover.stdout == "s PARTIAL\n" and path.read_text() == whole, "parts: what a killed run left behind is not in the way", leftover)
    for left in path.parent.glob(f"{path.name}.partial-*"):
        left.unlink()


def test_refusals(context: Context, certificate: Path) -> None:
    """Lost, duplicated, truncated, mixed-up and forged parts."""
    parts = job(context, certificate, 3)
    parts.run_all()
    first, second, third = parts.paths()
    context.check.equal(parts.join(paths=[third, first, second]).verdict, "JOINED", "parts: in any order")
    # part-missing, part-duplicate, json-syntax: what is lost
    expect(context, parts.join(paths=[first, third]), "part-missing", "lost")
    expect(context, parts.join(paths=[first]), "part-missing", "two lost")
    expect(context, parts.join(paths=[first, second, second, third]), "part-duplicate", "duplicated", second)
    elsewhere = context.temporary / "elsewhere"
    elsewhere.mkdir()

    def with_first(text: str, name: str = "first.json") -> list[Path]:
        (elsewhere / name).write_text(text)
        return [elsewhere / name, second, third]

    text = first.read_text()
    content = json.loads(text)
    for length in (0, 1, len(text) // 2, len(text) - 80, len(text) - 3):
        outcome = parts.join(paths=with_first(text[:length]))
        context.check.equal((outcome.exit, outcome.reason), (3, "json-syntax"), f"parts: cut to {length} bytes", outcome.shown())
    expect(context, parts.join(paths=with_first(text[:-1])), "part-seal", "cut by one byte", elsewhere / "first.json")
    for at in range(60, len(text) - 70, len(text) // 9):
        damaged = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1:]
        context.check(parts.join(paths=with_first(damaged)).exit in (1, 2, 3), f"parts: one bit of byte {at}")
    changed = text.replace('"correct": ["', '"correct": ["1', 1)
    context.check(changed != text, "parts: something to change")
    expect(context, parts.join(paths=with_first(changed)), "part-seal", "changed")
    # mixed up
    other = job(context, ROOT / "certificates" / "max2-v64-provable" / "proof.cert.json", 3)
    other.run_all()
    expect(context, parts.join(paths=[first, other.path(2), third]), "part-mismatch", "of two certificates", other.path(2))
    divided = job(context, certificate, 4)
    divided.run(2)
    expect(context, parts.join(paths=[first, divided.path(2), third]), "part-mismatch", "of two divisions")
    reference = Job(context, certificate, elsewhere, 3, ("--engine", "reference"))
    reference.run(2)
    expect(context, parts.join(paths=[first, reference.path(2), third]), "part-mismatch", "of two engines")
    expect(context, parts.join("--certificate", other.certificate), "part-mismatch", "of another certificate than the one in hand")
    expect(context, parts.join(paths=with_first(rewritten(content | {"verifier": content["verifier"] | {"version": "0.0.1"}}))), "part-mismatch", "of another verifier")
    # forged with the right seal, as anybody can without a key
    for what, change, reason in forgeries():
        forged = copy.deepcopy(content)
        change(forged)
        expect(context, parts.join(paths=with_first(rewritten(forged))), reason, what)
    other_tables = copy.deepcopy(content)
    other_tables["tables"]["performed"]["add"] -= 1
    expect(context, parts.join(paths=with_first(rewritten(other_tables))), "part-mismatch", "of tables that took something else")
    halves = Job(context, certificate, elsewhere, 2)
    halves.run_all()
    last = json.loads(halves.path(2).read_bytes())
    last["part"]["to"] -= 1
    last["steps"].pop()
    halves.path(2).write_text(rewritten(last))
    expect(context, halves.join(), "part-coverage", "the last range cut short")

    def in_all(change: Any) -> list[Path]:
        paths = []
        for path in parts.paths():
            forged = json.loads(path.read_bytes())
            change(forged)
            paths.append(elsewhere / f"all-{path.name}")
            paths[-1].write_text(rewritten(forged))
        return paths

    def by(engine: str, asked: str) -> Any:
        def change(content: dict[str, Any]) -> None:
            content.update(engine=asked, precision={"fast": 53, "reference": 128}[asked])
            for step in content["steps"]:
                step["established"]["engine"] = engine
        return change

    context.check.equal(parts.join(paths=in_all(by("reference", "fast"))).verdict, "JOINED", "parts: steps that the reference engine decided")
    expect(context, parts.join(paths=in_all(by("fast", "reference"))), "part-mismatch", "steps by an engine that was not asked")
    uncounted = in_all(lambda content: [step.pop("correct") for step in content["steps"]])
    expect(context, parts.join(paths=uncounted), "claim-unsupported", "an accuracy claim and steps that count nothing")
    looser = in_all(lambda content: content["claims"][0].update(bound="0.5"))
    context.check.equal(parts.join(paths=looser).verdict, "JOINED", "parts: a weaker claim that the steps imply")
    expect(context, parts.join("--certificate", certificate, paths=looser), "part-mismatch", "another claim than the certificate's")
    everywhere = []
    for path in parts.paths():
        forged = json.loads(path.read_bytes())
        forged["claims"][0]["bound"] = "0.0001"
        everywhere.append(elsewhere / path.name)
        everywhere[-1].write_text(rewritten(forged))
    expect(context, parts.join(paths=everywhere), "claim-not-implied", "claims that the steps do not imply")
    # The steps' ends lowered with the claim: only the certificate in hand tells.
    for path in everywhere:
        forged = json.loads(path.read_bytes())
        for step in forged["steps"]:
            step["loss"], step["established"]["loss"] = ["0x0p+0", "0x0p+0"], ["0", "0"]
        forged["claims"][1]["bound"] = "0"
        path.write_text(rewritten(forged))
    context.check.equal(parts.join(paths=everywhere).verdict, "JOINED", "parts: what everybody can forge without a key")
    expect(context, parts.join("--certificate", certificate, paths=everywhere), "part-mismatch", "forged, and the certificate in hand")
    keys(context, parts, everywhere)


def keys(context: Context, parts: Job, forged: list[Path]) -> None:
    key, other_key = context.temporary / "key", context.temporary / "other-key"
    key.write_bytes(b"secret \x00 bytes\n" * 20)
    other_key.write_bytes(b"another")
    folder = context.temporary / "keyed"
    folder.mkdir()
    keyed = Job(context, parts.certificate, folder, 3, ("--key", str(key)))
    keyed.run_all()
    context.check.equal(keyed.join("--key", key).verdict, "JOINED", "parts: with the key that they were made with")
    expect(context, keyed.join(), "part-seal", "made with a key, joined without")
    expect(context, keyed.join("--key", other_key), "part-seal", "joined with another key")
    expect(context, parts.join("--key", key), "part-seal", "made without a key, joined with one")
    expect(context, keyed.join("--key", key, paths=[*forged[:1], *keyed.paths()[1:]]), "part-seal", "forged without the key")
    other_key.write_bytes(b"\0" * 32)
    expect(context, parts.join("--key", other_key), "part-seal", "made without a key, joined with one of zeros")
    other_key.write_bytes(b"")
    context.check.equal(keyed.join("--key", other_key).reason, "usage", "parts: an empty key is none")
    context.check.equal(keyed.join("--key", context.temporary / "no-key").reason, "io", "parts: a key that is not there")


def expect(context: Context, outcome: Outcome, reason: str, what: str, file: Path | None = None) -> None:
    good = outcome.exit == 1 and outcome.reason == reason and not well_formed(outcome) and (file is None or f'c file "{file}"' in outcome.lines)
    context.check(good, f"parts: {what}: {reason}", outcome.shown())


def forgeries() -> Iterator[tuple[str, Any, str]]:
    def step(place: str, value: Any) -> Any:
        def change(content: dict[str, Any]) -> None:
            target, keys = content["steps"][0], place.split("/")
            for one in keys[:-1]:
                target = target[int(one) if isinstance(target, list) else one]
            target[int(keys[-1]) if isinstance(target, list) else keys[-1]] = value
        return change

    yield "an upper end below the established one", lambda content: content["steps"][0].update(loss=content["steps"][0]["loss"][:1] * 2), "loss-upper"
    yield "a lower end above the established one", lambda content: content["steps"][0].update(loss=content["steps"][0]["loss"][1:] * 2), "loss-lower"
    yield "ends the wrong way round", step("loss/0", "0x1p+40"), "interval-reversed"
    yield "an established interval that is none", step("established/loss/0", str(2**100)), "interval-reversed"
    yield "an established upper end too high", step("established/loss/1", str(2**100)), "loss-upper"
    yield "an established lower end too low", step("established/loss/0", "0"), "loss-lower"
    yield "a loss below 0", step("established/loss/0", "-1"), "interval-reversed"
    yield "more correct inputs than were counted", lambda content: content["steps"][-1]["established"]["correct"].__setitem__(0, "0"), "correct-count"
    yield "fewer correct inputs at most than were counted", step("established/correct/1", str(2**70)), "correct-count"
    yield "counted inputs the wrong way round", step("established/correct/0", str(2**71)), "interval-reversed"
    yield "a margin above the established one", step("established/margin/0", str(-2**80)), "margin"
    yield "a margin that was not established", lambda content: content["steps"][0]["established"].pop("margin"), "margin"
    yield "more operations than the budget", step("established/operations/sqrt", 2**50), "operations-budget"
    yield "tables that took more than their budget", lambda content: content["tables"]["performed"].update(sqrt=2**50), "operations-budget"
    yield "labels that are another step's", step("labels/0", 3), "step-coverage"
    yield "a budget of nothing", step("operations", 0), "operations-budget"
    yield "a step without a count", lambda content: content["steps"][0].pop("correct"), "step-mixed"
    yield "a step left out", lambda content: content["steps"].pop(), "part-coverage"
    yield "a step twice", lambda content: content["steps"].insert(1, content["steps"][0]), "part-coverage"
    yield "a step of another part", lambda content: content["steps"][-1].update(id=content["part"]["to"]), "part-coverage"
    yield "a range cut short", lambda content: (content["part"].update(to=content["part"]["to"] - 1), content["steps"].pop()), "part-coverage"
    yield "another number of parts", lambda content: content["part"].update(of=2), "part-mismatch"
    yield "a part number beyond the last", lambda content: content["part"].update(index=4), "part-coverage"
    yield "another claim than the other parts'", lambda content: content["claims"][0].update(bound="0.0001"), "part-mismatch"
    yield "another number of steps", lambda content: content.update(step_count=content["step_count"] + 1), "part-mismatch"
    yield "another model", lambda content: content["model"].update(sha256="0" * 64), "part-mismatch"
    yield "claims the other way round", lambda content: [claim.update(direction=other) for claim, other in zip(content["claims"], ("lower", "upper"))], "part-mismatch"
    yield "claims of other quantities", lambda content: [claim.update(quantity=other) for claim, other in zip(content["claims"][1:], ("accuracy", "cross-entropy"))], "part-mismatch"
    yield "another task", lambda content: content["task"]["inputs"]["ranges"].pop(), "part-mismatch"
    yield "another description", lambda content: content["model"]["architecture"]["readout"][0].update(layout="in,out"), "part-mismatch"
    yield "another number of classes", lambda content: content["model"].update(classes=content["model"]["classes"] + 1), "part-mismatch"
    yield "another budget of the tables", lambda content: content["tables"].update(operations=content["tables"]["operations"] + 1), "part-mismatch"


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place in a document, its container and key."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield f"{place}/{key}", value, key
        yield from leaves(child, f"{place}/{key}")


def test_mutants(context: Context) -> None:
    """Every value of a part changed or taken out, with the right seal: refused, unless it is what only the run has seen."""
    parts = job(context, ROOT / "certificates" / "max2-v64" / "proof.cert.json", 2)
    parts.run_all()
    original = json.loads(parts.path(2).read_bytes())
    target = context.temporary / "mutant.json"
    verified = []
    for place, _, _ in list(leaves(original)):
        for kind in ("remove", "zero", "next", "text"):
            content = copy.deepcopy(original)
            container, key = next((container, key) for found, container, key in leaves(content) if found == place)
            before = container[key]
            if kind == "remove":
                del container[key]
            else:
                container[key] = 0 if kind == "zero" else before + 1 if kind == "next" and isinstance(before, int) else "x" if kind == "text" else [before]
            if container[key:key + 1] == [before] if isinstance(container, list) else container.get(key) == before:
                continue
            target.write_text(rewritten(content) if place != "/seal" else json.dumps(content))
            outcome = parts.join("--certificate", parts.certificate, paths=[parts.path(1), target])
            if outcome.exit not in (0, 1, 2, 3) or well_formed(outcome):
                context.check(False, f"parts: mutant {place} {kind} ends with a verdict", outcome.shown())
            if outcome.exit == 0:
                verified.append(place)
    context.check.equal([place for place in verified if not any(trusted in place for trusted in ON_TRUST)], [], "parts: no mutant joins")


def test_failing_steps(context: Context) -> None:
    """A step that does not hold fails its own part; what fails for the whole fails in every part."""
    content = json.loads((ROOT / "certificates" / "max2-v64" / "proof.cert.json").read_bytes())
    content["claims"] = [claim for claim in content["claims"] if (claim["quantity"], claim["direction"]) == ("cross-entropy", "upper")]
    last = content["steps"][-1]
    last["loss"][0] = last["loss"][1]
    path = context.temporary / "failing.json"
    path.write_bytes(render(content))
    whole = context.verifier.run(path)
    parts = job(context, path, 2)
    first, second = parts.run_all()        # the failing step is the last one
    context.check(whole.verdict == "REJECTED" and first.exit == 0, "parts: the part without the failing step holds", whole.shown(), first.shown())
    context.check.equal(second.output, whole.output, "parts: the part with the failing step says what one run says")
    outcome = parts.join()
    context.check.equal((outcome.exit, outcome.reason), (3, "format-name"), "parts: the receipt of a part that failed does not join", outcome.shown())
    held = parts.path(1).read_bytes()
    outcome = context.verifier.run(path, "--part", "1/2", "--receipt", parts.path(1), "--claim", path)
    context.check(outcome.exit == 3 and parts.path(1).read_bytes() == held, "parts: a run that fails leaves the part that is there", outcome.shown())
    for rejected in (CORPUS / "reject" / "claim-not-implied" / "upper-last-of-3-digits.json", CORPUS / "reject" / "step-coverage" / "gap.json"):
        parts = job(context, rejected, 2)
        for outcome in parts.run_all():
            context.check.equal(outcome.output, context.verifier.run(rejected).output, f"parts: {rejected.stem} in each part")


def test_usage(context: Context) -> None:
    base, out = CORPUS / "accept" / "base.json", context.temporary / "usage.json"
    parts = job(context, base, 1)
    parts.run(1)
    part = parts.path(1)
    for what, arguments in (("no slash", (base, "--receipt", out, "--part", "1")), ("0 of 2", (base, "--receipt", out, "--part", "0/2")),
                            ("3 of 2", (base, "--receipt", out, "--part", "3/2")), ("a sign", (base, "--receipt", out, "--part", "+1/2")),
                            ("too many", (base, "--receipt", out, "--part", "1/65537")), ("three numbers", (base, "--receipt", out, "--part", "1/2/3")),
                            ("part without a receipt", (base, "--part", "1/2")), ("part and explain", (base, "--explain", "--part", "1/2", "--receipt", out)),
                            ("join of nothing", ("--join",)), ("join and part", ("--join", part, "--part", "1/2", "--receipt", out)),
                            ("join and engine", ("--join", part, "--engine", "fast")), ("join and explain", ("--join", part, "--explain")),
                            ("certificate without join", (base, "--certificate", base)), ("key alone", (base, "--key", base)),
                            ("receipt over a part", ("--join", part, "--receipt", part)), ("standard input twice", ("--join", "-", "-"))):
        outcome = context.verifier.run(*arguments)
        context.check(outcome.exit == 64 and outcome.reason == "usage" and "c hint: " in outcome.output, f"parts: usage, {what}", outcome.shown())
    context.check(not out.exists(), "parts: usage leaves nothing behind")
    context.check.equal(context.verifier.run("--join", context.temporary / "none.json").reason, "io", "parts: a file that is not there")
    context.check.equal(context.verifier.run("--join", "-", stdin=part).verdict, "JOINED", "parts: from standard input")
    blocked = context.verifier.run(base, "--part", "1/1", "--receipt", context.temporary / "no" / "folder.json")
    context.check.equal(blocked.reason, "io", "parts: a place that cannot be written")


def test_interrupted(context: Context) -> None:
    """A run that is told to stop keeps the steps that it has finished, and the same command goes on to the same file."""
    model, certificate = context.temporary / "model.safetensors", context.temporary / "long.cert.json"
    context.generator.run("train", "--vocabulary", 512, "--width", 16, "--steps", 20, "--output", model)
    context.generator.run("prove", model, "--strategy", "symmetry", "--steps", 160, "--output", certificate)
    parts = job(context, certificate, 1, "--engine", "reference", "--threads", "1")
    for stop in (signal.SIGINT, signal.SIGTERM):
        parts.path(1).unlink(missing_ok=True)
        with subprocess.Popen([context.verifier.path, certificate, "--part", "1/1", "--receipt", parts.path(1), *parts.options],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            wait_until(lambda: parts.path(1).exists() or process.poll() is not None)
            process.send_signal(stop)
            output, errors = process.communicate(timeout=PATIENCE)
        done = len(json.loads(parts.path(1).read_bytes())["steps"])
        context.check(process.returncode == -stop and output == "" and "goes on from here" in errors and 0 < done < 160,
                            f"parts: interrupted by {stop.name}", process.returncode, output, errors, done)
        context.check(parts.join().reason == "part-coverage" and not list(context.temporary.glob("*.partial*")), f"parts: {stop.name} leaves a part that says so")
    with subprocess.Popen(["bash", "-c", 'trap "" HUP; exec "$@"', "-", context.verifier.path, certificate, "--part", "1/1", "--receipt", parts.path(1), "--quiet", *parts.options],
                          stdout=subprocess.PIPE, text=True) as process:
        wait_until(lambda: ignores(process.pid, signal.SIGHUP))
        time.sleep(0.3)
        process.send_signal(signal.SIGHUP)
        output, _ = process.communicate(timeout=PATIENCE)
    context.check(process.returncode == 0 and output == "s PARTIAL\n", "parts: a signal that is ignored (nohup) stays ignored", process.returncode, output)
    parts.path(1).write_text(rewritten(json.loads(parts.path(1).read_bytes()) | {"steps": json.loads(parts.path(1).read_bytes())["steps"][-done:]}))
    finished = parts.run(1)
    context.check(finished.exit == 0 and f"c resumed {done} steps" in finished.output, "parts: goes on after an interruption", finished.shown())
    resumed = parts.path(1).read_bytes()
    parts.path(1).unlink()
    parts.run(1)
    context.check(parts.path(1).read_bytes() == resumed, "parts: the same file as without an interruption")


def test_interrupted_proof(context: Context) -> None:
    """A proof that is told to stop keeps what it has found, and the same command ends with the same bytes."""
    model, certificate, other = (context.temporary / name for name in ("proof.safetensors", "proof.cert.json", "other.cert.json"))
    ledger = Path(f"{certificate}.unfinished")
    context.generator.run("train", "--context", 3, "--vocabulary", 320, "--width", 16, "--steps", 10, "--output", model)
    command = ("prove", model, "--context", "3", "--strategy", "symmetry", "--threads", "1", "--output")
    with subprocess.Popen([context.generator.path, *command, certificate], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: ledger.exists() or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    context.check(process.returncode == 130 and ledger.exists() and not certificate.exists(), "parts: a proof is interrupted", process.returncode)
    labels = len(ledger.read_text().splitlines()) - 1
    resumed = context.generator.run(*command, certificate)
    context.check(resumed.exit == 0 and f"going on: {labels} of 320 labels were done" in resumed.errors and not ledger.exists(),
                        "parts: a proof goes on", labels, resumed.shown())
    context.generator.run(*command, other)
    context.check(certificate.read_bytes() == other.read_bytes(), "parts: a proof that was interrupted has the bytes of one that was not")
