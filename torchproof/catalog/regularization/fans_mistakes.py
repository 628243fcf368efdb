"""How filling a weight goes wrong, whatever the initialiser."""

import inspect
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.catalog.regularization.fans import Spread, fans
from torchproof.checking.exercise import Exercise, Function

Fill = Callable[[Tensor, float], Tensor]
"""Fills a tensor with numbers of a standard deviation, and returns it."""


def fill_uniform(weight: Tensor, deviation: float) -> Tensor:
    """Fill a weight with evenly spread numbers."""
    bound = math.sqrt(3) * deviation
    return weight.uniform_(-bound, bound)


def fill_normal(weight: Tensor, deviation: float) -> Tensor:
    """Fill a weight with normally distributed numbers."""
    return weight.normal_(0, deviation)


def like(of: Exercise) -> Callable[[Function], Function]:
    """Give a function of a weight and an option the exercise's signature; no gradients are kept.

    It refuses nothing: a weight of one dimension is taken for a column. A learner who is wrong in
    the same way is like it, whether they refuse that or not.
    """
    signature = inspect.signature(of.reference)

    def make(wrong: Callable[[Tensor, float], Any]) -> Function:
        def candidate(*given: Any, **arguments: Any) -> Any:
            bound = signature.bind(*given, **arguments)
            bound.apply_defaults()
            weight, option = bound.args
            matrix = weight if weight.dim() > 1 else weight[:, None]
            with torch.no_grad():
                result = wrong(matrix, option)
            return weight if result is matrix else result

        candidate.__signature__ = signature  # type: ignore[attr-defined]
        return candidate

    return make


def misscaled(
    of: Exercise, fill: Fill, name: str, hint: str, spread: Callable[[Tensor, float], float]
) -> None:
    """Add the mistake of a wrong standard deviation, which is computed from weight and option."""

    @of.mistake(name, hint)
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        return fill(weight, spread(weight, option))


def misfilled(of: Exercise, fill: Fill, spread: Spread) -> None:
    """Add the mistakes that do not depend on the formula."""

    def deviation(weight: Tensor, option: float) -> float:
        return spread(*fans(weight), option)

    @of.mistake(
        "returns a copy",
        "You fill a new tensor and leave weight as it was; a name that ends in _ promises to "
        "change the tensor itself, so fill weight and return it.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        return fill(torch.empty_like(weight), deviation(weight, option))

    @of.mistake(
        "returns another tensor",
        "You fill weight, but return another tensor, as weight.data or a clone is; return weight "
        "itself.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        return fill(weight, deviation(weight, option)).detach()

    @of.mistake(
        "nothing returned",
        "You fill weight and return nothing; return weight.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> None:
        fill(weight, deviation(weight, option))

    @of.mistake(
        "autograd not kept out",
        "Autograd does not let a parameter be changed in place; do it under torch.no_grad().",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        with torch.enable_grad():
            return fill(weight, deviation(weight, option))

    @of.mistake(
        "the same numbers in every call",
        "Every call fills in the same numbers, as with a seed inside the function, so that equal "
        "layers stay equal; draw from torch's global generator and leave its seed alone.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        found = deviation(weight, option)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return fill(weight, found)

    @of.mistake(
        "one row for all neurons",
        "You draw one row and give it to all neurons, which then learn the same; draw a number for "
        "every weight.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        found = deviation(weight, option)
        return weight.copy_(fill(torch.empty_like(weight[:1]), found).expand_as(weight))

    @of.mistake(
        "what was there is scaled",
        "You multiply what is in weight already; replace it, whatever it was.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        return weight.mul_(deviation(weight, option))

    @of.mistake(
        "positive only",
        "All your weights are positive; they are to lie around 0, on both sides.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        return fill(weight, deviation(weight, option)).abs_()

    @of.mistake(
        "a bias accepted",
        "A weight of fewer than two dimensions has no fan-in and fan-out, and you fill it all the "
        "same; raise a ValueError.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        return fill(weight, deviation(weight, option))


def misspread_evenly(of: Exercise, spread: Spread) -> None:
    """Add the mistakes of taking evenly spread numbers for what they are not."""
    misscaled(
        of,
        fill_uniform,
        "√6 where √3 belongs",
        "You multiply the standard deviation by √6; between -b and b it is b / √3, so that b is "
        "√3 times as large, and the 6 in the formula has the 2 of the deviation in it already.",
        lambda weight, option: math.sqrt(2) * spread(*fans(weight), option),
    )
    misscaled(
        of,
        fill_uniform,
        "the standard deviation as bound",
        "Your bound is the standard deviation asked, and numbers between -b and b have b / √3; "
        "multiply it by √3.",
        lambda weight, option: spread(*fans(weight), option) / math.sqrt(3),
    )
    misscaled(
        of,
        fill_normal,
        "normally distributed",
        "Your numbers are normally distributed, and the spread is right; all between -b and b are "
        "to be equally likely.",
        lambda weight, option: spread(*fans(weight), option),
    )


def misspread_normally(of: Exercise, spread: Spread) -> None:
    """Add the mistakes of taking normally distributed numbers for what they are not."""
    misscaled(
        of,
        fill_normal,
        "√6 where √2 belongs",
        "Your standard deviation is √3 times too large: √6 is for the bound of evenly spread "
        "numbers, and here it is √2.",
        lambda weight, option: math.sqrt(3) * spread(*fans(weight), option),
    )
    misscaled(
        of,
        fill_normal,
        "the variance as standard deviation",
        "You give the variance where the standard deviation is asked for; take its root.",
        lambda weight, option: spread(*fans(weight), option) ** 2,
    )
    misscaled(
        of,
        fill_uniform,
        "evenly spread",
        "Your numbers are evenly spread, and their standard deviation is right; draw them from a "
        "normal distribution.",
        lambda weight, option: spread(*fans(weight), option),
    )
    misscaled(
        of,
        fill_normal,
        "standard normal",
        "Your numbers are standard normal, whatever the weight's shape; multiply them by the "
        "standard deviation asked.",
        lambda weight, option: 1.0,
    )

    @of.mistake(
        "cut off at two standard deviations",
        "You draw from a truncated normal distribution, which other libraries do; here about one "
        "number in 22 lies beyond two standard deviations.",
    )
    @like(of)
    def _(weight: Tensor, option: float) -> Tensor:
        deviation = spread(*fans(weight), option)
        return nn.init.trunc_normal_(weight, 0, deviation, -2 * deviation, 2 * deviation)
