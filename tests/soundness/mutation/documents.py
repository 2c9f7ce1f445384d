"""Bytes, keys, types and words."""
from __future__ import annotations

import json
import re
from typing import Any

from proofmark_testing.certificates import Certificate, Pairs, Raw, at, changed, without
from . import families
from .mutant import Mutant, Mutants, Subject, Verified, always, if_true, never, places

OPTIONAL = ("norm", "bias", "index", "rows", "columns", "order", "reads")
ANOTHER = {bool: Raw("true"), type(None): Raw("null"), int: 1, str: "x", list: [], dict: {}}
# Reason codes of a word that is none of the known, by the place of the word.
WORDS = ((r"/format", "format-name"), (r"/task/label/name", "task-unknown"), (r"/model/architecture.*/(layout|pool|mask|scores|activation|order|reads|to)", "word-unknown"),
         (r"/model/architecture.*/(eps|factor)", "number-grammar"), (r"/model/architecture/readout/\d+", "word-unknown"),
         (r"/model/architecture.*", "tensor-missing string-length digest-mismatch"),
         (r"/claims/\d+/quantity", "claim-unknown"), (r"/claims/\d+/direction", "word-unknown"), (r"/steps/\d+/rule", "rule-unknown"),
         (r".*/dtype", "dtype-unknown"), (r".*/data", "base64"), (r"/claims/\d+/bound|/steps/\d+/(loss/\d|margin|correct/\d)|/model/sha256", "number-grammar"))


def mutants(subject: Subject) -> Mutants:
    yield from whole(subject)
    yield from keys(subject)
    yield from types(subject)
    yield from words(subject)


# -- the file ------------------------------------------------------------------------------------------------------

def whole(subject: Subject) -> Mutants:
    raw = subject.raw
    def file(kind: str, where: str, content: bytes, codes: str, verified: Verified = Verified.NEVER) -> Mutant:
        return Mutant(kind, where, lambda: content, frozenset(codes.split()), verified)
    for cut in subject.pick(range(len(raw.rstrip()))):
        yield file("file cut short", f"after {cut} bytes", raw[:cut], "json-syntax json-encoding")
    for name, content, code in (("a byte order mark", b"\xef\xbb\xbf" + raw, "json-encoding"), ("a NUL byte after it", raw + b"\0", "json-encoding"),
                                ("a second value after it", raw + b"{}", "json-syntax"), ("a comma after it", raw.rstrip() + b",", "json-syntax"),
                                ("an array around it", b"[" + raw + b"]", "type-mismatch json-depth"), ("nothing", b"", "json-syntax")):
        yield file("file: what is not JSON, or not alone", name, content, code)
    for name in ("proofmark-claim", "proofmark-certificate ", "Proofmark-certificate", ""):
        yield never("another format", name, changed(subject.certificate, "/format", name), "format-name")
    yield file("file: white space", "around it", b" \t\r\n" + raw + b"\n\n", "", Verified.ALWAYS)
    yield file("file: white space", "none", json.dumps(subject.certificate, separators=(",", ":")).encode(), "", Verified.ALWAYS)


# -- keys ----------------------------------------------------------------------------------------------------------

def keys(subject: Subject) -> Mutants:
    target = subject.certificate
    objects = [(path, value) for path, value in places(target) if isinstance(value, dict)]
    for path, key in subject.pick([(path, key) for path, value in objects for key in value]):
        yield from renamed(target, path, key)
    for path, key in subject.pick([(path, key) for path, value in objects for key in value]):
        yield from removed(subject, path, key)
    for path, key in subject.pick([(path, key) for path, value in objects for key in value]):
        pairs = list(container(target, path).items())
        twice = replaced(target, path, Pairs([*pairs, (key, container(target, path)[key])]))
        yield never("key twice", f"{path}/{key}", twice, "key-duplicate")
        escaped = Raw('"' + "".join(f"\\u{ord(character):04x}" for character in key) + '"')
        yield never("key twice, once with escapes", f"{path}/{key}", replaced(target, path, Pairs([(escaped, container(target, path)[key]), *pairs])),
                    "key-duplicate")
    for path, value in subject.pick(objects):
        if len(value) > 1:
            yield always("keys in another order", path, replaced(target, path, dict(reversed(value.items()))))
        if path == "/provenance":
            yield always("provenance", "another entry", replaced(target, path, value | {"extra": "s VERIFIED"}))
        elif path == "/witnesses":
            tensor = {"dtype": "uint8", "shape": [1], "data": "AA=="}
            yield never("witness that no rule takes", path, replaced(target, path, value | {"extra": tensor}), "witness-unused")
        elif path == "/model/tensors":
            tensor = {"dtype": "float16", "shape": [1, 1], "data": "AAA="}
            yield never("tensor that nothing uses", path, replaced(target, path, value | {"extra": tensor}), "tensor-unused digest-mismatch")
        else:
            yield never("key more", path, replaced(target, path, value | {"extra": 1}), "key-unknown")
        if value:
            yield emptied(target, path)
    for path, value in places(target):
        if isinstance(value, list) and value and path.count("/") == 1:
            yield emptied(target, path)


