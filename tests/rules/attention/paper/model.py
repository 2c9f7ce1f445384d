"""A transformer of the family `attention-only`, its tables, and what they are relative to a label (docs/rules/attention/README.md).

Tables are float64 and not rigorous; `mp=True` computes them, and everything below them, with 50 digits instead, by way of arrays of objects.
"""
from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import mpmath
import numpy as np

Array = Any                                # of float64, or of mpmath numbers
NAMES = {"E": "embed.W_E", "P": "pos_embed.W_pos", "Q": "blocks.0.attn.W_Q", "K": "blocks.0.attn.W_K", "V": "blocks.0.attn.W_V",
         "O": "blocks.0.attn.W_O", "U": "unembed.W_U"}


@dataclass(frozen=True)
class Tables:
    """Row q or t is a token, row p a position, column w an output."""
    EU: Array                              # [V, V]  what the query adds
    OV: Array                              # [V, V]  what a token adds when it is attended to
    PO: Array                              # [n, V]  what a position adds when it is attended to
    A: Array                               # [V, V]  scores, row query, column token
    B: Array                               # [V, n]  scores, row query, column position

    @property
    def V(self) -> int:
        return len(self.EU)

    @property
    def n(self) -> int:
        return len(self.PO)


def read(path: Path) -> dict[str, np.ndarray]:
    """The weights by letter, exactly, as float64."""
    content = path.read_bytes()
    data = 8 + struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:data])
    types = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}
    stored = {name: np.frombuffer(content[data + at["data_offsets"][0]:data + at["data_offsets"][1]], types[at["dtype"]]).astype(float)
              .reshape(at["shape"][-2:]) for name, at in header.items() if name != "__metadata__"}
    return {letter: stored[name] for letter, name in NAMES.items()}


def tables(weights: dict[str, np.ndarray], mp: bool = False) -> Tables:
    w = {letter: exact(matrix) for letter, matrix in weights.items()} if mp else weights
    sigma = mpmath.sqrt(weights["Q"].shape[1]) if mp else np.sqrt(weights["Q"].shape[1])
    query = w["E"] + w["P"][-1]
    scores = query.dot(w["Q"]).dot(w["K"].T) / sigma
    values = w["V"].dot(w["O"]).dot(w["U"])
    return Tables(query.dot(w["U"]), w["E"].dot(values), w["P"].dot(values), scores.dot(w["E"].T), scores.dot(w["P"].T))


def exact(matrix: np.ndarray) -> Array:
    return np.array([[mpmath.mpf(float(x)) for x in row] for row in matrix], dtype=object)


@dataclass(frozen=True)
class Label:
    """Everything relative to label m. Columns are the wrong outputs, w != m in ascending order."""
    tables: Tables
    m: int

    @cached_property
    def outputs(self) -> np.ndarray:
        return np.array([w for w in range(self.tables.V) if w != self.m], dtype=int)

    def centred(self, table: Array) -> Array:
        return table[:, self.outputs] - table[:, [self.m]]

    @cached_property
    def u(self) -> Array:                  # [V, V-1]
        return self.centred(self.tables.EU)

    @cached_property
    def v(self) -> Array:                  # [V, V-1]
        return self.centred(self.tables.OV)

    @cached_property
    def pi(self) -> Array:                 # [n, V-1]
        return self.centred(self.tables.PO)

    @cached_property
    def top(self) -> Array:                # [V-1], P* of the rules: the largest of any position
        return self.pi.max(axis=0)

    @cached_property
    def r(self) -> Array:                  # [V, V], row q: the weight of a token, that of the label being 1
        return exp(self.tables.A - self.tables.A[:, [self.m]])

    @cached_property
    def b(self) -> Array:                  # [V, n], row q: the weight of a position
        return exp(self.tables.B)

    def inputs(self) -> int:
        return (self.m + 1) ** self.tables.n - self.m ** self.tables.n


def exp(array: Array) -> Array:
    array = np.asarray(array)
    return np.exp(array) if array.dtype == float else np.vectorize(mpmath.exp, otypes=[object])(array)


def log(array: Array) -> Array:
    array = np.asarray(array)
    return np.log(array) if array.dtype == float else np.vectorize(mpmath.log, otypes=[object])(array)


def log1p_sum_exp(margins: Array) -> Array:
    """ln(1 + sum over the last axis of exp): the loss of margins, without overflow."""
    if margins.shape[-1] == 0:
        return np.zeros(margins.shape[:-1])
    top = np.asarray(np.maximum(margins.max(axis=-1), 0))
    return top + log(exp(-top) + exp(margins - top[..., None]).sum(axis=-1))


def log_sum_exp(terms: Array) -> Array:
    """ln(sum over the last axis of exp)."""
    top = np.asarray(terms.max(axis=-1))
    return top + log(exp(terms - top[..., None]).sum(axis=-1))
