"""The model (FORMAT.md section 5): what its description says of its tensors, its digest, its shape, and its exact weights. logits.py evaluates it."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from second_opinion.description import Architecture, Attention, Map, Norm
from second_opinion.matrices import Matrix, Tensors
from second_opinion.reading import Certificate, Tensor
from second_opinion.refusal import require

WIDEST, MOST_TOKENS = 4096, 16384


class Model:
    """`Vs` tokens at each position, `n` positions, `C` classes, `d` wide; `shape` is one of those that have rules of their own, or none."""

    def __init__(self, description: Architecture, stored: Mapping[str, Tensor]) -> None:
        self.description, self.tensors, self.n = description, Tensors(stored), description.n
        used = set(self.names())
        for name in sorted(used):
            require(name in stored, "tensor-missing", "/model/tensors", name)
        for name in stored:
            require(name in used, "tensor-unused", f"/model/tensors/{name}")
        self.widths: list[int] = []
        self.check_sizes()
        require(max(*self.Vs, self.C) <= MOST_TOKENS, "limit-vocabulary", "/model/architecture")
        require(max(self.widths) <= WIDEST, "limit-width", "/model/architecture")
        self.shape = self.recognised()
        self.tensors.read()
        self.matrices = {one: self.tensors.matrix(one) for one in set(self.maps())}
        self.biases = {one: self.tensors.bias(one) for one in set(self.maps())}
        self.E = self.matrices[description.tokens[0]]
        self.P = self.tensors.table(description.positions)[:self.n] if description.positions is not None else None

    @property
    def V(self) -> int:
        """Where all positions have one map."""
        return self.Vs[0]

    # -- what the description names ----------------------------------------------------------------------------------

    def maps(self) -> Iterator[Map]:
        yield from self.description.tokens
        for block in self.description.blocks:
            if block.attention:
                yield from of_attention(block.attention)
            if block.mlp:
                yield from (block.mlp.into, block.mlp.out)
        yield from (part for part in self.description.readout if isinstance(part, Map))

    def norms(self) -> Iterator[Norm]:
        for block in self.description.blocks:
            yield from (part.norm for part in (block.attention, block.mlp) if part and part.norm)
        if self.description.norm:
            yield self.description.norm
        yield from (part for part in self.description.readout if isinstance(part, Norm))

    def names(self) -> Iterator[str]:
        for one in self.maps():
            yield from (one.weight, *([one.bias] if one.bias is not None else []))
        for norm in self.norms():
            yield from (name for name in (norm.weight, norm.bias) if name is not None)
        if self.description.positions is not None:
            yield self.description.positions

    def digest(self) -> str:
        digest = hashlib.sha256(f"proofmark-model 2\narchitecture {self.description.text}\n".encode())
        for name, tensor in sorted(self.tensors.stored.items()):
            digest.update(f"{name} {tensor.dtype} {'x'.join(map(str, tensor.shape))}\n".encode() + tensor.raw)
        return digest.hexdigest()

    def recognised(self) -> str | None:
        of = self.description
        if len(of.tokens) > 1 or any(self.biases_named()) or any(self.norms()) or of.positions_to_scores or not all(isinstance(part, Map) for part in of.readout):
            return None
        if not of.blocks:
            return "token-sum" if of.positions is None and of.pool == "sum" and len(of.readout) == 2 else None
        head, *others = of.blocks
        one_head = not others and head.mlp is None and head.attention.heads == 1 and head.attention.scores == "scaled"
        return "attention-only" if one_head and of.positions is not None and of.pool == "last" and len(of.readout) == 1 else None

    def biases_named(self) -> Iterator[str]:
        return (one.bias for one in self.maps() if one.bias is not None)

    # -- sizes: every tensor fits those beside it ---------------------------------------------------------------------

    def check_sizes(self) -> None:
        of, size, fits = self.description, self.tensors.size, self.tensors.fits
        sizes = [size(one) for one in of.tokens]
        self.d = sizes[0][1]
        for one, (_, width) in zip(of.tokens, sizes):
            fits(one.weight, width == self.d)
        self.Vs = [rows for rows, _ in sizes] if len(sizes) > 1 else [sizes[0][0]] * self.n
        self.widths.append(self.d)
        if of.positions is not None:
            shape = self.tensors.stored[of.positions].shape
            fits(of.positions, len(shape) == 2 and shape[0] >= self.n and shape[1] == self.d)
        for block in of.blocks:
            if block.attention:
                self.check_attention(block.attention)
            if block.mlp:
                self.check_norm(block.mlp.norm, self.d)
                m = self.check_map(block.mlp.into, self.d)
                fits(block.mlp.out.weight, self.check_map(block.mlp.out, m) == self.d)
                self.widths.append(m)
        self.check_norm(of.norm, self.d)
        width, widths = self.d, []
        for part in of.readout:
            if isinstance(part, Map):
                width = self.check_map(part, width)
                widths.append(width)
            elif isinstance(part, Norm):
                self.check_norm(part, width)
        self.widths += widths[:-1]
        self.C = width

    def check_map(self, one: Map, width: int, of_heads: str | None = None, heads: int = 1) -> int:
        """The number of its columns. `of_heads` is the layout whose slices are heads here."""
        rows, columns = self.tensors.size(one)
        self.tensors.fits(one.weight, rows == width)
        sliced = one.layout == of_heads and self.tensors.left(one)[0] == heads
        self.tensors.fits(one.weight, sliced or "heads" not in one.layout)
        return columns

    def check_attention(self, attention: Attention) -> None:
        fits, heads = self.tensors.fits, attention.heads
        self.check_norm(attention.norm, self.d)
        columns = 0
        for one in (attention.query, attention.key, attention.value):
            if one is not None:
                before, columns = columns, self.check_map(one, self.d, "heads,in,head", heads)
                fits(one.weight, heads > 0 and columns % heads == 0 and (one is not attention.key or columns == before))
                self.widths.append(columns // heads)
        fits(attention.output.weight, self.check_map(attention.output, columns, "heads,head,out", heads) == self.d)

    def check_norm(self, norm: Norm | None, width: int) -> None:
        for name in (norm.weight, norm.bias) if norm else ():
            if name is not None:
                self.tensors.fits(name, self.tensors.count(name) == width)


def of_attention(attention: Attention) -> tuple[Map, ...]:
    """Its maps, in the order of the format."""
    return tuple(one for one in (attention.query, attention.key, attention.value, attention.output) if one is not None)


def exact_attention(model: Model) -> tuple[Matrix, ...]:
    """Of the shape attention-only: query, key, value, output."""
    return tuple(model.matrices[one] for one in of_attention(model.description.blocks[0].attention))


def model_of(certificate: Certificate) -> Model:
    model = Model(certificate.architecture, certificate.tensors)
    require(model.digest() == certificate.sha256, "digest-mismatch", "/model/sha256")
    return model
