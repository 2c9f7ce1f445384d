"""The tutorial's network in PyTorch: one-hot inputs [batch, n, V] to logits [batch, V], float32."""
from __future__ import annotations

import torch
from torch.nn import functional
from weights import read_weights


class Model:
    def __init__(self, path: str) -> None:
        tensors = {name: torch.frombuffer(data, dtype=torch.float32).reshape(shape) for name, (shape, data) in read_weights(path).items()}
        self.embedding, self.linear, self.unembedding = (tensors[f"{name}.weight"] for name in ("embedding", "linear", "unembedding"))
        self.vocabulary = self.unembedding.shape[0]

    def logits(self, tokens: torch.Tensor) -> torch.Tensor:
        one_hot = functional.one_hot(tokens, self.vocabulary).float()
        return one_hot.sum(dim=1) @ self.embedding.T @ self.linear.T @ self.unembedding.T
