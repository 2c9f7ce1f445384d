"""The task and the description of any network: each word, name and number by others that may stand there. The digest breaks; repaired, it is
another network, of which what the steps declare is seldom true."""
from __future__ import annotations

import base64
from typing import Any

from proofmark_testing.certificates import Certificate, changed, with_model, without
from proofmark_testing.network_certificates import integers
from proofmark_testing.networks import labels_of
from .mutant import Mutants, Subject, always, if_true, never, places
from .proof import NUMBERS, OTHER_FUNCTION, WITNESSES
from .tensors import tensors

DESCRIPTION = "/model/architecture"
WORDS = {"activation": ("relu", "gelu", "gelu-tanh", "silu", "tanh"), "mask": ("causal", "none"), "scores": ("scaled", "unscaled"), "pool": ("last", "sum", "mean", {"position": 0}),
         "order": ("pre", "post"), "to": ("residual", "scores"), "layout": ("in,out", "out,in", "heads,in,head", "heads,head,out"), "eps": ("0", "1e-5", "1e-6", "9e18"),
         "factor": ("0.125", "1", "2")}
NUMBERED = ("index", "heads", "position")
OPTIONAL = ("norm", "bias", "index", "rows", "columns", "order", "reads")
FITS = "tensor-shape tensor-missing architecture-unsupported key-missing key-unknown word-unknown limit-width"
CHANGED = f"{FITS} task-inputs task-label rule-margin {WITNESSES} {OTHER_FUNCTION}"


def mutants(subject: Subject) -> Mutants:
    if subject.by == "inputs":
        yield from inputs(subject)
        yield from labels(subject)
        yield from words(subject)
        yield from parts(subject)


# -- task ----------------------------------------------------------------------------------------------------------

def inputs(subject: Subject) -> Mutants:
    target, of = subject.certificate, subject.certificate["task"]["inputs"]
    codes = f"task-inputs task-label label-range step-coverage limit-context operations-budget {WITNESSES}"
    if "ranges" in of:
        for i in subject.pick(range(subject.n)):
            start, end = of["ranges"][i]
            for other in ([start, end + 1], [start, end - 1], [start + 1, end], [start + 1, end + 1], [end, start]):
                yield if_true("token range", f"position {i}: {other}", changed(target, f"/task/inputs/ranges/{i}", other), f"{codes} {NUMBERS}")
        yield never("positions of the inputs by one", "one less", changed(target, "/task/inputs/ranges", of["ranges"][1:]), codes)
        yield never("positions of the inputs by one", "one more", changed(target, "/task/inputs/ranges", of["ranges"] + [[0, 1]]), codes)
        return
    rows, n = of["list"]["shape"]
    raw, size = base64.b64decode(of["list"]["data"]), len(base64.b64decode(of["list"]["data"])) // (rows * n)
    for i in subject.pick(range(rows * n)):
        value = int.from_bytes(raw[i * size:(i + 1) * size], "little")
        for other in {value + 1, max(value - 1, 0), 255} - {value}:
            mutated = raw[:i * size] + other.to_bytes(size, "little") + raw[(i + 1) * size:]
            yield if_true("token of a list", f"{i}: {other}", changed(target, "/task/inputs/list/data", base64.b64encode(mutated).decode()), f"{codes} {NUMBERS}")
    for name, mutated in (("reversed", b"".join(raw[i:i + n * size] for i in reversed(range(0, len(raw), n * size)))), ("first row last", raw[n * size:] + raw[:n * size])):
        if mutated != raw:
            yield if_true("rows of a list in another order", name, changed(target, "/task/inputs/list/data", base64.b64encode(mutated).decode()), f"{codes} {NUMBERS}")
    one_less = integers(of["list"]["dtype"], [rows - 1, n], [int.from_bytes(raw[i * size:(i + 1) * size], "little") for i in range((rows - 1) * n)])
    yield never("list shorter by a row", "the last", changed(target, "/task/inputs/list", one_less), f"{codes} tensor-size")


