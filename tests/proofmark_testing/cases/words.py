"""Words, names and the grammars of bounds, interval ends and digests."""
from __future__ import annotations

from collections.abc import Iterator

from ..certificates import Raw, changed, claim, without
from .case import Case, base, case, dyadic
from .claims import stated, with_claims

BOUNDS = {
    "empty": "", "minus": "-", "minus-zero": "-0", "plus": "+0.5", "point-first": ".5", "point-last": "5.",
    "leading-zero": "00.5", "leading-zero-one": "01", "exponent": "5e-1", "exponent-capital": "5E-1", "hexadecimal": "0x1p-1",
    "nan": "nan", "nan-capital": "NaN", "infinity": "inf", "infinity-long": "Infinity", "minus-infinity": "-inf",
    "space-before": " 0.5", "space-after": "0.5 ", "comma": "0,5", "underscore": "1_0.5", "two-points": "0.5.5",
    "digits-21": "1" + "0" * 20, "fraction-61": "0." + "5" * 61, "fraction": "1/2", "percent": "50%", "at-radix": "1@3",
    "letters": "one", "digit-suffix": "0.5f", "parentheses": "(0.5)", "verdict": "s VERIFIED"}
ENDS = {
    "empty": "", "decimal": "0.5", "no-exponent": "0x1.8", "no-prefix": "1.8p+3", "capital-prefix": "0X1.8p+3",
    "capital-exponent": "0x1.8P+3", "capital-digit": "0x1.Ap+3", "infinity": "inf", "nan": "nan", "infinity-hex": "0xinf",
    "zero-with-exponent": "0x0p+2", "zero-with-fraction": "0x0.0p+0", "zero-minus-exponent": "0x0p-0", "zero-plain": "0",
    "minus-zero": "-0x0p+0", "minus": "-0x1p+0", "plus": "+0x1p+0", "leading-two": "0x2p+0", "leading-zeros": "0x01p+0",
    "leading-zero-fraction": "0x0.8p+3", "exponent-no-sign": "0x1p3", "exponent-leading-zero": "0x1p+03",
    "exponent-16384": "0x1p+16384", "exponent-minus-16384": "0x1p-16384", "exponent-99999": "0x1p+99999",
    "exponent-999999999": "0x1p+999999999", "exponent-empty": "0x1p+", "exponent-hexadecimal": "0x1p+a",
    "exponent-two-to-64": "0x1p+18446744073709551616", "fraction-empty": "0x1.p+0", "digits-33": "0x1." + "1" * 33 + "p+0",
    "space-before": " 0x1p+0", "space-after": "0x1p+0 ", "space-inside": "0x1 p+0", "two-points": "0x1.1.1p+0",
    "comma": "0x1,8p+0", "at-radix": "0x1@3", "suffix": "0x1p+0L", "letter-g": "0x1.gp+0"}
MARGINS = {
    "minus-zero": "-0x0p+0", "minus-twice": "--0x1p+0", "plus": "+0x1p+0", "decimal": "-0.5", "minus-inside": "0x-1p+0", "minus-alone": "-", "infinity": "-inf",
    "exponent-minus-16384": "-0x1p-16384", "exponent-16384": "-0x1p+16384", "digits-33": "-0x1." + "1" * 33 + "p+0", "space": "- 0x1p+0", "dash": "~0x1p+0"}
DIGESTS = {
    "empty": "", "capital": "A" * 64, "digits-63": "a" * 63, "digits-65": "a" * 65, "prefix": "0x" + "a" * 62,
    "letter-g": "g" * 64, "space-after": "a" * 63 + " ", "name-before": "sha256:" + "a" * 64}
OF_FORMAT_1 = b"""\
{"format": "proofmark-certificate", "version": 1, "claims": [{"quantity": "cross-entropy", "direction": "upper", "bound": "0.3624"}],
 "task": {"name": "max", "context": 2, "vocabulary": 2, "inputs": "uniform"},
 "model": {"family": "token-sum", "tensors": {"embedding.weight": {"dtype": "float32", "shape": [1, 2], "data": "AAAAAAAAgD8="},
  "linear.weight": {"dtype": "float32", "shape": [1, 1], "data": "AACAPw=="}, "unembedding.weight": {"dtype": "float32", "shape": [2, 1], "data": "AAAAAAAAgD8="}},
  "sha256": "84185db72d9860f9f732c517c6609f193243e3f31630839be91d34445fe5598a"}, "witnesses": {},
 "steps": [{"id": 0, "rule": "symmetry@1", "labels": [0, 2], "loss": ["0x1.72p+0", "0x1.73p+0"],
  "operations": {"add": 21, "mul": 30, "div": 0, "sqrt": 0, "exp": 0, "log": 4, "compare": 0, "read": 0}}],
 "operations": {"tables": {"add": 4, "mul": 6, "div": 0, "sqrt": 0, "exp": 8, "log": 0, "compare": 2, "read": 5},
  "steps": {"add": 21, "mul": 30, "div": 0, "sqrt": 0, "exp": 0, "log": 4, "compare": 0, "read": 0},
  "conclusion": {"add": 2, "mul": 1, "div": 0, "sqrt": 0, "exp": 0, "log": 0, "compare": 3, "read": 0}, "length": 86},
 "provenance": {}}
"""


