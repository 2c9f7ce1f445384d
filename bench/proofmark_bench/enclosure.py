"""An interval with rational ends, as a receipt, a ball or a row of a table states it."""
from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

DIGITS = 20   # decimals; ends are rounded outward to them
TEXT = re.compile(r"\[([0-9.]+|-inf), ([0-9.]+)\]")


@dataclass(frozen=True)
class Enclosure:
    lower: Fraction | None   # None: bounded from above only
    upper: Fraction

    @staticmethod
    def of_receipt(receipt: dict) -> "Enclosure | None":
        """What the verifier established for the mean loss; nothing of a proof that is about the accuracy alone."""
        ends = {claim["direction"]: Fraction(claim["established"]) for claim in receipt["claims"] if claim["quantity"] == "cross-entropy"}
        return Enclosure(ends.get("lower"), ends["upper"]) if "upper" in ends else None

    @staticmethod
    def of_binary(lower: int, lower_exponent: int, upper: int, upper_exponent: int) -> "Enclosure":
        return Enclosure(lower * Fraction(2) ** lower_exponent, upper * Fraction(2) ** upper_exponent)

    @staticmethod
    def of_text(text: str) -> "Enclosure | None":
        found = TEXT.fullmatch(text)
        return Enclosure(None if found.group(1) == "-inf" else Fraction(found.group(1)), Fraction(found.group(2))) if found else None

    def text(self) -> str:
        unit = 10**DIGITS
        lower = "-inf" if self.lower is None else decimal(max(self.lower * unit // 1, 0))
        return f"[{lower}, {decimal(-(-self.upper * unit // 1))}]"

    def overlaps(self, other: "Enclosure") -> bool:
        return (self.lower is None or self.lower <= other.upper) and (other.lower is None or other.lower <= self.upper)

    @property
    def width(self) -> Fraction | None:
        return None if self.lower is None else self.upper - self.lower


def decimal(units: int) -> str:
    return f"{units // 10**DIGITS}.{units % 10**DIGITS:0{DIGITS}d}"
