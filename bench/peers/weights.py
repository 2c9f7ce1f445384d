"""The tensors of a safetensors file of float32, as shapes and bytes: what PyTorch and numpy both make arrays of without a copy."""
from __future__ import annotations

import json
import struct


def read_weights(path: str) -> dict[str, tuple[list[int], bytearray]]:
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
    if any(entry["dtype"] != "F32" for entry in tensors.values()):
        raise SystemExit(f"error: {path}: not all tensors are float32")
    return {name: (entry["shape"], bytearray(data[slice(*entry["data_offsets"])])) for name, entry in tensors.items()}
