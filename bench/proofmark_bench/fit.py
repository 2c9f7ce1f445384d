"""Power laws through measurements: y = c · V^p, by least squares on logarithms."""
from __future__ import annotations

import math
from dataclasses import dataclass

POINTS = 3   # of the largest sizes: where what grows fastest has taken over


@dataclass(frozen=True)
class PowerLaw:
    exponent: float
    log_factor: float

    def at(self, size: float) -> float:
        return math.exp(self.log_factor + self.exponent * math.log(size))


def fit(points: list[tuple[float, float]]) -> PowerLaw | None:
    """Through the points (size, value) of the POINTS largest sizes; none through fewer than two different sizes, or values that are not positive."""
    upper = sorted(points)[-POINTS:]
    if len({size for size, _ in upper}) < 2 or any(value <= 0 for _, value in upper):
        return None
    x, y = [math.log(size) for size, _ in upper], [math.log(value) for _, value in upper]
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    exponent = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / math.fsum((a - mean_x) ** 2 for a in x)
    return PowerLaw(exponent, mean_y - exponent * mean_x)
