"""Writes safetensors files, well formed or not, and reads those that the generator writes: 8 bytes of header length, a JSON header, the data."""
from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from .encodings import SAFETENSORS
from .models import Model, Tensor

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


def read(path: Path) -> Model:
    content = path.read_bytes()
    data = 8 + struct.unpack("<Q", content[:8])[0]
    names = {short: dtype for dtype, short in SAFETENSORS.items()}
    return {name: Tensor(names[entry["dtype"]], tuple(entry["shape"]), content[data + entry["data_offsets"][0]:data + entry["data_offsets"][1]])
            for name, entry in json.loads(content[8:data]).items() if name != "__metadata__"}


def safetensors(weights: Model) -> bytes:
    return packed(*header_and_data(weights))