def cases() -> Iterator[Case]:
    yield from grammars()
    yield from formats()
    yield from declined()
    for place, path, words in (
            ("pool", "/model/architecture/pool", ("mean", "Sum", "", "last ", "first")),
            ("layout", "/model/architecture/readout/0/layout", ("in out", "out, in", "", "IN,OUT", "width,tokens", "tokens,width", "transposed")),
            ("token-layout", "/model/architecture/embedding/tokens/layout", ("in,out", "out,in", "heads,in,head", "tokens", ""))):
        for word in words:
            yield case("word-unknown", f"{place}-{word.replace(' ', '-space-').replace(',', '-') or 'empty'}", changed(base(), path, word))
    for name, word in (("capital", "Upper"), ("empty", ""), ("both", "both"), ("space-after", "upper "), ("sign", "<="),
                       ("abbreviated", "up")):
        yield case("word-unknown", f"direction-{name}", changed(base(), "/claims/0/direction", word))


def grammars() -> Iterator[Case]:
    for name, text in BOUNDS.items():
        yield case("number-grammar", f"bound-{name}", changed(dyadic(), "/claims/0/bound", text))
    yield from signs()
    for name, text in ENDS.items():
        end = 1 if "16384" not in name else int("minus" not in name)
        yield case("number-grammar", f"loss-{name}", changed(dyadic(), f"/steps/0/loss/{end}", text))
    for name, text in DIGESTS.items():
        yield case("number-grammar", f"digest-{name}", changed(dyadic(), "/model/sha256", text))


def signs() -> Iterator[Case]:
    """Only a margin may be negative, and nothing is minus zero; a length has no point."""
    of = {"upper": claim("cross-entropy", "upper", "-1.875"), "lower": claim("cross-entropy", "lower", "-1"), "accuracy": claim("accuracy", "lower", "-0.5"),
          "accuracy-upper": claim("accuracy", "upper", "-0.000"), "length": claim("length", "upper", "-1")}
    for name, one in of.items():
        yield case("number-grammar", f"negative-{name}", with_claims(stated(), [one]))
    for name, text in (("minus-zero", "-0"), ("minus-zero-point", "-0.0"), ("minus-60-zeros", "-0." + "0" * 60), ("two-signs", "--3"), ("plus", "+3"), ("leading-zero", "-03"),
                       ("hexadecimal", "-0x1p+1"), ("fraction-61", "-3." + "5" * 61), ("digits-21", "-1" + "0" * 20), ("sign-after", "3-")):
        yield case("number-grammar", f"margin-claim-{name}", with_claims(stated(), [claim("margin", "lower", text)]))
    for name, text in (("point", "9999999999.0"), ("fraction", "9999999999.5"), ("exponent", "1e10"), ("digits-21", "1" + "0" * 20), ("empty", ""), ("leading-zero", "09999999999")):
        yield case("number-grammar", f"length-claim-{name}", with_claims(stated(), [claim("length", "upper", text)]))
    for name, text in MARGINS.items():
        yield case("number-grammar", f"margin-{name}", changed(stated(), "/steps/0/margin", text))


def formats() -> Iterator[Case]:
    for name, text in (("empty", ""), ("capital", "Proofmark-Certificate"), ("space-after", "proofmark-certificate "),
                       ("claim", "proofmark-claim"), ("receipt", "proofmark-receipt"), ("prefix", "proofmark")):
        yield case("format-name", name, changed(base(), "/format", text))
    yield case("format-name", "before-version", changed(changed(base(), "/format", "other"), "/version", 3))


def declined() -> Iterator[Case]:
    yield case("version-unknown", "0", changed(base(), "/version", 0))
    yield case("version-unknown", "1", changed(base(), "/version", 1))
    yield case("version-unknown", "1-a-whole-certificate", OF_FORMAT_1)
    yield case("version-unknown", "3", changed(base(), "/version", 3))
    future = changed(changed(base(), "/version", 3), "/hints", {"new": [1, Raw("true"), "caf\u00e9"]})
    yield case("version-unknown", "3-with-unknown-keys", future)
    yield case("version-unknown", "3-with-nothing-else", {"format": "proofmark-certificate", "version": 3})
    yield case("version-unknown", "3-last", dict(reversed(without(future, "/claims").items())))
    for name, word in (("modular-addition", "modular-addition"), ("empty", ""), ("capital", "Max"), ("min", "min"), ("space-after", "max ")):
        yield case("task-unknown", name, changed(base(), "/task/label/name", word))
    for name, word in (("float8", "float8"), ("int8", "int8"), ("safetensors-name", "F32"), ("empty", ""), ("double", "double"),
                       ("float128", "float128"), ("capital", "Float32"), ("float", "float")):
        yield case("dtype-unknown", name, changed(base(), "/model/tensors/linear.weight/dtype", word))
    for name, word in (("symmetry-2", "symmetry@2"), ("symmetry-0", "symmetry@0"), ("symmetry-01", "symmetry@01"),
                       ("no-version", "symmetry"), ("empty", ""), ("guess", "guess@1"), ("capital", "Symmetry@1"),
                       ("space-after", "symmetry@1 "), ("assume", "assume@1"), ("enumeration-2", "enumeration@2")):
        yield case("rule-unknown", name, changed(base(), "/steps/1/rule", word))
    for name, path, word in (("quantity-perplexity", "/claims/0/quantity", "perplexity"),
                             ("quantity-empty", "/claims/0/quantity", ""), ("quantity-loss", "/claims/0/quantity", "loss"),
                             ("quantity-size", "/claims/5/quantity", "size"), ("quantity-capital", "/claims/4/quantity", "Margin"),
                             ("margin-upper", "/claims/4/direction", "upper"), ("length-lower", "/claims/5/direction", "lower")):
        yield case("claim-unknown", name, changed(base(), path, word))
