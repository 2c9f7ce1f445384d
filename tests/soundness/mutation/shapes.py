"""The task and the description of a model of one of the two shapes that have rules of their own."""
from __future__ import annotations

import itertools

from proofmark_testing.certificates import Certificate, changed, with_model
from proofmark_testing.witnesses import witness
from .mutant import Mutants, Subject, always, if_true, moved, never, places
from .proof import NUMBERS, OTHER_FUNCTION, WITNESSES
from .tensors import tensors

POOLS, MASKS = ("last", "sum"), ("causal", "none")
LAYOUTS = ("in,out", "out,in", "heads,in,head", "heads,head,out", "tokens,width", "width,tokens")


def mutants(subject: Subject) -> Mutants:
    if subject.by == "labels":
        yield from task(subject)
        yield from description(subject)


# -- task ----------------------------------------------------------------------------------------------------------

def task(subject: Subject) -> Mutants:
    target, n, V = subject.certificate, subject.n, subject.V
    yield never("version", "one more", moved(target, "/version", 1), "version-unknown")
    yield never("version", "one less", moved(target, "/version", -1), "version-unknown")
    of_positions = "/task/inputs/ranges"
    for i in subject.pick(range(n)):
        yield never("token range by one", f"position {i}, one token more", moved(target, f"{of_positions}/{i}/1", 1), "task-inputs label-range")
        yield never("token range by one", f"position {i}, one token less", moved(target, f"{of_positions}/{i}/1", -1), "rule-task task-inputs")
        yield never("token range by one", f"position {i}, from 1", moved(target, f"{of_positions}/{i}/0", 1), "rule-task task-inputs")
        yield never("token range reversed", f"position {i}", changed(target, f"{of_positions}/{i}", [V, 0]), "task-inputs")
    for by in (-1, 1):
        ranges = [[0, V]] * (n + by)
        yield never("positions of the inputs by one", f"{by:+d}", changed(target, of_positions, ranges), "task-inputs limit-context")
        yield never("positions of the description by one", f"{by:+d}", moved(target, "/model/architecture/positions", by), "task-inputs digest-mismatch limit-context tensor-shape")
        if n + by >= 1:
            mutant = moved(changed(target, of_positions, ranges), "/model/architecture/positions", by)
            yield if_true("positions by one, digest repaired", f"{by:+d}", with_model(mutant, tensors(target)),
                          f"tensor-shape limit-context limit-length rule-context operations-budget step-coverage {WITNESSES} {NUMBERS}")
    yield from labels(subject)


def labels(subject: Subject) -> Mutants:
    target, n, V = subject.certificate, subject.n, subject.V
    for name, positions in (("all", list(range(n))), ("the last", [n - 1]), ("the first", [0])):
        yield never("label of some positions", name, changed(target, "/task/label/positions", positions), "rule-task")
    for name, positions in (("none", []), ("one twice", [0, 0]), ("one that is not there", [n])):
        yield never("positions of a label that are none", name, changed(target, "/task/label/positions", positions), "task-label")
    if V**n <= 4096:
        true = [max(t) for t in itertools.product(range(V), repeat=n)]
        tables = [("true", true, "rule-task"), ("one label more than there are", [*true[:-1], V], "label-range"), ("one short", true[:-1], "task-label"), ("one more", [*true, 0], "task-label")]
        for name, table, code in tables:
            if table:
                yield never("label by table", name, changed(target, "/task/label", {"table": witness("uint16", table).json()}), code)


# -- description ---------------------------------------------------------------------------------------------------

def description(subject: Subject) -> Mutants:
    """Every word and name by every other that may stand there: the digest breaks; repaired, it is another model, or none."""
    target, own = subject.certificate, subject.certificate["model"]["architecture"]
    weights = tensors(target)
    words = {"pool": POOLS, "mask": MASKS, "layout": LAYOUTS, "weight": tuple(weights), "positions": tuple(weights)}
    places_of = [(path, value) for path, value in places(own) if isinstance(value, str) and path.rpartition("/")[2] in words]
    for path, value in subject.pick(places_of):
        key = path.rpartition("/")[2]
        for other in words[key]:
            if other == value:
                continue
            mutant = changed(target, f"/model/architecture{path}", other)
            unknown = key == "layout" and ("tokens" in path) != (other in LAYOUTS[-2:])
            if unknown:
                yield never("layout of another kind", f"{path}: {other}", mutant, "word-unknown")
                continue
            unused = key in ("weight", "positions") and not uses(mutant, value)
            yield never("description changed", f"{path}: {other}", mutant, "digest-mismatch tensor-shape tensor-unused")
            repaired = with_model(mutant, weights)
            if unused:
                yield never("description names another tensor, digest repaired", f"{path}: {other}", repaired, "tensor-unused tensor-shape")
                fewer = {name: one for name, one in weights.items() if name != value}
                yield if_true("description names another tensor, the first gone, digest repaired", f"{path}: {other}", with_model(mutant, fewer), f"tensor-shape task-inputs {OTHER_FUNCTION}")
            elif key == "mask":
                yield always("mask, which does not matter at the last position, digest repaired", f"{path}: {other}", repaired)
            else:
                yield if_true("description changed, digest repaired", f"{path}: {other}", repaired, f"tensor-shape task-inputs {OTHER_FUNCTION}")
    for name, mutated in (("a map twice", own | {"readout": [own["readout"][0], *own["readout"]]}), ("no map", own | {"readout": []}), ("a map gone", own | {"readout": own["readout"][1:]}),
                          ("its blocks twice", own | {"blocks": own["blocks"] * 2})):
        if mutated != own:
            yield never("maps and blocks", f"{name}, digest repaired", with_model(target, weights, mutated),
                        "tensor-shape type-mismatch tensor-unused architecture-unsupported task-inputs label-range step-coverage rule-task")


def uses(target: Certificate, name: str) -> bool:
    return any(value == name for path, value in places(target["model"]["architecture"]) if path.endswith(("/weight", "/embedding/positions")))
