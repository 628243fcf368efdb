"""The autograd engine: its reference, and its cases."""

import operator
from collections.abc import Callable
from typing import Any, ClassVar
from weakref import WeakSet

import torch
from torch import Tensor

from torchproof.catalog.backprop.expressions import random_lines
from torchproof.checking.cases import Cases, Draw, Group, extremes, gradients, values
from torchproof.checking.exercise import exercise


class Value:
    """A number that remembers how it was computed; the reference leaves that to torch."""

    _alive: ClassVar[WeakSet["Value"]] = WeakSet()

    def __init__(self, data: float) -> None:
        self._hold(torch.tensor(float(data), dtype=torch.float64, requires_grad=True))

    def _hold(self, tensor: Tensor) -> None:
        self._tensor = tensor
        self._alive.add(self)

    @property
    def data(self) -> float:
        """The number."""
        return self._tensor.item()

    @property
    def grad(self) -> float:
        """The gradient that has arrived at it so far."""
        return 0.0 if self._tensor.grad is None else self._tensor.grad.item()

    def _by(self, compute: Callable[..., Any], *operands: Any) -> "Value":
        tensors = [each._tensor if isinstance(each, Value) else each for each in operands]
        result = object.__new__(Value)
        result._hold(compute(*tensors))
        return result

    def __add__(self, other: Any) -> "Value":
        return self._by(operator.add, self, other)

    def __radd__(self, other: Any) -> "Value":
        return self._by(operator.add, other, self)

    def __sub__(self, other: Any) -> "Value":
        return self._by(operator.sub, self, other)

    def __rsub__(self, other: Any) -> "Value":
        return self._by(operator.sub, other, self)

    def __mul__(self, other: Any) -> "Value":
        return self._by(operator.mul, self, other)

    def __rmul__(self, other: Any) -> "Value":
        return self._by(operator.mul, other, self)

    def __truediv__(self, other: Any) -> "Value":
        return self._by(operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> "Value":
        return self._by(operator.truediv, other, self)

    def __pow__(self, other: Any) -> "Value":
        return self._by(operator.pow, self, other)

    def __rpow__(self, other: Any) -> "Value":
        return self._by(operator.pow, other, self)

    def __neg__(self) -> "Value":
        return self._by(operator.neg, self)

    def exp(self) -> "Value":
        """Return e to this power."""
        return self._by(torch.exp, self)

    def log(self) -> "Value":
        """Return the natural logarithm."""
        return self._by(torch.log, self)

    def tanh(self) -> "Value":
        """Return the hyperbolic tangent."""
        return self._by(torch.tanh, self)

    def relu(self) -> "Value":
        """Return the number where it is positive, else 0."""
        return self._by(torch.relu, self)

    def backward(self) -> None:
        """Add the derivative of this number to the ``grad`` of all that it was computed from."""
        for each in self._alive:  # few of a long chain's nodes still have a name
            each._tensor.retain_grad()
        torch.autograd.backward(self._tensor, retain_graph=True)


value = exercise(
    groups=(Group.VALUES, Group.GRADIENTS, Group.EXTREMES),
    not_allowed=("torch",),
    driver="expression",
)(Value)


@value.cases
def _(draw: Draw) -> Cases:
    for note, lines in _families(draw).items():
        yield values(note, lines=lines)
        yield gradients(note, lines=lines, backward=[lines[-1].split()[0]])
    for _ in range(2):
        yield values("all together", lines=random_lines(draw))
        yield gradients("all together", lines=random_lines(draw), backward=["z"])
    yield from _extreme_expressions(draw)


def _families(draw: Draw) -> dict[str, list[str]]:
    """Return short expressions, each of one kind, as lines by what is special about them."""
    a, b = f"a = {draw.number(0.6, 1.4)}", f"b = {-draw.number(0.5, 1.5)}"
    positive = f"b = {draw.number(0.5, 1.5)}"
    left, right = draw.number(1.5, 2.5), draw.number(1.1, 1.9)
    every = {
        name: [a, b, f"c = a {sign} b", f"d = c {sign} {right}", f"e = {left} {sign} d"]
        for name, sign in (("sums", "+"), ("differences", "-"), ("products", "*"))
    }
    return every | {
        "quotients": [a, b, "c = a / b", f"d = c / {right}", f"e = {left} / d"],
        "powers": [a, positive, "c = a ** b", "d = c ** 3", f"e = {left} ** d"],
        "exp and log": [a, "b = a.exp()", "c = b + 1", "d = c.log()", "e = - d"],
        "tanh": [a, "b = a.tanh()", "c = b * 2"],
        "ReLU": [a, b, "c = a.relu()", "d = b.relu()", "e = c + d", "f = e * b"],
        "nodes used twice": [a, "b = a * a", "c = a + b", "d = b * c", "e = c * b", "f = d + e"],
        "a node with itself": [a, "b = a + a", "c = b - b", "d = c + b", "e = d / d", "f = e * d"],
    }


def _extreme_expressions(draw: Draw) -> Cases:
    """Yield the cases that take thought: at a kink, far out, deep, and after a first backward."""
    a, b = f"a = {draw.number(1.1, 1.9)}", f"b = {draw.number(2.1, 2.9)}"
    lines = ["a = 0", b, "c = a.relu()", "d = c + b"]
    yield extremes("ReLU at 0", lines=lines, backward=["d"])
    lines = ["a = 1000", "b = -1000", "c = a.tanh()", "d = b.tanh()", "e = b.exp()", "f = c - d"]
    yield extremes("far from 0", lines=[*lines, "f = f + e"], backward=["f"])
    lines = ["a = 0", b, "c = a ** 2", "d = a ** 1", "e = a * b", "f = c + d", "f = f + e"]
    yield extremes("a factor and a base of 0", lines=lines, backward=["f"])
    lines = [f"a = {-draw.number(1.1, 1.9)}", "b = a ** 3", "c = a ** -2", "d = b * c"]
    yield extremes("a negative base", lines=lines, backward=["d"])
    yield extremes("whole numbers", lines=["a = 2", "b = 4", "c = a / b"], backward=["c"])
    yield extremes("backward from a node that was given", lines=[a, b], backward=["a"])
    lines = [a, b, "c = a * 3", "d = c * b"]
    yield extremes("nodes that the result does not depend on", lines=lines, backward=["c"])
    lines = [a, "b = a * a", "c = b * 3", "d = b + a"]
    yield extremes("backward twice", lines=lines[:3], backward=["c", "c"])
    yield extremes("backward from two nodes", lines=lines, backward=["c", "d"])
    lines = ["a = 1.0001", b, "b = b * a"]
    yield extremes("a chain of 10,000 products", lines=lines, backward=["b"], repeat=10_000)
