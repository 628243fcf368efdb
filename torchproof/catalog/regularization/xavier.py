"""What both of Xavier's initialisers share: their cases, and how they go wrong."""

import math
from collections.abc import Callable

from torch import Tensor

from torchproof.catalog.regularization.fans import fans, option_cases
from torchproof.catalog.regularization.fans_mistakes import Fill, misscaled
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import Exercise


def xavier_cases(draw: Draw) -> Cases:
    """Yield the cases that both are tried on."""
    edges = [draw.number(0.2, 0.4), 1000.0]
    yield from option_cases(draw, "gain", lambda: draw.number(1.6, 2.4), edges)


def xavier_spread(fan_in: float, fan_out: float, gain: float) -> float:
    """Return the standard deviation asked."""
    return gain * math.sqrt(2 / (fan_in + fan_out))


_WRONG: dict[str, tuple[str, Callable[[Tensor, float], float]]] = {
    "kernel area forgotten": (
        "You leave the kernel out of the fans; in a convolution each of them is a number of "
        "channels times the elements of the kernel.",
        lambda weight, gain: xavier_spread(weight.shape[1], weight.shape[0], gain),
    ),
    "kernel area in fan-in only": (
        "You multiply only the fan-in by the elements of the kernel; the fan-out is multiplied by "
        "them, too.",
        lambda weight, gain: xavier_spread(fans(weight)[0], weight.shape[0], gain),
    ),
    "third dimension of the kernel forgotten": (
        "You multiply by the first two sizes of the kernel only; it may have a third, and all of "
        "them count.",
        lambda weight, gain: xavier_spread(
            *fans(weight[..., 0] if weight.dim() > 4 else weight), gain
        ),
    ),
    "first and last dimension": (
        "You take the last dimension for the number of inputs, which in a convolution is the width "
        "of the kernel; the inputs are dimension 1, and the kernel is all that follows.",
        lambda weight, gain: xavier_spread(weight.shape[-1], weight.shape[0], gain),
    ),
    "gain forgotten": (
        "Your result is the same for every gain; multiply the spread by it.",
        lambda weight, gain: xavier_spread(*fans(weight), 1.0),
    ),
    "gain under the root": (
        "You take the root of gain, too; multiply by gain itself, outside the root.",
        lambda weight, gain: xavier_spread(*fans(weight), math.sqrt(gain)),
    ),
}
"""Standard deviations computed wrongly, from weight and gain, by name and with their hints."""


def xavier_mistakes(of: Exercise, fill: Fill) -> None:
    """Add the mistakes that both have in common."""
    for name, (hint, spread) in _WRONG.items():
        misscaled(of, fill, name, hint, spread)
