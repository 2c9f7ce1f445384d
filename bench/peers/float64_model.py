"""The table of logits M = E W U [V x V] in float64: what a careful notebook computes once."""
from __future__ import annotations

import numpy
from weights import read_weights


def logits(path: str) -> numpy.ndarray:
    e, w, u = (numpy.frombuffer(data, dtype="<f4").reshape(shape).astype(numpy.float64)
               for shape, data in (read_weights(path)[f"{name}.weight"] for name in ("embedding", "linear", "unembedding")))
    return e.T @ w.T @ u.T
