"""The logarithm of softmax."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.activations.rules import SOFTMAXES
from torchproof.catalog.activations.softmaxes import slices
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(not_allowed=SOFTMAXES)
def log_softmax(x: Tensor, dim: int) -> Tensor:
    """Return the logarithm of the softmax along dim, finite where the softmax underflows."""
    return torch.log_softmax(x, dim)


@log_softmax.cases
def _(draw: Draw) -> Cases:
    yield from slices(draw)


def _stable(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.amax(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@log_softmax.mistake(
    "log of an underflowed softmax",
    "The softmax of an element far below the largest underflows to 0, and its logarithm is "
    "-infinity; take the logarithm on paper first: x - max - log(sum(exp(x - max))).",
)
def _(x: Tensor, dim: int) -> Tensor:
    return _stable(x, dim).log()


@log_softmax.mistake(
    "a constant in the logarithm",
    "The constant you add keeps the logarithm finite but moves small probabilities; take the "
    "logarithm on paper first, and none is needed.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return (_stable(x, dim) + 1e-8).log()


def _bounded(bound: float) -> Callable[[Tensor, int], Tensor]:
    return lambda x, dim: _stable(x, dim).clamp(min=bound).log()


for _bound in (1e-12, 1e-10, 1e-30):
    log_softmax.mistake(
        f"never below the logarithm of {_bound:g}",
        f"Your result never falls below the logarithm of {_bound:g}: that number, added to the "
        "probability or bounding it, hides all smaller probabilities; take the logarithm on paper "
        "first, and no such number is needed.",
    )(_bounded(_bound))


@log_softmax.mistake(
    "clamped",
    "You clamp x before exp, and elements beyond the bound become equal; subtract the largest "
    "along dim instead, which changes nothing in the result.",
)
def _(x: Tensor, dim: int) -> Tensor:
    bounded = x.clamp(-80, 80)
    return bounded - bounded.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "mean subtracted",
    "You subtract the mean, and an element far above it still overflows; subtract the largest, "
    "and no exponent is above 0.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.mean(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "largest of the whole tensor subtracted",
    "You subtract the largest element of the whole tensor; a slice far below it underflows to "
    "log(0), so subtract each slice's own: x.amax(dim, keepdim=True).",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.max()
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "maximum not subtracted",
    "exp overflows for large x, and all of it underflows for very negative x; subtract the "
    "largest along dim first, which changes nothing in the result.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x - x.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "log of a softmax without the maximum",
    "exp overflows for large x and underflows for very negative x before the logarithm can "
    "undo it; subtract the largest along dim, and take the logarithm of the quotient on paper.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return (x.exp() / x.exp().sum(dim, keepdim=True)).log()


@log_softmax.mistake(
    "maximum subtracted once only",
    "You subtract the maximum inside the exponential only; subtract it from the x in front too.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x - (x - x.amax(dim, keepdim=True)).exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "sign turned",
    "Your sign is turned; the logarithm of a probability is negative or 0.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.amax(dim, keepdim=True)
    return shifted.exp().sum(dim, keepdim=True).log() - shifted


@log_softmax.mistake(
    "always the last dimension",
    "You always sum over the last dimension; sum over dim.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.amax(-1, keepdim=True)
    return shifted - shifted.exp().sum(-1, keepdim=True).log()


@log_softmax.mistake(
    "dimension not kept",
    "The sum, or the maximum, has lost dim and no longer lines up with x; "
    "keep it with keepdim=True.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.amax(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim).log()


@log_softmax.mistake(
    "writes into its input",
    "You subtract the maximum from x itself, which the caller, and autograd, still need; "
    "write x = x - … in place of x -= ….",
)
def _(x: Tensor, dim: int) -> Tensor:
    x -= x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()
