"""Softmax along a dimension."""

import torch
from torch import Tensor

from torchproof.catalog.activations.rules import SOFTMAXES
from torchproof.catalog.activations.softmaxes import slices
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(not_allowed=SOFTMAXES)
def softmax(x: Tensor, dim: int) -> Tensor:
    """Return exp(x) divided by its sum along dim, finite however large x is."""
    return torch.softmax(x, dim)


@softmax.cases
def _(draw: Draw) -> Cases:
    yield from slices(draw)


def _stable(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.amax(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "largest of the whole tensor subtracted",
    "You subtract the largest element of the whole tensor; a slice far below it underflows to "
    "0/0, so subtract each slice's own: x.amax(dim, keepdim=True).",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "clamped",
    "You clamp x before exp, and elements beyond the bound become equal; subtract the largest "
    "along dim instead, which changes nothing in the result.",
)
def _(x: Tensor, dim: int) -> Tensor:
    bounded = x.clamp(-80, 80).exp()
    return bounded / bounded.sum(dim, keepdim=True)


@softmax.mistake(
    "largest of the whole tensor subtracted, and a constant added",
    "You subtract the largest element of the whole tensor; a slice far below it underflows, and "
    "the constant in the denominator makes 0 of its 0/0: subtract each slice's own largest, "
    "x.amax(dim, keepdim=True), and no constant is needed.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / (shifted.sum(dim, keepdim=True) + 1e-12)


@softmax.mistake(
    "mean subtracted",
    "You subtract the mean, and an element far above it still overflows; subtract the largest, "
    "and no exponent is above 0.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.mean(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "maximum not subtracted",
    "exp overflows for large x, and all of it underflows for very negative x: infinity over "
    "infinity and 0/0 are NaN; subtract the largest along dim first.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x.exp() / x.exp().sum(dim, keepdim=True)


@softmax.mistake(
    "always the last dimension",
    "You always sum over the last dimension; sum over dim.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return _stable(x, -1)


@softmax.mistake(
    "always the last dimension, and maximum not subtracted",
    "Two things: sum over dim, not always over the last dimension; and subtract the largest "
    "along dim before exp, which overflows without it.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x.exp() / x.exp().sum(-1, keepdim=True)


@softmax.mistake(
    "always dimension 1",
    "You always sum over dimension 1; sum over dim.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return _stable(x, 1)


@softmax.mistake(
    "over all elements",
    "You divide by one sum over all elements; each slice along dim has its own sum, and its own "
    "largest element: sum(dim, keepdim=True) and amax(dim, keepdim=True).",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / shifted.sum()


@softmax.mistake(
    "over all elements, and maximum not subtracted",
    "Two things: each slice along dim has its own sum, sum(dim, keepdim=True); and subtract the "
    "largest along dim before exp, which overflows without it.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x.exp() / x.exp().sum()


@softmax.mistake(
    "dimension not kept",
    "The sum, or the maximum, has lost dim and no longer lines up with x; "
    "keep it with keepdim=True.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.amax(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim)


@softmax.mistake(
    "max gives two things",
    "max with a dim returns the largest values and their places; take .values, or use amax.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max(dim, keepdim=True)).exp()  # type: ignore[operator]
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "writes into its input",
    "You subtract the maximum from x itself, which the caller, and autograd, still need; "
    "write x = x - … in place of x -= ….",
)
def _(x: Tensor, dim: int) -> Tensor:
    x -= x.amax(dim, keepdim=True)
    return x.exp() / x.exp().sum(dim, keepdim=True)


@softmax.mistake(
    "one slice at a time",
    "The values are right, but you visit the slices one by one; sum(dim, keepdim=True) takes "
    "all sums at once.",
)
def _(x: Tensor, dim: int) -> Tensor:
    if x.dim() < 2:
        return _stable(x, 0)
    slices = x.movedim(dim, -1)
    done = [_stable(row, -1) for row in slices.reshape(-1, x.shape[dim])]
    return torch.stack(done).reshape(slices.shape).movedim(-1, dim) if done else x.clone()
