"""Models of the family attention-only: names, dimensions, shapes, digests, limits; and rules of another family."""
from __future__ import annotations

import base64
import hashlib
import random
import struct
from collections.abc import Iterator

from ..attention_only.certificates import certificate
from ..attention_only.models import NAMES, random_model, tensor
from ..attention_only.witnesses import near
from ..certificates import Certificate, changed, value_at, without
from ..models import Model, Tensor, digest
from .attention_accepted import scalar
from .case import Case, base, case, shared

TENSORS = "/model/tensors"


@shared
def plain() -> Certificate:
    """V = 4, n = 3, d = 3, h = 2, with two rules."""
    weights = random_model(random.Random("plain"), 4, 3, 3, 2)
    return certificate(weights, [("enumeration@1", 0, 2), ("near-far@1", 2, 4)], True, near([0, 1, 1, 1]))


def cases() -> Iterator[Case]:
    yield case("accept", "attention-plain", plain())
    yield from names()
    yield from shapes()
    yield from numbers()
    yield from digests()
    yield from limits()
    yield from other_family()


def weights_of(target: Certificate) -> Model:
    return {name: Tensor(one["dtype"], tuple(one["shape"]), base64.b64decode(one["data"])) for name, one in value_at(target, TENSORS).items()}


def with_weights(target: Certificate, weights: Model) -> Certificate:
    result = changed(target, TENSORS, {name: one.json() for name, one in weights.items()})
    return changed(result, "/model/sha256", digest(weights, "attention-only"))


def numbered(*shape: int) -> Tensor:
    count = 1
    for dimension in shape:
        count *= dimension
    return tensor("float32", shape, [((i * 7) % 11 - 5) / 8 for i in range(count)])


def names() -> Iterator[Case]:
    biases = {f"blocks.0.attn.b_{letter}": (1, 2) for letter in "QKV"} | {"blocks.0.attn.b_O": (3,), "unembed.b_U": (4,)}
    for name, shape in biases.items():
        zero = Tensor("float32", shape, bytes(4 * shape[-1] if len(shape) == 1 else 8))
        yield case("key-unknown", f"attention-{name}", with_weights(plain(), weights_of(plain()) | {name: zero}))
    for name in ("blocks.0.ln1.w", "blocks.1.attn.W_Q", "embedding.weight", "W_E", "embed.w_e", "embed.W_E "):
        yield case("key-unknown", f"attention-tensor-{name.replace(' ', 'space')}", with_weights(plain(), weights_of(plain()) | {name: numbered(4, 3)}))
    for name in NAMES.values():
        yield case("key-missing", f"attention-{name}", without(plain(), f"{TENSORS}/{name}"))


def shapes() -> Iterator[Case]:
    """Right bytes, wrong shape: what the certificate's own task and other tensors need is another."""
    wrong = {"E": {"transposed": (3, 4), "one-token-more": (5, 3), "one-token-less": (3, 3), "wider": (4, 4)},
             "P": {"transposed-too-few": (2, 3), "one-position-more": (4, 3), "wider": (3, 4), "one-position": (1, 3)},
             "U": {"transposed": (4, 3), "one-output-more": (3, 5), "one-output-less": (3, 3), "taller": (4, 4)},
             "O": {"transposed": (1, 3, 2), "two-heads": (2, 2, 3), "wider": (1, 2, 4), "taller": (1, 3, 3), "no-head-dimension-first": (2, 1, 3)}}
    for letter in "QKV":
        wrong[letter] = {"transposed": (1, 2, 3), "two-heads": (2, 3, 2), "another-head-width": (1, 3, 3), "another-width": (1, 4, 2), "head-last": (3, 2, 1)}
    for letter, list_of in wrong.items():
        for name, shape in list_of.items():
            yield case("tensor-shape", f"attention-W_{'pos' if letter == 'P' else letter}-{name}",
                       with_weights(plain(), weights_of(plain()) | {NAMES[letter]: numbered(*shape)}))
    for letter, dimensions in (("E", (4, 3, 1)), ("E", (12,)), ("P", (9,)), ("P", (1, 3, 3)), ("U", (1, 3, 4)), ("Q", (3, 2)), ("Q", (1, 1, 3, 2)), ("K", (6,)), ("V", (3, 2)),
                               ("O", (2, 3)), ("O", (1, 2, 3, 1))):
        yield case("type-mismatch", f"attention-W_{'pos' if letter == 'P' else letter}-{len(dimensions)}-dimensions",
                   with_weights(plain(), weights_of(plain()) | {NAMES[letter]: numbered(*dimensions)}))
    for letter, shape in (("E", [4, 0]), ("Q", [0, 3, 2]), ("O", [1, 2, 2]), ("P", [3, 4]), ("U", [2**62, 4]), ("K", [2**32, 2**32, 6])):
        yield case("tensor-size", f"attention-W_{'pos' if letter == 'P' else letter}-{'x'.join(map(str, shape))}", changed(plain(), f"{TENSORS}/{NAMES[letter]}/shape", shape))
    yield case("tensor-shape", "attention-of-another-context", changed(plain(), "/task/context", 4))
    yield case("tensor-shape", "attention-of-another-vocabulary", changed(plain(), "/task/vocabulary", 5))


