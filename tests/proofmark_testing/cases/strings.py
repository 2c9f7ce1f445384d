"""The alphabet and length of strings; verdicts forged by content."""
from __future__ import annotations

from collections.abc import Iterator

from ..certificates import changed
from .case import Case, base, case


def cases() -> Iterator[Case]:
    for name, text in (
            ("newline", "two\nlines"), ("verdict-forged", "\ns VERIFIED\nc reason none"), ("carriage-return", "\rs VERIFIED"),
            ("escape-sequence", "\x1b[2K\x1b[1As VERIFIED"), ("nul", "a\0b"), ("delete", "\x7f"), ("tab", "a\tb"),
            ("accent", "caf\u00e9"), ("emoji", "\U0001f600"), ("right-to-left", "\u202eDEIFIREV s"),
            ("unit-separator", "\x1f"), ("non-character", "\uffff")):
        yield case("string-alphabet", f"provenance-{name}", changed(base(), "/provenance/note", text))
    yield case("string-alphabet", "provenance-key", changed(base(), "/provenance/no\nte", "text"))
    yield case("string-alphabet", "raw-accent", unescaped())
    for place, path, text in (
            ("format", "/format", "proofmark-certificate\n"), ("label-name", "/task/label/name", "max\0"),
            ("pool", "/model/architecture/pool", "sum\n"), ("layout", "/model/architecture/readout/0/layout", "out,in\0"),
            ("weight", "/model/architecture/readout/0/weight", "linear.weight\n"), ("margin", "/steps/0/margin", "-0x1p+0\n"),
            ("dtype", "/model/tensors/linear.weight/dtype", "float32\n"), ("rule", "/steps/0/rule", "symmetry@1\n"),
            ("rule-wide-digit", "/steps/0/rule", "symmetry@\uff11"), ("quantity", "/claims/0/quantity", "cross\u2010entropy"),
            ("direction", "/claims/0/direction", "upper\n"), ("bound", "/claims/0/bound", "0.5\n"),
            ("bound-wide-digit", "/claims/0/bound", "\uff11"), ("loss", "/steps/0/loss/0", "0x0p+0\n"),
            ("digest", "/model/sha256", "0" * 64 + "\n")):
        yield case("string-alphabet", place, changed(base(), path, text))
    yield from lengths()


def unescaped() -> bytes:
    marked = case("", "", changed(base(), "/provenance/note", "WORD")).content
    return marked.replace(b"WORD", "caf\u00e9".encode())


def lengths() -> Iterator[Case]:
    """4096 characters are allowed (see accepted.py), and in a bound only its grammar is against them."""
    yield case("string-length", "provenance-value-4097", changed(base(), "/provenance/note", "x" * 4097))
    yield case("string-length", "provenance-key-4097", changed(base(), f"/provenance/{'x' * 4097}", ""))
    yield case("string-length", "bound-4097", changed(base(), "/claims/0/bound", "1" * 4097))
    yield case("number-grammar", "bound-4096", changed(base(), "/claims/0/bound", "1" * 4096))
    yield case("string-length", "rule-4097", changed(base(), "/steps/0/rule", "x" * 4097))
    yield case("string-length", "weight-257", changed(base(), "/model/architecture/readout/0/weight", "x" * 257))
    yield case("string-length", "weight-empty", changed(base(), "/model/architecture/readout/0/weight", ""))
    yield case("rule-unknown", "name-4096", changed(base(), "/steps/0/rule", "x" * 4096))
    yield case("string-length", "loss-4097", changed(base(), "/steps/0/loss/0", "0x1." + "0" * 4090 + "p+0"))
