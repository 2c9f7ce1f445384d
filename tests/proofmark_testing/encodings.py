"""Stored numbers: the four element types of a tensor, hexadecimal ends rounded outward, and decimals."""
from __future__ import annotations

import struct
from fractions import Fraction

SIZES = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}
FORMATS = {"float16": "<e", "float32": "<f", "float64": "<d"}
SAFETENSORS = {"float16": "F16", "bfloat16": "BF16", "float32": "F32", "float64": "F64"}
MIN_EXPONENT = -16383


def encode(dtype: str, number: float) -> bytes:
    """The nearest element, little-endian (bfloat16: truncated float32, which is near enough for a test model)."""
    if dtype == "bfloat16":
        return struct.pack("<f", number)[2:]
    return struct.pack(FORMATS[dtype], number)


def decode(dtype: str, raw: bytes) -> Fraction:
    """The exact value of a finite element; every element of the four types is a double."""
    if dtype == "bfloat16":
        return Fraction(struct.unpack("<f", b"\0\0" + raw)[0])
    return Fraction(struct.unpack(FORMATS[dtype], raw)[0])


def hexadecimal(value: Fraction, up: bool, digits: int = 13) -> str:
    """`value` >= 0 rounded outward to `digits` hexadecimal digits after the point, in FORMAT.md's grammar."""
    if value == 0:
        return "0x0p+0"
    exponent = floor_log2(value)
    if exponent < MIN_EXPONENT:
        return f"0x1p{MIN_EXPONENT}" if up else "0x0p+0"
    scaled = value / Fraction(2) ** (exponent - 4 * digits)
    mantissa = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    if mantissa == 2 << (4 * digits):
        mantissa, exponent = mantissa // 2, exponent + 1
    fraction = f"{mantissa - (1 << (4 * digits)):0{digits}x}".rstrip("0") if digits else ""
    return f"0x1{'.' if fraction else ''}{fraction}p{exponent:+d}"


def signed_hexadecimal(value: Fraction, up: bool, digits: int = 13) -> str:
    """The same of any sign."""
    if value >= 0:
        return hexadecimal(value, up, digits)
    text = hexadecimal(-value, not up, digits)
    return text if text == hexadecimal(Fraction(0), up) else f"-{text}"


def parse_hexadecimal(text: str) -> Fraction:
    """The exact value of `0x1.8p+3`, or of `-0x1.8p+3`."""
    if text.startswith("-"):
        return -parse_hexadecimal(text[1:])
    mantissa, exponent = text.removeprefix("0x").split("p")
    whole, _, fraction = mantissa.partition(".")
    return Fraction(int(whole + fraction, 16), 16 ** len(fraction)) * Fraction(2) ** int(exponent)


def floor_log2(value: Fraction) -> int:
    estimate = value.numerator.bit_length() - value.denominator.bit_length()
    return estimate if Fraction(2) ** estimate <= value else estimate - 1


def decimal_bound(value: Fraction, up: bool, digits: int = 12) -> str:
    """`value` rounded to `digits` decimals, up for an upper claim and down for a lower one."""
    scaled = value * 10**digits
    return written_decimal(-(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator, digits)


def written_decimal(units: int, digits: int) -> str:
    """So many units of the last of `digits` decimals."""
    whole, fraction = divmod(abs(units), 10**digits)
    return f"{'-' if units < 0 else ''}{whole}" + (f".{fraction:0{digits}d}" if digits else "")