def container(target: Certificate, path: str) -> Any:
    return target if path == "" else at(target, path)[0][at(target, path)[1]]


def replaced(target: Certificate, path: str, value: Any) -> Any:
    return changed(target, path, value) if path else value


def renamed(target: Certificate, path: str, key: str) -> Mutants:
    where = f"{path}/{key}"
    for name in (key + "_", key.upper() if key != key.upper() else key.lower()):
        value = replaced(target, path, {name if one == key else one: x for one, x in container(target, path).items()})
        if path == "/provenance":
            yield always("provenance", f"{where} renamed", value)
        else:
            codes = {"/witnesses": "witness-unused witness-missing", "/model/tensors": "tensor-unused tensor-missing digest-mismatch"}.get(path, "key-unknown key-missing")
            yield never("key renamed", f"{where} to {name}", value, codes)


def removed(subject: Subject, path: str, key: str) -> Mutants:
    target, where = subject.certificate, f"{path}/{key}"
    value = without(target, where)
    if path == "/provenance":
        yield always("provenance", f"{where} removed", value)
    elif path == "/witnesses":
        if key in families.of(target).needed:
            yield never("witness removed", where, value, "witness-missing")
        else:
            yield if_true("witness removed", where, value, "loss-lower loss-upper correct-count margin operations-budget witness-missing")
    elif path == "/model/tensors":
        yield never("tensor removed", where, value, "tensor-missing digest-mismatch")
    elif path.startswith("/model/architecture") and is_optional(path, key) or where == "/task/label/positions":
        yield never("key removed, which is optional", where, value, "tensor-unused digest-mismatch tensor-shape") if path != "/task/label" else if_true("label of all positions", where, value, NUMBERS)
    elif path.startswith("/steps/") and key in ("loss", "correct", "margin"):
        yield never("key removed", where, value, "step-mixed step-empty claim-unsupported")
    else:
        yield never("key removed", where, value, "key-missing")


def is_optional(path: str, key: str) -> bool:
    """In a description."""
    return key in OPTIONAL or key == "weight" and path.endswith(("/layer", "/rms")) or key == "positions" and path.endswith("/embedding")


def emptied(target: Certificate, path: str) -> Mutant:
    value = replaced(target, path, type(container(target, path))())
    if path == "/provenance":
        return always("provenance", "emptied", value)
    bounds = " loss-lower loss-upper correct-count margin operations-budget" if path == "/witnesses" else ""  # a rule may do without
    return never("emptied", path, value, bounds + " key-missing claim-none step-none witness-missing type-mismatch tensor-missing limit-context task-label digest-mismatch")


# -- types and words -----------------------------------------------------------------------------------------------

def types(subject: Subject) -> Mutants:
    target = subject.certificate
    for path, value in subject.pick(list(places(target))):
        more = " number-grammar" if re.search(r"/(correct|inputs)/\d$", path) else " key-missing word-unknown json-depth" if path.startswith("/model/architecture") else ""
        for kind, other in ANOTHER.items():
            if type(value) is not kind:
                yield never("another JSON type", f"{path} becomes {other!r}", replaced(target, path, other), "type-mismatch json-number" + more)                      # a count may be a string, and a word an object
        if type(value) is int:
            for text in (f"-{value}", f"{value}.0", f"{value}e0", f"0{value}", str(2**63), str(value + 2**64)):
                yield never("number that is none of the format's", f"{path}: {text}", replaced(target, path, Raw(text)), "json-number json-syntax")
    for path, value in subject.pick([(path, value) for path, value in places(target) if isinstance(value, list) and re.search(r"/(labels|inputs|loss|correct|shape|rows|columns|ranges/\d+)$", path)]):
        code = "type-mismatch" if not path.endswith("/shape") else "tensor-size type-mismatch witness-shape tensor-shape digest-mismatch"
        yield never("array longer or shorter", f"{path} longer", replaced(target, path, [*value, value[-1]]), code + " tensor-size")
        yield never("array longer or shorter", f"{path} shorter", replaced(target, path, value[:-1]), code)


def words(subject: Subject) -> Mutants:
    target = subject.certificate
    for path, value in subject.pick([(path, value) for path, value in places(target) if type(value) is str]):
        if path.startswith("/provenance"):
            yield always("provenance", f"{path} changed", replaced(target, path, value + " s VERIFIED"))
            code = "string-alphabet"
        else:
            code = next(code for pattern, code in WORDS if re.fullmatch(pattern, path))
            for other in (" " + value, value + " ", value + "x", value[:-1] + "\\", value.upper(), ""):
                if other != value and not (path.endswith("/data") and other in ("", value.upper())):         # other bytes: tensors.py
                    yield never("word or number text", f"{path}: {other[:40]!r}", replaced(target, path, other), f"{code} tensor-unused")
        for character in ("\n", "\u00e9", "\u007f", "\0"):
            yield never("character outside the alphabet", f"{path} with {character!r}", replaced(target, path, value + character),
                        "base64" if path.endswith("/data") else "string-alphabet json-encoding")
        if not path.endswith("/data"):
            yield never("string too long", path, replaced(target, path, value.ljust(4097, "0")), "string-length")
