"""Models of the shape attention-only: dimensions, sizes, digests, limits; and rules of another shape. Descriptions are in architectures.py."""
from __future__ import annotations

import hashlib
import json
import random
import struct
from collections.abc import Iterator

from rules.attention.bounds import RULES, WITHOUT_LOSS
from rules.attention.certificates import certificate, loose
from rules.attention.models import NAMES, architecture, random_model, tensor
from rules.attention.witnesses import some
from ..certificates import changed, value_at, with_model
from ..models import Tensor, canonical
from .attention_accepted import scalar
from .attention_plain import plain, weights_of
from .case import Case, base, case

TENSORS = "/model/tensors"


def cases() -> Iterator[Case]:
    yield case("accept", "attention-plain", plain())
    yield from shapes()
    yield from numbers()
    yield from digests()
    yield from limits()
    yield from rules_of_another_shape()


def numbered(*shape: int) -> Tensor:
    count = 1
    for dimension in shape:
        count *= dimension
    return tensor("float32", shape, [((i * 7) % 11 - 5) / 8 for i in range(count)])


def shapes() -> Iterator[Case]:
    """Right bytes, wrong shape: what the tensors beside it need is another."""
    wrong = {"E": {"transposed": (3, 4), "wider": (4, 4)}, "P": {"one-position-less": (2, 3), "wider": (3, 4), "one-position": (1, 3)},
             "U": {"transposed": (4, 3), "taller": (4, 4)},
             "O": {"transposed": (1, 3, 2), "two-heads": (2, 2, 3), "wider": (1, 2, 4), "taller": (1, 3, 3), "no-head-dimension-first": (2, 1, 3)}}
    for letter in "QKV":
        wrong[letter] = {"transposed": (1, 2, 3), "two-heads": (2, 3, 2), "another-head-width": (1, 3, 3), "another-width": (1, 4, 2), "head-last": (3, 2, 1)}
    for letter, list_of in wrong.items():
        for name, shape in list_of.items():
            yield case("tensor-shape", f"attention-W_{'pos' if letter == 'P' else letter}-{name}",
                       with_model(plain(), weights_of(plain()) | {NAMES[letter]: numbered(*shape)}))
    for letter, dimensions in (("E", (4, 3, 1)), ("E", (12,)), ("P", (9,)), ("P", (1, 3, 3)), ("U", (1, 3, 4)), ("Q", (3, 2)), ("Q", (1, 1, 3, 2)), ("K", (6,)), ("V", (3, 2)),
                               ("O", (2, 3)), ("O", (1, 2, 3, 1))):
        yield case("tensor-shape", f"attention-W_{'pos' if letter == 'P' else letter}-{len(dimensions)}-dimensions",
                   with_model(plain(), weights_of(plain()) | {NAMES[letter]: numbered(*dimensions)}))
    for letter, shape in (("E", [4, 0]), ("Q", [0, 3, 2]), ("O", [1, 2, 2]), ("P", [3, 4]), ("U", [2**62, 4]), ("K", [2**32, 2**32, 6])):
        yield case("tensor-size", f"attention-W_{'pos' if letter == 'P' else letter}-{'x'.join(map(str, shape))}", changed(plain(), f"{TENSORS}/{NAMES[letter]}/shape", shape))


def numbers() -> Iterator[Case]:
    for letter, (name, number) in zip(NAMES, (("nan", float("nan")), ("infinity", float("inf")), ("minus-infinity", float("-inf"))) * 3):
        weights = weights_of(plain())
        one = weights[NAMES[letter]]
        weights[NAMES[letter]] = Tensor(one.dtype, one.shape, one.raw[:-4] + struct.pack("<f", number))
        yield case("weight-not-finite", f"attention-W_{letter}-{name}", with_model(plain(), weights))


