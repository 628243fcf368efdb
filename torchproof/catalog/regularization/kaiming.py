"""What both of Kaiming's initialisers share: their cases, and how they go wrong."""

import math
from collections.abc import Callable

from torch import Tensor

from torchproof.catalog.regularization.fans import fans, option_cases
from torchproof.catalog.regularization.fans_mistakes import Fill, misscaled
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import Exercise


def kaiming_cases(draw: Draw) -> Cases:
    """Yield the cases that both are tried on."""
    edges = [1.0, math.sqrt(5), 100.0, -draw.number(0.8, 1.6)]
    yield from option_cases(draw, "a", lambda: draw.number(1.8, 2.6), edges)


def kaiming_spread(fan_in: float, fan_out: float, a: float) -> float:
    """Return the standard deviation asked; fan-out plays no part."""
    return math.sqrt(2 / ((1 + a**2) * fan_in))


_WRONG: dict[str, tuple[str, Callable[[Tensor, float], float]]] = {
    "fan-in and fan-out swapped": (
        "You divide by the fan-out; a weight has shape (out, in, ...), so that the fan-in is "
        "dimension 1 times the elements of the kernel.",
        lambda weight, a: kaiming_spread(fans(weight)[1], 0, a),
    ),
    "kernel area forgotten": (
        "You leave the kernel out of the fan-in; in a convolution it is the number of input "
        "channels times the elements of the kernel.",
        lambda weight, a: kaiming_spread(weight.shape[1], 0, a),
    ),
    "third dimension of the kernel forgotten": (
        "You multiply by the first two sizes of the kernel only; it may have a third, and all of "
        "them count.",
        lambda weight, a: kaiming_spread(
            fans(weight[..., 0] if weight.dim() > 4 else weight)[0], 0, a
        ),
    ),
    "first dimension": (
        "You divide by the first dimension, which is the number of outputs, and leave the kernel "
        "out; the fan-in is dimension 1 times the elements of the kernel.",
        lambda weight, a: kaiming_spread(weight.shape[0], 0, a),
    ),
    "last dimension": (
        "You take the last dimension for the number of inputs, which in a convolution is the width "
        "of the kernel; the inputs are dimension 1, and the kernel is all that follows.",
        lambda weight, a: kaiming_spread(weight.shape[-1], 0, a),
    ),
    "both fans": (
        "You divide by the mean of fan-in and fan-out, as Xavier does; divide by the fan-in alone.",
        lambda weight, a: kaiming_spread(sum(fans(weight)) / 2, 0, a),
    ),
    "gain of ReLU forgotten": (
        "Your spread is a factor √2 too small: ReLU lets half of the signal through, and the 2 in "
        "the formula makes up for that.",
        lambda weight, a: kaiming_spread(*fans(weight), a) / math.sqrt(2),
    ),
    "a forgotten": (
        "Your result is the same for every a; divide by 1 + a², too.",
        lambda weight, a: kaiming_spread(*fans(weight), 0),
    ),
    "a not squared": (
        "You divide by 1 + a; it is 1 + a².",
        lambda weight, a: kaiming_spread(*fans(weight), math.sqrt(a)),
    ),
    "1 + a² outside the root": (
        "You divide by 1 + a² outside the root; it belongs under it.",
        lambda weight, a: kaiming_spread(*fans(weight), 0) / (1 + a**2),
    ),
}
"""Standard deviations computed wrongly, from weight and a, by name and with their hints."""


def kaiming_mistakes(of: Exercise, fill: Fill) -> None:
    """Add the mistakes that both have in common."""
    for name, (hint, spread) in _WRONG.items():
        misscaled(of, fill, name, hint, spread)
