"""The function that a description defines (FORMAT.md section 5), row by row: exact numbers as long as they are rational, enclosures from there on."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from gmpy2 import mpq

from second_opinion.description import Attention, Block, Map, MLP, Norm, Part
from second_opinion.intervals import Arithmetic
from second_opinion.matrices import transpose
from second_opinion.network import Model
from second_opinion.real import Real, number, pi

Value = mpq | Real
Row = Sequence[Value]


class NotPositive(ArithmeticError):
    """A root or a quotient of what may be 0: of a norm, its variance and eps."""


class Evaluation:
    def __init__(self, model: Model, x: Arithmetic) -> None:
        self.model, self.x = model, x
        self.columns = {one: transpose(matrix) for one, matrix in model.matrices.items()}

    def logits(self, tokens: Sequence[int]) -> Row:
        return self.through_parts(self.model.description.readout, self.pooled_row(tokens))

    def pooled_row(self, tokens: Sequence[int]) -> Row:
        of = self.model.description
        return self.pooled([self.normed(of.norm, row) for row in self.states(tokens, of.blocks)])

    def states(self, tokens: Sequence[int], blocks: Sequence[Block]) -> list[Row]:
        """Of every position after these blocks, the first ones."""
        X = [self.embedded(p, token) for p, token in enumerate(tokens)]
        for block in blocks:
            X = self.after(block, X)
        return X

    def through_parts(self, parts: Sequence[Part], row: Row) -> Row:
        for part in parts:
            row = self.mapped(part, row) if isinstance(part, Map) else self.normed(part, row) if isinstance(part, Norm) else self.activated(part, row)
        return row

    def embedded(self, p: int, token: int) -> Row:
        one = self.model.description.tokens[p if len(self.model.description.tokens) > 1 else 0]
        row = plus_bias(self.model.matrices[one][token], self.model.biases[one])
        return added(row, self.model.P[p]) if self.model.P and not self.model.description.positions_to_scores else row

    def pooled(self, X: list[Row]) -> Row:
        pool = self.model.description.pool
        if pool in ("sum", "mean"):
            total = [sum(column, mpq(0)) for column in zip(*X)]
            return total if pool == "sum" else [value * mpq(1, len(X)) for value in total]
        return X[-1 if pool == "last" else pool]

    # -- blocks ------------------------------------------------------------------------------------------------------

    def after(self, block: Block, X: list[Row]) -> list[Row]:
        parts: list[tuple[Attention | MLP, Callable[[list[Row]], list[Row]]]] = []
        if block.attention:
            parts.append((block.attention, lambda X: self.attended(block.attention, X)))
        if block.mlp:
            parts.append((block.mlp, lambda X: [self.through(block.mlp, row) for row in X]))
        read = X
        for part, change in parts:
            if block.norm_after:
                X = [self.normed(part.norm, added(row, more)) for row, more in zip(X, change(X))]
            else:
                source = [self.normed(part.norm, row) for row in (read if block.in_parallel else X)]
                X = [added(row, more) for row, more in zip(X, change(source))]
        return X

    def through(self, mlp: MLP, row: Row) -> Row:
        return self.mapped(mlp.out, self.activated(mlp.activation, self.mapped(mlp.into, row)))

    def attended(self, attention: Attention, X: list[Row]) -> list[Row]:
        """What attention adds at each position."""
        values = [self.by_heads(attention.value, row, attention.heads) for row in X]
        A = self.uniform(attention, len(X)) if attention.scores == "uniform" else self.attention(attention, X)
        results = []
        for i in range(len(X)):
            side_by_side: list[Value] = []
            for head in range(attention.heads):
                weights = A[head][i]
                side_by_side += [dot(weights, column) for column in zip(*(values[j][head] for j in range(len(weights))))]
            results.append(self.mapped(attention.output, side_by_side))
        return results

    def uniform(self, attention: Attention, n: int) -> list[list[Row]]:
        of_a_head = [[mpq(1, seen)] * seen for seen in (i + 1 if attention.causal else n for i in range(n))]
        return [of_a_head] * attention.heads

    def attention(self, attention: Attention, X: list[Row]) -> list[list[Row]]:
        """For each head and position the weights of the positions that it sees."""
        if self.model.description.positions_to_scores:
            X = [added(row, place) for row, place in zip(X, self.model.P)]
        Q, K = ([self.by_heads(one, row, attention.heads) for row in X] for one in (attention.query, attention.key))
        factor = self.factor(attention, len(Q[0][0]))
        result = []
        for head in range(attention.heads):
            seen = ([dot(Q[i][head], K[j][head]) for j in range(i + 1 if attention.causal else len(X))] for i in range(len(X)))
            result.append([self.softmax(scores, factor) for scores in seen])
        return result

    def factor(self, attention: Attention, h: int) -> Value:
        if attention.scores == "scaled":
            return number(self.x, 1) / Real(self.x, self.x.root(self.x.number(h), 2))
        return mpq(1) if attention.scores == "unscaled" else attention.scores

    def softmax(self, scores: Row, factor: Value) -> Row:
        shift = max(upper_end(score) for score in scores)            # any number is right; with this one nothing is beyond the exponents
        weights = [self.real((score - shift) * factor).exp() for score in scores]
        mass = sum(weights, number(self.x, 0))
        return [weight / mass for weight in weights]

    def by_heads(self, one: Map, row: Row, heads: int) -> list[Row]:
        whole = self.mapped(one, row)
        width = len(whole) // heads
        return [whole[i:i + width] for i in range(0, len(whole), width)]

    # -- parts -------------------------------------------------------------------------------------------------------

    def mapped(self, one: Map, row: Row) -> Row:
        return plus_bias([dot(row, column) for column in self.columns[one]], self.model.biases[one])

    def normed(self, norm: Norm | None, row: Row) -> Row:
        if norm is None:
            return row
        if norm.centred:
            mean = sum(row, mpq(0)) * mpq(1, len(row))
            row = [value - mean for value in row]
        under = self.real(sum((square(value) for value in row), mpq(0)) * mpq(1, len(row)) + norm.eps)
        if not under.lo > 0:
            raise NotPositive
        root = Real(self.x, self.x.root(under.ends, 2))
        row = [self.real(value) / root for value in row]
        if norm.weight is not None:
            row = [value * weight for value, weight in zip(row, self.model.tensors.numbers[norm.weight])]
        return plus_bias(row, None if norm.bias is None else self.model.tensors.numbers[norm.bias])

    def activated(self, activation: str, row: Row) -> Row:
        if activation == "relu":
            return [value.positive_part() if isinstance(value, Real) else max(value, mpq(0)) for value in row]
        return [{"tanh": tanh, "silu": silu, "gelu": gelu, "gelu-tanh": gelu_tanh}[activation](self.real(value)) for value in row]

    def real(self, value: Value) -> Real:
        return value if isinstance(value, Real) else number(self.x, value)


# -- activations -----------------------------------------------------------------------------------------------------

def tanh(value: Real) -> Real:
    return value.tanh()


def silu(value: Real) -> Real:
    return value * logistic(value)


def gelu(value: Real) -> Real:
    """The normal distribution function of v is erfc(-v / sqrt(2)) / 2."""
    root = Real(value.x, value.x.root(value.x.number(2), 2))
    return value * ((0 - value) / root).erfc() * mpq(1, 2)


def gelu_tanh(value: Real) -> Real:
    """(1 + tanh(u)) / 2 is the logistic function of 2u."""
    root = Real(value.x, value.x.root((2 / pi(value.x)).ends, 2))
    return value * logistic(2 * root * (value + mpq(44715, 10**6) * value * value * value))


def logistic(value: Real) -> Real:
    return 1 / (1 + (0 - value).exp())


# -- rows ------------------------------------------------------------------------------------------------------------

def upper_end(value: Value) -> mpq:
    return mpq(value.hi) if isinstance(value, Real) else value


def square(value: Value) -> Value:
    return value.square() if isinstance(value, Real) else value * value


def added(a: Row, b: Row) -> Row:
    return [one + other for one, other in zip(a, b)]


def plus_bias(row: Row, bias: Row | None) -> Row:
    return row if bias is None else added(row, bias)


def dot(a: Row, b: Row) -> Value:
    return sum((one * other for one, other in zip(a, b)), mpq(0))