def digests() -> Iterator[Case]:
    weights, description = weights_of(plain()), canonical(architecture(3))

    def of(header: str, order: list[str], dims: str = "x", last: int | None = None) -> str:
        sha = hashlib.sha256(header.encode())
        for name in order:
            one = weights[name]
            sha.update(f"{name} {one.dtype} {dims.join(str(size) for size in one.shape[:last])}\n".encode() + one.raw)
        return sha.hexdigest()
    right, head = sorted(weights), f"proofmark-model 2\narchitecture {description}\n"
    assert of(head, right) == value_at(plain(), "/model/sha256")
    indented = json.dumps(architecture(3), sort_keys=True)
    for name, found in (("of-the-other-mask", of(head.replace("causal", "none"), right)), ("without-description", of("proofmark-model 2\n", right)),
                        ("of-format-1", of("proofmark-model 1\nfamily attention-only\n", right)), ("of-version-1", of(head.replace("model 2", "model 1"), right)),
                        ("description-with-spaces", of(head.replace(description, indented), right)),
                        ("description-in-another-order", of(head.replace(description, json.dumps(architecture(3), separators=(",", ":"))), right)),
                        ("in-the-order-of-letters", of(head, list(NAMES.values()))), ("reversed", of(head, right[::-1])), ("two-dimensions", of(head, right, last=2)),
                        ("dimensions-joined-by-commas", of(head, right, ",")), ("without-positions", of(head, [name for name in right if name != NAMES["P"]]))):
        yield case("digest-mismatch", f"attention-{name}", changed(plain(), "/model/sha256", found))
    for name, first, second in (("query-and-key-exchanged", "Q", "K"), ("key-and-value-exchanged", "K", "V")):
        exchanged = weights | {NAMES[first]: weights[NAMES[second]], NAMES[second]: weights[NAMES[first]]}
        yield case("digest-mismatch", f"attention-{name}", changed(plain(), TENSORS, {one: tensor.json() for one, tensor in exchanged.items()}))


def limits() -> Iterator[Case]:
    """Scores so far apart that a weight leaves the range of the reference engine, 2^(2^62), in both directions; and losses that do, of the rules that bound them."""
    near_it, beyond = 1e18, 1e19
    rng = random.Random("attention, limits")
    for rule in RULES:
        short, given = rule.removesuffix("@1"), some([rule], 2, 2, rng, ())
        tokens = certificate(scalar([1.0, 0.0], [0.0, 0.0], [0.0, 1.0], Q=near_it, K=1.0), [(rule, 0, 2)], True, given)
        yield case("accept", f"attention-tokens-{near_it:.0e}-apart-{short}".replace("+", ""), tokens)
        for name, weights in (("tokens", scalar([1.0, 0.0], [0.0, 0.0], [0.0, 1.0], Q=beyond, K=1.0)), ("positions", scalar([0.0, 1.0], [1.0, 2.0], [0.0, 1.0], Q=-beyond, K=1.0))):
            yield case("limit-logit-range", f"attention-{name}-{short}", with_model(tokens, weights))
        wide = loose(scalar([1.0, 0.5], [0.0, 0.0], [-1e30, 1e30]), [(rule, 0, 2)], given)
        yield case("accept" if rule in WITHOUT_LOSS else "limit-logit-range", f"attention-logits-1e30-apart-{short}", wide)
    target = changed(certificate(random_model(random.Random("wide"), 2, 1, 1, 1, "float16"), [("cubic@1", 0, 2)], True), "/task/inputs/ranges", [[0, 1025]])
    wide = weights_of(target) | {NAMES["E"]: tensor("float16", (1025, 1), [0.0] * 1025), NAMES["U"]: tensor("float16", (1, 1025), [0.0] * 1025)}
    yield case("limit-vocabulary", "attention-1025", with_model(changed(target, "/steps/0/labels", [0, 1025]), wide))


def rules_of_another_shape() -> Iterator[Case]:
    for rule in ("symmetry@1", "convexity@1", "head-tail@1", "block-jensen@1", "near-far@2", "near-far", "low-rank@1", "quartic@1"):
        yield case("rule-unknown", f"attention-{rule.replace('@', '-')}", changed(plain(), "/steps/1/rule", rule))
    for rule in ("near-far@1", "band@1", "cubic@1", "subcubic@1", "soft-near-far@1", "placements@1"):
        yield case("rule-unknown", f"token-sum-{rule.replace('@', '-')}", changed(base(), "/steps/1/rule", rule))
