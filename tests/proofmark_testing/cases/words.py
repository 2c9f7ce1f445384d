"""Words, names and the grammars of bounds, interval ends and digests."""
from __future__ import annotations

from collections.abc import Iterator

from ..certificates import Raw, changed, without
from .case import Case, base, case, dyadic

BOUNDS = {
    "empty": "", "minus": "-0.5", "minus-zero": "-0", "plus": "+0.5", "point-first": ".5", "point-last": "5.",
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
DIGESTS = {
    "empty": "", "capital": "A" * 64, "digits-63": "a" * 63, "digits-65": "a" * 65, "prefix": "0x" + "a" * 62,
    "letter-g": "g" * 64, "space-after": "a" * 63 + " ", "name-before": "sha256:" + "a" * 64}


def cases() -> Iterator[Case]:
    yield from grammars()
    yield from formats()
    yield from declined()
    for name, word in (("capital", "Upper"), ("empty", ""), ("both", "both"), ("space-after", "upper "), ("sign", "<="),
                       ("abbreviated", "up")):
        yield case("word-unknown", f"direction-{name}", changed(base(), "/claims/0/direction", word))


def grammars() -> Iterator[Case]:
    for name, text in BOUNDS.items():
        yield case("number-grammar", f"bound-{name}", changed(dyadic(), "/claims/0/bound", text))
    for name, text in ENDS.items():
        end = 1 if "16384" not in name else int("minus" not in name)
        yield case("number-grammar", f"loss-{name}", changed(dyadic(), f"/steps/0/loss/{end}", text))
    for name, text in DIGESTS.items():
        yield case("number-grammar", f"digest-{name}", changed(dyadic(), "/model/sha256", text))


def formats() -> Iterator[Case]:
    for name, text in (("empty", ""), ("capital", "Proofmark-Certificate"), ("space-after", "proofmark-certificate "),
                       ("claim", "proofmark-claim"), ("receipt", "proofmark-receipt"), ("prefix", "proofmark")):
        yield case("format-name", name, changed(base(), "/format", text))
    yield case("format-name", "before-version", changed(changed(base(), "/format", "other"), "/version", 2))


def declined() -> Iterator[Case]:
    yield case("version-unknown", "0", changed(base(), "/version", 0))
    yield case("version-unknown", "2", changed(base(), "/version", 2))
    future = changed(changed(base(), "/version", 2), "/hints", {"new": [1, Raw("true"), "caf\u00e9"]})
    yield case("version-unknown", "2-with-unknown-keys", future)
    yield case("version-unknown", "2-with-nothing-else", {"format": "proofmark-certificate", "version": 2})
    yield case("version-unknown", "2-last", dict(reversed(without(future, "/claims").items())))
    for name, word in (("modular-addition", "modular-addition"), ("empty", ""), ("capital", "Max"), ("min", "min")):
        yield case("task-unknown", name, changed(base(), "/task/name", word))
    for name, word in (("sorted", "sorted"), ("empty", ""), ("capital", "Uniform")):
        yield case("task-unknown", f"inputs-{name}", changed(base(), "/task/inputs", word))
    for name, word in (("relu", "relu-mlp"), ("empty", ""), ("underscore", "token_sum"), ("space-after", "token-sum ")):
        yield case("family-unknown", name, changed(base(), "/model/family", word))
    for name, word in (("float8", "float8"), ("int8", "int8"), ("safetensors-name", "F32"), ("empty", ""), ("double", "double"),
                       ("float128", "float128"), ("capital", "Float32"), ("float", "float")):
        yield case("dtype-unknown", name, changed(base(), "/model/tensors/linear.weight/dtype", word))
    for name, word in (("symmetry-2", "symmetry@2"), ("symmetry-0", "symmetry@0"), ("symmetry-01", "symmetry@01"),
                       ("no-version", "symmetry"), ("empty", ""), ("guess", "guess@1"), ("capital", "Symmetry@1"),
                       ("space-after", "symmetry@1 "), ("assume", "assume@1"), ("enumeration-2", "enumeration@2")):
        yield case("rule-unknown", name, changed(base(), "/steps/1/rule", word))
    for name, path, word in (("quantity-perplexity", "/claims/0/quantity", "perplexity"),
                             ("quantity-empty", "/claims/0/quantity", ""), ("quantity-loss", "/claims/0/quantity", "loss"),
                             ("accuracy-upper", "/claims/2/direction", "upper")):
        yield case("claim-unknown", name, changed(base(), path, word))
