"""A neuron trained by gradient descent."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(
    groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS),
    not_allowed=("torch.optim", "SGD", "linear", "torch.nn.Linear"),
)
def logistic_regression(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    """Return weight, (D,), and bias, (), after full-batch descent from zeros."""
    weight = torch.zeros(x.shape[1], dtype=x.dtype, device=x.device, requires_grad=True)
    bias = torch.zeros((), dtype=x.dtype, device=x.device, requires_grad=True)
    optimizer = torch.optim.SGD([weight, bias], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(x @ weight + bias, y)
        torch.autograd.backward(loss)
        optimizer.step()
    return weight.detach(), bias.detach()


@logistic_regression.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, d, steps in ((8, 2, 10), (draw.size(9, 12), draw.size(3, 4), draw.size(12, 20))):
            x, y = draw.normal(n, d, dtype=dtype), _labels(draw, n, dtype)
            yield values(x=x, y=y, lr=draw.number(0.1, 0.9), steps=steps)
    x, y = draw.normal(5, 2), _labels(draw, 5)
    yield extremes("no steps", x=x, y=y, lr=0.5, steps=0)
    yield extremes("one step", x=x, y=y, lr=0.5, steps=1)
    apart = torch.where(_labels(draw, 6) == 1, 1, -1) * draw.uniform(6, low=3, high=4)
    yield extremes(
        "a loss that gets small, and many steps",
        x=apart[:, None].double(),
        y=(apart > 0).double(),
        lr=1.0,
        steps=60,
    )
    yield extremes("one example", x=x[:1], y=y[:1], lr=0.5, steps=5)
    yield extremes("all of class 1", x=x, y=torch.ones(5), lr=0.5, steps=5)
    yield extremes("an input that is always 0", x=x * torch.tensor([1.0, 0.0]), y=y, lr=1, steps=5)
    side = torch.tensor([1.0, 1.0, -1.0, -1.0, 1.0])
    far = torch.stack([100 * side * draw.uniform(5, low=0.95, high=1.05), draw.normal(5)], dim=1)
    label = torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0])
    yield extremes("probabilities that round to 0 and 1", x=far, y=label, lr=0.1, steps=4)
    for dtype in FLOATS:
        for n, d in ((6, 1), (3, 5)):
            x, y = draw.normal(n, d, dtype=dtype), _labels(draw, n, dtype)
            yield shapes(x=x, y=y, lr=0.3, steps=3)


def _labels(draw: Draw, n: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return n labels with both classes among them."""
    labels = draw.mask(n).to(dtype)
    labels[0], labels[-1] = 0, 1
    return labels
