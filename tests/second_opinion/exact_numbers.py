"""Text and bytes to exact rational numbers: bounds, ends, weights."""
from __future__ import annotations

import base64
import binascii
import re

from gmpy2 import mpq, mpz

from second_opinion.refusal import Refusal, require

DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,19})(?:\.([0-9]{1,60}))?")
HEXADECIMAL = re.compile(r"(-?)0x1(?:\.([0-9a-f]{1,32}))?p([+-])(0|[1-9][0-9]{0,4})")
DIGEST = re.compile(r"[0-9a-f]{64}")

# dtype: (bytes, fraction bits, exponent bits)
FLOATS = {"float16": (2, 10, 5), "bfloat16": (2, 7, 8), "float32": (4, 23, 8), "float64": (8, 52, 11)}
INTEGERS = {"uint8": 1, "uint16": 2, "uint32": 4}                            # dtype: bytes
SIZES = {dtype: size for dtype, (size, _, _) in FLOATS.items()} | INTEGERS


def decimal(text: str, pointer: str, signed: bool) -> mpq:
    match = DECIMAL.fullmatch(text)
    require(match is not None, "number-grammar", pointer, text[:80])
    minus, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    value = mpq(int(whole + fraction), 10 ** len(fraction))
    require(not minus or (signed and value > 0), "number-grammar", pointer, text[:80])
    return -value if minus else value


def power_of_two(exponent: int) -> mpq:
    return mpq(mpz(1) << exponent) if exponent >= 0 else mpq(1, mpz(1) << -exponent)


def hexadecimal(text: str, pointer: str, signed: bool = False) -> mpq:
    if text == "0x0p+0":
        return mpq(0)
    match = HEXADECIMAL.fullmatch(text)
    require(match is not None and (signed or not match.group(1)), "number-grammar", pointer, text[:80])
    digits, exponent = match.group(2) or "", int(match.group(3) + match.group(4))
    require(abs(exponent) <= 16383, "number-grammar", pointer, text[:80])
    return (-1 if match.group(1) else 1) * int("1" + digits, 16) * power_of_two(exponent - 4 * len(digits))


def canonical_base64(text: str, pointer: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("base64", pointer, str(error)) from None
    require(base64.b64encode(raw).decode() == text, "base64", pointer, "not canonical")
    return raw


def numbers(dtype: str, raw: bytes, pointer: str, code: str) -> list[int] | list[mpq]:
    """The elements of a tensor, exact; `code` is the reason where one is not finite."""
    size = SIZES[dtype]
    pieces = [int.from_bytes(raw[i:i + size], "little") for i in range(0, len(raw), size)]
    return pieces if dtype in INTEGERS else [binary(dtype, bits, pointer, code) for bits in pieces]


def binary(dtype: str, bits: int, pointer: str, code: str) -> mpq:
    """An IEEE 754 number from its bits."""
    size, fraction_bits, exponent_bits = FLOATS[dtype]
    fraction = bits & ((1 << fraction_bits) - 1)
    exponent = (bits >> fraction_bits) & ((1 << exponent_bits) - 1)
    sign = -1 if bits >> (8 * size - 1) else 1
    bias = (1 << (exponent_bits - 1)) - 1
    require(exponent != (1 << exponent_bits) - 1, code, pointer)
    if exponent == 0:
        return sign * fraction * power_of_two(1 - bias - fraction_bits)
    return sign * (fraction | 1 << fraction_bits) * power_of_two(exponent - bias - fraction_bits)
