"""Layer normalisation: how it goes wrong."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from torchproof.catalog.regularization.layer_norm import Shape, layer_norm
from torchproof.catalog.regularization.norms import Parameter, like


def _dims(shape: Shape) -> tuple[int, ...]:
    return tuple(range(-len(shape), 0))


def _centred(x: Tensor, dims: Any, correction: int = 0) -> tuple[Tensor, Tensor]:
    """Return x without its mean over these dimensions, and its variance over them."""
    return x - x.mean(dims, keepdim=True), x.var(dims, correction=correction, keepdim=True)


def _scaled(normalised: Tensor, weight: Parameter, bias: Parameter) -> Tensor:
    scaled = normalised if weight is None else normalised * weight
    return scaled if bias is None else scaled + bias


def _misnormalised(
    name: str, hint: str
) -> Callable[[Callable[[Tensor, Shape, float], Tensor]], None]:
    """Add the mistake of normalising otherwise; scale and shift are right."""

    def add(normalise: Callable[[Tensor, Shape, float], Tensor]) -> None:
        @layer_norm.mistake(name, hint)
        @like(layer_norm)
        def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
            return _scaled(normalise(x, shape, eps), weight, bias)

    return add


def _right(x: Tensor, shape: Shape, eps: float) -> Tensor:
    """Return what other mistakes scale wrongly: x normalised rightly."""
    centred, variance = _centred(x, _dims(shape))
    return centred / (variance + eps).sqrt()


@_misnormalised(
    "over the batch",
    "You take mean and variance over the examples, dim 0, as batch normalisation does; take them "
    "over the last dimensions, those of shape, for each example by itself.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    centred, variance = _centred(x, 0)
    return centred / (variance + eps).sqrt()


@_misnormalised(
    "unbiased variance",
    "You divide the squared differences by n - 1, as var does where it is not told otherwise; "
    "layer normalisation divides by n: correction=0.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    centred, variance = _centred(x, _dims(shape), correction=1)
    return centred / (variance + eps).sqrt()


@_misnormalised(
    "unbiased standard deviation, eps outside the root",
    "You divide by std + eps; std divides by n - 1 where it is not told otherwise, and eps is "
    "added to the variance, under the root: (var + eps).sqrt() with correction=0.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    centred, variance = _centred(x, _dims(shape), correction=1)
    return centred / (variance.sqrt() + eps)


@_misnormalised(
    "last dimension only",
    "You take mean and variance over the last dimension only; shape may have several, and all of "
    "them count.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    return _right(x, shape[-1:], eps)


@_misnormalised(
    "over all but the first dimension",
    "You take mean and variance over all dimensions but the first; take them over the last "
    "len(shape) ones, of which there may be fewer, or which may be all.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    return _right(x, x.shape[1:] or shape, eps)


@_misnormalised(
    "over everything",
    "You take one mean and variance over all of x; each example has its own, over the dimensions "
    "of shape.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    return (x - x.mean()) / (x.var(correction=0) + eps).sqrt()


@_misnormalised(
    "dimensions counted from the front",
    "You take mean and variance over the first len(shape) dimensions; shape is the last ones, so "
    "count from the end.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    centred, variance = _centred(x, tuple(range(len(shape))))
    return centred / (variance + eps).sqrt()


@_misnormalised(
    "eps outside the root",
    "You add eps to the standard deviation; it is added to the variance, under the root.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    centred, variance = _centred(x, _dims(shape))
    return centred / (variance.sqrt() + eps)


@_misnormalised(
    "eps forgotten",
    "eps is not added to the variance; add it there, under the root, so that numbers that are all "
    "equal do not give 0 over 0, NaN.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    return _right(x, shape, 0.0)


@_misnormalised(
    "eps always 1e-5",
    "Your eps is 1e-5 whatever is asked for; use the argument.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    return _right(x, shape, 1e-5)


@_misnormalised(
    "divided by the variance",
    "You divide by the variance; divide by its root, the standard deviation.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    centred, variance = _centred(x, _dims(shape))
    return centred / (variance + eps)


@_misnormalised(
    "mean not subtracted",
    "You divide by the standard deviation, but do not subtract the mean first.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    return x / (_centred(x, _dims(shape))[1] + eps).sqrt()


@_misnormalised(
    "root mean square",
    "You divide by the root of the mean square without subtracting the mean, which is RMSNorm; "
    "subtract the mean first.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    return x / (x.square().mean(_dims(shape), keepdim=True) + eps).sqrt()


@_misnormalised(
    "variance as a difference of squares",
    "You take the variance as the mean square minus the squared mean, two nearly equal numbers "
    "where x is far from 0, and lose all digits; subtract the mean first and square then.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    mean, square = (each.mean(_dims(shape), keepdim=True) for each in (x, x.square()))
    return (x - mean) / (square - mean.square() + eps).sqrt()


@_misnormalised(
    "statistics cut off from autograd",
    "The values are right, but mean and variance are constants to your gradient, as after "
    ".detach() or under torch.no_grad(); both depend on x, so leave them in the graph.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    mean, variance = x - _centred(x, _dims(shape))[0], _centred(x, _dims(shape))[1]
    return (x - mean.detach()) / (variance.detach() + eps).sqrt()


@_misnormalised(
    "writes into x",
    "You write into x itself, which the caller, and autograd, still need; x -= ... does so, and "
    "x = x - ... makes a new tensor.",
)
def _(x: Tensor, shape: Shape, eps: float) -> Tensor:
    mean, variance = x - _centred(x, _dims(shape))[0], _centred(x, _dims(shape))[1]
    return x.sub_(mean).div_((variance + eps).sqrt())


@layer_norm.mistake(
    "keepdim forgotten",
    "Your mean has lost the dimensions it was taken over, so that it does not line up with the "
    "rows of x; keep them with keepdim=True.",
)
def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    mean, variance = x.mean(_dims(shape)), x.var(_dims(shape), correction=0)
    return _scaled((x - mean) / (variance + eps).sqrt(), weight, bias)


@layer_norm.mistake(
    "None multiplied",
    "weight may be None, and nothing can be multiplied by None; look whether it is None first.",
)
def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    return _scaled(_right(x, shape, eps) * weight, None, bias)  # type: ignore[operator]


@layer_norm.mistake(
    "None added",
    "bias may be None, and None cannot be added; look whether it is None first.",
)
def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    return _scaled(_right(x, shape, eps), weight, None) + bias  # type: ignore[operator]


@layer_norm.mistake(
    "bias needs a weight",
    "You add the bias only where there is a weight; each may be None by itself.",
)
def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    return _scaled(_right(x, shape, eps), weight, bias if weight is not None else None)


@layer_norm.mistake(
    "weight forgotten",
    "You do not multiply by weight.",
)
def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    return _scaled(_right(x, shape, eps), None, bias)


@layer_norm.mistake(
    "bias forgotten",
    "You do not add bias.",
)
def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    return _scaled(_right(x, shape, eps), weight, None)


@layer_norm.mistake(
    "neither weight nor bias",
    "You return the normalised numbers; multiply them by weight and add bias, where they are "
    "given.",
)
def _(x: Tensor, shape: Shape, weight: Parameter, bias: Parameter, eps: float) -> Tensor:
    return _right(x, shape, eps)
