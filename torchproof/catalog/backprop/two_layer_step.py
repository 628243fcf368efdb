"""A step of a network of two layers."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.backprop.rules import AUTOGRAD, GROUPS, OPTIM
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise

Params = dict[str, Tensor]


@exercise(groups=GROUPS, not_allowed=(*AUTOGRAD, *OPTIM))
def two_layer_step(params: Params, x: Tensor, y: Tensor, lr: float) -> tuple[Params, Tensor]:
    """Return the parameters after one step of descent, and half the summed squared error before."""
    new = {name: value.detach().clone().requires_grad_() for name, value in params.items()}
    hidden = torch.sigmoid(F.linear(x, new["w1"], new["b1"]))
    output = torch.sigmoid(F.linear(hidden, new["w2"], new["b2"]))
    loss = (output - y).square().sum() / 2
    torch.autograd.backward(loss)
    torch.optim.SGD(new.values(), lr=lr).step()
    return {name: value.detach() for name, value in new.items()}, loss.detach()


@two_layer_step.cases
def _(draw: Draw) -> Cases:
    yield values(
        "the worked example, with outputs 0.7514 and 0.7729",
        params={
            "w1": torch.tensor([[0.15, 0.20], [0.25, 0.30]]),
            "b1": torch.tensor([0.35, 0.35]),
            "w2": torch.tensor([[0.40, 0.45], [0.50, 0.55]]),
            "b2": torch.tensor([0.60, 0.60]),
        },
        x=torch.tensor([[0.05, 0.10]]),
        y=torch.tensor([[0.01, 0.99]]),
        lr=0.5,
    )
    for dtype in FLOATS:
        yield values("one example", **_network(draw, 1, 2, 4, 3, dtype))
        yield values(**_network(draw, 5, 3, 2, 4, dtype))
        n, inputs, outputs = draw.size(6, 8), draw.size(3, 4), draw.size(1, 2)
        yield values(**_network(draw, n, inputs, 5, outputs, dtype))
    network = _network(draw, 3, 2, 4, 3)
    yield extremes("one neuron in each layer", **_network(draw, 4, 1, 1, 1))
    yield extremes("an empty batch", **_network(draw, 0, 3, 4, 2))
    yield extremes("a learning rate of 0", **(network | {"lr": 0.0}))
    yield extremes("a large learning rate", **(network | {"lr": 50.0}))
    yield extremes("targets beyond 0 and 1", **(network | {"y": 4 * network["y"] - 2}))
    far = _network(draw, 3, 2, 4, 3, torch.float64, scale=1e50)
    yield extremes("neurons driven to 0 and 1, beyond float32", **far)
    yield extremes("all parameters 0", **_network(draw, 3, 2, 4, 3, scale=0.0))
    for dtype in FLOATS:
        yield shapes(**_network(draw, 6, 4, 3, 2, dtype))
        yield shapes(**_network(draw, 2, 3, 5, 4, dtype))


def _network(
    draw: Draw,
    n: int,
    inputs: int,
    hidden: int,
    outputs: int,
    dtype: torch.dtype = torch.float32,
    scale: float = 1.0,
) -> dict[str, Any]:
    """Return random parameters, ``scale`` times as large as usual, with inputs and targets."""
    return {
        "params": {
            "w1": scale * draw.normal(hidden, inputs, dtype=dtype),
            "b1": scale * draw.normal(hidden, dtype=dtype),
            "w2": scale * draw.normal(outputs, hidden, dtype=dtype),
            "b2": scale * draw.normal(outputs, dtype=dtype),
        },
        "x": draw.normal(n, inputs, dtype=dtype),
        "y": draw.uniform(n, outputs, dtype=dtype),
        "lr": draw.number(0.3, 1.5),
    }