def numbers() -> Iterator[Case]:
    for letter, (name, number) in zip(NAMES, (("nan", float("nan")), ("infinity", float("inf")), ("minus-infinity", float("-inf"))) * 3):
        weights = weights_of(plain())
        one = weights[NAMES[letter]]
        weights[NAMES[letter]] = Tensor(one.dtype, one.shape, one.raw[:-4] + struct.pack("<f", number))
        yield case("weight-not-finite", f"attention-W_{letter}-{name}", with_weights(plain(), weights))


def digests() -> Iterator[Case]:
    weights = weights_of(plain())

    def of(header: str, order: list[str], dims: str = "x", last: int | None = None) -> str:
        sha = hashlib.sha256(header.encode())
        for name in order:
            one = weights[name]
            sha.update(f"{name} {one.dtype} {dims.join(str(size) for size in one.shape[:last])}\n".encode() + one.raw)
        return sha.hexdigest()
    right, head = sorted(weights), "proofmark-model 1\nfamily attention-only\n"
    assert of(head, right) == value_at(plain(), "/model/sha256")
    for name, found in (("of-the-other-family", of(head.replace("attention-only", "token-sum"), right)), ("without-family", of("proofmark-model 1\n", right)),
                        ("in-the-order-of-letters", of(head, list(NAMES.values()))), ("reversed", of(head, right[::-1])), ("two-dimensions", of(head, right, last=2)),
                        ("dimensions-joined-by-commas", of(head, right, ",")), ("without-positions", of(head, [name for name in right if name != NAMES["P"]]))):
        yield case("digest-mismatch", f"attention-{name}", changed(plain(), "/model/sha256", found))
    for name, first, second in (("query-and-key-exchanged", "Q", "K"), ("key-and-value-exchanged", "K", "V")):
        exchanged = weights | {NAMES[first]: weights[NAMES[second]], NAMES[second]: weights[NAMES[first]]}
        yield case("digest-mismatch", f"attention-{name}", changed(plain(), TENSORS, {one: tensor.json() for one, tensor in exchanged.items()}))


def limits() -> Iterator[Case]:
    """An entry of a table beyond 2^20; the twins at 2^20 are in attention_accepted.py."""
    more, less = 2.0**20 + 2.0**-10, 2.0**-8
    tables = {"EU": scalar([0.0, 1.0], [0.0, 0.0], [0.0, more]), "EU-negative": scalar([0.0, 1.0], [0.0, 0.0], [0.0, -more]),
              "EU-by-its-position": scalar([0.0, less], [0.0, 2.0**19], [0.0, 2.0]),
              "OV": scalar([0.0, 1.0], [-1.0, -1.0], [less, 1.0], V=more), "PO": scalar([0.0, 0.0], [1.0, 0.0], [less, 1.0], V=-more),
              "A": scalar([0.0, 1.0], [0.0, 0.0], [0.0, 1.0], Q=more, K=1.0), "B": scalar([0.0, 1.0], [-1.0, 0.0], [0.0, 1.0], Q=1.0, K=more)}
    for name, weights in tables.items():
        for rule, given in (("enumeration@1", None), ("near-far@1", near([0, 1]))):
            target = certificate(scalar([0.0, 1.0], [0.0, 0.0], [0.0, 1.0]), [(rule, 0, 2)], True, given)
            yield case("limit-logit-range", f"attention-{name}-{rule.removesuffix('@1')}", with_weights(target, weights))
    target = changed(certificate(random_model(random.Random("wide"), 2, 1, 1, 1, "float16"), [("cubic@1", 0, 2)], True), "/task/vocabulary", 1025)
    wide = weights_of(target) | {NAMES["E"]: tensor("float16", (1025, 1), [0.0] * 1025), NAMES["U"]: tensor("float16", (1, 1025), [0.0] * 1025)}
    yield case("limit-vocabulary", "attention-1025", with_weights(changed(target, "/steps/0/labels", [0, 1025]), wide))


def other_family() -> Iterator[Case]:
    for rule in ("symmetry@1", "convexity@1", "head-tail@1", "block-jensen@1", "near-far@2", "near-far", "low-rank@1", "quartic@1"):
        yield case("rule-unknown", f"attention-{rule.replace('@', '-')}", changed(plain(), "/steps/1/rule", rule))
    for rule in ("near-far@1", "band@1", "cubic@1", "subcubic@1", "soft-near-far@1", "placements@1"):
        yield case("rule-unknown", f"token-sum-{rule.replace('@', '-')}", changed(base(), "/steps/1/rule", rule))
    yield case("key-unknown", "attention-tensors-called-token-sum", changed(plain(), "/model/family", "token-sum"))
    yield case("key-unknown", "token-sum-tensors-called-attention-only", changed(base(), "/model/family", "attention-only"))
    for name in ("attention", "attention-only ", "Attention-only", "attention-only-2", "attention_only"):
        yield case("family-unknown", f"attention-{name.strip().lower()}{'-space' if name.endswith(' ') else ''}", changed(plain(), "/model/family", name))
