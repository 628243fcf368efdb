"""The mistakes of the autograd engine that lie in one operation."""

import math
from typing import Any

from torchproof.catalog.backprop.engine import Engine
from torchproof.catalog.backprop.value import value


def _without(*names: str) -> type[Engine]:
    """Make an engine without some methods, of the learner's class name, which is in messages."""
    engine = type("_Without", (Engine,), dict.fromkeys(names, _missing))
    return type("Value", (engine,), {})


def _missing(self: Any, other: Any) -> Any:
    return NotImplemented


value.mistake(
    "no numbers on the left",
    "2 + v asks the number first and then v's __radd__; write __radd__, __rsub__, __rmul__, "
    "__rtruediv__ and __rpow__ as well.",
)(_without("__radd__", "__rsub__", "__rmul__", "__rtruediv__", "__rpow__"))


value.mistake(
    "no power of a number",
    "2 ** v asks the number first and then v's __rpow__; write it as well.",
)(_without("__rpow__"))


@value.mistake(
    "no numbers on the right",
    "You read other.data, but other may be a plain number; make a Value of it first.",
)
class _NumbersNotMade(Engine):
    def _node(self, other: Any) -> Any:
        return other

    def __radd__(self, other: Any) -> Any:
        return self + type(self)(other)

    def __rsub__(self, other: Any) -> Any:
        return type(self)(other) - self

    def __rmul__(self, other: Any) -> Any:
        return self * type(self)(other)

    def __rtruediv__(self, other: Any) -> Any:
        return type(self)(other) / self

    def __rpow__(self, other: Any) -> Any:
        return type(self)(other) ** self


@value.mistake(
    "2 - v as v - 2",
    "__rsub__ is asked for 2 - v with v as self; the number comes first, so swap the two.",
)
class _SwappedDifference(Engine):
    def __rsub__(self, other: Any) -> Any:
        return self - other


@value.mistake(
    "2 / v as v / 2",
    "__rtruediv__ is asked for 2 / v with v as self; the number comes first, so swap the two.",
)
class _SwappedQuotient(Engine):
    def __rtruediv__(self, other: Any) -> Any:
        return self / other


@value.mistake(
    "2 ** v as v ** 2",
    "__rpow__ is asked for 2 ** v with v as self; the number comes first, so swap the two.",
)
class _SwappedPower(Engine):
    def __rpow__(self, other: Any) -> Any:
        return self**other


@value.mistake(
    "all swapped",
    "__rsub__, __rtruediv__ and __rpow__ are asked with the right operand as self; the number "
    "comes first, so swap the two in each.",
)
class _AllSwapped(_SwappedDifference, _SwappedQuotient, _SwappedPower):
    pass


@value.mistake(
    "gradient of a subtracted node",
    "The derivative of a - b with respect to b is -1; yours is 1.",
)
class _DifferenceSign(Engine):
    def __sub__(self, other: Any) -> Any:
        other = self._node(other)
        return self._make(self.data - other.data, (self, 1.0), (other, 1.0))


@value.mistake(
    "product's derivatives swapped",
    "The derivative of a·b with respect to a is b; yours is a itself.",
)
class _ProductSwapped(Engine):
    def __mul__(self, other: Any) -> Any:
        other = self._node(other)
        return self._make(self.data * other.data, (self, self.data), (other, other.data))


@value.mistake(
    "no gradient of the denominator",
    "In a / b, b gets no gradient from you; its derivative is -a / b².",
)
class _NoDenominator(Engine):
    def __truediv__(self, other: Any) -> Any:
        other = self._node(other)
        return self._make(self.data / other.data, (self, 1 / other.data))


@value.mistake(
    "sign of the denominator's gradient",
    "The derivative of a / b with respect to b is -a / b², and yours lacks the minus: with a and "
    "b positive, a larger b makes the quotient smaller.",
)
class _DenominatorSign(Engine):
    def __truediv__(self, other: Any) -> Any:
        other = self._node(other)
        by_other = self.data / other.data**2
        return self._make(self.data / other.data, (self, 1 / other.data), (other, by_other))


@value.mistake(
    "no gradient of the exponent",
    "In a ** b, the exponent gets no gradient from you; its derivative is a ** b times log(a).",
)
class _NoExponent(Engine):
    def __pow__(self, other: Any) -> Any:
        result = super().__pow__(other)
        return self._make(result.data, result.sources[0])


@value.mistake(
    "exponent not lowered",
    "The derivative of a ** k with respect to a is k · a ** (k - 1); you do not lower the "
    "exponent.",
)
class _ExponentNotLowered(Engine):
    def __pow__(self, other: Any) -> Any:
        result = super().__pow__(other)
        slope = self._exponent(other) * result.data
        return self._make(result.data, (self, slope), *result.sources[1:])


@value.mistake(
    "logarithm of every base",
    "You take the logarithm of every base, and one that is 0 or negative has none; it is needed "
    "only where the exponent is a Value; with a number k there, the slope is k · a ** (k - 1).",
)
class _LogarithmAlways(Engine):
    def __pow__(self, other: Any) -> Any:
        return super().__pow__(self._node(other))


@value.mistake(
    "power's derivative by division",
    "k · a ** k / a divides by zero where a is 0; k · a ** (k - 1) does not.",
)
class _PowerByDivision(Engine):
    def __pow__(self, other: Any) -> Any:
        result = super().__pow__(other)
        slope = self._exponent(other) * result.data / self.data
        return self._make(result.data, (self, slope), *result.sources[1:])


@value.mistake(
    "exp's derivative at the input",
    "You send the input on as exp's derivative; it is exp itself, the result.",
)
class _ExpSlope(Engine):
    def exp(self) -> Any:
        return self._make(math.exp(self.data), (self, self.data))


@value.mistake(
    "log's derivative at the result",
    "You take 1 / log(a) as log's derivative; it is 1 / a, at the input.",
)
class _LogSlope(Engine):
    def log(self) -> Any:
        data = math.log(self.data)
        return self._make(data, (self, 1 / data))


@value.mistake(
    "tanh's derivative at the input",
    "1 - t² is tanh's derivative with t the result; you put the input there.",
)
class _TanhSlope(Engine):
    def tanh(self) -> Any:
        return self._make(math.tanh(self.data), (self, 1 - self.data**2))


@value.mistake(
    "tanh overflows",
    "exp of a large number overflows, so the quotient of exponentials breaks far from 0; use "
    "math.tanh.",
)
class _TanhByExp(Engine):
    def tanh(self) -> Any:
        twice = math.exp(2 * self.data)
        data = (twice - 1) / (twice + 1)
        return self._make(data, (self, 1 - data**2))


@value.mistake(
    "ReLU's gradient 1 at 0",
    "Your ReLU lets the gradient pass at 0; torch's is 0 there, so compare with > and not with >=.",
)
class _ReluAtZero(Engine):
    def relu(self) -> Any:
        return self._make(max(self.data, 0.0), (self, float(self.data >= 0)))


@value.mistake(
    "ReLU's gradient always 1",
    "Your ReLU lets the gradient pass everywhere; where the input is negative it is 0.",
)
class _ReluOpen(Engine):
    def relu(self) -> Any:
        return self._make(max(self.data, 0.0), (self, 1.0))
