"""Batch normalisation: wrong dimensions, wrong formulas, and a scale and shift that may be None."""

from torch import Tensor

from torchproof.catalog.regularization.batch_norm_layer import Layer
from torchproof.catalog.regularization.batch_norm_mistakes import mistake


class _PerPixel(Layer):
    """Mean and variance over the batch only."""

    def over(self) -> tuple[int, ...]:
        return (0,)

    def lined_up(self, statistic: Tensor) -> Tensor:
        return statistic if statistic.dim() > 1 else super().lined_up(statistic)


@mistake(
    "per-pixel statistics",
    "You take mean and variance over the batch only, so that every pixel has its own; take them "
    "over all dimensions but the channels, (0, 2, 3) for images.",
)
class _PerPixelKept(_PerPixel):
    def kept(self) -> tuple[Tensor, Tensor]:
        mean, variance = (each.reshape(len(each), -1).mean(1) for each in super().kept())
        return mean, variance


@mistake(
    "per-pixel statistics that do not fit",
    "You take mean and variance over the batch only, and for images neither fits the running "
    "statistics; take them over all dimensions but the channels, (0, 2, 3) for images.",
)
class _PerPixelNotKept(_PerPixel):
    pass


@mistake(
    "rows only",
    "(N, C) is right, but for images mean, variance, weight and bias, one for each channel, do not "
    "line up with x; take statistics over (0, 2, 3) and give all of them the shape (C, 1, 1).",
)
class _RowsOnly(Layer):
    def over(self) -> tuple[int, ...]:
        return (0,)

    def lined_up(self, statistic: Tensor) -> Tensor:
        return statistic

    def normalised(self) -> Tensor:
        if self.updates():
            self.update()
        return super().normalised()


@mistake(
    "not lined up with the channels",
    "Your statistics, one for each channel, are lined up with the last dimension of an image, its "
    "width; give them the shape (C, 1, 1).",
)
class _NotLinedUp(Layer):
    def lined_up(self, statistic: Tensor) -> Tensor:
        return statistic


@mistake(
    "per example and channel",
    "You take mean and variance of each image by itself, which is instance normalisation; take "
    "them over the whole batch, dimension 0, too.",
)
class _PerExample(Layer):
    def over(self) -> tuple[int, ...]:
        return (2, 3) if self.x.dim() == 4 else (0,)

    def lined_up(self, statistic: Tensor) -> Tensor:
        return statistic[:, :, None, None] if statistic.dim() > 1 else super().lined_up(statistic)

    def kept(self) -> tuple[Tensor, Tensor]:
        mean, variance = (
            each.mean(0) if self.x.dim() == 4 else each for each in self.batch(correction=1)
        )
        return mean, variance


@mistake(
    "over everything",
    "You take one mean and variance over all channels; each channel has its own.",
)
class _OverEverything(Layer):
    def batch(self, correction: int = 0) -> tuple[Tensor, Tensor]:
        mean, variance = self.x.mean(), self.x.var(correction=correction)
        return mean.expand(self.x.shape[1]), variance.expand(self.x.shape[1])


@mistake(
    "eps outside the root",
    "You add eps to the standard deviation; it is added to the variance, under the root.",
)
class _EpsOutside(Layer):
    def deviation(self, variance: Tensor) -> Tensor:
        return variance.sqrt() + self.eps


@mistake(
    "eps forgotten",
    "eps is not added to the variance; add it there, under the root, so that a channel whose "
    "numbers are all equal does not give 0 over 0, NaN.",
)
class _EpsForgotten(Layer):
    def deviation(self, variance: Tensor) -> Tensor:
        return variance.sqrt()


@mistake(
    "eps always 1e-5",
    "Your eps is 1e-5 whatever is asked for; use the argument.",
)
class _EpsFixed(Layer):
    def deviation(self, variance: Tensor) -> Tensor:
        return (variance + 1e-5).sqrt()


@mistake(
    "divided by the variance",
    "You divide by the variance; divide by its root, the standard deviation.",
)
class _ByVariance(Layer):
    def deviation(self, variance: Tensor) -> Tensor:
        return variance + self.eps


@mistake(
    "variance as a difference of squares",
    "You take the variance as the mean square minus the squared mean, two nearly equal numbers "
    "where x is far from 0, and lose all digits; subtract the mean first and square then.",
)
class _Squares(Layer):
    def batch(self, correction: int = 0) -> tuple[Tensor, Tensor]:
        mean, square = self.x.mean(self.over()), self.x.square().mean(self.over())
        n = self.x.numel() / self.x.shape[1]
        return mean, (square - mean.square()) * (n / (n - 1) if correction else 1)


@mistake(
    "None multiplied",
    "weight may be None, and there is nothing then to multiply by; look whether it is None first.",
)
class _NoneMultiplied(Layer):
    def scaled(self, normalised: Tensor) -> Tensor:
        weight = self.weight if self.weight is None else self.lined_up(self.weight)
        self.weight = None
        return super().scaled(normalised * weight)  # type: ignore[operator]


@mistake(
    "None added",
    "bias may be None, and None cannot be added; look whether it is None first.",
)
class _NoneAdded(Layer):
    def scaled(self, normalised: Tensor) -> Tensor:
        bias = self.bias if self.bias is None else self.lined_up(self.bias)
        self.bias = None
        return super().scaled(normalised) + bias  # type: ignore[operator]


@mistake(
    "bias needs a weight",
    "You add the bias only where there is a weight; each may be None by itself.",
)
class _BiasNeedsWeight(Layer):
    def scaled(self, normalised: Tensor) -> Tensor:
        return normalised if self.weight is None else super().scaled(normalised)


@mistake(
    "weight forgotten",
    "You do not multiply by weight.",
)
class _NoWeight(Layer):
    def scaled(self, normalised: Tensor) -> Tensor:
        self.weight = None
        return super().scaled(normalised)


@mistake(
    "bias forgotten",
    "You do not add bias.",
)
class _NoBias(Layer):
    def scaled(self, normalised: Tensor) -> Tensor:
        self.bias = None
        return super().scaled(normalised)


@mistake(
    "neither weight nor bias",
    "You return the normalised numbers; multiply them by weight and add bias, where they are "
    "given.",
)
class _Neither(Layer):
    def scaled(self, normalised: Tensor) -> Tensor:
        return normalised
