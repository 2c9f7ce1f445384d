"""Writes safetensors files, well formed or not: 8 bytes of header length, a JSON header, the data."""
from __future__ import annotations

import json
import struct
from typing import Any

from .encodings import SAFETENSORS
from .models import Model

Header = dict[str, Any]


def header_and_data(weights: Model) -> tuple[Header, bytes]:
    header: Header = {}
    data = b""
    for name, tensor in weights.items():
        header[name] = {"dtype": SAFETENSORS[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(tensor.raw)]}
        data += tensor.raw
    return header, data


def packed(header: Header | str, data: bytes) -> bytes:
    text = (header if isinstance(header, str) else json.dumps(header, separators=(",", ":"))).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def safetensors(weights: Model) -> bytes:
    return packed(*header_and_data(weights))
