"""Clipping gradients by their total norm: how it goes wrong."""

import torch
from torch import Tensor

from torchproof.catalog.rnn.clip_grad_norm import Clipped, clip_grad_norm


def _total(grads: list[Tensor]) -> Tensor:
    """Return the norm of all gradients as one vector."""
    norms = [torch.linalg.vector_norm(grad) for grad in grads]
    return torch.linalg.vector_norm(torch.stack(norms)) if norms else torch.tensor(0.0)


def _factor(total: Tensor, max_norm: float, eps: float = 1e-6) -> Tensor:
    return (max_norm / (total + eps)).clamp(max=1.0)


def _by(grads: list[Tensor], total: Tensor, max_norm: float) -> Clipped:
    """Return the answer that takes a number for the total norm."""
    return [grad * _factor(total, max_norm) for grad in grads], total


@clip_grad_norm.mistake(
    "each by its own norm",
    "You clip each gradient by its own norm, which turns the step into another direction; scale "
    "all of them by one factor, from the norm of all numbers together.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return [grad * _factor(grad.norm(), max_norm) for grad in grads], _total(grads)


@clip_grad_norm.mistake(
    "scales up small gradients",
    "You scale small gradients up to max_norm; the factor is at most 1, so leave them as they are.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    return [grad * (max_norm / (total + 1e-6)) for grad in grads], total


@clip_grad_norm.mistake(
    "the norm after clipping",
    "You return the total norm of the clipped gradients; that before clipping is asked for, which "
    "tells whether anything was clipped.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    clipped, total = _by(grads, _total(grads), max_norm)
    return clipped, _total(clipped) if grads else total


@clip_grad_norm.mistake(
    "in place",
    "You change the gradients, or the list of them, that you were given; return a new list of new "
    "tensors, grad * factor.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    return [grad.mul_(_factor(total, max_norm)) for grad in grads], total


@clip_grad_norm.mistake(
    "sum of the norms",
    "You add the gradients' norms up; square each, add those, and take the root of the sum.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    norms = [grad.norm() for grad in grads]
    return _by(grads, torch.stack(norms).sum() if norms else torch.tensor(0.0), max_norm)


@clip_grad_norm.mistake(
    "the largest of the norms",
    "You take the largest of the gradients' norms for their total; that is the root of the sum of "
    "all squares.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    norms = [grad.norm() for grad in grads]
    return _by(grads, torch.stack(norms).max() if norms else torch.tensor(0.0), max_norm)


@clip_grad_norm.mistake(
    "the last gradient only",
    "The total norm you return is that of the last gradient alone; let the sum of squares go "
    "through all of them.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return _by(grads, _total(grads[-1:]), max_norm)


@clip_grad_norm.mistake(
    "the first gradient only",
    "The total norm you return is that of the first gradient alone; let the sum of squares go "
    "through all of them.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return _by(grads, _total(grads[:1]), max_norm)


@clip_grad_norm.mistake(
    "no root",
    "You return the sum of the squares; the norm is its square root.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return _by(grads, _total(grads) ** 2, max_norm)


@clip_grad_norm.mistake(
    "root of the mean",
    "You take the mean of the squares before the root; take their sum.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    numbers = max(sum(grad.numel() for grad in grads), 1)
    return _by(grads, _total(grads) / numbers**0.5, max_norm)


@clip_grad_norm.mistake(
    "sum of absolute values",
    "You add absolute values up, the 1-norm; add squares up and take the root of the sum.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    sums = [grad.abs().sum() for grad in grads]
    return _by(grads, torch.stack(sums).sum() if sums else torch.tensor(0.0), max_norm)


@clip_grad_norm.mistake(
    "largest absolute value",
    "You take the largest absolute value for the norm; add all squares up and take the root of "
    "the sum.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    largest = [grad.abs().max() for grad in grads if grad.numel()]
    return _by(grads, torch.stack(largest).max() if largest else torch.tensor(0.0), max_norm)


@clip_grad_norm.mistake(
    "by value",
    "You clamp each number to the limit, which turns the step into another direction; scale all "
    "gradients by one factor.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return [grad.clamp(-max_norm, max_norm) for grad in grads], _total(grads)


@clip_grad_norm.mistake(
    "factor upside down",
    "Your factor is the total norm over max_norm, and makes large gradients larger; it is "
    "max_norm over the total norm, at most 1.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    factor = total / max_norm if max_norm else total.new_tensor(torch.inf)
    return [grad * factor.clamp(min=1.0) for grad in grads], total


@clip_grad_norm.mistake(
    "factor at least 1",
    "Your factor is not below 1 where the total norm is above the limit, so that large gradients "
    "stay as they are; take the smaller of 1 and max_norm / (total + 1e-6).",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    return [grad * (max_norm / (total + 1e-6)).clamp(min=1.0) for grad in grads], total


@clip_grad_norm.mistake(
    "scaled to length 1",
    "You divide by the total norm alone, so that gradients above the limit get length 1; multiply "
    "by max_norm, too.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    factor = 1 / (total + 1e-6) if total > max_norm else torch.ones_like(total)
    return [grad * factor for grad in grads], total


@clip_grad_norm.mistake(
    "no small number below",
    "You divide by the total norm itself, or add less than 1e-6 to it, which is seen where the "
    "norm is tiny; torch divides by the total norm plus 1e-6, so add that wherever you divide.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    factor = max_norm / total if total > max_norm else torch.ones_like(total)
    return [grad * factor for grad in grads], total


@clip_grad_norm.mistake(
    "scaled only above the limit, though 1e-6 counts",
    "You scale only where the total norm is above max_norm, but the factor is below 1 already "
    "where total + 1e-6 is above max_norm; take the smaller of 1 and max_norm / (total + 1e-6).",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    return _by(grads, total, max_norm) if total > max_norm else (list(grads), total)


@clip_grad_norm.mistake(
    "an integer for no gradients",
    "Where there are no gradients, your norm has another dtype than float32; return "
    "torch.tensor(0.0) there.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return _by(grads, _total(grads), max_norm) if grads else ([], torch.tensor(0))


@clip_grad_norm.mistake(
    "0 divided by 0",
    "You divide by a total norm that may be 0; add 1e-6 to it, as torch does.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads)
    return [grad / total * min(max_norm, total.item()) for grad in grads], total


@clip_grad_norm.mistake(
    "the small number in the norm returned",
    "You add 1e-6 to the norm you return; add it only where you divide.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    total = _total(grads) + 1e-6
    return [grad * (max_norm / total).clamp(max=1.0) for grad in grads], total


@clip_grad_norm.mistake(
    "a norm of shape (1,)",
    "Your norm has shape (1,); return a tensor of shape (), without keepdim and indexing by None.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    clipped, total = _by(grads, _total(grads), max_norm)
    return clipped, total[None]


@clip_grad_norm.mistake(
    "a Python number",
    "You return the norm as a Python number; return a tensor of shape (), which does not make an "
    "accelerator wait.",
)
def _(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], float]:
    clipped, total = _by(grads, _total(grads), max_norm)
    return clipped, total.item()


@clip_grad_norm.mistake(
    "float32 for all",
    "Your norm is float32 whatever the gradients are, as .float() makes it, or torch.tensor of a "
    "Python number; let it keep their dtype.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    clipped, total = _by(grads, _total(grads), max_norm)
    return clipped, torch.tensor(total.item())


@clip_grad_norm.mistake(
    "a sum over nothing",
    "Where there are no gradients, sum gives the Python number 0 and so no tensor; return "
    "torch.tensor(0.0) there.",
)
def _(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], Tensor | float]:
    return _by(grads, _total(grads), max_norm) if grads else ([], 0.0)


@clip_grad_norm.mistake(
    "stack of nothing",
    "There may be no gradients, and torch.stack refuses an empty list; return torch.tensor(0.0) "
    "as the norm there.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return _by(grads, torch.stack([grad.norm() for grad in grads]).norm(), max_norm)


@clip_grad_norm.mistake(
    "cat of nothing",
    "There may be no gradients, and torch.cat refuses an empty list; return torch.tensor(0.0) as "
    "the norm there.",
)
def _(grads: list[Tensor], max_norm: float) -> Clipped:
    return _by(grads, torch.cat([grad.flatten() for grad in grads]).norm(), max_norm)


@clip_grad_norm.mistake(
    "one long vector",
    "You return the gradients joined into one vector; return a list of them, each in its own "
    "shape.",
)
def _(grads: list[Tensor], max_norm: float) -> tuple[Tensor, Tensor]:
    clipped, total = _by(grads, _total(grads), max_norm)
    return torch.cat([*(grad.flatten() for grad in clipped), total.new_empty(0)]), total


@clip_grad_norm.mistake(
    "a tuple",
    "You return the gradients as a tuple; a list of them is asked for.",
)
def _(grads: list[Tensor], max_norm: float) -> tuple[tuple[Tensor, ...], Tensor]:
    clipped, total = _by(grads, _total(grads), max_norm)
    return tuple(clipped), total
