"""Margins: of rules that have one, at their ends; of rules that have none; where there is no other class."""
from __future__ import annotations

import random
from collections.abc import Iterator

from rules import attention as attention_only

from .. import models
from rules.attention.bounds import RULES as OF_ATTENTION
from rules.attention.models import copying
from ..certificates import Certificate, certificate, changed, claim
from ..encodings import parse_hexadecimal, signed_hexadecimal
from ..losses import WIDENING
from ..witnesses import block_jensen, head_tail
from .case import Case, base, case, certain
from .claims import WEAKEST, with_claims

LARGEST = "0x1." + "f" * 32 + "p+16383"


def cases() -> Iterator[Case]:
    yield from held()
    yield from too_large()
    yield from of_other_rules()
    yield from one_class()
    for name, value in (("array", ["0x0p+0"]), ("object", {})):
        yield case("type-mismatch", f"margin-{name}", changed(base(), "/steps/0/margin", value))


def loosely(target: Certificate, i: int, margin: str) -> Certificate:
    return with_claims(changed(target, f"/steps/{i}/margin", margin), WEAKEST)


def held() -> Iterator[Case]:
    for name, margin in (("lowest", f"-{LARGEST}"), ("smallest-exponent", "-0x1p+16383"), ("32-digits", "-0x1." + "f" * 32 + "p+2"), ("one-nat", "-0x1p+0")):
        yield case("accept", f"margin-{name}", loosely(base(), 0, margin))
    for name, margin in (("zero", "0x0p+0"), ("smallest", "0x1p-16383"), ("smallest-negative", "-0x1p-16383"), ("7", "0x1.cp+2"), ("just-below-8", "0x1.fffffffff8p+2")):
        yield case("accept", f"margin-certain-{name}", loosely(certain(), 0, margin))
    yield case("accept", "margin-of-every-label", certificate(models.random_model(random.Random("margins"), 6, 2), 2, [(rule, y, y + 1) for y, rule in enumerate(["symmetry@1", "enumeration@1"] * 3)],
                                                              with_margin=True))
    for n in (1, 3, 4):
        weights = models.random_model(random.Random(f"margins {n}"), 4, 2, ("float32", "float64", "float16", "bfloat16")[n - 1])
        yield case("accept", f"margin-n{n}", certificate(weights, n, [("enumeration@1", 0, 2), ("symmetry@1", 2, 4)], n != 3, with_margin=True))
    yield case("accept", "margin-ties-just-below-0", loosely(tied(), 0, "-0x1p-60"))
    yield case("accept", "margin-attention", by_enumeration())


def tied() -> Certificate:
    return certificate(models.model("float32", [[0, 0]], [[0]], [[0], [0]]), 2, with_margin=True)


def by_enumeration() -> Certificate:
    weights = copying(random.Random("attention, margins"), 4, 3)
    return attention_only.certificates.certificate(weights, [("enumeration@1", 0, 2), ("enumeration@1", 2, 4)], with_margin=True)


def too_large() -> Iterator[Case]:
    """Beyond the least margin, from a hair to all there is."""
    for short, target, rules in (("", base(), ("symmetry", "enumeration")), ("attention-", by_enumeration(), ("enumeration", "enumeration-last"))):
        for i, rule in enumerate(rules):
            least = parse_hexadecimal(target["steps"][i]["margin"])
            for name, more in (("just-above", (1 + abs(least)) * 2**10 * WIDENING), ("by-a-millionth", (1 + abs(least)) / 2**20), ("by-one", 1)):
                yield case("margin", f"{short}{rule}-{name}", loosely(target, i, signed_hexadecimal(least + more, up=True)))
            yield case("margin", f"{short}{rule}-largest", loosely(target, i, LARGEST))
    yield case("margin", "zero-where-inputs-are-wrong", loosely(base(), 0, "0x0p+0"))
    yield case("margin", "without-its-sign", loosely(base(), 0, base()["steps"][0]["margin"].removeprefix("-")))
    yield case("margin", "ties-above-0", loosely(tied(), 0, "0x1p-16383"))
    for name, margin in (("just-above-8", "0x1.00000001p+3"), ("16", "0x1p+4")):
        yield case("margin", f"certain-{name}", loosely(certain(), 0, margin))
    exchanged = [base()["steps"][i]["margin"] for i in (0, 1)]
    better = max(exchanged, key=parse_hexadecimal)
    yield case("margin", "of-the-other-step", loosely(base(), exchanged.index(min(exchanged, key=parse_hexadecimal)), better))


def of_other_rules() -> Iterator[Case]:
    weights = models.random_model(random.Random("margins"), 4, 2)
    heads, blocks = head_tail([[0], [1], [2], [3]], [1]), block_jensen([0, 2])
    for rule, given in (("convexity@1", {}), ("head-tail@1", heads), ("block-jensen@1", blocks)):
        target = with_claims(certificate(weights, 2, [(rule, 0, 4)], given=given), WEAKEST)
        for name, margin in (("", "-0x1p+16383"), ("-above-0", "0x1p+0")):
            yield case("rule-margin", f"{rule.removesuffix('@1')}{name}", changed(target, "/steps/0/margin", margin))
    mixed = with_claims(certificate(weights, 2, [("symmetry@1", 0, 2), ("convexity@1", 2, 4)]), WEAKEST)
    yield case("rule-margin", "beside-a-rule-that-has-one", changed(changed(mixed, "/steps/0/margin", "-0x1p+10"), "/steps/1/margin", "-0x1p+10"))
    rng = random.Random("margins, attention")
    for rule in OF_ATTENTION:
        if rule != "enumeration@1":
            target = attention_only.certificates.certificate(copying(rng, 3, 2), [(rule, 0, 3)], True, attention_only.witnesses.some([rule], 3, 2, rng, ()))
            yield case("rule-margin", f"attention-{rule.removesuffix('@1')}", changed(with_claims(target, WEAKEST), "/steps/0/margin", "-0x1p+16383"))


def one_class() -> Iterator[Case]:
    """Of one token: every input is correct, and there is no margin to state or to claim."""
    alone = certificate(models.model("float32", [[3]], [[1]], [[-2]]), 2)
    yield case("accept", "one-class", alone)
    for name, margin in (("0", "0x0p+0"), ("lowest", "-0x1p+16383"), ("largest", LARGEST)):
        yield case("rule-margin", f"one-class-{name}", changed(alone, "/steps/0/margin", margin))
    yield case("claim-unsupported", "margin-of-one-class", with_claims(alone, [claim("margin", "lower", "-1")]))
    weights = attention_only.models.random_model(random.Random("one class"), 1, 2, 1, 1)
    of_attention = attention_only.certificates.certificate(weights, [("enumeration@1", 0, 1)])
    yield case("rule-margin", "attention-one-class", changed(of_attention, "/steps/0/margin", "-0x1p+0"))
