"""Files given beside a certificate: the reviewer's own claim (`--claim`) and weights (`--weights`).

All of them accompany tests/corpus/accept/base.json. They lie in tests/corpus/claim and tests/corpus/weights.
"""
from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import random
import struct
from collections.abc import Iterator
from typing import Any

from .. import models
from ..certificates import Pairs, Raw, changed, claim, render, without
from ..encodings import written_decimal
from ..safetensors import Header, header_and_data, packed, safetensors
from ..witnesses import witness
from .case import Case, base
from .claims import NAMES


def cases() -> Iterator[Case]:
    yield from claim_files()
    yield from weight_files()


# -- claims --------------------------------------------------------------------------------------------------------

def claim_file() -> dict[str, Any]:
    return {"format": "proofmark-claim", "version": 2, "task": base()["task"], "model_sha256": base()["model"]["sha256"],
            "claims": copy.deepcopy(base()["claims"])}


def asked(code: str, name: str, target: Any) -> Case:
    return Case(code, name, target if isinstance(target, bytes) else render(target), "claim")


def moved(bound: str, units: int) -> str:
    """A bound, moved by so many in its last place."""
    return written_decimal(int(bound.replace(".", "")) + units, len(bound.partition(".")[2]))


def claim_files() -> Iterator[Case]:
    same = claim_file()
    yield asked("accept", "same", same)
    yield asked("accept", "other-order", dict(reversed(same.items())) | {"claims": same["claims"][::-1]})
    for i, (name, weaker) in enumerate(zip(NAMES, (1, -1, -1, 1, -1, 1), strict=True)):
        bound = same["claims"][i]["bound"]
        yield asked("accept", f"{name}-alone", same | {"claims": [same["claims"][i]]})
        yield asked("accept", f"{name}-weaker", changed(same, f"/claims/{i}/bound", moved(bound, weaker)))
        if name != "length":
            yield asked("accept", f"{name}-same-with-a-zero", changed(same, f"/claims/{i}/bound", bound + "0"))
        yield asked("claim-mismatch", f"{name}-stronger", changed(same, f"/claims/{i}/bound", moved(bound, -weaker)))
    yield asked("accept", "length-much-weaker", changed(same, "/claims/5/bound", "9" * 20))
    yield asked("claim-mismatch", "margin-without-its-sign", changed(same, "/claims/4/bound", same["claims"][4]["bound"].removeprefix("-")))
    task = [("positions", "/task/inputs/ranges", [[0, 3]] * 3), ("tokens", "/task/inputs/ranges", [[0, 4], [0, 4]]), ("first-range", "/task/inputs/ranges/0", [0, 2]),
            ("label-positions", "/task/label/positions", [0, 1]), ("label-table", "/task/label", {"table": witness("uint8", [0, 1, 2, 1, 1, 2, 2, 2, 2]).json()}),
            ("list", "/task/inputs", {"list": witness("uint8", [a for t in itertools.product(range(3), repeat=2) for a in t], (9, 2)).json()})]
    for name, path, value in (*task, ("digest", "/model_sha256", "0" * 64)):
        yield asked("claim-mismatch", f"other-{name}", changed(same, path, value))
    yield from wrong_claim_files(same)


def wrong_claim_files(same: dict[str, Any]) -> Iterator[Case]:
    yield asked("json-syntax", "cut-short", render(same)[:-10])
    yield asked("json-encoding", "byte-order-mark", b"\xef\xbb\xbf" + render(same))
    yield asked("json-number", "version-1.0", changed(same, "/version", Raw("1.0")))
    yield asked("key-unknown", "tolerance", changed(same, "/tolerance", "0.1"))
    yield asked("key-missing", "digest", without(same, "/model_sha256"))
    yield asked("key-missing", "claims", without(same, "/claims"))
    yield asked("key-missing", "nothing", b"{}\n")
    yield asked("key-duplicate", "digest", Pairs([*same.items(), ("model_sha256", "0" * 64)]))
    yield asked("type-mismatch", "claims-object", changed(same, "/claims", {}))
    yield asked("number-grammar", "bound", changed(same, "/claims/0/bound", "1e9"))
    yield asked("number-grammar", "digest", changed(same, "/model_sha256", "A" * 64))
    yield asked("format-name", "a-certificate", render(base()))
    for version in (1, 3):
        yield asked("version-unknown", str(version), changed(same, "/version", version))
    yield asked("task-unknown", "min", changed(same, "/task/label/name", "min"))
    yield asked("task-inputs", "range-reversed", changed(same, "/task/inputs/ranges/1", [3, 0]))
    yield asked("task-label", "positions-twice", changed(same, "/task/label/positions", [0, 0]))
    yield asked("limit-context", "65", changed(same, "/task/inputs/ranges", [[0, 3]] * 65))
    yield asked("key-unknown", "context", changed(same, "/task/context", 2))
    yield asked("number-grammar", "upper-negative", changed(same, "/claims/0/bound", "-1"))
    yield asked("number-grammar", "margin-minus-zero", changed(same, "/claims/4/bound", "-0"))
    yield asked("claim-range", "accuracy-above-1", changed(same, "/claims/2/bound", "1.5"))
    yield asked("claim-duplicate", "upper", changed(same, "/claims", [same["claims"][0]] * 2))
    yield asked("claim-unknown", "perplexity", changed(same, "/claims/0", claim("perplexity", "upper", "9")))
    yield asked("claim-none", "", changed(same, "/claims", []))


# -- weights -------------------------------------------------------------------------------------------------------

def weights_of_base() -> models.Model:
    return models.random_model(random.Random("base"), 3, 2)