def labels(subject: Subject) -> Mutants:
    target = subject.certificate
    true, codes = labels_of(target["task"]), f"task-label label-range operations-budget {NUMBERS}"
    yield always("label by a table that says the same", "true", changed(target, "/task/label", {"table": integers("uint16", [len(true)], true)}))
    for i in subject.pick(range(len(true))):
        other = [*true[:i], true[i] ^ 1, *true[i + 1:]]
        yield if_true("label by a table, one other", f"input {i}", changed(target, "/task/label", {"table": integers("uint16", [len(true)], other)}), codes)
    for name, listed, code in (("one short", true[:-1], "task-label tensor-size"), ("one more", [*true, 0], "task-label"), ("one beyond the classes", [*true[:-1], 65535], "label-range")):
        yield never("label by a table that does not fit", name, changed(target, "/task/label", {"table": integers("uint16", [len(listed)], listed)}), code)
    for label in ({"name": "max"}, {"name": "min"}, {"name": "sum-modulo", "modulus": 2}, {"name": "sum-modulo", "modulus": subject.V + 1}, {"name": "symmetric-group", "degree": 3}, {"name": "balanced-brackets"},
                  {"name": "induction"}, {"name": "longest-cycle"}):
        if label != target["task"]["label"]:
            yield if_true("label of another name", str(label), changed(target, "/task/label", label), codes)
    for positions in ([0], [subject.n - 1], list(range(subject.n))[::-1], [], [0, 0], [subject.n]):
        if "name" in target["task"]["label"] and positions != target["task"]["label"].get("positions"):
            yield if_true("label of some positions", str(positions), changed(target, "/task/label/positions", positions), codes)


# -- description ---------------------------------------------------------------------------------------------------

def words(subject: Subject) -> Mutants:
    target, own = subject.certificate, subject.certificate["model"]["architecture"]
    names = tuple(tensors(target))
    changes: list[tuple[str, Any]] = []
    for path, value in places(own):
        key = path.rpartition("/")[2]
        if key in WORDS:
            changes += [(path, other) for other in WORDS[key] if other != value]
        elif key in ("weight", "bias") and isinstance(value, str) or key in ("tensor", "positions") and isinstance(value, str):
            changes += [(path, other) for other in names if other != value]
        elif key in NUMBERED or path == "/positions":
            changes += [(path, other) for other in (value + 1, value - 1) if other >= 0]
        elif key in ("rows", "columns"):
            changes += [(path, [max(0, start), end]) for start, end in ((value[0] + 1, value[1] + 1), (value[0] - 1, value[1] - 1), (value[0], value[1] + 1), value[::-1]) if start >= 0]
    for path, other in subject.pick(changes):
        yield from both(subject, "description changed", f"{path}: {other}", changed(target, DESCRIPTION + path, other))


def parts(subject: Subject) -> Mutants:
    """Parts that go, come or change places."""
    target, own = subject.certificate, subject.certificate["model"]["architecture"]
    optional = [path for path, _ in places(own) if path.rpartition("/")[2] in OPTIONAL and not path.endswith("/layer/bias") or path == "/embedding/positions"]
    for path in subject.pick(optional):
        yield from both(subject, "description without a part", path, without(target, DESCRIPTION + path))
    for i, block in enumerate(own["blocks"]):
        yield from both(subject, "block twice", f"block {i}", changed(target, f"{DESCRIPTION}/blocks", own["blocks"][:i] + [block] + own["blocks"][i:]))
        yield from both(subject, "block gone", f"block {i}", changed(target, f"{DESCRIPTION}/blocks", own["blocks"][:i] + own["blocks"][i + 1:]))
        if "mlp" in block and "attention" in block:
            yield from both(subject, "parts of a block apart", f"block {i}, MLP first", changed(target, f"{DESCRIPTION}/blocks", own["blocks"][:i] + [{"mlp": block["mlp"]}, {"attention": block["attention"]}]
                                                                                                      + own["blocks"][i + 1:]))
            if "order" not in block and "reads" not in block:
                yield from both(subject, "MLP that reads the block's input", f"block {i}", changed(target, f"{DESCRIPTION}/blocks/{i}/reads", "block-input"))
    for more in ("relu", {"rms": {"eps": "1"}}):
        for i in range(len(own["readout"]) + 1):
            yield from both(subject, "part more in the readout", f"at {i}: {more}", changed(target, f"{DESCRIPTION}/readout", own["readout"][:i] + [more] + own["readout"][i:]))


def both(subject: Subject, kind: str, where: str, mutant: Certificate) -> Mutants:
    yield never(kind, where, mutant, f"digest-mismatch tensor-unused {FITS} limit-context type-mismatch task-inputs")
    used = named(mutant["model"]["architecture"])
    weights = {name: one for name, one in tensors(subject.certificate).items() if name in used}
    yield if_true(f"{kind}, digest repaired", where, with_model(mutant, weights), f"{CHANGED} limit-context type-mismatch")


def named(description: Any) -> set[str]:
    return {value for path, value in places(description) if isinstance(value, str) and path.rpartition("/")[2] in ("weight", "bias", "tensor", "positions")}
