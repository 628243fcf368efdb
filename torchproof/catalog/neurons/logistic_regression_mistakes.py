"""A neuron trained by gradient descent: how it goes wrong."""

import warnings
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.neurons.logistic_regression import logistic_regression


def _descend(
    x: Tensor, y: Tensor, lr: float, steps: int, slope: Callable[[Tensor, Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    """Descend along ``slope(z, y)``, the derivative of the loss with respect to each logit."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        delta = slope(x @ weight + bias, y)
        weight, bias = weight - lr * (x.mT @ delta), bias - lr * delta.sum()
    return weight, bias


def _mean_slope(z: Tensor, y: Tensor) -> Tensor:
    return (z.sigmoid() - y) / len(y)


@logistic_regression.mistake(
    "summed loss",
    "Your loss is the sum over the examples; the mean is asked for, so divide by N.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps, lambda z, y: z.sigmoid() - y)


@logistic_regression.mistake(
    "bias gradient summed",
    "Your bias descends along the sum of the errors p - y; its gradient is their mean, as that "
    "of the weight is a mean.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        error = (x @ weight + bias).sigmoid() - y
        weight, bias = weight - lr * (x.mT @ error) / len(y), bias - lr * error.sum()
    return weight, bias


@logistic_regression.mistake(
    "bias never updated",
    "Your bias stays 0; it descends along its own gradient, the mean of p - y.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        weight = weight - lr * (x.mT @ _mean_slope(x @ weight, y))
    return weight, bias


def _one_after_the_other(first: str, second: str) -> None:
    hint = (
        f"You compute the gradient of the {second} after the {first} has moved; compute both where "
        "the step begins, and only then move both."
    )

    @logistic_regression.mistake(f"{second} after the {first}", hint)
    def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
        weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
        for name in (first, second) * steps:
            delta = _mean_slope(x @ weight + bias, y)
            if name == "weight":
                weight = weight - lr * (x.mT @ delta)
            else:
                bias = bias - lr * delta.sum()
        return weight, bias


_one_after_the_other("weight", "bias")
_one_after_the_other("bias", "weight")


@logistic_regression.mistake(
    "gradients accumulate",
    "Each step still holds the gradients of the steps before it, since backward() adds to .grad; "
    "set .grad to None or zero before each backward().",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    sums = torch.zeros_like(weight), torch.zeros_like(bias)
    for _ in range(steps):
        delta = _mean_slope(x @ weight + bias, y)
        sums = sums[0] + x.mT @ delta, sums[1] + delta.sum()
        weight, bias = weight - lr * sums[0], bias - lr * sums[1]
    return weight, bias


@logistic_regression.mistake(
    "ascends",
    "Your loss goes up in place of down: the gradient is to be that of the loss, p - y, and lr "
    "times it is to be subtracted.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, -lr, steps, _mean_slope)


@logistic_regression.mistake(
    "one step too few",
    "You take one step too few; range(steps) gives as many as are asked for.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps - 1, _mean_slope)


@logistic_regression.mistake(
    "one step too many",
    "You take one step too many; range(steps) gives as many as are asked for.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps + 1, _mean_slope)


@logistic_regression.mistake(
    "stops early",
    "You stop once the loss is small; take all the steps that are asked for.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(steps):
        z = x @ weight + bias
        if F.binary_cross_entropy_with_logits(z, y) < 1e-2:
            break
        delta = _mean_slope(z, y)
        weight, bias = weight - lr * (x.mT @ delta), bias - lr * delta.sum()
    return weight, bias


def _by_backward(
    x: Tensor, y: Tensor, lr: float, steps: int, update: Callable[[Tensor, float], Tensor]
) -> tuple[Tensor, Tensor]:
    """Descend with the gradients that backward leaves in .grad."""
    weight = x.new_zeros(x.shape[1]).requires_grad_()
    bias = x.new_zeros(()).requires_grad_()
    for _ in range(steps):
        torch.autograd.backward(F.binary_cross_entropy_with_logits(x @ weight + bias, y))
        weight, bias = update(weight, lr), update(bias, lr)
    return weight.detach(), bias.detach()


@logistic_regression.mistake(
    "a new tensor each step",
    "w = w - … makes a new tensor, whose .grad stays None; write w -= … under torch.no_grad(), or "
    "ask torch.autograd.grad for the gradients.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    with warnings.catch_warnings(action="ignore"):
        return _by_backward(x, y, lr, steps, lambda t, lr: t - lr * t.grad)  # type: ignore


@logistic_regression.mistake(
    "a new tensor without gradient",
    "Your weight asks for no gradient when backward() comes: start with requires_grad=True, and "
    "under torch.no_grad() write w -= …, since w = w - … makes a new tensor that asks for none.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def update(t: Tensor, lr: float) -> Tensor:
        with torch.no_grad():
            return t - lr * t.grad  # type: ignore[operator]

    return _by_backward(x, y, lr, steps, update)


@logistic_regression.mistake(
    "updated under autograd's eyes",
    "Autograd records your update of the weight as part of the graph, which it refuses; make it "
    "under torch.no_grad().",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def update(t: Tensor, lr: float) -> Tensor:
        t -= lr * t.grad  # type: ignore[operator]
        return t

    return _by_backward(x, y, lr, steps, update)


@logistic_regression.mistake(
    "cleared before there is a gradient",
    ".grad is None until the first backward(), and None cannot be set to zero; clear it at the "
    "end of a step.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight = x.new_zeros(x.shape[1]).requires_grad_()
    for _ in range(steps):
        weight.grad.zero_()  # type: ignore[union-attr]
    return weight.detach(), x.new_zeros(())


@logistic_regression.mistake(
    "squared error",
    "Your gradient holds a factor p(1 - p): it is that of the squared error; that of the "
    "cross-entropy is p - y alone.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def slope(z: Tensor, y: Tensor) -> Tensor:
        p = z.sigmoid()
        return 2 * (p - y) * p * (1 - p) / len(y)

    return _descend(x, y, lr, steps, slope)


@logistic_regression.mistake(
    "half the squared error",
    "Your gradient is (p - y) p (1 - p), that of half the squared error; that of the "
    "cross-entropy is p - y alone.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def slope(z: Tensor, y: Tensor) -> Tensor:
        p = z.sigmoid()
        return (p - y) * p * (1 - p) / len(y)

    return _descend(x, y, lr, steps, slope)


@logistic_regression.mistake(
    "no sigmoid",
    "You compare the logits with y as they are; take the sigmoid first.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _descend(x, y, lr, steps, lambda z, y: (z - y) / len(y))


def _by_logarithms(
    x: Tensor, y: Tensor, lr: float, steps: int, shape: tuple[int, ...] = (-1,), sign: int = -1
) -> tuple[Tensor, Tensor]:
    """Descend by autograd on the cross-entropy as it is written, with p of the shape given."""
    weight = x.new_zeros(x.shape[1]).requires_grad_()
    bias = x.new_zeros(()).requires_grad_()
    for _ in range(steps):
        p = torch.sigmoid(x @ weight + bias).reshape(shape)
        loss = sign * (y * p.log() + (1 - y) * (1 - p).log()).mean()
        slopes = torch.autograd.grad(loss, [weight, bias])
        with torch.no_grad():
            weight -= lr * slopes[0]
            bias -= lr * slopes[1]
    return weight, bias


@logistic_regression.mistake(
    "NaN from the loss",
    "Where a probability rounds to 0 or 1, a log or an exp on the way becomes infinite and then "
    "NaN; compute the loss from the logits, or use p - y, the gradient itself.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _by_logarithms(x, y, lr, steps)


@logistic_regression.mistake(
    "loss without its minus",
    "Your loss lacks the minus in front, so that you descend on the logarithm of the likelihood, "
    "which is to rise; and a probability that rounds to 0 or 1 makes it NaN.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _by_logarithms(x, y, lr, steps, sign=1)


@logistic_regression.mistake(
    "every row against every label",
    "Probabilities of shape (N, 1) and labels of shape (N,) broadcast to (N, N), so every row is "
    "compared with every label; give both the shape (N,).",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    return _by_logarithms(x, y, lr, steps, (-1, 1))


@logistic_regression.mistake(
    "stuck where a probability is rounded",
    "Where a wrong probability rounds to 0 or 1, the gradient through it is lost and your descent "
    "stands still; compute the loss from the logits, or use p - y, the gradient itself.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    def slope(z: Tensor, y: Tensor) -> Tensor:
        p = z.sigmoid()
        return torch.where((p == 0) | (p == 1), 0, p - y) / len(y)

    return _descend(x, y, lr, steps, slope)


@logistic_regression.mistake(
    "float32 zeros",
    "You start from float32 zeros whatever x is; give them the dtype and device of x, as by "
    "x.new_zeros.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = torch.zeros(x.shape[1]), torch.zeros(())
    for _ in range(steps):
        delta = _mean_slope(x @ weight + bias, y)
        weight, bias = weight - lr * (x.mT @ delta), bias - lr * delta.sum()
    return weight, bias


@logistic_regression.mistake(
    "bias of shape (1,)",
    "Your bias has shape (1,); a single number of shape () is asked for.",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = _descend(x, y, lr, steps, _mean_slope)
    return weight, bias[None]


@logistic_regression.mistake(
    "columns",
    "Your weight has shape (D, 1) and your bias (1,), as those of a layer with one neuron; they "
    "should be (D,) and ().",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = _descend(x, y, lr, steps, _mean_slope)
    return weight[:, None], bias[None]


@logistic_regression.mistake(
    "every dimension squeezed",
    "squeeze() drops every dimension of size 1, so that with one input the weight has shape (); "
    "say which one to drop, as in squeeze(-1), or start with the shape (D,).",
)
def _(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    weight, bias = _descend(x, y, lr, steps, _mean_slope)
    return weight[:, None].squeeze(), bias
