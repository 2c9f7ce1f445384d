"""The bytes of a file: encoding, syntax, depth."""
from __future__ import annotations

import json
from collections.abc import Iterator

from ..certificates import Raw, changed, render
from .case import Case, base, case

WORD = "provenance-word"


def marked() -> bytes:
    """The base certificate with a word in its provenance, to be replaced by stranger bytes."""
    return render(changed(base(), "/provenance/note", WORD))


def cases() -> Iterator[Case]:
    yield from encodings()
    yield from syntax()
    yield from replaced()
    yield from depths()


def encodings() -> Iterator[Case]:
    text = render(base())
    inside = marked()
    for name, content in (
            ("byte-order-mark", b"\xef\xbb\xbf" + text),
            ("nul-before", b"\0" + text), ("nul-after", text + b"\0"), ("nul-only", b"\0"),
            ("nul-between", text.replace(b": ", b":\0", 1)),
            ("utf-16-little-endian", text.decode().encode("utf-16-le")),
            ("utf-16-with-mark", text.decode().encode("utf-16")),
            ("utf-8-cut-short", text + b"\xe2\x82")):
        yield case("json-encoding", name, content)
    for name, wild in (
            ("nul-in-string", b"\0"), ("latin-1", b"caf\xe9 "), ("overlong", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"),
            ("continuation-alone", b"\x80"), ("beyond-unicode", b"\xf5\x80\x80\x80"), ("byte-ff", b"\xff"),
            ("overlong-nul", b"\xc0\x80")):
        yield case("json-encoding", name, inside.replace(WORD.encode(), wild))


def syntax() -> Iterator[Case]:
    text = render(base())
    for name, content in (
            ("empty", b""), ("white-space-only", b" \n\t\r\n"), ("cut-short", text[:len(text) // 2]),
            ("last-brace-missing", text.rstrip()[:-1]), ("brace-after", text + b"}"), ("value-after", text + text),
            ("comma-after", text.rstrip() + b",\n"), ("word-after", text + b"s VERIFIED\n"), ("text-only", b"s VERIFIED\n"),
            ("comment-before", b"// a certificate\n" + text), ("comment-inside", text.replace(b"{", b"{ /* */", 1)),
            ("single-quotes", text.replace(b'"', b"'")), ("key-without-quotes", text.replace(b'"format"', b"format", 1)),
            ("comma-trailing-in-object", text.replace(b'"provenance": {}', b'"provenance": {},')),
            ("comma-trailing-in-array", text.replace(b'"labels": [0, 2]', b'"labels": [0, 2,]')),
            ("comma-missing", text.replace(b'"labels": [0, 2]', b'"labels": [0 2]')),
            ("comma-leading", text.replace(b'"labels": [0, 2]', b'"labels": [,0, 2]')),
            ("colon-missing", text.replace(b'"version": 2', b'"version" 2')),
            ("no-break-space", text.replace(b'"version": 2', b'"version":\xc2\xa02')),
            ("form-feed", text.replace(b'"version": 2', b'"version":\f2')),
            ("bracket-closed-by-brace", text.replace(b'"labels": [0, 2]', b'"labels": [0, 2}')),
            ("value-missing", text.replace(b'"version": 2', b'"version": ')),
            ("brackets-only-open", b"[[[[")):
        yield case("json-syntax", name, content)


def replaced() -> Iterator[Case]:
    """Values that are not JSON: numbers in place of a version, escapes in a string."""
    for name, token in (
            ("number-leading-zero", "01"), ("number-plus", "+1"), ("number-point-first", ".5"), ("number-point-last", "1."),
            ("number-hexadecimal", "0x1"), ("number-nan", "NaN"), ("number-infinity", "Infinity"),
            ("number-minus-infinity", "-Infinity"), ("number-minus-alone", "-"), ("number-exponent-empty", "1e"),
            ("number-underscore", "1_0"), ("number-double-zero", "00"), ("number-suffix", "1u"), ("word-capital", "True"),
            ("word-undefined", "undefined")):
        yield case("json-syntax", name, changed(base(), "/version", Raw(token)))
    for name, wild in (
            ("newline-raw", b"two\nlines"), ("tab-raw", b"a\ttab"), ("escape-raw", b"\x1b[2K"), ("escape-unknown", b"\\x41"),
            ("escape-short", b"\\u12"), ("escape-not-hexadecimal", b"\\u12g4"), ("escape-at-the-end", b"\\"),
            ("surrogate-high-alone", b"\\ud800"), ("surrogate-low-alone", b"\\udc00"),
            ("surrogate-high-twice", b"\\ud800\\ud800")):
        yield case("json-syntax", f"string-{name}", marked().replace(WORD.encode(), wild))


def depths() -> Iterator[Case]:
    """Depth 8 is allowed (and here of the wrong type), 9 is not."""
    def nested(depth: int) -> Raw:
        return Raw("[" * (depth - 2) + "]" * (depth - 2))      # the certificate and its provenance are two levels
    yield case("type-mismatch", "depth-8-is-not-too-deep", changed(base(), "/provenance/nested", nested(8)))
    yield case("json-depth", "arrays-9", changed(base(), "/provenance/nested", nested(9)))
    blocks = "/model/architecture/blocks"                       # three levels down
    yield case("type-mismatch", "depth-8-in-a-description", changed(base(), blocks, Raw("[" * 5 + "]" * 5)))
    yield case("json-depth", "description-9", changed(base(), blocks, Raw("[" * 6 + "]" * 6)))
    yield case("json-depth", "description-of-objects", changed(base(), "/model/architecture/embedding/tokens", Raw('{"weight": ' * 1000 + "0" + "}" * 1000)))
    objects = Raw('{"a": ' * 7 + "0" + "}" * 7)
    yield case("json-depth", "objects-9", changed(base(), "/provenance/nested", objects))
    yield case("json-depth", "unclosed-2000", b"[" * 2000)
    yield case("json-depth", "objects-unclosed-500", json.dumps({"a": 0})[:-2].encode() * 500)
    yield case("json-depth", "first-of-all", b"[" * 9 + b"]" * 9 + b"\n")