def given(code: str, name: str, content: bytes) -> Case:
    return Case(code, name, content, "weights", ".safetensors")


def weight_files() -> Iterator[Case]:
    weights = weights_of_base()
    header, data = header_and_data(weights)
    yield given("accept", "same", safetensors(weights))
    yield given("accept", "other-order", safetensors(dict(reversed(weights.items()))))
    yield given("accept", "with-metadata", packed({"__metadata__": {"format": "pt"}} | header, data))
    linear = weights[models.LINEAR]
    for name, changes in (("one-bit", {"raw": bytes([linear.raw[0] ^ 1]) + linear.raw[1:]}),
                          ("sign-of-zero-or-not", {"raw": linear.raw[:3] + bytes([linear.raw[3] ^ 0x80]) + linear.raw[4:]}),
                          ("shape", {"shape": (4, 1)}), ("dtype", {"dtype": "bfloat16", "shape": (2, 4)})):
        yield given("weights-mismatch", name, safetensors(weights | {models.LINEAR: dataclasses.replace(linear, **changes)}))
    yield given("weights-mismatch", "tensor-missing", safetensors({k: v for k, v in weights.items() if k != models.LINEAR}))
    yield given("weights-mismatch", "tensor-more", safetensors(weights | {"linear.bias": linear}))
    exchanged = weights | {models.EMBEDDING: weights[models.UNEMBEDDING], models.UNEMBEDDING: weights[models.EMBEDDING]}
    yield given("weights-mismatch", "tensors-exchanged", safetensors(exchanged))
    yield given("weights-mismatch", "no-tensors", packed({}, b""))
    yield given("weights-mismatch", "dtype-of-another-kind", packed(changed(header, "/linear.weight/dtype", "I32"), data))
    yield from broken_frames(header, data)
    yield from broken_headers(header, data)
    yield from broken_offsets(header, data)


def broken_frames(header: Header, data: bytes) -> Iterator[Case]:
    whole = packed(header, data)
    for name, content in (
            ("empty", b""), ("seven-bytes", whole[:7]), ("length-alone", whole[:8]), ("header-cut-short", whole[:40]),
            ("header-longer-than-file", struct.pack("<Q", len(whole)) + whole[8:]),
            ("header-2-to-63", struct.pack("<Q", 2**63) + whole[8:]),
            ("header-2-to-64-less-1", struct.pack("<Q", 2**64 - 1) + whole[8:]),
            ("header-0", struct.pack("<Q", 0) + whole[8:]), ("data-cut-short", whole[:-1]), ("data-missing", whole[:-len(data)]),
            ("data-too-long", whole + b"\0"), ("not-safetensors", b"s VERIFIED\n" * 10)):
        yield given("safetensors", name, content)


def broken_headers(header: Header, data: bytes) -> Iterator[Case]:
    text = packed(header, b"")[8:].decode().rstrip()
    name = '"linear.weight":'
    for title, broken in (
            ("header-not-json", text[:-1]), ("header-array", "[]"), ("header-string", '"s VERIFIED"'), ("header-twice", text + text),
            ("header-not-utf-8", text.replace("F32", "F\udcff")),
            ("name-duplicate", text.replace(name, f'{name}{{"dtype":"F32","shape":[2,2],"data_offsets":[24,40]}},{name}')),
            ("name-duplicate-escaped", text.replace(name, f'"line\\u0061r.weight":{json.dumps(header[models.LINEAR])},{name}')),
            ("entry-not-an-object", text.replace(name, f'"other":[],{name}'))):
        yield given("safetensors", title, raw_packed(broken, data))
    for title, path, value in (
            ("dtype-number", "/linear.weight/dtype", 32),
            ("shape-wrong-size", "/linear.weight/shape", [2, 3]), ("shape-overflows", "/linear.weight/shape", [2**32, 2**32]),
            ("shape-fraction", "/linear.weight/shape", [2.5, 2]), ("shape-negative", "/linear.weight/shape", [-2, -2]),
            ("shape-string", "/linear.weight/shape", "2x2")):
        yield given("safetensors", title, packed(changed(header, path, value), data))
    for key in ("dtype", "shape", "data_offsets"):
        yield given("safetensors", f"{key.replace('_', '-')}-missing", packed(without(header, f"/linear.weight/{key}"), data))


def raw_packed(text: str, data: bytes) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    return struct.pack("<Q", len(raw)) + raw + data


def broken_offsets(header: Header, data: bytes) -> Iterator[Case]:
    """embedding [0, 24), linear [24, 40), unembedding [40, 64)."""
    for title, offsets in (
            ("overlap", [20, 36]), ("overlap-whole", [0, 16]), ("reversed", [40, 24]), ("beyond", [56, 72]), ("wrong-length", [24, 36]),
            ("negative", [-16, 0]), ("one", [24]), ("three", [24, 40, 40]), ("strings", ["24", "40"]), ("fractions", [24.5, 40.5]),
            ("wraps-64-bits", [2**64 - 16, 2**64]), ("far", [2**62, 2**62 + 16])):
        yield given("safetensors", f"offsets-{title}", packed(changed(header, "/linear.weight/data_offsets", offsets), data))
    hole = changed(header, "/unembedding.weight/data_offsets", [48, 72])
    yield given("safetensors", "offsets-gap", packed(hole, data[:40] + bytes(8) + data[40:]))
    late = {name: one | {"data_offsets": [end + 8 for end in one["data_offsets"]]} for name, one in header.items()}
    yield given("safetensors", "offsets-start-at-8", packed(late, bytes(8) + data))
