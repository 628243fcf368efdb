"""An autograd engine that the mistakes change a part of."""

import math
from typing import Any


class Engine:
    """A right answer, of which the mistakes change a part.

    Attributes:
        data: the number.
        grad: the gradient that has arrived.
        sources: the nodes it was computed from, each with the derivative with respect to it.
    """

    def __init__(self, data: float, sources: Any = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.sources: Any = sources

    def _node(self, other: Any) -> Any:
        return other if isinstance(other, Engine) else type(self)(other)

    def _make(self, data: float, *sources: tuple[Any, float]) -> Any:
        return type(self)(data, sources)

    def __add__(self, other: Any) -> Any:
        other = self._node(other)
        return self._make(self.data + other.data, (self, 1.0), (other, 1.0))

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __sub__(self, other: Any) -> Any:
        other = self._node(other)
        return self._make(self.data - other.data, (self, 1.0), (other, -1.0))

    def __rsub__(self, other: Any) -> Any:
        return self._node(other) - self

    def __mul__(self, other: Any) -> Any:
        other = self._node(other)
        return self._make(self.data * other.data, (self, other.data), (other, self.data))

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __truediv__(self, other: Any) -> Any:
        other = self._node(other)
        by_other = -self.data / other.data**2
        return self._make(self.data / other.data, (self, 1 / other.data), (other, by_other))

    def __rtruediv__(self, other: Any) -> Any:
        return self._node(other) / self

    def __pow__(self, other: Any) -> Any:
        slope = self._exponent(other) * self.data ** (self._exponent(other) - 1)
        if not isinstance(other, Engine):
            return self._make(self.data**other, (self, slope))
        data = self.data**other.data
        return self._make(data, (self, slope), (other, data * math.log(self.data)))

    def _exponent(self, other: Any) -> float:
        return other.data if isinstance(other, Engine) else other

    def __rpow__(self, other: Any) -> Any:
        return self._node(other) ** self

    def __neg__(self) -> Any:
        return self._make(-self.data, (self, -1.0))

    def exp(self) -> Any:
        """Return e to this power."""
        data = math.exp(self.data)
        return self._make(data, (self, data))

    def log(self) -> Any:
        """Return the natural logarithm."""
        return self._make(math.log(self.data), (self, 1 / self.data))

    def tanh(self) -> Any:
        """Return the hyperbolic tangent."""
        data = math.tanh(self.data)
        return self._make(data, (self, 1 - data**2))

    def relu(self) -> Any:
        """Return the number where it is positive, else 0."""
        return self._make(max(self.data, 0.0), (self, float(self.data > 0)))

    def _order(self) -> list[Any]:
        """Return this node and all behind it, each before those it was computed from."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(source, False) for source, _ in node.sources]
        return order[::-1]

    def backward(self) -> None:
        """Add the derivative of this number to the ``grad`` of all that it was computed from."""
        arrived = {self: 1.0}
        for node in self._order():
            node.grad += arrived[node]
            for source, slope in node.sources:
                arrived[source] = arrived.get(source, 0.0) + slope * arrived[node]
